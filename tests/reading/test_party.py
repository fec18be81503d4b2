"""Parties on a day: who exists, who holds what, what was last reported, and what is open, held against the files."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from detente.errors import DetenteError
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.parties import PartyRow
from detente.reading.parties import parties
from detente.reading.party import PartyAnswer
from detente.reading.party import PartyStanding
from detente.reading.party import party
from detente.reading.reading import Reading
from detente.record.dates import counts_from
from reading.raw import rows_of


@cache
def shipped() -> Casebook:
    return open_casebook()


@cache
def listed(on: str, author: str = "") -> dict[str, PartyRow]:
    answer = parties(Reading(shipped(), date.fromisoformat(on), according_to=author or None))
    return {row.party: row for row in answer.parties}


@cache
def asked(id: str, on: str, author: str = "") -> PartyAnswer:
    return party(Reading(shipped(), date.fromisoformat(on), according_to=author or None), id)


def stands(answer: PartyAnswer, instrument: str, reading: str = "") -> PartyStanding:
    return next(s for s in answer.standings if s.instrument == instrument and s.reading == reading)


@pytest.mark.parametrize(
    ("on", "there", "not_there"),
    [
        ("1986-10-10", {"SUN", "USA", "DDR", "CSK", "YUG"}, {"RUS"}),
        ("1991-12-25", {"SUN", "CSK"}, {"RUS", "DDR"}),
        ("1991-12-26", {"RUS", "CSK"}, {"SUN", "DDR"}),
        ("2018-07-10", {"RUS", "IAEA", "E3"}, {"SUN", "DDR", "CSK", "YUG"}),
    ],
)
def test_parties_exist_in_time(on: str, there: set[str], not_there: set[str]) -> None:
    found = set(listed(on))
    assert there <= found
    assert not not_there & found


def test_states_come_first_and_then_bodies_by_name() -> None:
    rows = list(listed("2018-07-10").values())
    kinds = [row.kind == "state" for row in rows]
    assert kinds == sorted(kinds, reverse=True)
    names = [row.name.en.casefold() for row in rows if row.kind == "state"]
    assert names == sorted(names)


def _last_own_report(author: str, on: date) -> str:
    """Return the day of the last report of a party on itself by the files alone."""
    days = [
        row["on"]
        for row in rows_of("reports", author=author)
        if author in row["party"].split(";")
        and counts_from(row["on"]) <= on
        and not any(later.get("corrects") == row["id"] for later in rows_of("reports"))
    ]
    return max(days, key=counts_from)


@pytest.mark.parametrize(("id", "on"), [("USA", "2018-07-10"), ("RUS", "2018-07-10"), ("USA", "2025-11-01")])
def test_the_last_report_is_that_of_the_files(id: str, on: str) -> None:
    declared = listed(on)[id].declared
    assert declared is not None
    day = date.fromisoformat(on)
    expected = _last_own_report(id, day)
    assert counts_from(declared.on) == counts_from(expected)
    assert declared.days == (day - counts_from(expected)).days


def test_a_state_without_a_report_has_none_and_a_body_has_its_last_on_anybody() -> None:
    rows = listed("2018-07-10")
    assert rows["KIR"].declared is None
    iaea = rows["IAEA"].declared
    assert iaea is not None
    assert iaea.author == "IAEA"


def test_what_is_told_of_two_together_is_no_account_of_either() -> None:
    told = listed("2018-07-10")["USA"].told
    assert told is not None
    row = next(rows_of("reports", id=told.statement))
    assert row["party"] == "USA"
    assert row["author"] != "USA"


def test_how_many_instruments_hold_a_party_depends_on_the_reading() -> None:
    """To the US neither suspension of Russia's is valid: that of the CFE Treaty (2007), that of New START (2023)."""
    held = ("bound", "provisional", "leaving")
    texts = {
        author: {s.instrument for s in asked("RUS", "2023-06-01", author).standings if s.standing in held}
        for author in ("USA", "RUS")
    }
    assert texts["USA"] - texts["RUS"] == {"new-start", "cfe"}
    assert texts["RUS"] <= texts["USA"]
    for author, found in texts.items():
        assert listed("2023-06-01", author)["RUS"].held == len(found)


@pytest.mark.parametrize(
    ("id", "on", "instrument", "standing", "since"),
    [
        ("USA", "2018-05-08", "jcpoa", "out", date(2018, 5, 8)),
        ("USA", "2018-05-07", "jcpoa", "bound", None),
        ("RUS", "2018-07-10", "npt", "bound", date(1970, 3, 5)),
        ("IRN", "2018-07-10", "ctbt", "signatory", date(1996, 9, 24)),
        ("USA", "2019-08-03", "inf", "out", date(2019, 8, 2)),
        ("USA", "2019-08-01", "inf", "leaving", date(2019, 2, 2)),
    ],
)
def test_standings_with_the_act_that_made_them(
    id: str, on: str, instrument: str, standing: str, since: date | None
) -> None:
    found = stands(asked(id, on), instrument)
    assert found.standing == standing
    if since:
        assert found.since == since


def test_a_standing_names_its_act() -> None:
    found = stands(asked("RUS", "2018-07-10"), "npt")
    assert found.deed == next(rows_of("acts", id=found.act))["verb"]


