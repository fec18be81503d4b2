"""Commitments: what was undertaken and is neither fulfilled nor dropped, and what is overdue."""

from __future__ import annotations

from datetime import date

from detente.consultation.said import Said
from detente.consultation.said import last_commitments
from detente.consultation.said import positions
from detente.record.timeline import View

__all__ = ["open_commitments", "overdue", "unanswered_offers"]


def open_commitments(view: View) -> list[Said]:
    """Return the commitments that are open on the view's day, one row a party.

    A commitment's thread is its topic and party; the last word of the thread decides.
    """
    rows = view.knowledge.kept(last_commitments)
    return [s for s in rows if s.verb == "undertake" and s.beyond and s.on_last <= view.on < s.beyond]


def overdue(said: Said, on: date) -> bool:
    """Return whether the day by which a commitment was to be kept has passed."""
    return said.due_last is not None and said.due_last < on


_ANSWERS = ("accept", "decline", "counter", "reject")


def unanswered_offers(view: View, between: tuple[str, str], since: date) -> list[Said]:
    """Return the proposals of one of the two, made since a day, that the other has not answered on record.

    An answer accepts, declines, counters or rejects, on the topic and not before the offer; an affirmation
    answers only what it names in `refs`.  Where both have proposed on a topic, the two are talking.
    """
    said = view.knowledge.kept(positions).of(between, since, view.on)
    offers = {
        (s.topic, s.author): s for s in said if s.verb == "propose" and (s.until_last is None or s.until_last > view.on)
    }
    return [offer for offer in offers.values() if not any(_answers(other, offer) for other in said)]


def _answers(said: Said, offer: Said) -> bool:
    if said.topic is None or said.topic != offer.topic or said.author == offer.author:
        return False
    if said.verb == "affirm":
        return offer.id in (said.refs or "").split(";")
    return said.verb == "propose" or (said.verb in _ANSWERS and said.on_last >= offer.on_last)
