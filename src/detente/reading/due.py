"""Due: every day on which a term ends, a turn comes, a provision begins or ends, or a promise falls due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from detente.consultation.commitments import open_commitments
from detente.consultation.said import grouped
from detente.reading.answers import DueAnswer
from detente.reading.answers import DueRow
from detente.reading.reading import Reading
from detente.reading.reading import as_period
from detente.record.dates import add_period
from detente.record.registers import Words

__all__ = ["due"]

_MANY = 12


def due(reading: Reading, within: str = "18m", party: str | None = None) -> DueAnswer:
    """Return what falls due from the day (inclusive) until `within` later (exclusive), in order of the day."""
    last = add_period(reading.on, as_period(within))
    rows = [
        *_terms(reading, last),
        *_departures(reading, last),
        *_provisions(reading, last),
        *_turns(reading, last),
    ]
    rows += [*_commitments(reading, last), *_sessions(reading, last)]
    if party:
        wanted = reading.party(party)
        rows = [row for row in rows if not row.parties or wanted in row.parties]
    rows.sort(key=lambda row: (row.day, row.issue, row.instrument, row.provision))
    return DueAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        within=within,
        due=rows,
    )


def _terms(reading: Reading, last: date) -> Iterator[DueRow]:
    for id, instrument in reading.casebook.instruments.items():
        life, term = reading.standing.life(id, reading.reader), instrument.term()
        current = life.in_force(reading.on) or life.ended == reading.on
        if life.ends and reading.on <= life.ends < last and current:
            renewed = bool(term and term.renewal)
            words = (
                Words("renewal of its term", "продление срока действия")
                if renewed
                else Words("its term ends", "истекает срок действия")
            )
            held = [s.party for s in reading.standing.parties(id, reading.reader).values() if s.standing == "bound"]
            yield DueRow(
                day=life.ends,
                kind="renewal" if renewed else "term",
                issue=instrument.issue,
                instrument=id,
                provision=term.article if term else "",
                parties=held if len(held) <= _MANY else [],
                title=Words(f"{instrument.short.en}: {words.en}", f"{instrument.short.ru}: {words.ru}"),
            )


def _departures(reading: Reading, last: date) -> Iterator[DueRow]:
    running = (pl.col("standing") == "leaving") & (pl.col("until") >= reading.on) & (pl.col("until") < last)
    today = (pl.col("standing") == "out") & (pl.col("since") == reading.on)
    rows = reading.standings().filter(running | today)
    rows = rows.with_columns(pl.when(pl.col("standing") == "out").then("since").otherwise("until").alias("until"))
    for row in rows.unique(["instrument", "party"], maintain_order=True).iter_rows(named=True):
        instrument = reading.casebook.instruments[row["instrument"]]
        yield DueRow(
            day=row["until"],
            kind="departure",
            issue=instrument.issue,
            instrument=instrument.id,
            provision="",
            parties=[row["party"]],
            title=Words(
                f"{instrument.short.en}: {row['party']} is out",
                f"{instrument.short.ru}: выход стороны ({row['party']})",
            ),
        )


def _provisions(reading: Reading, last: date) -> Iterator[DueRow]:
    """Yield the provisions that begin or end: dated limits and sunsets."""
    rows = reading.all_findings.filter(pl.col("author") == reading.reader if reading.reader else pl.col("author") == "")
    rows = rows.filter(~pl.col("gate").is_in(["instrument-ended", "party-out"]) | pl.col("gate").is_null())
    begins = rows.filter((pl.col("from") >= reading.on) & (pl.col("from") < last))
    for day, id, article, parties in _grouped(begins, "from"):
        yield _provision_row(reading, day, "begins", id, article, parties)
    deadlines = rows.filter(
        (pl.col("deadline") >= reading.on) & (pl.col("deadline") < last) & (pl.col("state") == "not yet due")
    )
    for day, id, article, parties in _grouped(deadlines, "deadline"):
        yield _provision_row(reading, day, "deadline", id, article, parties)
    seen: set[tuple[str, str]] = set()
    for id, article, until in rows.select("instrument", "provision", "until").unique(maintain_order=True).iter_rows():
        provision = reading.casebook.instruments[id].find(article)
        if provision and provision.until and until and reading.on <= until < last and (id, article) not in seen:
            seen.add((id, article))
            yield _provision_row(reading, until, "ends", id, article, [])


def _grouped(rows: pl.DataFrame, day: str) -> Iterator[tuple[date, str, str, list[str]]]:
    groups = rows.group_by(day, "instrument", "provision", maintain_order=True).agg(pl.col("party").unique().sort())
    yield from groups.iter_rows()


_WORDS = {
    "begins": Words("begins to bind", "начинает действовать"),
    "ends": Words("ends", "прекращает действие"),
    "deadline": Words("last day", "последний день"),
    "turn": Words("due", "срок"),
}


def _provision_row(reading: Reading, day: date, kind: str, id: str, article: str, parties: list[str]) -> DueRow:
    instrument = reading.casebook.instruments[id]
    provision = instrument.find(article)
    title = provision.title if provision else Words(article, article)
    words = _WORDS[kind]
    return DueRow(
        day=day,
        kind=kind,
        issue=instrument.issue,
        instrument=id,
        provision=article,
        parties=parties if len(parties) <= _MANY else [],
        title=Words(
            f"{instrument.short.en} {article}: {words.en}: {title.en}",
            f"{instrument.short.ru} {article}: {words.ru}: {title.ru}",
        ),
    )


def _turns(reading: Reading, last: date) -> Iterator[DueRow]:
    rows = reading.all_findings.filter(
        (pl.col("author") == "")
        & (pl.col("kind") == "cadence")
        & (pl.col("next_due") >= reading.on)
        & (pl.col("next_due") < last)
        & (pl.col("state") != "not applicable")
    )
    for day, id, article, parties in _grouped(rows, "next_due"):
        yield _provision_row(reading, day, "turn", id, article, parties)


def _commitments(reading: Reading, last: date) -> Iterator[DueRow]:
    still = (s for s in open_commitments(reading.view) if s.due_last and reading.on <= s.due_last < last)
    for topic, group in grouped(still, lambda s: s.topic or "").items():
        first = group[0]
        yield DueRow(
            day=first.due_last or last,
            kind="commitment",
            issue=first.issue or "",
            instrument=first.instrument or "",
            provision="",
            parties=sorted({s.party for s in group if s.party}),
            title=Words(first.en or topic, first.ru or first.en or topic),
        )


def _sessions(reading: Reading, last: date) -> Iterator[DueRow]:
    """Yield the sessions that were announced by the day."""
    rows = reading.view.announced("meeting").filter(pl.col("on_last") < last)
    forums = reading.casebook.record.registers.forums
    for forum, day, issue, party in rows.select("forum", "on_last", "issue", "party").iter_rows():
        yield DueRow(
            day=day,
            kind="session",
            issue=issue,
            instrument="",
            provision="",
            parties=party.split(";") if party else [],
            title=forums[forum].title,
        )
