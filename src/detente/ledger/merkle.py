"""Merkle trees of RFC 6962 and RFC 9162: hashes, roots, inclusion and consistency proofs, and their verification.

A hash is 32 bytes (SHA-256).  The tree of n leaves is the same for everyone: the proofs that one program makes,
every other can check.  Subtrees are those of draft-ietf-plants-merkle-tree-certs, which ML-DSA cosignatures use.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

__all__ = [
    "EMPTY_ROOT",
    "HASH_BYTES",
    "MAX_PROOF",
    "Frontier",
    "InvalidProof",
    "Node",
    "Tree",
    "consistency_proof",
    "consistency_start",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "pair_up",
    "path",
    "range_root",
    "root_from_inclusion",
    "roots_from_consistency",
    "verify_consistency",
    "verify_inclusion",
    "verify_subtree_consistency",
    "verify_subtree_inclusion",
]

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962, 2.1)."""

MAX_PROOF: Final = 63
"""The longest proof that a tree of fewer than 2^63 leaves can have; a longer one is refused before it is read."""

_LENGTHS: Final = frozenset({HASH_BYTES})

_hash_at = struct.Struct("32s").unpack_from
_pairs = struct.Struct("64s").iter_unpack

Node = Callable[[int, int], bytes]
"""`node(level, index)` is the root of the complete subtree of 2^level leaves that begins at leaf index * 2^level."""


class InvalidProof(ValueError):
    """A proof that does not prove; the message says in which way."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of 0x00 and the entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 of 0x01 and its two children."""
    return sha256(b"\x01" + left + right).digest()


def pair_up(hashes: bytes) -> bytes:
    """Return the parents of an even number of hashes that stand one after another."""
    return b"".join([sha256(b"\x01" + pair).digest() for (pair,) in _pairs(hashes)])


class Frontier:
    """The right edge of a growing tree: all that is needed to append leaves and to know the root.

    `peaks[level]` is the complete subtree of that level that waits for its sibling, or None.
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes | None] = ()) -> None:
        self.size = size
        self.peaks: list[bytes | None] = list(peaks)

    def append(self, leaves: bytes) -> list[bytes]:
        """Add leaf hashes that stand one after another; return the new complete nodes, level by level."""
        self.size += len(leaves) // HASH_BYTES
        new: list[bytes] = []
        level, hashes = 0, leaves
        while hashes:
            new.append(hashes)
            if level == len(self.peaks):
                self.peaks.append(None)
            hashes = (self.peaks[level] or b"") + hashes
            odd = len(hashes) // HASH_BYTES % 2
            self.peaks[level] = hashes[-HASH_BYTES:] if odd else None
            hashes = pair_up(hashes[:-HASH_BYTES] if odd else hashes)
            level += 1
        return new

    def root(self) -> bytes:
        """Return the root of the tree."""
        total = None
        for peak in self.peaks:
            if peak is not None:
                total = peak if total is None else node_hash(peak, total)
        return EMPTY_ROOT if total is None else total

    def copy(self) -> Frontier:
        """Return a frontier that grows by itself."""
        return Frontier(self.size, self.peaks)


class Tree:
    """A whole tree in memory: 64 bytes a leaf, and any proof at once."""

    def __init__(self, leaves: bytes = b"") -> None:
        self._frontier = Frontier()
        self._levels: list[bytearray] = []
        self._borders: dict[int, bytes] = {}
        self._bordered = 0
        self.append(leaves)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._frontier.size

    def append(self, leaves: bytes) -> None:
        """Add leaf hashes that stand one after another."""
        for level, nodes in enumerate(self._frontier.append(leaves)):
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += nodes

    def node(self, level: int, index: int) -> bytes:
        """Return the root of a complete subtree (see `Node`)."""
        (value,) = _hash_at(self._levels[level], index * HASH_BYTES)
        return bytes(value)

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the whole tree, or of its first `size` leaves."""
        if size is None or size == self.size:
            return self._frontier.root()
        return range_root(0, size, self.node)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the leaf `index` is in the tree of the first `size` leaves."""
        size = self._within(size)
        if not 0 <= index < size:
            raise IndexError(f"leaf {index} is not in a tree of {size}")
        return self._path(0, index, size)

    def consistency_proof(self, old: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the tree of `old` leaves is the beginning of that of `size` leaves."""
        size = self._within(size)
        level, index, first = consistency_start(old, size)
        start = [self.node(level, index)] if first else []
        return start + self._path(level, index, size)

    def _path(self, level: int, index: int, size: int) -> list[bytes]:
        """Return what `path` does, which asks for one node at a time."""
        path: list[bytes] = []
        complete, last = size >> level, (size - 1) >> level
        for row in self._levels[level:]:
            sibling = index ^ 1
            if sibling < complete:
                path += _hash_at(row, sibling * HASH_BYTES)
            elif sibling == last:
                path.append(self._border(level, size))
            level, index, complete, last = level + 1, index >> 1, complete >> 1, last >> 1
            if not last:
                break
        return path

    def _border(self, level: int, size: int) -> bytes:
        """Return the root of the last, incomplete subtree of a level; it is in the proofs of half of the leaves."""
        if self._bordered != size:
            self._bordered, self._borders = size, {}
        if level not in self._borders:
            self._borders[level] = range_root(size - 1 >> level << level, size, self.node)
        return self._borders[level]

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise IndexError(f"the tree has {self.size} leaves, not {size}")
        return size


