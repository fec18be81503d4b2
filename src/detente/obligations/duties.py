"""What is owed: every computable provision of every party that it binds, as one frame for one or several days.

A row is a day x a provision x a party x a reading.  Periods are half-open; a provision that ended is *ended*,
and a suspended party's is suspended: neither is an error and neither is zero.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import NamedTuple

import polars as pl

from detente.instruments.schema import Anchor
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.instruments.schema import resolve
from detente.instruments.standings import NOBODY
from detente.instruments.standings import Standings
from detente.instruments.standings import Table
from detente.instruments.standings import tables
from detente.record.dates import polars_offset
from detente.record.registers import Registers
from detente.record.timeline import View

__all__ = ["OWED", "Provisions", "bound_by", "counted", "duties", "gated", "resolved"]

_TEXT = (
    "kind", "measure", "item", "evidence_within", "requires", "act", "within", "of", "timing", "period",
    "what", "forum", "every", "grace", "per", "notice", "duration", "renewal", "clock", "effect",
)  # fmt: skip

_ITEM = _TEXT.index("item")
_texts_of: Callable[[Provision], tuple[str, ...]] = attrgetter(*_TEXT)

OWED = ("bound", "provisional", "leaving", "suspended", "ended", "out")
"""The standings of those who owe something, or did."""

_CARRIED = ("row", "instrument", "provision", "kind", "measure", "item", "authority", "everybody", "listed",
            "from_bound", "until_bound")  # fmt: skip
"""What every duty carries with it of its provision; evaluators look the rest up by `row`."""


class Provisions:
    """Every computable provision of a casebook as a frame; made once, since it depends on no day."""

    def __init__(self, instruments: Mapping[str, Instrument], registers: Registers) -> None:
        self.instruments = instruments
        self.rows = [(i, p) for i in instruments.values() for p in i.provision if p.kind != "none"]
        counted = {m.id: m.number == "count" for m in registers.measures.values()}
        self.frame = pl.DataFrame(
            [_row(i, p, counted.get(p.measure, True)) for i, p in self.rows], schema=_SCHEMA, orient="row"
        ).with_row_index("row")
        self._members: dict[tuple[str, ...], pl.DataFrame] = {}
        binds = pl.col("binds")
        listed = (
            pl.when((binds == "named") | binds.str.starts_with("role:"))
            .then(True)
            .when(binds.str.starts_with("not-"))
            .then(False)
        )
        flags = ((binds == "parties").alias("everybody"), listed.alias("listed"))
        self.carried = self.frame.with_columns(*flags).select(_CARRIED)
        self.numbered: dict[str, list[_Numbered]] = {id: [] for id in instruments}
        """The provisions of each instrument with their row, and their days where these count from nothing."""
        for row, (instrument, provision) in enumerate(self.rows):
            self.numbered[instrument.id].append((row, provision, _fixed(provision)))
        self.moving = frozenset(id for id, ps in self.numbered.items() if any(fixed is None for *_, fixed in ps))
        """The instruments of which a provision counts from a day of the instrument's own life."""
        self.undertakings = {id: [p for p in ps if p[1].kind == "undertaking"] for id, ps in self.numbered.items()}
        self.others = {id: [p for p in ps if p[1].kind != "undertaking"] for id, ps in self.numbered.items()}

    def members(self, view: View) -> pl.DataFrame:
        """Return (row, party, named) for every provision that names its parties or a role, under the day's names."""
        names = tuple(view.continued)
        if names not in self._members:
            self._members[names] = pl.DataFrame(
                [(row, party, True) for row, (i, p) in enumerate(self.rows) for party in _named(i, p, view)],
                schema={"row": pl.UInt32(), "party": pl.String(), "named": pl.Boolean()},
                orient="row",
            )
        return self._members[names]

    def columns(self, *names: str) -> pl.DataFrame:
        """Return some columns of the provisions, by `row`."""
        return self.frame.select("row", *names)


