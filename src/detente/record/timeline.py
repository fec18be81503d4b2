"""The record as of a day and as known on a day: which statements count, and under which party's name."""

from __future__ import annotations

from datetime import date

import polars as pl

from detente.record.load import Record

__all__ = ["FAR", "View"]

FAR = date(9999, 12, 31)
"""The knowledge day of a reader who knows all that the record holds."""


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
        self._kinds: dict[str, pl.DataFrame] = {}
        self.continued = record.registers.continued(on)

    def of(self, kind: str) -> pl.DataFrame:
        """Return the statements of one kind that count, oldest first."""
        if kind not in self._kinds:
            self._kinds[kind] = self._visible(kind)
        return self._kinds[kind]

    def known(self, kind: str) -> pl.DataFrame:
        """Return the statements of one kind that are known, whether or not their day has come."""
        return self._renamed(self._known(self.record.by_kind(kind)))

    def announced(self, kind: str) -> pl.DataFrame:
        """Return the statements of one kind that are known but whose day has not come (a planned session)."""
        rows = self._known(self.record.by_kind(kind)).filter(pl.col("on_last") > self.on)
        if self.known_by is None:
            rows = rows.filter(pl.col("known_last") <= self.on)
        return self._renamed(rows)

    def _visible(self, kind: str) -> pl.DataFrame:
        rows = self.record.by_kind(kind)
        return self._renamed(self._known(rows.filter(pl.col("on_last") <= self.on)))

    def _known(self, rows: pl.DataFrame) -> pl.DataFrame:
        if self.known_by is not None:
            rows = rows.filter(pl.col("known_last") <= self.known_by)
        replaced = self.record.corrected(self.known_by)
        return rows.filter(~pl.col("id").is_in(replaced)) if replaced else rows

    def _renamed(self, rows: pl.DataFrame) -> pl.DataFrame:
        # Whoever spoke is kept under the name that it had then.
        rows = rows.with_columns(pl.col("author").alias("spoken_by"))
        for old, new in self.continued.items():
            whole_name = rf"\b{old}\b"
            rows = rows.with_columns(
                pl.col("party").str.replace_all(whole_name, new),
                pl.col("author").str.replace_all(whole_name, new),
            )
        return rows
