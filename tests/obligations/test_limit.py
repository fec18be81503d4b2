from __future__ import annotations

from datetime import date
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from builders import Row
from builders import Table
from builders import clean_book
from builders import finding
from builders import limit
from builders import report
from builders import signed_and_in_force
from builders import treaty
from builders import verdict
from detente.obligations.limit import judge
from detente.reading.casebook import Casebook
from obligations.support import Branch
from obligations.support import Cells
from obligations.support import by_all
from obligations.support import frame
from obligations.support import ids
from obligations.support import verdicts

ON = date(2018, 7, 10)
SCHEMA: dict[str, pl.DataType] = {
    "count": pl.Int64(), "quantity": pl.Float64(), "silence": pl.String(), "good_until": pl.Date(),
    "at_most_count": pl.Int64(), "at_least_count": pl.Int64(), "at_most_quantity": pl.Float64(),
    "at_least_quantity": pl.Float64(),
}  # fmt: skip
FRESH = {"silence": "given", "good_until": date(2019, 1, 1)}
BRANCHES = [
    Branch("below the most", {**FRESH, "count": 1549, "at_most_count": 1550}, "met", "within"),
    Branch("at the most", {**FRESH, "count": 1550, "at_most_count": 1550}, "met", "within"),
    Branch("above the most", {**FRESH, "count": 1551, "at_most_count": 1550}, "not met", "beyond"),
    Branch("none where none may be", {**FRESH, "count": 0, "at_most_count": 0}, "met", "within"),
    Branch("one where none may be", {**FRESH, "count": 1, "at_most_count": 0}, "not met", "beyond"),
    Branch("at the least", {**FRESH, "count": 5, "at_least_count": 5}, "met", "within"),
    Branch("below the least", {**FRESH, "count": 4, "at_least_count": 5}, "not met", "beyond"),
    Branch("between", {**FRESH, "count": 5, "at_least_count": 4, "at_most_count": 6}, "met", "within"),
    Branch("a quantity at the most", {**FRESH, "quantity": 300.0, "at_most_quantity": 300.0}, "met", "within"),
    Branch("a quantity above", {**FRESH, "quantity": 300.1, "at_most_quantity": 300.0}, "not met", "beyond"),
    Branch("a quantity below", {**FRESH, "quantity": 0.1, "at_least_quantity": 0.2}, "not met", "beyond"),
    Branch("nil is a number", {**FRESH, "silence": "nil", "count": 0, "at_most_count": 5}, "met", "within"),
    Branch("withheld", {"silence": "withheld", "at_most_count": 5}, "cannot tell", "withheld"),
    Branch("suspended", {"silence": "suspended", "at_most_count": 5}, "cannot tell", "silent-suspended"),
    Branch("unknown", {"silence": "unknown", "at_most_count": 5}, "cannot tell", "silent-unknown"),
    Branch("nothing new", {"silence": "nothing-new", "at_most_count": 5}, "cannot tell", "silent-nothing-new"),
    Branch("no report", {"at_most_count": 5}, "cannot tell", "no-report"),
    Branch("given without a number", {**FRESH, "at_most_count": 5}, "cannot tell", "no-report"),
    Branch("too old", {**FRESH, "good_until": ON, "count": 5, "at_most_count": 5}, "cannot tell", "stale"),
    Branch("too old and beyond", {**FRESH, "good_until": ON, "count": 6, "at_most_count": 5}, "cannot tell", "stale"),
    Branch(
        "the last good day", {**FRESH, "good_until": ON + timedelta(1), "count": 5, "at_most_count": 5}, "met", "within"
    ),
    Branch("good for ever", {"silence": "given", "count": 5, "at_most_count": 5}, "met", "within"),
    Branch(
        "withheld, whatever the number",
        {**FRESH, "silence": "withheld", "count": 5, "at_most_count": 5},
        "cannot tell",
        "withheld",
    ),
]
on_the_day = partial(judge, on=ON)


