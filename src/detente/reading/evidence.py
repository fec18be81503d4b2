"""Statements as evidence: what was said, by whom, known since when, and the source that states it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from detente.reading.answers import Evidence
from detente.reading.casebook import Casebook
from detente.record.registers import Words

__all__ = ["evidence", "evidence_of"]


def evidence(casebook: Casebook, ids: Iterable[str]) -> list[Evidence]:
    """Return the statements of these ids, in their order; ids that the record has not are passed over."""
    found = (casebook.record.statement(id) for id in dict.fromkeys(ids))
    return [evidence_of(casebook, row) for row in found if row]


def evidence_of(casebook: Casebook, row: dict[str, Any]) -> Evidence:
    """Return one statement's row as evidence."""
    source = casebook.record.registers.sources.get(row["source"])
    measure = casebook.record.registers.measures.get(row.get("measure", ""))
    value = row.get("value") or ""
    if value and measure:
        value = f"{value} {measure.unit}"
    elif row.get("silence") and not value:
        value = row["silence"]
    plain = " ".join(filter(None, (row.get("verb"), row.get("instrument")))) or row["kind"]
    title = measure.title if measure else Words(plain, plain)
    return Evidence(
        statement=row["id"],
        author=row["author"],
        kind=row["kind"],
        on=row["on"],
        known=row["known"],
        says=Words(row.get("en") or title.en, row.get("ru") or row.get("en") or title.ru),
        value=value,
        place=casebook.record.place(row),
        source=row["source"],
        basis=row["basis"],
        address=source.address if source else "",
        publisher=source.publisher if source else "",
        tier=source.tier if source else "",
    )
