"""The shipped casebook's rows as they stand in the files: what an answer is held against, read without the program."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import detente

__all__ = ["rows_of"]

_CASEBOOK = Path(detente.__file__).parent / "casebook"


@cache
def _all(kind: str) -> tuple[dict[str, str], ...]:
    found: list[dict[str, str]] = []
    for path in sorted(_CASEBOOK.rglob(f"{kind}*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += list(csv.DictReader(file))
    return tuple(found)


def rows_of(kind: str, **cells: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the files of a kind (`reports`, `meetings`) that have these cells."""
    return (row for row in _all(kind) if all((row.get(k) or "") == v for k, v in cells.items()))
