"""A new period: fresh salts throughout, and a proof of what stayed that shows neither what it is nor how much."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import DetenteError
from detente.ledger.escrow.commitment import Escrow
from detente.ledger.escrow.form import shown
from detente.ledger.escrow.opening import open_to
from detente.ledger.escrow.renewal import Stayed
from detente.ledger.escrow.renewal import check_stayed
from detente.ledger.escrow.renewal import renew
from detente.ledger.escrow.renewal import show_stayed
from detente.ledger.escrow.secret import read_secret
from detente.ledger.escrow.secret import secret_bytes
from ledger.escrow.made import FORM
from ledger.escrow.made import SITES
from ledger.escrow.made import counting
from ledger.escrow.made import declared
from ledger.escrow.made import escrow_of
from ledger.escrow.made import root_by_hand

NEXT = FORM.replace("2031", "2032") + SITES
MOVED = NEXT.replace('id = "2"\n', 'id = "2b"\n').replace("IPD-0002", "IPD-0004")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Escrow:
    return escrow_of(tmp_path_factory.mktemp("old"))


def _renewed(old: Escrow, folder: Path, text: str = NEXT) -> Escrow:
    return renew(old, declared(folder, text), counting(10**6))


def _stayed(old: Escrow, new: Escrow, *names: str) -> Stayed:
    data = show_stayed(old, new, names)
    assert rfc8785.dumps(json.loads(data)) + b"\n" == data
    for word in (b"Kesh", b"canister", b"storage", b"IPD-", b"null", b"fields"):
        assert word not in data
    found, problems = check_stayed(old.commitment, new.commitment, data, "x")
    assert problems == []
    assert found is not None
    return found


def test_the_new_root_is_the_one_computed_by_hand_and_follows_the_old(old: Escrow, tmp_path: Path) -> None:
    new = _renewed(old, tmp_path)
    assert root_by_hand(secret_bytes(new)) == new.commitment.root != old.commitment.root
    assert new.commitment.previous == old.commitment.digest
    assert read_secret(secret_bytes(new), "x").commitment == new.commitment


def test_nothing_in_the_hashes_of_two_periods_is_the_same(old: Escrow, tmp_path: Path) -> None:
    new = _renewed(old, tmp_path)
    before, after = (
        {
            blob[at : at + 32]
            for tree in e.trees
            for blob in (*tree.outers, *tree.levels)
            for at in range(0, len(blob), 32)
        }
        for e in (old, new)
    )
    assert not before & after


def test_what_did_not_change_stayed_dummies_included(old: Escrow, tmp_path: Path) -> None:
    new = _renewed(old, tmp_path)
    for names in ((), ("kesh",), ("kesh/k1",), ("kesh/k1/1",), ("kesh/k1", "orlo/o1")):
        found = _stayed(old, new, *names)
        assert (found.only_earlier, found.only_later) == ([], [])
    assert len(_stayed(old, new, "kesh/k1").stayed) == 8
    assert len(_stayed(old, new).stayed) == 4


def test_an_item_that_was_replaced_is_one_that_did_not_stay(old: Escrow, tmp_path: Path) -> None:
    new = _renewed(old, tmp_path, MOVED)
    found = _stayed(old, new, "kesh/k1")
    assert len(found.stayed) == 7
    assert found.only_earlier == [shown(old.path_of(["kesh", "k1", "2"]) or ())]
    assert found.only_later == [shown(new.path_of(["kesh", "k1", "2b"]) or ())]


def test_an_item_that_moved_is_still_the_same(old: Escrow, tmp_path: Path) -> None:
    item = SITES[SITES.index('[[site.facility.item]]\nid = "3"') :]
    text = NEXT.replace("\n" + item, "").replace(
        '[[site.facility]]\nid = "k2"', item + '\n[[site.facility]]\nid = "k2"'
    )
    new = _renewed(old, tmp_path, text)
    assert new.path_of(["kesh", "k1", "3"])
    place = shown(old.path_of(["orlo", "o1", "3"]) or ()), shown(new.path_of(["kesh", "k1", "3"]) or ())
    data = json.loads(show_stayed(old, new, ["kesh/k1"]))
    assert len(_stayed(old, new, "kesh/k1", "orlo/o1").stayed) == 14 + 1
    assert place in _stayed(old, new, "kesh/k1", "orlo/o1").stayed
    assert data["format"] == "detente-escrow-stayed/1"


def test_wider_lists_have_new_dummies(old: Escrow, tmp_path: Path) -> None:
    new = _renewed(old, tmp_path, NEXT.replace("item = 8", "item = 16"))
    found = _stayed(old, new, "kesh/k1")
    assert (len(found.stayed), found.only_earlier, len(found.only_later)) == (8, [], 8)


def test_another_form_cannot_be_renewed(old: Escrow, tmp_path: Path) -> None:
    text = NEXT.replace('item = ["kind", "serial"]', 'item = ["serial", "kind"]')
    with pytest.raises(DetenteError, match="commit anew"):
        _renewed(old, tmp_path, text)


def test_a_proof_of_two_periods_that_do_not_follow_is_refused(old: Escrow, tmp_path: Path) -> None:
    new = _renewed(old, tmp_path)
    other = escrow_of(tmp_path)
    with pytest.raises(DetenteError, match="in a row"):
        show_stayed(new, old)
    data = show_stayed(old, new)
    with pytest.raises(DetenteError, match="do not follow"):
        check_stayed(old.commitment, other.commitment, data, "x")
    with pytest.raises(DetenteError, match="does not have"):
        check_stayed(old.commitment, new.commitment, open_to(new, 1), "x")


def test_a_forged_link_does_not_match(old: Escrow, tmp_path: Path) -> None:
    new = _renewed(old, tmp_path, MOVED)
    proof = json.loads(show_stayed(old, new, ["kesh/k1/1"]))

    def part(side: str) -> dict[str, str]:
        node = proof[side][0]["children"][0]["children"][0]
        return dict(node["parts"][1])

    proof["later_nodes"][0]["children"][0]["children"][0]["parts"][1] = part("earlier_nodes")
    found, problems = check_stayed(old.commitment, new.commitment, rfc8785.dumps(proof), "x")
    assert found is None
    assert "another root" in problems[0].what or "different roots" in problems[0].what


def test_one_thing_declared_twice_is_noticed(old: Escrow, tmp_path: Path) -> None:
    """A declarer that gives two slots one inner commitment would let one item answer for two."""
    new = _renewed(old, tmp_path)
    one, two = ((new.place(new.path_of(["kesh", "k1", id]) or ()))[1] for id in ("1", "2"))
    rows, seal = new.declaration.rows[2], new.seals[2]
    for part in range(2):
        rows.contents[part][seal.nodes[two]] = rows.contents[part][seal.nodes[one]]
    inner = [blob[: two * 32] + blob[one * 32 : one * 32 + 32] + blob[two * 32 + 32 :] for blob in seal.inner]
    cheat = Escrow(new.declaration, [*new.seals[:2], seal._replace(inner=inner)], new.previous)
    data = show_stayed(old, cheat, ["kesh/k1"])
    found, problems = check_stayed(old.commitment, cheat.commitment, data, "x")
    assert found is None
    assert "one and the same" in problems[0].what


@given(st.binary(max_size=200))
def test_any_bytes_are_a_proof_or_refused(old: Escrow, data: bytes) -> None:
    with pytest.raises(DetenteError):
        check_stayed(old.commitment, old.commitment, data, "x")
