"""The shipped record, opened once a process: how a program reads it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.reading import Reading
from detente.record.dates import day

__all__ = ["read"]


@lru_cache(maxsize=4)
def _opened(*overlays: Path) -> Casebook:
    return open_casebook(*overlays)


def read(
    on: str | date,
    known_by: str | date | None = None,
    according_to: str | None = None,
    casebook: Casebook | str | Path | None = None,
) -> Reading:
    """Return the record as of a day, as known by another, according to an author.

    `casebook` is an opened casebook, or a folder to lay over the shipped one.  The shipped record is loaded
    once a process.

    >>> import detente
    >>> r = detente.read(on="2018-07-10")
    >>> agenda = r.agenda("USA", "RUS")
    """
    if not isinstance(casebook, Casebook):
        casebook = _opened(*([Path(casebook)] if casebook else []))
    return Reading(casebook, day(on), day(known_by) if known_by else None, according_to)
