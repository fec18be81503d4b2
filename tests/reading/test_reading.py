"""A reading: neutral and according to an author, its stamp, its parties and periods, and its front door."""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import detente
from builders import SUBJECT
from builders import act
from builders import concern
from builders import limit
from builders import position
from builders import report
from builders import signed_and_in_force
from builders import small_book
from builders import treaty
from builders import write_book
from detente.errors import DetenteError
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.reading import RULES_VERSION
from detente.reading.reading import Reading
from detente.reading.reading import as_period

FORCE = signed_and_in_force("2011-02-05")


@cache
def shipped() -> Casebook:
    return open_casebook()


def read(book: Casebook, on: str, author: str | None = None) -> Reading:
    return Reading(book, date.fromisoformat(on), None, author)


def _numbers(folder: Path) -> Casebook:
    reports = [
        report("USA", "1500", "2018-02-05"),
        report("RUS", "1444", "2018-02-05"),
        report("USA", "1601", "2018-03-01", author="RUS"),
        report("RUS", "1444", "2018-03-01", author="USA"),
    ]
    return small_book(folder, treaties=[treaty("pact", limit())], statements={"acts": FORCE, "reports": reports})


def test_neutral_findings_show_one_line_where_all_agree_and_one_an_author_where_they_do_not(tmp_path: Path) -> None:
    rows = read(_numbers(tmp_path), "2018-07-10").findings()
    found = {(r["party"], r["author"]): (r["state"], r["value"]) for r in rows.to_dicts()}
    assert found == {
        ("USA", ""): ("met", "1500"),
        ("USA", "RUS"): ("not met", "1601"),
        ("RUS", ""): ("met", "1444"),
    }


def test_according_to_an_author_there_is_one_line_a_provision_its_own_where_it_has_one(tmp_path: Path) -> None:
    book = _numbers(tmp_path)
    rows = read(book, "2018-07-10", "RUS").findings("pact")
    assert {r["party"]: (r["author"], r["value"]) for r in rows.to_dicts()} == {
        "USA": ("RUS", "1601"),
        "RUS": ("", "1444"),
    }
    outsider = read(book, "2018-07-10", "GBR").findings("pact")
    assert {r["party"]: r["value"] for r in outsider.to_dicts()} == {"USA": "1500", "RUS": "1444"}


def test_findings_of_one_instrument_and_one_party(tmp_path: Path) -> None:
    book = _numbers(tmp_path)
    assert set(read(book, "2018-07-10").findings("PACT", "rus")["id"]) == {"pact/II/RUS"}
    assert read(book, "2010-01-01").findings().height == 0


def test_neutral_standings_drop_the_readings_that_are_equal(tmp_path: Path) -> None:
    suspension = act("suspend", "2023-02-28", "RUS")
    contest = position("USA", "contest", "2023-03-01", suspension["id"])
    book = small_book(
        tmp_path,
        treaties=[treaty("pact")],
        statements={"acts": [*FORCE, suspension], "positions": [contest]},
    )
    rows = read(book, "2023-07-01").standings("pact").to_dicts()
    assert {(r["party"], r["reading"], r["standing"]) for r in rows} == {
        ("USA", "", "bound"), ("RUS", "", "suspended"), ("RUS", "USA", "bound"),
    }  # fmt: skip
    assert {(r["party"], r["standing"]) for r in read(book, "2023-07-01", "USA").standings().to_dicts()} == {
        ("USA", "bound"), ("RUS", "bound"),
    }  # fmt: skip
    assert {(r["party"], r["standing"]) for r in read(book, "2023-07-01", "GBR").standings().to_dicts()} == {
        ("USA", "bound"), ("RUS", "suspended"),
    }  # fmt: skip
    assert read(book, "2023-07-01").standings(party="USA").height == 1


