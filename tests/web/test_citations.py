"""Citations: the same page has one short address, which says whether the record still reads alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path

import html5lib
import msgspec
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.db import connection
from django.test import Client

from detente.record.registers import Words
from detente.web.citations import shelf
from detente.web.citations.cited import code_of
from detente.web.citations.cited import read_page
from detente.web.citations.models import Citation
from detente.web.citations.wording import bibtex
from detente.web.citations.wording import csl
from detente.web.citations.wording import line

PAGE = "/en/?on=2018-07-10"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[None]:
    """A database of its own for each test, made by the migrations."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(tmp_path / "citations.sqlite3")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    yield
    connection.close()
    connection.settings_dict["NAME"] = before


@pytest.fixture
def reader() -> Client:
    """A reader without cookies, whose forms are checked as they are in use."""
    return Client(headers={"host": "localhost", "sec-fetch-site": "same-origin"}, enforce_csrf_checks=True)


def keep(client: Client, address: str = PAGE) -> str:
    response = client.post("/cite/", {"address": address})
    assert response.status_code == 303, response.content
    assert not response.cookies
    return str(response["Location"])


def texts(content: bytes) -> str:
    page = html5lib.HTMLParser(namespaceHTMLElements=False).parse(content)
    return " ".join(" ".join(page.itertext()).split())


# --- Keeping ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("kept")
def test_the_button_in_the_foot_keeps_the_page(reader: Client) -> None:
    page = html5lib.HTMLParser(namespaceHTMLElements=False).parse(reader.get(PAGE).content)
    [form] = [f for f in page.iter("form") if f.get("class") == "cite"]
    [field] = form.iter("input")
    assert (form.get("method"), form.get("action"), field.get("name")) == ("post", "/cite/", "address")
    at = keep(reader, str(field.get("value")))
    assert reader.get(at).status_code == 200


@pytest.mark.usefixtures("kept")
def test_the_code_is_that_of_the_page_and_its_stamp(reader: Client) -> None:
    at = keep(reader)
    one = Citation.objects.get()
    assert at == f"/en/citations/{one.code}/"
    assert one.code == code_of("/en/", "on=2018-07-10", one.stamp)
    assert len(one.code) == 12
    assert one.stamp.endswith("on 2018-07-10 known all")
    data = reader.get("/en/day.json?on=2018-07-10").content
    assert one.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "other",
    ["/en/?on=2018-07-10&between=USA,RUS", "/en/?horizon=3y&on=2018-07-10", "http://localhost/en/?on=2018-07-10"],
)
def test_the_same_page_kept_again_has_the_same_address(reader: Client, other: str) -> None:
    first = keep(reader)
    before = Citation.objects.get().made_at
    assert keep(reader, other) == first
    assert Citation.objects.get().made_at == before


@pytest.mark.usefixtures("kept")
def test_pages_that_differ_have_different_addresses(reader: Client) -> None:
    pages = [
        PAGE, "/ru/?on=2018-07-10", "/en/?on=2018-07-11", "/en/?on=2018-07-10&according_to=RUS",
        "/en/instruments/inf/?on=2018-07-10", "/en/statements/?on=2018-07-10&kind=report",
    ]  # fmt: skip
    assert len({keep(reader, page) for page in pages}) == len(pages)


@pytest.mark.usefixtures("kept")
def test_a_day_that_was_not_stated_is_stated_by_the_citation(reader: Client) -> None:
    keep(reader, "/en/due/")
    assert Citation.objects.get().query == f"on={datetime.now(UTC).date()}"


# --- What is not kept -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("", 400),
        ("http://elsewhere.example/en/", 400),
        ("//elsewhere.example/en/", 400),
        ("javascript:alert(1)", 400),
        ("http://[", 400),
        ("/api/agenda?on=2018-07-10", 400),
        ("/en/day.json?on=2018-07-10", 400),
        ("/static/detente/style.css", 400),
        ("/en/nothing/", 400),
        ("/en/?on=2018-13-01", 400),
        ("/en/instruments/no-such-treaty/", 404),
        ("/en/statements/%00/", 404),
        ("/en/?on=2018-07-10&text=" + "x" * 3000, 400),
    ],
)
def test_only_pages_of_this_site_are_kept(reader: Client, address: str, status: int) -> None:
    response = reader.post("/cite/", {"address": address})
    assert response.status_code == status
    html5lib.HTMLParser(strict=True).parse(response.content)
    assert Citation.objects.count() == 0


