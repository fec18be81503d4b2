from __future__ import annotations

from datetime import date
from datetime import timedelta
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from builders import Row
from builders import Table
from builders import act
from builders import clean_book
from builders import finding
from builders import signed_and_in_force
from builders import term
from builders import treaty
from builders import verdict
from detente.obligations.term import judge
from detente.reading.casebook import Casebook
from obligations.support import Branch
from obligations.support import by_all
from obligations.support import ids

ON = date(2018, 7, 10)
DAY = timedelta(1)
SCHEMA: dict[str, pl.DataType] = {"out": pl.Date(), "allowed": pl.Date(), "ends": pl.Date()}
BRANCHES = [
    Branch("it runs", {"ends": ON + DAY}, "not yet due", "runs"),
    Branch("it has no end", {}, "not yet due", "unlimited"),
    Branch("the notice runs", {"out": ON + DAY, "allowed": ON + DAY}, "not yet due", "notice-runs"),
    Branch("the notice was kept", {"out": ON, "allowed": ON}, "met", "notice-kept"),
    Branch("the notice was longer", {"out": ON, "allowed": ON - DAY}, "met", "notice-kept"),
    Branch("no notice is wanted", {"out": ON, "ends": ON}, "met", "notice-kept"),
    Branch("the notice was short", {"out": ON, "allowed": ON + DAY}, "not met", "notice-short"),
    Branch("the notice will be short", {"out": ON + DAY, "allowed": ON + 2 * DAY}, "not met", "notice-short"),
    Branch("no notice at all", {"out": ON, "allowed": date.max}, "not met", "notice-short"),
]
on_the_day = partial(judge, on=ON)


@pytest.mark.parametrize("branch", BRANCHES, ids=ids(BRANCHES))
def test_every_branch(branch: Branch) -> None:
    assert by_all(on_the_day, SCHEMA, [branch.cells]) == [(branch.state, branch.reason)]


def test_an_empty_frame_gives_nothing_and_an_empty_row_is_not_met() -> None:
    assert by_all(on_the_day, SCHEMA, []) == []
    assert by_all(on_the_day, SCHEMA, [{}]) == [("not yet due", "unlimited")]


def reference(out: date | None, allowed: date | None, ends: date | None) -> str:
    if out is None:
        return "runs" if ends else "unlimited"
    if allowed is not None and out < allowed:
        return "notice-short"
    return "notice-runs" if out > ON else "notice-kept"


DAYS = st.one_of(st.none(), st.dates(ON - 3 * DAY, ON + 3 * DAY))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS, DAYS), max_size=10))
def test_the_columns_judge_as_the_scalar_rule(rows: list[tuple[date | None, date | None, date | None]]) -> None:
    cells = [dict(zip(SCHEMA, row, strict=True)) for row in rows]
    assert [reason for _, reason in by_all(on_the_day, SCHEMA, cells)] == [reference(*row) for row in rows]


def book(folder: Path, *acts: Row, **article: object) -> Casebook:
    terms: Table = {"duration": "P10Y", "notice": "P3M", **article}
    law = treaty("pact", term("XIV", **terms))
    return clean_book(folder, treaties=[law], statements={"acts": [*signed_and_in_force("2011-02-05"), *acts]})


def of(casebook: Casebook, on: str, party: str = "USA") -> tuple[str, str]:
    return verdict(casebook, on, "XIV", party)


def test_a_term_runs_until_its_end(tmp_path: Path) -> None:
    casebook = book(tmp_path)
    assert of(casebook, "2021-02-04") == ("not yet due", "runs")
    found = finding(casebook, "2021-02-04", "XIV")
    assert (found["ends"], found["until"]) == (date(2021, 2, 5), date(2021, 2, 5))


@pytest.mark.parametrize("article", [{}, {"until": "2021-02-05"}], ids=["by its duration", "by its until"])
def test_the_term_of_what_has_ended_does_not_run(tmp_path: Path, article: Table) -> None:
    assert of(book(tmp_path, **article), "2021-02-05") == ("not applicable", "instrument-ended")


def test_an_unlimited_term(tmp_path: Path) -> None:
    assert of(book(tmp_path, duration=""), "2100-01-01") == ("not yet due", "unlimited")


def test_a_notice_that_is_kept(tmp_path: Path) -> None:
    casebook = book(tmp_path, act("give-notice", "2019-02-02", "USA", id="left"))
    assert of(casebook, "2019-02-01") == ("not yet due", "runs")
    assert of(casebook, "2019-02-02") == ("not yet due", "notice-runs")
    assert of(casebook, "2019-05-01") == ("not yet due", "notice-runs")
    assert of(casebook, "2019-05-02") == ("met", "notice-kept")
    assert finding(casebook, "2019-05-02", "XIV")["evidence"] == ["left"]


@pytest.mark.parametrize(
    ("effect", "wanted"), [("2019-05-01", "notice-short"), ("2019-05-02", "notice-kept"), ("2019-06-01", "notice-kept")]
)
def test_a_stated_day_is_measured_by_the_notice(tmp_path: Path, effect: str, wanted: str) -> None:
    casebook = book(tmp_path, act("withdraw", "2019-02-02", "USA", effect=effect))
    assert of(casebook, "2019-07-01")[1] == wanted


def test_leaving_without_a_notice_is_short(tmp_path: Path) -> None:
    casebook = book(tmp_path, act("withdraw", "2019-02-02", "USA"))
    assert of(casebook, "2019-02-02") == ("not met", "notice-short")


def test_a_notice_and_then_the_departure(tmp_path: Path) -> None:
    leaving = [act("give-notice", "2019-02-02", "USA"), act("withdraw", "2019-05-02", "USA")]
    assert of(book(tmp_path / "1", *leaving), "2019-05-02") == ("met", "notice-kept")
    early = [act("give-notice", "2019-02-02", "USA"), act("withdraw", "2019-04-02", "USA")]
    assert of(book(tmp_path / "2", *early), "2019-05-02") == ("not met", "notice-short")


def test_where_no_notice_is_wanted_none_is_short(tmp_path: Path) -> None:
    casebook = book(tmp_path, act("withdraw", "2019-02-02", "USA"), notice="")
    assert of(casebook, "2019-02-02") == ("met", "notice-kept")


def test_a_notice_that_is_taken_back(tmp_path: Path) -> None:
    casebook = book(tmp_path, act("give-notice", "2019-02-02", "USA"), act("resume", "2019-05-01", "USA"))
    assert of(casebook, "2019-04-30") == ("not yet due", "notice-runs")
    assert of(casebook, "2019-05-01") == ("not yet due", "runs")


def test_the_other_party_left_nothing(tmp_path: Path) -> None:
    casebook = book(tmp_path, act("give-notice", "2019-02-02", "USA"))
    assert of(casebook, "2019-03-01", "RUS") == ("not yet due", "runs")
    assert finding(casebook, "2019-03-01", "XIV", "RUS")["ends"] == date(2019, 5, 2)
