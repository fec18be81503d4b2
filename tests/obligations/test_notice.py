from __future__ import annotations

from datetime import date
from datetime import timedelta
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
from builders import event
from builders import finding
from builders import issue
from builders import notice
from builders import signed_and_in_force
from builders import treaty
from builders import verdict
from detente.obligations.notice import judge
from detente.reading.casebook import Casebook
from obligations.support import Branch
from obligations.support import Cells
from obligations.support import by_all
from obligations.support import ids

EVENT = date(2018, 7, 10)
SCHEMA: dict[str, pl.DataType] = {
    "event": pl.String(), "notice": pl.String(), "told": pl.Date(), "last_day": pl.Date(), "event_day": pl.Date(),
    "timing": pl.String(),
}  # fmt: skip


def row(told: int | None, timing: str = "before", last: int = -1) -> Cells:
    """Return a row of an event and, `told` days after it, a notice; the last day for it is `last` days after."""
    known: Cells = {"event": "e", "event_day": EVENT, "timing": timing, "last_day": EVENT + timedelta(last)}
    return known if told is None else {**known, "notice": "n", "told": EVENT + timedelta(told)}


BRANCHES = [
    Branch("nothing called for one", {"timing": "before"}, "not yet due", "no-event"),
    Branch("none on record", row(None), "cannot tell", "no-notice"),
    Branch("a notice without a day", {**row(None), "notice": "n"}, "cannot tell", "no-notice"),
    Branch("early", row(-2), "met", "on-time"),
    Branch("on the last day", row(-1), "met", "on-time"),
    Branch("the days are known, not the hours", row(0), "cannot tell", "same-day"),
    Branch("after the event", row(1), "not met", "late"),
    Branch("too short before", row(-1, last=-14), "not met", "late"),
    Branch("after, at once", row(0, "after", 5), "met", "on-time"),
    Branch("after, on the last day", row(5, "after", 5), "met", "on-time"),
    Branch("after, a day late", row(6, "after", 5), "not met", "late"),
]


@pytest.mark.parametrize("branch", BRANCHES, ids=ids(BRANCHES))
def test_every_branch(branch: Branch) -> None:
    assert by_all(judge, SCHEMA, [branch.cells]) == [(branch.state, branch.reason)]


def test_an_empty_frame_gives_nothing_and_an_empty_row_is_not_met() -> None:
    assert by_all(judge, SCHEMA, []) == []
    assert by_all(judge, SCHEMA, [{}]) == [("not yet due", "no-event")]


def reference(told: int | None, timing: str, last: int) -> str:
    if told is None:
        return "cannot tell"
    if told <= last:
        return "met"
    return "cannot tell" if told == 0 and timing == "before" else "not met"


ROWS = st.tuples(st.one_of(st.none(), st.integers(-4, 4)), st.sampled_from(["before", "after"]), st.integers(-3, 3))


@settings(max_examples=30, deadline=None)
@given(st.lists(ROWS, max_size=10))
def test_the_columns_judge_as_the_scalar_rule(rows: list[tuple[int | None, str, int]]) -> None:
    found = by_all(judge, SCHEMA, [row(*cells) for cells in rows])
    assert [state for state, _ in found] == [reference(*cells) for cells in rows]


BEFORE = {"of": "missile-launch", "timing": "before", "period": "PT24H"}
AFTER = {"of": "missile-launch", "timing": "after", "period": "P5D"}
LAUNCH = event("USA", "2018-07-10", id="launch")


def book(folder: Path, *notices: Row, events: tuple[Row, ...] = (LAUNCH,), under: Table | None = None) -> Casebook:
    laws = [treaty("pact", article("II", "notice", **(under or BEFORE))), treaty("other", issue="else")]
    statements = {"acts": signed_and_in_force("2011-02-05"), "events": list(events), "notices": list(notices)}
    return clean_book(folder, treaties=laws, issues=[issue(), issue("else")], statements=statements)


def judged(casebook: Casebook, on: str = "2019-01-01", party: str = "USA") -> tuple[str, str]:
    return verdict(casebook, on, party=party)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("2018-07-01", ("met", "on-time")),
        ("2018-07-09", ("met", "on-time")),
        ("2018-07-10", ("cannot tell", "same-day")),
        ("2018-07-11", ("not met", "late")),
        ("2018-07", ("not met", "late")),
    ],
)
def test_a_notice_before(tmp_path: Path, told: str, wanted: tuple[str, str]) -> None:
    assert judged(book(tmp_path, notice("USA", told, refs="launch"))) == wanted


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("2018-07-10", ("met", "on-time")),
        ("2018-07-15", ("met", "on-time")),
        ("2018-07-16", ("not met", "late")),
    ],
)
def test_a_notice_after(tmp_path: Path, told: str, wanted: tuple[str, str]) -> None:
    assert judged(book(tmp_path, notice("USA", told, refs="launch"), under=AFTER)) == wanted


