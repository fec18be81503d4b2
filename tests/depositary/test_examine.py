"""Examining: each rule alone, many faults at once, and a stale version that gets the other one back."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from depositary.sides import REPORT
from depositary.sides import START
from depositary.sides import Side
from depositary.sides import later
from depositary.sides import refused
from depositary.sides import rules
from detente.depositary.drafts import RECEIPT
from detente.depositary.drafts import Attachment
from detente.ledger.keys import new_keys
from detente.ledger.notes import MAX_NOTE

NOTICE = {"verb": "change", "party": "LEM", "on": "2026-03-01"}


def test_a_statement_of_good_form_is_kept(atl: Side) -> None:
    assert atl.write("report", REPORT).index == 1
    assert atl.kept().written["atl.x"].draft.cells == REPORT


@pytest.mark.parametrize(
    ("cells", "rule", "told"),
    [
        ({"colour": "red"}, "schema", "'colour'"),
        ({"known": "2026-01-01"}, "schema", "'known'"),
        ({"source": "x"}, "schema", "'source'"),
        ({"id": "lem.x"}, "schema", "'id'"),
        ({"en": "one\ntwo"}, "form", "'en'"),
        ({"en": "one\u2028two"}, "form", "'en'"),
        ({"en": ""}, "form", "empty"),
    ],
)
def test_cells_that_no_statement_has_are_refused(atl: Side, cells: dict[str, str], rule: str, told: str) -> None:
    made = atl.draft("report", REPORT)
    faults = refused(atl, atl.note(msgspec.structs.replace(made, cells={**REPORT, **cells})))
    assert rules(faults) == [rule]
    assert told in faults[0][1].what
    if rule == "schema":
        assert "measure, silence, item, value" in faults[0][1].remedy.replace("party, ", "")


def test_the_receiver_and_not_the_sender_says_when_a_notification_was_received(atl: Side) -> None:
    made = atl.draft("notice", {"verb": "change", "party": "ATL", "received": "2026-01-01"})
    assert rules(refused(atl, atl.note(made))) == ["schema"]


def test_thousands_of_strange_cells_are_named_in_one_line(atl: Side) -> None:
    cells = {f"c{i}": "1" for i in range(5000)}
    (_, fault), *_ = refused(atl, atl.note(atl.draft("report", cells)))
    assert "and 4995 more" in fault.what
    assert len(fault.what) < 200


def test_a_note_that_is_too_long_is_refused_in_words(atl: Side) -> None:
    faults = refused(atl, b"x" * (MAX_NOTE + 1), atl.note(atl.draft("report", REPORT, office="X")))
    assert rules(faults) == ["size", "office"]
    assert "at most 1,000,000" in faults[0][1].what


def test_what_is_no_note_does_not_hide_the_faults_of_the_others(atl: Side) -> None:
    bad = atl.note(atl.draft("report", {**REPORT, "author": "LEM"}))
    assert rules(refused(atl, b"nonsense", b"{}\n\n\xff", bad)) == ["form", "form", "authority"]


@pytest.mark.parametrize("sent", ["soon", "2026-03-01", "2026-02-30T00:00:00Z", "2026-03-01T12:00:00+03:00", ""])
def test_a_time_is_written_in_one_way(atl: Side, sent: str) -> None:
    assert rules(refused(atl, atl.note(atl.draft("report", REPORT, sent=sent)))) == ["time"]


def test_a_statement_is_not_sent_in_the_future(atl: Side) -> None:
    ahead = (START + timedelta(minutes=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
    near = (START + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert rules(refused(atl, atl.note(atl.draft("report", REPORT, sent=ahead)))) == ["time"]
    atl.write("report", REPORT, sent=near)


def test_a_clock_that_was_set_back_keeps_nothing(atl: Side) -> None:
    made = atl.note(atl.draft("report", REPORT, sent="2026-01-01T00:00:00Z"))
    faults = refused(atl, made, now=START - timedelta(seconds=1))
    assert rules(faults) == ["clock"]
    assert "2026-03-01 12:00:00" in faults[0][1].what


def test_a_statement_is_kept_once(atl: Side) -> None:
    note = atl.note(atl.draft("report", REPORT))
    atl.submit(atl.draft("report", REPORT))
    faults = refused(atl, note)
    assert rules(faults) == ["replayed", "conflict"][:1]
    assert "entry 1" in faults[0][1].what
    taken = atl.note(atl.draft("report", {**REPORT, "value": "96"}))
    (_, fault), *_ = refused(atl, taken)
    assert (fault.rule, fault.other is not None) == ("id", True)
    assert "detente correct" in fault.remedy


def test_two_of_one_batch_do_not_share_an_id(atl: Side) -> None:
    one, two = atl.draft("report", REPORT), atl.draft("report", {**REPORT, "item": "b"})
    assert rules(refused(atl, atl.note(one), atl.note(two))) == ["id"]


def test_two_of_one_batch_do_not_correct_the_same(atl: Side) -> None:
    atl.write("report", REPORT)
    both = [atl.draft("report", {**REPORT, "value": v, "corrects": "atl.x"}, id) for v, id in (("1", "y"), ("2", "z"))]
    assert rules(refused(atl, *map(atl.note, both))) == ["conflict"]


def test_a_stale_write_gets_the_other_version_back(atl: Side) -> None:
    stale = atl.draft("report", {**REPORT, "value": "98"}, "stale")
    atl.write("report", REPORT)
    faults = refused(atl, atl.note(stale))
    assert rules(faults) == ["conflict"]
    other = faults[0][1].other
    assert other is not None
    assert (other.draft.id, other.index, other.draft.cells["value"]) == ("atl.x", 1, "97")
    atl.write("report", {**REPORT, "value": "98"}, "fresh")  # having seen it


def test_a_stale_write_gets_the_version_of_the_other_side_too(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    stale = atl.draft("report", REPORT)
    lem.write("report", {**REPORT, "value": "120"})
    assert atl.note(stale)
    atl.fetch(lem)
    faults = refused(atl, atl.note(stale))
    assert [(f.rule, f.other.draft.id) for _, f in faults if f.other] == [("conflict", "lem.x")]


def test_what_is_about_something_else_is_no_conflict(atl: Side) -> None:
    waiting = atl.draft("report", {**REPORT, "item": "b"}, "y")
    atl.write("report", REPORT)
    atl.submit(waiting)


def test_a_writer_cannot_have_seen_what_is_not_there(atl: Side) -> None:
    made = atl.draft("report", REPORT, seen={atl.book.origin: 7, "elsewhere.example/book": 9})
    faults = refused(atl, atl.note(made))
    assert rules(faults) == ["seen"]
    assert "detente sync" in faults[0][1].remedy


def test_a_correction_of_what_was_corrected_is_told_the_later_version(atl: Side) -> None:
    atl.write("report", REPORT)
    atl.write("report", {**REPORT, "value": "98", "corrects": "atl.x"}, "y")
    again = {**REPORT, "value": "99", "corrects": "atl.x"}
    faults = refused(atl, atl.note(atl.draft("report", again, "z")))
    assert [(f.rule, f.other.draft.cells["value"]) for _, f in faults if f.other] == [("conflict", "98")]
    assert "atl.y" in faults[0][1].remedy
    atl.write("report", {**again, "corrects": "atl.y"}, "z")


def test_a_side_corrects_itself_and_nobody_else(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    lem.write("report", {**REPORT, "party": "LEM"})
    atl.fetch(lem)
    for target in ("lem.x", "new-start.usa.2018-02-05.deployed-warheads", "atl.nothing"):
        faults = refused(atl, atl.note(atl.draft("report", {**REPORT, "corrects": target}, "y")))
        assert rules(faults) == ["correction"], target
        assert "detente raise" in faults[0][1].remedy


def test_a_correction_is_of_the_same_kind(atl: Side) -> None:
    atl.write("report", REPORT)
    made = atl.draft("notice", {"verb": "other", "party": "ATL", "corrects": "atl.x"}, "y")
    assert rules(refused(atl, atl.note(made))) == ["correction"]


def test_a_receipt_is_of_what_is_known_of_another_and_once(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    cells = {"of": "lem.n", "origin": lem.book.origin}
    receipt = atl.draft(RECEIPT, cells, "r")
    assert rules(refused(atl, atl.note(receipt))) == ["receipt"]
    lem.write("notice", NOTICE, "n")
    atl.fetch(lem)
    assert rules(refused(atl, atl.note(atl.draft(RECEIPT, {**cells, "index": "7"}, "r")))) == ["receipt"]
    assert rules(refused(atl, atl.note(atl.draft(RECEIPT, {**cells, "origin": "no.example/x"}, "r")))) == ["receipt"]
    atl.submit(receipt)
    faults = refused(atl, atl.note(atl.draft(RECEIPT, cells, "r2")))
    assert rules(faults) == ["receipt"]
    assert "the first receipt counts" in faults[0][1].remedy
    own = lem.draft(RECEIPT, {"of": "lem.n", "origin": lem.book.origin}, "r")
    assert rules(refused(lem, lem.note(own))) == ["receipt"]


def test_every_fault_is_told_at_once(atl: Side) -> None:
    stale = atl.draft("report", {**REPORT, "value": "1"}, "stale")
    atl.write("report", REPORT)
    made = msgspec.structs.replace(
        stale,
        id="lem.stale",
        sent="2027-01-01T00:00:00Z",
        cells={**REPORT, "author": "LEM", "colour": "red", "en": "a\tb"},
        seen={atl.book.origin: 1, "mfa.lem.example/book": 99},
        attachments=(Attachment("../x", "nothing", -1),),
    )
    faults = refused(atl, atl.note(made, new_keys("stranger.example/x").note), now=later(-1))
    found = ["schema", "form", "form", "size", "authority", "id", "signature", "time", "clock", "conflict", "seen"]
    assert rules(faults)[: len(found)] == found
    assert rules(faults)[len(found) :] == ["attachment"]
    assert "It is signed by stranger.example/x." in faults[6][1].what
