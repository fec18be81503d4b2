"""Terms: how long an instrument lasts, how it may be extended, and the notice that leaving it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrameT

from detente.instruments.lives import Act
from detente.instruments.lives import departure
from detente.instruments.schema import Instrument
from detente.instruments.standings import Standings
from detente.obligations.finding import as_day
from detente.record.dates import add_period

__all__ = ["gather", "judge"]


class _Departure(NamedTuple):
    """How a party leaves an instrument: the day on which it is out, the earliest allowed, and the act."""

    out: date | None = None
    allowed: date | None = None
    by: str | None = None


_STAYS = _Departure()


def gather(duties: pl.DataFrame, standings: Sequence[Standings]) -> pl.DataFrame:
    """Add the day on which the instrument ends, the party's departure if any, and the earliest day allowed for it."""
    by_day = {each.view.on: each for each in standings}
    known: dict[tuple[date, str, str], tuple[date | None, dict[str, _Departure]]] = {}
    rows: list[tuple[date | None, date | None, date | None, str | None]] = []
    for day, instrument, reading, party in duties.select("day", "instrument", "reading", "party").iter_rows():
        key = (day, instrument, reading)
        if key not in known:
            each = by_day[day]
            known[key] = each.life(instrument, reading).ends, _departures(each, instrument, reading)
        ends, leaving = known[key]
        rows.append((ends, *leaving.get(party, _STAYS)))
    schema = {"ends": pl.Date(), "out": pl.Date(), "allowed": pl.Date(), "left_by": pl.String()}
    return duties.hstack(pl.DataFrame(rows, schema=schema, orient="row"))


def _departures(standings: Standings, instrument: str, reading: str) -> dict[str, _Departure]:
    """Return the departure of each party that has given notice or left, as far as it was not taken back."""
    law = standings.instruments[instrument]
    term = law.term()
    notice = term.notice if term else ""
    acts: dict[str, list[Act]] = defaultdict(list)
    for act in standings.acts(instrument, reading):
        if act.verb in _LEAVING:
            acts[act.party].append(act)
    return {party: _departure(law, notice, own) for party, own in acts.items()}


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


def judge(frame: IntoDataFrameT, on: date | nw.Expr) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`: a term is not a duty, but the notice of leaving it is."""
    rows = nw.from_native(frame, eager_only=True)
    day = as_day(on)
    short = (nw.col("out") < nw.col("allowed")).fill_null(value=False)
    reason = (
        nw.when(~nw.col("out").is_null() & short).then(nw.lit("notice-short"))
        .when((nw.col("out").cast(nw.Date) > day).fill_null(value=False)).then(nw.lit("notice-runs"))
        .when(~nw.col("out").is_null()).then(nw.lit("notice-kept"))
        .when(nw.col("ends").is_null()).then(nw.lit("unlimited"))
        .otherwise(nw.lit("runs"))
    )  # fmt: skip
    rows = rows.with_columns(reason=reason)
    state = (
        nw.when(nw.col("reason") == "notice-short").then(nw.lit("not met"))
        .when(nw.col("reason") == "notice-kept").then(nw.lit("met"))
        .otherwise(nw.lit("not yet due"))
    )  # fmt: skip
    return rows.with_columns(state=state).to_native()
