"""What each author holds: its own account; else what the subject declared; else the body that is named.

An author differs from the common reading only where it has an account of its own, contests a statement, or
raised a concern; everywhere else its reading is the common one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from detente.instruments.standings import Standings
from detente.record.dates import polars_offset
from detente.record.timeline import Knowledge
from detente.record.timeline import View
from detente.record.timeline import in_threads

__all__ = [
    "concern_accounts", "concern_days", "concerns_about", "concerns_by_day", "latest_reports", "offset", "report_days",
    "report_evidence", "report_threads", "spoken", "with_authors",
]  # fmt: skip

_KEY = ["instrument", "provision", "party"]
_HERE = ["day", *_KEY]
_BY_MEASURE = ["measure", "item", "party"]
_EVIDENCE = ["count", "quantity", "silence", "report", "reported", "reported_on", "reporter"]


def offset(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Return the expression for a column of ISO 8601 periods as Polars offsets."""
    offsets = {p: polars_offset(p) for p in frame[column].unique() if p is not None}
    return pl.col(column).replace_strict(list(offsets), list(offsets.values()), default=None, return_dtype=pl.String)


def report_threads(knowledge: Knowledge) -> pl.DataFrame:
    """Return every report, one row a party, with the day `beyond` which its author's next one takes its place."""
    rows = knowledge.by_party("report").frame.select(
        "measure", pl.col("item").fill_null(""), "party", "author", "count", "quantity", "silence",
        pl.col("id").alias("report"), pl.col("on_last").alias("reported"), pl.col("on").alias("reported_on"),
    )  # fmt: skip
    return in_threads(rows, [*_BY_MEASURE, "author"], "reported")


def latest_reports(view: View) -> pl.DataFrame:
    """Return the latest report by measure, item, party and author; several parties are one row each."""
    on = pl.lit(view.on)
    rows = view.knowledge.kept(report_threads)
    return rows.filter((pl.col("reported") <= on) & (pl.col("beyond") > on)).drop("beyond")


def _concern_threads(knowledge: Knowledge) -> pl.DataFrame:
    """Return every concern about a provision with its gravity, and the day `beyond` which its thread goes on."""
    filed = pl.col("provision").is_not_null() & pl.col("instrument").is_not_null()
    concerns = knowledge.by_party("concern").frame.filter(filed)
    # An answer is filed under its author; it speaks of the author's own conduct.
    about = pl.when(pl.col("verb").is_in(["answer", "concede"])).then("author").otherwise("party")
    concerns = concerns.with_columns(about.alias("party"))
    grave = (
        pl.when(pl.col("verb").is_in(["allege", "concede"])).then(3)
        .when(pl.col("verb") == "question").then(2)
        .when(pl.col("verb") == "answer").then(1)
    )  # fmt: skip
    threads = in_threads(concerns, [*_KEY, "author", "topic"])
    threads = threads.select(*_KEY, "author", "id", "on_last", "beyond", grave.alias("gravity"))
    return threads.filter(pl.col("gravity").is_not_null())


def concerns_by_day(knowledge: Knowledge, days: Sequence[date]) -> pl.DataFrame:
    """Return each author's own account of a provision by its concerns, on each day: not met, cannot tell, or met.

    An allegation stands until its author resolves or withdraws it; the subject's answer is its own account
    that the provision is met.  Several topics: the gravest counts.
    """
    threads = knowledge.kept(_concern_threads)
    if len(days) == 1:
        threads = threads.with_columns(pl.lit(days[0]).alias("day"))
    else:
        threads = threads.join(pl.DataFrame({"day": days}, schema={"day": pl.Date()}), how="cross")
    return _open(threads)


def concerns_about(knowledge: Knowledge, duties: pl.DataFrame) -> pl.DataFrame:
    """Return each author's own account as `concerns_by_day` does, of each of some duties on its own day."""
    here = duties.select(_HERE).unique()
    return _open(knowledge.kept(_concern_threads).join(here, on=_KEY, maintain_order="left"))


def _open(threads: pl.DataFrame) -> pl.DataFrame:
    open_then = threads.filter((pl.col("on_last") <= pl.col("day")) & (pl.col("beyond") > pl.col("day")))
    return open_then.group_by(*_HERE, "author", maintain_order=True).agg(
        pl.col("gravity").max(),
        pl.col("id").alias("concerns"),
        pl.col("on_last").min().alias("concern_since"),
    )


def concern_accounts(view: View) -> pl.DataFrame:
    """Return each author's own account of a provision by its concerns on the view's day."""
    return concerns_by_day(view.knowledge, [view.on]).drop("day")


def spoken(knowledge: Knowledge) -> pl.DataFrame:
    """Return every (instrument, provision, party) on which a concern was raised or answered, and when first."""
    return knowledge.kept(concern_days).group_by(_KEY, maintain_order=True).agg(pl.col("day").min().alias("said"))


def concern_days(knowledge: Knowledge) -> pl.DataFrame:
    """Return (instrument, provision, party, day) for every concern, filed under whom it is about and its author."""
    filed = pl.col("provision").is_not_null() & pl.col("instrument").is_not_null()
    rows = knowledge.by_party("concern").frame.filter(filed)
    columns: list[str | pl.Expr] = ["instrument", "provision", pl.col("on_last").alias("day")]
    return pl.concat([rows.select(*columns, "party"), rows.select(*columns, pl.col("author").alias("party"))])