def _named(instrument: Instrument, provision: Provision, view: View) -> set[str]:
    """Return the parties whom a provision names, itself or by a role; two names of one party are one."""
    binds = provision.binds
    names: Iterable[str] = ()
    if isinstance(binds, tuple):
        names = binds
    elif binds != "parties":
        names = instrument.roles.get(binds.removeprefix("not-").removeprefix("role:"), ())
    return {view.at(name) for name in names}


_Days = tuple[date | None, date | None, date | None]
_Fixed = _Days | None
_NO_DAYS: Mapping[str, date] = {}
_Numbered = tuple[int, Provision, _Fixed]


def _fixed(provision: Provision) -> _Fixed:
    """Return the days of `from`, `until` and `first` if none of them counts from another day."""
    values = (provision.from_, provision.until, provision.first)
    return None if any(isinstance(value, Anchor) for value in values) else resolved(provision, {})


def resolved(provision: Provision, days: Mapping[str, date]) -> _Days:
    """Return the days of `from`, `until` and `first`, those that count from a day of the instrument's own life too."""
    return (
        resolve(provision.from_, days),
        resolve(provision.until, days),
        resolve(provision.first, days),
    )


_SCHEMA: dict[str, pl.DataType] = {
    "instrument": pl.String(), "provision": pl.String(), "issue": pl.String(), "authority": pl.String(),
    "roll": pl.String(), "binds": pl.String(), **{name: pl.String() for name in _TEXT},
    "measures": pl.List(pl.String()), "at_most_count": pl.Int64(), "at_least_count": pl.Int64(),
    "at_most_quantity": pl.Float64(), "at_least_quantity": pl.Float64(), "limit": pl.String(),
    "from_bound": pl.String(), "until_bound": pl.String(),
}  # fmt: skip


def _row(instrument: Instrument, provision: Provision, counted: bool) -> tuple[object, ...]:
    def number(value: float | None, as_count: bool) -> int | float | None:
        if value is None or as_count != counted:
            return None
        return int(value) if as_count else float(value)

    binds = "named" if isinstance(provision.binds, tuple) else provision.binds
    texts = [text or None for text in _texts_of(provision)]
    if provision.kind in ("limit", "quota"):
        texts[_ITEM] = provision.item  # "" where what is counted has no items; reports are matched by it
    return (
        instrument.id, provision.article, instrument.issue, instrument.authority or None, instrument.roll, binds,
        *texts, list(provision.measures),
        number(provision.at_most, True), number(provision.at_least, True),
        number(provision.at_most, False), number(provision.at_least, False), _limit_words(provision),
        _bound(provision.from_), _bound(provision.until),
    )  # fmt: skip


def _bound(value: str | Anchor) -> str | None:
    return polars_offset(value.period) if isinstance(value, Anchor) and value.after == "bound" else None


def _limit_words(provision: Provision) -> str | None:
    """Return the limit as an answer shows it: `<= 1550`, `>= 500`, `90-130`."""
    most, least = (f"{n:g}" if isinstance(n, float) else n for n in (provision.at_most, provision.at_least))
    if most is not None and least is not None:
        return f"{least}-{most}"
    return f"<= {most}" if most is not None else f">= {least}" if least is not None else None


def duties(
    provisions: Provisions, *standings: Standings, spoken: pl.DataFrame | None = None, apart: bool = False
) -> pl.DataFrame:
    """Return what every party owes on the day of each of the standings, in every reading.

    Given `spoken` (instrument, provision, party, said), an undertaking is there only for the parties named in
    it, and from the day on which it was `said`.  With `apart`, what is owed in an author's reading may be left
    out where it is the same in common.  All the standings are of one time's names.

    Columns are the day, what `_CARRIED` names of the provision, the party's standing, and `from`, `until`,
    `first` as days.
    """
    parts = _parts(provisions, standings)
    stands = _stands(parts, apart)
    if spoken is None:
        owed = _dated(provisions, parts, provisions.numbered).join(stands, on="part")
    else:
        said = set(spoken.select("instrument", "provision").iter_rows())
        others = _dated(provisions, parts, provisions.others).join(stands, on="part")
        undertakings = {
            id: [p for p in numbered if (id, p[1].article) in said] for id, numbered in provisions.undertakings.items()
        }
        dated = _dated(provisions, parts, undertakings)
        raised = dated.join(spoken, on=["instrument", "provision"]).filter(pl.col("said") <= pl.col("day"))
        owed = pl.concat([others, raised.join(stands, on=["part", "party"]).select(others.columns)])
    members = provisions.members(standings[0].view)
    return gated(counted(bound_by(owed.drop("part"), members)))


