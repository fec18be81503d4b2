"""A user's faulty casebook laid over the shipped one: every fault is told, and no page goes down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest
from django.conf import settings
from django.test import Client

from detente.web import frame
from detente.web.desk import Desk
from detente.web.desk import desk
from detente.web.pages import statements

DAY = "on=2018-07-10"
LIST = f"/en/problems/?{DAY}"
FAULTY = Path(__file__).parent.parent / "fixtures" / "faulty-casebook"
_ATOM = "{http://www.w3.org/2005/Atom}"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:400]
    return response.content.decode()


def tree_of(text: str) -> ElementTree.Element:
    tree: ElementTree.Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)
    return tree


def _forget() -> None:
    """Let the process open its desk anew, and make again what it keeps of the casebook."""
    for kept in (desk, frame._serious, frame._party_list, statements._instrument_list):
        kept.cache_clear()


@pytest.fixture(scope="module", autouse=True)
def faulty() -> Iterator[Desk]:
    """A desk of its own: the shipped casebook with a user's faulty one laid over it."""
    before = settings.CASEBOOKS
    settings.CASEBOOKS = [str(FAULTY)]
    _forget()
    yield desk()
    settings.CASEBOOKS = before
    _forget()


EXPECTED = [
    ("dialogue/positions.csv:3", "error", "'2018-02-30' under 'on'", "EDTF date"),
    ("dialogue/positions.csv:4", "error", "No source 'xx.hearsay' is registered", "sources.toml"),
    ("dialogue/positions.csv:5", "error", "The id 'faulty.rus.2018-07-01.good' is taken.", "an id of its own"),
    ("dialogue/positions.csv:6", "error", "'ponder' is no verb of a position", "Use one of"),
    ("dialogue/positions.csv:7", "error", "No author 'ATL' is registered", "parties.toml"),
    ("dialogue/concerns.csv:2", "warning", "has no Russian text", "fill in 'ru'"),
    ("dialogue/meetings.csv:2", "error", "The line holds the control character U+0007.", "Take it out"),
    ("dialogue/meetings.csv:3", "error", "A quotation mark is not closed", "Close it"),
    ("sources.toml:1", "error", "is on the block list", "Cite another source"),
    ("sources.toml:8", "error", "'gossip' is no tier", "Use one of"),
]


@pytest.mark.parametrize(("place", "severity", "what", "remedy"), EXPECTED)
def test_a_fault_of_a_user_s_casebook_has_its_line_and_remedy(
    client: Client, place: str, severity: str, what: str, remedy: str
) -> None:
    tree = tree_of(text_of(client, f"{LIST}&severity={severity}"))
    rows = [" ".join("".join(li.itertext()).split()) for ol in tree.iter("ol") for li in ol]
    told = [row for row in rows if row.startswith(f"faulty-casebook/{place} ")]
    assert len(told) == 1, rows
    assert what in told[0]
    assert remedy in told[0]


def test_the_worst_stand_first_and_are_counted(client: Client, faulty: Desk) -> None:
    tree = tree_of(text_of(client, LIST))
    headings = ["".join(h.itertext()) for h in tree.iter("h2")]
    assert headings[0].startswith("error: left out of the record 9")
    assert headings[1].startswith("warning: kept, and to be looked at 1")
    assert headings[2].startswith("note: kept, and could be better")
    serious = sum(p.severity != "note" for p in faulty.casebook.problems)
    assert f'<span class="count">{serious}</span>' in text_of(client, LIST)


def test_a_kind_of_fault_can_be_chosen(client: Client) -> None:
    tree = tree_of(text_of(client, LIST))
    boxes = {next(s.iter("h3")).text: s for s in tree.iter("section") if s.get("class") == "facet"}
    for link in list(boxes["What is wrong"].iter("a"))[:12]:
        assert "1 problem" in text_of(client, link.attrib["href"]) or "problems were found" in text_of(
            client, link.attrib["href"]
        )


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "page",
    ["", "instruments/", "instruments/new-start/", "parties/", "parties/RUS/", "forums/", "forums/us-rus-summits/",
     "due/", "claims/", "issues/", "issues/dialogue/", "statements/", "sources/", "sources/xx.leak/", "problems/",
     "statements/faulty.rus.2018-07-01.good/", "statements/faulty.usa.2018-07-01.no-russian/"],
)  # fmt: skip
def test_every_other_page_still_works(client: Client, language: str, page: str) -> None:
    html5lib.HTMLParser(strict=True).parse(text_of(client, f"/{language}/{page}?{DAY}"))


def test_the_good_row_is_there_and_its_marks_are_shown_not_obeyed(client: Client) -> None:
    text = text_of(client, f"/en/statements/?{DAY}&topic=faulty-thread&order=oldest")
    assert text.count('<p class="when">') == 2
    assert "&lt;b&gt;marks&lt;/b&gt; &amp; signs" in text
    text_of(client, f"/en/statements/faulty.usa.2018-02-30.no-day/?{DAY}", 404)


def test_a_source_on_the_block_list_says_why(client: Client) -> None:
    assert "publishes leaked classified documents" in text_of(client, f"/en/sources/xx.leak/?{DAY}")


def test_the_news_are_whole(client: Client) -> None:
    feed = ElementTree.fromstring(client.get(f"/en/statements.atom?{DAY}&topic=faulty-thread").content)
    summaries = [entry.findtext(f"{_ATOM}summary") or "" for entry in feed.findall(f"{_ATOM}entry")]
    assert len(summaries) == 2
    assert any("<b>marks</b> & signs" in summary for summary in summaries)
