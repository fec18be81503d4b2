"""Openings show what was asked for and no more, check against the root, and no forged one does."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from detente.errors import DetenteError
from detente.ledger.escrow.checking import check_opening
from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.commitment import Escrow
from detente.ledger.escrow.form import Path as NodePath
from detente.ledger.escrow.opening import node_path
from detente.ledger.escrow.opening import open_to
from detente.ledger.escrow.view import View
from detente.ledger.escrow.view import look_for
from detente.ledger.escrow.view import view_of
from ledger.escrow.made import escrow_of
from ledger.escrow.made import h
from ledger.escrow.made import merkle
from ledger.escrow.made import sealed_by_hand

SERIALS = ("IPD-0001", "IPD-0002", "IPD-0003")


@pytest.fixture(scope="module")
def escrow(tmp_path_factory: pytest.TempPathFactory) -> Escrow:
    return escrow_of(tmp_path_factory.mktemp("escrow"))


def _view(escrow: Escrow, level: int, *nodes: str) -> View:
    data = open_to(escrow, level, [node_path(escrow, node) for node in nodes])
    assert rfc8785.dumps(json.loads(data)) + b"\n" == data
    view = view_of(escrow.commitment, {"opening": data})
    assert view.problems == []
    return view


def _told(view: View) -> dict[str, str]:
    return {node.rank: "" for node in view.opened()} | {
        str(value): node.rank for node in view.opened() for value in node.fields.values()
    }


def test_each_level_opens_what_it_says_and_all_before_it(escrow: Escrow) -> None:
    first = _view(escrow, 1)
    assert {str(v) for n in first.opened() for v in n.fields.values()} == {"Kesh Plateau", "Orlo Bay"}
    assert [(c.real, c.dummies, c.complete_lists) for c in first.counts()] == [(2, 2, 1), (3, 5, 2), (0, 0, 0)]
    second = _view(escrow, 2)
    assert [(c.real, c.dummies) for c in second.counts()] == [(2, 2), (3, 5), (3, 21)]
    assert not any("serial" in n.fields for n in second.opened())
    third = _view(escrow, 3)
    assert sorted(str(n.fields["serial"]) for n in third.opened() if n.rank == "item") == list(SERIALS)


def test_an_opening_holds_nothing_of_what_was_not_asked_for(escrow: Escrow) -> None:
    everything = open_to(escrow, 3)
    assert all(serial.encode() in everything for serial in SERIALS)
    one = open_to(escrow, 3, [node_path(escrow, "kesh/k1/1")])
    assert b"IPD-0001" in one
    for word in ("IPD-0002", "IPD-0003", "Orlo", "maintenance"):
        assert word.encode() not in one
    for blob in (*escrow.seals[2].inner, *escrow.seals[2].outer):
        salts = {blob[at : at + 32].hex().encode() for at in range(0, len(blob), 32)}
        assert sum(salt in one for salt in salts) == 1


def test_a_site_is_opened_whole_and_others_stay_shut(escrow: Escrow) -> None:
    view = _view(escrow, 3, "kesh")
    assert sorted(n.rank for n in view.opened()) == ["facility", "facility", "item", "item", "site"]
    assert [(c.real, c.dummies, c.complete_lists) for c in view.counts()] == [(1, 0, 0), (2, 2, 1), (2, 14, 2)]


def test_two_openings_show_together_what_neither_shows_alone(escrow: Escrow) -> None:
    files = {node: open_to(escrow, 3, [node_path(escrow, node)]) for node in ("kesh", "orlo")}
    files["names"] = open_to(escrow, 1)
    view = view_of(escrow.commitment, files)
    assert list(view.gaps((), 3)) == []
    assert [c.complete_lists for c in view.counts()] == [1, 2, 3]


def test_a_place_below_a_dummy_is_answered_by_the_dummy(escrow: Escrow) -> None:
    dummy = next((n,) for n in range(4) if escrow.seals[0].nodes[n] < 0)
    view = view_of(escrow.commitment, {"o": open_to(escrow, 3, [(*dummy, 1, 2)])})
    assert view.problems == []
    assert view.is_dummy(dummy)
    assert list(view.gaps((*dummy, 1, 2), 3)) == []


def test_a_level_that_does_not_reach_a_node_is_refused(escrow: Escrow) -> None:
    with pytest.raises(DetenteError, match="lowest level that does is 2"):
        open_to(escrow, 1, [node_path(escrow, "kesh/k1/1")])
    for level in (0, 4):
        with pytest.raises(DetenteError, match="levels 1 to 3"):
            open_to(escrow, level)


@pytest.mark.parametrize("name", ["nowhere", "kesh/k9", "a/b/c/d", "@9", "@0/0/0/0", "@x", ""])
def test_a_node_that_is_not_there_is_refused(escrow: Escrow, name: str) -> None:
    with pytest.raises(DetenteError, match=r"no node|no slot"):
        node_path(escrow, name)


_PLACES = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 7))
_PATHS = st.lists(_PLACES | _PLACES.map(lambda p: p[:2]) | _PLACES.map(lambda p: p[:1]), min_size=1, max_size=6)


@given(_PATHS, st.integers(2, 3))
def test_whatever_is_opened_checks_and_answers_what_was_asked(
    escrow: Escrow, paths: list[NodePath], level: int
) -> None:
    view = view_of(escrow.commitment, {"o": open_to(escrow, level, paths)})
    assert view.problems == []
    assert [gap for path in paths for gap in view.gaps(path, level)] == []


def _strings(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for key, inner in value.items() for p in _strings(inner, (*at, key))]
    if isinstance(value, list):
        return [p for n, inner in enumerate(value) for p in _strings(inner, (*at, n))]
    return [at]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_any_value_is_noticed(escrow: Escrow, data: st.DataObject) -> None:
    opening = json.loads(open_to(escrow, 3, [node_path(escrow, "kesh/k1"), node_path(escrow, "orlo/o1/3")]))
    *way, last = data.draw(st.sampled_from(_strings(opening["nodes"], ("nodes",))))
    holder: Any = opening
    for step in way:
        holder = holder[step]
    old = holder[last]
    if isinstance(old, int):
        holder[last] = data.draw(st.integers(-1, 9).filter(lambda n: n != old))
    elif old is None:
        holder[last] = {}
    else:
        at = data.draw(st.integers(0, len(old) - 1))
        holder[last] = old[:at] + ("0" if old[at] != "0" else "1") + old[at + 1 :]
    _, problems = check_opening(escrow.commitment, rfc8785.dumps(opening), "x")
    assert problems


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_an_opening_or_refused(escrow: Escrow, data: bytes) -> None:
    with pytest.raises(DetenteError, match="x: "):
        check_opening(escrow.commitment, data, "x")


# --- What a dishonest declarer could try ----------------------------------------------------------------------


def _forged(escrow: Escrow, site: dict[str, Any] | None, item: dict[str, Any]) -> tuple[Commitment, dict[str, Any]]:
    """Return a commitment to one site, as real or as a dummy, with one facility and one item; and its opening."""
    import msgspec

    salt = bytes(32)
    zero = {"inner": salt.hex(), "outer": salt.hex()}
    form = msgspec.structs.replace(escrow.form, widths=(1, 1, 1))
    leaf = sealed_by_hand(2, "item", {}, salt, salt) + sealed_by_hand(3, "item", item, salt, salt)
    facility = sealed_by_hand(1, "facility", {}, salt, salt) + sealed_by_hand(
        2, "facility", {"purpose": "x"}, salt, salt
    )
    root = merkle([sealed_by_hand(1, "site", site, salt, salt) + merkle([facility + merkle([leaf])])])
    commitment = msgspec.structs.replace(escrow.commitment, form=form, root=root.hex())
    items = [{"parts": [{"fields": {}, **zero}, {"fields": item, **zero}], "slot": 0}]
    parts = [{"fields": {}, **zero}, {"fields": {"purpose": "x"}, **zero}]
    facilities = [{"children": items, "parts": parts, "slot": 0}]
    nodes = [{"children": facilities, "parts": [{"fields": site, **zero}], "slot": 0}]
    return commitment, {"commitment": commitment.digest, "format": "detente-escrow-opening/1", "nodes": nodes}


ITEM = {"kind": "canister", "serial": "IPD-0001"}


def test_the_forger_of_these_tests_can_also_be_honest(escrow: Escrow) -> None:
    commitment, opening = _forged(escrow, {"name": "Kesh"}, ITEM)
    seen, problems = check_opening(commitment, rfc8785.dumps(opening), "x")
    assert problems == []
    assert len(seen) == 3


def test_nothing_can_be_declared_below_a_dummy(escrow: Escrow) -> None:
    commitment, opening = _forged(escrow, None, ITEM)
    seen, problems = check_opening(commitment, rfc8785.dumps(opening), "x")
    assert seen == []
    assert "a dummy or not opened" in problems[0].what


def test_a_node_cannot_be_a_dummy_at_one_level_and_real_at_another(escrow: Escrow) -> None:
    commitment, opening = _forged(escrow, {"name": "Kesh"}, ITEM)
    opening["nodes"][0]["children"][0]["children"][0]["parts"][0]["fields"] = None
    _, problems = check_opening(commitment, rfc8785.dumps(opening), "x")
    assert "says that it is a dummy" in problems[0].what


def test_fields_other_than_those_of_the_form_are_refused_under_a_root_that_has_them(escrow: Escrow) -> None:
    commitment, opening = _forged(escrow, {"name": "Kesh"}, {"kind": "canister"})
    _, problems = check_opening(commitment, rfc8785.dumps(opening), "x")
    assert "its fields are not kind, serial" in problems[0].what


def test_a_node_in_place_of_a_hash_of_the_tree_is_refused(escrow: Escrow) -> None:
    """A leaf never passes for an inner node: their hashes begin with different bytes (RFC 6962, 2.1)."""
    assert h(b"\x00", bytes(64)) != h(b"\x01", bytes(64))


# --- The item that was found ----------------------------------------------------------------------------------


def test_an_item_that_is_declared_is_found(escrow: Escrow) -> None:
    view = _view(escrow, 3)
    told = look_for(view, {"serial": "IPD-0003", "kind": "launcher"})
    assert told.state == "declared"
    assert told.at == ["@" + "/".join(map(str, node_path(escrow, "orlo/o1/3")))]


def test_an_item_is_undeclared_only_where_all_is_opened(escrow: Escrow) -> None:
    found = {"serial": "IPD-0099"}
    assert look_for(_view(escrow, 3), found).state == "undeclared"
    assert look_for(_view(escrow, 2), found).state == "not opened"
    site = _view(escrow, 3, "kesh")
    assert look_for(site, found).state == "not opened"
    assert len(look_for(site, found).gaps) == 3
    kesh = node_path(escrow, "kesh")
    told = look_for(site, found, kesh)
    assert (told.state, told.looked_at, told.gaps) == ("undeclared", 2, [])
    assert look_for(site, {"serial": "IPD-0003"}, kesh).state == "undeclared"
    assert look_for(View(escrow.commitment), found).state == "not opened"


def test_one_slot_that_is_not_opened_leaves_the_question_open(escrow: Escrow) -> None:
    data = json.loads(open_to(escrow, 3, [node_path(escrow, "kesh")]))
    paths = [(*node_path(escrow, "kesh/k1"), slot) for slot in range(7)]
    view = view_of(escrow.commitment, {"o": open_to(escrow, 3, paths), "n": open_to(escrow, 1)})
    told = look_for(view, {"serial": "IPD-0099"}, node_path(escrow, "kesh/k1"))
    assert (told.state, len(told.gaps)) == ("not opened", 1)
    assert data["format"] == "detente-escrow-opening/1"


def test_a_question_that_no_level_can_answer_is_refused(escrow: Escrow) -> None:
    with pytest.raises(DetenteError, match="item: kind, serial"):
        look_for(View(escrow.commitment), {"colour": "red"})
    with pytest.raises(DetenteError, match="holds no site"):
        look_for(View(escrow.commitment), {"name": "Kesh"}, (0,))
