"""Every address of the web face is visited, in both languages and every offered form; what must hold of a page holds.

The addresses are those of `urls.py`: a new page is visited as soon as it is there.  One that takes an id says in
`IDS` which ids of the casebook it is tried with; one that is no page says in `OTHERS` what it answers.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from django.core.management import call_command
from django.db import connection
from django.template import engines
from django.test import Client
from django.urls import URLPattern
from django.urls import URLResolver
from django.urls import get_resolver
from django.urls import resolve
from django.urls import reverse
from django.utils.translation import override

import detente.web
from detente.consultation.claims import VERDICT_WORDS
from detente.record.statements import KINDS
from detente.web.chosen import Chosen
from detente.web.desk import desk

ON = date(2018, 7, 10)
LANGUAGES = ("en", "ru")
FORMS = ("json", "csv", "ics", "atom")
TEMPLATES = Path(detente.web.__file__).parent / "templates"

Names = dict[str, str]


def _addresses() -> dict[str, tuple[str, ...]]:
    """Return every named address with the parameters that it takes."""

    def walk(resolver: URLResolver) -> Iterator[URLPattern]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry)
            else:
                yield entry

    return {str(pattern.name): tuple(pattern.pattern.converters) for pattern in walk(get_resolver())}


ADDRESSES = _addresses()
OTHERS = {
    "front": "sends a reader on",
    "robots": "is read by robots",
    "cite": "keeps a citation",
    "citation": "is a citation that was kept",
    "citation.data": "is a citation that was kept",
    "citation.file": "is a citation that was kept",
    "pair.chosen": "sends a reader on",
    "api.openapi": "describes the API",
}
"""What is no page about a choice, and is visited in a test of its own."""
PAGES = sorted(n for n in ADDRESSES if n not in OTHERS and not n.endswith(".data") and not n.startswith("api."))


def _statements() -> list[Names]:
    """Return a statement of every kind, and one that corrects or is cited by another."""
    frame = desk().casebook.record.frame
    of_kinds = [frame.filter(frame["kind"] == kind)["id"][0] for kind in KINDS]
    corrects = frame.filter(frame["corrects"].is_not_null())
    return [{"id": id} for id in (*of_kinds, *corrects["id"].head(1), *corrects["corrects"].head(1))]


def _computed() -> list[Names]:
    """Return a finding of every kind, one of an author's, and an item of every section."""
    reading = desk().reading(Chosen(on=ON))
    rows = reading.all_findings
    ids = [rows.filter(rows["kind"] == kind)["id"][0] for kind in rows["kind"].unique().sort()]
    ids.append(rows.filter(rows["author"] != "")["id"][0])
    ids += [section.items[0].id for section in reading.agenda("USA", "RUS").sections]
    return [{"id": id} for id in ids]


def _articles() -> list[Names]:
    """Return an article of every kind of obligation, and those whose names are the hardest to write in an address."""
    found: dict[str, Names] = {}
    for law in desk().casebook.instruments.values():
        for provision in law.provision:
            names = {"id": law.id, "article": provision.article}
            found.setdefault(provision.kind, names)
            if any(character in provision.article for character in ",% /"):
                found[provision.article] = names
    return [*list(found.values())[:8], *list(found.values())[-3:]]


def _ids(*ids: str) -> Callable[[], list[Names]]:
    return lambda: [{"id": id} for id in ids]


IDS: dict[str, Callable[[], list[Names]]] = {
    "instrument": _ids("new-start", "inf", "npt", "jcpoa", "unscr-2231", "helsinki-final-act"),
    "article": _articles,
    "party": _ids("USA", "RUS", "IRN", "PRK", "IAEA", "SUN"),
    "pair": lambda: [{"a": "USA", "b": "RUS"}, {"a": "IRN", "b": "IAEA"}, {"a": "FRA", "b": "CHN"}],
    "forum": _ids("bcc", "us-rus-summits", "npt-review", "six-party-talks"),
    "claim": lambda: [{"id": id} for id in desk().registers.claims],
    "issue": lambda: [{"id": id} for id in desk().registers.issues],
    "statement": _statements,
    "source": lambda: [{"id": id} for id in list(desk().registers.sources)[::450]],
    "computed": _computed,
}
"""The ids with which each page is tried that takes one."""

QUERIES: dict[str, list[str]] = {
    "day": ["open=all", "according_to=RUS", "known_by=2018-07-10&between=IRN,PRK"],
    "compare": ["brief=yes", "first=2018-07-10&first_known_by=2018-07-10"],
}
"""Further ways of asking for a page, beside its plain address."""


def ways(name: str) -> list[Names]:
    return IDS[name]() if name in IDS else [{}]


def address_of(name: str, names: Names, language: str, query: str = "") -> str:
    with override(language):
        return f"{reverse(name, kwargs=names)}?on={ON}" + (f"&{query}" if query else "")


def _engine() -> Any:
    backend: Any = engines["jinja2"]
    return backend.env


@pytest.fixture(scope="module", autouse=True)
def _templates_unread() -> None:
    """Let the engine forget every template, so that it is told which ones these tests use."""
    _engine().cache.clear()


