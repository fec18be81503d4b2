"""History: one provision's findings over time, by party and author, as half-open periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
import polars as pl

from detente.consultation.said import grouped
from detente.errors import DetenteError
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.instruments.standings import Standings
from detente.obligations.duties import Provisions
from detente.obligations.judge import findings
from detente.obligations.judge import findings_by_day
from detente.reading.answers import HistoryAnswer
from detente.reading.answers import HistoryRow
from detente.reading.casebook import about
from detente.reading.reading import Reading
from detente.record.dates import add_period
from detente.record.timeline import View

__all__ = ["history"]

_MOST_PARTIES = 12
_AT_ONCE = 400
"""How many days are judged in one pass: with two hundred parties, as many rows as fit easily into memory."""


def history(
    reading: Reading,
    instrument: str,
    article: str,
    party: str | None = None,
    tell: Callable[[int, int], None] = lambda done, all: None,
) -> HistoryAnswer:
    """Return how the finding on a provision changed until the reading's day.

    The finding is computed on every day on which a statement about it, its parameters or the age of its
    evidence may change it.  `tell` hears of the progress.
    """
    law = reading.instrument(instrument)
    provision = law.find(article)
    if provision is None or provision.kind == "none":
        able = [p.article for p in law.provision if p.kind != "none"]
        what = f"{law.short.en} has no computable provision '{article}'."
        raise DetenteError(what, f"It has: {', '.join(able)}." if able else "None of its articles is computable.")
    only = Provisions({law.id: msgspec.structs.replace(law, provision=(provision,))}, reading.casebook.record.registers)
    days = _days(reading, law, provision, only)
    judged = _judged(reading, law, only, days)
    rows: list[HistoryRow] = []
    current: dict[tuple[str, str], HistoryRow] = {}
    for number, day in enumerate(days, 1):
        found = judged.get(day)
        _close_and_open(current, rows, [] if found is None else _chosen(reading, found, day, party), day)
        tell(number, len(days))
    rows += current.values()
    rows.sort(key=lambda row: (row.party, row.author, row.from_))
    return HistoryAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        instrument=law.id,
        provision=provision.article,
        title=provision.title,
        rows=rows,
    )


def _days(reading: Reading, law: Instrument, provision: Provision, only: Provisions) -> list[date]:
    """Return every day, in order, on which the finding may change."""
    measures = [m for m in (provision.measure, *provision.measures) if m]
    frame = reading.casebook.record.frame
    about = (pl.col("instrument") == law.id) | pl.col("measure").is_in(measures)
    if provision.forum:
        about = about | (pl.col("forum") == provision.forum)
    if provision.of:
        about = about | ((pl.col("kind") == "event") & (pl.col("verb") == provision.of))
    rows = frame.filter(about)
    days = {d for d in rows["on_last"].to_list() + rows["effect_last"].to_list() if d}
    if provision.evidence_within:
        days |= {add_period(d, provision.evidence_within) for d in rows.filter(pl.col("kind") == "report")["on_last"]}
    last = findings(only, reading.standing)
    for column in ("from", "until", "deadline", "next_due"):
        days |= {d for d in last[column].to_list() if d}
    for life in (reading.standing.life(law.id, r) for r in ("", *reading.standing.readers.get(law.id, ()))):
        days |= {d for d in (life.since, life.ends, life.ended) if d}
    return sorted(d for d in days if d <= reading.on)


def _judged(reading: Reading, law: Instrument, only: Provisions, days: list[date]) -> dict[date, pl.DataFrame]:
    """Return the findings on each day that has any; many days of one knowledge are judged in one pass."""
    instruments = about(reading.casebook, law.id).instruments
    standings = (Standings(View(reading.casebook.record, day, reading.known_by), instruments) for day in days)
    numbered = enumerate(standings)
    found: dict[date, pl.DataFrame] = {}
    for group in grouped(numbered, lambda each: (each[0] // _AT_ONCE, id(each[1].view.knowledge))).values():
        rows = findings_by_day(only, [standing for _, standing in group])
        found |= {day: part for (day,), part in rows.partition_by("day", as_dict=True).items()}
    return found


def _chosen(reading: Reading, rows: pl.DataFrame, day: date, party: str | None) -> list[_Cells]:
    """Return what is told of the findings of a day: those of a party, or where there are many, those that differ."""
    found: list[_Cells] = rows.select(_CELLS).rows()
    if party:
        name = reading.at(day).party(party)
        found = [row for row in found if row[0] == name]
    elif len({row[0] for row in found}) > _MOST_PARTIES:
        found = [row for row in found if row[1]]
    return [row for row in found if not reading.according_to or row[1] in ("", reading.according_to)]


_Cells = tuple[str, str, str, str, str | None, str | None, list[str]]
_CELLS = ("party", "author", "state", "reason", "value", "limit", "evidence")


def _close_and_open(
    current: dict[tuple[str, str], HistoryRow], rows: list[HistoryRow], found: list[_Cells], day: date
) -> None:
    """End the periods that no longer hold on `day` and begin those that do."""
    seen: set[tuple[str, str]] = set()
    for party, author, state, reason, value, limit, evidence in found:
        key = (party, author)
        seen.add(key)
        old = current.get(key)
        if old and (old.state, old.reason, old.value, old.limit) == (state, reason, value, limit):
            continue
        if old:
            old.until = day
            rows.append(old)
        current[key] = HistoryRow(
            party=party,
            author=author,
            state=state,
            reason=reason,
            value=value,
            limit=limit,
            from_=day,
            until=None,
            evidence=evidence,
        )
    for key in [k for k in current if k not in seen]:
        current[key].until = day
        rows.append(current.pop(key))
