"""Quotas: a right that may be used so often in a period; New START XI, INF XI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from detente.obligations.finding import Language
from detente.obligations.finding import judged

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrameT

__all__ = ["judge"]


def judge(frame: IntoDataFrameT) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`: a right need not be used, only not overused."""
    return judged(frame, _reason, _state)


def _reason(nw: Language) -> pl.Expr:
    return (
        nw.when(nw.col("count").is_null()).then(nw.lit("no-report"))
        .when(nw.col("count") > nw.col("at_most_count")).then(nw.lit("over-quota"))
        .otherwise(nw.lit("within-quota"))
    )  # fmt: skip


def _state(nw: Language) -> pl.Expr:
    return (
        nw.when(nw.col("reason") == "within-quota").then(nw.lit("met"))
        .when(nw.col("reason") == "over-quota").then(nw.lit("not met"))
        .otherwise(nw.lit("cannot tell"))
    )  # fmt: skip