def range_root(start: int, end: int, node: Node) -> bytes:
    """Return the root of leaves `start` to `end`; `start` begins a subtree that holds them all."""
    if end == start:
        return EMPTY_ROOT
    total: bytes | None = None
    at = end
    while at > start:
        level = (at & -at).bit_length() - 1
        while at - (1 << level) < start:
            level -= 1
        at -= 1 << level
        peak = node(level, at >> level)
        total = peak if total is None else node_hash(peak, total)
    return total or EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the audit path of a leaf, from its sibling up (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} is not in a tree of {size}")
    return path(0, index, size, node)


def consistency_proof(old: int, size: int, node: Node) -> list[bytes]:
    """Return the proof that the first `old` leaves are those of the tree of `size` (RFC 9162, 2.1.4.1).

    It is empty where `old` is 0 or `size`.
    """
    level, index, first = consistency_start(old, size)
    start = [node(level, index)] if first else []
    return start + path(level, index, size, node)


def consistency_start(old: int, size: int) -> tuple[int, int, bool]:
    """Return the last complete subtree of a tree of `old` leaves, of which a proof of consistency is the path.

    And whether the proof begins with that subtree itself: not where it is the whole earlier tree.  Where there is
    nothing to prove it is above the whole tree, and has no path.
    """
    if not 0 <= old <= size:
        raise IndexError(f"a tree of {size} leaves has none of {old} at its beginning")
    if old in (0, size):
        return size.bit_length(), 0, False
    level = (old & -old).bit_length() - 1
    return level, (old >> level) - 1, old != 1 << level


def path(level: int, index: int, size: int, node: Node) -> list[bytes]:
    """Return the siblings of a complete subtree and of all that hold it, from the lowest up."""
    found: list[bytes] = []
    while size - 1 >> level > 0:
        sibling = index ^ 1
        if sibling < size >> level:
            found.append(node(level, sibling))
        elif sibling << level < size:
            found.append(range_root(sibling << level, size, node))
        level, index = level + 1, index >> 1
    return found


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that a proof leads to (RFC 9162, 2.1.3.2); raise InvalidProof where it leads nowhere."""
    if not 0 <= index < size:
        raise InvalidProof(f"leaf {index} is not in a tree of {size} leaves")
    if len(leaf) != HASH_BYTES:
        raise InvalidProof(f"a leaf hash has {HASH_BYTES} bytes, not {len(leaf)}")
    inner = _check_path(index, size, proof)
    root = leaf
    for sibling in proof[:inner]:
        root = sha256(b"\x01" + (sibling + root if index & 1 else root + sibling)).digest()
        index >>= 1
    for sibling in proof[inner:]:
        root = sha256(b"\x01" + sibling + root).digest()
    return root


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf hash is in the tree of that size and root; raise InvalidProof if it is not shown."""
    if root_from_inclusion(leaf, index, size, proof) != root:
        raise InvalidProof("the proof leads to another root")


