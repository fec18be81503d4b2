"""Concerns: what an author holds against a party and has neither resolved nor withdrawn, and what was answered."""

from __future__ import annotations

import polars as pl
from dateutil.relativedelta import relativedelta

from detente.record.timeline import View

__all__ = ["HISTORY", "THREAD", "open_threads"]

HISTORY = relativedelta(years=5)
"""What was held about a text that has ended is history once nobody has said it again for so long."""

THREAD = ("under", "topic", "author", "about")
"""A thread is one author's case against one party on one topic, under an instrument (else an issue)."""


def open_threads(view: View) -> pl.DataFrame:
    """Return the last word of every thread that is open, with `since` and what the party last answered.

    An answer speaks of its own author's conduct, and answers every author on the topic.
    """
    rows = view.of("concern").with_columns(pl.col("party").str.split(";")).explode("party")
    answers = pl.col("verb").is_in(["answer", "concede"])
    about = pl.when(answers).then("author").otherwise("party")
    rows = rows.with_columns(about.alias("about"), pl.coalesce("instrument", "issue").alias("under"))
    raised = rows.filter(~answers & (pl.col("party") != pl.col("author")))
    last = raised.group_by(*THREAD, maintain_order=True).agg(
        pl.col("on_last").first().alias("since"),
        pl.col("on_last", "id", "verb", "issue", "instrument", "provision", "en", "ru").last(),
    )
    still = last.filter(pl.col("verb").is_in(["allege", "question"]))
    answered = rows.filter(answers).group_by("under", "topic", "about", maintain_order=True).agg(
        pl.col("id").last().alias("answer"), pl.col("on_last").last().alias("answered")
    )  # fmt: skip
    joined = still.join(answered, on=["under", "topic", "about"], how="left", maintain_order="left")
    # What was answered before the author first raised it was an answer to somebody else.
    early = (pl.col("answered") < pl.col("since")).fill_null(value=False)
    return joined.with_columns(pl.when(~early).then(column).alias(column) for column in ("answer", "answered"))
