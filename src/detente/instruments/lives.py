"""The life of an instrument as a whole: opened, in force, extended, ended; computed from its acts and its term."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.instruments.schema import resolve
from detente.record.dates import add_period

__all__ = ["Act", "Life", "departure", "live", "moment"]

_OPENING = ("open", "adopt")
_ENDS = ("expire", "terminate", "supersede", "complete")


class Act(NamedTuple):
    """An act as the folds read it; `party` is "" where the act is the whole instrument's."""

    id: str
    instrument: str
    verb: str
    party: str
    on: date
    effect: date
    period: str
    author: str


class Life(msgspec.Struct):
    """How an instrument stands on a day, in one reading."""

    instrument: str
    opened: date | None = None
    since: date | None = None
    """Entry into force; for a political text, the day on which it was made."""
    ends: date | None = None
    """The day on which it ends by its own term as extended so far; None if it has no term."""
    ended: date | None = None
    """The day on which it ended, if that day has come."""
    how: str = ""
    """What ended it: a verb, or `term`."""
    extensions: int = 0
    evidence: list[str] = []

    def in_force(self, on: date) -> bool:
        """Return whether the instrument is in force on `on` (from inclusive, until exclusive)."""
        return self.since is not None and self.since <= on and (self.ended is None or on < self.ended)

    def days(self) -> dict[str, date]:
        """Return the days that dated provisions may count from."""
        found = {"opening": self.opened, "entry-into-force": self.since}
        return {name: when for name, when in found.items() if when}


def live(instrument: Instrument, acts: Sequence[Act], on: date, today: date | None = None) -> Life:
    """Return the life of `instrument` on `on` from those of its acts that count in one reading.

    Acts are compared with `today`, where `on` is watched by one who has taken note of their days already.
    `acts` are the instrument's own, ordered by `moment`.  The end by term is computed from the article on
    duration and the extensions made so far, never read from a statement.
    """
    life = Life(instrument.id, evidence=[])
    term = instrument.term()
    today = today or on
    for act in acts:
        if act.effect > today:
            continue
        if act.party:
            _party_act(instrument, life, act)
        else:
            _whole_act(life, act, term)
    _end_by_term(life, term, on)
    _end_by_departure(instrument, life, [act for act in acts if act.on <= today], on)
    return life


def _whole_act(life: Life, act: Act, term: Provision | None) -> None:
    life.evidence.append(act.id)
    if act.verb in _OPENING:
        life.opened = life.opened or act.effect
    elif act.verb in ("enter-into-force", "reinstate"):
        life.since, life.ended, life.how = act.effect, None, ""
    elif act.verb == "extend" and not life.ended:
        life.extensions += 1
        start = life.ends or _first_end(life, term) or act.effect
        life.ends = add_period(start, act.period)
    elif act.verb in _ENDS and not life.ended:
        life.ended, life.how = act.effect, act.verb


def _party_act(instrument: Instrument, life: Life, act: Act) -> None:
    """A signature opens the instrument; a political text is in force from it; a party's own entry starts it."""
    if act.verb in ("sign", "join"):
        life.opened = life.opened or act.effect
        if life.since is None and instrument.binding == "political":
            life.since = act.effect
            life.evidence.append(act.id)
    elif act.verb == "enter-into-force" and life.since is None:
        life.since = act.effect
        life.evidence.append(act.id)


def _first_end(life: Life, term: Provision | None) -> date | None:
    if term is None or life.since is None:
        return None
    if term.until:
        return resolve(term.until, life.days())
    return add_period(life.since, term.duration) if term.duration else None


def _end_by_term(life: Life, term: Provision | None, on: date) -> None:
    if life.since is None and life.opened and not life.ended:
        return
    life.ends = life.ends or _first_end(life, term)
    if life.ends and term and term.renewal:
        while life.ends <= on:
            life.ends = add_period(life.ends, term.renewal)
    if life.ends and life.ends <= on and (life.ended is None or life.ends < life.ended):
        life.ended, life.how = life.ends, "term"


def moment(act: Act) -> date:
    """Return the day by which acts are ordered: a departure when it is announced, so that it can be taken back."""
    return act.on if act.verb in ("give-notice", "withdraw") else act.effect


def departure(instrument: Instrument, act: Act) -> date | None:
    """Return the day on which a notice of withdrawal takes effect: as stated, else by the article's notice."""
    if act.verb == "withdraw":
        return act.effect
    if act.verb != "give-notice":
        return None
    term = instrument.term()
    if act.effect > act.on:
        return act.effect
    return add_period(act.on, term.notice) if term and term.notice else None


def _end_by_departure(instrument: Instrument, life: Life, acts: Sequence[Act], on: date) -> None:
    """An instrument of two ends for both when one is out; a notice can be taken back until then."""
    if instrument.membership != "closed" or len(instrument.participants) != 2:
        return
    leaving: dict[str, tuple[date, Act]] = {}
    for act in acts:
        if not act.party:
            continue
        out = departure(instrument, act)
        if out:
            leaving[act.party] = (out, act)
        elif act.verb == "resume" and act.party in leaving and act.effect < leaving[act.party][0]:
            del leaving[act.party]
    if not leaving:
        return
    out, act = min(leaving.values())
    if out <= on and (life.ended is None or out < life.ended):
        life.ended, life.how = out, "withdraw"
        life.evidence.append(act.id)
    elif out > on and not life.ended and (life.ends is None or out < life.ends):
        life.ends = out
