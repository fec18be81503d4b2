"""Adherence: another instrument or act that must be in force in time; NPT III.4, resolution 1540."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from detente.instruments.standings import Standings
from detente.instruments.told import told_acts
from detente.obligations.accounts import offset
from detente.obligations.finding import Language
from detente.obligations.finding import by_day
from detente.obligations.finding import judged
from detente.obligations.spells import OF_A_DAY
from detente.obligations.spells import Basis

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrameT

__all__ = ["gather", "judge", "turns"]

_FULFILLED = ("bound", "provisional", "leaving")


def gather(duties: pl.DataFrame, standings: Sequence[Standings]) -> pl.DataFrame:
    """Add `adheres` (null where the record cannot say), the act that shows it, and the last day for it."""
    by_day = {each.view.on: _Acts(each) for each in standings}
    rows = [
        by_day[day].shown(instrument, party, requires, act)
        for day, instrument, party, requires, act in duties.select(
            "day", "instrument", "party", "requires", "act"
        ).iter_rows()
    ]
    schema = {"adheres": pl.Boolean(), "by_act": pl.String(), "complete": pl.Boolean()}
    begins = pl.coalesce(pl.col("from"), pl.col("stand_since"))
    return duties.hstack(pl.DataFrame(rows, schema=schema, orient="row")).with_columns(
        begins.dt.offset_by(offset(duties, "within").fill_null("0d")).alias("deadline")
    )


class _Acts:
    """What shows, on one day, that a party has made the act or is bound by the text that a provision requires."""

    def __init__(self, standings: Standings) -> None:
        self._standings = standings
        self._made: dict[str, dict[tuple[str, str], str]] = {}

    def shown(
        self, instrument: str, party: str, requires: str | None, act: str | None
    ) -> tuple[bool | None, str | None, bool]:
        """Return whether it adheres (None where nothing shows it), by which act, and whether the roll is complete."""
        text = self._standings.instruments.get(requires or instrument)
        complete = text is not None and text.roll == "complete"
        by: str | None = None
        if requires:
            stand = self._standings.of(requires, party)
            by = stand.act if stand.standing in _FULFILLED else None
        if by is None and act:
            by = self._by_verb(instrument).get((party, act))
        return (None if by is None else True), by, complete

    def _by_verb(self, instrument: str) -> dict[tuple[str, str], str]:
        """Return the last act of each party and verb that has taken effect."""
        if instrument not in self._made:
            on = self._standings.view.on
            acts = self._standings.acts(instrument)
            self._made[instrument] = {(a.party, a.verb): a.id for a in acts if a.party and a.effect <= on}
        return self._made[instrument]


def turns(spells: pl.DataFrame, over: Basis) -> list[pl.DataFrame]:
    """Return the days on which the required act is made, the standing to the required text moves, or time runs out."""
    begins = pl.coalesce(pl.col("from"), pl.col("stand_since"))
    deadline = begins.dt.offset_by(offset(spells, "within").fill_null("0d"))
    acts = [(a.instrument, a.party, a.verb, a.effect) for id in over.walks for a in told_acts(over.knowledge, id)]
    schema = {"instrument": pl.String(), "party": pl.String(), "act": pl.String(), "day": pl.Date()}
    made = pl.DataFrame(acts, schema=schema, orient="row")
    stands = over.stands.filter(pl.col("reading") == "").rename({"instrument": "requires"})
    moved = [stands.select("requires", "party", pl.col(day).alias("day")) for day in ("begins", "beyond")]
    return [
        spells.with_columns(deadline.alias("day")).select(OF_A_DAY),
        spells.join(made, on=["instrument", "party", "act"]).select(OF_A_DAY),
        spells.join(pl.concat(moved), on=["requires", "party"]).select(OF_A_DAY),
    ]


def judge(frame: IntoDataFrameT, on: date | None = None) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`.

    Without the act: not yet due until the deadline; after it, not met where the record claims to hold every
    party's acts (`complete`), else cannot tell.
    """
    return judged(frame, lambda words: _reason(words, by_day(words, on)), _state)


def _reason(nw: Language, day: pl.Expr) -> pl.Expr:
    return (
        nw.when(nw.col("adheres").fill_null(value=False)).then(nw.lit("adheres"))
        .when((nw.col("deadline").cast(nw.Date) > day).fill_null(value=False)).then(nw.lit("within-time"))
        .when(nw.col("complete")).then(nw.lit("not-adhered"))
        .otherwise(nw.lit("no-act"))
    )  # fmt: skip


def _state(nw: Language) -> pl.Expr:
    return (
        nw.when(nw.col("reason") == "adheres").then(nw.lit("met"))
        .when(nw.col("reason") == "within-time").then(nw.lit("not yet due"))
        .when(nw.col("reason") == "not-adhered").then(nw.lit("not met"))
        .otherwise(nw.lit("cannot tell"))
    )  # fmt: skip