def test_a_concern_makes_the_authors_own_finding(tmp_path: Path) -> None:
    rows = [concern("USA", "allege", "2018-03-01", "RUS")]
    book = small_book(tmp_path, treaties=[treaty("pact", limit())], statements={"acts": FORCE, "concerns": rows})
    found = {(r["party"], r["author"]): r["state"] for r in read(book, "2018-07-10").findings().to_dicts()}
    assert found == {("USA", ""): "cannot tell", ("RUS", ""): "cannot tell", ("RUS", "USA"): "not met"}


def test_the_stamp_names_the_record_the_rules_the_day_and_the_knowledge_day(tmp_path: Path) -> None:
    book = _numbers(tmp_path)
    assert read(book, "2018-07-10").stamp == (
        f"casebook {book.record.digest[:12]} rules {RULES_VERSION} on 2018-07-10 known all"
    )
    known = Reading(book, date(2018, 7, 10), date(2018, 7, 1))
    stamps = {read(book, "2018-07-10").stamp, read(book, "2018-07-11").stamp, known.stamp}
    assert len(stamps) == 3


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix in (".csv", ".toml"))


def test_the_stamp_changes_with_any_file_and_not_with_the_place_of_the_folder(tmp_path: Path) -> None:
    statements = {"acts": FORCE, "reports": [report("USA", "1", "2018-02-05")]}
    folder = write_book(tmp_path / "one" / "book", treaties=[treaty("pact", limit())], statements=statements)
    digest = open_casebook(folder, public=False).record.digest
    moved = tmp_path / "elsewhere" / "deeper" / "book"
    shutil.copytree(folder, moved)
    assert open_casebook(moved, public=False).record.digest == digest
    seen = {digest}
    for path in _files(folder):
        kept = path.read_bytes()
        path.write_bytes(kept + b"\n")
        seen.add(open_casebook(folder, public=False).record.digest)
        path.write_bytes(kept)
    assert len(seen) == len(_files(folder)) + 1
    acts = folder / SUBJECT / "acts.csv"
    acts.write_bytes(acts.read_bytes().replace(b"2011-02-05", b"2011-02-06", 1))
    seen.add(open_casebook(folder, public=False).record.digest)
    (folder / SUBJECT / "events.csv").write_bytes(b"")
    seen.add(open_casebook(folder, public=False).record.digest)
    assert len(seen) == len(_files(folder)) + 2
    (folder / "README.md").write_text("not a part of the record", encoding="utf-8")
    assert open_casebook(folder, public=False).record.digest in seen


def test_the_stamp_does_not_change_with_the_order_in_which_a_reader_asks(tmp_path: Path) -> None:
    book = _numbers(tmp_path)
    one, two = read(book, "2018-07-10"), read(book, "2018-07-10")
    one.findings()
    assert one.stamp == two.stamp


@pytest.mark.parametrize("name", ["USA", "usa", " usa ", "United States", "united states", "Соединённые Штаты", "сШа"])
def test_a_party_is_named_by_its_code_or_its_name_in_either_language(name: str) -> None:
    parties = shipped().record.registers.parties
    usa = parties["USA"]
    known = {"usa", usa.name.en.casefold(), usa.name.ru.casefold(), usa.cow.casefold()}
    found = read(shipped(), "2018-07-10")
    if name.strip().casefold() in known:
        assert found.party(name) == "USA"
    else:
        with pytest.raises(DetenteError, match="is no party of the record"):
            found.party(name)


def test_every_party_answers_to_its_names_and_its_correlates_of_war_code() -> None:
    later = read(shipped(), "2026-01-01")
    parties = shipped().record.registers.parties.values()
    assert {p.cow for p in parties} > {"USA", "RUS", "UKG"}
    for party in parties:
        wanted = shipped().record.registers.at(party.id, later.on)
        assert later.party(party.id.lower()) == wanted
        if party.cow and party.cow not in shipped().record.registers.parties and not party.until:
            assert later.party(party.cow) == wanted, party.cow
        same = [p for p in parties if p.name.ru == party.name.ru]
        if len(same) == 1:
            assert later.party(party.name.ru) == wanted, party.name.ru


def test_a_party_is_named_as_it_was_on_the_day() -> None:
    assert read(shipped(), "1991-12-25").party("RUS") == "SUN"
    assert read(shipped(), "1991-12-26").party("SUN") == "RUS"


