"""A day that is watched: what is computed from it says for how long it stays true, so that it can be kept.

Standings change only on the days of acts, terms and notices, and most are the same tomorrow.  Which days those
are is not written down anywhere: it shows in the comparisons that the rules make with the day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from typing import Any
from typing import TypeVar
from typing import cast

__all__ = ["Memory", "Watched", "around"]

_T = TypeVar("_T")

_Period = tuple[date, date, Any]

_MOST = 500
"""How many periods are kept of one thing: more than a text of all states has days on which one of them joined it."""

_MOST_THINGS = 128
"""How many things are kept: those that were asked for longest ago go first."""


class Watched(date):
    """A day that remembers between which days every comparison with it would have come out the same."""

    first: date
    """From this day, inclusive, ..."""
    beyond: date
    """... until this one, exclusive."""
    plain: date
    """The day as it is, for those who take note of what they compare it with by themselves."""

    @classmethod
    def of(cls, on: date) -> Watched:
        """Return `on`, watched."""
        day = cls(on.year, on.month, on.day)
        day.first, day.beyond, day.plain = date.min, date.max, date(on.year, on.month, on.day)
        return day

    def narrow(self, first: date, beyond: date) -> None:
        """Take note that something which was used holds only from `first` until `beyond`."""
        self.first, self.beyond = max(self.first, first), min(self.beyond, beyond)

    def _reaches(self, turn: date) -> bool:
        """Return whether the day has come to `turn`, and narrow the time in which that is the answer."""
        if turn <= self.first:
            return True
        if turn >= self.beyond:
            return False
        reached = date.__ge__(self, turn)
        if reached:
            self.first = turn
        else:
            self.beyond = turn
        return reached

    def __ge__(self, other: date) -> bool:
        return self._reaches(other)

    def __gt__(self, other: date) -> bool:
        # The day after `other` is asked for only where it may tell something new.
        return other < self.first or (other < self.beyond and self._reaches(_next(other)))

    def __lt__(self, other: date) -> bool:
        return not self._reaches(other)

    def __le__(self, other: date) -> bool:
        return not self > other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, date) and self >= other and self <= other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return date.__hash__(self)


def around(turns: Sequence[date], on: date) -> tuple[date, date]:
    """Return the last of some days in order that has come by a day, and the first that has not."""
    number = bisect_right(turns, on)
    return turns[number - 1] if number else date.min, turns[number] if number < len(turns) else date.max


def _next(day: date) -> date:
    return day + timedelta(days=1)


class _Periods:
    """What was computed of one thing, each with the period for which it is true, in the order of the days."""

    def __init__(self) -> None:
        self._firsts: list[date] = []
        self._known: list[_Period] = []

    def at(self, today: date) -> _Period | None:
        """Return the period in which a day lies, if it is known."""
        number = bisect_right(self._firsts, today) - 1
        if number >= 0 and today < self._known[number][1]:
            return self._known[number]
        return None

    def add(self, period: _Period) -> None:
        """Keep a period; when there are too many, all others are forgotten."""
        if len(self._firsts) >= _MOST:
            self._firsts.clear()
            self._known.clear()
        place = bisect_right(self._firsts, period[0])
        self._firsts.insert(place, period[0])
        self._known.insert(place, period)


class Memory:
    """What was computed for some days, each with the period for which it is true."""

    def __init__(self) -> None:
        self._known: dict[Hashable, _Periods] = {}

    def recall(self, thing: Hashable, on: date, compute: Callable[[Watched], _T]) -> _T:
        """Return what `compute` says on a day: remembered if the day lies in a period that is known.

        `compute` may look at the day only by comparing it, or by what is recalled for it; whatever else may
        change is part of `thing`.
        """
        today = on.plain if isinstance(on, Watched) else on
        known = self._known.pop(thing, None) or _Periods()
        self._known[thing] = known  # the last one asked for goes last
        if len(self._known) > _MOST_THINGS:
            self._known.pop(next(iter(self._known)), None)
        period = known.at(today)
        if period is None:
            day = Watched.of(today)
            found = compute(day)
            period = (day.first, day.beyond, found)
            known.add(period)
        if isinstance(on, Watched):
            on.narrow(*period[:2])
        return cast(_T, period[2])
