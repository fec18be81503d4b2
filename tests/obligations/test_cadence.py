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
from builders import article
from builders import clean_book
from builders import finding
from builders import meeting
from builders import notice
from builders import report
from builders import signed_and_in_force
from builders import treaty
from builders import verdict
from detente.obligations.cadence import judge
from detente.obligations.cadence import turn
from detente.reading.casebook import Casebook
from detente.record.dates import add_period
from obligations.support import Branch
from obligations.support import Cells
from obligations.support import by_all
from obligations.support import ids

ON = date(2018, 7, 10)
TURN = date(2018, 3, 1)
SCHEMA: dict[str, pl.DataType] = {
    "what": pl.String(), "seen": pl.Date(), "turn": pl.Date(), "late_from": pl.Date(), "seen_silence": pl.String()
}  # fmt: skip


def told(seen: date | None, silence: str | None = "given", **more: object) -> Cells:
    return {"what": "report", "seen": seen, "turn": TURN, "late_from": ON, "seen_silence": silence, **more}


def met(seen: date | None, late_from: date, **more: object) -> Cells:
    return {"what": "meeting", "seen": seen, "turn": TURN, "late_from": late_from, "seen_silence": "given", **more}


DAY = timedelta(1)
BRANCHES = [
    Branch("the first is not due", told(None, turn=None), "not yet due", "first-not-due"),
    Branch("not due, though done", told(TURN, turn=None), "not yet due", "first-not-due"),
    Branch("told on the turn", told(TURN), "met", "held"),
    Branch("told after the turn", told(TURN + DAY), "met", "held"),
    Branch("told before the turn", told(TURN - DAY), "cannot tell", "none-on-record"),
    Branch("never told", told(None, None), "cannot tell", "none-on-record"),
    Branch("nothing new is told", told(TURN, "nothing-new"), "met", "held"),
    Branch("withheld for the turn", told(TURN, "withheld"), "not met", "withheld"),
    Branch("suspended for the turn", told(TURN, "suspended"), "not met", "withheld"),
    Branch("withheld before the turn", told(TURN - DAY, "withheld"), "cannot tell", "none-on-record"),
    Branch("a session not long ago", met(TURN - DAY, ON + DAY), "met", "held"),
    Branch("a session too long ago", met(TURN + DAY, ON), "cannot tell", "none-on-record"),
    Branch("no session", met(None, ON + DAY), "cannot tell", "none-on-record"),
]
on_the_day = partial(judge, on=ON)


@pytest.mark.parametrize("branch", BRANCHES, ids=ids(BRANCHES))
def test_every_branch(branch: Branch) -> None:
    assert by_all(on_the_day, SCHEMA, [branch.cells]) == [(branch.state, branch.reason)]


def test_an_empty_frame_gives_nothing_and_an_empty_row_is_not_met() -> None:
    assert by_all(on_the_day, SCHEMA, []) == []
    assert by_all(on_the_day, SCHEMA, [{}]) == [("not yet due", "first-not-due")]


FIRST = date(2011, 3, 22)


@pytest.mark.parametrize(
    ("on", "last", "next_due"),
    [
        ("2011-03-21", None, "2011-04-21"),
        ("2011-04-20", None, "2011-04-21"),
        ("2011-04-21", "2011-03-22", "2011-10-22"),
        ("2011-10-21", "2011-03-22", "2011-10-22"),
        ("2011-10-22", "2011-09-22", "2012-04-21"),
        ("2018-07-10", "2018-03-22", "2018-10-22"),
    ],
)
def test_a_turn_is_due_once_its_grace_has_run_out(on: str, last: str | None, next_due: str) -> None:
    found = turn(FIRST, "P6M", "P30D", date.fromisoformat(on))
    assert found == (date.fromisoformat(last) if last else None, date.fromisoformat(next_due))


def test_turns_of_months_do_not_drift() -> None:
    assert turn(date(2018, 1, 31), "P1M", "P0D", date(2018, 3, 31)).last == date(2018, 3, 31)


PERIODS = st.sampled_from(["P1M", "P6M", "P1Y", "P90D"])


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(2000, 1, 1), date(2004, 1, 1)),
    PERIODS,
    st.integers(0, 40),
    st.dates(date(1999, 1, 1), date(2006, 1, 1)),
)
def test_the_turn_is_the_last_of_all_turns(first: date, every: str, grace: int, on: date) -> None:
    text = f"P{grace}D"
    turns = [add_period(first, every, count) for count in range(120)]
    over = [step for step in turns if add_period(step, text) <= on]
    found = turn(first, every, text, on)
    assert found.last == (over[-1] if over else None)
    assert found.next_due == add_period(turns[len(over)], text)
    assert found.next_due > on