class _Part(NamedTuple):
    """One instrument in one reading on one day: all that its provisions and its parties' standings have in common."""

    standings: Standings
    instrument: str
    reading: str


def _parts(provisions: Provisions, standings: Sequence[Standings]) -> list[_Part]:
    return [
        _Part(each, id, reading)
        for each in standings
        for id, numbered in provisions.numbered.items()
        if numbered
        for reading in ("", *each.readers.get(id, ()))
    ]


def _table(part: _Part, apart: bool) -> Table:
    standings, instrument, reading = part
    if apart and reading and standings.days(instrument, reading) == standings.days(instrument):
        return standings.table_apart(instrument, reading)
    return standings.table(instrument, reading)


def _stands(parts: Sequence[_Part], apart: bool) -> pl.DataFrame:
    """Return how everybody stands who may owe something, by the number of the part."""
    held = [NOBODY, *tables(_table(part, apart) for part in parts)]
    numbers = [number for number, table in enumerate(held[1:]) for _ in range(table.height)]
    stands = pl.concat(held).with_columns(pl.Series("part", numbers, pl.UInt32))
    stands = stands.filter(pl.col("standing").is_in(OWED))
    return stands.select(
        "part", "party", "standing", "suspended", pl.col("since").alias("stand_since"),
        pl.col("until").alias("stand_until"), pl.col("act").alias("stand_act"),
    )  # fmt: skip


def bound_by(owed: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return the duties of those whom a provision binds: all, those whom it names, or all but those."""
    owed = owed.join(members, on=["row", "party"], how="left")
    named = pl.col("named").is_not_null()
    return owed.filter(pl.col("everybody") | (pl.col("listed") == named)).drop("everybody", "listed", "named")


def _dated(provisions: Provisions, parts: Sequence[_Part], chosen: Mapping[str, Sequence[_Numbered]]) -> pl.DataFrame:
    """Return the chosen provisions with the days of `from`, `until` and `first`, once for each part."""
    rows: list[tuple[int, date, str, int, date | None, date | None, date | None]] = []
    for number, part in enumerate(parts):
        on, days = part.standings.view.on, _NO_DAYS
        if part.instrument in provisions.moving:
            days = part.standings.days(part.instrument, part.reading)
        for row, provision, fixed in chosen[part.instrument]:
            rows.append((number, on, part.reading, row, *(fixed or resolved(provision, days))))
    schema = {
        "part": pl.UInt32(), "day": pl.Date(), "reading": pl.String(), "row": pl.UInt32(), "from": pl.Date(),
        "until": pl.Date(), "first": pl.Date(),
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").join(provisions.carried, on="row")


def counted(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the days that count from each party's own consent."""
    return frame.with_columns(
        pl.coalesce("from", pl.col("stand_since").dt.offset_by(pl.col("from_bound"))).alias("from"),
        pl.coalesce("until", pl.col("stand_since").dt.offset_by(pl.col("until_bound"))).alias("until"),
    ).drop("from_bound", "until_bound")


def gated(frame: pl.DataFrame) -> pl.DataFrame:
    """Add why a duty does not bind on its day, if so."""
    day = pl.col("day")
    return frame.with_columns(
        pl.when(pl.col("standing") == "ended").then(pl.lit("instrument-ended"))
        .when(pl.col("standing") == "out").then(pl.lit("party-out"))
        .when(pl.col("standing") == "suspended").then(pl.lit("suspended"))
        .when(pl.col("suspended").is_not_null()).then(pl.lit("suspended"))
        .when(pl.col("until") <= day).then(pl.lit("provision-ended"))
        .when(pl.col("from") > day).then(pl.lit("not-begun"))
        .otherwise(None)
        .alias("gate")
    )  # fmt: skip
