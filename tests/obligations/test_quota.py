from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from builders import Row
from builders import article
from builders import clean_book
from builders import finding
from builders import report
from builders import signed_and_in_force
from builders import treaty
from builders import verdict
from detente.obligations.quota import judge
from detente.reading.casebook import Casebook
from obligations.support import Branch
from obligations.support import by_all
from obligations.support import ids

SCHEMA: dict[str, pl.DataType] = {"count": pl.Int64(), "at_most_count": pl.Int64()}
BRANCHES = [
    Branch("not used", {"count": 0, "at_most_count": 18}, "met", "within-quota"),
    Branch("used up", {"count": 18, "at_most_count": 18}, "met", "within-quota"),
    Branch("used once too often", {"count": 19, "at_most_count": 18}, "not met", "over-quota"),
    Branch("not reported", {"at_most_count": 18}, "cannot tell", "no-report"),
]


@pytest.mark.parametrize("branch", BRANCHES, ids=ids(BRANCHES))
def test_every_branch(branch: Branch) -> None:
    assert by_all(judge, SCHEMA, [branch.cells]) == [(branch.state, branch.reason)]


def test_an_empty_frame_gives_nothing_and_an_empty_row_is_not_met() -> None:
    assert by_all(judge, SCHEMA, []) == []
    assert by_all(judge, SCHEMA, [{}]) == [("cannot tell", "no-report")]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 20)), st.integers(0, 20)), max_size=10))
def test_the_columns_judge_as_the_scalar_rule(pairs: list[tuple[int | None, int]]) -> None:
    wanted = ["cannot tell" if used is None else "met" if used <= allowed else "not met" for used, allowed in pairs]
    rows = [{"count": used, "at_most_count": allowed} for used, allowed in pairs]
    assert [state for state, _ in by_all(judge, SCHEMA, rows)] == wanted


def book(folder: Path, *reports: Row) -> Casebook:
    law = treaty("pact", article("II", "quota", measure="inspections", at_most=18, per="P1Y"))
    statements = {"acts": signed_and_in_force("2011-02-05"), "reports": list(reports)}
    return clean_book(folder, treaties=[law], statements=statements)


def used(value: str, on: str, silence: str = "") -> Row:
    return report("USA", value, on, measure="inspections", silence=silence or "given")


def test_the_number_that_the_party_reported_is_judged(tmp_path: Path) -> None:
    casebook = book(tmp_path, used("18", "2018-02-04"), used("19", "2019-02-04"))
    assert verdict(casebook, "2018-02-03") == ("cannot tell", "no-report")
    assert verdict(casebook, "2018-02-04") == ("met", "within-quota")
    assert verdict(casebook, "2019-02-04") == ("not met", "over-quota")
    assert finding(casebook, "2019-02-04")["value"] == "19"


@pytest.mark.parametrize("silence", ["withheld", "suspended", "unknown", "nothing-new"])
def test_silence_is_no_zero(tmp_path: Path, silence: str) -> None:
    casebook = book(tmp_path, used("18", "2018-02-04"), used("", "2019-02-04", silence))
    assert verdict(casebook, "2019-02-04") == ("cannot tell", "no-report")
