"""Terms: how long an instrument lasts, how it may be extended, and the notice that leaving it needs."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrameT

from detente.instruments.lives import departure
from detente.instruments.standings import Standings
from detente.record.dates import add_period

__all__ = ["gather", "judge"]


def gather(duties: pl.DataFrame, standings: Standings) -> pl.DataFrame:
    """Add the day on which the instrument ends, the party's departure if any, and the earliest day allowed for it."""
    rows = [_departure(standings, *key) for key in duties.select("instrument", "party", "reading").unique().iter_rows()]
    schema = {
        "instrument": pl.String(), "party": pl.String(), "reading": pl.String(), "ends": pl.Date(),
        "out": pl.Date(), "allowed": pl.Date(), "left_by": pl.String(),
    }  # fmt: skip
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return duties.join(found, on=["instrument", "party", "reading"], how="left")


def _departure(
    standings: Standings, instrument: str, party: str, reading: str
) -> tuple[str, str, str, date | None, date | None, date | None, str | None]:
    law = standings.instruments[instrument]
    term = law.term()
    notice = term.notice if term else ""
    ends = standings.life(instrument, reading).ends
    noticed: date | None = None
    out: date | None = None
    by: str | None = None
    for act in standings.acts(instrument, reading):
        if act.party != party or act.on > standings.view.on:
            continue
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
    return instrument, party, reading, ends, out, allowed, by


def judge(frame: IntoDataFrameT, on: date) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`: a term is not a duty, but the notice of leaving it is."""
    rows = nw.from_native(frame, eager_only=True)
    day = nw.lit(on)
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
