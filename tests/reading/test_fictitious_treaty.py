"""The test of the design: a small treaty in TOML and CSV, laid over the public record, is found on the agenda."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.consultation.item import Item
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.explain import explain
from detente.reading.reading import Reading
from detente.rendering.agenda import agenda_text

TREATY = """\
id = "balloons"
issue = "strategic-arms"
title = { en = "Treaty on Balloons (fictitious)", ru = "Договор о воздушных шарах (вымышленный)" }
short = { en = "Balloons", ru = "Договор о шарах" }
form = "treaty"
binding = "legal"
membership = "closed"
participants = ["USA", "RUS"]
source = "bl.notes"

[[provision]]
article = "I"
title = { en = "at most 99 balloons", ru = "не более 99 шаров" }
kind = "limit"
measure = "balloons"
at_most = 99
evidence_within = "P1Y"

[[provision]]
article = "II"
title = { en = "a declaration every year", ru = "объявление каждый год" }
kind = "cadence"
what = "report"
measures = ["balloons"]
every = "P1Y"
first = { after = "entry-into-force", period = "P1Y" }
grace = "P30D"

[[provision]]
article = "III"
title = { en = "in force five years", ru = "действует пять лет" }
kind = "term"
duration = "P5Y"
extension = { at_most = "P2Y", times = 1 }
"""

FILES = {
    "sources.toml": """\
[[source]]
id = "bl.notes"
address = "https://example.org/balloons"
publisher = "Notes"
title = "Balloons"
tier = "unconfirmed"
""",
    "measures.toml": """\
[[measure]]
id = "balloons"
title = { en = "Balloons", ru = "Шары" }
unit = "balloons"
number = "count"
""",
    "instruments/balloons/treaty.toml": TREATY,
    "strategic-arms/acts.csv": """\
id,author,on,known,instrument,verb,party,source,basis
balloons.signed,USA,2015-01-01,2015-01-01,balloons,sign,USA;RUS,bl.notes,unconfirmed
balloons.in-force,USA,2016-03-01,2016-03-01,balloons,enter-into-force,,bl.notes,unconfirmed
""",
    "strategic-arms/reports.csv": """\
id,author,on,known,measure,party,value,silence,source,basis
balloons.usa.2018,USA,2018-03-01,2018-03-15,balloons,USA,99,given,bl.notes,unconfirmed
balloons.rus.2018,RUS,2018-03-01,2018-03-15,balloons,RUS,100,given,bl.notes,unconfirmed
""",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("laid-over")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def book(folder: Path) -> Casebook:
    return open_casebook(folder)


def items(book: Casebook, on: str = "2018-07-10") -> dict[str, Item]:
    return {i.id: i for i in Reading(book, date.fromisoformat(on)).agenda("USA", "RUS").items()}


def test_it_is_without_a_fault_and_needs_no_code(folder: Path, book: Casebook) -> None:
    assert [p for p in book.problems if p.file.startswith(folder.name) and p.severity != "note"] == []
    assert {p.suffix for p in folder.rglob("*") if p.is_file()} == {".toml", ".csv"}


def test_the_limit_that_is_not_met_is_on_the_agenda(book: Casebook) -> None:
    item = items(book)["due.balloons.i.rus"]
    assert item.accounts["RUS"] == {"value": "100", "limit": "<= 99", "state": "not met"}
    assert item.evidence == ["balloons.rus.2018"]
    assert "due.balloons.i.usa" not in items(book)
    assert "Договор о шарах" in item.title.ru


def test_the_term_and_the_declaration_are_on_the_agenda(book: Casebook) -> None:
    found = items(book)
    assert found["due.balloons.term"].until == date(2021, 3, 1)
    assert found["due.balloons.ii"].until == date(2019, 3, 31)
    assert "due.balloons.gap" in items(book, "2021-03-01")


def test_it_is_in_common_and_placed_like_any_other(book: Casebook) -> None:
    found = items(book)
    assert "Договор о шарах" in found["common.strategic-arms.instruments"].why.ru
    assert found["due.balloons.term"].forum is not None


def test_it_is_read_in_russian(book: Casebook) -> None:
    answer = Reading(book, date(2018, 7, 10)).agenda("USA", "RUS")
    text = agenda_text(answer, book.record.registers, "ru")
    assert "Договор о шарах: срок действия истекает 2021-03-01" in " ".join(text.split())


def test_it_is_explained_down_to_its_source(book: Casebook) -> None:
    answer = explain(Reading(book, date(2018, 7, 10)), "balloons/I/RUS", ("USA", "RUS"))
    assert any(step.en == "100 <= 99: does not hold." for step in answer.steps)
    assert {e.address for e in answer.evidence} == {"https://example.org/balloons"}
    assert any(e.place.endswith("strategic-arms/reports.csv:3") for e in answer.evidence)


def test_without_the_folder_it_is_gone(book: Casebook) -> None:
    public = items(open_casebook())
    assert not [id for id in public if "balloons" in id]
    others = {id for id in items(book) if "balloons" not in id}
    assert others == set(public)
