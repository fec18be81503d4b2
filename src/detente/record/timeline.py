"""The record as of a day and as known on a day: which statements count, and under which party's name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from typing import Any
from typing import TypeVar
from typing import cast

import polars as pl

from detente.record.load import Record

__all__ = ["FAR", "Dated", "Knowledge", "View", "in_threads"]

FAR = date(9999, 12, 31)
"""The knowledge day of a reader who knows all that the record holds."""

_MOST_KNOWN = 6
"""How many states of knowledge a record keeps: most questions are asked with everything known."""

_T = TypeVar("_T")


class Dated:
    """Statements in the order of their days, so that those which have come by a day are a slice."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self._days: list[date] = frame["on_last"].to_list()

    def until(self, on: date) -> pl.DataFrame:
        """Return the statements whose day has certainly come by `on`."""
        return self.frame.head(bisect_right(self._days, on))

    def after(self, on: date) -> pl.DataFrame:
        """Return the statements whose day has not certainly come by `on`."""
        return self.frame.slice(bisect_right(self._days, on))


class Knowledge:
    """What is known by one day, under one time's names of the parties: all of a view that depends on no day.

    Whatever is made of it once holds for every day that is read with the same knowledge; nobody may change it.
    """

    def __init__(self, record: Record, known_by: date | None, continued: dict[str, str]) -> None:
        self.registers = record.registers
        self._record = record
        self._known_by = known_by
        self._continued = continued
        self._replaced = record.corrected(known_by)
        self._made: dict[object, Any] = {}

    def of(self, kind: str) -> Dated:
        """Return the known statements of one kind."""
        return cast(Dated, self._once(("of", kind), lambda: Dated(self._renamed(self._known(kind)))))

    def by_party(self, kind: str) -> Dated:
        """Return the known statements of one kind, one row for each party that the statement is filed under."""
        return cast(Dated, self._once(("by party", kind), lambda: Dated(_by_party(self.of(kind).frame))))

    def kept(self, make: Callable[[Knowledge], _T]) -> _T:
        """Return what `make` makes of what is known; made when it is first asked for, and kept."""
        return cast(_T, self._once(make, lambda: make(self)))

    def _once(self, key: object, make: Callable[[], object]) -> object:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def _known(self, kind: str) -> pl.DataFrame:
        rows = self._record.by_kind(kind)
        if self._known_by is not None:
            rows = rows.filter(pl.col("known_last") <= self._known_by)
        return rows.filter(~pl.col("id").is_in(self._replaced)) if self._replaced else rows

    def _renamed(self, rows: pl.DataFrame) -> pl.DataFrame:
        party, author = pl.col("party"), pl.col("author")
        for old, new in self._continued.items():
            whole_name = rf"\b{old}\b"
            party, author = party.str.replace_all(whole_name, new), author.str.replace_all(whole_name, new)
        # Whoever spoke is kept under the name that it had then.
        return rows.with_columns(party, author, pl.col("author").alias("spoken_by"))


def in_threads(rows: pl.DataFrame, thread: list[str], on: str = "on_last") -> pl.DataFrame:
    """Return statements thread by thread, each with the day `beyond` which the next of its thread speaks instead.

    The last word of a thread on a day is the one for which `on <= day < beyond`, without grouping anew for each
    day; threads stand in the order in which they were begun.
    """
    rows = rows.with_row_index("_place").with_columns(
        pl.col(on).shift(-1).over(thread).fill_null(FAR).alias("beyond"),
        pl.col("_place").min().over(thread).alias("_begun"),
    )
    return rows.sort("_begun", "_place").drop("_begun", "_place")


def _by_party(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col("party").str.split(";")).explode("party")


def _knowledge(record: Record, known_by: date | None, continued: dict[str, str]) -> Knowledge:
    """Return the knowledge of a day; the last few that were asked for are kept with the record."""
    kept = cast(dict[object, Knowledge], record.kept.setdefault("knowledge", {}))
    key = (known_by, tuple(continued.items()))
    found = kept.pop(key, None) or Knowledge(record, known_by, continued)
    kept[key] = found  # the last one asked for goes last
    for old in list(kept)[:-_MOST_KNOWN]:
        kept.pop(old, None)
    return found


class View:
    """The statements that count on a day, as known on a day.

    A statement counts when its `on` has certainly come and its `known` has too, and when no known statement
    corrects it.  A party that another continues appears under the continuing party's name (SUN -> RUS).
    """

    def __init__(self, record: Record, on: date, known_by: date | None = None) -> None:
        self.record = record
        self.registers = record.registers
        self.on = on
        self.known_by = known_by
        self.continued = record.registers.continued(on)
        self.knowledge = _knowledge(record, known_by, self.continued)
        self._names: dict[str, str] = {}

    def of(self, kind: str) -> pl.DataFrame:
        """Return the statements of one kind that count, oldest first."""
        return self.knowledge.of(kind).until(self.on)

    def by_party(self, kind: str) -> pl.DataFrame:
        """Return the statements of one kind that count, one row for each party that they are filed under."""
        return self.knowledge.by_party(kind).until(self.on)

    def announced(self, kind: str) -> pl.DataFrame:
        """Return the statements of one kind that are known but whose day has not come (a planned session)."""
        rows = self.knowledge.of(kind).after(self.on)
        return rows if self.known_by is not None else rows.filter(pl.col("known_last") <= self.on)

    def at(self, party: str) -> str:
        """Return the id under which a party existed on the day."""
        if party not in self._names:
            self._names[party] = self.registers.at(party, self.on)
        return self._names[party]
