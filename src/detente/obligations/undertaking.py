"""Undertakings: what cannot be counted, judged only by concerns raised and resolved; NPT I, II, VI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from detente.instruments.standings import Standings
from detente.obligations.finding import Language
from detente.obligations.finding import judged
from detente.record.timeline import Knowledge
from detente.record.timeline import in_threads

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrameT

__all__ = ["gather", "judge"]


def _raised(knowledge: Knowledge) -> pl.DataFrame:
    """Return every concern raised about a provision, and the day `beyond` which its thread goes on."""
    filed = pl.col("provision").is_not_null() & pl.col("instrument").is_not_null()
    concerns = knowledge.by_party("concern").frame
    raised = concerns.filter(filed & ~pl.col("verb").is_in(["answer", "concede"]))
    threads = in_threads(raised, ["instrument", "provision", "party", "author", "topic"])
    open_still = pl.col("verb").is_in(["allege", "question"]).alias("open")
    return threads.select("instrument", "provision", "party", "on_last", "beyond", open_still)


def gather(duties: pl.DataFrame, standings: Sequence[Standings]) -> pl.DataFrame:
    """Add whether concerns were ever raised about the party under the provision, and whether any is open."""
    raised = standings[0].view.knowledge.kept(_raised)
    joined = duties.select("duty", "day", "instrument", "provision", "party").join(
        raised, on=["instrument", "provision", "party"]
    )
    last = joined.filter((pl.col("on_last") <= pl.col("day")) & (pl.col("beyond") > pl.col("day")))
    by_duty = last.group_by("duty").agg(pl.col("open").any().alias("still_open"))
    return duties.join(by_duty, on="duty", how="left")


def judge(frame: IntoDataFrameT) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`.

    No concern on record is no proof of anything: cannot tell.  Concerns raised and all resolved: met.
    """
    return judged(frame, _reason, _state)


def _reason(nw: Language) -> pl.Expr:
    return (
        nw.when(nw.col("still_open").is_null()).then(nw.lit("no-concern"))
        .when(nw.col("still_open")).then(nw.lit("doubt"))
        .otherwise(nw.lit("all-resolved"))
    )  # fmt: skip


def _state(nw: Language) -> pl.Expr:
    return nw.when(nw.col("reason") == "all-resolved").then(nw.lit("met")).otherwise(nw.lit("cannot tell"))
