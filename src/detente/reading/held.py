"""What is held and not resolved: the open concerns of the day, of every author about every party."""

from __future__ import annotations

from datetime import date

import msgspec

from detente.consultation.concerns import HISTORY
from detente.consultation.concerns import Thread
from detente.consultation.concerns import open_threads
from detente.reading.reading import Reading
from detente.record.registers import Words

__all__ = ["OpenConcern", "held"]


class OpenConcern(msgspec.Struct, kw_only=True):
    """What an author holds against a party and has neither resolved nor withdrawn."""

    author: str
    about: str
    issue: str
    instrument: str
    provision: str
    topic: str
    verb: str
    since: date
    said: date
    says: Words
    statement: str
    answered: date | None
    answer: str


def held(reading: Reading) -> tuple[list[OpenConcern], list[OpenConcern]]:
    """Return the concerns that are open, the last said first, and those that are history.

    What was held about a text that is over for the party is history once nobody has said it again for five
    years: the rule of the agenda.
    """
    now: list[OpenConcern] = []
    past: list[OpenConcern] = []
    for thread in sorted(open_threads(reading.view), key=lambda t: t.last.number, reverse=True):
        (past if _is_history(reading, thread) else now).append(_concern(thread))
    return now, past


def _is_history(reading: Reading, thread: Thread) -> bool:
    """Return whether a concern is about a text that is over for the party, and was not heard of for years."""
    standing, law = reading.standing, thread.last.instrument or ""
    if thread.last.on_last >= reading.on - HISTORY or law not in reading.casebook.instruments:
        return False
    return bool(standing.life(law).ended) or standing.of(law, thread.last.party or "").standing == "out"


def _concern(thread: Thread) -> OpenConcern:
    last, answer = thread.last, thread.answer
    english = last.en or last.topic or ""
    return OpenConcern(
        author=last.author,
        about=last.party or "",
        issue=last.issue or "",
        instrument=last.instrument or "",
        provision=last.provision or "",
        topic=last.topic or "",
        verb=last.verb,
        since=thread.since,
        said=last.on_last,
        says=Words(english, last.ru or english),
        statement=last.id,
        answered=answer.on_last if answer else None,
        answer=answer.id if answer else "",
    )
