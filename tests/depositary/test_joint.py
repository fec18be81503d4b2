"""Joint texts: one text, signed by all sides before any keeps it, in the book of each."""

from __future__ import annotations

import msgspec
import pytest

from depositary.sides import Side
from depositary.sides import refused
from depositary.sides import rules
from detente.depositary.drafts import Draft
from detente.depositary.keep import submit
from detente.ledger.keys import new_keys
from detente.ledger.notes import split

CELLS = {
    "verb": "state-jointly",
    "topic": "no-first-move",
    "issue": "strategic-arms",
    "on": "2026-03-01",
    "en": "We agree.",
}


def joint(one: Side, other: Side, cells: dict[str, str] | None = None, id: str = "joint.x") -> Draft:
    jointly = {one.book.origin: one.office, other.book.origin: other.office}
    return msgspec.structs.replace(one.draft("position", cells or CELLS), id=id, jointly=jointly)


def both_keep(one: Side, other: Side, made: Draft) -> None:
    note = one.note(made, one.keys.note, other.keys.note)
    for side in (one, other):
        submit(side.book, side.keys, [note], now=side.now)


def test_each_book_keeps_the_same_text_with_both_signatures(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    both_keep(atl, lem, joint(atl, lem))
    notes = [side.kept().written["joint.x"].note for side in sides]
    assert notes[0] == notes[1]
    assert [s.name for s in split(notes[0]).signatures] == [atl.keys.name, lem.keys.name]
    assert [side.kept().written["joint.x"].party for side in sides] == ["ATL", "LEM"]


def test_no_side_keeps_it_before_all_have_signed(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    made = joint(atl, lem)
    for signers in ((atl.keys,), (lem.keys,), (atl.keys, new_keys("mfa.lem.example/book"))):
        note = atl.note(made, *(keys.note for keys in signers))
        assert rules(refused(atl, note)) == ["signature"]
        assert rules(refused(lem, note)) == ["signature"]


def test_the_other_office_must_be_known_and_allowed(sides: tuple[Side, Side], tmp_path: object) -> None:
    atl, lem = sides
    made = joint(atl, lem)
    signers = (atl.keys.note, lem.keys.note)
    unknown = msgspec.structs.replace(made, jointly={**made.jointly, lem.book.origin: "LEM-MOD"})
    assert rules(refused(atl, atl.note(unknown, *signers))) == ["office"]
    elsewhere = msgspec.structs.replace(made, jointly={atl.book.origin: "ATL-MFA", "no.example/book": "X"})
    assert rules(refused(atl, atl.note(elsewhere, *signers))) == ["joint"]
    assert rules(refused(lem, atl.note(elsewhere, *signers)))[0] == "office"


_WRONG: dict[str, dict[str, object]] = {
    "alone": {"jointly": {}},
    "own-id": {"id": "atl.x"},
    "author": {"cells": {**CELLS, "author": "ATL"}},
    "another-verb": {"cells": {**CELLS, "verb": "affirm"}},
    "another-kind": {"kind": "report", "cells": {"measure": "warheads"}},
    "withheld": {"sd": ("a" * 43,), "sd_alg": "sha-256"},
}


@pytest.mark.parametrize("name", _WRONG)
def test_only_a_joint_text_is_one(sides: tuple[Side, Side], name: str) -> None:
    atl, lem = sides
    made = msgspec.structs.replace(joint(atl, lem), **_WRONG[name])
    assert "joint" in rules(refused(atl, atl.note(made, atl.keys.note, lem.keys.note)))


def test_only_all_sides_together_correct_it(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    both_keep(atl, lem, joint(atl, lem))
    atl.fetch(lem)
    lem.fetch(atl)
    alone = atl.draft("position", {**CELLS, "verb": "affirm", "corrects": "joint.x"})
    assert rules(refused(atl, atl.note(alone))) == ["correction"]
    both_keep(atl, lem, joint(atl, lem, {**CELLS, "en": "We agree again.", "corrects": "joint.x"}, "joint.y"))
    assert lem.kept().corrected == {"joint.x": "joint.y"}
