"""The commitment: salted hashes of every part of every slot, and the nested Merkle trees whose root is published.

The structure is that of salted, selectively disclosed claims (RFC 9901, SD-JWT) set into the Merkle trees of
RFC 6962, one tree for each list.  Everything is SHA-256; every salt is 32 fresh bytes of the operating system.

    content = canonical JSON of [level, rank, fields]        null in place of fields makes a dummy
    inner   = SHA-256(INNER || inner salt || content)        stays as long as the content stays
    outer   = SHA-256(OUTER || outer salt || inner)          fresh in every period
    entry   = outer of each part || root of the list below   no root in the innermost rank
    leaf    = SHA-256(0x00 || entry); the list's root as in RFC 6962
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from typing import Final
from typing import NamedTuple

import msgspec

from detente.errors import DetenteError
from detente.ledger.escrow.declaration import Declaration
from detente.ledger.escrow.files import decoded
from detente.ledger.escrow.files import digest
from detente.ledger.escrow.form import Form
from detente.ledger.escrow.form import Path
from detente.ledger.escrow.form import form_faults
from detente.ledger.escrow.rows import Rows
from detente.ledger.merkle import HASH_BYTES
from detente.ledger.merkle import leaf_hash
from detente.ledger.merkle import pair_up

__all__ = [
    "INNER",
    "MAX_SLOTS_HELD",
    "OUTER",
    "Commitment",
    "Escrow",
    "RankTree",
    "Seals",
    "commit",
    "content_of",
    "inner_hash",
    "outer_hash",
    "read_commitment",
    "sealed",
    "shuffled",
    "slots_needed",
]

FORMAT: Final = "detente-escrow-commitment/1"
INNER: Final = b"detente/escrow/1/inner\x00"
OUTER: Final = b"detente/escrow/1/outer\x00"

MAX_SLOTS_HELD: Final = 1 << 23
"""More slots in one rank are refused: their salts and hashes would not fit into the memory of a laptop."""

Random = Callable[[int], bytes]
"""A source of so many fresh random bytes."""


class Commitment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is published: who commits, as of when, in which form, and the root; of the content it says nothing.

    `previous` is the digest of the commitment of the period before, or empty.
    """

    algorithm: str
    declarer: str
    form: Form
    format: str
    period: str
    previous: str
    root: str

    @property
    def digest(self) -> str:
        """The name by which openings, requests and draws quote this commitment."""
        return digest(self)


def read_commitment(data: bytes, name: str) -> Commitment:
    """Return a published commitment; raise DetenteError where the file is none, or its form cannot be."""
    found = decoded(data, Commitment, name)
    if found.format != FORMAT or found.algorithm != "sha256":
        raise DetenteError(f"{name}: the format is '{found.format[:40]}'.", f"Give a file of the format {FORMAT}.")
    for what, remedy in form_faults(found.form):
        raise DetenteError(f"{name}: the form is faulty. {what}", remedy)
    if not is_hash(found.root) or not (found.previous == "" or is_hash(found.previous)):
        raise DetenteError(f"{name}: the root is no hash.", "A hash has 64 digits 0-9 and a-f.")
    return found


def is_hash(text: str) -> bool:
    """Say whether a text is 32 bytes in small hexadecimal digits."""
    return len(text) == 2 * HASH_BYTES and all(c in "0123456789abcdef" for c in text)


def content_of(level: int, rank: str, fields: bytes) -> bytes:
    """Return what a part commits to; `fields` is the canonical JSON of its fields, or `null` in a dummy."""
    return b'[%d,"%s",%s]' % (level, rank.encode("ascii"), fields)


def inner_hash(salt: bytes, content: bytes) -> bytes:
    """Return the commitment to a content that stays with it from period to period."""
    return sha256(INNER + salt + content).digest()


def outer_hash(salt: bytes, inner: bytes) -> bytes:
    """Return the commitment of one period to an inner one."""
    return sha256(OUTER + salt + inner).digest()


class Seals(NamedTuple):
    """How the nodes of one rank were hidden: which slot is which node (-1 is a dummy), and all salts.

    The salts of a part stand one after another, 32 bytes a slot; `filler` stands for the roots below dummies.
    """

    nodes: list[int]
    inner: list[bytes]
    outer: list[bytes]
    filler: bytes


class RankTree(NamedTuple):
    """The hashes of one rank: outer commitments by part, roots of the lists below, and the levels of its trees."""

    outers: list[bytes]
    below: bytes
    levels: list[bytes]

    def proof(self, slot: int, width: int) -> list[bytes]:
        """Return the audit path of a slot within its list (RFC 6962, 2.1.1)."""
        return [
            self.levels[level][at * 32 : at * 32 + 32]
            for level in range(width.bit_length() - 1)
            for at in ((slot >> level) ^ 1,)
        ]


