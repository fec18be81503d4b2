from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from builders import Row
from builders import article
from builders import clean_book
from builders import concern
from builders import signed_and_in_force
from builders import treaty
from builders import verdict
from detente.obligations.undertaking import judge
from detente.reading.casebook import Casebook
from obligations.support import Branch
from obligations.support import by_all
from obligations.support import ids

SCHEMA: dict[str, pl.DataType] = {"still_open": pl.Boolean()}
BRANCHES = [
    Branch("no concern was ever raised", {}, "cannot tell", "no-concern"),
    Branch("one is open", {"still_open": True}, "cannot tell", "doubt"),
    Branch("all are resolved", {"still_open": False}, "met", "all-resolved"),
]


@pytest.mark.parametrize("branch", BRANCHES, ids=ids(BRANCHES))
def test_every_branch(branch: Branch) -> None:
    assert by_all(judge, SCHEMA, [branch.cells]) == [(branch.state, branch.reason)]


def test_an_empty_frame_gives_nothing() -> None:
    assert by_all(judge, SCHEMA, []) == []


def book(folder: Path, *concerns: Row) -> Casebook:
    law = treaty("pact", article("II", "undertaking"), article("VI", "undertaking"))
    statements = {"acts": signed_and_in_force("2011-02-05"), "concerns": list(concerns)}
    return clean_book(folder, treaties=[law], statements=statements)


ALLEGED = concern("RUS", "allege", "2015-01-01", "USA")


def test_no_concern_proves_nothing(tmp_path: Path) -> None:
    assert verdict(book(tmp_path), "2018-01-01") == ("cannot tell", "no-concern")


@pytest.mark.parametrize("verb", ["allege", "question"])
def test_an_open_concern_is_a_doubt_in_the_common_reading(tmp_path: Path, verb: str) -> None:
    casebook = book(tmp_path, concern("RUS", verb, "2015-01-01", "USA"))
    assert verdict(casebook, "2014-12-31") == ("cannot tell", "no-concern")
    assert verdict(casebook, "2015-01-01") == ("cannot tell", "doubt")


@pytest.mark.parametrize("verb", ["resolve", "withdraw"])
def test_what_was_raised_and_resolved_is_met(tmp_path: Path, verb: str) -> None:
    casebook = book(tmp_path, ALLEGED, concern("RUS", verb, "2016-01-01", "USA"))
    assert verdict(casebook, "2015-12-31") == ("cannot tell", "doubt")
    assert verdict(casebook, "2016-01-01") == ("met", "all-resolved")
    assert verdict(casebook, "2016-01-01", author="RUS") == ("", "")


def test_one_resolved_topic_of_two_is_not_enough(tmp_path: Path) -> None:
    other = concern("RUS", "allege", "2015-06-01", "USA", topic="other")
    casebook = book(tmp_path, ALLEGED, other, concern("RUS", "resolve", "2016-01-01", "USA"))
    assert verdict(casebook, "2018-01-01") == ("cannot tell", "doubt")


def test_one_resolved_author_of_two_is_not_enough(tmp_path: Path) -> None:
    other = concern("GBR", "allege", "2015-06-01", "USA")
    casebook = book(tmp_path, ALLEGED, other, concern("RUS", "resolve", "2016-01-01", "USA"))
    assert verdict(casebook, "2018-01-01") == ("cannot tell", "doubt")


def test_an_answer_closes_nothing_for_the_others(tmp_path: Path) -> None:
    casebook = book(tmp_path, ALLEGED, concern("USA", "answer", "2016-01-01", "USA"))
    assert verdict(casebook, "2018-01-01") == ("cannot tell", "doubt")
    assert verdict(casebook, "2018-01-01", author="USA") == ("met", "answered")
    assert verdict(casebook, "2018-01-01", author="RUS") == ("not met", "concern")


def test_a_concern_is_about_its_own_article_and_party(tmp_path: Path) -> None:
    casebook = book(tmp_path, ALLEGED)
    assert verdict(casebook, "2018-01-01", "VI") == ("cannot tell", "no-concern")
    assert verdict(casebook, "2018-01-01", party="RUS") == ("cannot tell", "no-concern")


def test_a_concern_may_be_about_several(tmp_path: Path) -> None:
    casebook = book(tmp_path, concern("GBR", "allege", "2015-01-01", "USA;RUS"))
    for name in ("USA", "RUS"):
        assert verdict(casebook, "2018-01-01", party=name) == ("cannot tell", "doubt")
        assert verdict(casebook, "2018-01-01", party=name, author="GBR") == ("not met", "concern")
