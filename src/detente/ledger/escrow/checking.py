"""Checking what was opened: every hash is made again, up to the root that was published at the outset."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from typing import Final
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from detente.errors import DetenteError
from detente.errors import Problem
from detente.ledger.escrow.commitment import INNER
from detente.ledger.escrow.commitment import OUTER
from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.commitment import content_of
from detente.ledger.escrow.files import MAX_INTEGER
from detente.ledger.escrow.files import Scalar
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.files import decoded
from detente.ledger.escrow.form import Form
from detente.ledger.escrow.form import Path
from detente.ledger.escrow.form import shown
from detente.ledger.escrow.opening import OPENING
from detente.ledger.merkle import InvalidProof
from detente.ledger.merkle import leaf_hash
from detente.ledger.merkle import pair_up
from detente.ledger.merkle import root_from_inclusion

__all__ = ["Node", "Seen", "check_list", "check_opening"]

_AGAIN: Final = "Ask the declarer for an opening that fits its commitment; until then nothing of it is shown."


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part that is shown: its fields (null in a dummy) with both salts, or only its inner commitment."""

    outer: str
    fields: dict[str, Scalar] | msgspec.UnsetType | None = UNSET
    hash: str | msgspec.UnsetType = UNSET
    inner: str | msgspec.UnsetType = UNSET


_NONE: Final = msgspec.Raw()


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A node that is shown; a part that is only a hash is closed, and so is a list of children.

    What it holds is read only when its turn comes: a million nodes at once would take gigabytes.
    """

    slot: int
    parts: list[str | Shown]
    children: msgspec.Raw = _NONE
    proof: list[str] | msgspec.UnsetType = UNSET


_Children = str | list[Node]


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An opening file: the digest of the commitment that it opens, and the nodes shown of the outermost list."""

    commitment: str
    format: str
    nodes: list[Node]


class Seen(NamedTuple):
    """What was shown of one node: its fields by part (None in a dummy), and its inner commitments where linked."""

    path: Path
    fields: dict[int, dict[str, Scalar] | None]
    linked: tuple[bytes, ...]


class _Content(NamedTuple):
    """What the content of a part begins with, and the names of its fields."""

    names: frozenset[str]
    before: bytes


