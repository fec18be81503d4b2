"""The form of a declaration: its ranks, its levels of sensitivity and the widths that hide how much there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from math import prod
from typing import Final
from typing import NamedTuple

import msgspec

__all__ = ["MAX_LEVELS", "MAX_RANKS", "MAX_SLOTS", "MAX_WIDTH", "Form", "Part", "Path", "form_faults", "shown", "slots"]

MAX_RANKS: Final = 8
MAX_LEVELS: Final = 16
MAX_FIELDS: Final = 64
MAX_WIDTH: Final = 1 << 22
MAX_SLOTS: Final = 1 << 62
"""More places than this in a whole tree are refused: nobody could look through them."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
_PATH: Final = re.compile(r"@(?:\d{1,10}(?:/\d{1,10}){0,7})?\Z")

Path = tuple[int, ...]
"""Where a node stands: the slot in its list, from the outermost rank inwards; () is the whole declaration."""


def shown(path: Path) -> str:
    """Return a path as people write it: `@5/2/13`; `@` is the whole declaration."""
    return "@" + "/".join(map(str, path))


def slots(text: str) -> Path | None:
    """Return the path that `@5/2/13` names, or None where the text is no path."""
    return tuple(int(slot) for slot in text[1:].split("/") if slot) if _PATH.match(text) else None


class Part(NamedTuple):
    """The fields of one rank that are opened together."""

    level: int
    fields: tuple[str, ...]


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """What both sides agree on before anything is declared.

    `order` names the ranks from the outside inwards (site, facility, item).  `levels[n - 1]` says which fields of
    which rank level n of sensitivity opens; level n opens all that the levels before it open as well.
    `widths` says how many slots each list of a rank has, dummies included: a power of two, the same for all lists.
    """

    levels: tuple[dict[str, tuple[str, ...]], ...]
    order: tuple[str, ...]
    widths: tuple[int, ...]

    @cached_property
    def parts(self) -> tuple[tuple[Part, ...], ...]:
        """The parts of each rank, in the order of the levels that open them."""
        return tuple(
            tuple(Part(n, level[rank]) for n, level in enumerate(self.levels, 1) if rank in level)
            for rank in self.order
        )

    def first_level(self, rank: int) -> int:
        """Return the lowest level that says of a node of this rank whether it is real."""
        return self.parts[rank][0].level


def form_faults(form: Form) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a form, and what to do; a form without faults has parts for every rank."""
    yield from _order_faults(form)
    yield from _level_faults(form)
    firsts = [min((n for n, level in enumerate(form.levels) if rank in level), default=None) for rank in form.order]
    for rank, first in zip(form.order, firsts, strict=True):
        if first is None:
            yield (
                f"No level opens anything of the rank '{rank}'.",
                f"Add {rank} = [...] to a level; [] opens the count.",
            )
    for n in range(1, len(firsts)):
        outer, inner = firsts[n - 1], firsts[n]
        if outer is not None and inner is not None and inner < outer:
            yield (
                f"Level {inner + 1} opens '{form.order[n]}' before '{form.order[n - 1]}', in which it stands.",
                f"Name {form.order[n - 1]} in level {inner + 1} or an earlier one; [] shows only that it exists.",
            )
    yield from _width_faults(form)


def _order_faults(form: Form) -> Iterator[tuple[str, str]]:
    if not 1 <= len(form.order) <= MAX_RANKS:
        yield f"There are {len(form.order)} ranks.", f"Name 1 to {MAX_RANKS} in order, from the outside inwards."
    for name in form.order:
        if not _NAME.match(name):
            yield f"'{name}' is no name of a rank.", "Use small Latin letters, digits, - and _; begin with a letter."
    if len(set(form.order)) < len(form.order):
        yield "A rank is named twice in order.", "Name each once."


def _level_faults(form: Form) -> Iterator[tuple[str, str]]:
    if not 1 <= len(form.levels) <= MAX_LEVELS:
        yield f"There are {len(form.levels)} levels of sensitivity.", f"Write 1 to {MAX_LEVELS} [[level]] tables."
    seen: set[tuple[str, str]] = set()
    for n, level in enumerate(form.levels, 1):
        for rank, fields in level.items():
            if rank not in form.order:
                yield f"Level {n} opens fields of '{rank}', which is no rank.", f"Ranks: {', '.join(form.order)}."
            if len(fields) > MAX_FIELDS:
                yield f"Level {n} opens {len(fields)} fields of '{rank}'.", f"Up to {MAX_FIELDS} are read."
            for field in fields:
                if not _NAME.match(field):
                    yield f"'{field}' is no name of a field.", "Use small Latin letters, digits, - and _."
                if field in form.order:
                    yield f"The field '{field}' of '{rank}' is called like a rank.", "Give the field another name."
                if (rank, field) in seen:
                    yield f"The field '{field}' of '{rank}' is opened twice.", "Leave it in one level."
                seen.add((rank, field))


def _width_faults(form: Form) -> Iterator[tuple[str, str]]:
    if len(form.widths) != len(form.order):
        yield f"{len(form.order)} ranks have {len(form.widths)} widths.", "Give each rank one."
    for rank, width in zip(form.order, form.widths, strict=False):
        if not 1 <= width <= MAX_WIDTH or width & (width - 1):
            yield (
                f"The width {width} of '{rank}' is not a power of two from 1 to {MAX_WIDTH}.",
                "Choose 8, 16, 32 and so on: more than will ever be needed.",
            )
    if all(width > 0 for width in form.widths) and prod(form.widths) > MAX_SLOTS:
        yield "The widths multiply to more places than can be looked through.", "Choose smaller widths."
