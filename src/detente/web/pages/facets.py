"""Facets: the values that a list could be narrowed to, each with its count and its address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from detente.reading.browse import Facet
from detente.web.pages.lists import number

__all__ = ["FOLDED", "SHOWN", "Choice", "Choices", "choices"]

SHOWN: Final = 8
FOLDED: Final = 60
"""So many values are shown at once, so many more are folded away, and the rest is counted."""


class Choice(msgspec.Struct, frozen=True):
    """A value that can be chosen next: its words, how many rows have it, and the address."""

    text: str
    count: str
    address: str


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """The values of one facet, finished."""

    name: str
    label: str
    shown: list[Choice]
    folded: list[Choice]
    more: int


def choices(
    facet: Facet,
    label: str,
    language: str,
    words: Callable[[str], str],
    address: Callable[[str], str],
    shown: int = SHOWN,
    folded: int = FOLDED,
) -> Choices:
    """Return a facet as links, the values in the order that the facet has."""
    made = [Choice(words(v.value), number(v.count, language), address(v.value)) for v in facet.values[: shown + folded]]
    return Choices(
        name=facet.name,
        label=label,
        shown=made[:shown],
        folded=made[shown:],
        more=len(facet.values) - len(made) + facet.more,
    )
