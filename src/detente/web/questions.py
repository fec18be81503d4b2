"""What a question of the API is: its parameters, the shape of its answer, and a call that asks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from detente.reading import Reading
from detente.record.dates import day
from detente.record.registers import Words
from detente.web.chosen import Chosen
from detente.web.desk import Desk
from detente.web.kinds import Kind
from detente.web.kinds import parties_of

__all__ = ["Call", "Endpoint", "Parameter"]


class Call:
    """A question understood: its parameters, each in its form, and the readings that answer it."""

    def __init__(self, desk: Desk, given: dict[str, str], today: date) -> None:
        self.desk = desk
        self.given = given
        self.on = self.day("on") or self.day("second") or today
        self.known_by = self.day("known_by")

    def text(self, name: str) -> str | None:
        """Return a parameter as it was given."""
        return self.given.get(name)

    def day(self, name: str) -> date | None:
        """Return a parameter that is a day; of two days the last."""
        text = self.given.get(name)
        return day(text.rpartition(",")[2]) if text else None

    @property
    def pair(self) -> tuple[str, str]:
        """The two parties as they were named."""
        return parties_of(self.given.get("between", "USA,RUS"))

    @property
    def neutral(self) -> Reading:
        """The record with every author's reading."""
        return self.desk.reading(Chosen(on=self.on, known_by=self.known_by))

    @property
    def reading(self) -> Reading:
        """The record according to the author that was named, if one was."""
        return self.read(self.on, self.known_by)

    def read(self, on: date, known_by: date | None) -> Reading:
        """Return the record on a day, according to the author that was named."""
        author = self.given.get("according_to", "")
        at = self.desk.reading(Chosen(on=on, known_by=known_by))
        return self.desk.reading(Chosen(on=on, known_by=known_by, according_to=at.party(author))) if author else at


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter of a question."""

    name: str
    kind: Kind
    summary: Words
    examples: tuple[str, ...]
    required: bool = False


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One question: `make` answers a call, in the shape `answer`."""

    name: str
    summary: Words
    parameters: tuple[Parameter, ...]
    answer: Any
    make: Callable[[Call], msgspec.Struct]
    command: bool = True
    """There is a command of the same name that prints the same."""
    heavy: bool = False
    """It takes the work of many readings: one such answer is computed at a time."""
    yearly: bool = False
    """It counts year by year, so that the day may not lie far ahead."""
