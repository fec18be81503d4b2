"""The pages of parties: all of a day, one of them, and two compared."""

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
from detente.reading.due import due
from detente.reading.pair import pair
from detente.reading.parties import parties
from detente.reading.party import party
from detente.rendering.data import as_json
from detente.web.desk import desk

DAYS = ("1986-10-10", "2018-07-10", "2023-06-01", "2025-11-01")


def reading(on: str, author: str = "") -> Reading:
    return Reading(desk().casebook, date.fromisoformat(on), according_to=author or None)


@pytest.mark.parametrize("address", ["parties/", "parties/USA/", "parties/IRN/", "parties/USA/and/RUS/"])
@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_pages_are_valid_html(client: Client, address: str, on: str, language: str) -> None:
    valid(page_of(client, f"/{language}/{address}?on={on}"))


def test_every_party_of_the_day_stands_in_the_list(client: Client) -> None:
    text = page_of(client, "/en/parties/?on=2018-07-10")
    answer = parties(reading("2018-07-10"))
    links = links_of(text)
    for row in answer.parties:
        assert f"/en/parties/{row.party}/?on=2018-07-10" in links
    assert f"{len(answer.parties)} parties exist on this day" in words_of(text)


def test_the_data_are_the_readings_answers(client: Client) -> None:
    at = reading("2018-07-10")
    for address, answer in (
        ("parties", parties(at)),
        ("parties/IRN", party(at, "IRN")),
        ("parties/USA/and/IRN", pair(at, "USA", "IRN", "3y")),
    ):
        assert client.get(f"/en/{address}.json?on=2018-07-10").content.decode() == as_json(answer)


def test_a_filter_narrows_the_page_and_its_data_alike(client: Client) -> None:
    text = words_of(page_of(client, "/en/parties/?on=2018-07-10&kind=group"))
    assert "5 of the 235 parties" in text
    assert "Afghanistan" not in text
    data = data_of(client, "/en/parties.json?on=2018-07-10&kind=group")
    assert {row["kind"] for row in data["parties"]} == {"group"}
    rows = list(csv.DictReader(io.StringIO(client.get("/en/parties.csv?on=2018-07-10&kind=group").content.decode())))
    assert [row["party"] for row in rows] == [row["party"] for row in data["parties"]]
    assert rows[0]["stamp"] == data["stamp"]


@pytest.mark.parametrize(("text", "found"), [("korea", {"KOR", "PRK"}), ("643", {"RUS"}), ("кирибати", {"KIR"})])
def test_a_party_is_found_by_code_or_name(client: Client, text: str, found: set[str]) -> None:
    data = data_of(client, f"/en/parties.json?on=2018-07-10&text={text}")
    assert {row["party"] for row in data["parties"]} == found


def test_the_longest_silent_come_first_when_asked(client: Client) -> None:
    rows = data_of(client, "/en/parties.json?on=2018-07-10&order=silence")["parties"]
    states = [row for row in rows if row["kind"] == "state"]
    silences = [row["declared"]["days"] for row in states if row["declared"]]
    assert silences == sorted(silences, reverse=True)
    assert [bool(row["declared"]) for row in states[: len(silences)]] == [True] * len(silences)


def test_a_filter_that_is_set_can_be_taken_off(client: Client) -> None:
    links = links_of(page_of(client, "/en/parties/?on=2018-07-10&kind=group&text=e"))
    assert "/en/parties/?on=2018-07-10&text=e" in links


def test_russia_in_1986_is_said_to_be_the_soviet_union(client: Client) -> None:
    text = words_of(page_of(client, "/en/parties/RUS/?on=1986-10-10"))
    assert "On 1986-10-10 the record has no Russian Federation (RUS): this is the party in its place." in text
    assert text.startswith("Parties Union of Soviet Socialist Republics 1986-10-10")
    assert "Continued by Russian Federation (RUS)" in text


def test_a_party_that_is_gone_says_so(client: Client) -> None:
    assert "this party does not exist" in words_of(page_of(client, "/en/parties/CSK/?on=2018-07-10"))


def test_the_page_of_a_party_says_how_long_it_was_silent(client: Client) -> None:
    text = words_of(page_of(client, "/en/parties/IRN/?on=2025-11-01"))
    days = (date(2025, 11, 1) - date(2019, 11, 4)).days
    assert f"2019-11-04 {days} days ago silent for 5 years, 11 months" in text


def test_standings_are_in_words_with_the_readings_that_differ(client: Client) -> None:
    text = words_of(page_of(client, "/en/parties/RUS/?on=2023-06-01"))
    assert "participation is suspended" in text or "suspended" in text
    assert "United States: bound" in text
    alone = words_of(page_of(client, "/en/parties/RUS/?on=2023-06-01&according_to=USA"))
    assert "Standings and findings as United States reads them." in alone


def test_the_spreadsheet_of_a_party_holds_its_standings(client: Client) -> None:
    body = client.get("/en/parties/USA.csv?on=2018-07-10").content.decode()
    rows = {(row["instrument"], row["reading"]): row for row in csv.DictReader(io.StringIO(body))}
    assert rows["jcpoa", ""]["standing"] == "out"
    assert rows["jcpoa", ""]["since"] == "2018-05-08"


