"""The page of what falls due: by month with a calendar of each, the overdue first."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date

import html5lib
import pytest
from django.test import Client
from reading_pages import data_of
from reading_pages import links_of
from reading_pages import page_of
from reading_pages import valid
from reading_pages import words_of

from detente.reading import Reading
from detente.reading.due import due
from detente.reading.overdue import overdue
from detente.rendering.calendar import due_calendar
from detente.rendering.data import as_json
from detente.web.desk import desk


def reading(on: str) -> Reading:
    return Reading(desk().casebook, date.fromisoformat(on))


@pytest.mark.parametrize("on", ["1986-10-10", "2018-07-10", "2023-06-01", "2025-11-01", "2026-11-24"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_is_valid_html(client: Client, on: str, language: str) -> None:
    valid(page_of(client, f"/{language}/due/?on={on}"))


def test_the_data_are_the_readings_answer_within_the_horizon(client: Client) -> None:
    assert client.get("/en/due.json?on=2018-07-10").content.decode() == as_json(due(reading("2018-07-10"), "3y"))
    longer = client.get("/en/due.json?on=2018-07-10&horizon=10y").content.decode()
    assert longer == as_json(due(reading("2018-07-10"), "10y"))
    asked = client.get("/en/due.json?on=2018-07-10&within=6m").content.decode()
    assert asked == as_json(due(reading("2018-07-10"), "6m"))


def test_the_calendar_is_that_of_the_command(client: Client) -> None:
    answer = due(reading("2018-07-10"), "3y")
    assert client.get("/en/due.ics?on=2018-07-10").content.decode() == due_calendar(answer, "en")


def test_new_start_ends_in_the_calendar_of_february_2021(client: Client) -> None:
    text = page_of(client, "/en/due/?on=2018-07-10")
    month = next(
        node
        for node in html5lib.HTMLParser(namespaceHTMLElements=False).parse(text).iter("section")
        if node.get("id") == "m-2021-02"
    )
    cells = {a.text: a.get("href") for a in month.iter("a") if a.get("href", "").startswith("#d-")}
    assert cells["5"] == "#d-2021-02-05"
    assert 'id="d-2021-02-05"' in text
    assert "New START: its term ends" in "".join(month.itertext())


def test_every_entry_stands_in_its_month_and_every_day_is_marked_once(client: Client) -> None:
    answer = due(reading("2023-06-01"), "3y")
    text = page_of(client, "/en/due/?on=2023-06-01")
    months = Counter(row.day.isoformat()[:7] for row in answer.due)
    for month, count in months.items():
        assert f'href="#m-{month}">{month} <span class="count">{count}</span>' in text
    days = {row.day.isoformat() for row in answer.due}
    assert {link.removeprefix("#d-") for link in links_of(text) if link.startswith("#d-")} == days
    for day in days:
        assert text.count(f'id="d-{day}"') == 1


def test_weeks_begin_on_monday(client: Client) -> None:
    """16 July 2018 was a Monday."""
    text = page_of(client, "/en/due/?on=2018-07-10")
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)
    month = next(node for node in tree.iter("section") if node.get("id") == "m-2018-07")
    week = next(row for row in month.iter("tr") if "16" in ["".join(c.itertext()) for c in row])
    assert ["".join(cell.itertext()) for cell in week] == ["16", "17", "18", "19", "20", "21", "22"]


def test_what_is_overdue_between_the_two_comes_first(client: Client) -> None:
    late = overdue(reading("2023-06-01"), "USA", "RUS", "3y")
    text = words_of(page_of(client, "/en/due/?on=2023-06-01"))
    assert f"Overdue between United States and Russian Federation {len(late)}" in text
    places = [text.index(item.title.en) for item in late]
    assert places == sorted(places)
    assert places[-1] < text.index("June 2023")


@pytest.mark.parametrize(("name", "value"), [("kind", "ends"), ("issue", "iran")])
def test_filters_narrow_the_page_and_its_data_alike(client: Client, name: str, value: str) -> None:
    expected = [row for row in due(reading("2023-06-01"), "3y").due if getattr(row, name) == value]
    data = data_of(client, f"/en/due.json?on=2023-06-01&{name}={value}")
    assert [row["title"]["en"] for row in data["due"]] == [row.title.en for row in expected]
    body = client.get(f"/en/due.csv?on=2023-06-01&{name}={value}").content.decode()
    assert len(list(csv.DictReader(io.StringIO(body)))) == len(expected)
    ics = client.get(f"/en/due.ics?on=2023-06-01&{name}={value}").content.decode()
    assert ics.count("BEGIN:VEVENT") == len(expected)
    links = links_of(page_of(client, f"/en/due/?on=2023-06-01&{name}={value}"))
    assert "/en/due/?on=2023-06-01" in links


def test_a_party_is_found_by_name(client: Client) -> None:
    data = data_of(client, "/en/due.json?on=2018-07-10&party=Iran")
    answer = due(reading("2018-07-10"), "3y", "IRN")
    assert len(data["due"]) == len(answer.due)
    assert all(not row["parties"] or "IRN" in row["parties"] for row in data["due"])


def test_a_session_leads_to_its_forum(client: Client) -> None:
    assert "/en/forums/us-rus-summits/?on=2018-07-10" in links_of(page_of(client, "/en/due/?on=2018-07-10"))


def test_nothing_due_says_so_and_helps(client: Client) -> None:
    text = page_of(client, "/en/due/?on=2018-07-10&within=1d")
    assert "Nothing on record falls due in this time" in words_of(text)
    assert "/en/due/?on=2018-07-10&within=10y" in links_of(text)


def test_the_choice_is_in_every_link(client: Client) -> None:
    links = links_of(page_of(client, "/en/due/?on=2023-06-01&known_by=2023-07-01&according_to=RUS"))
    inside = [link for link in links if link.startswith("/en/")]
    assert len(inside) > 30
    for link in inside:
        assert "known_by=2023-07-01" in link, link
        assert "according_to=RUS" in link, link


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("within=soon", "soon"),
        ("within=99999999y", "99999999y"),
        ("party=Atlantis", "Atlantis"),
        ("issue=weather", "weather"),
        ("kind=party", "party"),
        (f"party={'x' * 5000}", "200"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_cannot_be_answered_says_what_to_do(client: Client, query: str, given: str, language: str) -> None:
    text = page_of(client, f"/{language}/due/?on=2018-07-10&{query}", 400)
    assert given in text
    assert "Traceback" not in text
    valid(text)


@pytest.mark.parametrize("page", ["-1", "zzz"])
def test_a_page_number_that_nobody_asked_for_does_no_harm(client: Client, page: str) -> None:
    page_of(client, f"/en/due/?on=2018-07-10&page={page}")


@pytest.mark.parametrize("horizon", ["1d", "1000y"])
@pytest.mark.parametrize("on", ["1900-01-01", "2018-07-10", "2999-12-31"])
def test_the_ends_of_the_calendar_are_answered(client: Client, on: str, horizon: str) -> None:
    page_of(client, f"/en/due/?on={on}&horizon={horizon}")
