"""Chips: the values by which a list can be narrowed, each a link; a chosen one is taken off by the same link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from detente.web.page import Ask

__all__ = ["Chip", "chips", "issue_chips"]


class Chip(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a filter: its text, how many it leaves, where it leads, and whether it is chosen now."""

    text: str
    count: int | None
    address: str
    chosen: bool


def chips(ask: Ask, name: str, values: Iterable[tuple[str, str, int | None]], chosen: str) -> list[Chip]:
    """Return the chips of a filter from (value, text, count); every other filter stays as it is."""
    others = {k: v for k, v in ask.more.items() if k not in (name, "page")}
    path = ask.request.path
    return [
        Chip(
            text=text,
            count=count,
            address=ask.links.changed(path, others if value == chosen else {**others, name: value}),
            chosen=value == chosen,
        )
        for value, text, count in values
    ]


def issue_chips(ask: Ask, issues: Iterable[str], chosen: str) -> list[Chip]:
    """Return the chips of the issues that stand on a page, in the order of the register, with their counts."""
    counts = Counter(issues)
    register = ask.desk.registers.issues
    found = [(id, issue.title.get(ask.language), counts[id]) for id, issue in register.items() if counts[id]]
    return chips(ask, "issue", found, chosen)
