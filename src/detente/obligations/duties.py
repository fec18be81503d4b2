"""What is owed: every computable provision of every party that it binds, as one frame for a day.

A row is a provision x a party x a reading.  Periods are half-open; a provision that ended is *ended*, and a
suspended party's is suspended: neither is an error and neither is zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date

import polars as pl

from detente.instruments.lives import Life
from detente.instruments.schema import Anchor
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.instruments.schema import resolve
from detente.instruments.standings import Standings
from detente.record.dates import polars_offset
from detente.record.registers import Registers

__all__ = ["Provisions", "duties"]

_TEXT = (
    "kind", "measure", "item", "evidence_within", "requires", "act", "within", "of", "timing", "period",
    "what", "forum", "every", "grace", "per", "notice", "duration", "renewal", "clock", "effect",
)  # fmt: skip

_OWED = ("bound", "provisional", "leaving", "suspended", "ended", "out")


class Provisions:
    """Every computable provision of a casebook as a frame; made once, since it depends on no day."""

    def __init__(self, instruments: Mapping[str, Instrument], registers: Registers) -> None:
        self.instruments = instruments
        self.rows = [(i, p) for i in instruments.values() for p in i.provision if p.kind != "none"]
        counted = {m.id: m.number == "count" for m in registers.measures.values()}
        self.frame = pl.DataFrame(
            [_row(i, p, counted.get(p.measure, True)) for i, p in self.rows], schema=_SCHEMA, orient="row"
        ).with_row_index("row")


_SCHEMA: dict[str, pl.DataType] = {
    "instrument": pl.String(), "provision": pl.String(), "issue": pl.String(), "authority": pl.String(),
    "roll": pl.String(), "binds": pl.String(), **{name: pl.String() for name in _TEXT},
    "measures": pl.List(pl.String()), "at_most_count": pl.Int64(), "at_least_count": pl.Int64(),
    "at_most_quantity": pl.Float64(), "at_least_quantity": pl.Float64(), "limit": pl.String(),
}  # fmt: skip


def _row(instrument: Instrument, provision: Provision, counted: bool) -> tuple[object, ...]:
    def number(value: float | None, as_count: bool) -> int | float | None:
        if value is None or as_count != counted:
            return None
        return int(value) if as_count else float(value)

    binds = "named" if isinstance(provision.binds, tuple) else provision.binds
    texts = (getattr(provision, name) or None for name in _TEXT)
    return (
        instrument.id, provision.article, instrument.issue, instrument.authority or None, instrument.roll, binds,
        *texts, list(provision.measures),
        number(provision.at_most, True), number(provision.at_least, True),
        number(provision.at_most, False), number(provision.at_least, False), _limit_words(provision),
    )  # fmt: skip


def _limit_words(provision: Provision) -> str | None:
    """Return the limit as an answer shows it: `<= 1550`, `>= 500`, `90-130`."""
    most, least = (f"{n:g}" if isinstance(n, float) else n for n in (provision.at_most, provision.at_least))
    if most is not None and least is not None:
        return f"{least}-{most}"
    return f"<= {most}" if most is not None else f">= {least}" if least is not None else None


def duties(provisions: Provisions, standings: Standings, spoken: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return what every party owes on the day of the standings, in every reading.

    Given `spoken` (instrument, provision, party), an undertaking is there only for the parties named in it.

    Columns are the provision's, the party's standing, and `from`, `until`, `first` as days.
    """
    on, registers = standings.view.on, standings.view.registers
    dated = _dated(provisions, standings)
    stands = standings.frame.filter(pl.col("standing").is_in(_OWED)).rename(
        {"since": "stand_since", "until": "stand_until", "act": "stand_act"}
    )
    if spoken is None:
        owed = dated.join(stands, on=["instrument", "reading"], how="inner")
    else:
        undertaking = pl.col("kind") == "undertaking"
        raised = dated.filter(undertaking).join(spoken, on=["instrument", "provision"], how="inner")
        owed = pl.concat(
            [
                dated.filter(~undertaking).join(stands, on=["instrument", "reading"], how="inner"),
                raised.join(stands, on=["instrument", "reading", "party"], how="inner").select(
                    *dated.columns, *(c for c in stands.columns if c not in dated.columns)
                ),
            ]
        )
    members = _members(provisions, registers, on)
    binds = pl.col("binds")
    named = owed.filter((binds == "named") | binds.str.starts_with("role:"))
    others = owed.filter(binds.str.starts_with("not-"))
    parts = [
        owed.filter(binds == "parties"),
        named.join(members, on=["row", "party"], how="semi"),
        others.join(members, on=["row", "party"], how="anti"),
    ]
    return _gated(pl.concat(parts), on)


def _members(provisions: Provisions, registers: Registers, on: date) -> pl.DataFrame:
    """Return (row, party) for every provision that names its parties or a role."""
    pairs: list[tuple[int, str]] = []
    for row, (instrument, provision) in enumerate(provisions.rows):
        binds = provision.binds
        named: Iterable[str] = ()
        if isinstance(binds, tuple):
            named = binds
        elif binds != "parties":
            named = instrument.roles.get(binds.removeprefix("not-").removeprefix("role:"), ())
        pairs += [(row, registers.at(party, on)) for party in named]
    return pl.DataFrame(pairs, schema={"row": pl.UInt32(), "party": pl.String()}, orient="row")


def _dated(provisions: Provisions, standings: Standings) -> pl.DataFrame:
    """Add the days of `from`, `until` and `first`, once for each reading of the instrument."""
    rows: list[tuple[int, str, date | None, date | None, date | None, str | None, str | None]] = []
    days: dict[tuple[str, str], dict[str, date]] = {}
    for row, (instrument, provision) in enumerate(provisions.rows):
        for reading in ("", *standings.readers.get(instrument.id, ())):
            key = (instrument.id, reading)
            if key not in days:
                days[key] = _anchors(standings.life(*key), standings, *key)
            known = days[key]
            begins, ends, first = (resolve(v, known) for v in (provision.from_, provision.until, provision.first))
            rows.append((row, reading, begins, ends, first, _bound(provision.from_), _bound(provision.until)))
    schema = {
        "row": pl.UInt32(), "reading": pl.String(), "from": pl.Date(), "until": pl.Date(), "first": pl.Date(),
        "from_bound": pl.String(), "until_bound": pl.String(),
    }  # fmt: skip
    return provisions.frame.join(pl.DataFrame(rows, schema=schema, orient="row"), on="row")


def _anchors(life: Life, standings: Standings, instrument: str, reading: str) -> dict[str, date]:
    days = life.days()
    for act in standings.acts(instrument, reading):
        if act.effect <= standings.view.on:
            days.setdefault(f"act:{act.verb}", act.effect)
    return days


def _bound(value: str | Anchor) -> str | None:
    return polars_offset(value.period) if isinstance(value, Anchor) and value.after == "bound" else None


def _gated(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """Add the days that count from each party's own consent, and why a duty does not bind now, if so."""
    frame = frame.with_columns(
        pl.coalesce("from", pl.col("stand_since").dt.offset_by(pl.col("from_bound"))).alias("from"),
        pl.coalesce("until", pl.col("stand_since").dt.offset_by(pl.col("until_bound"))).alias("until"),
    ).drop("from_bound", "until_bound")
    day = pl.lit(on)
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
