"""Findings as an answer: what each party meets and does not meet, according to each author."""

from __future__ import annotations

from detente.reading.answers import FindingRow
from detente.reading.answers import FindingsAnswer
from detente.reading.reading import Reading

__all__ = ["findings"]


def findings(reading: Reading, instrument: str | None = None, party: str | None = None) -> FindingsAnswer:
    """Return the findings of the reading: all, or those on one instrument or on one party."""
    rows = reading.findings(instrument, party).drop("issue", "standing")
    return FindingsAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        findings=[FindingRow(**row) for row in rows.iter_rows(named=True)],
    )
