"""The shelf: the record laid out for browsing, so that any filter and all its counts are a few columns' work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any
from typing import Final

import polars as pl

from detente.record.load import Record

__all__ = ["FACETS", "Shelf", "folded"]

FACETS: Final = (
    "kind", "verb", "author", "party", "issue", "instrument", "forum", "measure", "topic", "source", "silence",
)  # fmt: skip
"""The columns whose values are counted; the year is counted as well."""

_QUIET: Final = ("item", "provision")
"""Columns that can be asked for and are not counted."""


def folded(text: str) -> str:
    """Return a text as it is looked for: small letters, and the Russian letter yo as ye, as most people type it."""
    return text.lower().replace("ё", "е")


class Shelf:
    """Every statement by the columns that one may ask for, oldest first.

    Codes are kept as categories: to compare and to count them costs a tenth of what texts cost.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        coded = [pl.col(name).cast(pl.Categorical) for name in (*FACETS, *_QUIET)]
        frame = record.frame.with_row_index("row").sort("on_last", "known_last", "id")
        said = pl.concat_str(pl.col("id", "en", "ru"), separator="\n", ignore_nulls=True)
        self.frame = frame.select(
            "row", "id", "on_last", "known_last", *coded,
            pl.col("on_last").dt.year().alias("year"),
            said.str.to_lowercase().str.replace_all("ё", "е", literal=True).alias("text"),
        )  # fmt: skip
        # The place of each statement in the order in which they became known: a number sorts faster than two days.
        told = frame.select(pl.arg_sort_by("known_last", "on_last", "id")).to_series()
        self.frame = self.frame.with_columns(told.arg_sort().alias("told"))

    @cached_property
    def cells_naming(self) -> dict[str, tuple[str, ...]]:
        """The parties that each cell names: `USA;RUS` names two."""
        cells = self.record.frame["party"].drop_nulls().unique().to_list()
        return {cell: tuple(dict.fromkeys(cell.split(";"))) for cell in cells}

    @cached_property
    def cited(self) -> dict[str, list[str]]:
        """The ids of the statements that refer to each statement, in the order of their day."""
        rows = self.record.frame.filter(pl.col("refs").is_not_null()).sort("on_last", "id")
        found: dict[str, list[str]] = defaultdict(list)
        for id, refs in rows.select("id", "refs").iter_rows():
            for ref in refs.split(";"):
                found[ref].append(id)
        return dict(found)

    @cached_property
    def _corrections(self) -> list[tuple[str, str, date]]:
        rows = self.record.frame.filter(pl.col("corrects").is_not_null()).sort("known_last", "id")
        return list(rows.select("corrects", "id", "known_last").iter_rows())

    def corrected(self, known_by: date | None) -> dict[str, list[str]]:
        """Return what corrects each statement, by what is known on that day."""
        found: dict[str, list[str]] = defaultdict(list)
        for old, new, known in self._corrections:
            if known_by is None or known <= known_by:
                found[old].append(new)
        return dict(found)

    def rows(self, numbers: pl.Series) -> list[dict[str, Any]]:
        """Return whole statements, cells that are empty left out, in the order of the numbers."""
        return _filled(self.record.frame[numbers])

    def statements(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """Return the statements of these ids in their order; ids that the record has not are passed over."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return []
        found = {row["id"]: row for row in _filled(self.record.frame.filter(pl.col("id").is_in(wanted)))}
        return [found[id] for id in wanted if id in found]


def _filled(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a part of the record, cells that are empty left out."""
    return [{name: cell for name, cell in row.items() if cell is not None} for row in frame.iter_rows(named=True)]
