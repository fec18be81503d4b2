"""Limits: at most, or at least, so many; New START II.1, INF IV and V, the JCPOA's caps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from detente.instruments.standings import Standings
from detente.obligations.accounts import offset
from detente.obligations.accounts import report_evidence
from detente.obligations.finding import Language
from detente.obligations.finding import by_day
from detente.obligations.finding import judged

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrameT

__all__ = ["gather", "judge"]


def gather(duties: pl.DataFrame, standings: Sequence[Standings]) -> pl.DataFrame:
    """Add the report that each author holds, and the day until which it is evidence; for quotas as well."""
    held = report_evidence(duties, standings)
    return held.with_columns(pl.col("reported").dt.offset_by(offset(held, "evidence_within")).alias("good_until"))


def judge(frame: IntoDataFrameT, on: date | None = None) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`; works on any frame that Narwhals knows.

    Reads `count` against `at_most_count` and `at_least_count` (integers, exactly), `quantity` against the
    same for quantities, `silence`, and `good_until`.  A report is evidence until that day, exclusive.
    """
    return judged(frame, lambda words: _reason(words, by_day(words, on)), _state)


def _reason(nw: Language, day: pl.Expr) -> pl.Expr:
    over = (nw.col("count") > nw.col("at_most_count")).fill_null(value=False) | (
        nw.col("quantity") > nw.col("at_most_quantity")
    ).fill_null(value=False)
    under = (nw.col("count") < nw.col("at_least_count")).fill_null(value=False) | (
        nw.col("quantity") < nw.col("at_least_quantity")
    ).fill_null(value=False)
    has_number = ~nw.col("count").is_null() | ~nw.col("quantity").is_null()
    return (
        nw.when(nw.col("silence") == "withheld").then(nw.lit("withheld"))
        .when(nw.col("silence") == "suspended").then(nw.lit("silent-suspended"))
        .when(nw.col("silence") == "nothing-new").then(nw.lit("silent-nothing-new"))
        .when(nw.col("silence") == "unknown").then(nw.lit("silent-unknown"))
        .when(~has_number).then(nw.lit("no-report"))
        .when((nw.col("good_until").cast(nw.Date) <= day).fill_null(value=False)).then(nw.lit("stale"))
        .when(over | under).then(nw.lit("beyond"))
        .otherwise(nw.lit("within"))
    )  # fmt: skip


def _state(nw: Language) -> pl.Expr:
    return (
        nw.when(nw.col("reason") == "within").then(nw.lit("met"))
        .when(nw.col("reason") == "beyond").then(nw.lit("not met"))
        .otherwise(nw.lit("cannot tell"))
    )  # fmt: skip
