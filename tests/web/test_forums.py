"""The pages of forums: all of a day, and one in time."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.test import Client
from reading_pages import data_of
from reading_pages import links_of
from reading_pages import page_of
from reading_pages import valid
from reading_pages import words_of

from detente.reading import Reading
from detente.reading.forum import forum
from detente.rendering.data import as_json
from detente.web.desk import desk

FORUMS = ("bpc", "us-rus-summits", "npt-review", "bpc-nuclear-energy-security", "nrrc")


@pytest.mark.parametrize("address", ["forums/", *(f"forums/{id}/" for id in FORUMS)])
@pytest.mark.parametrize("on", ["1986-10-10", "2018-07-10", "2025-11-01"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_pages_are_valid_html(client: Client, address: str, on: str, language: str) -> None:
    valid(page_of(client, f"/{language}/{address}?on={on}"))


def test_every_forum_of_the_register_has_a_page_that_is_valid(client: Client) -> None:
    for id in desk().registers.forums:
        valid(page_of(client, f"/en/forums/{id}/?on=2018-07-10"))


def test_the_list_holds_the_forums_of_the_day_in_words(client: Client) -> None:
    states = Reading(desk().casebook, date(2018, 7, 10)).forum_states
    text = page_of(client, "/en/forums/?on=2018-07-10")
    links = links_of(text)
    for id, state in states.items():
        assert (f"/en/forums/{id}/?on=2018-07-10" in links) == (state.state != "not yet"), id


def test_groups_follow_their_commission(client: Client) -> None:
    ids = [row["forum"] for row in data_of(client, "/en/forums.json?on=2018-07-10")["forums"]]
    groups = [id for id, entry in desk().registers.forums.items() if entry.umbrella == "bpc"]
    at = ids.index("bpc")
    deeper = [id for id, entry in desk().registers.forums.items() if entry.umbrella in groups]
    assert set(ids[at + 1 : at + 1 + len(groups) + len(deeper)]) == {*groups, *deeper}


@pytest.mark.parametrize("state", ["alive", "suspended", "lapsed", "ended", "not yet"])
def test_the_list_can_be_narrowed_by_state(client: Client, state: str) -> None:
    states = Reading(desk().casebook, date(2018, 7, 10)).forum_states
    data = data_of(client, f"/en/forums.json?on=2018-07-10&state={state}")
    assert {row["forum"] for row in data["forums"]} == {id for id, s in states.items() if s.state == state}


def test_the_list_can_be_narrowed_by_issue_kind_party_and_name(client: Client) -> None:
    forums = desk().registers.forums
    address = "/en/forums.json?on=2018-07-10&issue=npt&kind=working-group&party=RUS&text=presidential"
    rows = data_of(client, address)["forums"]
    assert [row["forum"] for row in rows] == ["bpc-arms-control"]
    by_party = data_of(client, "/en/forums.json?on=2018-07-10&party=Iran")["forums"]
    assert by_party
    assert all("IRN" in forums[row["forum"]].members for row in by_party)


def test_the_spreadsheet_has_a_row_a_forum(client: Client) -> None:
    body = client.get("/en/forums.csv?on=2018-07-10&state=suspended").content.decode()
    rows = {row["forum"]: row for row in csv.DictReader(io.StringIO(body))}
    assert rows["bpc"]["since"] == "2014-03-31"
    assert rows["bpc"]["members"] == "USA;RUS"


def test_the_data_of_a_forum_are_the_readings_answer(client: Client) -> None:
    answer = forum(Reading(desk().casebook, date(2018, 7, 10)), "bpc", ("USA", "RUS"), "3y")
    assert client.get("/en/forums/bpc.json?on=2018-07-10").content.decode() == as_json(answer)


def test_the_page_of_a_forum_tells_its_charters_chairs_and_sessions(client: Client) -> None:
    text = words_of(page_of(client, "/en/forums/bpc/?on=2018-07-10"))
    assert "suspended since 2014-03-31. Last session 2013-08-09, 1796 days ago." in text
    assert "President: Barack Obama" in text
    assert "Sessions held 6" in text
    assert "Groups beneath it 24" in text


def test_the_page_leads_to_the_items_that_its_charter_would_cover(client: Client) -> None:
    answer = forum(Reading(desk().casebook, date(2018, 7, 10)), "bpc-nuclear-energy-security", ("USA", "RUS"), "3y")
    links = links_of(page_of(client, "/en/forums/bpc-nuclear-energy-security/?on=2018-07-10"))
    assert answer.covers
    for item in answer.covers:
        assert f"/en/?on=2018-07-10#{item.id}" in links


def test_a_pair_that_does_not_sit_in_it_is_told_so_and_led_to_the_one_that_does(client: Client) -> None:
    text = page_of(client, "/en/forums/bpc/?on=2018-07-10&between=USA,IRN")
    assert "United States and Iran do not both sit in it on this day." in words_of(text)
    assert "/en/forums/bpc/?on=2018-07-10" in links_of(text)


def test_an_announced_session_stands_apart_and_in_the_calendar(client: Client) -> None:
    text = words_of(page_of(client, "/en/forums/us-rus-summits/?on=2018-07-10"))
    assert "Announced sessions 1" in text
    assert "2018-07-16 in 6 days Helsinki" in text
    assert "Trump" not in text.split("Sessions held")[0]
    calendar = client.get("/en/forums/us-rus-summits.ics?on=2018-07-10").content.decode()
    assert calendar.count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20180716" in calendar
    assert "LOCATION:Helsinki" in calendar
    assert client.get("/en/forums/bpc.ics?on=2018-07-10").content.decode().count("BEGIN:VEVENT") == 0


def test_the_sessions_are_offered_as_a_spreadsheet(client: Client) -> None:
    body = client.get("/en/forums/us-rus-summits.csv?on=2018-07-10").content.decode()
    rows = list(csv.DictReader(io.StringIO(body)))
    assert (rows[0]["on"], rows[0]["planned"]) == ("2018-07-16", "True")
    assert len(rows) == 58


def test_the_picture_has_a_stroke_for_every_session(client: Client) -> None:
    text = page_of(client, "/en/forums/us-rus-summits/?on=2018-07-10")
    assert text.count('class="stroke') == 58
    assert text.count('class="stroke planned"') == 1


def test_the_choice_is_in_every_link(client: Client) -> None:
    for address in ("forums/", "forums/bpc/"):
        links = links_of(page_of(client, f"/en/{address}?on=2023-06-01&known_by=2023-07-01&according_to=RUS"))
        inside = [link for link in links if link.startswith("/en/")]
        assert len(inside) > 30
        for link in inside:
            assert "known_by=2023-07-01" in link, link
            assert "according_to=RUS" in link, link


@pytest.mark.parametrize(
    ("address", "status", "given"),
    [
        ("forums/arms/?on=2018-07-10", 404, "bpc-arms-control"),
        ("forums/?on=2018-07-10&state=asleep", 400, "asleep"),
        ("forums/?on=2018-07-10&kind=club", 400, "club"),
        ("forums/?on=2018-07-10&issue=weather", 400, "weather"),
        ("forums/?on=2018-07-10&party=Atlantis", 400, "Atlantis"),
        (f"forums/?on=2018-07-10&text={'x' * 5000}", 400, "200"),
        (f"forums/{'y' * 3000}/?on=2018-07-10", 404, "yyy…"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_cannot_be_answered_says_what_to_do(
    client: Client, address: str, status: int, given: str, language: str
) -> None:
    text = page_of(client, f"/{language}/{address}", status)
    assert given in text
    assert "Traceback" not in text
    valid(text)


@pytest.mark.parametrize("page", ["-1", "zzz"])
def test_a_page_number_that_nobody_asked_for_does_no_harm(client: Client, page: str) -> None:
    page_of(client, f"/en/forums/?on=2018-07-10&page={page}")


def test_a_list_that_is_empty_says_so_and_helps(client: Client) -> None:
    text = page_of(client, "/en/forums/?on=2018-07-10&text=zzzz")
    assert "No forum of this day fits." in words_of(text)
    assert "/en/forums/?on=2018-07-10" in links_of(text)
