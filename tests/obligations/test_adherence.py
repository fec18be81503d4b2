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
from builders import article
from builders import clean_book
from builders import finding
from builders import treaty
from builders import verdict
from detente.obligations.adherence import judge
from detente.reading.casebook import Casebook
from obligations.support import Branch
from obligations.support import by_all
from obligations.support import ids

ON = date(2018, 7, 10)
LATER = ON + timedelta(1)
SCHEMA: dict[str, pl.DataType] = {"adheres": pl.Boolean(), "deadline": pl.Date(), "complete": pl.Boolean()}
BRANCHES = [
    Branch("in force", {"adheres": True, "deadline": ON, "complete": False}, "met", "adheres"),
    Branch("in force, before the deadline", {"adheres": True, "deadline": LATER, "complete": True}, "met", "adheres"),
    Branch("the time runs", {"deadline": LATER, "complete": True}, "not yet due", "within-time"),
    Branch("the time is over, on a whole roll", {"deadline": ON, "complete": True}, "not met", "not-adhered"),
    Branch("the time is over, on part of a roll", {"deadline": ON, "complete": False}, "cannot tell", "no-act"),
    Branch("no deadline, on a whole roll", {"complete": True}, "not met", "not-adhered"),
    Branch("no deadline, on part of a roll", {"complete": False}, "cannot tell", "no-act"),
]
on_the_day = partial(judge, on=ON)


@pytest.mark.parametrize("branch", BRANCHES, ids=ids(BRANCHES))
def test_every_branch(branch: Branch) -> None:
    assert by_all(on_the_day, SCHEMA, [branch.cells]) == [(branch.state, branch.reason)]


def test_an_empty_frame_gives_nothing_and_an_empty_row_is_not_met() -> None:
    assert by_all(on_the_day, SCHEMA, []) == []
    assert by_all(on_the_day, SCHEMA, [{}]) == [("cannot tell", "no-act")]


def reference(adheres: bool | None, deadline: date | None, complete: bool) -> str:
    if adheres:
        return "met"
    if deadline is not None and deadline > ON:
        return "not yet due"
    return "not met" if complete else "cannot tell"


DAYS = st.one_of(st.none(), st.dates(ON - timedelta(2), ON + timedelta(2)))
ROWS = st.tuples(st.sampled_from([None, True, False]), DAYS, st.booleans())


@settings(max_examples=30, deadline=None)
@given(st.lists(ROWS, max_size=10))
def test_the_columns_judge_as_the_scalar_rule(rows: list[tuple[bool | None, date | None, bool]]) -> None:
    cells = [dict(zip(SCHEMA, row, strict=True)) for row in rows]
    assert [state for state, _ in by_all(on_the_day, SCHEMA, cells)] == [reference(*row) for row in rows]


NPT = treaty(
    "pact", article("II", "adherence", requires="agreement", within="P18M"), membership="open", participants=[]
)


def book(folder: Path, *acts: Row, law: Table = NPT, **more: object) -> Casebook:
    agreement = treaty("agreement", membership="open", participants=[], **more)
    base = [
        act("enter-into-force", "1970-03-05"),
        act("accede", "1980-01-31", "FRA"),
        act("enter-into-force", "1960-01-01", instrument="agreement"),
    ]
    return clean_book(folder, treaties=[law, agreement], statements={"acts": [*base, *acts]})


def of_france(casebook: Casebook, on: str) -> tuple[str, str]:
    return verdict(casebook, on, party="FRA")


JOINED = act("accede", "1985-01-01", "FRA", instrument="agreement", id="joined")


def test_the_time_counts_from_the_partys_own_consent(tmp_path: Path) -> None:
    casebook = book(tmp_path, roll="complete")
    assert of_france(casebook, "1980-01-30") == ("", "")
    assert of_france(casebook, "1981-07-30") == ("not yet due", "within-time")
    assert of_france(casebook, "1981-07-31") == ("not met", "not-adhered")
    assert finding(casebook, "1981-07-30", party="FRA")["until"] == date(1981, 7, 31)


def test_what_is_missing_from_part_of_a_roll_is_not_shown_undone(tmp_path: Path) -> None:
    assert of_france(book(tmp_path), "1981-07-31") == ("cannot tell", "no-act")


def test_the_required_instrument_in_force_is_adherence(tmp_path: Path) -> None:
    casebook = book(tmp_path, JOINED, roll="complete")
    assert of_france(casebook, "1984-12-31") == ("not met", "not-adhered")
    assert of_france(casebook, "1985-01-01") == ("met", "adheres")
    assert "joined" in finding(casebook, "1985-01-01", party="FRA")["evidence"]


@pytest.mark.parametrize("verb", ["sign", "suspend"])
def test_less_than_bound_is_no_adherence(tmp_path: Path, verb: str) -> None:
    acts = [act(verb, "1985-06-01", "FRA", instrument="agreement")]
    acts += [JOINED] if verb == "suspend" else []
    assert of_france(book(tmp_path, *acts), "1986-01-01") == ("cannot tell", "no-act")


def test_who_leaves_still_adheres_until_it_is_out(tmp_path: Path) -> None:
    leave = act("withdraw", "1990-01-01", "FRA", instrument="agreement", effect="1990-06-01")
    casebook = book(tmp_path, JOINED, leave)
    assert of_france(casebook, "1990-05-31") == ("met", "adheres")
    assert of_france(casebook, "1990-06-01") == ("cannot tell", "no-act")


def by_act(folder: Path, *acts: Row, **more: object) -> Casebook:
    law = treaty(
        "pact", article("II", "adherence", act="ratify", **more), membership="open", participants=[], roll="complete"
    )
    return book(folder, *acts, law=law)


def test_an_act_of_the_instrument_itself_may_be_required(tmp_path: Path) -> None:
    casebook = by_act(tmp_path, act("ratify", "1990-01-01", "FRA", id="done"), within="P5Y")
    assert of_france(casebook, "1984-12-31") == ("not yet due", "within-time")
    assert of_france(casebook, "1985-01-31") == ("not met", "not-adhered")
    assert of_france(casebook, "1990-01-01") == ("met", "adheres")


def test_without_a_time_it_is_due_at_once(tmp_path: Path) -> None:
    assert of_france(by_act(tmp_path), "1980-01-31") == ("not met", "not-adhered")


def test_a_date_of_its_own_goes_before_the_partys(tmp_path: Path) -> None:
    casebook = by_act(tmp_path, within="P1Y", **{"from": "1985-01-01"})
    assert of_france(casebook, "1984-12-31") == ("not yet due", "not-begun")
    assert of_france(casebook, "1985-12-31") == ("not yet due", "within-time")
    assert of_france(casebook, "1986-01-01") == ("not met", "not-adhered")
