"""Forums in time: every state on the day on which it begins, umbrellas, chairs and announced sessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import Table
from builders import forum
from builders import meeting
from consultation.pair_builder import forum_act
from consultation.pair_builder import make
from consultation.pair_builder import reading
from detente.consultation.forums import STATE_WORDS
from detente.consultation.forums import ForumState
from detente.reading.casebook import Casebook
from detente.reading.meetings import forums


def state(book: Casebook, on: str, id: str = "bcc", known_by: str = "") -> ForumState:
    return reading(book, on, known_by).forum_states[id]


def told(book: Casebook, on: str, id: str = "bcc") -> tuple[str, str]:
    found = state(book, on, id)
    return found.state, str(found.since or "")


def test_a_forum_goes_from_its_charter_through_silence_and_suspension_to_its_end(tmp_path: Path) -> None:
    acts = [forum_act("charter", "2009-07-06"), forum_act("suspend", "2014-03-31"), forum_act("end", "2016-01-01")]
    book = make(tmp_path, forums=[forum()], forum_acts=acts, meetings=[meeting("bcc", "2013-06-01")])
    assert told(book, "2009-07-05") == ("not yet", "")
    assert told(book, "2009-07-06") == ("alive", "2009-07-06")
    assert told(book, "2010-07-05") == ("alive", "2009-07-06")
    assert told(book, "2010-07-06") == ("lapsed", "2010-07-06")
    assert told(book, "2013-06-01") == ("alive", "2009-07-06")
    assert told(book, "2014-03-30") == ("alive", "2009-07-06")
    assert told(book, "2014-03-31") == ("suspended", "2014-03-31")
    assert told(book, "2016-01-01") == ("ended", "2016-01-01")
    assert {told(book, d)[0] for d in ("2009-07-05", "2009-07-06", "2010-07-06", "2014-03-31", "2016-01-01")} == set(
        STATE_WORDS
    )


def test_a_forum_without_a_charter_begins_with_its_first_session(tmp_path: Path) -> None:
    book = make(tmp_path, forums=[forum()], meetings=[meeting("bcc", "2018-05-01"), meeting("bcc", "2018-11-01")])
    assert told(book, "2018-04-30") == ("not yet", "")
    assert told(book, "2018-05-01") == ("alive", "2018-05-01")
    assert state(book, "2019-01-01").sessions == 2
    assert told(book, "2019-11-01") == ("lapsed", "2019-11-01")


def test_silence_counts_from_the_last_day_of_a_session(tmp_path: Path) -> None:
    book = make(tmp_path, forums=[forum()], meetings=[meeting("bcc", "2018-05-01", until="2018-05-20")])
    assert told(book, "2019-05-19")[0] == "alive"
    assert told(book, "2019-05-20")[0] == "lapsed"
    assert str(state(book, "2018-06-01").last) == "2018-05-20"


def test_an_approximate_session_counts_from_its_last_day(tmp_path: Path) -> None:
    book = make(tmp_path, forums=[forum()], meetings=[meeting("bcc", "2018-05")])
    assert told(book, "2018-05-30")[0] == "not yet"
    assert told(book, "2018-05-31")[0] == "alive"


def test_a_session_after_a_suspension_is_life_and_one_after_the_end_is_not(tmp_path: Path) -> None:
    suspended = [forum_act("charter", "2009-07-06"), forum_act("suspend", "2014-03-31")]
    met = [meeting("bcc", "2014-06-01")]
    book = make(tmp_path / "a", forums=[forum()], forum_acts=suspended, meetings=met)
    assert told(book, "2014-05-31")[0] == "suspended"
    assert told(book, "2014-06-01")[0] == "alive"
    assert told(book, "2015-06-01")[0] == "lapsed"
    ended = [suspended[0], forum_act("end", "2014-03-31")]
    assert told(make(tmp_path / "b", forums=[forum()], forum_acts=ended, meetings=met), "2014-07-01")[0] == "ended"


def test_a_session_on_the_day_of_the_suspension_does_not_lift_it(tmp_path: Path) -> None:
    acts = [forum_act("charter", "2009-07-06"), forum_act("suspend", "2014-03-31")]
    book = make(tmp_path, forums=[forum()], forum_acts=acts, meetings=[meeting("bcc", "2014-03-31")])
    assert told(book, "2014-04-01") == ("suspended", "2014-03-31")


@pytest.mark.parametrize("verb", ["resume", "re-charter", "charter"])
def test_a_suspended_forum_lives_again(tmp_path: Path, verb: str) -> None:
    acts = [forum_act("charter", "2009-07-06"), forum_act("suspend", "2014-03-31"), forum_act(verb, "2014-05-01")]
    book = make(tmp_path, forums=[forum()], forum_acts=acts, meetings=[meeting("bcc", "2014-01-01")])
    assert told(book, "2014-04-30")[0] == "suspended"
    assert told(book, "2014-05-01")[0] == "alive"
    assert told(book, "2014-12-31")[0] == "alive"


@pytest.mark.parametrize("verb", ["resume", "re-charter", "charter"])
def test_a_forum_taken_up_again_after_years_is_alive_and_not_lapsed_at_once(tmp_path: Path, verb: str) -> None:
    acts = [forum_act("charter", "2009-07-06"), forum_act("suspend", "2014-03-31"), forum_act(verb, "2018-05-01")]
    book = make(tmp_path, forums=[forum()], forum_acts=acts, meetings=[meeting("bcc", "2014-01-01")])
    assert told(book, "2018-05-01")[0] == "alive"


def test_an_appointment_changes_no_state(tmp_path: Path) -> None:
    acts = [forum_act("charter", "2009-07-06"), forum_act("suspend", "2010-01-01"), forum_act("appoint", "2010-02-01")]
    book = make(tmp_path, forums=[forum()], forum_acts=acts)
    assert told(book, "2010-03-01") == ("suspended", "2010-01-01")
    assert "bcc.appoint.2010-02-01" not in state(book, "2010-03-01").evidence


def test_a_centre_lives_without_sessions(tmp_path: Path) -> None:
    centre = forum(kind="centre", lapses_after="")
    book = make(tmp_path, forums=[centre], forum_acts=[forum_act("charter", "1988-04-01")])
    assert told(book, "2026-01-01") == ("alive", "1988-04-01")


def _family() -> list[Table]:
    return [
        forum("top", lapses_after="P9Y"),
        forum("group", umbrella="top", lapses_after="P9Y"),
        forum("sub", umbrella="group", lapses_after="P9Y"),
    ]


@pytest.mark.parametrize(("verb", "word"), [("suspend", "suspended"), ("end", "ended")])
def test_a_group_stands_no_better_than_its_umbrella(tmp_path: Path, verb: str, word: str) -> None:
    acts = [
        *(forum_act("charter", "2009-07-06", id) for id in ("top", "group", "sub")),
        forum_act(verb, "2014-03-31", "top"),
    ]
    book = make(tmp_path, forums=_family(), forum_acts=acts)
    for id in ("top", "group", "sub"):
        assert told(book, "2014-03-30", id) == ("alive", "2009-07-06")
        assert told(book, "2014-03-31", id) == (word, "2014-03-31")
    assert state(book, "2014-04-01", "group").inherited == "top"
    assert state(book, "2014-04-01", "sub").inherited in ("group", "top")
    assert state(book, "2014-04-01", "top").inherited == ""


def test_a_group_that_met_after_its_umbrella_was_suspended_stands_on_its_own(tmp_path: Path) -> None:
    acts = [
        *(forum_act("charter", "2009-07-06", id) for id in ("top", "group", "sub")),
        forum_act("suspend", "2014-03-31", "top"),
    ]
    book = make(tmp_path, forums=_family(), forum_acts=acts, meetings=[meeting("group", "2014-09-01")])
    assert told(book, "2014-08-31", "group")[0] == "suspended"
    assert told(book, "2014-09-01", "group")[0] == "alive"
    assert told(book, "2014-09-01", "sub")[0] == "suspended"


def test_a_groups_own_suspension_is_kept_when_the_umbrella_follows(tmp_path: Path) -> None:
    acts = [
        forum_act("charter", "2009-07-06", "top"),
        forum_act("charter", "2009-07-06", "group"),
        forum_act("suspend", "2013-01-01", "group"),
        forum_act("suspend", "2014-03-31", "top"),
    ]
    book = make(tmp_path, forums=_family(), forum_acts=acts)
    assert told(book, "2014-06-01", "group") == ("suspended", "2013-01-01")


def test_an_umbrella_that_lapsed_takes_no_group_down(tmp_path: Path) -> None:
    bodies = [forum("top", lapses_after="P1Y"), forum("group", umbrella="top", lapses_after="P9Y")]
    acts = [forum_act("charter", "2009-07-06", "top"), forum_act("charter", "2009-07-06", "group")]
    book = make(tmp_path, forums=bodies, forum_acts=acts)
    assert told(book, "2012-01-01", "top")[0] == "lapsed"
    assert told(book, "2012-01-01", "group")[0] == "alive"


def test_forums_that_are_each_others_umbrella_do_not_hang(tmp_path: Path) -> None:
    bodies = [forum("one", umbrella="two"), forum("two", umbrella="one")]
    book = make(tmp_path, forums=bodies, forum_acts=[forum_act("charter", "2009-07-06", id) for id in ("one", "two")])
    assert told(book, "2009-08-01", "one")[0] == "alive"


def test_chairs_hold_office_from_a_day_until_another(tmp_path: Path) -> None:
    chairs = [
        {"party": "USA", "person": "First", "from": "2009-07-06", "until": "2013-05-21"},
        {"party": "USA", "person": "Second", "from": "2013-05-21", "until": ""},
        {"party": "RUS", "person": "Always"},
    ]
    book = make(tmp_path, forums=[forum(co_chairs=chairs)], forum_acts=[forum_act("charter", "2009-07-06")])

    def seated(on: str) -> list[str]:
        return [chair.person for chair in state(book, on).chairs]

    assert seated("2009-07-05") == ["Always"]
    assert seated("2009-07-06") == ["First", "Always"]
    assert seated("2013-05-20") == ["First", "Always"]
    assert seated("2013-05-21") == ["Second", "Always"]


def test_an_announced_session_is_told_and_does_not_count_as_held(tmp_path: Path) -> None:
    planned = {**meeting("bcc", "2018-11-01"), "known": "2018-06-01"}
    book = make(tmp_path, forums=[forum()], meetings=[meeting("bcc", "2018-05-01"), planned])
    assert state(book, "2018-05-31").next == ""
    announced = state(book, "2018-06-01")
    assert (announced.next, announced.sessions, str(announced.last)) == ("2018-11-01", 1, "2018-05-01")
    held = state(book, "2018-11-01")
    assert (held.next, held.sessions) == ("", 2)
    assert state(book, "2018-06-01", known_by="2018-05-31").next == ""


def test_the_answer_lists_what_was_chartered_and_one_that_is_asked_for_with_its_groups(tmp_path: Path) -> None:
    acts = [forum_act("charter", "2009-07-06", "top"), forum_act("charter", "2010-01-01", "group")]
    book = make(tmp_path, forums=_family(), forum_acts=acts)
    assert [row.forum for row in forums(reading(book, "2009-08-01")).forums] == ["top"]
    assert [row.forum for row in forums(reading(book, "2009-08-01"), "top").forums] == ["top", "group"]
    assert [row.forum for row in forums(reading(book, "2009-08-01"), party="GBR").forums] == []
    assert [row.forum for row in forums(reading(book, "2009-08-01"), party="usa").forums] == ["top"]
