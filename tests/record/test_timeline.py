from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from builders import Row
from builders import clean_book
from builders import meeting
from builders import report
from detente.record.dates import span
from detente.record.load import Record
from detente.record.timeline import FAR
from detente.record.timeline import View
from detente.record.timeline import in_threads


def record(folder: Path, *rows: Row) -> Record:
    return clean_book(folder, statements={"reports": list(rows)}).record


def visible(book: Record, on: str, known_by: str = "") -> list[str]:
    known = date.fromisoformat(known_by) if known_by else None
    return View(book, date.fromisoformat(on), known).of("report")["id"].to_list()


def test_a_statement_counts_from_its_day(tmp_path: Path) -> None:
    book = record(tmp_path, report("USA", "5", "2018-02-05", id="one"))
    assert visible(book, "2018-02-04") == []
    assert visible(book, "2018-02-05") == ["one"]


@pytest.mark.parametrize(
    ("written", "before", "from_"),
    [
        ("2018-02", "2018-02-27", "2018-02-28"),
        ("2018", "2018-12-30", "2018-12-31"),
        ("2018~", "2018-12-30", "2018-12-31"),
        ("201X", "2019-12-30", "2019-12-31"),
        ("2018-02/2018-03", "2018-03-30", "2018-03-31"),
    ],
)
def test_an_approximate_date_counts_from_its_last_day(tmp_path: Path, written: str, before: str, from_: str) -> None:
    book = record(tmp_path, report("USA", "5", written, id="one"))
    assert visible(book, before) == []
    assert visible(book, from_) == ["one"]


def test_a_statement_counts_once_it_is_known(tmp_path: Path) -> None:
    book = record(tmp_path, report("USA", "5", "2008-05-01", known="2014-07", id="one"))
    assert visible(book, "2008-05-01", "2013-12-31") == []
    assert visible(book, "2008-05-01", "2014-07-30") == []
    assert visible(book, "2008-05-01", "2014-07-31") == ["one"]
    assert visible(book, "2008-05-01") == ["one"]


def test_knowledge_does_not_bring_a_day_forward(tmp_path: Path) -> None:
    book = record(tmp_path, report("USA", "5", "2018-02-05", known="2017-01-01", id="one"))
    assert visible(book, "2018-02-04", "2020-01-01") == []


def corrected(folder: Path) -> Record:
    return record(
        folder,
        report("USA", "5", "2018-02-05", id="first"),
        report("USA", "6", "2018-02-05", known="2018-03-01", id="second", corrects="first"),
        report("USA", "7", "2018-02-05", known="2018-04-01", id="third", corrects="second"),
    )


@pytest.mark.parametrize(
    ("known_by", "wanted"),
    [
        ("2018-02-05", ["first"]),
        ("2018-02-28", ["first"]),
        ("2018-03-01", ["second"]),
        ("2018-03-31", ["second"]),
        ("2018-04-01", ["third"]),
        ("", ["third"]),
    ],
)
def test_a_correction_is_seen_once_it_is_known(tmp_path: Path, known_by: str, wanted: list[str]) -> None:
    assert visible(corrected(tmp_path), "2018-06-01", known_by) == wanted


def test_a_backfilled_statement_is_in_its_place(tmp_path: Path) -> None:
    book = record(
        tmp_path,
        report("USA", "5", "2018-02-05", id="new"),
        report("USA", "4", "2016-02-05", known="2020-01-01", id="old"),
    )
    assert visible(book, "2019-01-01", "2019-01-01") == ["new"]
    assert visible(book, "2019-01-01") == ["old", "new"]


def soviet(folder: Path) -> Record:
    return record(
        folder,
        report("SUN", "5", "1988-06-01", id="soviet"),
        report("USA;SUN", "5", "1988-06-01", id="both", author="USA"),
    )


def test_a_party_keeps_its_name_while_it_exists(tmp_path: Path) -> None:
    rows = View(soviet(tmp_path), date(1991, 12, 25)).of("report")
    assert rows["party"].to_list() == ["USA;SUN", "SUN"]


def test_a_party_that_another_continues_has_the_other_name(tmp_path: Path) -> None:
    rows = View(soviet(tmp_path), date(1991, 12, 26)).of("report")
    assert rows["party"].to_list() == ["USA;RUS", "RUS"]
    assert rows["author"].to_list() == ["USA", "RUS"]


def test_who_spoke_is_kept_under_the_name_of_then(tmp_path: Path) -> None:
    rows = View(soviet(tmp_path), date(1991, 12, 26)).of("report")
    assert rows["spoken_by"].to_list() == ["USA", "SUN"]