REPORTS: Table = {
    "what": "report",
    "measures": ["warheads", "mass"],
    "every": "P6M",
    "first": "2011-03-01",
    "grace": "P30D",
}
SESSIONS: Table = {"what": "meeting", "forum": "bcc", "every": "P6M", "first": "2011-08-05", "grace": "P0D"}
NOTICES: Table = {"what": "notice", "every": "P1Y", "first": "2012-01-01", "grace": "P0D"}


def book(folder: Path, cadence: Table, authority: str = "", **statements: list[Row]) -> Casebook:
    law = treaty("pact", article("II", "cadence", **cadence), authority=authority)
    every = {"acts": signed_and_in_force("2011-02-05"), **statements}
    return clean_book(folder, treaties=[law], statements=every)


def test_a_report_of_any_of_the_measures_is_enough(tmp_path: Path) -> None:
    casebook = book(tmp_path, REPORTS, reports=[report("USA", "5.5", "2011-09-01", measure="mass", id="told")])
    assert verdict(casebook, "2011-03-30") == ("not yet due", "first-not-due")
    assert verdict(casebook, "2011-03-31") == ("cannot tell", "none-on-record")
    assert verdict(casebook, "2011-09-01") == ("met", "held")
    assert verdict(casebook, "2012-03-30") == ("met", "held")
    assert verdict(casebook, "2012-03-31") == ("cannot tell", "none-on-record")
    assert finding(casebook, "2011-09-01")["evidence"] == ["told"]


def test_what_was_withheld_is_not_met(tmp_path: Path) -> None:
    withheld = report("USA", "", "2011-09-01", silence="withheld")
    casebook = book(tmp_path, REPORTS, reports=[withheld])
    assert verdict(casebook, "2011-10-01") == ("not met", "withheld")
    assert verdict(casebook, "2012-03-31") == ("cannot tell", "none-on-record")


def test_another_partys_report_is_not_ones_own(tmp_path: Path) -> None:
    casebook = book(tmp_path, REPORTS, reports=[report("USA", "5", "2011-09-01", author="RUS")])
    assert verdict(casebook, "2011-10-01") == ("cannot tell", "none-on-record")


def test_the_body_that_the_text_names_may_report(tmp_path: Path) -> None:
    told_by_it = [report("USA", "5", "2011-09-01", author="IAEA")]
    assert verdict(book(tmp_path / "1", REPORTS, "IAEA", reports=told_by_it), "2011-10-01") == ("met", "held")
    without = book(tmp_path / "2", REPORTS, reports=told_by_it)
    assert verdict(without, "2011-10-01") == ("cannot tell", "none-on-record")


def test_a_session_counts_from_the_last_one(tmp_path: Path) -> None:
    casebook = book(tmp_path, SESSIONS, meetings=[meeting("bcc", "2011-12-01", id="first")])
    assert verdict(casebook, "2011-08-04") == ("not yet due", "first-not-due")
    assert verdict(casebook, "2011-08-05") == ("cannot tell", "none-on-record")
    assert verdict(casebook, "2012-05-31") == ("met", "held")
    assert verdict(casebook, "2012-06-01") == ("cannot tell", "none-on-record")
    assert finding(casebook, "2012-01-01")["next_due"] == date(2012, 6, 1)


def test_a_session_has_its_grace(tmp_path: Path) -> None:
    casebook = book(tmp_path, {**SESSIONS, "grace": "P10D"}, meetings=[meeting("bcc", "2011-12-01")])
    assert verdict(casebook, "2012-06-10") == ("met", "held")
    assert verdict(casebook, "2012-06-11") == ("cannot tell", "none-on-record")


def test_a_notice_under_the_instrument_is_enough(tmp_path: Path) -> None:
    mine = notice("USA", "2012-02-01", "data", instrument="pact")
    casebook = book(tmp_path, NOTICES, notices=[mine])
    assert verdict(casebook, "2011-12-31") == ("not yet due", "first-not-due")
    assert verdict(casebook, "2012-01-31") == ("cannot tell", "none-on-record")
    assert verdict(casebook, "2012-12-31") == ("met", "held")
    assert verdict(casebook, "2013-01-01") == ("cannot tell", "none-on-record")
    assert verdict(casebook, "2012-12-31", party="RUS") == ("cannot tell", "none-on-record")


def test_a_notice_under_no_instrument_is_not(tmp_path: Path) -> None:
    casebook = book(tmp_path, NOTICES, notices=[notice("USA", "2012-02-01", "data")])
    assert verdict(casebook, "2012-03-01") == ("cannot tell", "none-on-record")


def test_the_first_turn_may_count_from_entry_into_force(tmp_path: Path) -> None:
    anchored = {**REPORTS, "first": {"after": "entry-into-force", "period": "P45D"}, "grace": "P0D"}
    casebook = book(tmp_path, anchored)
    assert verdict(casebook, "2011-03-21") == ("not yet due", "first-not-due")
    assert verdict(casebook, "2011-03-22") == ("cannot tell", "none-on-record")
