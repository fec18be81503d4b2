"""Books read as part of the record: both sides beside the casebook, each side reading the same."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from builders import article
from builders import event
from builders import limit
from builders import party
from builders import report
from builders import signed_and_in_force
from builders import treaty
from builders import write_book
from depositary.sides import REPORT
from depositary.sides import Side
from depositary.sides import later
from depositary.sides import two
from depositary.test_joint import both_keep
from depositary.test_joint import joint
from detente.depositary.disclosures import withheld
from detente.depositary.release import keep_disclosures
from detente.depositary.release import opened_release
from detente.depositary.release import release
from detente.ledger.faults import LedgerError
from detente.reading.books import book_source
from detente.reading.books import draft_problems
from detente.reading.books import is_book
from detente.reading.books import known_at
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.reading import Reading

SIDES = ["ATL", "LEM"]
NOTICE = {
    "verb": "change",
    "party": "ATL",
    "on": "2026-03-01",
    "instrument": "pact",
    "provision": "VII",
    "refs": "event.atl",
}
HERE = {**REPORT, "instrument": "pact"}


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Side, Side]:
    return two(tmp_path)


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    """A casebook of a pact between Atlantis and Lemuria: at most 100 warheads, and a change told within five days."""
    told = article("VII", "notice", of="elimination", timing="after", period="P5D", clock="receipt")
    return write_book(
        tmp_path / "casebook",
        parties=(party("ATL"), party("LEM")),
        treaties=[treaty("pact", limit(at_most=100), told, participants=SIDES)],
        forums=(),
        statements={
            "acts": [
                {**row, "party": row["party"] and "ATL;LEM", "author": "ATL"}
                for row in (dict({"party": ""}, **act) for act in signed_and_in_force("2020-01-01", "2019-01-01"))
            ],
            "events": [event("ATL", "2026-03-01", "elimination", id="event.atl", instrument="pact")],
            "reports": [report("LEM", "50", "2026-02-01", id="lem.old", instrument="pact")],
        },
    )


def _record(laws: Path, side: Side, **more: Any) -> Casebook:
    return open_casebook(laws, side.book.path, public=False, **more)


def _found(laws: Path, side: Side, on: date, provision: str, party: str, known: date | None = None) -> tuple[str, str]:
    rows = Reading(_record(laws, side), on, known).all_findings.to_dicts()
    found = [r for r in rows if (r["provision"], r["party"], r["author"]) == (provision, party, "")]
    assert len(found) == 1
    return found[0]["state"], found[0]["reason"]


def _exchange(one: Side, other: Side) -> None:
    one.fetch(other)
    other.fetch(one)


def test_both_sides_are_in_one_record_and_read_the_same(sides: tuple[Side, Side], laws: Path) -> None:
    atl, lem = sides
    atl.write("report", HERE, "r")
    lem.write("report", {**HERE, "party": "LEM", "value": "120"}, "r")
    _exchange(atl, lem)
    frames = [Reading(_record(laws, side), date(2026, 3, 2)).all_findings for side in sides]
    assert frames[0].equals(frames[1])
    assert _record(laws, atl).record.frame.equals(_record(laws, lem).record.frame)
    assert (
        _found(laws, atl, date(2026, 3, 2), "II", "ATL")[0],
        _found(laws, lem, date(2026, 3, 2), "II", "LEM")[0],
    ) == (
        "met",
        "not met",
    )
    row = _record(laws, lem).record.statement("atl.r") or {}
    assert (row["author"], row["known"], row["basis"]) == ("ATL", "2026-03-01", "seen")
    assert row["source"] == book_source(atl.book.origin) == "book.mfa-atl-example-book"


def test_a_statement_is_known_from_the_day_on_which_the_log_has_it(sides: tuple[Side, Side], laws: Path) -> None:
    atl, _ = sides
    atl.submit(atl.draft("report", HERE, "r"), now=later(10))
    assert _found(laws, atl, date(2026, 3, 20), "II", "ATL", date(2026, 3, 11))[0] == "met"
    assert _found(laws, atl, date(2026, 3, 20), "II", "ATL", date(2026, 3, 10))[0] == "cannot tell"


def test_a_correction_replaces_and_what_was_known_before_stays(sides: tuple[Side, Side], laws: Path) -> None:
    atl, _ = sides
    atl.write("report", HERE, "r")
    atl.submit(atl.draft("report", {**HERE, "value": "104", "corrects": "atl.r"}, "r2"), now=later(10))
    assert _found(laws, atl, date(2026, 3, 20), "II", "ATL")[0] == "not met"
    assert _found(laws, atl, date(2026, 3, 20), "II", "ATL", date(2026, 3, 10))[0] == "met"


def test_a_withheld_value_is_a_silence_until_it_is_disclosed(sides: tuple[Side, Side], laws: Path) -> None:
    atl, lem = sides
    made, hidden = withheld(atl.draft("report", HERE, "r"), ("value",))
    atl.submit(made)
    _exchange(atl, lem)
    row = _record(laws, lem).record.statement("atl.r") or {}
    assert (row["silence"], row.get("value")) == ("withheld", None)
    assert _found(laws, lem, date(2026, 3, 2), "II", "ATL")[0] == "cannot tell"
    keep_disclosures(
        lem.book, "atl", opened_release(release(atl.book, 1, hidden).encoded(), atl.book.public, atl.book.origin)
    )
    row = _record(laws, lem).record.statement("atl.r") or {}
    assert (row["silence"], row["value"]) == ("given", "97")
    assert _found(laws, lem, date(2026, 3, 2), "II", "ATL")[0] == "met"


def test_what_is_read_for_anyone_shows_no_withheld_cell_though_it_is_known_here(
    sides: tuple[Side, Side], laws: Path
) -> None:
    atl, lem = sides
    made, hidden = withheld(atl.draft("report", HERE, "r"), ("value",))
    atl.submit(made)
    _exchange(atl, lem)
    released = release(atl.book, 1, hidden).encoded()
    keep_disclosures(lem.book, "atl", opened_release(released, atl.book.public, atl.book.origin))
    row = _record(laws, lem, disclosing=False).record.statement("atl.r") or {}
    assert (row["silence"], row.get("value")) == ("withheld", None)


def test_the_desk_of_the_pages_discloses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.web import desk

    asked: dict[str, object] = {}

    def opened(*_: object, **how: object) -> Casebook:
        asked.update(how)
        raise InterruptedError

    monkeypatch.setattr(desk, "open_casebook", opened)
    desk.desk.cache_clear()
    with pytest.raises(InterruptedError):
        desk.desk()
    assert asked == {"disclosing": False}


def test_withholding_the_item_leaves_the_value_given(sides: tuple[Side, Side], laws: Path) -> None:
    atl, _ = sides
    made, _ = withheld(atl.draft("report", {**HERE, "item": "north"}, "r"), ("item",))
    atl.submit(made)
    row = _record(laws, atl).record.statement("atl.r") or {}
    assert (row["silence"], row["value"], row.get("item")) == ("given", "97", None)


@pytest.mark.parametrize(("days", "expected"), [(5, ("met", "on-time")), (6, ("not met", "late"))])
def test_the_receipt_meets_a_notice_provision_or_comes_too_late(
    sides: tuple[Side, Side], laws: Path, days: int, expected: tuple[str, str]
) -> None:
    atl, lem = sides
    atl.write("notice", NOTICE, "n")
    lem.fetch(atl)
    lem.acknowledge(atl, "n", at=later(days))
    atl.fetch(lem)
    for side in sides:
        row = _record(laws, side).record.statement("atl.n") or {}
        assert row["received"] == later(days).date().isoformat()
        assert _found(laws, side, date(2026, 4, 1), "VII", "ATL") == expected


def test_an_id_of_the_casebook_is_not_taken_by_a_book(sides: tuple[Side, Side], laws: Path) -> None:
    atl, lem = sides
    lem.write("report", {**HERE, "party": "LEM", "value": "1"}, "old")
    _exchange(atl, lem)
    for side in sides:
        found = _record(laws, side)
        assert (found.record.statement("lem.old") or {})["value"] == "50"
        assert [p.what for p in found.problems if p.severity == "error"] == ["The id 'lem.old' is taken."]
    (problem,) = draft_problems(lem.book, [lem.draft("report", HERE, "old")], {lem.book.origin: lem.kept()}, laws)
    assert (problem.file, problem.what) == ("lem.old", "The id 'lem.old' is taken.")


def test_neither_side_can_say_hide_or_smuggle_in_anything_of_the_other(sides: tuple[Side, Side], laws: Path) -> None:
    atl, lem = sides
    lem.write("report", {**HERE, "party": "LEM", "value": "120"}, "r")
    _exchange(atl, lem)
    forged = 'x\n"lem.fake","LEM","2026-03-01"'
    atl.force(
        atl.note(atl.named("lem.r", "report", HERE)),
        atl.note(atl.draft("report", {**HERE, "author": "LEM"}, "as-lem")),
        atl.note(atl.draft("report", {**HERE, "corrects": "lem.r"}, "hides")),
        atl.note(atl.draft("report", {**HERE, "corrects": "lem.old"}, "hides-casebook")),
        atl.note(atl.draft("report", {**HERE, "en": forged}, "injects")),
        atl.note(atl.draft("notice", {**NOTICE, "received": "2026-03-01"}, "received")),
    )
    _exchange(atl, lem)
    for side in sides:
        found = _record(laws, side)
        ids = found.record.frame.filter(found.record.frame["kind"].is_in(["report", "notice"]))["id"].to_list()
        assert sorted(ids) == ["lem.old", "lem.r"]
        errors = [p for p in found.problems if p.severity == "error"]
        assert {p.line for p in errors} == {1, 2, 3, 4, 5, 6}
        assert all(p.file == atl.book.origin and p.what and p.remedy for p in errors)
        assert found.record.corrected(None) == []


def test_a_joint_text_counts_once_for_each_side_and_when_all_have_kept_it(sides: tuple[Side, Side], laws: Path) -> None:
    atl, lem = sides
    made = joint(
        atl, lem, {"verb": "state-jointly", "topic": "peace", "issue": "arms", "on": "2026-03-01", "en": "We."}
    )
    note = atl.note(made, atl.keys.note, lem.keys.note)
    both_keep(atl, lem, made)
    assert note
    found = _record(laws, atl)  # before the other's book was fetched
    assert found.record.by_kind("position").height == 0
    assert [p.severity for p in found.problems if "joint.x" in p.what] == ["warning"]
    _exchange(atl, lem)
    for side in sides:
        rows = _record(laws, side).record.by_kind("position").select("id", "author", "party", "known").rows()
        assert sorted(rows) == [
            ("joint.x.atl", "ATL", "LEM", "2026-03-01"),
            ("joint.x.lem", "LEM", "ATL", "2026-03-01"),
        ]
    item = next(
        i for i in Reading(_record(laws, atl), date(2026, 3, 2)).agenda("ATL", "LEM").items() if i.rule == "joint"
    )
    assert item.title.en == "Joint statements: 1"


def test_a_joint_text_that_differs_between_the_books_does_not_count(sides: tuple[Side, Side], laws: Path) -> None:
    atl, lem = sides
    cells = {"verb": "state-jointly", "topic": "peace", "issue": "arms", "on": "2026-03-01"}
    for side, text in ((atl, "We agree."), (lem, "We differ.")):
        made = joint(atl, lem, {**cells, "en": text})
        side.force(side.note(made, atl.keys.note, lem.keys.note))
    _exchange(atl, lem)
    for side in sides:
        assert _record(laws, side).record.by_kind("position").height == 0


def test_a_head_of_a_log_is_a_knowledge_day(sides: tuple[Side, Side], laws: Path) -> None:
    atl, lem = sides
    atl.write("report", HERE, "r")
    atl.write("report", {**HERE, "value": "104", "corrects": "atl.r"}, "r2")
    lem.fetch(atl)
    heads, known = known_at(lem.book.path, "atl@2")
    assert (heads, known) == ({atl.book.origin: 2}, date(2026, 3, 1))
    assert known_at(lem.book.path, f"{atl.book.origin}@2") == (heads, known)
    read = Reading(_record(laws, lem, heads=heads), date(2026, 3, 2), known)
    assert read.casebook.record.statement("atl.r2") is None
    assert read.casebook.record.statement("atl.r")


@pytest.mark.parametrize(
    ("text", "told"), [("who@1", "no log 'who'"), ("atl@0", "0 entries"), ("atl@9", "It has 1"), ("atl@x", "x entries")]
)
def test_a_head_that_is_none_is_refused_in_words(sides: tuple[Side, Side], text: str, told: str) -> None:
    with pytest.raises(LedgerError, match=told):
        known_at(sides[1].book.path, text)


def test_a_book_of_another_programs_entries_reads_on(sides: tuple[Side, Side], laws: Path) -> None:
    atl, lem = sides
    with atl.book.writer(atl.keys) as log:
        log.append([b"not json", b'{"a":1}'])
    atl.write("report", HERE, "r")
    lem.fetch(atl)
    found = _record(laws, lem)
    assert found.record.statement("atl.r")
    told = [(p.file, p.line, p.severity) for p in found.problems if p.file == atl.book.origin]
    assert told == [(atl.book.origin, 1, "warning"), (atl.book.origin, 2, "warning")]


def test_a_time_that_no_calendar_has_is_no_time(sides: tuple[Side, Side]) -> None:
    from detente.reading.books import had_by

    atl, lem = sides
    atl.write("notice", NOTICE, "n")
    lem.countersign(atl, datetime(9999, 12, 31, 23, tzinfo=UTC))
    assert len(had_by(lem.book)[atl.book.origin]) == 2
    file = lem.book.folder_of("atl") / "witnessed"
    assert file.is_file()
    assert is_book(lem.book.path)
