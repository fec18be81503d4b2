"""Year ends: what stood between two parties at the close of earlier years, each year looked at once."""

from __future__ import annotations

from datetime import date

import msgspec

from detente.consultation.claims import Past
from detente.consultation.claims import negotiating
from detente.consultation.sitting import Sitting
from detente.consultation.ties import EXCHANGES
from detente.consultation.ties import count_ties
from detente.consultation.ties import links
from detente.obligations.duties import Provisions
from detente.obligations.judge import findings
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
        self._provisions = _exchanges(casebook)
        self._past: dict[date, Past] = {}

    def __call__(self, day: date) -> Past:
        """Return what stood between the two on a day."""
        if day not in self._past:
            sitting = self._sitting(day)
            self._past[day] = Past(count_ties(sitting), negotiating(sitting))
        return self._past[day]

    def _sitting(self, day: date) -> Sitting:
        """Return a sitting that holds the findings on which ties rest, and no others: most of the work is left out."""
        reading = Reading(self.casebook, day, self.known_by)
        pair = (reading.party(self.between[0]), reading.party(self.between[1]))
        found = findings(self._provisions, reading.standing)
        return Sitting(reading.standing, found, reading.forum_states, pair, "P0D")


def _exchanges(casebook: Casebook) -> Provisions:
    """Return the provisions on which exchanges between two parties rest."""
    kept = {
        id: msgspec.structs.replace(law, provision=tuple(p for p in law.provision if p.kind in EXCHANGES))
        for id, law in casebook.instruments.items()
        if links(law)
    }
    return Provisions(kept, casebook.record.registers)
