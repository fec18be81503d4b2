"""Overdue: what has fallen due between two parties, and is neither done nor dropped."""

from __future__ import annotations

from detente.consultation import due
from detente.consultation.item import Item
from detente.reading.reading import Reading

__all__ = ["overdue"]


def overdue(reading: Reading, a: str, b: str, horizon: str = "P3Y") -> list[Item]:
    """Return the items of the agenda's second section whose day has passed, the longest overdue first.

    Only the rules about what falls due are run: the whole agenda would take several times as long.
    """
    sitting = reading.sitting(a, b, horizon)
    found = [item for rule in due.RULES for item in rule(sitting) if item.until and item.until < reading.on]
    return sorted(found, key=lambda item: (item.until or reading.on, item.id))