_VISITED: set[str] = set()
_SEEN: dict[str, list[str]] = {}
"""The links of one page of each kind, for the test that follows them."""


# --- What must hold of every page -------------------------------------------------------------------------------


def tree_of(text: str) -> Any:
    """Return a page taken apart; what is no valid HTML is refused."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def held_to(address: str, text: str) -> Any:
    """Hold a page to what must be true of every one, and return it taken apart."""
    tree = tree_of(text)
    elements = list(tree.iter())
    assert sum(e.tag == "h1" for e in elements) == 1, address
    ids = [e.get("id") for e in elements if e.get("id")]
    assert len(ids) == len(set(ids)), (address, sorted({id for id in ids if ids.count(id) > 1})[:5])
    for element in elements:
        if element.tag == "a":
            assert spoken(element), (address, "a link without words", element.get("href"))
        href = element.get("href", "") if element.tag == "a" else ""
        if href.startswith("#"):
            assert href[1:] in ids, (address, "nothing is at", href)
        assert element.get("style") is None, (address, element.tag)
        assert not any(str(name).startswith("on") for name in element.attrib), (address, element.tag)
    assert_stays_here(address, elements)
    assert_headings_in_order(address, elements)
    return tree


def spoken(element: Any) -> str:
    """Return what an element says to one who sees it or hears it."""
    inner = "".join(element.itertext()).strip()
    return inner or (element.get("aria-label") or "").strip()


def assert_stays_here(address: str, elements: list[Any]) -> None:
    """No page asks anything of another host: only the links that a reader follows to a source lead there."""
    sources = {source.address for source in desk().registers.sources.values()}
    for element in elements:
        for attribute in ("src", "href", "action", "data", "poster", "srcset"):
            target = str(element.get(attribute) or "")
            if urlsplit(target).netloc not in ("", "localhost"):
                assert (element.tag, attribute) == ("a", "href"), (address, element.tag, target)
                assert target in sources, (address, target)
                assert "noopener" in (element.get("rel") or ""), (address, target)


def assert_headings_in_order(address: str, elements: list[Any]) -> None:
    """No heading leaps over a level."""
    levels = [int(e.tag[1]) for e in elements if isinstance(e.tag, str) and len(e.tag) == 2 and e.tag[0] == "h"
              and e.tag[1].isdigit()]  # fmt: skip
    leaps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
    assert not leaps, (address, leaps[:3])


def assert_form(address: str, form: str, response: Any) -> None:
    """A form of a page is what its suffix says."""
    assert response.status_code == 200, (address, response.content[:300])
    text = response.content.decode()
    if form == "json":
        assert isinstance(json.loads(text), dict), address
    elif form == "csv":
        rows = list(csv.reader(io.StringIO(text)))
        assert not rows or {len(row) for row in rows} == {len(rows[0])}, address
    elif form == "ics":
        assert text.startswith("BEGIN:VCALENDAR"), address
        assert text.rstrip().endswith("END:VCALENDAR"), address
    else:
        assert ElementTree.fromstring(text).tag.endswith("}feed"), address


# --- The visits -------------------------------------------------------------------------------------------------


def test_every_address_is_a_page_or_says_what_else_it_is() -> None:
    unknown = [n for n in PAGES if ADDRESSES[n] and n not in IDS]
    assert not unknown, f"say in IDS with which ids these are tried: {unknown}"
    assert not [n for n in (*IDS, *QUERIES) if n not in PAGES], "IDS and QUERIES name pages that are no more"
    assert not [n for n in OTHERS if n not in ADDRESSES], "OTHERS names what is no more"
    assert len(PAGES) >= 18


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_whole_in_every_form(client: Client, name: str, language: str) -> None:
    for number, names in enumerate(ways(name)):
        for query in ("", *(QUERIES.get(name, ()) if not number else ())):
            address = address_of(name, names, language, query)
            response = client.get(address)
            assert response.status_code == 200, (address, response.content[:300])
            assert not response.cookies, address
            tree = held_to(address, response.content.decode())
            if not query and not number:
                _SEEN.setdefault(f"{name} {language}", [str(a.get("href")) for a in tree.iter("a")])
            assert_offered_forms(client, address, tree)
    _VISITED.add(f"{name} {language}")


def assert_offered_forms(client: Client, address: str, tree: Any) -> None:
    """Every form that a page offers is there; every other is refused with what is offered."""
    foot = [str(a.get("href")) for p in tree.iter("p") if p.get("class") == "forms" for a in p.iter("a")]
    offered = {urlsplit(link).path.rpartition(".")[2]: link for link in foot if urlsplit(link).path.endswith(FORMS)}
    for form, link in offered.items():
        response = client.get(link)
        assert not response.cookies, link
        assert_form(link, form, response)
    if "json" in offered:
        for form in set(FORMS) - set(offered):
            assert client.get(offered["json"].replace(".json?", f".{form}?")).status_code == 404, (address, form)


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(client: Client, name: str) -> None:
    """Follow a few links of each kind from one page of each kind."""
    if f"{name} en" not in _SEEN:
        pytest.skip("follows the links of pages that another test visits")
    by_kind: dict[str, list[str]] = defaultdict(list)
    for link in dict.fromkeys(_SEEN[f"{name} en"]):
        if link.startswith("/"):
            by_kind[_kind(urlsplit(link).path)].append(link.split("#")[0])
    chance = random.Random(name)
    for kind, links in sorted(by_kind.items()):
        for link in chance.sample(links, min(len(links), 4)):
            response = client.get(link)
            assert response.status_code in (200, 302), (name, kind, link, response.status_code)


def _kind(path: str) -> str:
    """Return the name of the page at an address, whatever its language."""
    language = path.split("/")[1]
    with override(language if language in LANGUAGES else "en"):
        return resolve(path).view_name


def test_a_reader_is_sent_on(client: Client) -> None:
    assert client.get("/?on=2018-07-10")["Location"] == "/en/?on=2018-07-10"
    response = client.get(address_of("pair.chosen", {}, "en", "a=IRN&b=PRK"))
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200


def test_robots_and_the_description_of_the_api_are_there(client: Client) -> None:
    assert client.get(reverse("robots"))["Content-Type"].startswith("text/plain")
    assert json.loads(client.get(reverse("api.openapi")).content)["openapi"].startswith("3.1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_the_api_has_an_example_that_is_answered(client: Client, language: str) -> None:
    response = client.get(f"{reverse('api')}?lang={language}")
    tree = held_to(reverse("api"), response.content.decode())
    links = {
        resolve(urlsplit(link).path).view_name: link for a in tree.iter("a") if (link := a.get("href"))[:5] == "/api/"
    }
    questions = {name for name in ADDRESSES if name.startswith("api.")}
    assert questions <= set(links)
    for name in sorted(questions):
        assert client.get(links[name]).status_code == 200, links[name]


@pytest.fixture
def _shelf(tmp_path: Path) -> Iterator[None]:
    """A database for citations."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(tmp_path / "citations.sqlite3")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    yield
    connection.close()
    connection.settings_dict["NAME"] = before


