"""One party: how it stands to everything, what it declared, what it owes, and what is held against whom."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from datetime import date
from datetime import timedelta
from functools import partial
from typing import Final

import msgspec

from detente.consultation.wording import span_words
from detente.obligations.finding import REASONS
from detente.reading.answers import FindingRow
from detente.reading.due import due
from detente.reading.party import Declared
from detente.reading.party import OpenConcern
from detente.reading.party import PartyAnswer
from detente.reading.party import PartyStanding
from detente.reading.party import party as party_answer
from detente.record.registers import Words
from detente.rendering.calendar import due_calendar
from detente.rendering.statement_words import SILENCE_WORDS
from detente.rendering.statement_words import verb_words
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.asked import issue_asked
from detente.web.pages.asked import party_asked
from detente.web.pages.chips import issue_chips

__all__ = ["StandingLine", "party"]

_GROUPS: Final = (
    ("bound", ("bound", "provisional", "leaving")),
    ("suspended", ("suspended",)),
    ("pending", ("contracting", "signatory")),
    ("out", ("out",)),
    ("ended", ("ended", "none")),
)
"""How standings are gathered on the page, in the order of what they ask of the party."""

_PARTNERS: Final = 8
_SMALL: Final = 6
_SHORT: Final = 31
"""So many days need no larger unit."""


class Otherwise(msgspec.Struct, frozen=True):
    """A standing as some authors read it, unlike the common reading."""

    readers: list[str]
    standing: str
    since: date | None


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """The party's standing to one instrument, with the readings that differ."""

    row: PartyStanding
    deed: Words | None
    """The act in words; None where the standing rests on the text itself."""
    others: list[Otherwise]