@pytest.mark.parametrize("branch", BRANCHES, ids=ids(BRANCHES))
def test_every_branch(branch: Branch) -> None:
    assert by_all(on_the_day, SCHEMA, [branch.cells]) == [(branch.state, branch.reason)]


def test_many_rows_are_judged_at_once() -> None:
    found = by_all(on_the_day, SCHEMA, [branch.cells for branch in BRANCHES])
    assert found == [(branch.state, branch.reason) for branch in BRANCHES]


def test_an_empty_frame_gives_nothing() -> None:
    assert by_all(on_the_day, SCHEMA, []) == []


def test_an_empty_row_is_never_met() -> None:
    assert by_all(on_the_day, SCHEMA, [{}]) == [("cannot tell", "no-report")]


def test_the_rows_own_columns_stay() -> None:
    rows = frame({**SCHEMA, "party": pl.String()}, [{"party": "USA", **BRANCHES[0].cells}])
    judged = judge(rows, ON)
    assert judged.select(rows.columns).equals(rows)
    assert judged.columns == [*rows.columns, "reason", "state"]


def test_the_plain_frames_of_pandas_are_judged_too() -> None:
    rows = frame(SCHEMA, [BRANCHES[0].cells, BRANCHES[2].cells])
    assert verdicts(judge(rows.to_pandas(), ON)) == verdicts(judge(rows, ON))


def reference(row: Cells, on: date) -> tuple[str, str]:
    """The rule for one row, in plain Python."""
    silent = {
        "withheld": "withheld", "suspended": "silent-suspended", "unknown": "silent-unknown",
        "nothing-new": "silent-nothing-new",
    }  # fmt: skip
    if row["silence"] in silent:
        return "cannot tell", silent[row["silence"]]
    if row["count"] is None and row["quantity"] is None:
        return "cannot tell", "no-report"
    if row["good_until"] is not None and row["good_until"] <= on:
        return "cannot tell", "stale"
    for kind in ("count", "quantity"):
        number, most, least = row[kind], row[f"at_most_{kind}"], row[f"at_least_{kind}"]
        if number is not None and ((most is not None and number > most) or (least is not None and number < least)):
            return "not met", "beyond"
    return "met", "within"


COUNTS = st.one_of(st.none(), st.integers(0, 6), st.integers(2**53, 2**53 + 3))
QUANTITIES = st.one_of(st.none(), st.sampled_from([0.0, 0.1, 0.3, 3.67, 300.0]))
DAYS = st.one_of(st.none(), st.dates(ON - timedelta(3), ON + timedelta(3)))
SILENCES = st.sampled_from([None, "given", "given", "given", "nil", "withheld", "suspended", "unknown", "nothing-new"])
ROWS = st.fixed_dictionaries(
    {
        "count": COUNTS, "quantity": QUANTITIES, "silence": SILENCES, "good_until": DAYS,
        "at_most_count": COUNTS, "at_least_count": COUNTS, "at_most_quantity": QUANTITIES,
        "at_least_quantity": QUANTITIES,
    }
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, max_size=20))
def test_the_columns_judge_as_the_scalar_rule(rows: list[dict[str, Any]]) -> None:
    assert by_all(on_the_day, SCHEMA, rows) == [reference(row, ON) for row in rows]


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_what_lacks_a_number_is_never_met(row: dict[str, Any]) -> None:
    ((state, _),) = verdicts(judge(frame(SCHEMA, [{**row, "count": None, "quantity": None}]), ON))
    assert state == "cannot tell"


IN_FORCE = signed_and_in_force("2011-02-05")


def book(folder: Path, *reports: Row, **more: object) -> Casebook:
    law: Table = treaty("pact", limit("II", **more))
    return clean_book(folder, treaties=[law], statements={"acts": IN_FORCE, "reports": list(reports)})


def test_a_report_is_evidence_until_the_boundary_day(tmp_path: Path) -> None:
    casebook = book(tmp_path, report("USA", "1500", "2018-02-05"), evidence_within="P1Y")
    assert verdict(casebook, "2018-02-04") == ("cannot tell", "no-report")
    assert verdict(casebook, "2018-02-05") == ("met", "within")
    assert verdict(casebook, "2019-02-04") == ("met", "within")
    assert verdict(casebook, "2019-02-05") == ("cannot tell", "stale")


