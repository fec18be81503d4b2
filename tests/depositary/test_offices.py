"""Offices: registered, changed, closed; several signatures; and what each may not do."""

from __future__ import annotations

import pytest

from depositary.sides import REPORT
from depositary.sides import START
from depositary.sides import Side
from depositary.sides import later
from depositary.sides import refused
from depositary.sides import rules
from detente.depositary.drafts import OFFICE
from detente.depositary.drafts import RECEIPT
from detente.depositary.fault import Refused
from detente.depositary.keep import books_of
from detente.depositary.keep import register_office
from detente.depositary.keep import submit
from detente.depositary.offices import ACTIONS
from detente.ledger.keys import new_keys

CONCERN = {"topic": "t", "party": "LEM", "issue": "strategic-arms", "on": "2026-03-01"}
OF_ACTION = {
    "declare": ("report", REPORT),
    "notify": ("notice", {"verb": "change", "party": "ATL"}),
    "raise": ("concern", {**CONCERN, "verb": "allege"}),
    "answer": ("concern", {**CONCERN, "verb": "answer"}),
    "correct": ("report", {**REPORT, "corrects": "atl.first"}),
    "receive": (RECEIPT, {"of": "lem.n", "origin": "mfa.lem.example/book"}),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_office_may_do_what_it_is_registered_for_and_nothing_else(sides: tuple[Side, Side], action: str) -> None:
    atl, lem = sides
    lem.write("notice", {"verb": "other", "party": "LEM"}, "n")
    atl.fetch(lem)
    atl.write("report", {**REPORT, "item": "first"}, "first")
    kind, cells = OF_ACTION[action]
    others = [name for name in ACTIONS if name != action]
    register_office(atl.book, atl.keys, "ATL-MFA", "ATL", [atl.keys.note.public], others, now=START)
    faults = refused(atl, atl.note(atl.draft(kind, cells)))
    assert rules(faults) == ["authority"]
    assert f"may not {action}" in faults[0][1].what
    register_office(atl.book, atl.keys, "ATL-MFA", "ATL", [atl.keys.note.public], [action], now=START)
    atl.write(kind, cells)


def test_an_office_speaks_for_its_own_party(atl: Side) -> None:
    faults = refused(atl, atl.note(atl.draft("report", {**REPORT, "author": "LEM"})))
    assert rules(faults) == ["authority"]
    assert "speaks for ATL, not for LEM" in faults[0][1].what


def test_ids_begin_with_the_party_so_that_no_side_takes_anothers(atl: Side) -> None:
    assert rules(refused(atl, atl.note(atl.named("lem.x", "report", REPORT)))) == ["id"]


def test_an_office_of_another_book_is_none(atl: Side) -> None:
    faults = refused(atl, atl.note(atl.draft("report", REPORT, office="LEM-MFA")))
    assert rules(faults) == ["office"]
    assert "detente office" in faults[0][1].remedy


def test_two_of_three_must_sign_where_the_office_asks_for_two(atl: Side) -> None:
    one, two, three = (new_keys(f"mfa.atl.example/{name}") for name in ("one", "two", "three"))
    register_office(
        atl.book, atl.keys, "ATL-MFA", "ATL", [k.note.public for k in (one, two, three)], least=2, now=START
    )
    made = atl.draft("report", REPORT)
    faults = refused(atl, atl.note(made, one.note))
    assert rules(faults) == ["signature"]
    assert "1 of the 2 signatures" in faults[0][1].what
    assert rules(refused(atl, atl.note(made, one.note, one.note))) == ["signature"]  # one person twice
    assert rules(refused(atl, atl.note(made, one.note, atl.keys.note))) == ["signature"]  # and a stranger
    text, _, lines = atl.note(made, one.note, two.note).rpartition(b"\n\n")
    assert rules(refused(atl, text.replace(b'"97"', b'"96"') + b"\n\n" + lines)) == ["signature"]  # altered
    assert submit(atl.book, atl.keys, [atl.note(made, three.note, one.note)], now=START)[0].index == 2


def test_keys_are_changed_and_what_the_old_one_signed_before_stays(atl: Side) -> None:
    atl.write("report", REPORT)
    new = new_keys("mfa.atl.example/new")
    register_office(atl.book, atl.keys, "ATL-MFA", "ATL", [new.note.public], now=START)
    assert atl.kept().counts("atl.x")
    made = atl.draft("report", {**REPORT, "item": "b"}, "y")
    assert rules(refused(atl, atl.note(made))) == ["signature"]
    submit(atl.book, atl.keys, [atl.note(made, new.note)], now=START)


def test_a_closed_office_says_nothing_more_and_keeps_its_party(atl: Side) -> None:
    atl.write("report", REPORT)
    register_office(atl.book, atl.keys, "ATL-MFA", "ATL", [], [], now=START)
    assert rules(refused(atl, atl.note(atl.draft("report", REPORT, "y")))) == ["authority", "signature"]
    assert atl.kept().written["atl.x"].party == "ATL"
    assert not atl.kept().written["atl.x"].faults


def test_an_office_that_changes_its_party_does_not_take_its_statements_along(atl: Side) -> None:
    atl.write("report", REPORT)
    register_office(atl.book, atl.keys, "ATL-MFA", "LEM", [atl.keys.note.public], now=START)
    assert atl.kept().written["atl.x"].party == "ATL"


def test_only_the_key_of_the_log_registers_offices(atl: Side) -> None:
    stranger = new_keys("mfa.atl.example/other")
    cells = {"office": "ATL-MOD", "party": "ATL", "keys": str(stranger.note.public), "may": "declare", "least": "1"}
    made = atl.draft(OFFICE, cells, "office", office="ATL-MOD")
    assert rules(refused(atl, atl.note(made, stranger.note))) == ["signature"]
    atl.submit(made)
    assert atl.kept().offices["ATL-MOD"].may == ("declare",)


_KEYS = new_keys("mfa.atl.example/k")
_WRONG = {
    "no-party": ({"party": ""}, "no party"),
    "strange-party": ({"party": 'A"\n[[source]]'}, "no party"),
    "no-office": ({"office": ""}, "no office"),
    "another-office": ({"office": "ATL-MOD"}, "is about"),
    "no-key": ({"keys": "nonsense"}, "no public key"),
    "no-keys": ({"keys": ""}, "no key"),
    "cosignature-key": ({"keys": str(_KEYS.cosignature.public)}, "cannot sign statements"),
    "one-key-twice": ({"keys": f"{_KEYS.note.public} {_KEYS.note.public}"}, "the same"),
    "strange-action": ({"may": "declare rule"}, "'rule'"),
    "none-must-sign": ({"least": "0"}, "cannot sign"),
    "more-than-there-are": ({"least": "2"}, "cannot sign"),
    "no-number": ({"least": "²"}, "cannot sign"),
}


@pytest.mark.parametrize("name", _WRONG)
def test_a_faulty_registration_is_refused_and_in_a_foreign_log_passed_over(sides: tuple[Side, Side], name: str) -> None:
    atl, lem = sides
    changed, told = _WRONG[name]
    cells = {"office": "X", "party": "ATL", "keys": str(_KEYS.note.public), "may": "declare", "least": "1", **changed}
    made = atl.draft(OFFICE, {n: c for n, c in cells.items() if c}, "office", office="X")
    faults = refused(atl, atl.note(made))
    assert any(fault.rule == "office" and told in fault.what for _, fault in faults)
    atl.force(atl.note(made))
    atl.write("report", REPORT)
    lem.fetch(atl)
    kept = books_of(lem.book)[atl.book.origin]
    assert "X" not in kept.offices
    assert kept.counts("atl.x")


def test_a_registration_through_the_door_tells_every_fault(atl: Side) -> None:
    with pytest.raises(Refused) as caught:
        register_office(atl.book, atl.keys, "X", "ATL", [_KEYS.note.public], ["rule"], now=later(-1))
    assert rules(caught.value.faults) == ["office", "clock"]
