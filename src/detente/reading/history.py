"""History: one provision's findings over time, by party and author, as half-open periods."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from datetime import date
from itertools import groupby

import msgspec
import polars as pl

from detente.errors import DetenteError
from detente.instruments.standings import Standings
from detente.obligations.duties import Provisions
from detente.obligations.judge import findings
from detente.obligations.judge import findings_by_day
from detente.reading.answers import HistoryAnswer
from detente.reading.answers import HistoryRow
from detente.reading.casebook import about
from detente.reading.grounds import Grounds
from detente.reading.reading import Reading
from detente.reading.reading import party_named
from detente.record.load import Record
from detente.record.timeline import View

__all__ = ["history"]

_MOST_PARTIES = 12
_AT_ONCE = 64
"""So many days are judged together: frames for more would only take memory."""


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
    instruments = about(reading.casebook, law.id).instruments
    grounds = Grounds(reading.casebook.record, law, provision, instruments)
    only = Provisions({law.id: msgspec.structs.replace(law, provision=(provision,))}, reading.casebook.record.registers)
    days = grounds.days(*_now(reading, grounds, only), reading.party(party) if party else None)
    rows: list[HistoryRow] = []
    current: dict[tuple[str, str], HistoryRow] = {}
    done = 0
    for same in _of_one_time(grounds.record, days, reading.known_by):
        standings = [Standings(view, instruments) for view in same]
        judged = findings_by_day(only, standings).partition_by("day", as_dict=True, include_key=False)
        for view in same:
            found = judged.get((view.on,))
            _close_and_open(current, rows, None if found is None else _on(reading, found, view.on, party), view.on)
            done += 1
            tell(done, len(days))
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


def _of_one_time(record: Record, days: list[date], known_by: date | None) -> Iterator[list[View]]:
    """Yield the days that can be judged together, those on which the parties have the same names, some at a time."""
    views = [View(record, day, known_by) for day in days]
    for _, same in groupby(views, key=lambda view: tuple(view.continued.items())):
        together = list(same)
        for start in range(0, len(together), _AT_ONCE):
            yield together[start : start + _AT_ONCE]


def _now(reading: Reading, grounds: Grounds, only: Provisions) -> tuple[Standings, pl.DataFrame]:
    """Return the standings and the findings on the reading's own day, from the provision's grounds alone."""
    standings = Standings(View(grounds.record, reading.on, reading.known_by), grounds.instruments)
    return standings, findings(only, standings)


def _on(reading: Reading, rows: pl.DataFrame, day: date, party: str | None) -> pl.DataFrame:
    """Return those of a day's findings that were asked for."""
    if party:
        rows = rows.filter(pl.col("party") == party_named(reading.casebook.record.registers, party, day))
    elif rows["party"].n_unique() > _MOST_PARTIES:
        rows = rows.filter(pl.col("author") != "")
    if reading.according_to:
        rows = rows.filter(pl.col("author").is_in(["", reading.according_to]))
    return rows


def _close_and_open(
    current: dict[tuple[str, str], HistoryRow], rows: list[HistoryRow], found: pl.DataFrame | None, day: date
) -> None:
    """End the periods that no longer hold on `day` and begin those that do."""
    seen: set[tuple[str, str]] = set()
    wanted = ["party", "author", "state", "reason", "value", "limit", "evidence"]
    cells = found.select(wanted).iter_rows() if found is not None else ()
    for party, author, state, reason, value, limit, evidence in cells:
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
