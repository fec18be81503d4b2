"""What the other side has seen so far, and what it can say of an item that it found.

The states, in words: `declared`, `undeclared`, `opened`, `not opened`, `refused`, `does not match`.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from itertools import islice
from typing import Final

import msgspec

from detente.errors import DetenteError
from detente.errors import Problem
from detente.ledger.escrow.checking import Seen
from detente.ledger.escrow.checking import check_opening
from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.files import Scalar
from detente.ledger.escrow.form import Path
from detente.ledger.escrow.form import shown
from detente.ledger.escrow.form import slots
from detente.ledger.escrow.opening import check_path

__all__ = ["Absence", "Count", "OpenedNode", "View", "look_for", "place_of", "view_of"]

_GAPS: Final = 100
"""So many slots that are not opened are named; the first are enough to ask for the rest."""


class OpenedNode(msgspec.Struct, frozen=True):
    """A real node that was opened: where it stands and what is known of it."""

    at: str
    rank: str
    fields: dict[str, Scalar]


class Count(msgspec.Struct, frozen=True):
    """What was opened of one rank: real nodes, dummies, and how many lists are complete."""

    rank: str
    real: int
    dummies: int
    complete_lists: int


class Absence(msgspec.Struct, frozen=True):
    """What the openings say of an item that was found.

    `state` is `declared`, `undeclared`, `not opened`, or `does not match` where an opening that was given does not.
    `at` says where it is declared, `gaps` which slots would have to be opened before anything can be said.
    """

    state: str
    rank: str
    level: int
    looked_at: int
    at: list[str]
    gaps: list[str]


class View:
    """All that valid openings of one commitment show together; what did not match is among the problems."""

    def __init__(self, commitment: Commitment) -> None:
        self.commitment = commitment
        self.form = commitment.form
        self.problems: list[Problem] = []
        self._nodes: dict[Path, dict[int, dict[str, Scalar] | None]] = {}

    def add(self, seen: Iterable[Seen]) -> None:
        """Take in what an opening shows."""
        for one in seen:
            if one.fields:
                known = self._nodes.get(one.path)
                if known is None or len(known) < len(one.fields):
                    self._nodes[one.path] = one.fields

    def is_dummy(self, path: Path) -> bool:
        """Say whether the node was opened and is a dummy."""
        parts = self._nodes.get(path)
        return parts is not None and parts[0] is None

    def is_real(self, path: Path) -> bool:
        """Say whether the node was opened and is real; the whole declaration always is."""
        return not path or (path in self._nodes and not self.is_dummy(path))

    def level_of(self, path: Path) -> int:
        """Return the level to which the node was opened; 0 where it was not."""
        parts = self._nodes.get(path)
        return self.form.parts[len(path) - 1][len(parts) - 1].level if parts else 0

    def fields(self, path: Path) -> dict[str, Scalar]:
        """Return what is known of a real node."""
        found: dict[str, Scalar] = {}
        for part in self._nodes.get(path, {}).values():
            found |= part or {}
        return found

    def real(self) -> Iterator[Path]:
        """Yield the real nodes that were opened, in the order of their places."""
        return (path for path in sorted(self._nodes) if not self.is_dummy(path))

    def listed(self, path: Path) -> Iterator[Path]:
        """Yield the slots of the list below a node."""
        return ((*path, slot) for slot in range(self.form.widths[len(path)]))

    def is_opened(self, path: Path, level: int) -> bool:
        """Say whether the node was opened as far as a level opens its rank; a dummy is, once it is known for one."""
        if self.is_dummy(path):
            return True
        wanted = sum(part.level <= level for part in self.form.parts[len(path) - 1])
        return len(self._nodes.get(path, ())) >= max(wanted, 1)

    def gaps(self, path: Path, level: int) -> Iterator[Path]:
        """Yield the slots, at this node and below it, that are not opened to a level."""
        if any(self.is_dummy(path[:n]) for n in range(1, len(path) + 1)):
            return
        if path and not self.is_opened(path, level):
            yield path
        elif len(path) < len(self.form.order) and self.form.first_level(len(path)) <= level:
            for below in self.listed(path):
                yield from self.gaps(below, level)

    def counts(self) -> list[Count]:
        """Return what was opened of each rank."""
        found = []
        for rank, (name, width) in enumerate(zip(self.form.order, self.form.widths, strict=True)):
            here = [path for path in self._nodes if len(path) == rank + 1]
            dummies = sum(self.is_dummy(path) for path in here)
            lists: dict[Path, int] = {}
            for path in here:
                lists[path[:-1]] = lists.get(path[:-1], 0) + 1
            complete = sum(count == width for count in lists.values())
            found.append(Count(name, len(here) - dummies, dummies, complete))
        return found

    def opened(self) -> list[OpenedNode]:
        """Return every real node that was opened."""
        order = self.form.order
        return [OpenedNode(shown(path), order[len(path) - 1], self.fields(path)) for path in self.real()]


def view_of(commitment: Commitment, openings: Mapping[str, bytes]) -> View:
    """Return what openings show together, by the names of their files."""
    view = View(commitment)
    for name, data in openings.items():
        seen, problems = check_opening(commitment, data, name)
        view.add(seen)
        view.problems += problems
    return view


def look_for(view: View, found: Mapping[str, str], under: Path = ()) -> Absence:
    """Say whether an item that was found is among what is declared under a node.

    It is undeclared only where every slot in which it could stand was opened as far as the fields that were found;
    an opening that is missing never counts as one.  Raise DetenteError where no level opens such fields.
    """
    form = view.form
    check_path(form, under)
    rank, level = _rank_of(view, found)
    if len(under) > rank:
        raise DetenteError(
            f"{shown(under)} stands in the rank '{form.order[len(under) - 1]}', which holds no {form.order[rank]}.",
            "Name what holds it, or leave --under out.",
        )
    at: list[str] = []
    gaps: list[Path] = []
    looked = 0
    for path, known in _candidates(view, under, rank, level):
        looked += known
        if not known:
            gaps.append(path)
        elif all(_text(view.fields(path).get(key)) == value for key, value in found.items()):
            at.append(shown(path))
    state = "declared" if at else "not opened" if gaps else "undeclared"
    return Absence(state, form.order[rank], level, looked, at, [shown(gap) for gap in islice(gaps, _GAPS)])


def _rank_of(view: View, found: Mapping[str, str]) -> tuple[int, int]:
    """Return the innermost rank that has all these fields, and the level that opens them."""
    form = view.form
    for rank in reversed(range(len(form.order))):
        levels = {field: part.level for part in form.parts[rank] for field in part.fields}
        if found and found.keys() <= levels.keys():
            return rank, max(levels[field] for field in found)
    known = "; ".join(
        f"{name}: {', '.join(field for part in parts for field in part.fields) or 'none'}"
        for name, parts in zip(form.order, form.parts, strict=True)
    )
    raise DetenteError(
        f"No rank has the fields {', '.join(found) or '(none given)'} together.",
        f"Write --found FIELD=VALUE with fields of one rank ({known}).",
    )


def _candidates(view: View, under: Path, rank: int, level: int) -> Iterator[tuple[Path, bool]]:
    """Yield the real nodes of a rank under a node, and what is not opened far enough to be told from them."""
    if any(view.is_dummy(under[:n]) for n in range(1, len(under) + 1)):
        return
    if not view.is_real(under):
        yield under, False
        return
    for path in view.listed(under):
        if len(path) <= rank:
            yield from _candidates(view, path, rank, level)
        elif not view.is_dummy(path):
            yield path, view.is_opened(path, level)


def _text(value: Scalar | None) -> str:
    """Return a value as a person writes it on the command line."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def place_of(view: View, text: str) -> Path:
    """Return the path that a person names: slots such as `@5/2`, or a field of one opened node, `name=Kesh Plateau`.

    Raise DetenteError where it names none, or more than one.
    """
    path = slots(text)
    if path is not None:
        check_path(view.form, path)
        return path
    key, equals, value = text.partition("=")
    if not equals:
        raise DetenteError(f"'{text[:80]}' is no place in a declaration.", "Write slots such as @5/2, or FIELD=VALUE.")
    found = [path for path in view.real() if _text(view.fields(path).get(key)) == value]
    if len(found) != 1:
        told = ", ".join(map(shown, found[:10])) or "none"
        raise DetenteError(
            f"Of the nodes that were opened, {len(found)} have {text[:80]} ({told}).",
            "Name one by its slots, such as @5/2, or give the opening that shows it.",
        )
    return found[0]