@pytest.mark.usefixtures("kept")
def test_a_citation_is_not_cited_itself(reader: Client) -> None:
    at = keep(reader)
    assert reader.post("/cite/", {"address": at}).status_code == 400
    assert b'class="cite"' not in reader.get(at).content


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://localhost"}, 403),
        ({"origin": "http://localhost"}, 303),
        ({"origin": "https://localhost"}, 303),
        ({"origin": "http://localhost:81"}, 403),
        ({"origin": "http://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 303),
    ],
)
def test_only_this_site_may_send_the_form(headers: dict[str, str], status: int) -> None:
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    assert client.post("/cite/", {"address": PAGE}, headers=headers).status_code == status
    assert Citation.objects.count() == (1 if status == 303 else 0)


@pytest.mark.usefixtures("kept")
def test_further_ones_are_refused_kindly_when_there_is_no_room(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keep(reader)
    monkeypatch.setattr(settings, "CITATIONS", 1)
    response = reader.post("/cite/", {"address": "/ru/?on=2018-07-11"})
    assert response.status_code == 507
    assert "больше не принимает" in response.content.decode()
    assert keep(reader) == first


@pytest.mark.usefixtures("kept")
def test_a_code_that_means_another_page_is_not_given_out(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "code_of", lambda *_: "aaaaaaaaaaaa")
    keep(reader)
    assert reader.post("/cite/", {"address": "/en/?on=2018-07-11"}).status_code == 507
    assert Citation.objects.get().query == "on=2018-07-10"


@pytest.mark.usefixtures("kept")
def test_too_much_is_refused(reader: Client) -> None:
    assert reader.post("/cite/", {"address": "/en/?text=" + "x" * 100_000}).status_code == 400
    assert reader.post("/cite/", {"address": PAGE, "more": "x" * 1_000_000}).status_code == 400


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_else_is_answered(reader: Client, method: str) -> None:
    response = getattr(reader, method)("/cite/")
    assert (response.status_code, response["Allow"]) == (405, "POST")


def test_the_address_of_the_form_leads_to_how_to_cite(reader: Client) -> None:
    response = reader.get("/cite/")
    assert response.status_code == 302
    assert response["Location"].endswith("#cite")


@pytest.mark.parametrize("page", ["/en/", "/ru/due/", "/en/citations/aaaaaaaaaaaa/"])
def test_no_other_page_takes_a_form(reader: Client, page: str) -> None:
    response = reader.post(page, {"x": "y"})
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    html5lib.HTMLParser(strict=True).parse(response.content)


# --- Showing ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_of_a_citation_is_valid_and_says_what_was_kept(reader: Client, language: str) -> None:
    at = keep(reader, f"/{language}/?on=2018-07-10&according_to=RUS")
    response = reader.get(at)
    html5lib.HTMLParser(strict=True).parse(response.content)
    text, one = texts(response.content), Citation.objects.get()
    for said in (one.stamp, one.sha256, one.code, f"http://localhost{at}", f"http://localhost{one.address}"):
        assert said in text
    assert "according_to=RUS" in one.address


@pytest.mark.usefixtures("kept")
def test_it_says_whether_the_record_still_reads_alike(reader: Client) -> None:
    data = keep(reader).rstrip("/") + ".json"
    assert msgspec.json.decode(reader.get(data).content)["reads"] == "same"
    Citation.objects.update(sha256="0" * 64)
    changed = msgspec.json.decode(Client(headers={"host": "localhost"}).get(data).content)
    assert changed["reads"] == "otherwise"
    assert changed["sha256_today"] == hashlib.sha256(reader.get("/en/day.json?on=2018-07-10").content).hexdigest()
    Citation.objects.update(path="/en/instruments/of-another-casebook/")
    gone = msgspec.json.decode(Client(headers={"host": "localhost"}).get(data).content)
    assert (gone["reads"], gone["stamp_today"]) == ("unreadable", "")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"path": "/en/instruments/of-another-casebook/"}])
