"""Cadences: something that must come again and again; data exchanges, commission sessions, review conferences."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrameT

from detente.record.dates import add_period
from detente.record.timeline import View

__all__ = ["Turn", "gather", "judge", "turn"]


class Turn(NamedTuple):
    """Where a cadence stands on a day: the last turn whose grace has run out, and the next one to come."""

    last: date | None
    next_due: date


def turn(first: date, every: str, grace: str, on: date) -> Turn:
    """Return the last turn that must be done by `on` (its grace has run out) and when the next one is due."""
    count = 0
    last: date | None = None
    while add_period(add_period(first, every, count), grace) <= on:
        last = add_period(first, every, count)
        count += 1
    return Turn(last, add_period(add_period(first, every, count), grace))


def gather(duties: pl.DataFrame, reports: pl.DataFrame, view: View) -> pl.DataFrame:
    """Add the last turn due, the last thing done (`seen`, its id and silence), and when the next is due."""
    duties = duties.with_columns(pl.coalesce("first", "from", "stand_since").alias("first"))
    keys = duties.select("first", "every", "grace").drop_nulls().unique()
    turns = [(first, every, grace, *turn(first, every, grace, view.on)) for first, every, grace in keys.iter_rows()]
    schema = {
        "first": pl.Date(), "every": pl.String(), "grace": pl.String(), "turn": pl.Date(), "next_due": pl.Date(),
    }  # fmt: skip
    placed = duties.join(pl.DataFrame(turns, schema=schema, orient="row"), on=["first", "every", "grace"], how="left")
    seen = pl.concat([_reported(placed, reports), _met(placed, view), _notified(placed, view)])
    seen = seen.sort("seen", "seen_id").unique(["row", "party", "author"], keep="last", maintain_order=True)
    return _due(placed.join(seen, on=["row", "party", "author"], how="left"))


_SEEN = ["row", "party", "author", "seen", "seen_id", "seen_silence"]


def _reported(placed: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Return the last report of any of the measures, by the party itself or by the body that is named."""
    wanted = placed.filter(pl.col("what") == "report").explode("measures")
    joined = wanted.join(
        reports.rename({"author": "reporter"}), left_on=["measures", "party"], right_on=["measure", "party"]
    )
    joined = joined.filter((pl.col("reporter") == pl.col("party")) | (pl.col("reporter") == pl.col("authority")))
    return joined.select(
        "row", "party", "author", pl.col("reported").alias("seen"), pl.col("report").alias("seen_id"),
        pl.col("silence").alias("seen_silence"),
    )  # fmt: skip


def _met(placed: pl.DataFrame, view: View) -> pl.DataFrame:
    """Return the last session of the forum."""
    meetings = view.of("meeting").group_by("forum", maintain_order=True).last()
    joined = placed.filter(pl.col("what") == "meeting").join(meetings.select("forum", "id", "on_last"), on="forum")
    return joined.select(
        "row", "party", "author", pl.col("on_last").alias("seen"), pl.col("id").alias("seen_id"),
        pl.lit("given").alias("seen_silence"),
    )  # fmt: skip


def _notified(placed: pl.DataFrame, view: View) -> pl.DataFrame:
    """Return the last notice that the party gave under the instrument."""
    notices = view.of("notice").with_columns(pl.col("party").str.split(";")).explode("party")
    last = (
        notices.group_by("instrument", "party", maintain_order=True)
        .last()
        .select("instrument", "party", "id", "on_last")
    )
    joined = placed.filter(pl.col("what") == "notice").join(last, on=["instrument", "party"])
    return joined.select(
        "row", "party", "author", pl.col("on_last").alias("seen"), pl.col("id").alias("seen_id"),
        pl.lit("given").alias("seen_silence"),
    )  # fmt: skip


def _due(frame: pl.DataFrame) -> pl.DataFrame:
    """Add when the next one is due, and until when the last one keeps the cadence.

    For sessions the next one counts from the last one held, and is late only after the grace; for reports the
    fixed turns and their own grace decide.
    """
    rows = frame.select("seen", "every", "grace", "what", "next_due").iter_rows()
    days = [
        _next(seen, every, grace, due) if what == "meeting" else (due, due) for seen, every, grace, what, due in rows
    ]
    return frame.with_columns(
        pl.Series("next_due", [due for due, _ in days], dtype=pl.Date),
        pl.Series("late_from", [late for _, late in days], dtype=pl.Date),
    )


def _next(seen: date | None, every: str | None, grace: str | None, due: date | None) -> tuple[date | None, date | None]:
    if seen is None or every is None:
        return due, due
    following = add_period(seen, every)
    return following, add_period(following, grace) if grace else following


def judge(frame: IntoDataFrameT, on: date) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`.

    What is missing from the record is not shown to be undone: `cannot tell`.  What the record says was
    withheld, for the last turn or a later one, is not met.
    """
    rows = nw.from_native(frame, eager_only=True)
    day = nw.lit(on)
    session = (nw.col("what") == "meeting") & ~nw.col("seen").is_null()
    current = nw.when(session).then(nw.col("late_from").cast(nw.Date) > day).otherwise(nw.col("seen") >= nw.col("turn"))
    refused = nw.col("seen_silence").is_in(["withheld", "suspended"]).fill_null(value=False)
    rows = rows.with_columns(current=current.fill_null(value=False), refused=refused)
    reason = (
        nw.when(nw.col("turn").is_null()).then(nw.lit("first-not-due"))
        .when(nw.col("current") & nw.col("refused")).then(nw.lit("withheld"))
        .when(nw.col("current")).then(nw.lit("held"))
        .otherwise(nw.lit("none-on-record"))
    )  # fmt: skip
    rows = rows.with_columns(reason=reason)
    state = (
        nw.when(nw.col("reason") == "first-not-due").then(nw.lit("not yet due"))
        .when(nw.col("reason") == "withheld").then(nw.lit("not met"))
        .when(nw.col("reason") == "held").then(nw.lit("met"))
        .otherwise(nw.lit("cannot tell"))
    )  # fmt: skip
    return rows.with_columns(state=state).to_native()
