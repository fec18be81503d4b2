from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.ledger.merkle import EMPTY_ROOT
from detente.ledger.merkle import Frontier
from detente.ledger.merkle import InvalidProof
from detente.ledger.merkle import Tree
from detente.ledger.merkle import consistency_proof
from detente.ledger.merkle import inclusion_proof
from detente.ledger.merkle import leaf_hash
from detente.ledger.merkle import range_root
from detente.ledger.merkle import verify_consistency
from detente.ledger.merkle import verify_inclusion
from detente.ledger.merkle import verify_subtree_consistency
from detente.ledger.merkle import verify_subtree_inclusion

VECTORS = Path(__file__).parent.parent / "vectors" / "merkle"


def _hash(text: str | None) -> bytes:
    return b64decode(text or "")


def _inclusion(v: dict[str, Any], proof: list[bytes]) -> None:
    verify_inclusion(_hash(v["leafHash"]), v["leafIdx"], v["treeSize"], proof, _hash(v["root"]))


def _consistency(v: dict[str, Any], proof: list[bytes]) -> None:
    verify_consistency(v["size1"], v["size2"], proof, _hash(v["root1"]), _hash(v["root2"]))


def _subtree_inclusion(v: dict[str, Any], proof: list[bytes]) -> None:
    verify_subtree_inclusion(_hash(v["leafHash"]), v["leafIdx"], v["start"], v["end"], proof, _hash(v["root"]))


def _subtree_consistency(v: dict[str, Any], proof: list[bytes]) -> None:
    verify_subtree_consistency(v["start"], v["end"], v["size"], proof, _hash(v["root1"]), _hash(v["root2"]))


_CHECKS: dict[str, Callable[[dict[str, Any], list[bytes]], None]] = {
    "inclusion": _inclusion,
    "consistency": _consistency,
    "subtreeinclusion": _subtree_inclusion,
    "subtreeconsistency": _subtree_consistency,
}


def _vectors() -> list[Any]:
    return [
        pytest.param(name, vector, id=f"{name}:{vector['name']}")
        for name in _CHECKS
        for vector in json.loads((VECTORS / f"{name}.json").read_text())
    ]


def test_there_are_as_many_published_vectors_as_were_taken_over() -> None:
    assert len(_vectors()) == 518


@pytest.mark.parametrize(("name", "vector"), _vectors())
def test_published_vectors(name: str, vector: dict[str, Any]) -> None:
    proof = [_hash(text) for text in vector["proof"] or []]
    if vector["wantErr"]:
        with pytest.raises(InvalidProof):
            _CHECKS[name](vector, proof)
    else:
        _CHECKS[name](vector, proof)


# An independent implementation: the recursive definitions of RFC 9162, word for word.


def _split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def _mth(entries: list[bytes]) -> bytes:
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = _split(len(entries))
    return sha256(b"\x01" + _mth(entries[:k]) + _mth(entries[k:])).digest()


def _path(m: int, entries: list[bytes]) -> list[bytes]:
    if len(entries) == 1:
        return []
    k = _split(len(entries))
    if m < k:
        return [*_path(m, entries[:k]), _mth(entries[k:])]
    return [*_path(m - k, entries[k:]), _mth(entries[:k])]


def _subproof(m: int, entries: list[bytes], whole: bool) -> list[bytes]:
    n = len(entries)
    if m == n:
        return [] if whole else [_mth(entries)]
    k = _split(n)
    if m <= k:
        return [*_subproof(m, entries[:k], whole), _mth(entries[k:])]
    return [*_subproof(m - k, entries[k:], False), _mth(entries[:k])]


def _entries(n: int) -> list[bytes]:
    return [f"entry {i}".encode() for i in range(n)]


def _tree(entries: list[bytes]) -> Tree:
    return Tree(b"".join(map(leaf_hash, entries)))


SIZES = st.integers(1, 1000)


