"""What the record holds and where it ends: the tables for the page on sources and data."""

from __future__ import annotations

from collections import Counter

import polars as pl

from detente.reading import Reading
from detente.record.statements import TIERS
from tools.write_docs.markdown import table

__all__ = ["blocked_table", "coverage_table", "rolls"]


def coverage_table(read: Reading) -> str:
    """Return what the record holds by issue, and how much of it rests on which tier of source."""
    record = read.casebook.record
    tiers = {id: source.tier for id, source in record.registers.sources.items()}
    rows = []
    for id, issue in record.registers.issues.items():
        frame = record.frame.filter(pl.col("issue") == id)
        counts = Counter(tiers.get(source, "unconfirmed") for source in frame["source"])
        instruments = sum(i.issue == id for i in read.casebook.instruments.values())
        inferred = frame.filter(pl.col("basis").is_in(["inferred", "unconfirmed"])).height
        rows.append((issue.title.en, instruments, frame.height, *(counts[t] for t in TIERS), inferred))
    return table(("issue", "instruments", "statements", *TIERS, "inferred or unconfirmed"), rows)


def rolls(read: Reading) -> str:
    """Return the instruments whose rolls of parties are complete."""
    complete = sorted(i.short.en for i in read.casebook.instruments.values() if i.roll == "complete")
    return f"Complete rolls ({len(complete)} of {len(read.casebook.instruments)}): {', '.join(complete)}.\n"


def blocked_table(read: Reading) -> str:
    """Return the hosts that could not be read, and why."""
    blocked = read.casebook.record.registers.blocked.values()
    return table(("host", "why"), ((f"`{b.host}`", b.reason) for b in sorted(blocked, key=lambda b: b.host)))
