"""A new period: a new root with fresh salts, and the proof of what stayed, which shows nothing of its content.

The inner commitment of what did not change stays, inside a fresh outer one.  So two roots have nothing in common
that anyone could see; but where the declarer shows the inner commitment under both roots, the content is the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Final

import msgspec

from detente.errors import DetenteError
from detente.errors import Problem
from detente.ledger.escrow.checking import Node
from detente.ledger.escrow.checking import Seen
from detente.ledger.escrow.checking import check_digest
from detente.ledger.escrow.checking import check_list
from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.commitment import Escrow
from detente.ledger.escrow.commitment import Random
from detente.ledger.escrow.commitment import Seals
from detente.ledger.escrow.commitment import commit
from detente.ledger.escrow.commitment import shuffled
from detente.ledger.escrow.declaration import Declaration
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.files import decoded
from detente.ledger.escrow.form import Path
from detente.ledger.escrow.form import shown
from detente.ledger.escrow.opening import linked
from detente.ledger.escrow.opening import node_path
from detente.ledger.escrow.opening import nodes_shown
from detente.ledger.escrow.rows import Rows

__all__ = ["STAYED", "Stayed", "check_stayed", "renew", "show_stayed"]

STAYED: Final = "detente-escrow-stayed/1"


class _Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A proof of what stayed: the same inner commitments, shown under the earlier and the later root."""

    earlier: str
    earlier_nodes: list[Node]
    format: str
    later: str
    later_nodes: list[Node]


class Stayed(msgspec.Struct, frozen=True):
    """What a proof shows: pairs of slots with the same content, and the slots shown that have no counterpart.

    Dummies are among them: how many items there are is not shown.
    """

    stayed: list[tuple[str, str]]
    only_earlier: list[str]
    only_later: list[str]


def renew(old: Escrow, declaration: Declaration, random: Random = os.urandom) -> Escrow:
    """Return the escrow of the next period, with all outer salts fresh.

    Nodes are the same by their ids, or, where one was moved, by an id that its rank has once in both periods.  Each
    part whose fields are the same keeps its inner salt; so do the dummies of each list.
    Raise DetenteError where the form has changed: what was committed to in another form cannot be compared.
    """
    if (old.form.order, old.form.levels) != (declaration.form.order, declaration.form.levels):
        raise DetenteError(
            "The new declaration has other ranks or levels than the one before.",
            "Keep order and [[level]] as they were (widths may change), or commit anew: detente escrow commit.",
        )
    new = commit(declaration, old.commitment.digest, random)
    seals = list(new.seals)
    same: list[int] = [0]
    for rank, (rows, seal) in enumerate(zip(declaration.rows, seals, strict=True)):
        lists, same = same, _same(old.declaration.rows[rank], rows, same)
        kept = _kept(
            old, rank, rows, _dummies(old, rank, lists, seal.nodes, declaration.form.widths[rank], random), seal, same
        )
        inner = [bytearray(salts) for salts in seal.inner]
        for part, at, before in kept:
            inner[part][at * 32 : at * 32 + 32] = old.seals[rank].inner[part][before * 32 : before * 32 + 32]
        seals[rank] = seal._replace(inner=[bytes(salts) for salts in inner])
    return Escrow(declaration, seals, new.previous)


def _same(old: Rows, new: Rows, above: list[int]) -> list[int]:
    """Return, for each node of the new declaration, the node of the old one that it was, or -1."""
    placed = {(parent, id): node for node, (parent, id) in enumerate(zip(old.parents, old.ids, strict=True))}
    same = [placed.get((above[parent], id), -1) for parent, id in zip(new.parents, new.ids, strict=True)]
    taken = set(same)
    once_old, once_new = _once(old.ids), _once(new.ids)
    for id, node in once_new.items():
        if same[node] < 0 and once_old.get(id, -1) not in taken:
            same[node] = once_old.get(id, -1)
    return same


def _once(ids: list[str]) -> dict[str, int]:
    """Return where each id stands that stands there once."""
    found: dict[str, int] = {}
    for node, id in enumerate(ids):
        found[id] = -1 if id in found else node
    return {id: node for id, node in found.items() if node >= 0}


def _dummies(old: Escrow, rank: int, lists: list[int], nodes: list[int], width: int, random: Random) -> dict[int, int]:
    """Return, for dummies of the new period, the dummy of the same list that each was: as many as there were."""
    before, old_width = old.seals[rank].nodes, old.form.widths[rank]
    was: dict[int, int] = {}
    for number, listed in enumerate(lists):
        if listed >= 0:
            start, old_start = number * width, listed * old_width
            free = [at for at in range(start, start + width) if nodes[at] < 0]
            there = [at for at in range(old_start, old_start + old_width) if before[at] < 0]
            was.update(zip(free, shuffled(there, random), strict=False))
    return was