def test_the_name_is_taken_whole(tmp_path: Path) -> None:
    parties = [
        {"id": id, "kind": "state", "name": {"en": id, "ru": id}, **more}
        for id, more in (("SUN", {}), ("SUNK", {}), ("RUS", {"from": "1991-12-26", "continues": "SUN"}))
    ]
    book = clean_book(
        tmp_path, parties=parties, forums=[], statements={"reports": [report("SUNK", "5", "1992", id="one")]}
    )
    assert View(book.record, date(1993, 1, 1)).of("report")["party"].to_list() == ["SUNK"]


def test_the_record_itself_is_not_renamed(tmp_path: Path) -> None:
    book = soviet(tmp_path)
    View(book, date(2000, 1, 1)).of("report")
    assert book.by_kind("report")["party"].to_list() == ["USA;SUN", "SUN"]


def announced(folder: Path, on: str, known_by: str = "") -> list[str]:
    rows = [
        meeting("bcc", "2018-04-01", id="held"),
        meeting("bcc", "2018-10-01", known="2018-05-01", id="planned"),
        meeting("bcc", "2018-11-01", known="2018-09-01", id="later"),
    ]
    book = clean_book(folder, statements={"meetings": rows}).record
    known = date.fromisoformat(known_by) if known_by else None
    return View(book, date.fromisoformat(on), known).announced("meeting")["id"].to_list()


def test_what_is_announced_is_known_and_still_to_come(tmp_path: Path) -> None:
    assert announced(tmp_path, "2018-07-10") == ["planned"]
    assert announced(tmp_path, "2018-04-30") == []
    assert announced(tmp_path, "2018-10-01") == ["later"]


def test_what_is_announced_depends_on_what_was_known(tmp_path: Path) -> None:
    assert announced(tmp_path, "2018-07-10", "2018-04-30") == []
    assert announced(tmp_path, "2018-07-10", "2018-09-01") == ["planned", "later"]


def test_a_kind_of_which_there_is_nothing_is_empty(tmp_path: Path) -> None:
    view = View(record(tmp_path), date(2018, 1, 1))
    assert view.of("concern").height == 0
    assert view.announced("concern").height == 0


DAYS = st.dates(date(2017, 1, 1), date(2019, 12, 31))
FORMS = st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS, FORMS), min_size=1, max_size=6), DAYS, DAYS)
def test_what_counts_is_what_has_come_and_is_known(
    tmp_path_factory: pytest.TempPathFactory, statements: list[tuple[date, date, str]], on: date, known_by: date
) -> None:
    rows = [
        report("USA", "5", true.strftime(form), known=known.strftime(form), id=f"n{number}")
        for number, (true, known, form) in enumerate(statements)
    ]
    book = record(tmp_path_factory.mktemp("book"), *rows)
    wanted = {row["id"] for row in rows if span(row["on"]).last <= on and span(row["known"]).last <= known_by}
    assert set(View(book, on, known_by).of("report")["id"]) == wanted


def test_days_of_one_knowledge_share_what_is_made_of_it(tmp_path: Path) -> None:
    book = soviet(tmp_path)
    one, other = View(book, date(2000, 1, 1)), View(book, date(2010, 1, 1))
    assert one.knowledge is other.knowledge
    assert View(book, date(1980, 1, 1)).knowledge is not one.knowledge, "other names of the parties"
    assert View(book, date(2010, 1, 1), date(2010, 1, 1)).knowledge is not one.knowledge


def test_only_a_few_states_of_knowledge_are_kept(tmp_path: Path) -> None:
    book = record(tmp_path, report("USA", "5", "2018-02-05", id="one"))
    first = View(book, date(2019, 1, 1)).knowledge
    for year in range(2018, 2040):
        assert visible(book, "2019-01-01", f"{year}-12-31") == ["one"]
        assert View(book, date(2019, 1, 1)).knowledge is first, "what is asked for again is kept"
    assert len(book.kept["knowledge"]) < 10


def test_the_last_word_of_a_thread_speaks_until_the_next(tmp_path: Path) -> None:
    book = record(
        tmp_path,
        report("USA", "5", "2018-02-05", id="first"),
        report("RUS", "6", "2018-02-07", id="other"),
        report("USA", "7", "2018-03-01", id="second"),
        report("USA", "8", "2018-03-01", id="third"),
    )
    rows = in_threads(View(book, date(2019, 1, 1)).of("report"), ["measure", "party"])
    spans = {id: (begins.isoformat(), ends) for id, begins, ends in rows.select("id", "on_last", "beyond").iter_rows()}
    assert rows["id"].to_list() == ["first", "second", "third", "other"]
    assert spans["first"] == ("2018-02-05", date(2018, 3, 1))
    assert spans["second"] == ("2018-03-01", date(2018, 3, 1)), "spoken over on the same day"
    assert spans["third"][1] == spans["other"][1] == FAR
