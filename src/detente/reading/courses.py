"""Courses: the findings of whole times, made ahead, so that a new day's are looked up and not judged."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import polars as pl

from detente.instruments.schema import Instrument
from detente.instruments.standings import Standings
from detente.obligations.course import Course
from detente.obligations.course import findings_over
from detente.obligations.duties import Provisions
from detente.record.load import Record
from detente.record.timeline import View

__all__ = ["Courses"]


class Courses:
    """The findings on every day of a time, with everything known; one course for each time's names of the parties.

    What is found does not depend on whether it was made ahead: a course can be let go at any time, and a day
    that lies in none is judged.
    """

    def __init__(self, record: Record, instruments: dict[str, Instrument], provisions: Provisions) -> None:
        self._record = record
        self._instruments = instruments
        self._provisions = provisions
        self.made: list[Course] = []

    def make(self, first: date, beyond: date) -> None:
        """Make the courses of the days from `first`, inclusive, until `beyond`, exclusive."""
        turns = [day for day in self._record.registers.successions() if first < day < beyond]
        times = pairwise([first, *turns, beyond])
        self.made = [findings_over(self._provisions, self._standings, *time) for time in times]

    def on(self, view: View) -> pl.DataFrame | None:
        """Return what `findings` gives for a view's day with `spoken_only`, if it was made ahead."""
        if view.known_by is not None:
            return None
        return next((c.on(view.on) for c in self.made if c.first <= view.on < c.beyond), None)

    def _standings(self, on: date) -> Standings:
        return Standings(View(self._record, on), self._instruments)
