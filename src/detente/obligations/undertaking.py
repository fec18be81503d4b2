"""Undertakings: what cannot be counted, judged only by concerns raised and resolved; NPT I, II, VI."""

from __future__ import annotations

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrameT

from detente.record.timeline import View

__all__ = ["gather", "judge"]


def gather(duties: pl.DataFrame, view: View) -> pl.DataFrame:
    """Add whether concerns were ever raised about the party under the provision, and whether any is open."""
    concerns = view.of("concern").filter(pl.col("provision").is_not_null() & pl.col("instrument").is_not_null())
    raised = concerns.filter(~pl.col("verb").is_in(["answer", "concede"]))
    raised = raised.with_columns(pl.col("party").str.split(";")).explode("party")
    thread = ["instrument", "provision", "party", "author", "topic"]
    last = raised.group_by(thread, maintain_order=True).last()
    still = pl.col("verb").is_in(["allege", "question"])
    by_party = last.group_by("instrument", "provision", "party").agg(still.any().alias("still_open"))
    return duties.join(by_party, on=["instrument", "provision", "party"], how="left")


def judge(frame: IntoDataFrameT) -> IntoDataFrameT:
    """Return the frame with `state` and `reason`.

    No concern on record is no proof of anything: cannot tell.  Concerns raised and all resolved: met.
    """
    rows = nw.from_native(frame, eager_only=True)
    reason = (
        nw.when(nw.col("still_open").is_null()).then(nw.lit("no-concern"))
        .when(nw.col("still_open")).then(nw.lit("doubt"))
        .otherwise(nw.lit("all-resolved"))
    )  # fmt: skip
    rows = rows.with_columns(reason=reason)
    state = nw.when(nw.col("reason") == "all-resolved").then(nw.lit("met")).otherwise(nw.lit("cannot tell"))
    return rows.with_columns(state=state).to_native()
