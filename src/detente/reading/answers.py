"""The shapes in which questions are answered; each is also the documented JSON of its command."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from detente.consultation.claims import Tested
from detente.errors import Problem
from detente.record.registers import Words

__all__ = [
    "Answer", "Change", "CheckAnswer", "ClaimsAnswer", "DiffAnswer", "DueAnswer", "DueRow", "Evidence",
    "ExplainAnswer", "FindingRow", "FindingsAnswer", "ForumRow", "ForumsAnswer", "HistoryAnswer", "HistoryRow",
    "ShowAnswer", "StandingRow", "StatusAnswer", "StatusRow", "TiesAnswer", "TiesYear",
]  # fmt: skip

VERSION = 1


class Answer(msgspec.Struct, kw_only=True):
    """What every answer says of itself."""

    version: int = VERSION
    on: date
    known_by: date | None
    according_to: str | None
    stamp: str


class StatusRow(msgspec.Struct, kw_only=True):
    """One instrument as a whole on a day, in one reading ("" = the common one)."""

    instrument: str
    issue: str
    title: Words
    reading: str
    in_force: bool
    since: date | None
    ends: date | None
    days_left: int | None
    ended: date | None
    how: str
    parties: int
    last_act: str
    last_act_on: str


class StandingRow(msgspec.Struct, kw_only=True):
    """How one party stands to one instrument."""

    instrument: str
    party: str
    reading: str
    standing: str
    since: date | None
    until: date | None
    act: str


class StatusAnswer(Answer, kw_only=True):
    """Instruments and standings."""

    instruments: list[StatusRow]
    standings: list[StandingRow]


class FindingRow(msgspec.Struct, kw_only=True):
    """One provision for one party according to one author ("" = the common reading)."""

    id: str
    instrument: str
    provision: str
    kind: str
    party: str
    author: str
    state: str
    reason: str
    value: str | None
    limit: str | None
    since: date | None
    until: date | None
    evidence: list[str]


class FindingsAnswer(Answer, kw_only=True):
    """Findings."""

    findings: list[FindingRow]


class Evidence(msgspec.Struct, kw_only=True):
    """One statement with its source, as a trace shows it."""

    statement: str
    author: str
    kind: str
    on: str
    known: str
    says: Words
    value: str
    place: str
    source: str
    address: str
    publisher: str
    tier: str
    basis: str


class ExplainAnswer(Answer, kw_only=True):
    """How a finding or an agenda item was computed."""

    id: str
    title: Words
    result: Words
    steps: list[Words]
    provision: dict[str, Any]
    evidence: list[Evidence]


class DueRow(msgspec.Struct, kw_only=True):
    """One day on which something ends, begins or falls due."""

    day: date
    kind: str
    issue: str
    instrument: str
    provision: str
    parties: list[str]
    title: Words


class DueAnswer(Answer, kw_only=True):
    """What falls due within a time."""

    within: str
    due: list[DueRow]


class Change(msgspec.Struct, kw_only=True):
    """One thing that stands otherwise on the second day than on the first."""

    what: str
    id: str
    title: Words
    before: Words
    after: Words
    evidence: list[str]


class DiffAnswer(Answer, kw_only=True):
    """What changed between two days (or two knowledge days)."""

    first: date
    first_known_by: date | None
    statements: int
    changes: list[Change]


class HistoryRow(msgspec.Struct, kw_only=True):
    """A finding that held from a day (inclusive) until another (exclusive; None = still)."""

    party: str
    author: str
    state: str
    reason: str
    value: str | None
    limit: str | None
    from_: date = msgspec.field(name="from")
    until: date | None
    evidence: list[str]


class HistoryAnswer(Answer, kw_only=True):
    """The finding over time."""

    instrument: str
    provision: str
    title: Words
    rows: list[HistoryRow]


class ForumRow(msgspec.Struct, kw_only=True):
    """A forum on a day."""

    forum: str
    title: Words
    kind: str
    state: str
    since: date | None
    chartered: date | None
    umbrella: str
    cadence: str
    level: str
    scope: Words
    issues: list[str]
    sessions: int
    last: date | None
    next: str
    chairs: list[dict[str, str]]
    evidence: list[str]


class ForumsAnswer(Answer, kw_only=True):
    """Forums; where one was asked for, it is the first, and its groups follow."""

    asked: str
    forums: list[ForumRow]


class TiesYear(msgspec.Struct, kw_only=True):
    """Live ties on a day."""

    on: date
    instruments: list[str]
    treaties: list[str]
    """Those of the instruments that bind in law; the others are political texts."""
    forums: list[str]
    exchanges: list[str]
    total: int


class TiesAnswer(Answer, kw_only=True):
    """Ties by year."""

    between: tuple[str, str]
    years: list[TiesYear]


class ClaimsAnswer(Answer, kw_only=True):
    """Claims, each tested by every measure."""

    claims: list[Tested]


class CheckAnswer(msgspec.Struct, kw_only=True):
    """What checking a casebook found."""

    version: int = VERSION
    statements: int
    instruments: int
    errors: int
    warnings: int
    notes: int
    problems: list[Problem]


class ShowAnswer(Answer, kw_only=True):
    """One thing of the record, with what the record holds about it."""

    id: str
    what: str
    title: Words
    fields: dict[str, Any]
    related: list[Evidence]
