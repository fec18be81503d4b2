"""Issues: under each, the texts in force, the forums that meet, the open concerns, and what is on the agenda."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from detente.consultation.item import SECTIONS
from detente.consultation.item import Agenda
from detente.consultation.item import Item
from detente.errors import DetenteError
from detente.reading.answers import Answer
from detente.reading.answers import ForumRow
from detente.reading.answers import StatusRow
from detente.reading.browse import Query
from detente.reading.browse import Statement
from detente.reading.browse import browse
from detente.reading.browse import matching
from detente.reading.browse import statement_row
from detente.reading.held import OpenConcern
from detente.reading.held import held
from detente.reading.meetings import forums
from detente.reading.reading import Reading
from detente.reading.status import status
from detente.record.registers import Words

__all__ = ["IssueAnswer", "IssueRow", "IssuesAnswer", "issue", "issues"]

_LATEST = 12


class IssueRow(msgspec.Struct, kw_only=True):
    """One issue on a day, in numbers."""

    issue: str
    title: Words
    ministries: list[str]
    instruments: int
    """The texts that had been made by the day, in the common reading."""
    in_force: int
    forums: int
    """The forums whose charter covers it and which had been chartered by the day."""
    alive: int
    concerns: int
    """The concerns that are open, of every author."""
    statements: int
    last: Statement | None
    """The last statement that counts."""
    items: dict[str, int]
    """The items of the pair's agenda, by section."""


class IssuesAnswer(Answer, kw_only=True):
    """Every issue, in the order of the register."""

    between: tuple[str, str]
    issues: list[IssueRow]


class IssueAnswer(Answer, kw_only=True):
    """One issue on a day."""

    between: tuple[str, str]
    issue: IssueRow
    instruments: list[StatusRow]
    forums: list[ForumRow]
    concerns: list[OpenConcern]
    past_concerns: int
    """Not listed: about texts that have ended, not heard of for five years."""
    items: list[Item]
    latest: list[Statement]


class _Gathered(msgspec.Struct):
    """What a day holds, from which each issue takes its part."""

    agenda: Agenda
    texts: list[StatusRow]
    forums: list[ForumRow]
    concerns: list[OpenConcern]
    past: list[OpenConcern]
    counts: dict[str, int]
    last: dict[str, Statement]


def issues(reading: Reading, between: tuple[str, str], horizon: str = "P3Y") -> IssuesAnswer:
    """Return every issue with what stands under it on the day, and on the agenda of two parties."""
    found = _gathered(reading, between, horizon)
    return IssuesAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        between=found.agenda.between,
        issues=[_row(reading, id, found) for id in reading.casebook.record.registers.issues],
    )


def issue(reading: Reading, id: str, between: tuple[str, str], horizon: str = "P3Y") -> IssueAnswer:
    """Return one issue in full; raise DetenteError naming those that there are."""
    register = reading.casebook.record.registers.issues
    if id not in register:
        raise DetenteError(f"The record holds no issue '{id}'.", f"It has: {', '.join(register)}.")
    found = _gathered(reading, between, horizon)
    return IssueAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        between=found.agenda.between,
        issue=_row(reading, id, found),
        instruments=[row for row in found.texts if row.issue == id],
        forums=_of(found.forums, id),
        concerns=[thread for thread in found.concerns if thread.issue == id],
        past_concerns=sum(thread.issue == id for thread in found.past),
        items=[item for item in found.agenda.items() if item.issue == id],
        latest=browse(reading, Query(issue=id)).statements[:_LATEST],
    )


def _gathered(reading: Reading, between: tuple[str, str], horizon: str) -> _Gathered:
    now, past = held(reading)
    counting = matching(reading, Query())
    counts = {str(name): int(count) for name, count in counting["issue"].value_counts().iter_rows()}
    latest = counting.group_by("issue").last()
    rows = reading.casebook.shelf.rows(latest["row"])
    return _Gathered(
        agenda=reading.agenda(*between, horizon),
        texts=status(reading).instruments,
        forums=forums(reading).forums,
        concerns=now,
        past=past,
        counts=counts,
        last={str(row["issue"]): statement_row(reading, row) for row in rows},
    )


def _of(rows: Iterable[ForumRow], id: str) -> list[ForumRow]:
    return [row for row in rows if id in row.issues]


def _row(reading: Reading, id: str, found: _Gathered) -> IssueRow:
    entry = reading.casebook.record.registers.issues[id]
    common = [row for row in found.texts if row.issue == id and row.reading == (reading.according_to or "")]
    bodies = _of(found.forums, id)
    sections = Counter(item.section for item in found.agenda.items() if item.issue == id)
    return IssueRow(
        issue=id,
        title=entry.title,
        ministries=list(entry.ministries),
        instruments=len(common),
        in_force=sum(row.in_force for row in common),
        forums=len(bodies),
        alive=sum(row.state == "alive" for row in bodies),
        concerns=sum(thread.issue == id for thread in found.concerns),
        statements=found.counts.get(id, 0),
        last=found.last.get(id),
        items={section: sections[section] for section in SECTIONS},
    )
