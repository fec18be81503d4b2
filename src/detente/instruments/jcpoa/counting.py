"""How the JCPOA counts enriched uranium: hexafluoride by its uranium mass, some fuel not at all (7, Annex I.56-60).

The limit is written as 300 kg of uranium hexafluoride "or the equivalent in different chemical forms"; the
IAEA reports the mass of uranium.  300 kg of the compound hold 202.8 kg of uranium.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

__all__ = [
    "LIMIT_UF6_GRAMS",
    "URANIUM_IN_UF6",
    "enriched_uranium_grams",
    "reported_uranium_grams",
    "room_under_the_limit",
    "uranium_in_uf6",
]

URANIUM_IN_UF6: Final = Fraction(676, 1000)
"""The mass of uranium in one unit of uranium hexafluoride, as the IAEA rounds it: 238/352."""

LIMIT_UF6_GRAMS: Final = 300_000
"""The stockpile that Iran may hold for 15 years, as the text writes it."""

COUNTED: Final = frozenset({"uf6", "other-forms"})
"""Grams of hexafluoride; grams of uranium in oxide, scrap, and material in process."""

NOT_COUNTED: Final = frozenset({"tehran-reactor-fuel", "foreign-reactor-fuel", "unrecoverable"})
"""Grams of uranium in fuel plates of the Tehran reactor, in fuel from abroad for Iran's power reactors, and
in what the Joint Commission has decided to be unrecoverable."""


def uranium_in_uf6(uf6: Fraction | int) -> Fraction:
    """Return the mass of uranium in a mass of hexafluoride, in the same unit and exactly."""
    if uf6 < 0:
        raise ValueError("a mass cannot be negative")
    return Fraction(uf6) * URANIUM_IN_UF6


def enriched_uranium_grams(items: Mapping[str, int]) -> Fraction:
    """Return the uranium that counts against the stockpile, in grams; refuse unknown forms and negative masses."""
    unknown = sorted(set(items) - COUNTED - NOT_COUNTED)
    if unknown:
        raise ValueError(f"not a form of enriched uranium that the rule knows: {', '.join(unknown)}")
    if any(mass < 0 for mass in items.values()):
        raise ValueError("a mass cannot be negative")
    return uranium_in_uf6(items.get("uf6", 0)) + items.get("other-forms", 0)


def reported_uranium_grams(items: Mapping[str, int]) -> int:
    """Return the same to the tenth of a kilogram, as the IAEA prints it, in grams."""
    return round(enriched_uranium_grams(items) / 100) * 100


def room_under_the_limit(items: Mapping[str, int]) -> Fraction:
    """Return how many grams of uranium are left under the limit; negative where it is passed."""
    return uranium_in_uf6(LIMIT_UF6_GRAMS) - enriched_uranium_grams(items)
