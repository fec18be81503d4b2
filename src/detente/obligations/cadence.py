"""Cadences: something that must come again and again; data exchanges, commission sessions, review conferences."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from typing import NamedTuple

import polars as pl

from detente.instruments.standings import Standings
from detente.obligations.accounts import offset
from detente.obligations.accounts import report_threads
from detente.obligations.finding import Language
from detente.obligations.finding import by_day
from detente.obligations.finding import judged
from detente.obligations.spells import OF_A_DAY
from detente.obligations.spells import Basis
from detente.record.dates import add_period
from detente.record.timeline import Knowledge
from detente.record.timeline import in_threads

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrameT

__all__ = ["Turn", "gather", "judge", "turn", "turns"]


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
    placed = duties.with_columns(_first().alias("first"))
    seen = _seen(placed.select("duty", "day", "party", "authority", *_WANTED), standings[0].view.knowledge)
    told = (
        pl.col("teller").is_null() | (pl.col("teller") == pl.col("party")) | (pl.col("teller") == pl.col("authority"))
    )
    seen = seen.filter((pl.col("seen") <= pl.col("day")) & (pl.col("beyond") > pl.col("day")) & told)
    seen = seen.sort("seen", "seen_id", maintain_order=True).unique("duty", keep="last", maintain_order=True)
    seen = seen.select("duty", "seen", "seen_id", "seen_silence")
    return _due(placed.join(seen, on="duty", how="left", maintain_order="left"))


def _first() -> pl.Expr:
    """Return the day from which turns count."""
    return pl.coalesce("first", "from", "stand_since")


_WANTED = ("what", "measures", "forum", "instrument")


def _seen(duties: pl.DataFrame, knowledge: Knowledge) -> pl.DataFrame:
    """Return the duties with everything done, on whatever day, of what has to come again."""
    by_party = pl.when(pl.col("what") != "meeting").then("party").otherwise(pl.lit("")).alias("by")
    asked = duties.with_columns(by_party, _asked()).explode("asked")
    return asked.join(knowledge.kept(_done), on=["what", "asked", "by"])


def turns(spells: pl.DataFrame, over: Basis) -> list[pl.DataFrame]:
    """Return the days on which a turn goes by, something is done, or the next of what was done is due or late."""
    placed = spells.with_columns(_first().alias("first"))
    steady = placed.select("first", "every", "grace").drop_nulls().unique()
    turning = [
        (first, every, grace, day)
        for first, every, grace in steady.iter_rows()
        for day in _passing(first, every, grace, over.beyond)
    ]
    schema = {"first": pl.Date(), "every": pl.String(), "grace": pl.String(), "day": pl.Date()}
    passing = pl.DataFrame(turning, schema=schema, orient="row")
    seen = _seen(placed, over.knowledge)
    following = pl.col("seen").dt.offset_by(offset(seen, "every"))
    late = following.dt.offset_by(offset(seen, "grace").fill_null("0d"))
    return [
        placed.join(passing, on=["first", "every", "grace"]).select(OF_A_DAY),
        *(seen.with_columns(day.alias("day")).select(OF_A_DAY) for day in (pl.col("seen"), following, late)),
    ]


def _passing(first: date, every: str, grace: str, beyond: date) -> Iterator[date]:
    """Yield the day on which each turn must have been done, the grace included, before `beyond`."""
    count = 0
    while (day := add_period(add_period(first, every, count), grace)) < beyond:
        yield day
        count += 1


def _asked() -> pl.Expr:
    """Return what has to come again: any of the measures, the forum's session, or a notice under the instrument."""
    what = pl.col("what")
    asked = pl.when(what == "report").then("measures").when(what == "meeting").then(pl.concat_list("forum"))
    return asked.otherwise(pl.concat_list("instrument")).alias("asked")


def _done(knowledge: Knowledge) -> pl.DataFrame:
    """Return every report, session and notice, and the day `beyond` which the next of its kind is the last one.

    A report counts by the party itself or by the body that is named, a notice by the party, a session for all.
    """
    reports = knowledge.kept(report_threads).rename({"reported": "on_last", "report": "id"})
    sessions = in_threads(knowledge.of("meeting").frame, ["forum"])
    notices = in_threads(knowledge.by_party("notice").frame, ["instrument", "party"])
    nobody, given = pl.lit(None, pl.String), pl.lit("given")
    return pl.concat(
        [
            _series(reports, "report", "measure", pl.col("party"), pl.col("author"), pl.col("silence")),
            _series(sessions, "meeting", "forum", pl.lit(""), nobody, given),
            _series(notices, "notice", "instrument", pl.col("party"), nobody, given),
        ]
    )


def _series(rows: pl.DataFrame, what: str, asked: str, by: pl.Expr, teller: pl.Expr, silence: pl.Expr) -> pl.DataFrame:
    return rows.select(
        pl.lit(what).alias("what"), pl.col(asked).alias("asked"), by.alias("by"), teller.alias("teller"),
        pl.col("on_last").alias("seen"), pl.col("id").alias("seen_id"), silence.alias("seen_silence"), "beyond",
    )  # fmt: skip


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
