"""Notices: something must be told so long before or after an event; the 1988 agreement, New START Part Four."""

from __future__ import annotations

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrameT

from detente.record.dates import polars_offset
from detente.record.timeline import View

__all__ = ["gather", "judge"]


def gather(duties: pl.DataFrame, view: View) -> pl.DataFrame:
    """Add the last event that called for a notice, the notice that answers it, and the last day for it.

    A notice answers an event that it names in `refs`, or whose day it gives in `event_on`.  Where the clock
    is receipt, the notice counts from the day on which it was received.
    """
    events = view.of("event").with_columns(pl.col("party").str.split(";")).explode("party")
    joined = duties.join(_last_events(duties, events), on=["row", "party"], how="left")
    joined = joined.join(_notices(view), on=["event", "party"], how="left")
    offsets = {p: polars_offset(p) for p in duties["period"].drop_nulls().unique()}
    offset = pl.col("period").replace_strict(
        list(offsets), list(offsets.values()), default=None, return_dtype=pl.String
    )
    before = pl.col("event_day").dt.offset_by(pl.concat_str(pl.lit("-"), offset))
    after = pl.col("event_day").dt.offset_by(offset)
    told = pl.when(pl.col("clock") == "receipt").then(pl.coalesce("received_day", "told_day")).otherwise("told_day")
    return joined.with_columns(
        pl.when(pl.col("timing") == "before").then(before).otherwise(after).alias("last_day"),
        told.alias("told"),
    )


def _last_events(duties: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return the last event that each notice duty is about: of its verb and party, under its instrument.

    An event filed under no instrument counts under every one of its own issue.
    """
    wanted = duties.select("row", "party", "of", "instrument", "issue").unique()
    found = events.select(
        pl.col("verb").alias("of"),
        "party",
        pl.col("instrument").alias("filed_under"),
        pl.col("issue").alias("filed_issue"),
        pl.col("id").alias("event"),
        pl.col("on_last").alias("event_day"),
    )
    both = wanted.join(found, on=["of", "party"])
    own = pl.col("filed_under") == pl.col("instrument")
    loose = pl.col("filed_under").is_null() & (pl.col("filed_issue") == pl.col("issue"))
    both = both.filter(own.fill_null(value=False) | loose).sort("event_day", "event", maintain_order=True)
    return both.group_by("row", "party", maintain_order=True).last().select("row", "party", "event", "event_day")


def _notices(view: View) -> pl.DataFrame:
    """Return (event, party, notice, told_day, received_day) for every notice that answers an event."""
    notices = view.of("notice").with_columns(pl.col("party").str.split(";")).explode("party")
    chosen: list[str | pl.Expr] = [
        "party",
        pl.col("id").alias("notice"),
        pl.col("on_last").alias("told_day"),
        pl.col("received_last").alias("received_day"),
    ]
    named = notices.filter(pl.col("refs").is_not_null())
    named = named.select(pl.col("refs").str.split(";").alias("event"), *chosen).explode("event")
    events = view.of("event").with_columns(pl.col("party").str.split(";")).explode("party")
    events = events.select(pl.col("id").alias("event"), "party", pl.col("on_last").alias("event_on_last"))
    dated = notices.filter(pl.col("event_on_last").is_not_null()).select("event_on_last", *chosen)
    dated = dated.join(events, on=["event_on_last", "party"]).select(named.columns)
    return pl.concat([named, dated]).sort("told_day").unique(["event", "party"], keep="first", maintain_order=True)


def judge(frame: IntoDataFrameT) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`, judged by the last event that called for a notice.

    The record's grain is the day: a notice on the very day of an event that wants 24 hours cannot be judged.
    """
    rows = nw.from_native(frame, eager_only=True)
    in_time = (nw.col("told") <= nw.col("last_day")).fill_null(value=False)
    same_day = (nw.col("told") == nw.col("event_day")).fill_null(value=False) & (nw.col("timing") == "before")
    reason = (
        nw.when(nw.col("event").is_null()).then(nw.lit("no-event"))
        .when(nw.col("notice").is_null() | nw.col("told").is_null()).then(nw.lit("no-notice"))
        .when(in_time).then(nw.lit("on-time"))
        .when(same_day).then(nw.lit("same-day"))
        .otherwise(nw.lit("late"))
    )  # fmt: skip
    rows = rows.with_columns(reason=reason)
    state = (
        nw.when(nw.col("reason") == "on-time").then(nw.lit("met"))
        .when(nw.col("reason") == "late").then(nw.lit("not met"))
        .when(nw.col("reason") == "no-event").then(nw.lit("not yet due"))
        .otherwise(nw.lit("cannot tell"))
    )  # fmt: skip
    return rows.with_columns(state=state).to_native()
