"""Problems: those of the shipped casebook, grouped, filtered and linked to what they name."""

from __future__ import annotations

import csv
import re
from io import StringIO
from xml.etree import ElementTree

import html5lib
import msgspec
import pytest
from django.test import Client
from typer.testing import CliRunner

from detente.cli.app import app
from detente.errors import Problem
from detente.reading.checked import checked
from detente.rendering.data import as_json
from detente.web.desk import desk
from detente.web.pages.problems import fault_of

DAY = "on=2018-07-10"
LIST = f"/en/problems/?{DAY}"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:400]
    return response.content.decode()


def tree_of(text: str) -> ElementTree.Element:
    tree: ElementTree.Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)
    return tree


def test_the_data_are_those_of_the_command(client: Client) -> None:
    response = client.get(f"/en/problems.json?{DAY}")
    assert response.content.decode() == as_json(checked(desk().casebook))
    told = CliRunner().invoke(app, ["check", "--format", "json"])
    assert response.content.decode() == told.output


def test_every_problem_is_on_some_page_with_place_and_remedy(client: Client) -> None:
    every = desk().casebook.problems
    found: list[str] = []
    for page in range(1, -(-len(every) // 50) + 1):
        tree = tree_of(text_of(client, LIST + (f"&page={page}" if page > 1 else "")))
        rows = [li for ol in tree.iter("ol") if ol.get("class") == "problems" for li in ol]
        found += [" ".join("".join(li.itertext()).split()) for li in rows]
    assert sorted(found) == sorted(f"{p.file}:{p.line} {p.what} {p.remedy}" for p in every)


def test_the_counts_are_those_of_the_list(client: Client) -> None:
    every = desk().casebook.problems
    text = text_of(client, LIST)
    assert f"{len(every)} problems were found" in text
    assert f"0 errors, 0 warnings, {len(every)} notes" in text
    tree = tree_of(text)
    files = next(s for s in tree.iter("section") if s.get("class") == "facet")
    link, count = next(files.iter("a")), next(files.iter("span"))
    name = "".join(link.itertext())
    assert "".join(count.itertext()) == str(sum(p.file == name for p in every))
    narrowed = text_of(client, link.attrib["href"])
    assert f"{''.join(count.itertext())} problem" in narrowed


def test_what_a_message_names_is_linked(client: Client) -> None:
    first = desk().casebook.problems[0]
    named = re.findall(r"'(.*?)'|\((.*?)\)", first.what)
    statement, source = named[0][0], named[1][1]
    text = text_of(client, f"{LIST}&file={first.file}")
    assert f'href="/en/statements/{statement}/?{DAY}"' in text
    assert f'href="/en/sources/{source}/?{DAY}"' in text


def test_the_table_holds_those_that_match(client: Client) -> None:
    name = desk().casebook.problems[0].file
    rows = list(csv.DictReader(StringIO(client.get(f"/en/problems.csv?{DAY}&file={name}").content.decode())))
    assert len(rows) == sum(p.file == name for p in desk().casebook.problems)
    assert {row["severity"] for row in rows} == {"note"}


def test_messages_that_say_the_same_are_one_kind() -> None:
    one = Problem("a.csv", 1, "note", "'a.b-1' rests on a source of the lowest tier (x.y).", "Look.")
    other = Problem("b.csv", 2, "note", "'c.d-2018-07-10' rests on a source of the lowest tier (z).", "Look.")
    assert fault_of(one) == fault_of(other) == "'…' rests on a source of the lowest tier (…)."


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("query", ["", "&severity=note&page=2", "&severity=error"])
def test_the_page_is_valid_html(client: Client, language: str, query: str) -> None:
    html5lib.HTMLParser(strict=True).parse(text_of(client, f"/{language}/problems/?{DAY}{query}"))


def test_none_of_a_severity_is_said_in_words(client: Client) -> None:
    assert "No problem matches." in text_of(client, f"{LIST}&severity=error")


@pytest.mark.parametrize(
    ("query", "status"),
    [("severity=grave", 400), ("file=passwd", 400), ("fault=x", 400), ("page=-1", 400), ("page=zzz", 400),
     ("page=9999", 404), ("file=../../etc/passwd", 400)],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_with_what_to_do(client: Client, query: str, status: int) -> None:
    problem = msgspec.json.decode(client.get(f"/en/problems.json?{DAY}&{query}").content)
    assert problem["status"] == status
    assert problem["faults"][0]["remedy"]["ru"]
    html5lib.HTMLParser(strict=True).parse(text_of(client, f"/ru/problems/?{DAY}&{query}", status))


def test_a_million_characters_are_refused(client: Client) -> None:
    assert client.get("/en/problems/", {"on": "2018-07-10", "file": "x" * 1_000_000}).status_code == 400
