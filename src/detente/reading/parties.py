"""Parties on a day: who exists, how many instruments hold each, and how long each has been silent."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import polars as pl

from detente.instruments.standings import HELD
from detente.reading.answers import Answer
from detente.reading.heard import Series
from detente.reading.heard import heard
from detente.reading.reading import Reading
from detente.record.dates import days_between
from detente.record.registers import Party
from detente.record.registers import Words

__all__ = ["PartiesAnswer", "PartyRow", "Spoken", "exists", "head", "parties", "party_row"]


class Spoken(msgspec.Struct, kw_only=True):
    """One statement as the sign that somebody was heard of: when, how long ago, which."""

    statement: str
    kind: str
    author: str
    on: str
    days: int


class PartyRow(msgspec.Struct, kw_only=True):
    """A party on a day."""

    party: str
    kind: str
    name: Words
    iso_numeric: int
    cow: str
    cow_number: int
    from_: str = msgspec.field(name="from")
    until: str
    continues: str
    members: list[str]
    held: int
    """The instruments under which its obligations bind on the day."""
    declared: Spoken | None
    """The last report by the party on itself; of a body, a group or an institute, its last report on anybody."""
    told: Spoken | None
    """The last report by somebody else on the party."""
    heard: Spoken | None
    """The last statement by the party of any kind, or act in its name."""


class PartiesAnswer(Answer, kw_only=True):
    """The parties that exist on the day."""

    parties: list[PartyRow]


def head(reading: Reading) -> dict[str, Any]:
    """Return what every answer says of itself."""
    return {
        "on": reading.on,
        "known_by": reading.known_by,
        "according_to": reading.according_to,
        "stamp": reading.stamp,
    }


def exists(party: Party, on: date) -> bool:
    """Return whether a party exists on a day; one without dates always did."""
    day = on.isoformat()
    return (not party.from_ or party.from_ <= day) and (not party.until or day < party.until)


def parties(reading: Reading) -> PartiesAnswer:
    """Return every party that exists on the day, states first, then by name."""
    register = reading.casebook.record.registers.parties
    held = _held(reading)
    rows = [_row(reading, party, held) for party in register.values() if exists(party, reading.on)]
    rows.sort(key=lambda row: (row.kind != "state", row.name.en.casefold()))
    return PartiesAnswer(**head(reading), parties=rows)


def party_row(reading: Reading, party: str, held: int) -> PartyRow:
    """Return one party, whether or not it exists on the day, held by so many instruments."""
    return _row(reading, reading.casebook.record.registers.parties[party], {party: held})


def _held(reading: Reading) -> dict[str, int]:
    """Return how many instruments hold each party; in the common reading where no author was chosen."""
    rows = reading.standings().filter(pl.col("standing").is_in(HELD))
    if not reading.according_to:
        rows = rows.filter(pl.col("reading") == "")
    return dict(rows["party"].value_counts().iter_rows())


def _row(reading: Reading, party: Party, held: dict[str, int]) -> PartyRow:
    id, signs = party.id, reading.view.knowledge.kept(heard)
    of_itself = _spoken(reading, signs.own, id)
    return PartyRow(
        party=id,
        kind=party.kind,
        name=party.name,
        iso_numeric=party.iso_numeric,
        cow=party.cow,
        cow_number=party.cow_number,
        from_=party.from_,
        until=party.until,
        continues=party.continues,
        members=list(party.members),
        held=held.get(id, 0),
        declared=of_itself or (None if party.kind == "state" else _spoken(reading, signs.tells, id)),
        told=_spoken(reading, signs.told, id),
        heard=_spoken(reading, signs.words, id),
    )


def _spoken(reading: Reading, series: dict[str, Series], party: str) -> Spoken | None:
    sign = series[party].last(reading.on) if party in series else None
    if sign is None:
        return None
    days = days_between(sign.day, reading.on)
    return Spoken(statement=sign.id, kind=sign.kind, author=sign.author, on=sign.on, days=days)