@pytest.mark.usefixtures("_shelf")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citation_is_kept_and_shown(client: Client, language: str) -> None:
    kept = client.post(
        reverse("cite"), {"address": f"/{language}/claims/?on={ON}"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert kept.status_code == 303, kept.content[:300]
    response = client.get(kept["Location"])
    assert not response.cookies
    held_to(kept["Location"], response.content.decode())
    path = kept["Location"].rstrip("/")
    for form in ("json", "bib", "csl.json"):
        assert client.get(f"{path}.{form}").status_code == 200, form


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_answered_is_a_page_as_well(client: Client, language: str) -> None:
    for address, status in ((f"/{language}/nowhere/", 404), (f"/{language}/?on=soon", 400),
                            (f"/{language}/instruments/no-such-text/?on={ON}", 404)):  # fmt: skip
        response = client.get(address)
        assert response.status_code == status
        assert not response.cookies
        held_to(address, response.content.decode())


@pytest.mark.parametrize("name", [n for n in PAGES if ADDRESSES[n]])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_id_that_is_none_is_refused_on_every_page(client: Client, name: str, language: str) -> None:
    for hostile in ("no-such-thing", "x" * 1500, "<b>&'\"", "%00", "é/..", "−1"):
        names = dict.fromkeys(ADDRESSES[name], hostile.replace("/", "") if name != "computed" else hostile)
        response = client.get(address_of(name, names, language))
        assert response.status_code in (400, 404), (name, hostile[:20], response.status_code)
        text = response.content.decode()
        assert "Traceback" not in text
        assert "<b>" not in text
        assert len(text) < 20_000, (name, hostile[:20])
        held_to(name, text)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("query", ["on=2018-07-10&page=-1", "on=2018-07-10&page=zzz", "on=2018-07-10&unheard=of"])
def test_a_parameter_that_is_nonsense_breaks_no_page(client: Client, name: str, query: str) -> None:
    address = address_of(name, ways(name)[0], "en").split("?")[0]
    response = client.get(f"{address}?{query}")
    assert response.status_code in (200, 400), (address, response.status_code)
    if "unheard" in query:
        assert response.status_code == 200


def test_claims_have_words_for_every_verdict_in_both_languages(client: Client) -> None:
    for language in LANGUAGES:
        text = client.get(address_of("claims", {}, language)).content.decode()
        for words in VERDICT_WORDS.values():
            assert words.get(language) in text


def test_every_template_is_used() -> None:
    """This comes last: it counts the templates that the visits above have read."""
    expected = {f"{name} {language}" for name in PAGES for language in LANGUAGES}
    if expected - _VISITED:
        pytest.skip("counts the templates of pages that other tests visit")
    used = {key[1] for key in _engine().cache.keys()}  # noqa: SIM118 - the cache is no dict
    unused = {path.name for path in TEMPLATES.rglob("*.html")} - used
    assert not unused, f"no page uses {sorted(unused)}"
