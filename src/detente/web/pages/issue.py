"""One issue: its texts and forums with their states, open concerns by topic, the agenda, the latest statements."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final

import msgspec

from detente.consultation.item import SECTIONS
from detente.consultation.item import Item
from detente.reading.answers import StatusRow
from detente.reading.held import OpenConcern
from detente.reading.issues import issue as issue_of
from detente.record.registers import Words
from detente.rendering.statement_words import verb_words
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import missing
from detente.web.pages.day import agenda_row
from detente.web.pages.forums import nested
from detente.web.pages.instruments import Shown
from detente.web.pages.instruments import shown_readings
from detente.web.pages.lines import lines
from detente.web.pages.lists import number

__all__ = ["issue"]

_STATES: Final = ("in-force", "not-yet", "ended")


class Text(msgspec.Struct, frozen=True):
    """One text of the issue, in each reading that differs."""

    id: str
    short: Words
    shown: list[Shown]


class Concern(msgspec.Struct, frozen=True):
    """One open concern with what was said in words, and how long ago it was begun; about several where said of all."""

    row: OpenConcern
    about: list[str]
    verb: Words
    days: int


class Topic(msgspec.Struct, frozen=True):
    """The open concerns on one topic, under one text or under the issue itself."""

    topic: str
    instrument: str
    address: str
    concerns: list[Concern]


class Part(msgspec.Struct, frozen=True):
    """The items of one section of the agenda."""

    section: str
    items: list[Item]


def issue(ask: Ask, id: str) -> Page:
    """Return the page of an issue on the day."""
    register = ask.desk.registers.issues
    if id not in register:
        listed = ", ".join(register)
        what = Words(f"The record holds no issue “{id[:80]}”.", f"В записях нет темы «{id[:80]}».")
        raise missing(what, Words(f"It has: {listed}.", f"Есть такие: {listed}."), "", id)
    answer = issue_of(ask.reading, id, ask.chosen.between, ask.chosen.horizon)
    return Page(
        template="issue.html",
        title=answer.issue.title,
        answer=answer,
        rows=[agenda_row(item) for item in answer.items],
        stamp=answer.stamp,
        context={
            "answer": answer,
            "row": answer.issue,
            "parts": [Part(s, [i for i in answer.items if i.section == s]) for s in SECTIONS],
            "texts": _texts(ask, answer.instruments),
            "forums": nested(ask, answer.forums),
            "topics": _topics(ask, answer.concerns),
            "lines": lines(ask, answer.latest),
            "all_statements": ask.links.to("statements", issue=id),
            "on_day": f"{ask.links.to('day')}#",
            "number": lambda value: number(value, ask.language),
            "others": [(other.id, other.title) for other in register.values()],
        },
    )


def _texts(ask: Ask, rows: list[StatusRow]) -> list[Text]:
    """Return the texts, those in force first, the soonest end before the others."""
    readings: dict[str, list[StatusRow]] = defaultdict(list)
    for row in rows:
        readings[row.instrument].append(row)
    found = [Text(id, same[0].title, shown_readings(same, ask.desk.registers)) for id, same in readings.items()]
    return sorted(found, key=_rank)


def _rank(text: Text) -> tuple[int, date, int]:
    first = text.shown[0]
    ended = -first.row.ended.toordinal() if first.row.ended else 0
    return _STATES.index(first.state), first.row.ends or date.max, ended


def _topics(ask: Ask, concerns: list[OpenConcern]) -> list[Topic]:
    """Return the concerns by topic, the topic last heard of first."""
    grouped: dict[tuple[str, str], list[OpenConcern]] = defaultdict(list)
    for concern in concerns:
        grouped[concern.topic, concern.instrument].append(concern)
    return [
        Topic(topic, instrument, ask.links.to("statements", topic=topic, order="oldest"), _merged(rows, ask.chosen.on))
        for (topic, instrument), rows in grouped.items()
    ]


def _merged(rows: list[OpenConcern], on: date) -> list[Concern]:
    """Return concerns in the order in which they were begun; one statement about several parties is told once."""
    same: dict[tuple[str, date, str], list[OpenConcern]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.since, row.author, row.about)):
        same[row.statement, row.since, row.answer].append(row)
    return [
        Concern(
            first[0], [row.about for row in first], verb_words("concern", first[0].verb), (on - first[0].since).days
        )
        for first in same.values()
    ]
