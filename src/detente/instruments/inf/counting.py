"""How the INF Treaty counts missiles: by type (III), range band (II.5, II.6) and warheads (VII.5, VII.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = [
    "intermediate_range_missiles",
    "missiles_eliminated",
    "missiles_eliminated_by_usa",
    "missiles_eliminated_by_ussr",
    "range_band",
    "shorter_range_missiles",
    "warheads",
]

INTERMEDIATE: Final = frozenset({"pershing-ii", "bgm-109g", "rsd-10", "r-12", "r-14", "rk-55"})
"""Intermediate-range types; the RK-55 had been tested but not deployed."""

SHORTER: Final = frozenset({"pershing-ia", "otr-22", "otr-23"})
"""Shorter-range types."""

AMERICAN: Final = frozenset({"pershing-ii", "bgm-109g", "pershing-ia"})
"""Types that the Memorandum of Understanding lists for the United States; the others are Soviet."""

WARHEADS: Final = {"rsd-10": 3}
"""Warheads counted for each missile, where it is not one."""


def _total(items: Mapping[str, int], types: frozenset[str]) -> int:
    """Return how many missiles of `types` the items hold; refuse unknown types and negative numbers."""
    unknown = sorted(set(items) - INTERMEDIATE - SHORTER)
    if unknown:
        raise ValueError(f"not a type of Article III: {', '.join(unknown)}")
    if any(number < 0 for number in items.values()):
        raise ValueError("a number of missiles cannot be negative")
    return sum(number for type_, number in items.items() if type_ in types)


def missiles_eliminated(items: Mapping[str, int]) -> int:
    """Return the missiles of both classes: 846 American and 1,846 Soviet, 2,692 together."""
    return _total(items, INTERMEDIATE | SHORTER)


def missiles_eliminated_by_usa(items: Mapping[str, int]) -> int:
    """Return the missiles of the American types only."""
    return _total(items, AMERICAN)


def missiles_eliminated_by_ussr(items: Mapping[str, int]) -> int:
    """Return the missiles of the Soviet types only."""
    return _total(items, (INTERMEDIATE | SHORTER) - AMERICAN)


def intermediate_range_missiles(items: Mapping[str, int]) -> int:
    """Return the missiles to which Article IV applies."""
    return _total(items, INTERMEDIATE)


def shorter_range_missiles(items: Mapping[str, int]) -> int:
    """Return the missiles to which Article V applies."""
    return _total(items, SHORTER)


def warheads(items: Mapping[str, int]) -> int:
    """Return the warheads of intermediate-range missiles: three for each RSD-10, one for each other."""
    _total(items, INTERMEDIATE)
    return sum(number * WARHEADS.get(type_, 1) for type_, number in items.items() if type_ in INTERMEDIATE)


def range_band(range_km: float) -> str:
    """Return the class of a ground-launched missile of this range capability.

    The lower bound of the shorter band belongs to it (500 km), that of the intermediate band does not
    (1,000 km is shorter-range), and its upper bound does (5,500 km).
    """
    if range_km < 0:
        raise ValueError("a range cannot be negative")
    if 500 <= range_km <= 1000:
        return "shorter-range"
    if 1000 < range_km <= 5500:
        return "intermediate-range"
    return "not limited"
