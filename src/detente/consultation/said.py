"""What was said, as the agenda's rules go through it: statements as rows, found by who said them and of what.

The rules look at some hundreds of statements of two parties; for so few, rows in order are many times faster
than frames, and read like the sentence that they carry out.
"""

from __future__ import annotations

from bisect import bisect_left
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from typing import TypeVar

import polars as pl

from detente.record.timeline import Knowledge
from detente.record.timeline import in_threads

__all__ = ["Positions", "Said", "concerns", "earliest", "grouped", "last_commitments", "positions", "quote"]

_ASSEMBLY = "unga."
"""How the topics of the General Assembly begin."""

_Row = TypeVar("_Row")
_Key = TypeVar("_Key", bound=Hashable)


class Said(NamedTuple):
    """One statement; filed under several parties, it is one row for each where its kind is told by party."""

    number: int
    """Its number in the order of the days."""
    id: str
    verb: str
    author: str
    party: str | None
    on: str
    on_last: date
    until_last: date | None
    due_last: date | None
    issue: str | None
    instrument: str | None
    provision: str | None
    topic: str | None
    refs: str | None
    en: str | None
    ru: str | None
    beyond: date | None = None
    """The day on which the next statement of its thread speaks instead; where threads are told."""

    @property
    def under(self) -> str | None:
        """The instrument that it is about, else the issue."""
        return self.instrument if self.instrument is not None else self.issue

    @property
    def about(self) -> str | None:
        """Whose conduct a concern speaks of: an answer of its own author's, whatever party it is filed under."""
        return self.author if self.verb in ("answer", "concede") else self.party


def quote(said: Said) -> dict[str, str]:
    """Return a statement as an account shows it."""
    return {
        "statement": said.id, "verb": said.verb, "on": said.on, "topic": said.topic or "", "en": said.en or "",
        "ru": said.ru or "",
    }  # fmt: skip


def grouped(rows: Iterable[_Row], key: Callable[[_Row], _Key]) -> dict[_Key, list[_Row]]:
    """Return rows by a key, groups and rows in the order in which they come."""
    groups: dict[_Key, list[_Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def earliest(days: Iterable[date | None]) -> date | None:
    """Return the first of some days, or None where there is none."""
    return min((day for day in days if day), default=None)


def _rows(frame: pl.DataFrame, *more: str) -> list[Said]:
    columns = [c for c in Said._fields if c not in ("number", "beyond")]
    cells = frame.with_row_index("number").select("number", *columns, *more)
    return [Said(*row) for row in cells.iter_rows()]


class _Series:
    """Statements of one voice in the order of their days."""

    def __init__(self) -> None:
        self.rows: list[Said] = []
        self._days: list[date] = []

    def add(self, said: Said) -> None:
        self.rows.append(said)
        self._days.append(said.on_last)

    def between(self, since: date, on: date) -> list[Said]:
        """Return those from `since` until `on`, both included."""
        return self.rows[bisect_left(self._days, since) : bisect_right(self._days, on)]

    def last(self, on: date) -> date | None:
        """Return the last day until `on` on which the voice was heard."""
        number = bisect_right(self._days, on)
        return self._days[number - 1] if number else None


class Positions:
    """Every position that is known, by its author and by the instrument that it is about."""

    def __init__(self, rows: Iterable[Said]) -> None:
        self.by_id: dict[str, Said] = {}
        self._by_author: dict[str, _Series] = defaultdict(_Series)
        self._votes: dict[str, _Series] = defaultdict(_Series)
        self._by_instrument: dict[tuple[str, str], _Series] = defaultdict(_Series)
        for said in rows:
            self.by_id[said.id] = said
            if not said.verb.startswith("vote-"):
                self._by_author[said.author].add(said)
            if said.topic is not None and said.topic.startswith(_ASSEMBLY):
                self._votes[said.author].add(said)
            if said.instrument:
                self._by_instrument[said.author, said.instrument].add(said)

    def of(self, authors: Iterable[str], since: date, on: date) -> list[Said]:
        """Return what some authors have said between two days, both included, oldest first; votes left out."""
        return _of(self._by_author, authors, since, on)

    def votes(self, authors: Iterable[str], since: date, on: date) -> list[Said]:
        """Return how some authors have voted in the General Assembly between two days, both included."""
        return _of(self._votes, authors, since, on)

    def last_vote(self, authors: Iterable[str], on: date) -> date | None:
        """Return the day of the last vote in the General Assembly of any of some authors."""
        return max((day for a in authors if a in self._votes and (day := self._votes[a].last(on))), default=None)

    def on(self, instrument: str, author: str, on: date) -> list[Said]:
        """Return what an author has said of an instrument up to a day, oldest first."""
        series = self._by_instrument.get((author, instrument))
        return series.between(date.min, on) if series else []


def _of(series: Mapping[str, _Series], authors: Iterable[str], since: date, on: date) -> list[Said]:
    known = (series[author] for author in dict.fromkeys(authors) if author in series)
    return sorted(said for found in known for said in found.between(since, on))


def positions(knowledge: Knowledge) -> Positions:
    """Return every position that is known."""
    return Positions(_rows(knowledge.of("position").frame))


def concerns(knowledge: Knowledge) -> dict[str, list[Said]]:
    """Return every concern that is known, by author, one row for each party that it is filed under."""
    found: dict[str, list[Said]] = defaultdict(list)
    for said in _rows(knowledge.by_party("concern").frame):
        found[said.author].append(said)
    return dict(found)


def last_commitments(knowledge: Knowledge) -> list[Said]:
    """Return every statement on a commitment, thread by thread: a thread is a topic and a party."""
    return _rows(in_threads(knowledge.by_party("commitment").frame, ["topic", "party"]), "beyond")
