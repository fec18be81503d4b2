"""Parties on a day: who exists, how many instruments hold each, and how long each has been silent."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import polars as pl

from detente.instruments.standings import HELD
from detente.reading.answers import Answer
from detente.reading.reading import Reading
from detente.record.dates import days_between
from detente.record.registers import Party
from detente.record.registers import Words
from detente.record.statements import KINDS

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
    found = _Signs(reading)
    register = reading.casebook.record.registers.parties
    rows = [found.row(party) for party in register.values() if exists(party, reading.on)]
    rows.sort(key=lambda row: (row.kind != "state", row.name.en))
    return PartiesAnswer(**head(reading), parties=rows)


def party_row(reading: Reading, party: str) -> PartyRow:
    """Return one party, whether or not it exists on the day."""
    return _Signs(reading, party).row(reading.casebook.record.registers.parties[party])


class _Signs:
    """What was last heard of each party, or of one alone."""

    def __init__(self, reading: Reading, only: str = "") -> None:
        self.on = reading.on
        reports = _reports(reading, only)
        own = pl.col("author") == pl.col("party")
        self._own = self._last(reports.filter(own), "party")
        # What is told of several at once, such as the distance between two, is no account of any of them.
        self._told = self._last(reports.filter(~own & pl.col("alone")), "party")
        self._tells = self._last(reports.filter(~own), "author")
        self._heard = self._last(_words_and_acts(reading, only), "who")
        held = reading.standings(party=only or None).filter(pl.col("standing").is_in(HELD))
        if not reading.according_to:
            held = held.filter(pl.col("reading") == "")
        self._held: dict[str, int] = dict(held["party"].value_counts().iter_rows())

    def _last(self, rows: pl.DataFrame, by: str) -> dict[str, Spoken]:
        """Return the last statement of each; rows come in the order of their days."""
        last = rows.unique(by, keep="last").select(by, "id", "kind", pl.col("author").alias("by"), "on", "on_last")
        return {
            who: Spoken(statement=id, kind=kind, author=author, on=on, days=days_between(day, self.on))
            for who, id, kind, author, on, day in last.iter_rows()
        }

    def row(self, party: Party) -> PartyRow:
        """Return the row of a party."""
        id = party.id
        return PartyRow(
            party=id, kind=party.kind, name=party.name, iso_numeric=party.iso_numeric, cow=party.cow,
            cow_number=party.cow_number, from_=party.from_, until=party.until, continues=party.continues,
            members=list(party.members), held=self._held.get(id, 0),
            declared=self._own.get(id) or (None if party.kind == "state" else self._tells.get(id)),
            told=self._told.get(id), heard=self._heard.get(id),
        )  # fmt: skip


def _reports(reading: Reading, only: str) -> pl.DataFrame:
    """Return the reports, one row for each party that they are about; with `only`, those by or about one party."""
    rows = reading.view.of("report").select(*_SIGN, "party")
    if only:
        rows = rows.filter((pl.col("author") == only) | pl.col("party").str.contains(only, literal=True))
    rows = rows.with_columns(pl.col("party").str.split(";"))
    return rows.with_columns((pl.col("party").list.len() == 1).alias("alone")).explode("party")


def _words_and_acts(reading: Reading, only: str) -> pl.DataFrame:
    """Return who is heard in every statement: its author, and the parties in whose name an act is told."""
    parts = []
    for kind in KINDS:
        rows = reading.view.of(kind).select(*_SIGN, pl.col("author").alias("who"))
        parts.append(rows.filter(pl.col("who") == only) if only else rows)
    acts = reading.view.of("act").select(*_SIGN, pl.col("party").alias("who")).filter(pl.col("who") != pl.col("author"))
    if only:
        acts = acts.filter(pl.col("who").str.contains(only, literal=True))
    parts.append(acts.with_columns(pl.col("who").str.split(";")).explode("who"))
    return pl.concat(parts).sort("on_last", "id")


_SIGN = ("id", "kind", "author", "on", "on_last")
