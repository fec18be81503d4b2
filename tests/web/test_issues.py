"""Issues: the list with its numbers, and one issue with texts, forums, concerns, agenda and statements."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from xml.etree import ElementTree

import html5lib
import pytest
from django.test import Client

from detente.reading import Reading
from detente.reading.issues import issue
from detente.reading.issues import issues
from detente.rendering.data import as_json
from detente.web.desk import desk

DAY = "on=2018-07-10"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:400]
    return response.content.decode()


def tree_of(text: str) -> ElementTree.Element:
    tree: ElementTree.Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)
    return tree


def reading(on: str = "2018-07-10", according_to: str | None = None) -> Reading:
    return Reading(desk().casebook, date.fromisoformat(on), None, according_to)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "address",
    ["issues/?on=2018-07-10", "issues/?on=1944-01-01", "issues/iran/?on=2025-11-01",
     "issues/intermediate-range/?on=2018-07-10&according_to=RUS", "issues/cyber/?on=1944-01-01",
     "issues/npt/?on=2018-07-10&between=USA,CHN"],
)  # fmt: skip
def test_the_pages_are_valid_html(client: Client, language: str, address: str) -> None:
    html5lib.HTMLParser(strict=True).parse(text_of(client, f"/{language}/{address}"))


def test_the_data_are_those_of_the_reading(client: Client) -> None:
    assert client.get(f"/en/issues.json?{DAY}").content.decode() == as_json(issues(reading(), ("USA", "RUS"), "3y"))
    one = client.get("/en/issues/iran.json?on=2025-11-01&according_to=RUS").content.decode()
    assert one == as_json(issue(reading("2025-11-01", "RUS"), "iran", ("USA", "RUS"), "3y"))


def test_every_issue_is_a_row_with_its_numbers(client: Client) -> None:
    tree = tree_of(text_of(client, f"/en/issues/?{DAY}"))
    table = next(t for t in tree.iter("table") if "issues" in t.get("class", "").split())
    rows = [["".join(cell.itertext()).strip() for cell in tr] for tr in next(table.iter("tbody"))]
    answer = issues(reading(), ("USA", "RUS"))
    assert len(rows) == len(answer.issues) == 13
    for cells, row in zip(rows, answer.issues, strict=True):
        assert cells[0].startswith(row.title.en)
        assert cells[1:7] == [*(str(n) for n in row.items.values()), f"{row.in_force} of {row.instruments}",
                              f"{row.alive} of {row.forums}", str(row.concerns)]  # fmt: skip


def test_the_table_is_offered_as_a_spreadsheet(client: Client) -> None:
    rows = list(csv.DictReader(StringIO(client.get(f"/ru/issues.csv?{DAY}").content.decode())))
    assert [row["issue"] for row in rows] == list(desk().registers.issues)
    assert rows[0]["title"] == "Стратегические наступательные вооружения"


def test_one_issue_leads_to_its_items_texts_forums_and_concerns(client: Client) -> None:
    text = text_of(client, f"/en/issues/intermediate-range/?{DAY}")
    answer = issue(reading(), "intermediate-range", ("USA", "RUS"))
    for item in answer.items:
        assert f'href="/en/?{DAY}#{item.id}"' in text
    assert f'href="/en/instruments/inf/?{DAY}"' in text
    for row in answer.forums:
        assert f'href="/en/forums/{row.forum}/?{DAY}"' in text
    for concern in answer.concerns:
        assert f'href="/en/statements/{concern.statement}/?{DAY}"' in text


def test_one_statement_about_several_is_told_once(client: Client) -> None:
    answer = issue(reading("2025-11-01"), "iran", ("USA", "RUS"))
    several = [c.statement for c in answer.concerns if sum(o.statement == c.statement for o in answer.concerns) > 1]
    assert several
    section = text_of(client, "/en/issues/iran/?on=2025-11-01").partition('id="concerns"')[2].partition('id="latest"')
    assert section[0].count(f"/statements/{several[0]}/") == 1


def test_readings_that_differ_have_a_row_each(client: Client) -> None:
    text = text_of(client, "/en/issues/iran/?on=2025-11-01")
    assert "common reading" in text
    according = text_of(client, "/en/issues/iran/?on=2025-11-01&according_to=RUS")
    assert "common reading" not in according


def test_the_choice_is_in_every_link(client: Client) -> None:
    for address in (f"/en/issues/?{DAY}", f"/en/issues/iran/?{DAY}"):
        tree = tree_of(text_of(client, f"{address}&known_by=2018-07-01&according_to=RUS"))
        inside = [a.get("href", "") for a in tree.iter("a") if a.get("href", "").startswith("/en/")]
        assert len(inside) > 40
        assert all("known_by=2018-07-01" in link and "according_to=RUS" in link for link in inside)


@pytest.mark.parametrize("id", ["weather", "x" * 5000, "%00", "%D1%84", "IRAN"])
def test_an_unknown_issue_is_refused_with_those_that_there_are(client: Client, id: str) -> None:
    english, russian = (text_of(client, f"/{language}/issues/{id}/?{DAY}", 404) for language in ("en", "ru"))
    assert "intermediate-range" in english
    assert "В записях нет темы" in russian