class _Mismatch(Exception):
    """Something shown does not fit; where, and in which way."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(what)
        self.path = path


def check_opening(commitment: Commitment, data: bytes, name: str) -> tuple[list[Seen], list[Problem]]:
    """Return what an opening shows, and what of it does not match the commitment; that part is not shown.

    Raise DetenteError where the file is no opening, or one of another commitment.
    """
    opening = decoded(data, Opening, name)
    if opening.format != OPENING:
        raise DetenteError(f"{name}: the format is '{opening.format[:40]}'.", f"Give a file of the format {OPENING}.")
    check_digest(opening.commitment, commitment, name)
    return check_list(commitment, opening.nodes, name)


def check_digest(found: str, commitment: Commitment, name: str) -> None:
    """Raise DetenteError where a file quotes another commitment."""
    if found != commitment.digest:
        raise DetenteError(
            f"{name}: the file is about the commitment {found[:12]}, not about {commitment.digest[:12]}.",
            f"Give the commitment that it is about, not that of {commitment.declarer}, {commitment.period}.",
        )


def check_list(commitment: Commitment, nodes: list[Node], name: str) -> tuple[list[Seen], list[Problem]]:
    """Check what is shown of the outermost list against the root.

    Where each slot brings its own audit path, each stands or falls by itself; a complete list as a whole.
    """
    checker = _Checker(commitment.form, name)
    root = bytes.fromhex(commitment.root)
    seen: list[Seen] = []
    problems: list[Problem] = []
    whole = all(node.proof is UNSET for node in nodes)
    for part in [nodes] if whole else [[node] for node in nodes]:
        checker.seen = []
        try:
            if checker.list_root(part, 0, (), True) != root:
                path = () if whole else (part[0].slot,)
                raise _Mismatch(path, "what is shown leads to another root than the one that was published")
        except _Mismatch as fault:
            what = f"{shown(fault.path)} does not match: {fault}."
            problems.append(Problem(name, 0, "error", what, _AGAIN))
        else:
            seen += checker.seen
    if len({node.slot for node in nodes}) < len(nodes):
        problems.append(Problem(name, 0, "error", "A slot is shown twice.", _AGAIN))
        seen = []
    return seen, problems


class _Checker:
    """Makes every hash again; `seen` is what was shown on the way."""

    def __init__(self, form: Form, name: str) -> None:
        self.form = form
        self.name = name
        self.contents = [
            [_Content(frozenset(part.fields), content_of(part.level, name, b"")[:-1]) for part in parts]
            for name, parts in zip(form.order, form.parts, strict=True)
        ]
        self.seen: list[Seen] = []

    def list_root(self, nodes: list[Node], rank: int, path: Path, real: bool) -> bytes:
        """Return the root of a list; `real` says that what holds it was shown to be real."""
        width = self.form.widths[rank]
        slots = [node.slot for node in nodes]
        if not slots or slots[0] < 0 or slots[-1] >= width or any(a >= b for a, b in pairwise(slots)):
            raise _Mismatch(path, f"its slots are not in order from 0 to {width - 1}")
        if len(nodes) == width and all(node.proof is UNSET for node in nodes):
            leaves = b"".join([self._leaf(node, rank, path, real) for node in nodes])
            while len(leaves) > 32:
                leaves = pair_up(leaves)
            return leaves
        roots = {self._root(node, rank, path, real) for node in nodes}
        if len(roots) > 1:
            raise _Mismatch(path, "the slots shown of its list lead to different roots")
        return roots.pop()

    def _root(self, node: Node, rank: int, path: Path, real: bool) -> bytes:
        here = (*path, node.slot)
        if isinstance(node.proof, msgspec.UnsetType):
            raise _Mismatch(here, "it has no audit path, and its list is not complete")
        leaf = self._leaf(node, rank, path, real)
        try:
            return root_from_inclusion(
                leaf, node.slot, self.form.widths[rank], [_hash(step, here) for step in node.proof]
            )
        except InvalidProof as fault:
            raise _Mismatch(here, str(fault)) from None

    def _leaf(self, node: Node, rank: int, path: Path, real: bool) -> bytes:
        """Return the leaf hash of a node, and note what it shows."""
        here = (*path, node.slot)
        forms = self.contents[rank]
        if len(node.parts) != len(forms):
            raise _Mismatch(here, f"it has {len(node.parts)} parts, not {len(forms)}")
        fields: dict[int, dict[str, Scalar] | None] = {}
        linked: list[bytes] = []
        entry: list[bytes] = []
        for number, part in enumerate(node.parts):
            if isinstance(part, str):
                entry.append(_hash(part, here))
                continue
            if part.hash is UNSET:
                content = self._content(part, forms[number], here)
                fields[number] = part.fields  # type: ignore[assignment]
                inner = sha256(INNER + _hash(part.inner, here) + content).digest()
            else:
                inner = self._link(part, here)
                linked.append(inner)
            entry.append(sha256(OUTER + _hash(part.outer, here) + inner).digest())
        if fields:
            self._consistent(fields, here, real)
        self.seen.append(Seen(here, fields, tuple(linked) if len(linked) == len(forms) else ()))
        if rank + 1 < len(self.form.order):
            entry.append(self._below(node, rank, here, fields.get(0) is not None))
        elif node.children is not _NONE:
            raise _Mismatch(here, "it stands in the innermost rank and cannot hold others")
        return leaf_hash(b"".join(entry))

    def _content(self, part: Shown, form: _Content, here: Path) -> bytes:
        """Return what an opened part commits to, once its fields are those of the form."""
        fields = part.fields
        if fields is None:
            return form.before + b"null]"
        if isinstance(fields, msgspec.UnsetType) or part.inner is UNSET:
            raise _Mismatch(here, "a part shows neither its fields nor its inner commitment")
        if fields.keys() != form.names:
            raise _Mismatch(here, f"its fields are not {', '.join(sorted(form.names)) or 'none'}")
        for value in fields.values():
            if type(value) is int and abs(value) > MAX_INTEGER:
                raise _Mismatch(here, "a number is larger than canonical JSON keeps exact")
        return form.before + canonical(fields) + b"]"

    def _link(self, part: Shown, here: Path) -> bytes:
        if part.inner is not UNSET or part.fields is not UNSET:
            raise _Mismatch(here, "a part shows both its fields and a hash in their place")
        return _hash(part.hash, here)

    def _consistent(self, fields: dict[int, dict[str, Scalar] | None], here: Path, real: bool) -> None:
        """A level opens what the levels before it open, and nothing stands below a dummy."""
        if next(reversed(fields)) != len(fields) - 1:
            raise _Mismatch(here, "a part is opened while one of a lower level is not")
        if len(fields) > 1 and len({value is None for value in fields.values()}) > 1:
            raise _Mismatch(here, "one of its parts says that it is a dummy, and another that it is not")
        if fields and not real:
            raise _Mismatch(here, "it is opened while what holds it is a dummy or not opened")

    def _below(self, node: Node, rank: int, here: Path, real: bool) -> bytes:
        if node.children is _NONE:
            raise _Mismatch(here, "the root of the list below it is missing")
        name = f"{self.name}: below {shown(here)}"
        below: str | list[Node] = decoded(bytes(node.children), _Children, name)  # type: ignore[arg-type]
        return _hash(below, here) if isinstance(below, str) else self.list_root(below, rank + 1, here, real)


def _hash(text: str | msgspec.UnsetType, here: Path) -> bytes:
    try:
        value = bytes.fromhex(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        value = b""
    if len(value) != 32 or value.hex() != text:
        raise _Mismatch(here, "a hash or salt has not 64 digits 0-9 and a-f")
    return value
