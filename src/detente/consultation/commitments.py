"""Commitments: what was undertaken and is neither fulfilled nor dropped, and what is overdue."""

from __future__ import annotations

from datetime import date

import polars as pl

from detente.record.timeline import View

__all__ = ["open_commitments", "unanswered_offers"]


def open_commitments(view: View) -> pl.DataFrame:
    """Return the commitments that are open on the view's day, one row a party, with `overdue`.

    A commitment's thread is its topic and party; the last word of the thread decides.
    """
    rows = view.of("commitment").with_columns(pl.col("party").str.split(";")).explode("party")
    last = rows.group_by("topic", "party", maintain_order=True).last()
    still = last.filter(pl.col("verb") == "undertake")
    return still.with_columns((pl.col("due_last") < pl.lit(view.on)).fill_null(value=False).alias("overdue"))


def unanswered_offers(view: View, between: tuple[str, str], since: date) -> pl.DataFrame:
    """Return the proposals of one of the two, made since a day, to which the other has said nothing on record."""
    said = view.of("position").filter(pl.col("author").is_in(list(between)) & (pl.col("on_last") >= since))
    stated = said.filter(pl.col("verb").is_in(["propose", "accept", "decline", "counter", "affirm", "reject"]))
    open_still = (pl.col("until_last") > view.on).fill_null(value=True)
    offers = (
        stated.filter((pl.col("verb") == "propose") & open_still)
        .group_by("topic", "author", maintain_order=True)
        .last()
    )
    voices = stated.group_by("topic").agg(pl.col("author").n_unique().alias("voices"))
    return offers.join(voices, on="topic", maintain_order="left").filter(pl.col("voices") == 1)
