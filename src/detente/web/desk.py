"""The desk: the casebook opened once for the process, and the readings made of it lately."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from datetime import timedelta
from functools import cache
from threading import Lock
from threading import Thread
from typing import TypeVar

import msgspec
from cachetools import LRUCache
from django.conf import settings
from markupsafe import Markup

from detente.errors import DetenteError
from detente.reading import Casebook
from detente.reading import Reading
from detente.reading import open_casebook
from detente.reading.answers import ClaimsAnswer
from detente.reading.answers import DiffAnswer
from detente.reading.answers import HistoryAnswer
from detente.reading.answers import TiesAnswer
from detente.reading.days import turning_days
from detente.reading.diff import diff
from detente.reading.history import history
from detente.reading.meetings import claims
from detente.reading.meetings import ties
from detente.reading.reading import FIRST_DAY
from detente.reading.reading import party_named
from detente.reading.year_ends import YearEnds
from detente.record.registers import Words
from detente.web.chosen import Chosen
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest

__all__ = ["Desk", "desk"]

_READINGS = 24
"""A reading with all its findings takes some megabytes; so many are kept."""

_PAIRS = 32

_AHEAD = timedelta(days=3653)
"""For so long from today findings are made ahead; those of later days are judged when they are asked for."""

_PATIENCE = 10
"""So many seconds the first reader waits for that; a larger record is finished while others are answered."""

_HISTORIES = 128
"""Histories of one article: some dozens of rows each."""

_COMPARED = 16
"""Comparisons of two days: some thousand changes each."""


_Key = TypeVar("_Key")
_Found = TypeVar("_Found")


class Desk:
    """One casebook and what was read of it lately; every answer is a pure function of the record and the choice."""

    def __init__(self, casebook: Casebook) -> None:
        self.casebook = casebook
        self.registers = casebook.record.registers
        self._readings: LRUCache[tuple[date, date | None, str], Reading] = LRUCache(_READINGS)
        self._ties: LRUCache[tuple[object, ...], TiesAnswer] = LRUCache(_PAIRS)
        self._days: LRUCache[tuple[str, str], list[date]] = LRUCache(_PAIRS)
        self._days_json: LRUCache[tuple[str, str], Markup] = LRUCache(_PAIRS)
        self._past: LRUCache[tuple[str, str, date | None], YearEnds] = LRUCache(_PAIRS)
        self._claims: LRUCache[tuple[date, date | None], ClaimsAnswer] = LRUCache(_COMPARED)
        self._changes: LRUCache[tuple[object, ...], DiffAnswer] = LRUCache(_COMPARED)
        self._histories: LRUCache[tuple[object, ...], HistoryAnswer] = LRUCache(_HISTORIES)
        self._lock = Lock()

    def warm(self, today: date) -> None:
        """Make what the front page shows, so that the first reader does not wait for what is made once."""
        chosen = Chosen(on=today)
        self.reading(chosen).agenda(*chosen.between, chosen.horizon)
        self.ties(chosen, today)
        self.days(chosen)
        self.casebook.shelf.corrected(None)
        ahead = Thread(target=self.casebook.courses.make, args=(FIRST_DAY, today + _AHEAD), name="ahead", daemon=True)
        ahead.start()
        ahead.join(_PATIENCE)

    def reading(self, chosen: Chosen) -> Reading:
        """Return the record as chosen; raise FaultyRequest where it holds no such author."""
        on, known_by, author = chosen.on, chosen.known_by, chosen.according_to
        return self._kept(
            self._readings, (on, known_by, author), lambda: Reading(self.casebook, on, known_by, author or None)
        )

    def settled(self, chosen: Chosen) -> Chosen:
        """Return the choice with every party by its code on the day; raise FaultyRequest naming those not found."""
        faults: list[Fault] = []

        def found(parameter: str, name: str) -> str:
            try:
                return party_named(self.registers, name, chosen.on) if name else ""
            except DetenteError as fault:
                faults.append(Fault(parameter, name, _unknown_party(name), Words(fault.remedy, _ASK_CODE)))
                return name

        first, second = (found("between", name) for name in chosen.between)
        author = found("according_to", chosen.according_to)
        if first == second and not faults:
            what = Words(f"“{chosen.between[0]}” and “{chosen.between[1]}” are one party on {chosen.on}.",
                         f"«{chosen.between[0]}» и «{chosen.between[1]}» на {chosen.on} — одна сторона.")  # fmt: skip
            remedy = Words("Name two, for example USA,RUS.", "Назовите две, например USA,RUS.")
            faults.append(Fault("between", ",".join(chosen.between), what, remedy))
        if faults:
            raise FaultyRequest(faults)
        # The usual pair is left out of addresses, also on days when the second was the Soviet Union.
        pair = chosen.between if set(chosen.between) == {"USA", "RUS"} else (first, second)
        return Chosen(on=chosen.on, known_by=chosen.known_by, according_to=author, between=pair, horizon=chosen.horizon)

    def pair(self, chosen: Chosen) -> tuple[str, str]:
        """Return the two parties as they existed on the day."""
        first, second = chosen.between
        return party_named(self.registers, first, chosen.on), party_named(self.registers, second, chosen.on)

    def ties(self, chosen: Chosen, today: date) -> TiesAnswer:
        """Return the ties of the pair at the end of every year since 1963, and today."""

        def looked() -> TiesAnswer:
            past = self.past(*chosen.between, chosen.known_by)
            return ties(Reading(self.casebook, today, chosen.known_by), *chosen.between, past=past)

        return self._kept(self._ties, (*chosen.between, chosen.known_by, today), looked)

    def changes(self, first: Chosen, second: Chosen) -> DiffAnswer:
        """Return what stands otherwise in the second choice than in the first."""
        key = (first.on, first.known_by, second.on, second.known_by, second.according_to)
        return self._kept(self._changes, key, lambda: diff(self.reading(first), self.reading(second)))

    def claims(self, chosen: Chosen) -> ClaimsAnswer:
        """Return the public claims, tested on the day; they are the same according to every author."""

        def tested() -> ClaimsAnswer:
            neutral = self.reading(msgspec.structs.replace(chosen, according_to=""))
            return claims(neutral, past_of=lambda a, b: self.past(a, b, chosen.known_by))

        return self._kept(self._claims, (chosen.on, chosen.known_by), tested)

    def history(self, chosen: Chosen, instrument: str, article: str, party: str = "") -> HistoryAnswer:
        """Return how the finding on an article changed until the day, for every party or for one."""
        key = (chosen.on, chosen.known_by, chosen.according_to, instrument, article, party)
        return self._kept(
            self._histories, key, lambda: history(self.reading(chosen), instrument, article, party or None)
        )

    def past(self, a: str, b: str, known_by: date | None) -> YearEnds:
        """Return what stood between two parties at the ends of years, as known on a day."""
        key = (a, b, known_by)
        with self._lock:
            return self._past.setdefault(key, YearEnds(self.casebook, known_by, a, b))

    def days(self, chosen: Chosen) -> list[date]:
        """Return the days on which something changed between the pair, in order."""
        return self._kept(self._days, chosen.between, lambda: turning_days(self.casebook, *chosen.between))

    def days_json(self, chosen: Chosen) -> Markup:
        """Return the same days as a list in JSON, as a page holds them."""
        days = self.days(chosen)
        return self._kept(self._days_json, chosen.between, lambda: Markup(json.dumps([d.isoformat() for d in days])))

    def _kept(self, cache: LRUCache[_Key, _Found], key: _Key, make: Callable[[], _Found]) -> _Found:
        """Return what is kept under a key, or make it and keep it; nobody waits while another's is made."""
        with self._lock:
            found = cache.get(key)
        if found is None:
            found = make()
            with self._lock:
                cache[key] = found
        return found


def _unknown_party(name: str) -> Words:
    return Words(f"“{name}” is no party of the record.", f"В записях нет стороны «{name}».")


_ASK_CODE = "Назовите код ISO 3166 (USA, RUS) или название; все стороны — на странице «Стороны»."


@cache
def desk() -> Desk:
    """Return the desk of this process; the casebook is opened at the first call."""
    # Whoever reads the pages is anyone: what a book withholds stays withheld.
    return Desk(open_casebook(*settings.CASEBOOKS, disclosing=False))
