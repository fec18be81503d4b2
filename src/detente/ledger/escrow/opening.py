"""Openings: what the declarer shows of its escrow, level by level and node by node, with the proof for each."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from typing import Final

from detente.errors import DetenteError
from detente.ledger.escrow.commitment import Escrow
from detente.ledger.escrow.commitment import inner_hash
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.form import Form
from detente.ledger.escrow.form import Path
from detente.ledger.escrow.form import shown
from detente.ledger.escrow.form import slots

__all__ = ["OPENING", "node_path", "nodes_shown", "open_to"]

OPENING: Final = "detente-escrow-opening/1"

_Below = dict[int, "_Below | None"]
"""Which slots of a list are wanted, and what below each; None in place of a list wants all of it."""

_Parts = Callable[[int, int, bool], list[bytes]]
"""How the parts of a slot are shown: from the rank, the slot among all of that rank, and whether it was asked for."""


def node_path(escrow: Escrow, text: str) -> Path:
    """Return the path that a declarer names: by slots (`@5/2`) or by ids (`kesh/k1`); raise DetenteError if none."""
    path = slots(text)
    if path is None:
        path = escrow.path_of(text.split("/")) if text.count("/") < len(escrow.form.order) else None
        if path is None:
            raise DetenteError(
                f"The declaration has no node '{text[:80]}'.",
                f"Write the ids of {'/'.join(escrow.form.order)} from the outside, or slots such as @0/1.",
            )
    check_path(escrow.form, path)
    return path


def check_path(form: Form, path: Path) -> None:
    """Raise DetenteError where the form has no such place."""
    if len(path) > len(form.order) or any(slot >= width for slot, width in zip(path, form.widths, strict=False)):
        raise DetenteError(
            f"There is no slot {shown(path)}.",
            f"The lists of {', '.join(form.order)} have {', '.join(map(str, form.widths))} slots, counted from 0.",
        )


def open_to(escrow: Escrow, level: int, paths: Iterable[Path] = ()) -> bytes:
    """Return the opening file that shows the nodes of these paths, and all below them, to a level of sensitivity.

    Without a path everything is opened to that level.  What holds a node is shown to the same level, since a node
    means little without it.  Of a path below a dummy the dummy is shown.  Whatever is not asked for stays hidden:
    hashes alone are shown of it.
    """
    form = escrow.form
    wanted = list(paths) or [()]
    if not 1 <= level <= len(form.levels):
        raise DetenteError(f"There is no level {level}.", f"This form has the levels 1 to {len(form.levels)}.")
    for path in wanted:
        check_path(form, path)
        lowest = form.first_level(max(len(path) - 1, 0))
        if lowest > level:
            what = f"Level {level} does not open {shown(path)}, a node of the rank '{form.order[len(path) - 1]}'."
            raise DetenteError(what, f"The lowest level that does is {lowest}.")

    def parts(rank: int, at: int, asked: bool) -> list[bytes]:
        return [
            _opened(escrow, rank, part, at) if of.level <= level else _closed(escrow, rank, part, at)
            for part, of in enumerate(form.parts[rank])
        ]

    nodes = nodes_shown(escrow, wanted, parts, lambda rank: form.first_level(rank) <= level)
    head = {"commitment": escrow.commitment.digest, "format": OPENING}
    return canonical(head)[:-1] + b',"nodes":' + nodes + b"}\n"


def nodes_shown(escrow: Escrow, paths: list[Path], parts: _Parts, deeper: Callable[[int], bool]) -> bytes:
    """Return the JSON of the outermost list with these paths shown; `deeper` says which ranks are shown below them.

    The JSON is put together as bytes: a million nodes as objects would take gigabytes.
    """
    select: _Below | None = {}
    for path in paths:
        select = _with(escrow, select, path)
    return b"".join(_list(escrow, 0, 0, select, parts, deeper))


def _with(escrow: Escrow, select: _Below | None, path: Path) -> _Below | None:
    """Add a path to what is wanted, up to a dummy that stands on it."""
    if not path or select is None:
        return None
    level, block = select, 0
    for rank, slot in enumerate(path):
        block = escrow.seals[rank].nodes[block * escrow.form.widths[rank] + slot]
        if rank == len(path) - 1 or block < 0:
            level[slot] = None
            break
        below = level.setdefault(slot, {})
        if below is None:
            break
        level = below
    return select


def _list(
    escrow: Escrow, rank: int, block: int, select: _Below | None, parts: _Parts, deeper: Callable[[int], bool]
) -> Iterable[bytes]:
    """Yield the JSON of one list: all of it, or the wanted slots with their audit paths."""
    width = escrow.form.widths[rank]
    start = block * width
    nodes, tree = escrow.seals[rank].nodes, escrow.trees[rank]
    inside = rank + 1 < len(escrow.form.order)
    whole = select is None or len(select) == width
    comma = b"["
    for slot in range(width) if select is None else sorted(select):
        at = start + slot
        yield comma + b"{"
        comma = b","
        below = None if select is None else select[slot]
        if inside:
            yield b'"children":'
            if nodes[at] >= 0 and (below is not None or deeper(rank + 1)):
                yield from _list(escrow, rank + 1, nodes[at], below, parts, deeper)
            else:
                yield b'"%s"' % tree.below[at * 32 : at * 32 + 32].hex().encode()
            yield b","
        yield b'"parts":[' + b",".join(parts(rank, at, below is None)) + b"],"
        if not whole:
            yield b'"proof":' + canonical([step.hex() for step in tree.proof(at, width)]) + b","
        yield b'"slot":%d}' % slot
    yield b"]"


def _closed(escrow: Escrow, rank: int, part: int, at: int) -> bytes:
    return b'"%s"' % escrow.trees[rank].outers[part][at * 32 : at * 32 + 32].hex().encode()


def _opened(escrow: Escrow, rank: int, part: int, at: int) -> bytes:
    seal = escrow.seals[rank]
    node = seal.nodes[at]
    fields = escrow.declaration.rows[rank].contents[part][node] if node >= 0 else b"null"
    inner, outer = seal.inner[part][at * 32 : at * 32 + 32], seal.outer[part][at * 32 : at * 32 + 32]
    return b'{"fields":%s,"inner":"%s","outer":"%s"}' % (fields, inner.hex().encode(), outer.hex().encode())


def linked(escrow: Escrow, rank: int, part: int, at: int, content: bytes) -> bytes:
    """Return the JSON of a part of which only the inner commitment is shown."""
    seal = escrow.seals[rank]
    inner = inner_hash(seal.inner[part][at * 32 : at * 32 + 32], content)
    outer = seal.outer[part][at * 32 : at * 32 + 32]
    return b'{"hash":"%s","outer":"%s"}' % (inner.hex().encode(), outer.hex().encode())
