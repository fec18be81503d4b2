"""Faults as data (problems) and the one exception that a user may ever see."""

from __future__ import annotations

import msgspec

__all__ = ["DetenteError", "Problem"]


class Problem(msgspec.Struct, frozen=True, order=True):
    """One fault in a casebook: where it stands, what is wrong, and what to do.

    An *error* leaves its row (or file) out of the record; a *warning* keeps it.
    """

    file: str
    line: int
    severity: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity}: {self.what} {self.remedy}"


class DetenteError(Exception):
    """A request that cannot be answered; says what was wrong, what was expected and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy
