"""Placing: which forum would take an item up, and which items a silent forum's charter covers.

The order of preference is the table `PREFERENCES`; it is printed with the agenda, so that nobody has to
guess why an item stands where it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from detente.consultation.forums import ForumState
from detente.consultation.item import Item
from detente.consultation.item import Place
from detente.consultation.sitting import Sitting
from detente.record.registers import Forum
from detente.record.registers import Words

__all__ = ["PREFERENCES", "covered", "place"]

_TALKING = (
    "ministerial", "commission", "working-group", "sub-group", "negotiation", "dialogue", "committee", "conference",
)  # fmt: skip

_MEMORY = relativedelta(years=10)
_FEW = 3


class Seat(NamedTuple):
    """A forum as it stands on the day: what every preference may look at."""

    forum: Forum
    state: ForumState
    alive: bool
    silent: bool
    bilateral: bool
    talks: bool


class Asked(NamedTuple):
    """What an item asks of a forum: the body that its text names, its instrument and its issue."""

    named: str
    instrument: str
    issue: str


_Test = Callable[[Asked, Seat], bool]


def _serves(asked: Asked, forum: Forum) -> bool:
    return bool(asked.instrument) and asked.instrument in forum.instruments


def _covers(asked: Asked, forum: Forum) -> bool:
    """Return whether a charter covers an item's issue; a treaty body does not take up another treaty."""
    if asked.issue not in forum.issues:
        return False
    treaty_body = 0 < len(forum.instruments) <= _FEW and not forum.umbrella
    another = bool(asked.instrument) and asked.instrument not in forum.instruments
    return not (treaty_body and another)


PREFERENCES: Final[tuple[tuple[Words, _Test], ...]] = (
    (
        Words("the living body that the text names", "действующий орган, названный в тексте"),
        lambda asked, seat: asked.named == seat.forum.id and seat.alive,
    ),
    (
        Words("a living body that serves the instrument", "действующий орган этой договорённости"),
        lambda asked, seat: seat.alive and seat.talks and _serves(asked, seat.forum),
    ),
    (
        Words("a living body of the two whose charter covers the issue", "действующий двусторонний орган по теме"),
        lambda asked, seat: seat.alive and seat.talks and seat.bilateral and _covers(asked, seat.forum),
    ),
    (
        Words("a silent body that serves the instrument", "орган этой договорённости, работа которого прервана"),
        lambda asked, seat: seat.silent and _serves(asked, seat.forum),
    ),
    (
        Words(
            "a silent body of the two whose charter covers the issue",
            "двусторонний орган по теме, работа которого прервана",
        ),
        lambda asked, seat: seat.silent and seat.talks and seat.bilateral and _covers(asked, seat.forum),
    ),
    (
        Words("a living body with others whose charter covers the issue", "действующий многосторонний орган по теме"),
        lambda asked, seat: seat.alive and seat.talks and _covers(asked, seat.forum),
    ),
    (
        Words("ministers or leaders", "министры или лидеры"),
        lambda _, seat: (
            seat.forum.kind in ("ministerial", "summit") and seat.state.state in ("alive", "lapsed") and seat.bilateral
        ),
    ),
)
"""In which bodies an item is looked for, in order; the first that fits takes it."""


def place(items: list[Item], sitting: Sitting) -> None:
    """Give every item its forum and ministries, and every silent forum the items that its charter covers."""
    since = sitting.on - _MEMORY
    seats = [_seat(f, sitting) for f in sitting.sitting_forums.values() if _remembered(f, sitting, since)]
    known: dict[Asked, Forum | None] = {}
    for item in items:
        asked = _asked(item, sitting)
        if item.rule not in ("silent", "negotiation"):
            if asked not in known:
                known[asked] = _first_fit(asked, seats, sitting)
            found = known[asked]
            if found:
                item.forum = Place(found.id, sitting.forum_states[found.id].state)
        forum = sitting.registers.forums.get(item.forum.id) if item.forum else None
        if not item.ministries:
            item.ministries = (forum.ministries if forum else ()) or _usual(item.issue, sitting)
    _cover(items, sitting)


def _usual(issue: str, sitting: Sitting) -> tuple[str, ...]:
    """Return the ministries that usually carry an issue."""
    return sitting.registers.issues[issue].ministries if issue in sitting.registers.issues else ()


def _seat(forum: Forum, sitting: Sitting) -> Seat:
    state = sitting.forum_states[forum.id]
    silent = state.state in ("suspended", "lapsed")
    talks = forum.kind in _TALKING
    return Seat(forum, state, state.state == "alive", silent, sitting.bilateral(forum), talks)


def _asked(item: Item, sitting: Sitting) -> Asked:
    """Return what an item asks for; the text names a forum for the provision, or a body for the whole."""
    instrument = sitting.instruments.get(item.instrument)
    provision = instrument.find(item.provision) if instrument and item.provision else None
    named = (provision.forum if provision else "") or (instrument.body if instrument else "")
    return Asked(named, item.instrument, item.issue)


def _cover(items: list[Item], sitting: Sitting) -> None:
    """Give every silent forum itself as its place, and the items that its charter covers.

    A group is chartered for its subject; the state of the dialogue as such is its umbrella's.
    """
    asked = [(item, _asked(item, sitting)) for item in items if item.rule != "silent"]
    for item in items:
        if item.rule != "silent":
            continue
        forum = sitting.registers.forums[item.id.removeprefix("due.forum.")]
        item.forum = Place(forum.id, sitting.forum_states[forum.id].state)
        item.covers = [other.id for other in _fitting(asked, forum)]


def covered(items: list[Item], forum: Forum, sitting: Sitting) -> list[Item]:
    """Return the items that a forum's charter covers, whether or not the forum is alive."""
    return _fitting([(item, _asked(item, sitting)) for item in items if item.rule != "silent"], forum)


def _fitting(asked: list[tuple[Item, Asked]], forum: Forum) -> list[Item]:
    fitting = (item for item, wants in asked if _serves(wants, forum) or _covers(wants, forum))
    return [item for item in fitting if not (forum.umbrella and item.issue == "dialogue")]


def _remembered(forum: Forum, sitting: Sitting, since: date) -> bool:
    """Return whether a forum is alive, or has been silent for no more than ten years: older ones take nothing up."""
    state = sitting.forum_states[forum.id]
    return state.state == "alive" or (state.since is not None and state.since >= since)


def _first_fit(asked: Asked, seats: list[Seat], sitting: Sitting) -> Forum | None:
    for _, test in PREFERENCES:
        fitting = [seat for seat in seats if test(asked, seat)]
        if fitting:
            return max(fitting, key=lambda seat: _closeness(asked, seat, sitting)).forum
    return None


def _closeness(asked: Asked, seat: Seat, sitting: Sitting) -> tuple[bool, bool, bool, bool, int, str, str]:
    """Order forums that fit alike.

    First the living one, then the one that serves the item's instrument, then the two alone, then one of the
    issue's ministries, then the narrower charter, then the later session.
    """
    forum = seat.forum
    last = seat.state.last.isoformat() if seat.state.last else ""
    fitting = bool(set(_usual(asked.issue, sitting)) & set(forum.ministries))
    return seat.alive, _serves(asked, forum), seat.bilateral, fitting, -len(forum.issues), last, forum.id
