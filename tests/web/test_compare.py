"""Two days compared: what the record says stands otherwise, gathered, filtered and in brief."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import html5lib
import msgspec
import pytest
from django.test import Client

from detente.reading import Reading
from detente.reading.answers import DiffAnswer
from detente.reading.diff import diff
from detente.rendering.data import as_json
from detente.web.desk import desk

PAGE = "/en/compare/?on=2023-06-01&first=2021-06-16"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:400]
    return response.content.decode()


def answer_of(client: Client, address: str) -> DiffAnswer:
    return msgspec.json.decode(client.get(address).content, type=DiffAnswer)


def tree_of(text: str) -> Any:
    return html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of every row of the page's tables of changes, as a reader sees them."""
    rows = (
        row for table in tree_of(text).iter("table") if "moves" in table.get("class", "") for row in table.iter("tr")
    )
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]


def test_the_data_are_those_of_the_command_line(client: Client) -> None:
    casebook = desk().casebook
    expected = diff(Reading(casebook, date(2021, 6, 16)), Reading(casebook, date(2023, 6, 1)))
    data = client.get("/en/compare.json?on=2023-06-01&first=2021-06-16")
    assert data.content.decode() == as_json(expected)


def test_before_and_after_stand_side_by_side_with_their_evidence(client: Client) -> None:
    rows = rows_of(text_of(client, PAGE))
    suspended = next(row for row in rows if row[0].startswith("New START Russian Federation") and row[1] == "bound")
    assert suspended[2] == "suspended"
    assert "2023-02-2" in suspended[3]
    readings = [row for row in rows if row[0].startswith("New START") and "according to United States" in row[0]]
    assert any("met (1456)" in row[1] and "cannot tell" in row[2] for row in readings)


def test_every_change_is_counted_in_its_kind(client: Client) -> None:
    answer = answer_of(client, "/en/compare.json?on=2023-06-01&first=2021-06-16")
    text = text_of(client, PAGE)
    assert f"{len(answer.changes)} changes are listed;" in text
    for what, title in (("instrument", "Texts"), ("standing", "Standings of parties"), ("forum", "Forums")):
        count = sum(change.what == what for change in answer.changes)
        assert f'{title} <span class="count">{count}</span>' in text


@pytest.mark.parametrize("filters", ["what=standing", "issue=strategic-arms", "what=finding&issue=iran", "only=pair"])
def test_filters_leave_the_same_changes_on_the_page_and_in_the_data(client: Client, filters: str) -> None:
    whole = answer_of(client, "/en/compare.json?on=2023-06-01&first=2021-06-16").changes
    found = answer_of(client, f"/en/compare.json?on=2023-06-01&first=2021-06-16&{filters}").changes
    asked = dict(pair.split("=") for pair in filters.split("&"))
    law = desk().casebook.instruments
    forums = desk().registers.forums
    expected = [
        change
        for change in whole
        if asked.get("what", change.what) == change.what
        and (
            "issue" not in asked
            or asked["issue"]
            in (
                forums[change.id].issues
                if change.what == "forum"
                else [law[change.id.split("/")[0].split("@")[0]].issue]
            )
        )
    ]
    if "only" not in asked:
        assert [change.id for change in found] == [change.id for change in expected]
    assert 0 < len(found) < len(whole)
    assert f"{len(found)} change" in text_of(client, f"{PAGE}&{filters}")


def test_only_the_pair_means_their_own_texts_standings_accounts_and_forums(client: Client) -> None:
    found = answer_of(client, "/en/compare.json?on=2023-06-01&first=2021-06-16&only=pair").changes
    told = {change.id for change in found}
    assert {"new-start/RUS", "new-start/II.1(b)/RUS@USA", "bwc/I/USA@RUS"} <= told
    for change in found:
        if change.what in ("standing", "finding"):
            assert {"USA", "RUS"} & set(change.id.replace("@", "/").split("/")), change.id


def test_the_brief_list_is_short_and_leads_to_all(client: Client) -> None:
    text = text_of(client, "/en/compare/?on=2026-11-24&first=2018-07-10&brief=yes")
    block = next(e for e in tree_of(text).iter() if e.get("id") == "changes")
    lines = list(block.iter("li"))
    assert 8 <= len(lines) <= 15
    said = " ".join("".join(block.itertext()).split())
    assert "INF Treaty in force →then ended" in said
    count = len(answer_of(client, "/en/compare.json?on=2026-11-24&first=2018-07-10&only=pair").changes)
    assert f"All {count} changes" in said
    assert any("only=pair" in a.get("href", "") for a in block.iter("a"))


def test_the_first_day_is_that_of_the_last_summit(client: Client) -> None:
    assert answer_of(client, "/en/compare.json?on=2021-07-01").first == date(2021, 6, 16)
    assert answer_of(client, "/en/compare.json?on=2021-07-01&between=IRN,PRK").first == date(2020, 7, 1)


def test_two_states_of_knowledge_of_one_day_can_be_compared(client: Client) -> None:
    address = "/en/compare/?on=2013-07-10&first=2013-07-10&first_known_by=2013-07-10"
    text = text_of(client, address)
    assert "What was learnt of 2013-07-10" in text
    answer = answer_of(client, address.replace("compare/", "compare.json"))
    assert (answer.first_known_by, answer.known_by) == (date(2013, 7, 10), None)
    told = {change.id: (change.before.en, change.after.en) for change in answer.changes}
    assert told["inf/VI.1(a)/RUS@RUS"] == ("cannot tell", "met")


def test_the_same_reading_twice_says_so(client: Client) -> None:
    assert "the same reading" in text_of(client, "/en/compare/?on=2018-07-10&first=2018-07-10")


def test_the_rows_of_the_spreadsheet_are_the_changes(client: Client) -> None:
    response = client.get("/en/compare.csv?on=2023-06-01&first=2021-06-16&what=forum")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    changes = answer_of(client, "/en/compare.json?on=2023-06-01&first=2021-06-16&what=forum").changes
    assert [row["id"] for row in rows] == [change.id for change in changes]
    assert {row["before"] for row in rows} <= {"alive", "lapsed", "suspended", "not yet chartered", "ended"}
    assert all(row["stamp"].startswith("casebook ") for row in rows)


def test_all_that_is_wrong_is_named_together(client: Client) -> None:
    address = "/ru/compare/?on=2018-07-10&first=2018-02-30&first_known_by=soon&what=weather&issue=moon&only=us&brief=no"
    text = text_of(client, address, 400)
    for given in ("2018-02-30", "soon", "weather", "moon", "us", "no"):
        assert f"«{given}»" in text


def test_a_million_characters_are_refused(client: Client) -> None:
    response = client.get("/en/compare.json", {"on": "2018-07-10", "first": "x" * 1_000_000})
    assert response.status_code == 400
    assert len(response.content) < 20_000


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("more", ["", "&brief=yes", "&only=pair", "&first=2030-01-01", "&first=1900-01-01&what=forum"])
def test_the_page_is_valid_html(client: Client, language: str, more: str) -> None:
    html5lib.HTMLParser(strict=True).parse(text_of(client, f"/{language}/compare/?on=2018-07-10{more}"))
