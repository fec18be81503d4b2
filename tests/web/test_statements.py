"""Statements: the list with filters, counts and chips; its table, its data and its news; and one statement in full."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO
from urllib.parse import parse_qs
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
import msgspec
import pytest
from django.test import Client

from detente.reading import Reading
from detente.reading.browse import Query
from detente.reading.browse import browse
from detente.reading.statement import statement
from detente.record.dates import span
from detente.rendering.data import as_json
from detente.web.desk import desk

DAY = "on=2018-07-10"
LIST = f"/en/statements/?{DAY}"
ONE = "/en/statements/new-start.rus.2018-02-05.launchers/"
ATOM = "{http://www.w3.org/2005/Atom}"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:400]
    return response.content.decode()


def tree_of(text: str) -> ElementTree.Element:
    tree: ElementTree.Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)
    return tree


def reading() -> Reading:
    return Reading(desk().casebook, date(2018, 7, 10))


def words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "address",
    ["statements/?on=2018-07-10", "statements/?on=2025-11-01&author=RUS&instrument=new-start&sort=known&page=2",
     "statements/?on=2018-07-10&text=nothing+like+it", "statements/?on=1945-01-01",
     "statements/new-start.rus.2018-02-05.launchers/?on=2018-07-10",
     "statements/npt-review.2015/?on=2018-07-10", "statements/bpc.suspend.2014-03/?on=2012-01-01",
     "statements/jcpoa.usa.2018-05-08.withdraw/?on=2018-07-10&known_by=2018-01-01"],
)  # fmt: skip
def test_the_pages_are_valid_html(client: Client, language: str, address: str) -> None:
    html5lib.HTMLParser(strict=True).parse(text_of(client, f"/{language}/{address}"))


def test_a_sentence_says_what_is_listed(client: Client) -> None:
    total = browse(reading(), Query(kind="report", author="RUS", instrument="new-start")).total
    address = f"{LIST}&kind=report&author=RUS&instrument=new-start"
    assert f"{total} reports by Russian Federation on New START, newest first." in text_of(client, address)
    russian = text_of(client, address.replace("/en/", "/ru/"))
    assert f"Сообщения о показателях: {total}; автор — Российская Федерация; договорённость — ДСНВ" in russian


def test_names_are_understood_and_become_codes(client: Client) -> None:
    by_code = browse(reading(), Query(author="RUS", instrument="new-start")).total
    text = text_of(client, f"{LIST}&author=Russian+Federation&instrument=New+START")
    assert f"{by_code} statements by Russian Federation on New START" in text


def test_a_facet_leads_to_what_it_counts(client: Client) -> None:
    tree = tree_of(text_of(client, f"{LIST}&issue=iran"))
    boxes = [e for e in tree.iter("section") if e.get("class") == "facet"]
    assert len(boxes) > 6
    for box in boxes:
        item = next(box.iter("li"))
        link, count = next(item.iter("a")), next(item.iter("span"))
        assert "issue=iran" in link.attrib["href"]
        page = text_of(client, link.attrib["href"])
        assert re.search(rf"<p class=\"told\">{re.escape(words(count))} ", page), words(item)


def test_chips_take_a_filter_off_and_keep_the_others(client: Client) -> None:
    tree = tree_of(text_of(client, f"{LIST}&issue=iran&author=USA&sort=known&page=1"))
    chips = next(e for e in tree.iter("ul") if "set" in e.get("class", "").split())
    links = {words(a).split(":")[0]: parse_qs(urlsplit(a.attrib["href"]).query) for a in chips.iter("a")}
    assert links["Author"] == {"on": ["2018-07-10"], "issue": ["iran"], "sort": ["known"]}
    assert links["Issue"] == {"on": ["2018-07-10"], "author": ["USA"], "sort": ["known"]}
    assert links["Take all filters off"] == {"on": ["2018-07-10"]}


def test_pages_follow_each_other_without_a_gap(client: Client) -> None:
    found = []
    for page in range(1, 8):
        tree = tree_of(text_of(client, f"{LIST}&instrument=new-start" + (f"&page={page}" if page > 1 else "")))
        items = next(e for e in tree.iter("ol") if e.get("class") == "statements")
        found += [li.attrib["id"] for li in items if li.tag == "li"]
        after = [a for a in tree.iter("a") if a.get("rel") == "next"]
        if not after:
            break
    total = browse(reading(), Query(instrument="new-start")).total
    assert len(found) == len(set(found)) == total
    assert page == -(-total // 50)


def test_the_choice_is_kept_in_every_link_but_that_of_the_news(client: Client) -> None:
    for address in (LIST, f"{ONE}?{DAY}"):
        tree = tree_of(text_of(client, f"{address}&known_by=2018-07-01&according_to=RUS"))
        links = [a.get("href", "") for a in tree.iter("a")]
        inside = [link for link in links if link.startswith("/en/") and ".atom" not in link]
        assert len(inside) > 20
        for link in inside:
            assert "known_by=2018-07-01" in link, link
            assert "according_to=RUS" in link, link


def test_the_form_keeps_the_choice_and_the_other_filters(client: Client) -> None:
    tree = tree_of(text_of(client, f"{LIST}&kind=report&author=USA&known_by=2018-07-01"))
    form = next(e for e in tree.iter("form") if e.get("class") == "filters")
    fields = {i.attrib["name"]: i.get("value", "") for i in form.iter("input")}
    assert fields == {"text": "", "author": "USA", "instrument": "", "year": "", "on": "2018-07-10",
                      "known_by": "2018-07-01", "kind": "report"}  # fmt: skip
    assert all(words(label) for label in form.iter("label"))


def test_an_empty_list_says_so_and_helps(client: Client) -> None:
    text = text_of(client, f"{LIST}&text=nothing+like+it")
    assert "0 statements with the words “nothing like it”" in text
    assert "No statement matches on this day." in text


def test_the_data_are_those_of_the_reading(client: Client) -> None:
    response = client.get(f"/en/statements.json?{DAY}&author=RUS&kind=concern&page=2")
    assert response.content.decode() == as_json(browse(reading(), Query(author="RUS", kind="concern", page=2)))
    data = msgspec.json.decode(response.content)
    assert (data["page"], data["size"], data["filters"]) == (2, 50, {"kind": "concern", "author": "RUS"})
    assert data["total"] > 50
    assert {"name": "author", "values": [{"value": "RUS", "count": data["total"]}], "more": 0} in data["facets"]


def test_the_table_holds_all_that_match_not_only_the_page(client: Client) -> None:
    response = client.get(f"/en/statements.csv?{DAY}&author=RUS&kind=report&page=2")
    rows = list(csv.DictReader(StringIO(response.content.decode())))
    assert len(rows) == browse(reading(), Query(author="RUS", kind="report")).total > 100
    assert {row["author"] for row in rows} == {"RUS", "SUN"}
    assert {row["kind"] for row in rows} == {"report"}
    assert response["Content-Type"].startswith("text/csv")


def feed_of(client: Client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_news_are_an_atom_feed(client: Client, language: str) -> None:
    feed = feed_of(client, f"/{language}/statements.atom?{DAY}&known_by=2018-07-10&author=RUS")
    assert feed.tag == f"{ATOM}feed"
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 50
    moved = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert moved == sorted(moved, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == moved[0]
    for entry in entries:
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "summary"))
        id = (entry.findtext(f"{ATOM}id") or "").rstrip("/").rpartition("/")[2]
        row = desk().casebook.record.statement(id)
        assert row is not None
        assert entry.findtext(f"{ATOM}updated") == f"{span(str(row['known'])).last}T00:00:00+00:00"
        author = desk().registers.parties[str(row["author"])].name.get(language)
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == author
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 50


def test_an_entry_s_id_does_not_depend_on_what_the_reader_chose(client: Client) -> None:
    first = feed_of(client, f"/en/statements.atom?{DAY}&topic=9m729")
    second = feed_of(client, "/en/statements.atom?on=2018-07-12&topic=9m729&between=USA,CHN")
    ids = [[e.findtext(f"{ATOM}id") for e in feed.findall(f"{ATOM}entry")] for feed in (first, second)]
    assert ids[0] == ids[1]
    assert all("?" not in (id or "?") for id in ids[0])
    for entry in first.findall(f"{ATOM}entry")[:3]:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        address = urlsplit(link.attrib["href"])
        assert client.get(f"{address.path}?{address.query}").status_code == 200


def test_the_news_follow_today_whatever_day_the_page_is_about(client: Client) -> None:
    tree = tree_of(text_of(client, f"{LIST}&author=RUS&known_by=2018-07-01"))
    feeds = {a.attrib["href"] for a in [*tree.iter("a"), *tree.iter("link")] if ".atom" in a.get("href", "")}
    assert feeds == {"/en/statements.atom?author=RUS"}
    assert feed_of(client, "/en/statements.atom?author=RUS").findall(f"{ATOM}entry")


def test_an_empty_feed_is_still_a_feed(client: Client) -> None:
    feed = feed_of(client, f"/en/statements.atom?{DAY}&text=nothing+like+it")
    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated") == "2018-07-10T00:00:00+00:00"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("kind=rumour", "rumour"),
        ("verb=ponder", "ponder"),
        ("silence=loud", "loud"),
        ("author=Atlantis", "Atlantis"),
        ("party=Ruritania", "Ruritania"),
        ("instrument=treaty-of-narnia", "treaty-of-narnia"),
        ("issue=weather", "weather"),
        ("forum=the-agora", "the-agora"),
        ("measure=furlongs", "furlongs"),
        ("source=hearsay", "hearsay"),
        ("year=20x8", "20x8"),
        ("year=٢٠١٨", "٢٠١٨"),
        ("page=-1", "-1"),
        ("page=zzz", "zzz"),
        ("page=1e9", "1e9"),
        ("sort=backwards", "backwards"),
        ("corrected=maybe", "maybe"),
        ("order=%3Cscript%3E", "&lt;script&gt;"),
    ],
)
def test_what_cannot_be_asked_is_told_with_what_to_do(client: Client, query: str, told: str) -> None:
    for language in ("en", "ru"):
        text = text_of(client, f"/{language}/statements/?{DAY}&{query}", 400)
        assert told in text
        assert "<script>" not in text
        html5lib.HTMLParser(strict=True).parse(text)
    problem = msgspec.json.decode(client.get(f"/en/statements.json?{DAY}&{query}").content)
    assert len(problem["faults"]) == 1
    assert problem["faults"][0]["remedy"]["ru"]


def test_all_faults_are_told_together(client: Client) -> None:
    response = client.get(f"/en/statements.json?{DAY}&kind=x&author=Atlantis&year=y&page=0")
    assert response.status_code == 400
    faults = msgspec.json.decode(response.content)["faults"]
    assert {fault["parameter"] for fault in faults} == {"kind", "author", "year", "page"}


def test_a_million_characters_are_refused(client: Client) -> None:
    for name in ("text", "author", "topic", "page"):
        response = client.get("/en/statements/", {"on": "2018-07-10", name: "ы" * 1_000_000})
        assert response.status_code == 400
        assert len(response.content) < 20_000


def test_a_page_that_is_not_there_is_told_with_how_many_there_are(client: Client) -> None:
    text = text_of(client, f"{LIST}&instrument=new-start&page=9999", 404)
    assert "There is no page 9999" in text


def test_a_near_name_is_offered(client: Client) -> None:
    assert "new-start" in text_of(client, f"{LIST}&instrument=start", 400)


def test_one_statement_has_every_cell_in_words_and_as_written(client: Client) -> None:
    text = text_of(client, f"{ONE}?{DAY}")
    tree = tree_of(text)
    cells = next(e for e in tree.iter("dl") if e.get("class") == "cells")
    told = {words(next(row.iter("dt"))): words(next(row.iter("dd"))) for row in cells}
    assert told["Author"] == "Russian Federation RUS"
    assert told["Kind"] == "report"
    assert told["Given or not"] == "a value is given given"
    assert told["Value"] == "779 launchers and bombers 779"
    assert told["True on"] == "2018-02-05"
    assert told["Text"] == "New START new-start"
    source = next(a for a in tree.iter("a") if a.get("rel") == "noopener external")
    row = desk().casebook.record.statement("new-start.rus.2018-02-05.launchers")
    assert row is not None
    assert source.attrib["href"] == desk().registers.sources[str(row["source"])].address
    assert desk().casebook.record.place(row) in text


def test_one_statement_shows_what_rests_on_it(client: Client) -> None:
    text = text_of(client, f"{ONE}?{DAY}")
    assert f'href="/en/computed/new-start/II.1(c)/RUS/?{DAY}"' in text
    assert f'href="/en/?{DAY}#common.new-start.limits"' in text
    assert "<strong>met</strong>" in text


def test_one_statement_s_data_are_those_of_the_reading(client: Client) -> None:
    response = client.get(f"{ONE.rstrip('/')}.json?{DAY}")
    answer = statement(reading(), "new-start.rus.2018-02-05.launchers", ("USA", "RUS"), "3y")
    assert response.content.decode() == as_json(answer)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("on=2018-07-10&known_by=2018-01-01", "was not yet publicly known"),
        ("on=2018-01-01", "was not yet true"),
    ],
)
def test_a_statement_that_does_not_count_is_shown_with_a_plain_notice(client: Client, query: str, told: str) -> None:
    text = text_of(client, f"{ONE}?{query}")
    assert told in text
    assert "779 launchers and bombers" in text
    assert "Nothing: it does not count on this day." in text


def test_a_month_says_what_it_means(client: Client) -> None:
    text = text_of(client, f"/en/statements/bpc.suspend.2014-03/?{DAY}")
    assert "a day from 2014-03-01 to 2014-03-31; it counts from 2014-03-31" in text


def test_both_languages_are_shown_that_of_the_page_first(client: Client) -> None:
    for language, other in (("en", "ru"), ("ru", "en")):
        tree = tree_of(text_of(client, f"/{language}/statements/bpc.suspend.2014-03/?{DAY}"))
        assert [q.attrib["lang"] for q in tree.iter("blockquote")] == [language, other]


@pytest.mark.parametrize("id", ["bpc.suspend", "x" * 5000, "%00", "a/b/c", "%D1%84", "'%22--"])
def test_an_unknown_statement_is_refused_in_both_languages(client: Client, id: str) -> None:
    english = text_of(client, f"/en/statements/{id}/?{DAY}", 404)
    russian = text_of(client, f"/ru/statements/{id}/?{DAY}", 404)
    assert len(english) < 20_000
    assert "The record holds no" in english
    assert "В записях нет" in russian
    if id == "bpc.suspend":
        assert "bpc.suspend.2014-03" in english
