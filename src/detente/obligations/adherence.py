"""Adherence: another instrument or act that must be in force in time; NPT III.4, resolution 1540."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrameT

from detente.instruments.standings import Standings
from detente.record.dates import polars_offset

__all__ = ["gather", "judge"]

_FULFILLED = ("bound", "provisional", "leaving")


def gather(duties: pl.DataFrame, standings: Standings) -> pl.DataFrame:
    """Add `adheres` (null where the record cannot say), the act that shows it, and the last day for it."""
    required = standings.frame.filter(pl.col("standing").is_in(_FULFILLED) & (pl.col("reading") == ""))
    required = required.select(
        pl.col("instrument").alias("requires"), "party", pl.col("act").alias("by_act"),
        pl.col("since").alias("adheres_since"), pl.lit(value=True).alias("adheres"),
    )  # fmt: skip
    acts = _acts(standings)
    offsets = {p: polars_offset(p) for p in duties["within"].drop_nulls().unique()}
    offset = pl.col("within").replace_strict(
        list(offsets), list(offsets.values()), default=None, return_dtype=pl.String
    )
    joined = duties.join(required, on=["requires", "party"], how="left")
    joined = joined.join(acts, on=["instrument", "party", "act"], how="left")
    rolls = {i.id: i.roll == "complete" for i in standings.instruments.values()}
    complete = pl.coalesce(pl.col("requires"), pl.col("instrument")).replace_strict(
        list(rolls), list(rolls.values()), default=False, return_dtype=pl.Boolean
    )
    return joined.with_columns(
        pl.coalesce("adheres", "acted").alias("adheres"),
        pl.coalesce("by_act", "acted_by").alias("by_act"),
        pl.coalesce(pl.col("from"), pl.col("stand_since")).dt.offset_by(offset.fill_null("0d")).alias("deadline"),
        complete.alias("complete"),
    )


def _acts(standings: Standings) -> pl.DataFrame:
    rows = [
        (act.instrument, act.party, act.verb, act.id, True)
        for instrument in standings.instruments
        for act in standings.acts(instrument)
        if act.party and act.effect <= standings.view.on
    ]
    schema = {
        "instrument": pl.String(), "party": pl.String(), "act": pl.String(), "acted_by": pl.String(),
        "acted": pl.Boolean(),
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").unique(["instrument", "party", "act"], keep="last")


def judge(frame: IntoDataFrameT, on: date) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`.

    Without the act: not yet due until the deadline; after it, not met where the record claims to hold every
    party's acts (`complete`), else cannot tell.
    """
    rows = nw.from_native(frame, eager_only=True)
    day = nw.lit(on)
    reason = (
        nw.when(nw.col("adheres").fill_null(value=False)).then(nw.lit("adheres"))
        .when((nw.col("deadline").cast(nw.Date) > day).fill_null(value=False)).then(nw.lit("within-time"))
        .when(nw.col("complete")).then(nw.lit("not-adhered"))
        .otherwise(nw.lit("no-act"))
    )  # fmt: skip
    rows = rows.with_columns(reason=reason)
    state = (
        nw.when(nw.col("reason") == "adheres").then(nw.lit("met"))
        .when(nw.col("reason") == "within-time").then(nw.lit("not yet due"))
        .when(nw.col("reason") == "not-adhered").then(nw.lit("not met"))
        .otherwise(nw.lit("cannot tell"))
    )  # fmt: skip
    return rows.with_columns(state=state).to_native()
