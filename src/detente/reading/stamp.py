"""The stamp in full: what an answer was computed from, so that two copies of the record can be told apart."""

from __future__ import annotations

from detente.reading.answers import Answer
from detente.reading.reading import RULES_VERSION
from detente.reading.reading import Reading

__all__ = ["StampAnswer", "stamp"]


class StampAnswer(Answer, kw_only=True):
    """What every answer of the day is computed from."""

    casebook: str
    """The digest of the record in full; a stamp shows its first twelve characters."""
    rules: int
    statements: int
    instruments: int


def stamp(reading: Reading) -> StampAnswer:
    """Return what the stamp of a reading names, with the size of the record."""
    return StampAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        casebook=reading.casebook.record.digest,
        rules=RULES_VERSION,
        statements=reading.casebook.record.height,
        instruments=len(reading.casebook.instruments),
    )
