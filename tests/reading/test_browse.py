"""Browsing the record: every filter against plain Python over the same files, counts, order, pages, corrections."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import detente
from builders import clean_book
from builders import meeting
from builders import report
from builders import statement
from detente.reading.browse import SIZE
from detente.reading.browse import Query
from detente.reading.browse import StatementsAnswer
from detente.reading.browse import browse
from detente.reading.browse import newest
from detente.reading.browse import statements_csv
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.reading import Reading
from detente.reading.shelf import FACETS
from detente.reading.shelf import Shelf
from detente.record.dates import span

DAY = date(2018, 7, 10)


@cache
def shipped() -> Casebook:
    return open_casebook()


@cache
def on(day: date, known_by: date | None = None) -> Reading:
    return Reading(shipped(), day, known_by)


@cache
def rows() -> list[dict[str, str]]:
    """Read every statement again, by the standard library alone."""
    folder = Path(detente.__file__).parent
    found: list[dict[str, str]] = []
    for path in sorted((folder / "casebook").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [{"file": path.name, **row} for row in csv.DictReader(file)]
    return found


def until(day: date) -> Iterator[dict[str, str]]:
    return (row for row in rows() if span(row["on"]).last <= day)


def every_id(reading: Reading, query: Query) -> list[str]:
    return [row["id"] for row in csv.DictReader(StringIO(statements_csv(reading, query)))]


def test_without_a_filter_all_that_count_are_there() -> None:
    assert browse(on(DAY), Query()).total == sum(1 for _ in until(DAY))


def test_by_author_russia_is_also_the_soviet_union_and_the_soviet_union_is_itself() -> None:
    names = Counter(row["author"] for row in until(DAY))
    assert browse(on(DAY), Query(author="RUS")).total == names["RUS"] + names["SUN"] > names["SUN"]
    assert browse(on(DAY), Query(author="SUN")).total == names["SUN"] > 1000


def test_before_russia_carried_on_the_soviet_union_spoke_under_its_own_name() -> None:
    day = date(1986, 10, 10)
    names = Counter(row["author"] for row in until(day))
    assert browse(on(day), Query(author="SUN")).total == names["SUN"] > 500
    authors = {f.value: f.count for f in facet(browse(on(day), Query()), "author")}
    assert authors["SUN"] == names["SUN"]
    assert "RUS" not in authors


@pytest.mark.parametrize(
    ("name", "value"),
    [("verb", "vote-no"), ("measure", "deployed-warheads"), ("topic", "9m729"), ("source", "np.unvotes"),
     ("silence", "withheld"), ("item", "trident-ii"), ("provision", "II.1(b)"), ("forum", "scc")],
)  # fmt: skip
def test_a_cell_is_asked_for_as_it_is(name: str, value: str) -> None:
    day = date(2025, 11, 1)
    expected = sorted(row["id"] for row in until(day) if row.get(name) == value)
    given: Any = {name: value}
    assert expected
    assert sorted(every_id(on(day), Query(**given))) == expected


def test_a_party_is_found_among_several() -> None:
    expected = {row["id"] for row in until(DAY) if {"RUS", "SUN"} & set(row.get("party", "").split(";"))}
    assert set(every_id(on(DAY), Query(party="RUS"))) == expected
    assert any(";" in row["party"] for row in rows() if row["id"] in expected)


def test_the_year_is_that_from_which_a_date_counts() -> None:
    expected = {row["id"] for row in rows() if span(row["on"]).last.year == 2014}
    assert set(every_id(on(date(2020, 1, 1)), Query(year=2014))) == expected
    assert any("/" in row["on"] for row in rows() if row["id"] in expected) or len(expected) > 100


@pytest.mark.parametrize("text", ["warhead", "WARHEAD", "договор", "ДОГОВОР", "9m729", "ещё", "еще", ".*", "(", "\\d"])
def test_words_are_looked_for_as_they_are_written_in_any_language(text: str) -> None:
    wanted = text.lower().replace("ё", "е")
    expected = {
        row["id"]
        for row in until(DAY)
        if any(wanted in (row.get(c) or "").lower().replace("ё", "е") for c in ("id", "en", "ru"))
    }
    assert set(every_id(on(DAY), Query(text=text))) == expected
    assert expected or text in (".*", "\\d")


def test_filters_hold_together() -> None:
    query = Query(kind="report", author="USA", instrument="new-start", year=2017)
    expected = [row for row in until(DAY) if row["file"].startswith("reports") and row["author"] == "USA"
                and row.get("instrument") == "new-start" and span(row["on"]).last.year == 2017]  # fmt: skip
    answer = browse(on(DAY), query)
    assert answer.total == len(expected) > 5
    assert answer.filters == {"kind": "report", "author": "USA", "instrument": "new-start", "year": "2017"}


def facet(answer: StatementsAnswer, name: str) -> list[Any]:
    return next(f.values for f in answer.facets if f.name == name)


def test_every_facet_counts_what_its_filter_would_find() -> None:
    query = Query(issue="strategic-arms")
    answer = browse(on(DAY), query)
    assert [f.name for f in answer.facets] == [*FACETS, "year"]
    for one in answer.facets:
        for value in one.values[:5]:
            given: Any = int(value.value) if one.name == "year" else value.value
            narrowed = Query(**{"issue": "strategic-arms", one.name: given})
            assert browse(on(DAY), narrowed).total == value.count, (one.name, value)


def test_facets_stand_in_the_order_of_their_counts_and_tell_how_many_are_left_out() -> None:
    answer = browse(on(DAY), Query())
    sources = next(f for f in answer.facets if f.name == "source")
    assert [v.count for v in sources.values] == sorted((v.count for v in sources.values), reverse=True)
    assert len(sources.values) + sources.more == len({row["source"] for row in until(DAY)})
    years = [int(v.value) for v in facet(answer, "year")]
    assert years == sorted(years, reverse=True)


@pytest.mark.parametrize(("sort", "column"), [("on", "on"), ("known", "known")])
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_the_order_is_by_day_and_pages_follow_each_other(sort: str, column: str, order: str) -> None:
    query = Query(instrument="new-start", sort=sort, order=order)
    paged = [s for page in (1, 2, 3) for s in browse(on(DAY), Query(
        instrument="new-start", sort=sort, order=order, page=page)).statements]  # fmt: skip
    assert [s.statement for s in paged] == every_id(on(DAY), query)[: 3 * SIZE]
    days = [span(getattr(s, column)).last for s in paged]
    assert days == sorted(days, reverse=order == "newest")


def test_the_last_page_holds_the_rest_and_none_follows() -> None:
    answer = browse(on(DAY), Query(instrument="new-start"))
    last = browse(on(DAY), Query(instrument="new-start", page=answer.pages))
    assert (answer.pages - 1) * SIZE + len(last.statements) == answer.total
    assert browse(on(DAY), Query(instrument="new-start", page=answer.pages + 1)).statements == []


def test_what_was_not_yet_known_is_not_there() -> None:
    known = date(2013, 1, 1)
    expected = sum(span(row["known"]).last <= known for row in until(DAY))
    answer = browse(on(DAY, known), Query())
    assert answer.total == expected < browse(on(DAY), Query()).total
    assert "known 2013-01-01" in answer.stamp


def test_the_news_are_what_became_known_last_whatever_the_order_of_the_list() -> None:
    news = newest(on(DAY, DAY), Query(author="USA", sort="on", order="oldest", page=7))
    expected = max(span(row["known"]).last for row in until(DAY)
                   if row["author"] == "USA" and span(row["known"]).last <= DAY)  # fmt: skip
    assert span(news[0].known).last == expected
    assert {s.author for s in news} == {"USA"}


def small(tmp_path: Path) -> Casebook:
    first = report("USA", "1600", "2018-06-01")
    second = report("USA", "1500", "2018-06-01", id="second", corrects=first["id"], known="2018-08-01")
    planned = meeting("bcc", "2018-09", en="a session", known="2018-06-15")
    return clean_book(tmp_path / "book", statements={"reports": [first, second], "meetings": [planned]})


def test_what_is_corrected_is_left_out_counted_and_shown_when_asked_for(tmp_path: Path) -> None:
    reading = Reading(small(tmp_path), DAY)
    answer = browse(reading, Query())
    assert ([s.statement for s in answer.statements], answer.replaced) == (["second"], 1)
    assert answer.statements[0].corrects == "warheads.usa.usa.2018-06-01"
    both = browse(reading, Query(corrected="yes"))
    assert {s.statement: s.corrected_by for s in both.statements} == {
        "second": [], "warheads.usa.usa.2018-06-01": ["second"],
    }  # fmt: skip
    only = browse(reading, Query(corrected="only"))
    assert [s.statement for s in only.statements] == ["warheads.usa.usa.2018-06-01"]


def test_before_a_correction_is_known_the_first_account_stands(tmp_path: Path) -> None:
    answer = browse(Reading(small(tmp_path), DAY, DAY), Query())
    assert [(s.statement, s.corrected_by) for s in answer.statements] == [("warheads.usa.usa.2018-06-01", [])]
    assert answer.replaced == 0


def test_a_month_counts_from_its_last_day(tmp_path: Path) -> None:
    book = small(tmp_path)
    assert browse(Reading(book, date(2018, 9, 29)), Query(kind="meeting")).total == 0
    assert browse(Reading(book, date(2018, 9, 30)), Query(kind="meeting")).total == 1


def test_an_empty_casebook_can_be_browsed(tmp_path: Path) -> None:
    answer = browse(Reading(clean_book(tmp_path / "book"), DAY), Query(text="x"))
    assert (answer.total, answer.pages, answer.statements) == (0, 1, [])
    assert all(f.values == [] for f in answer.facets)


def test_the_table_holds_whole_rows_with_their_source_place_and_stamp() -> None:
    cells = next(csv.DictReader(StringIO(statements_csv(on(DAY), Query(text="new-start.rus.2018-02-05.launchers")))))
    written = next(row for row in rows() if row["id"] == "new-start.rus.2018-02-05.launchers")
    for name in ("id", "author", "on", "known", "measure", "value", "silence", "source", "basis"):
        assert cells[name] == written[name]
    source = shipped().record.registers.sources[written["source"]]
    assert (cells["publisher"], cells["address"], cells["tier"]) == (source.publisher, source.address, source.tier)
    assert (Path(cells["file"]).name, cells["stamp"]) == (written["file"], on(DAY).stamp)


def test_a_statement_of_another_issue_is_not_there(tmp_path: Path) -> None:
    rows = [statement("a.b", "USA", "2018-01-01", forum="bcc")]
    book = clean_book(tmp_path / "book", statements={"meetings": rows})
    assert browse(Reading(book, DAY), Query(issue="arms")).total == 1
    assert browse(Reading(book, DAY), Query(issue="other")).total == 0


def test_a_hundred_thousand_statements_are_filtered_and_counted_in_a_tenth_of_a_second() -> None:
    record = shipped().record
    frame = pl.concat([record.frame.with_columns(pl.col("id") + f"-{n}") for n in range(7)])
    book = Casebook(record.narrowed(frame), shipped().instruments, ())
    reading = Reading(book, date(2026, 11, 24))
    assert isinstance(book.shelf, Shelf)
    browse(reading, Query())

    def taken(query: Query) -> float:
        begun = time.process_time()
        browse(reading, query)
        return time.process_time() - begun

    # The best of three: others use the machine as well.
    for query in (Query(), Query(author="RUS", text="договор"), Query(party="USA", sort="known", page=40)):
        assert min(taken(query) for _ in range(3)) < 0.1
