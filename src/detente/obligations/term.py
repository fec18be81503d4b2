"""Terms: how long an instrument lasts, how it may be extended, and the notice that leaving it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from typing import NamedTuple

import polars as pl

from detente.instruments.lives import Act
from detente.instruments.lives import departure
from detente.instruments.schema import Instrument
from detente.instruments.standings import Standings
from detente.instruments.told import told_acts
from detente.obligations.finding import Language
from detente.obligations.finding import by_day
from detente.obligations.finding import judged
from detente.obligations.spells import OF_A_DAY
from detente.obligations.spells import Basis
from detente.obligations.spells import lasting
from detente.record.dates import add_period

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrameT

__all__ = ["gather", "judge", "turns"]


class _Departure(NamedTuple):
    """How a party leaves an instrument: the day on which it is out, the earliest allowed, and the act."""

    out: date | None
    allowed: date | None
    by: str | None


def gather(duties: pl.DataFrame, standings: Sequence[Standings]) -> pl.DataFrame:
    """Add the day on which the instrument ends, the party's departure if any, and the earliest day allowed for it."""
    by_day = {each.view.on: each for each in standings}
    here = ["day", "instrument", "reading"]
    ends: list[tuple[date, str, str, date | None]] = []
    departures: list[tuple[date, str, str, str, date | None, date | None, str | None]] = []
    for day, instrument, reading in duties.select(here).unique().iter_rows():
        ends.append((day, instrument, reading, by_day[day].life(instrument, reading).ends))
        for party, left in _departures(by_day[day], instrument, reading).items():
            departures.append((day, instrument, reading, party, *left))
    keys = {"day": pl.Date(), "instrument": pl.String(), "reading": pl.String()}
    leaving = {"party": pl.String(), "out": pl.Date(), "allowed": pl.Date(), "left_by": pl.String()}
    ending = pl.DataFrame(ends, schema={**keys, "ends": pl.Date()}, orient="row")
    parting = pl.DataFrame(departures, schema={**keys, **leaving}, orient="row")
    return duties.join(ending, on=here, how="left").join(parting, on=[*here, "party"], how="left")


def _departures(standings: Standings, instrument: str, reading: str) -> dict[str, _Departure]:
    """Return the departure of each party that has given notice or left, as far as it was not taken back."""
    law = standings.instruments[instrument]
    term = law.term()
    notice = term.notice if term else ""
    acts = (act for act in standings.acts(instrument, reading) if act.verb in _LEAVING)
    by_party: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        by_party[act.party].append(act)
    return {party: _departure(law, notice, own) for party, own in by_party.items()}


_LEAVING = ("give-notice", "withdraw", "resume")


def _departure(law: Instrument, notice: str, acts: Sequence[Act]) -> _Departure:
    noticed: date | None = None
    out: date | None = None
    by: str | None = None
    for act in acts:
        if act.verb == "give-notice" or (act.verb == "withdraw" and act.effect > act.on):
            noticed = act.on
        if act.verb == "resume":
            noticed = out = by = None
        left = departure(law, act)
        if left:
            out, by = left, act.id
    allowed = add_period(noticed, notice) if noticed and notice else None
    if out and notice and noticed is None:
        allowed = date.max  # it left, and no notice is on record
    return _Departure(out, allowed, by)


def turns(spells: pl.DataFrame, over: Basis) -> list[pl.DataFrame]:
    """Return the days on which the end of an instrument moves, and those of notices of leaving and departures."""
    lives: list[tuple[str, date]] = []
    left: list[tuple[str, str, date | None]] = []
    for id, walk in over.walks.items():
        lives += [(id, begins) for *_, begins, _ in lasting(walk, lambda reading, told: {reading: told.life})]
        for act in told_acts(over.knowledge, id):
            if act.verb in _LEAVING:
                left += [(id, act.party, act.on), (id, act.party, departure(over.begun.instruments[id], act))]
    moved = pl.DataFrame(lives, schema={"instrument": pl.String(), "day": pl.Date()}, orient="row")
    schema = {"instrument": pl.String(), "party": pl.String(), "day": pl.Date()}
    leaving = pl.DataFrame(left, schema=schema, orient="row")
    return [
        spells.join(moved, on="instrument").select(OF_A_DAY),
        spells.join(leaving, on=["instrument", "party"]).select(OF_A_DAY),
    ]


def judge(frame: IntoDataFrameT, on: date | None = None) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`: a term is not a duty, but the notice of leaving it is."""
    return judged(frame, lambda words: _reason(words, by_day(words, on)), _state)


def _reason(nw: Language, day: pl.Expr) -> pl.Expr:
    short = (nw.col("out") < nw.col("allowed")).fill_null(value=False)
    return (
        nw.when(~nw.col("out").is_null() & short).then(nw.lit("notice-short"))
        .when((nw.col("out").cast(nw.Date) > day).fill_null(value=False)).then(nw.lit("notice-runs"))
        .when(~nw.col("out").is_null()).then(nw.lit("notice-kept"))
        .when(nw.col("ends").is_null()).then(nw.lit("unlimited"))
        .otherwise(nw.lit("runs"))
    )  # fmt: skip


def _state(nw: Language) -> pl.Expr:
    return (
        nw.when(nw.col("reason") == "notice-short").then(nw.lit("not met"))
        .when(nw.col("reason") == "notice-kept").then(nw.lit("met"))
        .otherwise(nw.lit("not yet due"))
    )  # fmt: skip