class Group(msgspec.Struct, frozen=True):
    """The standings of one kind."""

    name: str
    rows: list[Stands]


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One state of a provision with everybody who holds it; no readers for the common reading."""

    state: str
    reason: Words
    value: str
    readers: list[str]
    id: str


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One provision with the states in which it stands in the readings of it."""

    instrument: str
    provision: str
    title: Words
    held: list[Held]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The last report on a measure, with the silence in words."""

    row: Declared
    silence: Words


class Concern(msgspec.Struct, frozen=True, kw_only=True):
    """An open concern, with its verb in words and its age."""

    row: OpenConcern
    verb: Words
    days: int


class StandingLine(msgspec.Struct, frozen=True, kw_only=True):
    """One standing as a row of a spreadsheet."""

    party: str
    instrument: str
    title: Words
    issue: str
    reading: str
    standing: str
    since: date | None
    until: date | None
    in_force: bool
    deed: str
    act: str


def party(ask: Ask, id: str) -> Page:
    """Return the page of a party, under the name that it has on the day."""
    issue = issue_asked(ask)
    whole = party_answer(ask.reading, party_asked(ask, id))
    whole.asked = id.strip().upper()
    answer = _narrowed(whole, issue) if issue else whole
    found = answer.party.party
    judged = _judged(ask, answer.findings)
    return Page(
        template="party.html",
        title=answer.party.name,
        answer=answer,
        rows=[_line(found, row) for row in answer.standings],
        calendar=partial(_calendar, ask, found),
        stamp=answer.stamp,
        context={
            "answer": answer,
            "party": answer.party,
            "silent": _silence(answer),
            "asked": _other(ask, whole),
            "issue_chips": issue_chips(ask, _issues(whole), issue),
            "groups": _groups(answer.standings),
            "own": _reports(answer.declarations),
            "accounts": _reports(answer.accounts),
            "tells": _reports(answer.tells),
            "not_met": [j for j in judged if any(h.state == "not met" for h in j.held)],
            "unknown": [j for j in judged if all(h.state != "not met" for h in j.held)],
            "about": _concerns(ask, answer.concerns_about),
            "by": _concerns(ask, answer.concerns_by),
            "forums": _by_state(answer),
            "partners": _partners(ask, answer),
        },
    )


def _calendar(ask: Ask, party: str, language: str) -> str:
    return due_calendar(due(ask.reading, ask.chosen.horizon, party), language)


def _narrowed(answer: PartyAnswer, issue: str) -> PartyAnswer:
    """Return the answer with what bears on one issue."""
    names = ("standings", "declarations", "accounts", "tells", "concerns_about", "concerns_by", "commitments")
    narrowed = {name: [row for row in getattr(answer, name) if _issue_of(row) == issue] for name in names}
    texts = {row.instrument for row in answer.standings if row.issue == issue}
    findings = [row for row in answer.findings if row.instrument in texts]
    forums = [row for row in answer.forums if issue in row.issues]
    return msgspec.structs.replace(answer, **narrowed, findings=findings, forums=forums)


def _issue_of(row: object) -> str:
    return str(getattr(row, "issue", ""))


def _issues(answer: PartyAnswer) -> list[str]:
    rows = (*answer.standings, *answer.declarations, *answer.concerns_about, *answer.concerns_by, *answer.commitments)
    common = [row for row in rows if not getattr(row, "reading", "")]
    return [_issue_of(row) for row in common]


def _silence(answer: PartyAnswer) -> Words | None:
    """Return for how long the party has reported nothing, in calendar units."""
    declared = answer.party.declared
    if declared is None or declared.days <= _SHORT:
        return None
    return span_words(answer.on - timedelta(days=declared.days), answer.on)


def _other(ask: Ask, answer: PartyAnswer) -> str:
    """Return the party that was asked for, where the record shows another in its place on this day."""
    asked = answer.asked
    return asked if asked != answer.party.party and asked in ask.desk.registers.parties else ""


def _groups(rows: list[PartyStanding]) -> list[Group]:
    """Return the standings by what they ask of the party; other readings stand beside the common one."""
    by_text: dict[str, list[PartyStanding]] = defaultdict(list)
    for row in rows:
        by_text[row.instrument].append(row)
    gathered: dict[str, list[Stands]] = defaultdict(list)
    for same in by_text.values():
        first, *others = sorted(same, key=lambda row: row.reading != "")
        deed = verb_words("act", first.deed) if first.deed else None
        stands = Stands(row=first, deed=deed, others=_readings(others))
        name = next(name for name, standings in _GROUPS if first.standing in standings)
        gathered[name].append(stands)
    return [Group(name, gathered[name]) for name, _ in _GROUPS if gathered[name]]


def _readings(rows: list[PartyStanding]) -> list[Otherwise]:
    by_standing: dict[tuple[str, date | None], list[str]] = defaultdict(list)
    for row in rows:
        by_standing[row.standing, row.since].append(row.reading)
    return [Otherwise(readers, standing, since) for (standing, since), readers in by_standing.items()]


def _judged(ask: Ask, rows: list[FindingRow]) -> list[Judged]:
    """Return the provisions, each with the states in which it stands and who holds it so."""
    by_provision: dict[tuple[str, str], list[FindingRow]] = defaultdict(list)
    for row in rows:
        by_provision[row.instrument, row.provision].append(row)
    found = []
    for (instrument, provision), same in by_provision.items():
        article = ask.desk.casebook.instruments[instrument].find(provision)
        found.append(
            Judged(
                instrument=instrument,
                provision=provision,
                title=article.title if article else Words(provision, provision),
                held=_held(same),
            )
        )
    return found


def _held(rows: list[FindingRow]) -> list[Held]:
    by_state: dict[tuple[str, str, str], list[FindingRow]] = defaultdict(list)
    for row in rows:
        value = f"{row.value} ({row.limit})" if row.value and row.limit else row.value or ""
        by_state[row.state, row.reason, value].append(row)
    return [
        Held(
            state=state,
            reason=_reason(reason, same),
            value=value,
            readers=[r.author for r in same if r.author],
            id=same[0].id,
        )
        for (state, reason, value), same in by_state.items()
    ]


def _reason(reason: str, rows: list[FindingRow]) -> Words:
    """Return a reason in words; nobody in particular doubts in the common reading, there is a concern."""
    return _CONCERN_OPEN if reason == "doubt" and not any(row.author for row in rows) else REASONS[reason]


_CONCERN_OPEN: Final = Words("a concern about it is open", "есть неснятая озабоченность")


def _reports(rows: list[Declared]) -> list[Report]:
    return [Report(row=row, silence=SILENCE_WORDS[row.silence]) for row in rows]


def _concerns(ask: Ask, rows: list[OpenConcern]) -> list[Concern]:
    return [
        Concern(row=row, verb=verb_words("concern", row.verb), days=(ask.chosen.on - row.said).days) for row in rows
    ]


def _by_state(answer: PartyAnswer) -> dict[str, list[object]]:
    """Return the forums by state, those at work first, the last session first."""
    found: dict[str, list[object]] = {state: [] for state in ("alive", "suspended", "lapsed", "ended")}
    for row in sorted(answer.forums, key=lambda row: (row.last or date.min, row.forum), reverse=True):
        found.setdefault(row.state, []).append(row)
    return {state: rows for state, rows in found.items() if rows}


def _partners(ask: Ask, answer: PartyAnswer) -> list[str]:
    """Return the states with which it shares most small bodies and open concerns, to compare it with."""
    me, registers, at = answer.party.party, ask.desk.registers, ask.reading.view.at
    counts: Counter[str] = Counter()
    for concern in (*answer.concerns_about, *answer.concerns_by):
        counts[concern.author if concern.about == me else concern.about] += 1
    for row in answer.forums:
        members = {at(member) for member in registers.forums[row.forum].members}
        if len(members) <= _SMALL:
            counts.update(members)
    counts.pop(me, None)
    return [party for party, _ in counts.most_common() if registers.parties[party].kind == "state"][:_PARTNERS]


def _line(party: str, row: PartyStanding) -> StandingLine:
    return StandingLine(
        party=party, instrument=row.instrument, title=row.title, issue=row.issue, reading=row.reading,
        standing=row.standing, since=row.since, until=row.until, in_force=row.in_force, deed=row.deed, act=row.act,
    )  # fmt: skip
