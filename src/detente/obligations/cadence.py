"""Cadences: something that must come again and again; data exchanges, commission sessions, review conferences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import polars as pl
from narwhals.typing import IntoDataFrameT

from detente.instruments.standings import Standings
from detente.obligations.accounts import report_threads
from detente.obligations.finding import Language
from detente.obligations.finding import by_day
from detente.obligations.finding import judged
from detente.record.dates import add_period
from detente.record.timeline import Knowledge
from detente.record.timeline import in_threads

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


def gather(duties: pl.DataFrame, standings: Sequence[Standings]) -> pl.DataFrame:
    """Add the last turn due, the last thing done (`seen`, its id and silence), and when the next is due."""
    knowledge = standings[0].view.knowledge
    placed = duties.with_columns(pl.coalesce("first", "from", "stand_since").alias("first"))
    seen = pl.concat([_reported(placed, knowledge), _met(placed, knowledge), _notified(placed, knowledge)])
    seen = seen.filter((pl.col("seen") <= pl.col("day")) & (pl.col("beyond") > pl.col("day")))
    seen = seen.sort("seen", "seen_id", maintain_order=True).unique("duty", keep="last", maintain_order=True)
    return _due(placed.join(seen.drop("day", "beyond"), on="duty", how="left", maintain_order="left"))


_GIVEN = pl.lit("given").alias("seen_silence")


def _seen(joined: pl.DataFrame, silence: pl.Expr = _GIVEN) -> pl.DataFrame:
    return joined.select(
        "duty", "day", pl.col("on_last").alias("seen"), pl.col("id").alias("seen_id"), silence, "beyond"
    )


def _reported(placed: pl.DataFrame, knowledge: Knowledge) -> pl.DataFrame:
    """Return the reports on any of the measures, by the party itself or by the body that is named."""
    wanted = placed.filter(pl.col("what") == "report").select("duty", "day", "party", "authority", "measures")
    reports = knowledge.kept(report_threads).select(
        "measure", "party", pl.col("author").alias("reporter"), pl.col("reported").alias("on_last"),
        pl.col("report").alias("id"), "silence", "beyond",
    )  # fmt: skip
    joined = wanted.explode("measures").join(reports, left_on=["measures", "party"], right_on=["measure", "party"])
    joined = joined.filter((pl.col("reporter") == pl.col("party")) | (pl.col("reporter") == pl.col("authority")))
    return _seen(joined, pl.col("silence").alias("seen_silence"))


def _sessions(knowledge: Knowledge) -> pl.DataFrame:
    sessions = in_threads(knowledge.of("meeting").frame, ["forum"])
    return sessions.select("forum", "id", "on_last", "beyond")


def _met(placed: pl.DataFrame, knowledge: Knowledge) -> pl.DataFrame:
    """Return the sessions of the forum."""
    wanted = placed.filter(pl.col("what") == "meeting").select("duty", "day", "forum")
    return _seen(wanted.join(knowledge.kept(_sessions), on="forum"))


def _notices(knowledge: Knowledge) -> pl.DataFrame:
    notices = in_threads(knowledge.by_party("notice").frame, ["instrument", "party"])
    return notices.select("instrument", "party", "id", "on_last", "beyond")


def _notified(placed: pl.DataFrame, knowledge: Knowledge) -> pl.DataFrame:
    """Return the notices that the party gave under the instrument."""
    wanted = placed.filter(pl.col("what") == "notice").select("duty", "day", "instrument", "party")
    return _seen(wanted.join(knowledge.kept(_notices), on=["instrument", "party"]))


def _due(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the last turn due, when the next one is due, and until when the last one keeps the cadence.

    For sessions the next one counts from the last one held, and is late only after the grace; for reports the
    fixed turns and their own grace decide.
    """
    turns: dict[tuple[date, str, str, date], Turn] = {}
    days: list[tuple[date | None, date | None, date | None]] = []
    for first, every, grace, day, what, seen in frame.select(
        "first", "every", "grace", "day", "what", "seen"
    ).iter_rows():
        last = due = None
        if first and every and grace:
            key = (first, every, grace, day)
            if key not in turns:
                turns[key] = turn(*key)
            last, due = turns[key]
        days.append((last, *(_next(seen, every, grace, due) if what == "meeting" else (due, due))))
    schema = {"turn": pl.Date(), "next_due": pl.Date(), "late_from": pl.Date()}
    return frame.hstack(pl.DataFrame(days, schema=schema, orient="row"))


def _next(seen: date | None, every: str | None, grace: str | None, due: date | None) -> tuple[date | None, date | None]:
    if seen is None or every is None:
        return due, due
    following = add_period(seen, every)
    return following, add_period(following, grace) if grace else following


def judge(frame: IntoDataFrameT, on: date | None = None) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`.

    What is missing from the record is not shown to be undone: `cannot tell`.  What the record says was
    withheld, for the last turn or a later one, is not met.
    """
    return judged(frame, lambda words: _reason(words, by_day(words, on)), _state)


def _reason(nw: Language, day: pl.Expr) -> pl.Expr:
    session = (nw.col("what") == "meeting") & ~nw.col("seen").is_null()
    current = nw.when(session).then(nw.col("late_from").cast(nw.Date) > day).otherwise(nw.col("seen") >= nw.col("turn"))
    refused = nw.col("seen_silence").is_in(["withheld", "suspended"]).fill_null(value=False)
    current = current.fill_null(value=False)
    return (
        nw.when(nw.col("turn").is_null()).then(nw.lit("first-not-due"))
        .when(current & refused).then(nw.lit("withheld"))
        .when(current).then(nw.lit("held"))
        .otherwise(nw.lit("none-on-record"))
    )  # fmt: skip


def _state(nw: Language) -> pl.Expr:
    return (
        nw.when(nw.col("reason") == "first-not-due").then(nw.lit("not yet due"))
        .when(nw.col("reason") == "withheld").then(nw.lit("not met"))
        .when(nw.col("reason") == "held").then(nw.lit("met"))
        .otherwise(nw.lit("cannot tell"))
    )  # fmt: skip
