"""Issues: their numbers are those of the other answers on the same day, and of the record itself."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from builders import clean_book
from builders import concern
from builders import limit
from builders import signed_and_in_force
from builders import treaty
from detente.errors import DetenteError
from detente.reading.casebook import open_casebook
from detente.reading.held import held
from detente.reading.issues import issue
from detente.reading.issues import issues
from detente.reading.meetings import forums
from detente.reading.reading import Reading
from detente.reading.status import status

DAY = date(2018, 7, 10)
PAIR = ("USA", "RUS")


@cache
def shipped() -> Reading:
    return Reading(open_casebook(), DAY)


def test_the_thirteen_issues_stand_in_the_order_of_the_register() -> None:
    answer = issues(shipped(), PAIR)
    assert [row.issue for row in answer.issues] == list(shipped().casebook.record.registers.issues)
    assert len(answer.issues) == 13


def test_every_number_is_that_of_the_other_answers() -> None:
    agenda = shipped().agenda(*PAIR)
    texts = [row for row in status(shipped()).instruments if row.reading == ""]
    bodies = forums(shipped()).forums
    frame = shipped().statements()
    for row in issues(shipped(), PAIR).issues:
        assert row.in_force == sum(t.in_force and t.issue == row.issue for t in texts)
        assert row.alive == sum(f.state == "alive" and row.issue in f.issues for f in bodies)
        assert row.items == {s.section: sum(i.issue == row.issue for i in s.items) for s in agenda.sections}
        of_issue = frame.filter(pl.col("issue") == row.issue)
        assert row.statements == of_issue.height
        assert row.last is not None
        last = of_issue.filter(pl.col("on_last") == of_issue["on_last"].max())
        assert row.last.statement in last["id"].to_list()
    assert sum(sum(row.items.values()) for row in issues(shipped(), PAIR).issues) == len(agenda.items())


def test_what_stands_on_the_day_of_helsinki() -> None:
    rows = {row.issue: row for row in issues(shipped(), PAIR).issues}
    assert (rows["intermediate-range"].in_force, rows["intermediate-range"].items["dispute"]) == (1, 1)
    ended = {row.issue: row for row in issues(shipped().at(date(2019, 8, 3)), PAIR).issues}
    assert ended["intermediate-range"].in_force == 0


def test_one_issue_holds_its_texts_forums_concerns_and_items() -> None:
    answer = issue(shipped(), "intermediate-range", PAIR)
    assert [row.instrument for row in answer.instruments] == ["inf"]
    assert all("intermediate-range" in row.issues for row in answer.forums)
    assert {item.id for item in answer.items} >= {"dispute.inf.concerns"}
    topics = {(c.author, c.about, c.topic) for c in answer.concerns}
    assert {("USA", "RUS", "9m729"), ("RUS", "USA", "mk-41")} <= topics
    assert [s.on for s in answer.latest[:1]] == [answer.issue.last.on if answer.issue.last else ""]


def test_before_the_first_text_there_is_little_and_no_fault() -> None:
    rows = issues(shipped().at(date(1944, 1, 1)), PAIR).issues
    assert all((row.in_force, row.concerns, row.last) == (0, 0, None) for row in rows)


def test_a_concern_is_open_until_it_is_resolved_and_history_once_the_text_is_over(tmp_path: Path) -> None:
    said = [
        concern("USA", "allege", "2012-01-01", "RUS"),
        concern("RUS", "answer", "2012-02-01", "RUS"),
        concern("RUS", "question", "2013-01-01", "USA", topic="other"),
        concern("RUS", "resolve", "2014-01-01", "USA", topic="other"),
    ]
    acts = [*signed_and_in_force("2011-02-05"), {
        "id": "end", "author": "USA", "on": "2015-01-01", "known": "2015-01-01", "source": "src", "basis": "seen",
        "verb": "terminate", "instrument": "pact"}]  # fmt: skip
    book = clean_book(tmp_path / "book", treaties=[treaty("pact", limit("II"))],
                      statements={"acts": acts, "concerns": said})  # fmt: skip
    now, past = held(Reading(book, date(2013, 6, 1)))
    assert [(c.author, c.topic) for c in now] == [("RUS", "other"), ("USA", "doubt")]
    assert (now[1].since, now[1].answered) == (date(2012, 1, 1), date(2012, 2, 1))
    now, _ = held(Reading(book, date(2016, 6, 1)))
    assert [(c.author, c.topic) for c in now] == [("USA", "doubt")]
    now, past = held(Reading(book, date(2017, 6, 1)))
    assert (now, [c.topic for c in past]) == ([], ["doubt"])
    answer = issue(Reading(book, date(2017, 6, 1)), "arms", PAIR)
    assert (answer.concerns, answer.past_concerns) == ([], 1)


def test_an_unknown_issue_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(DetenteError) as fault:
        issue(shipped(), "weather", PAIR)
    assert "intermediate-range" in fault.value.remedy
