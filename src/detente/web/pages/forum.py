"""One forum: its charters in time, who chairs it, its sessions, and what its charter would cover today."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from detente.consultation.item import Item
from detente.consultation.wording import every_words
from detente.consultation.wording import period_words
from detente.reading.forum import Charter
from detente.reading.forum import ForumAnswer
from detente.reading.forum import Session
from detente.reading.forum import forum as forum_answer
from detente.record.registers import Words
from detente.rendering.calendar import sessions_calendar
from detente.rendering.statement_words import verb_words
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.asked import forum_asked
from detente.web.pages.forums import nested
from detente.web.pictures.sessions import draw_sessions

__all__ = ["SessionLine", "forum"]


class Step(msgspec.Struct, frozen=True):
    """An act on the forum, with its verb in words."""

    act: Charter
    verb: Words


class Covered(msgspec.Struct, frozen=True):
    """The items of one section of the agenda that the charter covers."""

    section: str
    items: list[Item]


class SessionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One session as a row of a spreadsheet."""

    forum: str
    session: str
    on: str
    until: str
    planned: bool
    level: str
    place: str
    parties: list[str]
    says: Words
    publisher: str
    address: str


def forum(ask: Ask, id: str) -> Page:
    """Return the page of a forum."""
    answer = forum_answer(ask.reading, forum_asked(ask, id), ask.desk.pair(ask.chosen), ask.chosen.horizon)
    row = answer.forum
    return Page(
        template="forum.html",
        title=row.title,
        answer=answer,
        rows=[_line(id, session) for session in (*answer.planned, *answer.held)],
        calendar=lambda language: sessions_calendar(answer, language),
        stamp=answer.stamp,
        context={
            "answer": answer,
            "row": row,
            "steps": [Step(act, verb_words("forum-act", act.verb)) for act in answer.acts],
            "days": (ask.chosen.on - row.last).days if row.last else None,
            "every": every_words(row.cadence) if row.cadence else None,
            "lapses": period_words(answer.lapses_after) if answer.lapses_after else None,
            "picture": draw_sessions(answer),
            "groups": nested(ask, answer.groups),
            "covered": _covered(answer),
            "own_pair": answer.members if len(answer.members) == 2 else [],
            "sitting": sorted(answer.members),
        },
    )


def _covered(answer: ForumAnswer) -> list[Covered]:
    found: dict[str, list[Item]] = defaultdict(list)
    for item in answer.covers:
        found[item.section].append(item)
    return [Covered(section, items) for section, items in found.items()]


def _line(forum: str, session: Session) -> SessionLine:
    return SessionLine(
        forum=forum, session=session.statement, on=session.on, until=session.until, planned=session.planned,
        level=session.level, place=session.place, parties=session.parties, says=session.says,
        publisher=session.publisher, address=session.address,
    )  # fmt: skip
