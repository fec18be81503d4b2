"""History: one provision's findings over time, by party and author, as half-open periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
import polars as pl

from detente.errors import DetenteError
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.instruments.standings import Standings
from detente.obligations.duties import Provisions
from detente.obligations.judge import findings
from detente.reading.answers import HistoryAnswer
from detente.reading.answers import HistoryRow
from detente.reading.casebook import about
from detente.reading.reading import Reading
from detente.record.dates import add_period
from detente.record.timeline import View

__all__ = ["history"]

_MOST_PARTIES = 12


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
    days = _days(reading, law, provision)
    rows: list[HistoryRow] = []
    current: dict[tuple[str, str], HistoryRow] = {}
    only = Provisions({law.id: msgspec.structs.replace(law, provision=(provision,))}, reading.casebook.record.registers)
    for number, day in enumerate(days, 1):
        _close_and_open(current, rows, _on(reading, law, provision, only, day, party), day)
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


def _days(reading: Reading, law: Instrument, provision: Provision) -> list[date]:
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
    last = reading.all_findings.filter((pl.col("instrument") == law.id) & (pl.col("provision") == provision.article))
    for column in ("from", "until", "deadline", "next_due"):
        days |= {d for d in last[column].to_list() if d}
    for life in (reading.standing.life(law.id, r) for r in ("", *reading.standing.readers.get(law.id, ()))):
        days |= {d for d in (life.since, life.ends, life.ended) if d}
    return sorted(d for d in days if d <= reading.on)


def _on(
    reading: Reading, law: Instrument, provision: Provision, only: Provisions, day: date, party: str | None
) -> pl.DataFrame:
    instruments = about(reading.casebook, law.id).instruments
    standings = Standings(View(reading.casebook.record, day, reading.known_by), instruments)
    judged = findings(only, standings)
    rows = judged.filter(pl.col("provision") == provision.article)
    if party:
        rows = rows.filter(pl.col("party") == reading.at(day).party(party))
    elif rows["party"].n_unique() > _MOST_PARTIES:
        rows = rows.filter(pl.col("author") != "")
    if reading.according_to:
        rows = rows.filter(pl.col("author").is_in(["", reading.according_to]))
    return rows


def _close_and_open(
    current: dict[tuple[str, str], HistoryRow], rows: list[HistoryRow], found: pl.DataFrame, day: date
) -> None:
    """End the periods that no longer hold on `day` and begin those that do."""
    seen: set[tuple[str, str]] = set()
    wanted = ["party", "author", "state", "reason", "value", "limit", "evidence"]
    for party, author, state, reason, value, limit, evidence in found.select(wanted).iter_rows():
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
