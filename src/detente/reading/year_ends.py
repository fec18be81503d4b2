"""Year ends: what stood between two parties at the close of earlier years, each year looked at once."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from datetime import date

from detente.consultation.claims import Past
from detente.consultation.claims import negotiating
from detente.consultation.ties import count_all
from detente.reading.casebook import Casebook
from detente.reading.reading import Reading

__all__ = ["YearEnds"]


class YearEnds:
    """What the ties and claims of a pair compare a day with; a day once looked at is kept.

    It depends on the record, the pair and the knowledge day alone, so that every later day can share it.
    """

    def __init__(self, casebook: Casebook, known_by: date | None, a: str, b: str) -> None:
        self.casebook = casebook
        self.known_by = known_by
        self.between = (a, b)
        self._past: dict[date, Past] = {}

    def __call__(self, day: date) -> Past:
        """Return what stood between the two on a day."""
        self.look([day])
        return self._past[day]

    def look(self, days: Sequence[date], tell: Callable[[int, int], None] = lambda done, all: None) -> None:
        """Look at several days in one pass, so that asking for any of them costs nothing.  `tell` hears of it."""
        new = [day for day in days if day not in self._past]
        if not new:
            return
        sittings = {day: Reading(self.casebook, day, self.known_by).sitting(*self.between, "P0D") for day in new}
        for ties in count_all(new, sittings.__getitem__, tell):
            self._past[ties.on] = Past(ties, negotiating(sittings[ties.on]))
