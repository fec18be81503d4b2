"""An agenda and its items: what stands on it, why, since when, who says what, and where it would be taken up."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from detente.record.registers import Words

__all__ = ["SECTIONS", "VERSION", "Agenda", "Item", "Place", "Section", "slug"]

VERSION = 1
"""The version of the JSON shape; it changes when a field changes its meaning or goes."""

SECTIONS = {
    "dispute": Words("In dispute", "Спорные вопросы"),
    "due": Words("Due", "Сроки"),
    "common": Words("In common", "Общее"),
}
"""The sections of an agenda, in their order."""


class Place(msgspec.Struct, frozen=True):
    """The forum that would take an item up, and how that forum stands."""

    id: str
    state: str


class Item(msgspec.Struct, kw_only=True):
    """One thing to talk about, with the rule that put it there and the statements that show it."""

    id: str
    section: str
    rule: str
    issue: str
    title: Words
    why: Words
    instrument: str = ""
    provision: str = ""
    since: date | None = None
    until: date | None = None
    forum: Place | None = None
    level: str = ""
    ministries: tuple[str, ...] = ()
    accounts: dict[str, dict[str, Any]] = {}
    evidence: list[str] = []
    covers: list[str] = []
    """For a silent forum: the other items that its charter covers."""


class Section(msgspec.Struct):
    """One section with its items in order."""

    section: str
    items: list[Item]


class Agenda(msgspec.Struct):
    """The agenda of a pair on a day; the same stamp gives the same agenda anywhere."""

    version: int
    on: date
    known_by: date | None
    between: tuple[str, str]
    horizon: str
    stamp: str
    sections: list[Section]
    reach: list[Words]
    """Where the record does not reach: what a reader must not take silence for."""

    def items(self) -> list[Item]:
        """Return the items of every section, in order."""
        return [item for section in self.sections for item in section.items]


def slug(article: str) -> str:
    """Return an article as part of an item's id: `II.1(b)` is `ii-1-b`."""
    return "".join(c if c.isalnum() else "-" for c in article.lower()).strip("-")
