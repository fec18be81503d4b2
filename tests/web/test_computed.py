"""How this was computed: every finding and item has a page with its steps, its evidence and its stamp."""

from __future__ import annotations

import csv
import io
import random
from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client
from reading_pages import page_of
from reading_pages import valid

from detente.reading import Reading
from detente.reading.explain import explain
from detente.reading.reading import RULES_VERSION
from detente.rendering.data import as_json
from detente.web.desk import desk

ON = date(2023, 6, 1)
PAIR = ("USA", "RUS")
WITHHELD = "/en/computed/new-start/II.1(b)/RUS@USA/?on=2023-06-01"


@pytest.fixture(scope="module")
def reading() -> Reading:
    return Reading(desk().casebook, ON)


def addressed(id: str, form: str = "") -> str:
    end = f".{form}" if form else "/"
    return f"/en/computed/{quote(id, safe='/()@:,~')}{end}?on={ON}"


def test_findings_of_every_kind_and_author_have_a_page(client: Client, reading: Reading) -> None:
    rows = reading.all_findings
    ids = {rows.filter(rows["kind"] == kind)["id"][0] for kind in rows["kind"].unique()}
    ids |= {rows.filter(rows["reason"] == reason)["id"][0] for reason in rows["reason"].unique()}
    ids |= set(rows.filter(rows["author"] != "")["id"].to_list()[:10])
    ids |= set(random.Random(7).sample(rows["id"].to_list(), 40))
    for id in sorted(ids):
        expected = explain(reading, id, PAIR)
        text = page_of(client, addressed(id))
        assert f"<code>{id}</code>" in text.replace("&#39;", "'"), id
        assert len(expected.steps) == text.split('<ol class="trace">')[1].split("</ol>")[0].count("<li>"), id


def test_every_item_of_the_agenda_has_a_page_and_its_data(client: Client, reading: Reading) -> None:
    items = reading.agenda(*PAIR, "3y").items()
    assert len(items) > 50
    for item in items:
        assert f"<code>{item.id}</code>" in page_of(client, addressed(item.id))
        data = client.get(addressed(item.id, "json")).content.decode()
        assert data == as_json(explain(reading, item.id, PAIR, "3y"))


def test_the_steps_stand_with_their_arithmetic(client: Client) -> None:
    text = page_of(client, "/en/computed/new-start/II.1(b)/RUS/?on=2018-07-10")
    for told in ("1444 &lt;= 1550: holds.", "at most 1,550", "2018-02-05 (7 years after entry into force)",
                 "a report is evidence for 8 months", "checked against its source"):  # fmt: skip
        assert told in text


def test_the_readings_stand_side_by_side_and_lead_to_one_another(client: Client) -> None:
    text = " ".join(page_of(client, WITHHELD).split())
    assert "cannot tell: the report was withheld" in text
    assert "/en/computed/new-start/II.1(b)/RUS/?on=2023-06-01" in text
    assert "participation is suspended" in text
    assert "/en/instruments/new-start/articles/II.1(b)/?on=2023-06-01" in text


def test_an_author_without_an_account_of_its_own_is_told_the_common_one(client: Client) -> None:
    text = page_of(client, "/en/computed/new-start/II.1(b)/RUS@GBR/?on=2023-06-01")
    assert "United Kingdom has no account of its own" in text
    assert "<code>new-start/II.1(b)/RUS</code>" in text


def test_the_page_states_what_it_was_computed_from(client: Client) -> None:
    text = page_of(client, f"{WITHHELD}&known_by=2023-07-01")
    assert desk().casebook.record.digest in text
    assert f"version {RULES_VERSION}" in text
    stamp = f"casebook {desk().casebook.record.digest[:12]} rules {RULES_VERSION} on 2023-06-01 known 2023-07-01"
    assert stamp in text
    assert "--on 2023-06-01 --known-by 2023-07-01" in text


def test_the_rows_of_the_spreadsheet_are_the_evidence(client: Client, reading: Reading) -> None:
    id = "new-start/II.1(b)/RUS@USA"
    rows = list(csv.DictReader(io.StringIO(client.get(addressed(id, "csv")).content.decode())))
    assert [row["statement"] for row in rows] == [e.statement for e in explain(reading, id, PAIR).evidence] != []


@pytest.mark.parametrize(
    ("id", "near"),
    [
        ("due.new-start.terms", "due.new-start.term"),
        ("new-start/II.1(b)/FRA", "new-start/II.1(b)/USA"),
        ("new-start/II.9/RUS", "new-start/"),
        ("weather", ""),
        ("no/such/thing", ""),
        ("x" * 3000, ""),
        ("a/" * 900 + "b@c", ""),
        ("new-start//", ""),
        ("@", ""),
    ],
)
def test_what_the_day_does_not_hold_is_refused_with_near_names(client: Client, id: str, near: str) -> None:
    for language, said in (("en", "The record holds no such thing"), ("ru", "Такого в записях нет")):
        text = page_of(client, f"/{language}/computed/{quote(id)}/?on=2018-07-10", 404)
        assert said in text
        assert near in text
        assert len(text) < 10_000


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "id",
    ["new-start/II.1(b)/RUS@USA", "npt/VI/USA", "jcpoa/IV.3/RUS", "dispute.inf.concerns", "due.new-start.term"],
)
def test_the_pages_are_valid_html(client: Client, language: str, id: str) -> None:
    valid(page_of(client, f"/{language}/computed/{id}/?on=2018-07-10"))
