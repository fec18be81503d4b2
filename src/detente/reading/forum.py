"""One forum in time: its charters, who chairs it, its sessions, and what its charter would cover of an agenda."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import polars as pl

from detente.consultation.item import Item
from detente.consultation.placing import covered
from detente.reading.answers import Answer
from detente.reading.answers import ForumRow
from detente.reading.meetings import forums
from detente.reading.parties import head
from detente.reading.reading import Reading
from detente.record.dates import counts_from
from detente.record.dates import days_between
from detente.record.registers import Forum
from detente.record.registers import Words

__all__ = ["Chair", "Charter", "ForumAnswer", "Session", "forum"]


class Charter(msgspec.Struct, kw_only=True):
    """One act on the forum: chartered, chartered anew, a chair appointed, suspended, resumed, ended."""

    verb: str
    on: str
    days: int
    author: str
    says: Words
    statement: str
    publisher: str
    address: str


class Chair(msgspec.Struct, kw_only=True):
    """Who chairs the forum for a party, by office and ministry, and when."""

    party: str
    office: str
    ministry: str
    person: str
    from_: str = msgspec.field(name="from")
    until: str
    now: bool


class Session(msgspec.Struct, kw_only=True):
    """One session, held or announced."""

    statement: str
    on: str
    until: str
    day: date
    days: int
    """Days since it began; negative where it is still to come."""
    planned: bool
    level: str
    place: str
    parties: list[str]
    says: Words
    publisher: str
    address: str


class ForumAnswer(Answer, kw_only=True):
    """A forum as the record holds it on a day."""

    forum: ForumRow
    members: list[str]
    """Under the names that they have on the day."""
    instruments: list[str]
    inherited: str
    """The umbrella whose suspension or end the state follows from, if it does."""
    lapses_after: str
    above: list[str]
    """The forums to which it belongs, the nearest first."""
    acts: list[Charter]
    chairs: list[Chair]
    planned: list[Session]
    held: list[Session]
    groups: list[ForumRow]
    between: tuple[str, str]
    both_sit: bool
    covers: list[Item]
    """The items of the agenda of `between` that the charter covers; none where the two do not both sit in it."""


def forum(reading: Reading, id: str, between: tuple[str, str], horizon: str = "P3Y") -> ForumAnswer:
    """Return a forum on a day; raise DetenteError with near names where there is none."""
    rows = forums(reading, id).forums
    registers = reading.casebook.record.registers
    entry, state = registers.forums[id], reading.forum_states[id]
    sitting = reading.sitting(*between, horizon)
    both_sit = id in sitting.sitting_forums
    items = reading.agenda(*between, horizon).items() if both_sit else []
    planned, held = _sessions(reading, id)
    members = dict.fromkeys(reading.view.at(member) for member in entry.members)
    return ForumAnswer(
        **head(reading),
        forum=rows[0],
        members=list(members),
        instruments=[i for i in entry.instruments if i in reading.casebook.instruments],
        inherited=state.inherited,
        lapses_after=entry.lapses_after,
        above=_above(entry, registers.forums),
        acts=_acts(reading, id),
        chairs=_chairs(entry, reading.on),
        planned=planned,
        held=held,
        groups=[row for row in rows[1:] if row.state != "not yet"],
        between=sitting.pair,
        both_sit=both_sit,
        covers=covered(items, entry, sitting),
    )


def _above(entry: Forum, register: dict[str, Forum]) -> list[str]:
    found: list[str] = []
    while entry.umbrella in register and entry.umbrella not in found:
        found.append(entry.umbrella)
        entry = register[entry.umbrella]
    return found


def _acts(reading: Reading, id: str) -> list[Charter]:
    """Return the acts on the forum, oldest first."""
    rows = reading.view.of("forum-act").filter(pl.col("forum") == id)
    return [
        Charter(
            verb=row["verb"],
            on=row["on"],
            days=days_between(row["on_last"], reading.on),
            author=row["author"],
            says=_words(row),
            statement=row["id"],
            **_source(reading, row["source"]),
        )
        for row in rows.iter_rows(named=True)
    ]


def _source(reading: Reading, id: str) -> dict[str, str]:
    source = reading.casebook.record.registers.sources.get(id)
    return {"publisher": source.publisher, "address": source.address} if source else {"publisher": "", "address": ""}


def _words(row: dict[str, Any]) -> Words:
    return Words(row["en"] or "", row["ru"] or row["en"] or "")


def _chairs(entry: Forum, on: date) -> list[Chair]:
    """Return who has chaired the forum by the day, in the register's order."""
    begun = (c for c in entry.co_chairs if not c.from_ or counts_from(c.from_) <= on)
    return [
        Chair(
            party=c.party,
            office=c.office,
            ministry=c.ministry,
            person=c.person,
            from_=c.from_,
            until=c.until,
            now=not c.until or on < counts_from(c.until),
        )
        for c in begun
    ]


def _sessions(reading: Reading, id: str) -> tuple[list[Session], list[Session]]:
    """Return the sessions that were announced by the day, the next first, and those held, the latest first."""
    mine = pl.col("forum") == id
    planned = reading.view.announced("meeting").filter(mine)
    held = reading.view.of("meeting").filter(mine).reverse()
    return (
        [_session(reading, row, planned=True) for row in planned.iter_rows(named=True)],
        [_session(reading, row, planned=False) for row in held.iter_rows(named=True)],
    )


def _session(reading: Reading, row: dict[str, Any], planned: bool) -> Session:
    return Session(
        statement=row["id"], on=row["on"], until=row["until"] or "", day=row["on_last"],
        days=days_between(row["on_last"], reading.on), planned=planned, level=row["level"] or "",
        place=row["place"] or "", parties=row["party"].split(";") if row["party"] else [],
        # What a session came to is told after it, by the same statement that announced it.
        says=Words("", "") if planned else _words(row),
        **_source(reading, row["source"]),
    )  # fmt: skip
