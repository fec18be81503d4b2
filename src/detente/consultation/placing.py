"""Placing: which forum would take an item up, and which items a silent forum's charter covers.

The order of preference is the table `PREFERENCES`; it is printed with the agenda, so that nobody has to
guess why an item stands where it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dateutil.relativedelta import relativedelta

from detente.consultation.forums import ForumState
from detente.consultation.item import Item
from detente.consultation.item import Place
from detente.consultation.sitting import Sitting
from detente.record.registers import Forum
from detente.record.registers import Words

__all__ = ["PREFERENCES", "place"]

_TALKING = (
    "ministerial", "commission", "working-group", "sub-group", "negotiation", "dialogue", "committee", "conference",
)  # fmt: skip

_MEMORY = relativedelta(years=10)
_Test = Callable[[Item, Forum, ForumState, Sitting], bool]


def _named(item: Item, forum: Forum, sitting: Sitting) -> bool:
    """Whether the text itself names the forum: for the provision, or as the body that serves the instrument."""
    instrument = sitting.instruments.get(item.instrument)
    provision = instrument.find(item.provision) if instrument and item.provision else None
    if provision and provision.forum:
        return provision.forum == forum.id
    return instrument is not None and instrument.body == forum.id


def _serves(item: Item, forum: Forum) -> bool:
    return bool(item.instrument) and item.instrument in forum.instruments


def _covers(item: Item, forum: Forum) -> bool:
    return item.issue in forum.issues


PREFERENCES: Final[tuple[tuple[Words, _Test], ...]] = (
    (
        Words("the living body that the text names", "действующий орган, названный в тексте"),
        lambda item, forum, state, sitting: _named(item, forum, sitting) and state.state == "alive",
    ),
    (
        Words("a living body that serves the instrument", "действующий орган этой договорённости"),
        lambda item, forum, state, _: _serves(item, forum) and state.state == "alive" and forum.kind in _TALKING,
    ),
    (
        Words(
            "a living body of the two whose charter covers the issue",
            "действующий двусторонний орган по теме",
        ),
        lambda item, forum, state, sitting: (
            _covers(item, forum) and state.state == "alive" and forum.kind in _TALKING and sitting.bilateral(forum)
        ),
    ),
    (
        Words("a silent body that serves the instrument", "орган этой договорённости, работа которого прервана"),
        lambda item, forum, state, _: _serves(item, forum) and state.state in ("suspended", "lapsed"),
    ),
    (
        Words(
            "a silent body of the two whose charter covers the issue",
            "двусторонний орган по теме, работа которого прервана",
        ),
        lambda item, forum, state, sitting: (
            _covers(item, forum)
            and state.state in ("suspended", "lapsed")
            and forum.kind in _TALKING
            and sitting.bilateral(forum)
        ),
    ),
    (
        Words(
            "a living body with others whose charter covers the issue",
            "действующий многосторонний орган по теме",
        ),
        lambda item, forum, state, _: _covers(item, forum) and state.state == "alive" and forum.kind in _TALKING,
    ),
    (
        Words("ministers or leaders", "министры или лидеры"),
        lambda _, forum, state, sitting: (
            forum.kind in ("ministerial", "summit") and state.state in ("alive", "lapsed") and sitting.bilateral(forum)
        ),
    ),
)
"""In which bodies an item is looked for, in order; the first that fits takes it."""


def place(items: list[Item], sitting: Sitting) -> None:
    """Give every item its forum and ministries, and every silent forum the items that its charter covers."""
    forums = [f for f in sitting.sitting_forums.values() if _remembered(f, sitting)]
    for item in items:
        if item.rule not in ("silent", "negotiation"):
            found = _first_fit(item, forums, sitting)
            if found:
                item.forum = Place(found.id, sitting.forum_states[found.id].state)
        forum = sitting.registers.forums.get(item.forum.id) if item.forum else None
        if not item.ministries:
            usual = sitting.registers.issues[item.issue].ministries if item.issue in sitting.registers.issues else ()
            item.ministries = (forum.ministries if forum else ()) or usual
    for item in items:
        if item.rule == "silent":
            forum = sitting.registers.forums[item.id.removeprefix("due.forum.")]
            item.forum = Place(forum.id, sitting.forum_states[forum.id].state)
            item.covers = [i.id for i in items if i.rule != "silent" and (_serves(i, forum) or _covers(i, forum))]
            # A group is chartered for its subject; the state of the dialogue as such is its umbrella's.
            if forum.umbrella:
                item.covers = [id for id in item.covers if not _of_dialogue(id, items)]


def _of_dialogue(id: str, items: list[Item]) -> bool:
    return any(i.id == id and i.issue == "dialogue" for i in items)


def _remembered(forum: Forum, sitting: Sitting) -> bool:
    """Return whether a forum is alive, or has been silent for no more than ten years: older ones take nothing up."""
    state = sitting.forum_states[forum.id]
    return state.state == "alive" or (state.since is not None and state.since >= sitting.on - _MEMORY)


def _first_fit(item: Item, forums: list[Forum], sitting: Sitting) -> Forum | None:
    for _, test in PREFERENCES:
        fitting = [f for f in forums if test(item, f, sitting.forum_states[f.id], sitting)]
        if fitting:
            return max(fitting, key=lambda f: _closeness(item, f, sitting))
    return None


def _closeness(item: Item, forum: Forum, sitting: Sitting) -> tuple[bool, bool, bool, int, str, str]:
    """Order forums that fit alike.

    First the one that serves the item's instrument, then the two alone, then one of the issue's ministries,
    then the narrower charter, then the later session.
    """
    state = sitting.forum_states[forum.id]
    last = state.last.isoformat() if state.last else ""
    usual = sitting.registers.issues[item.issue].ministries if item.issue in sitting.registers.issues else ()
    fitting = bool(set(usual) & set(forum.ministries))
    return _serves(item, forum), sitting.bilateral(forum), fitting, -len(forum.issues), last, forum.id