def test_readings_that_differ_stand_beside_the_common_one() -> None:
    """The suspension of New START counts for Russia, and is void according to the US."""
    answer = asked("RUS", "2023-06-01")
    assert stands(answer, "new-start").standing == "suspended"
    assert stands(answer, "new-start", "USA").standing == "bound"
    alone = asked("RUS", "2023-06-01", "USA")
    assert [s.standing for s in alone.standings if s.instrument == "new-start"] == ["bound"]


def test_silences_are_told_with_their_age() -> None:
    """Russia reported its CFE data as suspended on 2007-12-15 and has not spoken of them since."""
    found = next(d for d in asked("RUS", "2023-06-01").declarations if d.measure == "cfe-annual-data")
    assert (found.silence, found.on, found.value) == ("suspended", "2007-12-15", "")
    assert found.days == (date(2023, 6, 1) - date(2007, 12, 15)).days


def test_reports_are_parted_by_who_speaks_of_whom() -> None:
    answer = asked("IRN", "2025-11-01")
    assert {d.author for d in answer.declarations} <= {"IRN"}
    assert {d.about for d in answer.declarations} <= {"IRN"}
    assert "IAEA" in {d.author for d in answer.accounts}
    assert "IRN" not in {d.author for d in answer.accounts}
    assert {d.about for d in answer.accounts} == {"IRN"}
    assert "IRN" not in {d.about for d in asked("IAEA", "2025-11-01").declarations}
    assert "IRN" in {d.about for d in asked("IAEA", "2025-11-01").tells}


def test_open_findings_come_with_every_reading_of_them() -> None:
    """INF IV.1: Russia has none of the missiles by its own reports, and has them according to the US."""
    rows = [f for f in asked("RUS", "2018-07-10").findings if (f.instrument, f.provision) == ("inf", "IV.1")]
    assert {f.author: f.state for f in rows} == {"": "met", "USA": "not met"}
    alone = [f for f in asked("RUS", "2018-07-10", "RUS").findings if (f.instrument, f.provision) == ("inf", "IV.1")]
    assert alone == []


def test_every_state_is_counted_once_a_provision() -> None:
    answer = asked("IRN", "2018-07-10")
    reading = Reading(shipped(), date(2018, 7, 10))
    rows = reading.spoken_findings
    provisions = rows.filter(rows["party"] == "IRN").select("instrument", "provision").unique().height
    assert sum(answer.states.values()) == provisions


def test_concerns_are_open_from_the_day_on_which_they_are_raised() -> None:
    """The US said in July 2014 that Russia breaks the INF Treaty; before that it had asked since 2013."""
    topics = {(c.author, c.instrument) for c in asked("RUS", "2018-07-10").concerns_about}
    assert ("USA", "inf") in topics
    assert ("USA", "inf") not in {(c.author, c.instrument) for c in asked("RUS", "2012-01-01").concerns_about}
    assert asked("RUS", "2018-07-10").concerns_by


def test_an_answer_before_the_question_is_no_answer() -> None:
    for concern in asked("PRK", "2018-07-10").concerns_about + asked("RUS", "2025-11-01").concerns_about:
        assert concern.answered is None or concern.answered >= concern.since


def test_concerns_of_the_two_are_those_of_their_agenda() -> None:
    """What the agenda lists as raised by one about the other is open on the party's page as well."""
    reading = Reading(shipped(), date(2023, 6, 1))
    sitting = reading.sitting("USA", "RUS")
    open_on_agenda = {(s.author, s.about, s.topic) for s in sitting.open_concerns}
    on_page = {(c.author, c.about, c.topic) for c in asked("RUS", "2023-06-01").concerns_about if c.author == "USA"}
    assert {t for t in open_on_agenda if t[0] == "USA"} == on_page


def test_overdue_commitments_come_first() -> None:
    rows = asked("RUS", "2023-06-01").commitments
    assert rows[0].overdue
    assert [row.overdue for row in rows] == sorted((row.overdue for row in rows), reverse=True)
    assert all(row.due < "2023-06-01" for row in rows if row.overdue)


def test_the_latest_statements_are_the_last_of_the_files() -> None:
    answer = asked("IRN", "2018-07-10")
    assert len(answer.statements) == 10
    days = [counts_from(row.on) for row in answer.statements]
    assert days == sorted(days, reverse=True)
    assert max(days) <= date(2018, 7, 10)
    assert {row.author for row in answer.statements} == {"IRN"}


def test_before_it_existed_the_page_is_that_of_the_party_in_its_place() -> None:
    answer = asked("RUS", "1986-10-10")
    assert (answer.asked, answer.party.party) == ("RUS", "SUN")
    assert answer.continued_by == "RUS"
    assert stands(answer, "npt").standing == "bound"
    assert asked("SUN", "2018-07-10").party.party == "RUS"


def test_a_party_that_is_gone_is_said_not_to_exist() -> None:
    assert asked("CSK", "1992-12-31").exists
    gone = asked("CSK", "1993-01-01")
    assert not gone.exists
    assert gone.standings == []


def test_an_unknown_party_is_an_error_that_helps() -> None:
    with pytest.raises(DetenteError, match="no party"):
        party(Reading(shipped(), date(2018, 7, 10)), "Atlantis")
