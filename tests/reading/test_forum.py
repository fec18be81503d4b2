"""A forum in time: charters, chairs, sessions held and announced, and what its charter would cover; what is overdue."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from detente.errors import DetenteError
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.forum import ForumAnswer
from detente.reading.forum import forum
from detente.reading.overdue import overdue
from detente.reading.reading import Reading
from reading.raw import rows_of


@cache
def shipped() -> Casebook:
    return open_casebook()


@cache
def asked(id: str, on: str, between: tuple[str, str] = ("USA", "RUS"), known: str = "") -> ForumAnswer:
    known_by = date.fromisoformat(known) if known else None
    return forum(Reading(shipped(), date.fromisoformat(on), known_by), id, between)


def test_charters_are_told_in_order_with_their_sources() -> None:
    answer = asked("bpc", "2018-07-10")
    assert [act.verb for act in answer.acts] == ["charter", "re-charter", "re-charter", "appoint", "suspend"]
    assert answer.acts[0].on == "2009-07-06"
    assert all(act.publisher for act in answer.acts)
    assert len(answer.acts) == len(list(rows_of("forum-acts", forum="bpc")))


def test_sessions_held_are_those_of_the_files_the_latest_first() -> None:
    answer = asked("us-rus-summits", "2018-07-10")
    held = [row for row in rows_of("meetings", forum="us-rus-summits") if row["on"] <= "2018-07-10"]
    assert len(answer.held) == len(held) == answer.forum.sessions
    assert answer.held[0].place == "Da Nang"
    assert [s.day for s in answer.held] == sorted((s.day for s in answer.held), reverse=True)


def test_an_announced_session_is_known_only_after_its_announcement_and_tells_nothing_of_its_outcome() -> None:
    """Helsinki was announced on 2018-06-28; what came of it was said on 2018-07-16."""
    assert asked("us-rus-summits", "2018-06-27").planned == []
    [helsinki] = asked("us-rus-summits", "2018-07-10").planned
    assert (helsinki.on, helsinki.place, helsinki.days) == ("2018-07-16", "Helsinki", -6)
    assert helsinki.says.en == ""
    assert asked("us-rus-summits", "2018-07-16").held[0].says.en


def test_chairs_hold_their_office_in_time() -> None:
    chairs = {(c.person, c.now) for c in asked("bpc", "2012-05-07").chairs}
    assert ("Vladimir Putin", True) in chairs
    assert ("Dmitry Medvedev", False) in chairs
    assert ("Dmitry Medvedev", True) in {(c.person, c.now) for c in asked("bpc", "2012-05-06").chairs}
    assert "John Kerry" not in {c.person for c in asked("bpc", "2012-05-07").chairs}


def test_a_forum_that_is_still_to_come_has_no_history_and_no_groups() -> None:
    answer = asked("bpc", "1986-10-10")
    assert answer.forum.state == "not yet"
    assert (answer.acts, answer.held, answer.groups, answer.chairs) == ([], [], [], [])


def test_groups_stand_beneath_their_commission_and_name_it() -> None:
    groups = {row.forum for row in asked("bpc", "2018-07-10").groups}
    assert {"bpc-nuclear-energy-security", "bpc-arms-control", "bpc-counterterrorism"} <= groups
    assert asked("bpc-arms-control", "2018-07-10").above == ["bpc"]


@pytest.mark.parametrize("id", ["bpc", "bpc-nuclear-energy-security", "bpc-arms-control"])
def test_what_a_silent_charter_covers_is_what_the_agenda_says(id: str) -> None:
    items = Reading(shipped(), date(2018, 7, 10)).agenda("USA", "RUS").items()
    silent = next(item for item in items if item.id == f"due.forum.{id}")
    assert sorted(item.id for item in asked(id, "2018-07-10").covers) == sorted(silent.covers)
    assert silent.covers


def test_a_living_charter_covers_as_well() -> None:
    covered = {item.id for item in asked("bcc", "2018-07-10").covers}
    assert "due.new-start.term" in covered


def test_two_who_do_not_both_sit_have_nothing_covered() -> None:
    answer = asked("bpc", "2018-07-10", ("USA", "IRN"))
    assert not answer.both_sit
    assert answer.covers == []


def test_members_are_named_once_as_on_the_day() -> None:
    assert sorted(asked("us-rus-summits", "2018-07-10").members) == ["RUS", "USA"]
    assert sorted(asked("us-rus-summits", "1986-10-10").members) == ["SUN", "USA"]


def test_an_unknown_forum_is_an_error_with_near_names() -> None:
    with pytest.raises(DetenteError, match="no forum") as fault:
        forum(Reading(shipped(), date(2018, 7, 10)), "arms-control", ("USA", "RUS"))
    assert "bpc-arms-control" in fault.value.remedy


@pytest.mark.parametrize(
    ("on", "between"),
    [("2018-07-10", ("USA", "RUS")), ("2023-06-01", ("USA", "RUS")), ("2025-11-01", ("USA", "IRN"))],
)
def test_what_is_overdue_is_what_the_agenda_has_past_its_day(on: str, between: tuple[str, str]) -> None:
    reading = Reading(shipped(), date.fromisoformat(on))
    items = reading.agenda(*between).items()
    expected = {i.id for i in items if i.section == "due" and i.until and i.until < reading.on}
    found = overdue(reading, *between)
    assert {item.id for item in found} == expected
    days = [item.until for item in found if item.until]
    assert days == sorted(days)