def test_a_months_notice_ends_with_the_month(tmp_path: Path) -> None:
    days = {**BEFORE, "period": "P1M"}
    at_end = (event("USA", "2018-03-31", id="launch"),)
    kept = book(tmp_path / "1", notice("USA", "2018-02-28", refs="launch"), events=at_end, under=days)
    assert judged(kept) == ("met", "on-time")
    late = book(tmp_path / "2", notice("USA", "2018-03-01", refs="launch"), events=at_end, under=days)
    assert judged(late) == ("not met", "late")


@pytest.mark.parametrize(
    ("clock", "wanted"), [("receipt", ("not met", "late")), ("event", ("met", "on-time")), ("", ("met", "on-time"))]
)
def test_the_clock_may_start_at_receipt(tmp_path: Path, clock: str, wanted: tuple[str, str]) -> None:
    told = notice("USA", "2018-07-09", refs="launch", received="2018-07-11")
    assert judged(book(tmp_path, told, under={**BEFORE, "clock": clock})) == wanted


def test_without_a_day_of_receipt_the_day_of_sending_counts(tmp_path: Path) -> None:
    told = notice("USA", "2018-07-09", refs="launch")
    assert judged(book(tmp_path, told, under={**BEFORE, "clock": "receipt"})) == ("met", "on-time")


def test_nothing_is_called_for_before_the_event(tmp_path: Path) -> None:
    casebook = book(tmp_path, notice("USA", "2018-07-01", event_on="2018-07-10"))
    assert judged(casebook, "2018-07-09") == ("not yet due", "no-event")
    assert judged(casebook, "2018-07-10") == ("met", "on-time")


def test_an_event_without_a_notice_cannot_be_told(tmp_path: Path) -> None:
    assert judged(book(tmp_path)) == ("cannot tell", "no-notice")


def test_a_notice_may_name_the_day_of_its_event(tmp_path: Path) -> None:
    assert judged(book(tmp_path / "1", notice("USA", "2018-07-09", event_on="2018-07-10"))) == ("met", "on-time")
    other = book(tmp_path / "2", notice("USA", "2018-07-09", event_on="2018-07-12"))
    assert judged(other) == ("cannot tell", "no-notice")


def test_a_notice_answers_for_its_own_party(tmp_path: Path) -> None:
    casebook = book(tmp_path, notice("RUS", "2018-07-09", refs="launch"))
    assert judged(casebook) == ("cannot tell", "no-notice")
    assert judged(casebook, party="RUS") == ("not yet due", "no-event")


def test_the_first_notice_of_an_event_counts(tmp_path: Path) -> None:
    told = [notice("USA", on, refs="launch") for on in ("2018-07-12", "2018-07-08")]
    found = finding(book(tmp_path, *told), "2019-01-01")
    assert (found["state"], found["notice_id"]) == ("met", "notice.usa.2018-07-08")
    assert found["evidence"] == ["launch", "notice.usa.2018-07-08"]


def test_the_last_event_is_judged(tmp_path: Path) -> None:
    later = event("USA", "2018-09-01", id="later")
    casebook = book(tmp_path, notice("USA", "2018-07-09", refs="launch"), events=(LAUNCH, later))
    assert judged(casebook, "2018-08-31") == ("met", "on-time")
    assert judged(casebook, "2018-09-01") == ("cannot tell", "no-notice")


def test_another_kind_of_event_calls_for_none(tmp_path: Path) -> None:
    other = event("USA", "2018-07-10", "space-launch", id="launch")
    assert judged(book(tmp_path, events=(other,))) == ("not yet due", "no-event")


def test_an_event_counts_under_the_instrument_that_it_is_filed_under(tmp_path: Path) -> None:
    filed = event("USA", "2018-07-10", instrument="pact", id="launch")
    elsewhere = event("USA", "2018-07-10", instrument="other", id="launch")
    assert judged(book(tmp_path / "1", events=(filed,))) == ("cannot tell", "no-notice")
    assert judged(book(tmp_path / "2", events=(elsewhere,))) == ("not yet due", "no-event")


def test_an_event_filed_under_none_counts_within_its_issue(tmp_path: Path) -> None:
    elsewhere = event("USA", "2018-07-10", issue="else", id="launch")
    assert judged(book(tmp_path, events=(elsewhere,))) == ("not yet due", "no-event")


def test_an_event_of_several_calls_on_each(tmp_path: Path) -> None:
    both = event("USA", "2018-07-10", id="launch") | {"party": "USA;RUS"}
    casebook = book(tmp_path, notice("RUS", "2018-07-09", refs="launch"), events=(both,))
    assert judged(casebook) == ("cannot tell", "no-notice")
    assert judged(casebook, party="RUS") == ("met", "on-time")
