"""What each author holds: its own account; else what the subject declared; else the body that is named.

An author differs from the common reading only where it has an account of its own, contests a statement, or
raised a concern; everywhere else its reading is the common one.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from detente.instruments.standings import Standings
from detente.record.dates import polars_offset
from detente.record.timeline import View

__all__ = ["concern_accounts", "latest_reports", "report_evidence", "spoken", "with_authors"]

_KEY = ["instrument", "provision", "party"]


def latest_reports(view: View) -> pl.DataFrame:
    """Return the latest report by measure, item, party and author; several parties are one row each."""
    reports = view.of("report").with_columns(pl.col("party").str.split(";"), pl.col("item").fill_null(""))
    reports = reports.explode("party")
    return (
        reports.group_by("measure", "item", "party", "author", maintain_order=True)
        .last()
        .select(
            "measure", "item", "party", "author", "count", "quantity", "silence",
            pl.col("id").alias("report"), pl.col("on_last").alias("reported"),
            pl.col("on").alias("reported_on"),
        )
    )  # fmt: skip


def concern_accounts(view: View) -> pl.DataFrame:
    """Return each author's own account of a provision by its concerns: not met, cannot tell, or met.

    An allegation stands until its author resolves or withdraws it; the subject's answer is its own account
    that the provision is met.  Several topics: the gravest counts.
    """
    concerns = view.of("concern").filter(pl.col("provision").is_not_null() & pl.col("instrument").is_not_null())
    concerns = concerns.with_columns(pl.col("party").str.split(";")).explode("party")
    # An answer is filed under its author; it speaks of the author's own conduct.
    concerns = concerns.with_columns(
        pl.when(pl.col("verb").is_in(["answer", "concede"])).then("author").otherwise("party").alias("party")
    )
    thread = [*_KEY, "author", "topic"]
    last = concerns.group_by(thread, maintain_order=True).last()
    grave = (
        pl.when(pl.col("verb").is_in(["allege", "concede"])).then(3)
        .when(pl.col("verb") == "question").then(2)
        .when(pl.col("verb") == "answer").then(1)
    )  # fmt: skip
    open_now = last.with_columns(grave.alias("gravity")).filter(pl.col("gravity").is_not_null())
    return open_now.group_by(*_KEY, "author", maintain_order=True).agg(
        pl.col("gravity").max(),
        pl.col("id").alias("concerns"),
        pl.col("on_last").min().alias("concern_since"),
    )


def _outdated(joined: pl.DataFrame, on: date) -> pl.Expr:
    """Return whether an account of another's conduct is older than the provision takes as evidence.

    It then gives way to what the subject declared; the subject's own old report stays, and is told to be old.
    """
    offsets = {p: polars_offset(p) for p in joined["evidence_within"].drop_nulls().unique()}
    offset = pl.col("evidence_within").replace_strict(
        list(offsets), list(offsets.values()), default=None, return_dtype=pl.String
    )
    old = pl.col("reported").dt.offset_by(offset) <= pl.lit(on)
    return (pl.col("rank") == 1) & (pl.col("author") != pl.col("party")) & old.fill_null(value=False)


def spoken(view: View) -> pl.DataFrame:
    """Return every (instrument, provision, party) on which a concern was raised or answered, however it ended."""
    rows = view.of("concern").filter(pl.col("provision").is_not_null() & pl.col("instrument").is_not_null())
    about = rows.select("instrument", "provision", pl.col("party").str.split(";")).explode("party")
    by = rows.select("instrument", "provision", pl.col("author").alias("party"))
    return pl.concat([about, by]).unique(maintain_order=True)


def report_evidence(duties: pl.DataFrame, reports: pl.DataFrame, standings: Standings) -> pl.DataFrame:
    """Add to each duty with a measure the report that its author holds: `count`, `quantity`, `silence`, ...

    The order is the author's own report, the subject's, then that of the body that the instrument names; a
    report that the author contests is passed over.
    """
    on = standings.view.on
    keyed = duties.with_columns(pl.col("item").fill_null(""))
    found = reports.rename({"author": "reporter"})
    against = _against(standings)
    joined = keyed.join(found, on=["measure", "item", "party"], how="left")
    joined = joined.with_columns(
        pl.when(pl.col("reporter") == pl.col("author")).then(1)
        .when(pl.col("reporter") == pl.col("party")).then(2)
        .when(pl.col("reporter") == pl.col("authority")).then(3)
        .alias("rank")
    )  # fmt: skip
    joined = joined.join(against.with_columns(pl.lit(value=True).alias("against")), on=["report", "author"], how="left")
    held = joined.filter(pl.col("rank").is_not_null() & pl.col("against").is_null() & ~_outdated(joined, on))
    best = held.sort("rank").unique(["row", "party", "author"], keep="first", maintain_order=True)
    evidence = ["count", "quantity", "silence", "report", "reported", "reported_on", "reporter"]
    return keyed.join(best.select("row", "party", "author", *evidence), on=["row", "party", "author"], how="left")


def _against(standings: Standings) -> pl.DataFrame:
    """Return (report, author) for every statement that an author contests."""
    pairs = [(report, author) for report, authors in standings.contested.items() for author in authors]
    return pl.DataFrame(pairs, schema={"report": pl.String(), "author": pl.String()}, orient="row")


def with_authors(
    duties: pl.DataFrame, reports: pl.DataFrame, concerns: pl.DataFrame, standings: Standings
) -> pl.DataFrame:
    """Return the duties of the common reading (author "") and of every author who differs from it."""
    common = duties.filter(pl.col("reading") == "").with_columns(pl.lit("").alias("author"))
    own_reading = duties.filter(pl.col("reading") != "").with_columns(pl.col("reading").alias("author"))
    # A reader's row is a reading of its own only where the contested act makes a difference to the duty.
    same = [*_KEY, "standing", "stand_since", "from", "until", "first", "gate"]
    own_reading = own_reading.join(common, on=same, how="anti", nulls_equal=True)
    voices = concerns.select(*_KEY, "author")
    measured = common.select(*_KEY, "measure", pl.col("item").fill_null(""), "authority")
    by_measure = ["measure", "item", "party"]
    told = measured.join(reports.select(*by_measure, pl.col("author").alias("teller")), on=by_measure)
    refused = reports.select(*by_measure, "report").join(_against(standings), on="report")
    refused = measured.join(refused, on=by_measure).select(*_KEY, "author")
    apart = (pl.col("teller") != pl.col("party")) & (pl.col("teller") != pl.col("authority")).fill_null(value=True)
    told = told.filter(apart).select(*_KEY, pl.col("teller").alias("author"))
    pairs = pl.concat([voices, told, refused]).unique(maintain_order=True)
    pairs = pairs.join(own_reading, on=[*_KEY, "author"], how="anti")
    extra = common.drop("author").join(pairs, on=_KEY, how="inner")
    return pl.concat([common, own_reading, extra.select(common.columns)])
