"""iCalendar (RFC 5545): what is due as all-day events that any calendar can subscribe to."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from importlib import import_module
from typing import Any

from detente.consultation.item import Agenda
from detente.reading.answers import DueAnswer
from detente.reading.forum import ForumAnswer

__all__ = ["agenda_calendar", "due_calendar", "sessions_calendar"]


def _library() -> Any:  # noqa: ANN401 - the library costs more to import than a whole agenda, and few ask for it
    return import_module("icalendar")


def _calendar(name: str, stamp: str) -> Any:  # noqa: ANN401
    calendar = _library().Calendar()
    calendar.add("prodid", "-//Detente//arms-control agenda//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-detente-stamp", stamp)
    return calendar


def _event(uid: str, day: date, made: date, title: str, why: str) -> Any:  # noqa: ANN401
    event = _library().Event()
    event.add("uid", f"{uid}@detente")
    # The stamp's own day, not the clock: the same question gives the same bytes.
    event.add("dtstamp", datetime(made.year, made.month, made.day, tzinfo=UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    if why:
        event.add("description", why)
    event.add("transp", "TRANSPARENT")
    return event


def agenda_calendar(agenda: Agenda, language: str) -> str:
    """Return the items of an agenda that have a day to come."""
    calendar = _calendar(f"Detente {' - '.join(agenda.between)}", agenda.stamp)
    for item in agenda.items():
        if item.until and item.until >= agenda.on:
            title, why = item.title.get(language), item.why.get(language)
            calendar.add_component(_event(item.id, item.until, agenda.on, title, why))
    return _text(calendar)


def due_calendar(answer: DueAnswer, language: str) -> str:
    """Return everything that is due as events."""
    calendar = _calendar("Detente due", answer.stamp)
    for row in answer.due:
        uid = ".".join(filter(None, (row.kind, row.instrument, row.provision, row.day.isoformat(), row.title.en[:24])))
        why = ", ".join(row.parties)
        calendar.add_component(_event(uid.replace(" ", "-"), row.day, answer.on, row.title.get(language), why))
    return _text(calendar)


def sessions_calendar(answer: ForumAnswer, language: str) -> str:
    """Return the announced sessions of a forum as events, at the place where they were announced for."""
    calendar = _calendar(f"Detente {answer.forum.forum}", answer.stamp)
    title = answer.forum.title.get(language)
    for session in answer.planned:
        event = _event(session.statement, session.day, answer.on, title, session.says.get(language))
        if session.place:
            event.add("location", session.place)
        calendar.add_component(event)
    return _text(calendar)


def _text(calendar: Any) -> str:  # noqa: ANN401
    raw: bytes = calendar.to_ical()
    return raw.decode("utf-8")
