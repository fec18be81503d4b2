"""The commitment is that of the formulas, hides what it should, and its secret file comes back as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import DetenteError
from detente.ledger.escrow.commitment import MAX_SLOTS_HELD
from detente.ledger.escrow.commitment import commit
from detente.ledger.escrow.commitment import content_of
from detente.ledger.escrow.commitment import inner_hash
from detente.ledger.escrow.commitment import outer_hash
from detente.ledger.escrow.commitment import read_commitment
from detente.ledger.escrow.commitment import slots_needed
from detente.ledger.escrow.files import MAX_INTEGER
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.files import write_new
from detente.ledger.escrow.form import shown
from detente.ledger.escrow.form import slots
from detente.ledger.escrow.secret import is_encrypted
from detente.ledger.escrow.secret import read_secret
from detente.ledger.escrow.secret import secret_bytes
from ledger.escrow.made import FORM
from ledger.escrow.made import SITES
from ledger.escrow.made import declared
from ledger.escrow.made import escrow_of
from ledger.escrow.made import root_by_hand

VALUES = st.one_of(st.text(), st.booleans(), st.integers(-MAX_INTEGER, MAX_INTEGER), st.none())
NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)


@given(st.recursive(VALUES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=20))
def test_canonical_json_is_that_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


def test_a_part_is_hashed_as_the_manual_says() -> None:
    content = content_of(3, "item", canonical({"serial": "IPD-0001", "kind": "canister"}))
    assert content == b'[3,"item",{"kind":"canister","serial":"IPD-0001"}]'
    inner = inner_hash(bytes(range(32)), content)
    assert inner.hex() == "b978fc2166a5bdc71d078dd2b7d6a0d61a52735817b6414b5b49ea493eb8fa1d"
    outer = outer_hash(bytes(32), inner)
    assert outer.hex() == "f4a6bc35803f43586eae80bfd7504779da89b88b520c992de41cec4509556115"


def test_the_root_is_the_one_computed_by_hand(tmp_path: Path) -> None:
    escrow = escrow_of(tmp_path)
    assert root_by_hand(secret_bytes(escrow)) == escrow.commitment.root


@pytest.mark.parametrize("width", [1, 2, 16])
def test_the_root_is_the_one_computed_by_hand_for_one_rank(tmp_path: Path, width: int) -> None:
    text = f'declarer="A"\nperiod="1"\norder=["x"]\n[width]\nx={width}\n[[level]]\nx=["id"]\n[[level]]\nx=["n"]\n'
    escrow = escrow_of(tmp_path, text + '[[x]]\nid="1"\nn=7\n')
    assert root_by_hand(secret_bytes(escrow)) == escrow.commitment.root


def test_the_commitment_says_nothing_of_content_or_count(tmp_path: Path) -> None:
    full, empty = (commit(declared(tmp_path, text)).commitment for text in (FORM + SITES, FORM))
    assert len(canonical(full)) == len(canonical(empty))
    assert {**json.loads(canonical(full)), "root": ""} == {**json.loads(canonical(empty)), "root": ""}


def test_the_same_declaration_has_another_root_each_time(tmp_path: Path) -> None:
    declaration = declared(tmp_path)
    assert len({commit(declaration).commitment.root for _ in range(5)}) == 5


def test_no_salt_is_used_twice(tmp_path: Path) -> None:
    escrow = commit(declared(tmp_path))
    blobs = [blob for seal in escrow.seals for blob in (*seal.inner, *seal.outer, seal.filler)]
    salts = [blob[at : at + 32] for blob in blobs for at in range(0, len(blob), 32)]
    assert len(set(salts)) == len(salts) > 100


def test_real_nodes_stand_anywhere_among_the_dummies(tmp_path: Path) -> None:
    declaration = declared(tmp_path)
    places = {escrow.path_of(["kesh"]) for escrow in (commit(declaration) for _ in range(100))}
    assert places == {(0,), (1,), (2,), (3,)}


def test_a_commitment_comes_back_as_it_was(tmp_path: Path) -> None:
    commitment = escrow_of(tmp_path).commitment
    assert read_commitment(canonical(commitment) + b"\n", "x") == commitment
    assert rfc8785.dumps(json.loads(canonical(commitment))) == canonical(commitment)


def test_a_secret_comes_back_as_it_was(tmp_path: Path) -> None:
    escrow = escrow_of(tmp_path)
    data = secret_bytes(escrow)
    back = read_secret(data, "x")
    assert secret_bytes(back) == data
    assert back.commitment == escrow.commitment
    assert back.path_of(["kesh", "k1", "2"]) == escrow.path_of(["kesh", "k1", "2"])
    assert rfc8785.dumps(json.loads(data)) + b"\n" == data


def test_an_encrypted_secret_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    escrow = escrow_of(tmp_path)
    data = secret_bytes(escrow, "correct horse")
    assert is_encrypted(data)
    assert b"Kesh" not in data
    assert read_secret(data, "x", "correct horse").commitment == escrow.commitment
    for passphrase in (None, "wrong"):
        with pytest.raises(DetenteError, match="passphrase"):
            read_secret(data, "x", passphrase)


@pytest.mark.parametrize("change", ["content", "salt", "node", "cut", "parent", "root"])
def test_a_damaged_secret_is_refused(tmp_path: Path, change: str) -> None:
    held = json.loads(secret_bytes(escrow_of(tmp_path)))
    rank = held["ranks"][2]
    if change == "content":
        rank["contents"][1][0]["serial"] = "IPD-9999"
    elif change == "salt":
        rank["inner"][0] = "A" + rank["inner"][0][1:] if rank["inner"][0][0] != "A" else "B" + rank["inner"][0][1:]
    elif change == "node":
        rank["nodes"][0] = 99
    elif change == "cut":
        rank["outer"][0] = ""
    elif change == "parent":
        rank["parents"][0] = 2
    else:
        held["commitment"]["root"] = "0" * 64
    with pytest.raises(DetenteError, match="kept elsewhere"):
        read_secret(rfc8785.dumps(held), "x")


def test_a_secret_file_is_for_its_owner_and_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    write_new(file, b"one", secret=True)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(DetenteError, match="exists already"):
        write_new(file, b"two")
    assert file.read_bytes() == b"one"
    with pytest.raises(DetenteError, match="can be written"):
        write_new(tmp_path / "nowhere" / "x", b"")


def test_more_slots_than_fit_are_refused(tmp_path: Path) -> None:
    form = declared(tmp_path, FORM.replace("item = 8", "item = 4194304")).form
    assert slots_needed(form, 2, 2) == MAX_SLOTS_HELD
    with pytest.raises(DetenteError, match="smaller width"):
        slots_needed(form, 2, 3)


@given(st.lists(st.integers(0, 10**9), max_size=8))
def test_paths_are_written_and_read(path: list[int]) -> None:
    assert slots(shown(tuple(path))) == tuple(path)


@given(st.text(max_size=20))
def test_any_text_is_a_path_or_none(text: str) -> None:
    path = slots(text)
    assert path is None or len(path) <= 8