def test_an_approximate_report_is_evidence_from_its_last_day(tmp_path: Path) -> None:
    casebook = book(tmp_path, report("USA", "1500", "2018-02"), evidence_within="P1M")
    assert verdict(casebook, "2018-02-27") == ("cannot tell", "no-report")
    assert verdict(casebook, "2018-03-27") == ("met", "within")
    assert verdict(casebook, "2018-03-28") == ("cannot tell", "stale")


def test_the_finding_names_its_value_limit_and_evidence(tmp_path: Path) -> None:
    found = finding(book(tmp_path, report("USA", "1500", "2018-02-05", id="told")), "2018-02-05")
    assert (found["value"], found["limit"], found["evidence"]) == ("1500", "<= 1550", ["told"])
    assert (found["id"], found["standing"]) == ("pact/II/USA", "bound")


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"at_most": 1550}, "<= 1550"),
        ({"at_most": None, "at_least": 10}, ">= 10"),
        ({"at_least": 10}, "10-1550"),
        ({"measure": "mass", "at_most": 300}, "<= 300"),
        ({"measure": "mass", "at_most": 3.67}, "<= 3.67"),
    ],
)
def test_the_limit_in_words(tmp_path: Path, more: Table, wanted: str) -> None:
    parameters = {key: value for key, value in limit("II", **more).items() if value is not None}
    law = treaty("pact", parameters)
    casebook = clean_book(tmp_path, treaties=[law], statements={"acts": IN_FORCE})
    assert finding(casebook, "2018-02-05")["limit"] == wanted


def test_a_limit_of_an_item_reads_the_reports_of_that_item(tmp_path: Path) -> None:
    reports = [report("USA", "9", "2018-02-05", item="natanz", id="a"), report("USA", "1", "2018-02-06", id="b")]
    total = book(tmp_path / "1", *reports, at_most=5)
    item = book(tmp_path / "2", *reports, at_most=5, item="natanz")
    other = book(tmp_path / "3", *reports, at_most=5, item="fordow")
    assert verdict(total, "2018-03-01") == ("met", "within")
    assert verdict(item, "2018-03-01") == ("not met", "beyond")
    assert verdict(other, "2018-03-01") == ("cannot tell", "no-report")


def test_the_last_report_counts(tmp_path: Path) -> None:
    casebook = book(tmp_path, report("USA", "1600", "2018-02-05"), report("USA", "1500", "2018-03-05"))
    assert verdict(casebook, "2018-03-04") == ("not met", "beyond")
    assert verdict(casebook, "2018-03-05") == ("met", "within")


def test_a_report_of_several_is_one_of_each(tmp_path: Path) -> None:
    casebook = book(tmp_path, report("USA;RUS", "1600", "2018-02-05"))
    assert verdict(casebook, "2018-02-05") == ("not met", "beyond")
    assert verdict(casebook, "2018-02-05", party="RUS") == ("cannot tell", "no-report")
    assert verdict(casebook, "2018-02-05", party="RUS", author="USA") == ("not met", "beyond")


@pytest.mark.parametrize("silence", ["withheld", "suspended", "unknown", "nothing-new"])
def test_silence_is_no_zero(tmp_path: Path, silence: str) -> None:
    casebook = book(tmp_path, report("USA", "1600", "2018-02-05"), report("USA", "", "2018-03-05", silence=silence))
    found = finding(casebook, "2018-03-05")
    assert (found["state"], found["value"]) == ("cannot tell", None)


def test_a_declared_nil_is_zero(tmp_path: Path) -> None:
    casebook = book(tmp_path, report("USA", "0", "2018-02-05", silence="nil"), at_most=0)
    found = finding(casebook, "2018-02-05")
    assert (found["state"], found["value"]) == ("met", "0")