@given(size=SIZES, data=st.data())
def test_roots_and_proofs_are_those_of_the_recursive_definition(size: int, data: st.DataObject) -> None:
    entries = _entries(size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    tree = _tree(entries)
    assert tree.root() == _mth(entries)
    assert tree.root(old) == _mth(entries[:old])
    assert tree.inclusion_proof(index) == _path(index, entries)
    assert inclusion_proof(index, size, tree.node) == _path(index, entries)
    assert tree.consistency_proof(old) == _subproof(old, entries, True)
    verify_inclusion(leaf_hash(entries[index]), index, size, tree.inclusion_proof(index), tree.root())
    verify_consistency(old, size, tree.consistency_proof(old), tree.root(old), tree.root())


def test_every_root_up_to_a_thousand_leaves_is_that_of_the_recursive_definition() -> None:
    frontier = Frontier()
    for size, entry in enumerate(_entries(1000), 1):
        frontier.append(leaf_hash(entry))
        if size < 70 or size % 97 == 0:
            assert frontier.root() == _mth(_entries(size))
    assert frontier.root() == _mth(_entries(1000))


@given(parts=st.lists(st.integers(0, 300), max_size=6))
def test_leaves_may_come_in_batches_of_any_size(parts: list[int]) -> None:
    leaves = b"".join(map(leaf_hash, _entries(sum(parts))))
    tree, at = Tree(), 0
    for part in parts:
        tree.append(leaves[at : at + part * 32])
        at += part * 32
    assert tree.root() == Tree(leaves).root()


@given(size=st.integers(2, 600), data=st.data())
def test_a_proof_with_anything_changed_is_refused(size: int, data: st.DataObject) -> None:
    tree = _tree(_entries(size))
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(index)
    leaf, root = tree.node(0, index), tree.root()
    at = data.draw(st.integers(0, len(proof) - 1))
    changed = list(proof)
    changed[at] = bytes([changed[at][0] ^ 1]) + changed[at][1:]
    faulty = [
        (leaf, index, size, changed, root),
        (leaf, index, size, proof[:-1], root),
        (leaf, index, size, [*proof, root], root),
        (leaf, index, size, [*proof[:at], proof[at][:-1], *proof[at + 1 :]], root),
        (leaf, size, size, proof, root),
        (leaf, -1, size, proof, root),
        (root, index, size, proof, root),
    ]
    for case in faulty:
        with pytest.raises(InvalidProof):
            verify_inclusion(*case)


@given(size=st.integers(2, 600), data=st.data())
def test_an_altered_past_has_no_consistency_proof(size: int, data: st.DataObject) -> None:
    entries = _entries(size)
    old = data.draw(st.integers(1, size - 1))
    before = _tree(entries[:old]).root()
    at = data.draw(st.integers(0, old - 1))
    entries[at] += b" altered"
    after = _tree(entries)
    with pytest.raises(InvalidProof):
        verify_consistency(old, size, after.consistency_proof(old), before, after.root())


@given(start=st.integers(0, 20), level=st.integers(0, 5), width=st.integers(1, 32), more=st.integers(0, 90))
def test_subtrees_are_proved_by_the_leaves_they_hold(start: int, level: int, width: int, more: int) -> None:
    width = min(width, 1 << level)
    begin = start << level
    size = begin + width + more
    tree = _tree(_entries(size))
    subtree = range_root(begin, begin + width, tree.node)
    assert subtree == _mth(_entries(size)[begin : begin + width])
    for index in range(begin, begin + width):
        path = _path(index - begin, _entries(size)[begin : begin + width])
        verify_subtree_inclusion(tree.node(0, index), index, begin, begin + width, path, subtree)


def test_an_empty_tree_has_its_root_and_no_proofs() -> None:
    tree = Tree()
    assert tree.root() == EMPTY_ROOT == _mth([])
    assert consistency_proof(0, 0, tree.node) == []
    with pytest.raises(IndexError):
        tree.inclusion_proof(0)
    with pytest.raises(IndexError):
        tree.consistency_proof(1)
    with pytest.raises(InvalidProof):
        verify_consistency(0, 1, [], EMPTY_ROOT, EMPTY_ROOT)


def test_a_proof_of_more_hashes_than_any_tree_has_is_refused_unread() -> None:
    with pytest.raises(InvalidProof, match="at most 63"):
        verify_inclusion(bytes(32), 0, 2**63, [bytes(32)] * 64, bytes(32))