class Escrow:
    """A declaration with its salts: all that its declarer needs to open any of it, and that nobody else may see."""

    def __init__(self, declaration: Declaration, seals: list[Seals], previous: str = "") -> None:
        self.declaration = declaration
        self.form = declaration.form
        self.seals = seals
        self.previous = previous
        self.trees = _trees(declaration, seals)

    @property
    def commitment(self) -> Commitment:
        """What is published."""
        root = self.trees[0].levels[-1].hex()
        d = self.declaration
        return Commitment("sha256", d.declarer, d.form, FORMAT, d.period, self.previous, root)

    def contents(self, rank: int, part: int) -> list[bytes]:
        """Return the content of one part of every slot of a rank."""
        return _contents(self.form, rank, part, self.declaration.rows[rank], self.seals[rank].nodes)

    def place(self, path: Path) -> tuple[int, int]:
        """Return the rank of a path and its slot among all slots of that rank.

        Below a dummy there is nothing: the dummy itself is returned, as what answers for all that is asked below it.
        """
        block = 0
        for rank, slot in enumerate(path):
            at = block * self.form.widths[rank] + slot
            block = self.seals[rank].nodes[at]
            if block < 0 or rank == len(path) - 1:
                return rank, at
        raise ValueError("the whole declaration stands in no slot")

    def path_of(self, ids: list[str]) -> Path | None:
        """Return where the node of these ids stands, or None where there is none."""
        path: list[int] = []
        parent = 0
        for rank, id in enumerate(ids):
            rows, width = self.declaration.rows[rank], self.form.widths[rank]
            listed = self.seals[rank].nodes[parent * width : parent * width + width]
            found = [n for n, node in enumerate(listed) if node >= 0 and rows.ids[node] == id]
            if not found:
                return None
            path.append(found[0])
            parent = listed[found[0]]
        return tuple(path)


def commit(declaration: Declaration, previous: str = "", random: Random = os.urandom) -> Escrow:
    """Return the escrow of a declaration with fresh salts, its nodes in a random order among the dummies.

    `random` is for the tests: only what the operating system calls random hides anything.
    """
    seals, lists = [], 1
    for rank, rows in enumerate(declaration.rows):
        total = slots_needed(declaration.form, rank, lists)
        nodes = _scattered(rows, declaration.form.widths[rank], lists, random)
        parts = declaration.form.parts[rank]
        inner, outer = ([random(32 * total) for _ in parts] for _ in range(2))
        filler = random(32 * total) if rank + 1 < len(declaration.rows) else b""
        seals.append(Seals(nodes, inner, outer, filler))
        lists = len(rows.ids)
    return Escrow(declaration, seals, previous)


def slots_needed(form: Form, rank: int, lists: int) -> int:
    """Return how many slots so many lists of a rank have; raise DetenteError where they are too many to hold."""
    total = form.widths[rank] * lists
    if total > MAX_SLOTS_HELD:
        raise DetenteError(
            f"The rank '{form.order[rank]}' would have {total:,} slots: {lists:,} lists of {form.widths[rank]:,}.",
            f"Up to {MAX_SLOTS_HELD:,} are made; choose a smaller width, or spread what the longest lists hold.",
        )
    return total


def shuffled(values: list[int], random: Random) -> list[int]:
    """Return the values in a random order, every order as likely as any other: sorted by 128 random bits each.

    Random bytes for all values at once are several times as fast as a number for each step of a shuffle.
    """
    keys = random(16 * len(values))
    drawn = zip([keys[at : at + 16] for at in range(0, len(keys), 16)], values, strict=True)
    return [value for _, value in sorted(drawn)]


def _scattered(rows: Rows, width: int, lists: int, random: Random) -> list[int]:
    """Return, for every slot, its node or -1: each list in an order of its own that nobody can guess."""
    held: list[list[int]] = [[] for _ in range(lists)]
    for node, parent in enumerate(rows.parents):
        held[parent].append(node)
    nodes: list[int] = []
    for listed in held:
        nodes += shuffled(listed + [-1] * (width - len(listed)), random)
    return nodes


def _contents(form: Form, rank: int, part: int, rows: Rows, nodes: list[int]) -> list[bytes]:
    before, after = content_of(form.parts[rank][part].level, form.order[rank], b"|").split(b"|")
    fields = rows.contents[part]
    full = [before + one + after for one in fields]
    dummy = before + b"null" + after
    return [full[node] if node >= 0 else dummy for node in nodes]


def sealed(contents: list[bytes], inner: bytes, outer: bytes) -> bytes:
    """Return the outer commitments of contents, one after another; the salts stand so as well."""
    return b"".join(
        [
            sha256(OUTER + outer[at : at + 32] + sha256(INNER + inner[at : at + 32] + content).digest()).digest()
            for at, content in zip(range(0, 32 * len(contents), 32), contents, strict=True)
        ]
    )


def _trees(declaration: Declaration, seals: list[Seals]) -> list[RankTree]:
    """Hash everything, from the innermost rank outwards."""
    form = declaration.form
    trees: list[RankTree] = []
    roots = b""
    for rank in reversed(range(len(form.order))):
        nodes, inner, outer, filler = seals[rank]
        outers = [
            sealed(_contents(form, rank, part, declaration.rows[rank], nodes), inner[part], outer[part])
            for part in range(len(form.parts[rank]))
        ]
        below = b"".join(
            [
                roots[node * 32 : node * 32 + 32] if node >= 0 else filler[at : at + 32]
                for at, node in zip(range(0, 32 * len(nodes), 32), nodes, strict=True)
            ]
            if filler
            else []
        )
        columns = [*outers, below] if filler else outers
        tree = RankTree(outers, below, _levels(_leaves(columns), form.widths[rank]))
        roots = tree.levels[-1]
        trees.insert(0, tree)
    return trees


def _leaves(columns: list[bytes]) -> bytes:
    """Return the leaf hash of every slot; a column holds 32 bytes of each."""
    if len(columns) == 1:
        column = columns[0]
        return b"".join([sha256(b"\x00" + column[at : at + 32]).digest() for at in range(0, len(column), 32)])
    return b"".join([leaf_hash(b"".join([c[at : at + 32] for c in columns])) for at in range(0, len(columns[0]), 32)])


def _levels(leaves: bytes, width: int) -> list[bytes]:
    """Return the levels of many trees of one width that stand side by side; the last holds their roots."""
    levels = [leaves]
    while width > 1:
        levels.append(pair_up(levels[-1]))
        width //= 2
    return levels
