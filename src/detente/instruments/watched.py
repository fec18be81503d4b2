"""A day that is watched: what is computed from it says for how long it stays true, so that it can be kept.

Standings change only on the days of acts, terms and notices, and most are the same tomorrow.  Which days those
are is not written down anywhere: it shows in the comparisons that the rules make with the day.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Hashable
from datetime import date
from datetime import timedelta
from typing import Any
from typing import TypeVar
from typing import cast

__all__ = ["Memory", "Watched"]

_T = TypeVar("_T")

_MOST = 40
"""How many periods are kept of one thing."""

_MOST_THINGS = 64
"""How many things are kept: those that were asked for longest ago go first."""


class Watched(date):
    """A day that remembers between which days every comparison with it would have come out the same."""

    first: date
    """From this day, inclusive, ..."""
    beyond: date
    """... until this one, exclusive."""

    @classmethod
    def of(cls, on: date) -> Watched:
        """Return `on`, watched."""
        day = cls(on.year, on.month, on.day)
        day.first, day.beyond = date.min, date.max
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


def _next(day: date) -> date:
    return day + timedelta(days=1)


class Memory:
    """What was computed for some days, each with the period for which it is true; the latest few of each thing."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[tuple[date, date, Any], ...]] = {}

    def recall(self, thing: Hashable, on: date, compute: Callable[[Watched], _T]) -> _T:
        """Return what `compute` says on a day: remembered if the day lies in a period that is known.

        `compute` may look at the day only by comparing it, or by what is recalled for it; whatever else may
        change is part of `thing`.
        """
        today = date(on.year, on.month, on.day)
        known = self._known.pop(thing, ())
        period = next((p for p in known if p[0] <= today < p[1]), None)
        if period is None:
            day = Watched.of(on)
            found = compute(day)
            period = (day.first, day.beyond, found)
            known = (*known[-_MOST + 1 :], period)
        self._known[thing] = known  # the last one asked for goes last
        for old in list(self._known)[:-_MOST_THINGS]:
            self._known.pop(old, None)
        if isinstance(on, Watched):
            on.narrow(*period[:2])
        return cast(_T, period[2])
