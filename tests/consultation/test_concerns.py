"""Open concerns: threads that end with a charge or a doubt, since when, and what was answered to them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from builders import Row
from builders import article
from builders import concern
from builders import treaty
from consultation.pair_builder import make
from consultation.pair_builder import reading
from detente.consultation.concerns import Thread
from detente.consultation.concerns import open_threads

PACT = treaty("pact", article("II", "undertaking"))


def threads(folder: Path, on: str, *rows: Row) -> list[Thread]:
    return open_threads(reading(make(folder, [PACT], concerns=list(rows)), on).view)


def test_a_thread_is_open_until_its_author_resolves_it(tmp_path: Path) -> None:
    rows = [
        concern("USA", "question", "2013-05-01", "RUS"),
        concern("USA", "allege", "2014-07-28", "RUS"),
        concern("USA", "resolve", "2016-01-01", "RUS"),
    ]
    assert threads(tmp_path / "a", "2013-04-30", *rows) == []
    [found] = threads(tmp_path / "b", "2015-01-01", *rows)
    assert (found.since, found.last.verb, found.answer) == (date(2013, 5, 1), "allege", None)
    assert threads(tmp_path / "c", "2016-01-01", *rows) == []


def test_one_author_cannot_resolve_what_another_raised(tmp_path: Path) -> None:
    rows = [concern("USA", "allege", "2014-07-28", "RUS"), concern("GBR", "resolve", "2015-01-01", "RUS")]
    assert [t.last.author for t in threads(tmp_path, "2016-01-01", *rows)] == ["USA"]


def test_an_answer_is_of_its_own_author_and_comes_after_the_question(tmp_path: Path) -> None:
    rows = [
        concern("RUS", "answer", "2014-01-01", "RUS", id="early"),
        concern("USA", "allege", "2014-07-28", "RUS"),
    ]
    [found] = threads(tmp_path / "a", "2016-01-01", *rows)
    assert found.answer is None
    rows += [concern("RUS", "answer", "2014-09-01", "USA", id="filed-under-the-other")]
    [found] = threads(tmp_path / "b", "2016-01-01", *rows)
    assert found.answer is not None
    assert found.answer.id == "filed-under-the-other"


def test_a_concern_about_two_is_one_thread_for_each(tmp_path: Path) -> None:
    found = threads(tmp_path, "2016-01-01", concern("USA", "allege", "2014-07-28", "RUS;IRN"))
    assert sorted(t.last.party or "" for t in found) == ["IRN", "RUS"]


def test_what_a_party_says_of_itself_is_no_concern(tmp_path: Path) -> None:
    assert threads(tmp_path, "2016-01-01", concern("RUS", "concede", "2014-07-28", "RUS")) == []