def verify_subtree_inclusion(
    leaf: bytes, index: int, start: int, end: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf hash is in the subtree of leaves `start` to `end`; raise InvalidProof if it is not shown."""
    _check_subtree(start, end)
    verify_inclusion(leaf, index - start, end - start, proof, root)


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> None:
    """Check that one tree is the beginning of another (RFC 9162, 2.1.4.2); raise InvalidProof if it is not shown.

    A tree without leaves is the beginning of every tree: there is nothing to prove, and a proof of it is refused.
    """
    found_old, found = roots_from_consistency(old, size, proof, old_root)
    if found_old != old_root:
        raise InvalidProof("the proof leads to another root of the earlier tree")
    if found != root:
        raise InvalidProof("the proof leads to another root of the later tree")


def roots_from_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes) -> tuple[bytes, bytes]:
    """Return the roots of the earlier and the later tree that a consistency proof leads to.

    Where the earlier tree is one complete subtree the proof leaves its root out, and `old_root` is taken for it.
    """
    if not 0 < old <= size:
        raise InvalidProof(f"a tree of {size} leaves has no beginning of {old}")
    if old == size:
        if proof:
            raise InvalidProof("the proof is too long")
        return old_root, old_root
    level, index, first = consistency_start(old, size)
    if first and not proof:
        raise InvalidProof("the proof is too short")
    path = proof[1:] if first else proof
    inner = _check_path(index, (size - 1 >> level) + 1, path)
    _check_hashes(proof)
    before = after = proof[0] if first else old_root
    for sibling in path[:inner]:
        if index & 1:
            before = sha256(b"\x01" + sibling + before).digest()
            after = sha256(b"\x01" + sibling + after).digest()
        else:
            after = sha256(b"\x01" + after + sibling).digest()
        index >>= 1
    for sibling in path[inner:]:
        before = sha256(b"\x01" + sibling + before).digest()
        after = sha256(b"\x01" + sibling + after).digest()
    return before, after


def verify_subtree_consistency(
    start: int, end: int, size: int, proof: Sequence[bytes], subtree_root: bytes, root: bytes
) -> None:
    """Check that the leaves `start` to `end` of a tree make a subtree; raise InvalidProof if it is not shown.

    A subtree without leaves is part of every tree, whatever its root; its own root is `EMPTY_ROOT`.
    """
    if end > size:
        raise InvalidProof(f"a tree of {size} leaves has no subtree up to {end}")
    if 0 <= start == end:
        if proof or subtree_root != EMPTY_ROOT:
            raise InvalidProof("a subtree without leaves has an empty proof and the root of an empty tree")
        return
    _check_subtree(start, end)
    found_subtree, found = _subtree_roots(start, end, size, proof, subtree_root)
    if found_subtree != subtree_root:
        raise InvalidProof("the proof leads to another root of the subtree")
    if found != root:
        raise InvalidProof("the proof leads to another root of the tree")


def _subtree_roots(start: int, end: int, size: int, proof: Sequence[bytes], subtree_root: bytes) -> tuple[bytes, bytes]:
    _check_hashes(proof)
    first, last, tree_last = start, end - 1, size - 1
    while first != last and (last == tree_last or last & 1):
        first, last, tree_last = first >> 1, last >> 1, tree_last >> 1
    rest = list(proof)
    if first == last:
        sub = root = subtree_root
    else:
        if not rest:
            raise InvalidProof("the proof is too short")
        sub = root = rest.pop(0)
    for sibling in rest:
        if tree_last == 0:
            raise InvalidProof("the proof is too long")
        if last & 1 or last == tree_last:
            if first < last:
                sub = node_hash(sibling, sub)
            root = node_hash(sibling, root)
            while not last & 1 and last:
                first, last, tree_last = first >> 1, last >> 1, tree_last >> 1
        else:
            root = node_hash(root, sibling)
        first, last, tree_last = first >> 1, last >> 1, tree_last >> 1
    if tree_last:
        raise InvalidProof("the proof is too short")
    return sub, root


def _check_subtree(start: int, end: int) -> None:
    """A subtree begins at a multiple of the least power of two that holds it."""
    if not 0 <= start < end or start % (1 << (end - start - 1).bit_length()):
        raise InvalidProof(f"leaves {start} to {end} are no subtree")


def _check_path(index: int, size: int, proof: Sequence[bytes]) -> int:
    """Check that a path has the length that it has in a tree of this size.

    Return how many of it are below the place where the ways to the leaf and to the last one part; those above stand
    all to the left.
    """
    inner = (index ^ (size - 1)).bit_length()
    length = inner + (index >> inner).bit_count()
    _check_hashes(proof)
    if len(proof) != length:
        raise InvalidProof(f"the proof is too {'long' if len(proof) > length else 'short'}")
    return inner


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if len(hashes) > MAX_PROOF:
        raise InvalidProof(f"a proof has at most {MAX_PROOF} hashes")
    if not _LENGTHS.issuperset(map(len, hashes)):
        raise InvalidProof(f"each hash of a proof has {HASH_BYTES} bytes")