@pytest.mark.parametrize("name", ["Atlantis", "", "XX", "US A"])
def test_an_unknown_party_is_refused_with_what_to_write(name: str) -> None:
    with pytest.raises(DetenteError) as fault:
        read(shipped(), "2018-07-10").party(name)
    assert "ISO 3166" in fault.value.remedy


@pytest.mark.parametrize("name", ["new-start", "New START", "ДСНВ", "new start", "дснв"])
def test_an_instrument_is_named_by_its_id_or_its_short_title(name: str) -> None:
    assert read(shipped(), "2018-07-10").instrument(name).id == "new-start"


def test_an_unknown_instrument_is_refused_with_near_names() -> None:
    with pytest.raises(DetenteError) as fault:
        read(shipped(), "2018-07-10").instrument("start")
    assert "new-start" in fault.value.remedy
    with pytest.raises(DetenteError) as fault:
        read(shipped(), "2018-07-10").instrument("qwerty")
    assert "detente status" in fault.value.remedy


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("3y", "P3Y"),
        ("3Y", "P3Y"),
        ("18m", "P18M"),
        ("90d", "P90D"),
        ("2w", "P2W"),
        ("P3Y", "P3Y"),
        ("p1y6m", "P1Y6M"),
        ("PT24H", "PT24H"),
        ("0d", "P0D"),
        ("1000y", "P1000Y"),
    ],
)
def test_a_period_is_written_shortly_or_in_full(text: str, period: str) -> None:
    assert as_period(text) == period


@pytest.mark.parametrize(
    "text",
    ["", "y", "3", "3x", "-3y", "3 y", "P", "PT", "3.5y", "²y", "1001y", "99999999999999999999y", "P366001D", "three"],
)
def test_rubbish_and_the_huge_are_no_period(text: str) -> None:
    with pytest.raises(DetenteError):
        as_period(text)


def test_a_huge_number_of_hours_is_no_period() -> None:
    with pytest.raises(DetenteError):
        as_period("PT99999999999H")


@pytest.mark.parametrize("day", ["0001-01-01", "0005-06-01", "9999-12-31", "9998-01-01"])
def test_a_day_at_the_edge_of_the_calendar_has_an_agenda_or_is_refused(day: str) -> None:
    try:
        read(shipped(), day).agenda("USA", "RUS")
    except DetenteError:
        return


def test_one_party_is_no_pair() -> None:
    with pytest.raises(DetenteError, match="one party"):
        read(shipped(), "2018-07-10").agenda("RUS", "SUN")


def test_statements_are_those_that_count_on_the_day(tmp_path: Path) -> None:
    book = _numbers(tmp_path)
    assert read(book, "2018-02-28").statements("report").height == 2
    assert read(book, "2018-03-01").statements("report").height == 4
    assert read(book, "2018-03-01").statements().height == 6
    assert read(book, "2000-01-01").statements().height == 0


def test_the_front_door(tmp_path: Path) -> None:
    found = detente.read("2018-07-10", known_by="2018-07-01", according_to="usa")
    assert (found.on, found.known_by, found.according_to) == (date(2018, 7, 10), date(2018, 7, 1), "USA")
    assert detente.read(date(2018, 7, 10)).casebook is found.casebook
    folder = write_book(tmp_path / "own", issues=(), treaties=())
    assert detente.read("2018-07-10", casebook=folder).casebook is not found.casebook
    book = _numbers(tmp_path / "small")
    assert detente.read("2018-07-10", casebook=book).casebook is book
    assert detente.read("2018-07-10").at(date(2020, 1, 1), date(2019, 1, 1)).known_by == date(2019, 1, 1)


@pytest.mark.parametrize("day", ["", "2018", "2018-7-10", "10.07.2018", "2018-02-30", "yesterday", "2018-07-10 "])
def test_a_day_is_written_in_full(day: str) -> None:
    with pytest.raises(DetenteError, match="is not a day"):
        detente.read(day)
