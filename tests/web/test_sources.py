"""Sources: the register with filters and the block list, and one source with what rests on it."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from xml.etree import ElementTree

import html5lib
import msgspec
import pytest
from django.test import Client

from detente.reading import Reading
from detente.reading.sources import SourceQuery
from detente.reading.sources import source
from detente.reading.sources import sources
from detente.rendering.data import as_json
from detente.web.desk import desk

DAY = "on=2018-07-10"
LIST = f"/en/sources/?{DAY}"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:400]
    return response.content.decode()


def tree_of(text: str) -> ElementTree.Element:
    tree: ElementTree.Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)
    return tree


def reading() -> Reading:
    return Reading(desk().casebook, date(2018, 7, 10))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "address",
    ["sources/?on=2018-07-10", "sources/?on=2018-07-10&tier=press&sort=publisher&page=2",
     "sources/?on=1986-10-10&unused=yes", "sources/?on=2018-07-10&text=nothing+like+it",
     "sources/sa.new-start-text/?on=2018-07-10", "sources/unconfirmed/?on=2018-07-10",
     "sources/np.unvotes/?on=1945-01-01"],
)  # fmt: skip
def test_the_pages_are_valid_html(client: Client, language: str, address: str) -> None:
    html5lib.HTMLParser(strict=True).parse(text_of(client, f"/{language}/{address}"))


def test_the_data_are_those_of_the_reading(client: Client) -> None:
    data = client.get(f"/en/sources.json?{DAY}&tier=primary").content.decode()
    assert data == as_json(sources(reading(), SourceQuery(tier="primary")))
    one = client.get(f"/ru/sources/np.unvotes.json?{DAY}").content.decode()
    assert one == as_json(source(reading(), "np.unvotes"))


def test_the_table_holds_every_source_that_matches(client: Client) -> None:
    rows = list(csv.DictReader(StringIO(client.get(f"/en/sources.csv?{DAY}&tier=press&page=2").content.decode())))
    assert len(rows) == sources(reading(), SourceQuery(tier="press")).total > 500
    assert {row["tier"] for row in rows} == {"press"}


def test_a_source_leads_to_its_statements(client: Client) -> None:
    tree = tree_of(text_of(client, LIST))
    row = next(tr for tr in tree.iter("tr") if tr.get("id") == "np.unvotes")
    numbers = ["".join(td.itertext()) for td in row.iter("td") if td.get("class") == "number"]
    listed = next(a for td in row.iter("td") for a in td.iter("a"))
    assert f'<p class="told">{numbers[0]} statements' in text_of(client, listed.attrib["href"])


def test_an_address_opens_outside_and_tells_nothing_of_the_reader(client: Client) -> None:
    tree = tree_of(text_of(client, LIST))
    outside = [a for a in tree.iter("a") if a.get("href", "").startswith("http")]
    assert len(outside) > 50
    assert {a.get("rel") for a in outside} == {"noopener external"}


def test_the_block_list_is_on_the_page(client: Client) -> None:
    text = text_of(client, LIST)
    for host, entry in desk().registers.blocked.items():
        assert f"<code>{host}</code>" in text
        assert entry.reason in text


def test_chips_name_the_filters_and_take_them_off(client: Client) -> None:
    tree = tree_of(text_of(client, f"{LIST}&tier=official&text=iran&unused=yes"))
    chips = next(e for e in tree.iter("ul") if "set" in e.get("class", "").split())
    assert len(list(chips.iter("a"))) == 4
    off = next(a for a in chips.iter("a") if "Tier" in "".join(a.itertext()))
    assert off.attrib["href"] == f"{LIST}&text=iran&unused=yes"


def test_the_choice_is_in_every_link(client: Client) -> None:
    for address in (LIST, f"/en/sources/np.unvotes/?{DAY}"):
        tree = tree_of(text_of(client, f"{address}&known_by=2018-07-01&according_to=RUS"))
        inside = [a.get("href", "") for a in tree.iter("a") if a.get("href", "").startswith("/en/")]
        assert len(inside) > 20
        assert all("known_by=2018-07-01" in link and "according_to=RUS" in link for link in inside)


@pytest.mark.parametrize(
    ("query", "told"), [("tier=gossip", "gossip"), ("sort=size", "size"), ("unused=no", "no"), ("page=-1", "-1"),
                        ("page=zzz", "zzz")],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_with_what_to_do(client: Client, query: str, told: str) -> None:
    problem = msgspec.json.decode(client.get(f"/en/sources.json?{DAY}&{query}").content)
    assert (problem["status"], problem["faults"][0]["given"]) == (400, told)
    html5lib.HTMLParser(strict=True).parse(text_of(client, f"/ru/sources/?{DAY}&{query}", 400))


def test_an_unknown_publisher_finds_nothing_and_says_so(client: Client) -> None:
    assert "No source matches." in text_of(client, f"{LIST}&publisher=Nobody")


def test_a_million_characters_are_refused(client: Client) -> None:
    for name in ("text", "publisher"):
        assert client.get("/en/sources/", {"on": "2018-07-10", name: "x" * 1_000_000}).status_code == 400


@pytest.mark.parametrize("id", ["new-start-text", "nothing", "x" * 5000, "%00", "%D1%84"])
def test_an_unknown_source_is_refused_in_both_languages(client: Client, id: str) -> None:
    assert "The record holds no source" in text_of(client, f"/en/sources/{id}/?{DAY}", 404)
    assert "В записях нет источника" in text_of(client, f"/ru/sources/{id}/?{DAY}", 404)
