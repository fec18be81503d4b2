"""Status: which instruments are in force on a day, until when, and how parties stand to them."""

from __future__ import annotations

from detente.instruments.schema import Instrument
from detente.instruments.standings import HELD
from detente.reading.answers import StandingRow
from detente.reading.answers import StatusAnswer
from detente.reading.answers import StatusRow
from detente.reading.reading import Reading
from detente.record.dates import days_between

__all__ = ["status"]


def status(reading: Reading, instrument: str | None = None, party: str | None = None) -> StatusAnswer:
    """Return the instruments (all, one, or those of a party) and the standings to them.

    Neutral: one row for the common reading, and one for each author whose reading differs from it.
    """
    frame = reading.standings(instrument, party)
    chosen = [reading.instrument(instrument)] if instrument else list(reading.casebook.instruments.values())
    if not instrument:
        begun = (reading.standing.life(i.id, reading.reader) for i in chosen)
        chosen = [i for i, life in zip(chosen, begun, strict=True) if life.opened or life.since]
    if party:
        having = set(frame["instrument"].to_list())
        chosen = [i for i in chosen if i.id in having or instrument]
    rows = [row for i in chosen for row in _rows(reading, i)]
    standings = [StandingRow(**row) for row in frame.drop("suspended").iter_rows(named=True)]
    return StatusAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        instruments=rows,
        standings=standings,
    )


def _rows(reading: Reading, instrument: Instrument) -> list[StatusRow]:
    if reading.according_to:
        return [_row(reading, instrument, reading.according_to)]
    common = _row(reading, instrument, "")
    rows = [common]
    for reader in reading.standing.readers.get(instrument.id, ()):
        own = _row(reading, instrument, reader)
        if (own.in_force, own.ends, own.ended) != (common.in_force, common.ends, common.ended):
            rows.append(own)
    return rows


def _row(reading: Reading, instrument: Instrument, reader: str) -> StatusRow:
    life = reading.standing.life(instrument.id, reader)
    acts = [act for act in reading.standing.acts(instrument.id, reader) if act.on <= reading.on]
    last = max(acts, key=lambda act: act.on) if acts else None
    held = [s for s in reading.standing.parties(instrument.id, reader).values() if s.standing in HELD]
    in_force = life.in_force(reading.on)
    return StatusRow(
        instrument=instrument.id,
        issue=instrument.issue,
        title=instrument.short,
        reading=reader,
        in_force=in_force,
        since=life.since,
        ends=life.ends,
        ended=life.ended,
        how=life.how,
        parties=len(held),
        days_left=days_between(reading.on, life.ends) if in_force and life.ends else None,
        last_act=f"{last.verb} {last.party}".strip() if last else "",
        last_act_on=last.on.isoformat() if last else "",
    )