def report_days(duties: pl.DataFrame, knowledge: Knowledge) -> pl.DataFrame:
    """Return every day on which a report on each of the duties is made, grows too old, or is contested."""
    reports = knowledge.kept(report_threads).select(*_BY_MEASURE, "report", "reported")
    told = duties.with_columns(pl.col("item").fill_null("")).join(reports, on=_BY_MEASURE)
    old = pl.col("reported").dt.offset_by(offset(told, "evidence_within"))
    contests = knowledge.of("position").frame.filter(pl.col("verb").is_in(["contest", "recognise"]))
    against = contests.select(pl.col("refs").str.split(";").alias("report"), pl.col("on_last").alias("day"))
    days = [told.with_columns(pl.col("reported").alias("day")), told.with_columns(old.alias("day"))]
    return pl.concat([*days, told.join(against.explode("report"), on="report")])


def _reported(duties: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Return each of the duties with every report that was the latest of its author on the day."""
    joined = duties.join(reports.rename({"author": "reporter"}), on=_BY_MEASURE)
    return joined.filter((pl.col("reported") <= pl.col("day")) & (pl.col("beyond") > pl.col("day")))


def _outdated(joined: pl.DataFrame) -> pl.Expr:
    """Return whether an account of another's conduct is older than the provision takes as evidence.

    It then gives way to what the subject declared; the subject's own old report stays, and is told to be old.
    """
    old = pl.col("reported").dt.offset_by(offset(joined, "evidence_within")) <= pl.col("day")
    return (pl.col("rank") == 1) & (pl.col("author") != pl.col("party")) & old.fill_null(value=False)


def report_evidence(duties: pl.DataFrame, standings: Sequence[Standings]) -> pl.DataFrame:
    """Add to each duty with a measure the report that its author holds: `count`, `quantity`, `silence`, ...

    The order is the author's own report, the subject's, then that of the body that the instrument names; a
    report that the author contests is passed over.
    """
    reports = standings[0].view.knowledge.kept(report_threads)
    found = _reported(duties, reports).with_columns(
        pl.when(pl.col("reporter") == pl.col("author")).then(1)
        .when(pl.col("reporter") == pl.col("party")).then(2)
        .when(pl.col("reporter") == pl.col("authority")).then(3)
        .alias("rank")
    )  # fmt: skip
    held = found.filter(pl.col("rank").is_not_null() & ~_outdated(found))
    held = held.join(_against(standings), on=["day", "report", "author"], how="anti", maintain_order="left")
    best = held.sort("rank", maintain_order=True).unique("duty", keep="first", maintain_order=True)
    return duties.join(best.select("duty", *_EVIDENCE), on="duty", how="left")


def _reports(knowledge: Knowledge) -> frozenset[str]:
    return frozenset(knowledge.of("report").frame["id"])


def _against(standings: Sequence[Standings]) -> pl.DataFrame:
    """Return (day, report, author) for every report that an author contests."""
    known = standings[0].view.knowledge.kept(_reports)
    several = {id(each.contested): each.contested for each in standings}
    refused = {
        key: [(report, author) for report in known & contested.keys() for author in contested[report]]
        for key, contested in several.items()
    }
    rows = [(each.view.on, *pair) for each in standings for pair in refused[id(each.contested)]]
    return pl.DataFrame(rows, schema={"day": pl.Date(), "report": pl.String(), "author": pl.String()}, orient="row")


def with_authors(duties: pl.DataFrame, concerns: pl.DataFrame, standings: Sequence[Standings]) -> pl.DataFrame:
    """Return the duties of the common reading (author "") and of every author who differs from it.

    They are numbered (`duty`) in the order of day, provision, party and author.
    """
    reports = standings[0].view.knowledge.kept(report_threads)
    duties = duties.with_columns(pl.col("reading").alias("author"))
    common = duties.filter(pl.col("reading") == "")
    own_reading = duties.filter(pl.col("reading") != "")
    # A reader's row is a reading of its own only where the contested act makes a difference to the duty.
    same = [*_HERE, "standing", "stand_since", "from", "until", "first", "gate"]
    if own_reading.height:
        own_reading = own_reading.join(common, on=same, how="anti", nulls_equal=True)
    measured = common.filter(pl.col("measure").is_not_null())
    measured = measured.select(*_HERE, "measure", pl.col("item").fill_null(""), "authority")
    told = _reported(measured, reports)
    apart = (pl.col("reporter") != pl.col("party")) & (pl.col("reporter") != pl.col("authority")).fill_null(value=True)
    refused = told.drop("authority").join(_against(standings), on=["day", "report"])
    pairs = pl.concat(
        [
            concerns.select(*_HERE, "author"),
            told.filter(apart).select(*_HERE, pl.col("reporter").alias("author")),
            refused.select(*_HERE, "author"),
        ]
    ).unique()
    pairs = pairs.join(own_reading, on=[*_HERE, "author"], how="anti")
    extra = common.drop("author").join(pairs, on=_HERE)
    every = pl.concat([common, own_reading, extra.select(common.columns)])
    return every.sort("day", "row", "party", "author").with_row_index("duty")
