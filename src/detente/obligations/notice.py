"""Notices: something must be told so long before or after an event; the 1988 agreement, New START Part Four."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from detente.instruments.standings import Standings
from detente.obligations.accounts import offset
from detente.obligations.finding import Language
from detente.obligations.finding import judged
from detente.obligations.spells import OF_A_DAY
from detente.obligations.spells import Basis
from detente.record.timeline import Knowledge

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrameT

__all__ = ["gather", "judge", "turns"]


def gather(duties: pl.DataFrame, standings: Sequence[Standings]) -> pl.DataFrame:
    """Add the last event that called for a notice, the notice that answers it, and the last day for it.

    A notice answers an event that it names in `refs`, or whose day it gives in `event_on`.  Where the clock
    is receipt, the notice counts from the day on which it was received.
    """
    knowledge = standings[0].view.knowledge
    joined = duties.join(_last_events(duties, knowledge.kept(_events)), on="duty", how="left")
    joined = joined.join(knowledge.kept(_notices), on=["event", "party"], how="left")
    # A notice that has not been given by the day answers nothing yet.
    given = pl.col("told_day") <= pl.col("day")
    joined = joined.with_columns(
        pl.when(given).then(pl.col(c)).alias(c) for c in ("notice", "told_day", "received_day")
    )
    length = offset(duties, "period")
    before = pl.col("event_day").dt.offset_by(pl.concat_str(pl.lit("-"), length))
    after = pl.col("event_day").dt.offset_by(length)
    told = pl.when(pl.col("clock") == "receipt").then(pl.coalesce("received_day", "told_day")).otherwise("told_day")
    return joined.with_columns(
        pl.when(pl.col("timing") == "before").then(before).otherwise(after).alias("last_day"),
        told.alias("told"),
    )


def _events(knowledge: Knowledge) -> pl.DataFrame:
    """Return every event, one row a party, with what it may call for a notice under."""
    return knowledge.by_party("event").frame.select(
        pl.col("verb").alias("of"),
        "party",
        pl.col("instrument").alias("filed_under"),
        pl.col("issue").alias("filed_issue"),
        pl.col("id").alias("event"),
        pl.col("on_last").alias("event_day"),
    )


def _last_events(duties: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return the last event that each notice duty is about: of its verb and party, under its instrument.

    An event filed under no instrument counts under every one of its own issue.
    """
    wanted = duties.select("duty", "day", "party", "of", "instrument", "issue")
    both = _about(wanted.join(events, on=["of", "party"])).filter(pl.col("event_day") <= pl.col("day"))
    last = both.sort("event_day", "event", maintain_order=True).unique("duty", keep="last", maintain_order=True)
    return last.select("duty", "event", "event_day")


def _about(both: pl.DataFrame) -> pl.DataFrame:
    """Return the events filed under the duty's instrument, and those filed under none but of its issue."""
    own = pl.col("filed_under") == pl.col("instrument")
    loose = pl.col("filed_under").is_null() & (pl.col("filed_issue") == pl.col("issue"))
    return both.filter(own.fill_null(value=False) | loose)


def _notices(knowledge: Knowledge) -> pl.DataFrame:
    """Return (event, party, notice, told_day, received_day) for the first notice that answers each event."""
    notices = knowledge.by_party("notice").frame
    chosen: list[str | pl.Expr] = [
        "party",
        pl.col("id").alias("notice"),
        pl.col("on_last").alias("told_day"),
        pl.col("received_last").alias("received_day"),
    ]
    named = notices.filter(pl.col("refs").is_not_null())
    named = named.select(pl.col("refs").str.split(";").alias("event"), *chosen).explode("event")
    events = knowledge.by_party("event").frame
    events = events.select(pl.col("id").alias("event"), "party", pl.col("on_last").alias("event_on_last"))
    dated = notices.filter(pl.col("event_on_last").is_not_null()).select("event_on_last", *chosen)
    dated = dated.join(events, on=["event_on_last", "party"]).select(named.columns)
    both = pl.concat([named, dated]).sort("told_day", maintain_order=True)
    return both.unique(["event", "party"], keep="first", maintain_order=True)


def turns(spells: pl.DataFrame, over: Basis) -> list[pl.DataFrame]:
    """Return the days of the events that may call for a notice, and of the notices that answer them."""
    called = _about(spells.join(over.knowledge.kept(_events), on=["of", "party"]))
    answered = called.join(over.knowledge.kept(_notices), on=["event", "party"])
    return [
        called.with_columns(pl.col("event_day").alias("day")).select(OF_A_DAY),
        answered.with_columns(pl.col("told_day").alias("day")).select(OF_A_DAY),
    ]


def judge(frame: IntoDataFrameT) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`, judged by the last event that called for a notice.

    The record's grain is the day: a notice on the very day of an event that wants 24 hours cannot be judged.
    """
    return judged(frame, _reason, _state)


def _reason(nw: Language) -> pl.Expr:
    in_time = (nw.col("told") <= nw.col("last_day")).fill_null(value=False)
    same_day = (nw.col("told") == nw.col("event_day")).fill_null(value=False) & (nw.col("timing") == "before")
    return (
        nw.when(nw.col("event").is_null()).then(nw.lit("no-event"))
        .when(nw.col("notice").is_null() | nw.col("told").is_null()).then(nw.lit("no-notice"))
        .when(in_time).then(nw.lit("on-time"))
        .when(same_day).then(nw.lit("same-day"))
        .otherwise(nw.lit("late"))
    )  # fmt: skip


def _state(nw: Language) -> pl.Expr:
    return (
        nw.when(nw.col("reason") == "on-time").then(nw.lit("met"))
        .when(nw.col("reason") == "late").then(nw.lit("not met"))
        .when(nw.col("reason") == "no-event").then(nw.lit("not yet due"))
        .otherwise(nw.lit("cannot tell"))
    )  # fmt: skip
