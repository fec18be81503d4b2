"""Forums in time: chartered, alive, lapsed, suspended or ended on a day, with chairs and the last session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import msgspec
import polars as pl

from detente.record.dates import add_period
from detente.record.dates import counts_from
from detente.record.registers import CoChair
from detente.record.registers import Forum
from detente.record.registers import Words
from detente.record.timeline import Knowledge
from detente.record.timeline import View

__all__ = ["STATE_WORDS", "ForumState", "forum_states"]

STATE_WORDS = {
    "not yet": Words("not yet chartered", "до учреждения"),
    "alive": Words("alive", "работа ведётся"),
    "lapsed": Words("lapsed", "заседания прекратились"),
    "suspended": Words("suspended", "работа приостановлена"),
    "ended": Words("ended", "работа завершена"),
}
"""The states of a forum: lapsed is silence longer than the register allows, suspended was said by somebody."""


class ForumState(msgspec.Struct):
    """How a forum stands on a day, and the statements that show it."""

    id: str
    state: str
    since: date | None
    chartered: date | None
    last: date | None
    last_meeting: str
    sessions: int
    next: str
    chairs: tuple[CoChair, ...]
    evidence: list[str]
    inherited: str = ""
    """The umbrella whose suspension or end this state follows from, if it does."""


class _Acts(msgspec.Struct):
    chartered: date | None = None
    taken_up: date | None = None
    stopped: date | None = None
    how: str = ""
    evidence: list[str] = []


class _Told(NamedTuple):
    """What is told of forums, on whatever day, each in order of the day."""

    acts: list[tuple[date, str, str, str]]
    """(day, id, forum, verb)"""
    sessions: list[tuple[date, date, str, str, str, date]]
    """(day, last day, id, forum, day in words, day from which it is known)"""


def _told(knowledge: Knowledge) -> _Told:
    acts = knowledge.of("forum-act").frame.select("on_last", "id", "forum", "verb")
    last_day = pl.coalesce("until_last", "on_last").alias("last_day")
    sessions = knowledge.of("meeting").frame.select("on_last", last_day, "id", "forum", "on", "known_last")
    return _Told(acts.rows(), sessions.rows())


def forum_states(view: View) -> dict[str, ForumState]:
    """Return the state of every registered forum on the view's day."""
    told = view.knowledge.kept(_told)
    acts = _forum_acts(told, view.on)
    meetings = _meetings(told, view.on)
    planned = _planned(told, view)
    found: dict[str, ForumState] = {}
    for forum in view.registers.forums.values():
        found[forum.id] = _state(forum, acts.get(forum.id, _Acts(evidence=[])), meetings.get(forum.id, []), view.on)
        found[forum.id].next = planned.get(forum.id, "")
    for forum in view.registers.forums.values():
        _inherit(forum, found, view.registers.forums)
    return found


def _forum_acts(told: _Told, on: date) -> dict[str, _Acts]:
    found: dict[str, _Acts] = defaultdict(lambda: _Acts(evidence=[]))
    for day, id, forum, verb in told.acts:
        if day > on:
            break
        acts = found[forum]
        if verb in ("charter", "re-charter"):
            acts.chartered = acts.chartered or day
            acts.taken_up, acts.stopped, acts.how = day, None, ""
        elif verb == "resume":
            acts.taken_up, acts.stopped, acts.how = day, None, ""
        elif verb in ("suspend", "end"):
            acts.stopped, acts.how = day, {"suspend": "suspended", "end": "ended"}[verb]
        if verb != "appoint":
            acts.evidence.append(id)
    return dict(found)


def _meetings(told: _Told, on: date) -> dict[str, list[tuple[date, str]]]:
    found: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for day, last_day, id, forum, _, _ in told.sessions:
        if day > on:
            break
        found[forum].append((min(last_day, on), id))  # a session that still goes on was last held today
    return dict(found)


def _planned(told: _Told, view: View) -> dict[str, str]:
    """Return the day of the session of each forum that is announced and has not come."""
    known_by = view.known_by or view.on
    return {forum: on for day, _, _, forum, on, known in told.sessions if day > view.on and known <= known_by}


def _state(forum: Forum, acts: _Acts, meetings: list[tuple[date, str]], on: date) -> ForumState:
    last, meeting = max(meetings) if meetings else (None, "")
    chartered = min((d for d in (acts.chartered, *(m[0] for m in meetings[:1])) if d), default=None)
    evidence = [*acts.evidence[-2:], *([meeting] if meeting else [])]
    chairs = tuple(c for c in forum.co_chairs if _holds(c, on))
    state, since = "not yet", None
    if acts.how == "ended" or (acts.how == "suspended" and not (last and acts.stopped and last > acts.stopped)):
        state, since = acts.how, acts.stopped
    elif chartered:
        heard = max(d for d in (last, acts.taken_up, chartered) if d)
        silent = add_period(heard, forum.lapses_after) if forum.lapses_after else None
        state, since = ("lapsed", silent) if silent and silent <= on else ("alive", chartered)
    return ForumState(forum.id, state, since, chartered, last, meeting, len(meetings), "", chairs, evidence)


def _holds(chair: CoChair, on: date) -> bool:
    begins = not chair.from_ or counts_from(chair.from_) <= on
    return begins and (not chair.until or on < counts_from(chair.until))


def _inherit(forum: Forum, found: dict[str, ForumState], forums: dict[str, Forum]) -> None:
    """A group stands no better than its umbrella: what suspends the commission suspends its groups."""
    above, seen = forum.umbrella, {forum.id}
    while above and above in found and above not in seen:
        seen.add(above)
        umbrella, own = found[above], found[forum.id]
        stopped = umbrella.state in ("suspended", "ended") and umbrella.since is not None
        met_since = own.last is not None and umbrella.since is not None and own.last > umbrella.since
        if stopped and own.state in ("alive", "lapsed") and not met_since:
            own.state, own.since, own.inherited = umbrella.state, umbrella.since, above
            own.evidence = [*own.evidence, *umbrella.evidence[-1:]]
        above = forums[above].umbrella


def sits(forum: Forum, parties: Iterable[str]) -> bool:
    """Return whether all of `parties` are members of a forum."""
    return all(party in forum.members for party in parties)
