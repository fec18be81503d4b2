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


_ANSWERS = ("accept", "decline", "counter", "reject")


def unanswered_offers(view: View, between: tuple[str, str], since: date) -> pl.DataFrame:
    """Return the proposals of one of the two, made since a day, that the other has not answered on record.

    An answer accepts, declines, counters or rejects, on the topic and not before the offer; an affirmation
    answers only what it names in `refs`.  Where both have proposed on a topic, the two are talking.
    """
    said = view.of("position").filter(pl.col("author").is_in(list(between)) & (pl.col("on_last") >= since))
    open_still = (pl.col("until_last") > view.on).fill_null(value=True)
    offers = said.filter((pl.col("verb") == "propose") & open_still)
    offers = offers.group_by("topic", "author", maintain_order=True).last()
    spoken = said.select("topic", pl.col("author").alias("by"), pl.col("on_last").alias("when"),
                         pl.col("verb").alias("how"), pl.col("refs").alias("named"))  # fmt: skip
    other = offers.join(spoken, on="topic").filter(pl.col("by") != pl.col("author"))
    names_it = pl.col("named").str.split(";").list.contains(pl.col("id")).fill_null(value=False)
    answered = pl.col("how").is_in(list(_ANSWERS)) & (pl.col("when") >= pl.col("on_last"))
    met = other.filter(answered | (pl.col("how") == "propose") | ((pl.col("how") == "affirm") & names_it))
    return offers.filter(~pl.col("id").is_in(met["id"].implode()))
