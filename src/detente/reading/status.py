"""Status: which instruments are in force on a day, until when, and how parties stand to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from detente.instruments.lives import Life
from detente.instruments.schema import Instrument
from detente.instruments.standings import HELD
from detente.instruments.standings import Stand
from detente.reading.answers import StandingRow
from detente.reading.answers import StatusAnswer
from detente.reading.answers import StatusRow
from detente.reading.reading import Reading
from detente.record.dates import days_between

__all__ = ["held_in", "lives", "status"]


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
    return [_row(reading, instrument, reader) for reader in lives(reading, instrument.id)]


def lives(reading: Reading, instrument: str) -> dict[str, Life]:
    """Return how an instrument as a whole stands: in the reading's own account, or in the common one and each apart."""
    if reading.according_to:
        return {reading.according_to: reading.standing.life(instrument, reading.according_to)}
    found = {
        reader: reading.standing.life(instrument, reader) for reader in reading.standing.readers.get(instrument, ())
    }
    common = reading.standing.life(instrument)
    seen = _seen(common, reading.on)
    return {"": common, **{reader: life for reader, life in found.items() if _seen(life, reading.on) != seen}}


def _seen(life: Life, on: date) -> tuple[bool, date | None, date | None]:
    return life.in_force(on), life.ends, life.ended


def held_in(reading: Reading, instrument: str, parties: Iterable[str]) -> dict[tuple[str, str], Stand]:
    """Return the standings of some parties as `Reading.standings` has them, by party and reading."""
    readers = reading.standing.readers.get(instrument, ())
    shown = (
        ["", *readers]
        if not reading.according_to
        else [reading.according_to if reading.according_to in readers else ""]
    )
    found: dict[tuple[str, str], Stand] = {}
    for reader in shown:
        stands = reading.standing.parties(instrument, reader)
        for party in parties:
            own, common = stands.get(party), found.get((party, ""))
            if own and not (common and (common.standing, common.since) == (own.standing, own.since)):
                found[party, reader] = own
    return found


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