def test_the_page_stands_also_when_the_record_has_moved_on(reader: Client, change: dict[str, str]) -> None:
    at = keep(reader)
    Citation.objects.update(stamp="casebook 000000000000 rules 1 on 2018-07-10 known all", **change)
    response = reader.get(at)
    assert response.status_code == 200
    html5lib.HTMLParser(strict=True).parse(response.content)
    assert "casebook 000000000000" in texts(response.content)


@pytest.mark.usefixtures("kept")
def test_files_for_reference_managers(reader: Client) -> None:
    at = keep(reader).rstrip("/")
    bib, entry = reader.get(f"{at}.bib"), reader.get(f"{at}.csl.json")
    assert bib["Content-Type"].startswith("application/x-bibtex")
    assert f"url = {{http://localhost{at}/}}" in bib.content.decode()
    [found] = json.loads(entry.content)
    assert (found["type"], found["URL"]) == ("webpage", f"http://localhost{at}/")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("code", ["abc", "aaaaaaaaaaaa", "%D1%8F", "a" * 40])
def test_a_code_under_which_nothing_is_kept(reader: Client, code: str) -> None:
    for address in (f"/ru/citations/{code}/", f"/ru/citations/{code}.json", f"/ru/citations/{code}.bib"):
        assert reader.get(address).status_code == 404


@pytest.mark.usefixtures("kept")
def test_a_code_may_be_written_in_capitals(reader: Client) -> None:
    code = keep(reader).split("/")[3]
    assert reader.get(f"/en/citations/{code.upper()}/").status_code == 200


def test_the_line_in_both_languages_and_bibtex() -> None:
    day, url = datetime(2026, 6, 1, tzinfo=UTC).date(), "http://localhost/en/citations/abcdefghijkl/"
    found = line(Words("Agenda", "Повестка дня"), "casebook 0 rules 1", day, url)
    assert found.en == f"“Agenda”. Détente, casebook 0 rules 1. Kept 2026-06-01. {url}"
    assert "(дата обращения: 01.06.2026)" in found.ru
    text = bibtex("abc", "50 % & {more}_\\", "s", "0", day, url)
    assert "{{50 \\% \\& \\{more\\}\\_\\textbackslash{}}}" in text
    assert csl("abc", "A", "s", "0", day, url)[0]["issued"] == {"date-parts": [[2026, 6, 1]]}


# --- Without a database -----------------------------------------------------------------------------------------


def test_a_read_only_server_opens_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("the database was opened")

    monkeypatch.setattr(settings, "READ_ONLY", True)
    monkeypatch.setattr(connection, "ensure_connection", refuse)
    client = Client(headers={"host": "localhost", "sec-fetch-site": "same-origin"}, enforce_csrf_checks=True)
    assert b'class="cite"' not in client.get(PAGE).content
    for response in (client.post("/cite/", {"address": PAGE}), client.get("/en/citations/aaaaaaaaaaaa/")):
        assert response.status_code == 403
        html5lib.HTMLParser(strict=True).parse(response.content)
        assert "keeps no citations" in response.content.decode()


def test_a_database_that_does_not_answer_is_said_to_be_so(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError("no connection")

    monkeypatch.setattr(connection, "ensure_connection", fail)
    for response in (reader.post("/cite/", {"address": PAGE}), reader.get("/en/citations/aaaaaaaaaaaa/")):
        assert response.status_code == 503
        assert "cannot be reached" in response.content.decode()
    assert reader.get(PAGE).status_code == 200


def test_the_table_is_that_of_the_migrations() -> None:
    call_command("makemigrations", "citations", check=True, dry_run=True, verbosity=0)


def test_reading_a_page_for_its_citation_leaves_the_language_alone() -> None:
    page = read_page("/ru/?on=2018-07-10", "localhost")
    assert page.language == "ru"
    assert page.title.ru != page.title.en


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/en/?on=2018-07-10", "Agenda of 2018-07-10, United States – Russian Federation"),
        ("/en/?on=1986-10-10", "Agenda of 1986-10-10, United States – Union of Soviet Socialist Republics"),
        ("/en/?on=2018-07-10&according_to=RUS&between=USA,IRN",
         "Agenda of 2018-07-10, United States – Iran, according to Russian Federation"),
    ],
)  # fmt: skip
def test_the_title_says_whose_agenda_it_is_and_in_whose_account(address: str, title: str) -> None:
    assert read_page(address, "localhost").title.en == title
