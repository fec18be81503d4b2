"""The course of findings: what is found on every day of a time, each finding with the days between which it holds.

A finding changes on few days: when somebody acts, reports or raises a concern, and when a day comes that counts
from one of these.  Each duty is judged on its own such days, all of them in one pass, so that what is found on
any day of the time is then looked up and not judged.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from detente.instruments.standings import Standings
from detente.obligations.accounts import concern_days
from detente.obligations.accounts import concerns_about
from detente.obligations.accounts import report_days
from detente.obligations.accounts import spoken
from detente.obligations.duties import Provisions
from detente.obligations.duties import gated
from detente.obligations.judge import judged_by_day
from detente.obligations.judge import turns
from detente.obligations.spells import Basis
from detente.obligations.spells import basis
from detente.obligations.spells import owed

__all__ = ["Course", "findings_over"]

_OF = ["row", "party"]


class Course:
    """The findings on every day from `first` until `beyond`, but for undertakings of which nobody has spoken."""

    def __init__(self, first: date, beyond: date, frame: pl.DataFrame) -> None:
        self.first = first
        self.beyond = beyond
        self._frame = frame

    def on(self, day: date) -> pl.DataFrame:
        """Return the findings of a day, in the order in which they would be judged."""
        held = (pl.col("begins") <= day) & (pl.col("beyond") > day)
        return self._frame.filter(held).drop("begins", "beyond")

    def turns(self) -> list[date]:
        """Return the days, in order, on which a finding begins."""
        return self._frame["begins"].unique().sort().to_list()


def findings_over(
    provisions: Provisions, standings_on: Callable[[date], Standings], first: date, beyond: date
) -> Course:
    """Return the course of the findings from a day until another, between which all parties keep their names."""
    begun = standings_on(first)
    needed = dict.fromkeys([*provisions.numbered, *(p.requires for _, p in provisions.rows)])
    over = basis(standings_on, [id for id in needed if id in begun.instruments], first, beyond)
    spells = owed(provisions, over, over.knowledge.kept(spoken))
    moments = _moments(provisions, spells, over)
    rows = spells.join(moments, on=_OF).filter((pl.col("begins") <= pl.col("day")) & (pl.col("beyond") > pl.col("day")))
    rows = gated(rows.drop("begins", "beyond"))
    each = [standings_on(day) for day in rows["day"].unique().sort()]
    found = judged_by_day(provisions, rows, concerns_about(over.knowledge, rows), each or [begun])
    until = pl.col("day").shift(-1, fill_value=beyond).over(_OF).alias("beyond")
    found = found.join(moments.with_columns(until), on=[*_OF, "day"])
    return Course(first, beyond, found.sort(*_OF, "author", "day").rename({"day": "begins"}).drop("row").rechunk())


def _moments(provisions: Provisions, spells: pl.DataFrame, over: Basis) -> pl.DataFrame:
    """Return the days on which the findings of each provision and party may change: (row, party, day), in order."""
    counted = [spells.select(*_OF, pl.col(column).alias("day")) for column in ("begins", "beyond", "from", "until")]
    subjects = spells.unique(_OF)
    filed = subjects.join(over.knowledge.kept(concern_days), on=["instrument", "provision", "party"])
    measured = subjects.join(provisions.columns("evidence_within"), on="row")
    told = [report_days(measured, over.knowledge), filed, *turns(provisions, spells, over)]
    days = pl.concat([*counted, *(rows.select(*_OF, "day") for rows in told)])
    return days.filter((pl.col("day") >= over.begun.view.on) & (pl.col("day") < over.beyond)).unique().sort(*_OF, "day")