def test_the_calendar_of_a_party_holds_what_falls_due_for_it(client: Client) -> None:
    response = client.get("/en/parties/USA.ics?on=2018-07-10")
    assert response["Content-Type"].startswith("text/calendar")
    text = response.content.decode()
    assert text.count("BEGIN:VEVENT") == len(due(reading("2018-07-10"), "3y", "USA").due)


def test_an_issue_narrows_every_part_of_the_page(client: Client) -> None:
    data = data_of(client, "/en/parties/USA.json?on=2018-07-10&issue=iran")
    assert {row["issue"] for row in data["standings"]} == {"iran"}
    assert {row["issue"] for row in data["declarations"] + data["concerns_by"] + data["commitments"]} <= {"iran"}
    assert all("iran" in row["issues"] for row in data["forums"])


def test_two_compared_shows_both_sides_of_a_dispute(client: Client) -> None:
    text = words_of(page_of(client, "/en/parties/USA/and/RUS/?on=2018-07-10"))
    assert "INF Treaty IV.1" in text
    assert "According to United States" in text
    assert "According to Russian Federation" in text


def test_two_compared_leads_to_the_agenda_of_the_two(client: Client) -> None:
    links = links_of(page_of(client, "/en/parties/USA/and/IRN/?on=2018-07-10"))
    assert "/en/?on=2018-07-10&between=USA,IRN" in links


def test_two_compared_tells_the_votes_with_their_numbers(client: Client) -> None:
    votes = pair(reading("2018-07-10"), "USA", "RUS", "3y").votes
    text = words_of(page_of(client, "/en/parties/USA/and/RUS/?on=2018-07-10"))
    assert f"both took part in {sum(v.both for v in votes)} recorded votes" in text
    assert f"voted alike in {sum(v.alike for v in votes)}" in text


def test_ties_by_year_are_drawn_for_the_chosen_pair_and_offered_for_others(client: Client) -> None:
    assert 'id="ties-title"' in page_of(client, "/en/parties/USA/and/RUS/?on=2018-07-10")
    text = page_of(client, "/en/parties/USA/and/IRN/?on=2018-07-10")
    assert 'id="ties-title"' not in text
    assert "/en/parties/USA/and/IRN/?on=2018-07-10&ties=years#ties" in links_of(text)


@pytest.mark.parametrize(("a", "b"), [("IDN", "IND"), ("PRK", "KOR"), ("IAEA", "IRN"), ("KIR", "TUV")])
def test_any_two_can_be_compared(client: Client, a: str, b: str) -> None:
    data = data_of(client, f"/en/parties/{a}/and/{b}.json?on=2018-07-10")
    assert data["between"] == [a, b]
    valid(page_of(client, f"/en/parties/{a}/and/{b}/?on=2018-07-10"))


def test_the_form_leads_to_the_comparison(client: Client) -> None:
    response = client.get("/en/parties/and/?on=2018-07-10&a=Indonesia&b=ind")
    assert response["Location"] == "/en/parties/IDN/and/IND/?on=2018-07-10"


def test_the_choice_is_in_every_link(client: Client) -> None:
    for address in ("parties/", "parties/RUS/", "parties/USA/and/RUS/"):
        links = links_of(page_of(client, f"/en/{address}?on=2023-06-01&known_by=2023-07-01&according_to=RUS"))
        inside = [link for link in links if link.startswith("/en/")]
        assert len(inside) > 30
        for link in inside:
            assert "known_by=2023-07-01" in link, link
            assert "according_to=RUS" in link, link


@pytest.mark.parametrize(
    ("address", "status", "given"),
    [
        ("parties/Atlantis/?on=2018-07-10", 404, "Atlantis"),
        ("parties/USA/and/Atlantis/?on=2018-07-10", 404, "Atlantis"),
        ("parties/RUS/and/SUN/?on=2018-07-10", 400, "SUN"),
        ("parties/?on=2018-07-10&kind=planet", 400, "planet"),
        ("parties/?on=2018-07-10&order=random", 400, "random"),
        ("parties/USA/?on=2018-07-10&issue=weather", 400, "weather"),
        ("parties/USA/and/RUS/?on=2018-07-10&issue=weather", 400, "weather"),
        ("parties/and/?on=2018-07-10&a=USA&b=Atlantis", 400, "Atlantis"),
        ("parties/and/?on=2018-07-10&a=&b=", 400, "no party"),
        (f"parties/{'x' * 3000}/?on=2018-07-10", 404, "xxx…"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_cannot_be_answered_says_what_to_do(
    client: Client, address: str, status: int, given: str, language: str
) -> None:
    text = page_of(client, f"/{language}/{address}", status)
    if language == "en" or given != "no party":
        assert given in text
    assert "Traceback" not in text
    assert len(text) < 20_000
    valid(text)


def test_near_names_are_named(client: Client) -> None:
    assert "RUS (Russian Federation)" in page_of(client, "/en/parties/Russia/?on=2018-07-10", 404)
    assert "Иран" in page_of(client, "/ru/parties/Ирран/?on=2018-07-10", 404)


@pytest.mark.parametrize("page", ["-1", "zzz"])
def test_a_page_number_that_nobody_asked_for_does_no_harm(client: Client, page: str) -> None:
    page_of(client, f"/en/parties/?on=2018-07-10&page={page}")


def test_a_million_characters_are_refused(client: Client) -> None:
    response = client.get("/en/parties/", {"on": "2018-07-10", "text": "x" * 1_000_000})
    assert response.status_code == 400
    assert len(response.content) < 20_000