def _kept(
    old: Escrow, rank: int, rows: Rows, dummies: dict[int, int], seal: Seals, same: list[int]
) -> Iterator[tuple[int, int, int]]:
    """Yield part, slot and earlier slot of all that keeps its inner salt."""
    slots = {node: at for at, node in enumerate(old.seals[rank].nodes) if node >= 0}
    parts = range(len(rows.contents))
    for at, node in enumerate(seal.nodes):
        if node < 0:
            if at in dummies:
                yield from ((part, at, dummies[at]) for part in parts)
        elif same[node] >= 0:
            was = slots[same[node]]
            contents = old.declaration.rows[rank].contents
            yield from ((p, at, was) for p in parts if rows.contents[p][node] == contents[p][same[node]])


def show_stayed(old: Escrow, new: Escrow, names: Sequence[str] = ()) -> bytes:
    """Return the proof of what stayed, in the lists below the nodes that are named by their ids.

    Without a name it is the outermost list; of a node of the innermost rank, the node itself.  Whole lists are
    shown, dummies included, and of every slot only the inner commitment.
    """
    if new.previous != old.commitment.digest:
        raise DetenteError("The later escrow does not follow the earlier one.", "Give two periods in a row.")
    nodes = []
    for escrow in (old, new):
        paths = [path for name in names or [""] for path in _listed(escrow, name)]
        contents = {
            (rank, part): escrow.contents(rank, part)
            for rank in {len(path) - 1 for path in paths}
            for part in range(len(escrow.form.parts[rank]))
        }
        nodes.append(_links(escrow, paths, contents))
    head = {"earlier": old.commitment.digest, "earlier_nodes": 0, "format": STAYED}
    head |= {"later": new.commitment.digest, "later_nodes": 0}
    first, middle, last = canonical(head).replace(b'nodes":0', b'nodes":\n').split(b"\n")
    return first + nodes[0] + middle + nodes[1] + last + b"\n"


def _listed(escrow: Escrow, name: str) -> list[Path]:
    path = node_path(escrow, name) if name else ()
    if len(path) == len(escrow.form.order):
        return [path]
    return [(*path, slot) for slot in range(escrow.form.widths[len(path)])]


def _links(escrow: Escrow, paths: list[Path], contents: dict[tuple[int, int], list[bytes]]) -> bytes:
    def parts(rank: int, at: int, asked: bool) -> list[bytes]:
        if not asked:
            outers = (tree[at * 32 : at * 32 + 32].hex() for tree in escrow.trees[rank].outers)
            return [b'"%s"' % outer.encode() for outer in outers]
        every = range(len(escrow.form.parts[rank]))
        return [linked(escrow, rank, part, at, contents[rank, part][at]) for part in every]

    return nodes_shown(escrow, paths, parts, lambda rank: False)


def check_stayed(earlier: Commitment, later: Commitment, data: bytes, name: str) -> tuple[Stayed | None, list[Problem]]:
    """Return what a proof shows of two periods, or None, and what of it does not match.

    Raise DetenteError where the file is no such proof, or one of other commitments.
    """
    proof = decoded(data, _Proof, name)
    if proof.format != STAYED:
        raise DetenteError(f"{name}: the format is '{proof.format[:40]}'.", f"Give a file of the format {STAYED}.")
    if later.previous != earlier.digest:
        raise DetenteError(f"{name}: the two commitments do not follow each other.", "Give two periods in a row.")
    check_digest(proof.earlier, earlier, name)
    check_digest(proof.later, later, name)
    before, problems = check_list(earlier, proof.earlier_nodes, name)
    after, more = check_list(later, proof.later_nodes, name)
    problems += more
    old, new = (_by_inner(seen, name, problems) for seen in (before, after))
    if problems:
        return None, problems
    pairs = [(shown(path), shown(new[inner])) for inner, path in old.items() if inner in new]
    only_earlier = [shown(path) for inner, path in old.items() if inner not in new]
    only_later = [shown(path) for inner, path in new.items() if inner not in old]
    return Stayed(pairs, only_earlier, only_later), problems


def _by_inner(seen: list[Seen], name: str, problems: list[Problem]) -> dict[tuple[bytes, ...], Path]:
    """Return the slots by what they commit to; the same in two slots of one period is a fault."""
    found: dict[tuple[bytes, ...], Path] = {}
    for one in seen:
        if not one.linked:
            continue
        if one.linked in found:
            what = f"{shown(one.path)} and {shown(found[one.linked])} are one and the same commitment."
            problems.append(Problem(name, 0, "error", what, "Ask the declarer why it declared one thing twice."))
        found[one.linked] = one.path
    return found
