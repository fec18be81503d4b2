"""Counting rules of Article III of New START: what a declared number of items counts for under Article II.

Integers only.  Every rule is a pure function of declared numbers, named after the measure that it yields.  A
number that was not declared is an error, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Final

__all__ = [
    "deployed_delivery_vehicles",
    "deployed_warheads",
    "launchers",
    "re_entry_vehicles",
    "warheads_of_heavy_bombers",
]

WARHEADS_PER_DEPLOYED_HEAVY_BOMBER: Final = 1
"""Article III, paragraph 2(b): one for each deployed heavy bomber, whatever it carries or can carry."""


def _declared(items: Mapping[str, int], *names: str) -> list[int]:
    """Return the named numbers; raise ValueError for one that is missing or cannot have been declared."""
    missing = [name for name in names if name not in items]
    if missing:
        raise ValueError(f"not declared: {', '.join(missing)}")
    numbers = [items[name] for name in names]
    for name, number in zip(names, numbers, strict=True):
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise ValueError(f"'{name}' is {number!r}; a declared number is a whole number from 0")
    return numbers


def deployed_delivery_vehicles(items: Mapping[str, int]) -> int:
    """Return the number counted toward II.1(a).

    Article III, paragraph 1: each deployed ICBM (a), each deployed SLBM (b) and each deployed heavy bomber (c)
    counts as one.
    """
    return sum(_declared(items, "deployed_icbms", "deployed_slbms", "deployed_heavy_bombers"))


def re_entry_vehicles(items: Mapping[str, Sequence[int]]) -> int:
    """Return the warheads of deployed missiles, given under `emplaced` the re-entry vehicles on each one.

    Article III, paragraph 2(a): the number actually emplaced counts, not the number that the type can carry.
    """
    if "emplaced" not in items:
        raise ValueError("not declared: emplaced")
    missiles = {str(number): carried for number, carried in enumerate(items["emplaced"])}
    return sum(_declared(missiles, *missiles))


def warheads_of_heavy_bombers(items: Mapping[str, int]) -> int:
    """Return the warheads counted for deployed heavy bombers (Article III, paragraph 2(b))."""
    (bombers,) = _declared(items, "deployed_heavy_bombers")
    return WARHEADS_PER_DEPLOYED_HEAVY_BOMBER * bombers


def deployed_warheads(items: Mapping[str, int]) -> int:
    """Return the number counted toward II.1(b).

    Article III, paragraph 2: the re-entry vehicles emplaced on deployed ICBMs and SLBMs (a), and one warhead
    for each deployed heavy bomber (b).
    """
    on_missiles = _declared(items, "re_entry_vehicles_on_deployed_icbms", "re_entry_vehicles_on_deployed_slbms")
    return sum(on_missiles) + warheads_of_heavy_bombers(items)


def launchers(items: Mapping[str, int]) -> int:
    """Return the number counted toward II.1(c).

    Article III, paragraph 3: each deployed and each non-deployed launcher of ICBMs (a, b) and of SLBMs (c, d)
    and each deployed and each non-deployed heavy bomber (e, f) count as one.  Test bombers are among the
    non-deployed; converted, non-nuclear bombers and launchers are not counted (Article III, paragraph 6).
    """
    return sum(
        _declared(
            items,
            "deployed_icbm_launchers",
            "non_deployed_icbm_launchers",
            "deployed_slbm_launchers",
            "non_deployed_slbm_launchers",
            "deployed_heavy_bombers",
            "non_deployed_heavy_bombers",
        )
    )
