"""A course gives for every day what judging that day gives; what it keeps never outlives the day that changes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from builders import Row
from builders import Table
from builders import act
from builders import article
from builders import concern
from builders import event
from builders import limit
from builders import meeting
from builders import notice
from builders import position
from builders import report
from builders import small_book
from builders import term
from builders import treaty
from detente.instruments.standings import Standings
from detente.obligations.course import Course
from detente.obligations.course import findings_over
from detente.obligations.judge import findings
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.courses import Courses
from detente.reading.reading import Reading
from detente.record.timeline import View

FIRST, SUCCESSION, BEYOND = date(1900, 1, 1), date(1991, 12, 26), date(2032, 1, 1)
DAY = timedelta(1)


@pytest.fixture(scope="module")
def casebook() -> Casebook:
    """Return the shipped casebook with its findings made ahead."""
    book = open_casebook()
    book.courses.make(FIRST, BEYOND)
    return book


def judged(casebook: Casebook, on: date, known_by: date | None = None) -> pl.DataFrame:
    standings = Standings(View(casebook.record, on, known_by), casebook.instruments)
    return findings(casebook.provisions, standings, spoken_only=True)


DAYS = st.dates(date(1962, 1, 1), date(2031, 12, 31))
KNOWN = st.none() | st.sampled_from([date(1992, 1, 1), date(2013, 6, 1), date(2023, 2, 21)])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.tuples(DAYS, KNOWN), min_size=1, max_size=6))
def test_whatever_is_asked_in_whatever_order_is_what_would_be_judged(
    casebook: Casebook, asked: Sequence[tuple[date, date | None]]
) -> None:
    for on, known_by in asked:
        assert Reading(casebook, on, known_by).spoken_findings.equals(judged(casebook, on, known_by)), (on, known_by)


def test_a_finding_holds_until_the_eve_of_the_day_that_changes_it(casebook: Casebook) -> None:
    turns = sorted({day for course in casebook.courses.made for day in course.turns()})
    assert len(turns) > 2000
    for turn in turns[11::151]:
        for on in (turn - DAY, turn):
            view = View(casebook.record, on)
            kept = casebook.courses.on(view)
            assert kept is not None
            assert kept.equals(judged(casebook, on)), on


def test_days_before_after_and_as_known_on_another_day_are_not_kept(casebook: Casebook) -> None:
    assert casebook.courses.on(View(casebook.record, BEYOND)) is None
    assert casebook.courses.on(View(casebook.record, BEYOND - DAY)) is not None
    assert casebook.courses.on(View(casebook.record, date(2018, 7, 10), date(2018, 7, 10))) is None
    assert Courses(casebook.record, casebook.instruments, casebook.provisions).on(View(casebook.record, FIRST)) is None


PARTIES = ("USA", "RUS", "GBR")
ARTICLES = ("II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "XIV")
LAW: tuple[Table, ...] = (
    limit("II", evidence_within="P4M"),
    limit("III", measure="mass", at_most=10.5, **{"from": {"after": "bound", "period": "P6M"}}),
    article("IV", "cadence", what="report", measures=["warheads"], every="P6M", grace="P1M"),
    article("V", "cadence", what="meeting", forum="bcc", every="P1Y", grace="P3M", first="2011-05-01"),
    article("VI", "notice", of="missile-launch", timing="before", period="P1D"),
    article("VII", "adherence", requires="annex", act="ratify", within="P18M"),
    article("VIII", "undertaking"),
    article("IX", "quota", measure="inspections", at_most=2, until="2013-07-01"),
    term("XIV", duration="P4Y", notice="P3M"),
)
SOON = st.dates(date(2010, 1, 1), date(2016, 1, 1)).map(date.isoformat)
PARTY = st.sampled_from(PARTIES)


def rows(kind: str, **cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries({"on": SOON, **cells}), max_size=4)


MADE = st.fixed_dictionaries({
    "acts": rows("acts", party=PARTY, instrument=st.sampled_from(["pact", "annex"]), verb=st.sampled_from(
        ["ratify", "suspend", "resume", "give-notice", "withdraw", "accede"])),
    "reports": rows("reports", party=PARTY, author=PARTY, value=st.sampled_from(["9", "2000"]),
                    measure=st.sampled_from(["warheads", "mass", "inspections"])),
    "concerns": rows("concerns", party=PARTY, author=PARTY, provision=st.sampled_from(ARTICLES),
                     verb=st.sampled_from(["allege", "question", "resolve", "withdraw", "answer", "concede"])),
    "events": rows("events", party=PARTY),
    "notices": rows("notices", party=PARTY),
    "meetings": rows("meetings"),
    "contests": rows("contests", author=PARTY, verb=st.sampled_from(["contest", "recognise"])),
})  # fmt: skip


def made_up(folder: Path, made: dict[str, list[Row]]) -> Casebook:
    """Return a casebook of one treaty with provisions of every kind, and of what was made up about them."""

    def numbered(stem: str) -> list[Row]:
        return [{**row, "id": f"{stem}.{number}"} for number, row in enumerate(made[stem])]

    acts = [act(**row) for row in numbered("acts")]
    reports = [report(**row) for row in numbered("reports")]
    targets = [row["id"] for row in (*acts, *reports)]
    statements = {
        "acts": [act("sign", "2010-02-01", ";".join(PARTIES)), act("enter-into-force", "2010-06-01"),
                 act("open", "2010-02-01", instrument="annex", id="annex.open"), *acts],
        "reports": reports,
        "concerns": [concern(**row) for row in numbered("concerns")],
        "events": [event(instrument="pact", **row) for row in numbered("events")],
        "notices": [notice(instrument="pact", event_on=row["on"], **row) for row in numbered("notices")],
        "meetings": [meeting("bcc", **row) for row in numbered("meetings")],
        "positions": [position(refs=targets[number % len(targets)], **row)
                      for number, row in enumerate(numbered("contests")) if targets],
    }  # fmt: skip
    law = treaty("pact", *LAW, participants=list(PARTIES), body="bcc", authority="GBR", entry={"consent": ["ratify"]})
    annex = treaty("annex", membership="open", participants=[], entry={"consent": ["ratify", "accede"]})
    return small_book(folder, treaties=[law, annex], statements=statements)


def every_turn(casebook: Casebook) -> tuple[Course, list[date]]:
    def standings_on(day: date) -> Standings:
        return Standings(View(casebook.record, day), casebook.instruments)

    course = findings_over(casebook.provisions, standings_on, SUCCESSION, date(2018, 1, 1))
    return course, course.turns()


@settings(max_examples=25, deadline=None)
@given(made=MADE, days=st.lists(st.dates(date(2009, 6, 1), date(2017, 12, 31)), min_size=8, max_size=8))
def test_whatever_is_said_the_course_tells_every_day_as_it_would_be_judged(
    made: dict[str, list[Row]], days: list[date]
) -> None:
    with TemporaryDirectory() as folder:
        casebook = made_up(Path(folder), made)
    course, turns = every_turn(casebook)
    for on in (*days, *turns[::5], *(turn - DAY for turn in turns[::7])):
        if course.first <= on < course.beyond:
            assert course.on(on).equals(judged(casebook, on)), on
