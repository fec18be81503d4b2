"""Concerns: what an author holds against a party and has neither resolved nor withdrawn, and what was answered."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from detente.consultation.said import Said
from detente.consultation.said import concerns
from detente.record.timeline import Knowledge
from detente.record.timeline import View

__all__ = ["HISTORY", "Thread", "open_threads"]

HISTORY = relativedelta(years=5)
"""What was held about a text that has ended is history once nobody has said it again for so long."""


class Thread(NamedTuple):
    """One author's case against one party on one topic, under an instrument (else an issue)."""

    since: date
    last: Said
    answer: Said | None
    """What the party last answered on the topic, to whomever, after the author first raised it."""


def open_threads(view: View) -> list[Thread]:
    """Return every thread whose last word is a charge or a doubt, in the order in which they were begun."""
    raised: dict[tuple[str | None, ...], list[Said]] = {}
    answers: dict[tuple[str | None, ...], Said] = {}
    for said in view.knowledge.kept(_in_order):
        if said.on_last > view.on:
            break
        if said.verb in ("answer", "concede"):
            answers[said.under, said.topic, said.author] = said
        elif said.party != said.author:
            raised.setdefault((said.under, said.topic, said.author, said.party), []).append(said)
    found = []
    for rows in raised.values():
        first, last = rows[0], rows[-1]
        if last.verb in ("allege", "question"):
            answer = answers.get((last.under, last.topic, last.party))
            late = answer is not None and answer.on_last >= first.on_last
            found.append(Thread(first.on_last, last, answer if late else None))
    return found


def _in_order(knowledge: Knowledge) -> list[Said]:
    """Return every concern that is known in the order of the days, one row for each party that it is filed under."""
    return sorted(said for rows in knowledge.kept(concerns).values() for said in rows)
