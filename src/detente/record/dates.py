"""Days, approximate dates (EDTF, ISO 8601-2) and periods (ISO 8601), for one value and for columns.

An approximate date is a span of days; it *counts from the last day of its span*, so that nothing is held
before it is certain.  Qualifiers (`?` uncertain, `~` approximate, `%` both) are shown and move nothing.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date
from datetime import timedelta
from functools import lru_cache
from importlib import import_module
from typing import Final
from typing import NamedTuple

import polars as pl
from dateutil.relativedelta import relativedelta

from detente.errors import DetenteError
from detente.record.pieces import beside

__all__ = [
    "EDTF_REMEDY",
    "LongPeriodError",
    "Span",
    "add_period",
    "counts_from",
    "day",
    "days_between",
    "period",
    "plain_days",
    "polars_offset",
    "span",
    "span_columns",
    "spans",
]

EDTF_REMEDY = "Write an EDTF date such as 2018-07-10, 2018-07, 2018, 2018~ or 2018-07/2018-09."

_QUALIFIERS = "?~%"
_OPEN = ("", "..")
# Plain digits only: `\d` would pass those of every script.
_PERIOD = re.compile(r"P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?(?:T([0-9]+)H)?")
_LONGEST = 1000
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MONTH = r"[0-9]{4}-(?:0[1-9]|1[0-2])"
_YEAR = r"[0-9]{4}"
_IS_DAY = re.compile(_DAY).fullmatch
_IS_MONTH = re.compile(_MONTH).fullmatch
_IS_YEAR = re.compile(_YEAR).fullmatch
_COULD_BE = re.compile(r"[-0-9XYESTZu.,:+/?~%(){}\[\] ]+")


class Span(NamedTuple):
    """The first and the last day that an approximate date may mean; both included."""

    first: date
    last: date


def day(text: str | date) -> date:
    """Return the calendar day that `text` names; raise DetenteError unless it is `YYYY-MM-DD`."""
    if isinstance(text, date):
        return text
    try:
        if not re.fullmatch(_DAY, text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise DetenteError(f"'{text}' is not a day.", "Write it as YYYY-MM-DD, for example 2018-07-10.") from None


@lru_cache(maxsize=4096)
def span(text: str) -> Span:
    """Return the span of days of an EDTF date; raise ValueError if it is none.

    Years, months, days and intervals of them are read here; every other form goes to the `edtf` library.
    An interval that is open at an end (`1971/`, `/1971`, `1971/..`) is refused: an open end is no day from
    which anything counts.  What still lasts has `on` alone, and no `until`.
    """
    simple = _simple(text)
    if simple:
        return simple
    begins, slash, ends = text.partition("/")
    if slash:
        if begins in _OPEN or ends in _OPEN:
            raise ValueError(f"'{text}' is open at an end")
        first, last = _simple(begins), _simple(ends)
        if first and last and first.first <= last.last:
            return Span(first.first, last.last)
    return _span_by_library(text)


def _simple(text: str) -> Span | None:
    """Return the span of a year, a month or a day, with or without a qualifier; None for every other form."""
    bare = text[:-1] if text[-1:] in _QUALIFIERS else text
    read = _READ.get(len(bare))
    try:
        return read(bare) if read else None
    except ValueError:  # the 30th of February, the year 0
        raise ValueError(f"'{text}' is not an EDTF date") from None


def _day(text: str) -> Span | None:
    if not _IS_DAY(text):
        return None
    only = date.fromisoformat(text)
    return Span(only, only)


def _month(text: str) -> Span | None:
    if not _IS_MONTH(text):
        return None
    year, month = int(text[:4]), int(text[5:])
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _year(text: str) -> Span | None:
    if not _IS_YEAR(text):
        return None
    return Span(date(int(text), 1, 1), date(int(text), 12, 31))


_READ: Final = {4: _year, 7: _month, 10: _day}
"""How a date is read that is so long: most of a record's thousands of forms are years, months and days."""


def _span_by_library(text: str) -> Span:
    # The library costs more to import than a whole agenda to compute, and rare forms alone need it.
    if not _COULD_BE.fullmatch(text):
        raise ValueError(f"'{text}' is not an EDTF date")
    edtf = import_module("edtf")
    try:
        parsed = edtf.parse_edtf(text)
        first, last = parsed.lower_strict(), parsed.upper_strict()
        result = Span(date(*first[:3]), date(*last[:3]))
    except Exception as fault:  # the library raises its parser's own, unrelated exception types
        raise ValueError(f"'{text}' is not an EDTF date") from fault
    if result.last < result.first:
        raise ValueError(f"'{text}' ends before it begins")
    return result


def counts_from(text: str) -> date:
    """Return the day from which an EDTF date counts: the last day that it may mean."""
    return span(text).last


def span_columns(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Add `<column>_first` and `<column>_last` (Date) for each column; null where the text is no EDTF date.

    The same rule as `span`, for whole columns at once: plain days as columns, every other form once a text.
    An empty cell stays null.
    """
    return beside(frame, spans(frame, plain_days(frame, *columns)))


def plain_days(frame: pl.DataFrame, *columns: str) -> dict[str, pl.Series]:
    """Return the day of each cell of the columns that is written as one; null elsewhere."""
    filled = [c for c in columns if frame[c].null_count() < frame.height]
    days = pl.DataFrame([frame[c].rechunk() for c in filled]).select(_plain_day(c) for c in filled)
    empty = pl.repeat(None, frame.height, dtype=pl.Date, eager=True)
    return {column: days[column] if column in filled else empty for column in columns}


def spans(frame: pl.DataFrame, days: Mapping[str, pl.Series]) -> list[pl.Series]:
    """Return the columns that `span_columns` adds; `days` are the plain days of each column."""
    added: list[pl.Series] = []
    for column, plain in days.items():
        both = _with_rare(frame[column], plain)
        added += [both.first.alias(f"{column}_first"), both.last.alias(f"{column}_last")]
    return added


def _plain_day(column: str) -> pl.Expr:
    """Return the day of each cell that is written as one; null elsewhere, and for the year 0, which no `date` holds."""
    text = pl.col(column)
    day = text.str.to_date("%Y-%m-%d", strict=False, cache=False)
    # Polars also takes a day with signs and spaces for one.
    return pl.when(text.str.contains(f"^{_DAY}$") & (day >= date.min)).then(day)


class Both(NamedTuple):
    """The first and the last days of a column."""

    first: pl.Series
    last: pl.Series


def _with_rare(texts: pl.Series, days: pl.Series) -> Both:
    """Return the spans of texts of which the plain days are known already."""
    if texts.null_count() == days.null_count():
        return Both(days, days)
    rare = texts.is_not_null() & days.is_null()
    forms = texts.filter(rare).to_list()
    known = _spans(set(forms))
    if not known:
        return Both(days, days)
    places = rare.arg_true()
    found = [known.get(form, _NO_SPAN) for form in forms]
    both = (pl.Series([span[n] for span in found], dtype=pl.Int32).cast(pl.Date) for n in (0, 1))
    return Both(*(days.clone().scatter(places, values) for values in both))


_EPOCH = date(1970, 1, 1).toordinal()
_NO_SPAN = (None, None)


def _spans(texts: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return the span of each text that is a date, in days since 1970."""
    spans: dict[str, tuple[int, int]] = {}
    for text in texts:
        try:
            first, last = span(text)
        except ValueError:
            continue
        spans[text] = first.toordinal() - _EPOCH, last.toordinal() - _EPOCH
    return spans


class LongPeriodError(ValueError):
    """A period that is written as one, and is longer than any that a record can mean."""


class Period(NamedTuple):
    """An ISO 8601 period in calendar months, days and hours."""

    months: int
    days: int
    hours: int


@lru_cache(maxsize=512)
def period(text: str) -> Period:
    """Return the parts of an ISO 8601 period such as `P10Y`, `P6M`, `P45D`, `PT24H`; raise ValueError.

    None may be longer than 1000 years (LongPeriodError): that is a slip, and would leave the calendar.
    """
    match = _PERIOD.fullmatch(text)
    if not match or not any(match.groups()):
        raise ValueError(f"'{text}' is not an ISO 8601 period")
    years, months, weeks, days, hours = map(int, match.groups(default="0"))
    found = Period(12 * years + months, 7 * weeks + days, hours)
    if 730 * found.months + 24 * found.days + found.hours > _LONGEST * 8766:  # hours of a month, of a year
        raise LongPeriodError(f"'{text}' is longer than {_LONGEST} years")
    return found


@lru_cache(maxsize=65536)
def add_period(start: date, text: str, times: int = 1) -> date:
    """Return the day that lies `times` periods after `start` (calendar months end at the month's end).

    Hours count as whole days here, rounded up: the record's grain is the day.
    """
    months, days = _step(text, times)
    return (start + months if months else start) + days


@lru_cache(maxsize=512)
def _step(text: str, times: int) -> tuple[relativedelta, timedelta]:
    """Return the months, and then the days, that so many periods take; to make them costs as much as to add them."""
    months, days, hours = period(text)
    return relativedelta(months=months * times), timedelta(days=(days + -(-hours // 24)) * times)


def polars_offset(text: str) -> str:
    """Return the period as a Polars offset string, the same step as `add_period` for columns."""
    months, days, hours = period(text)
    return f"{months}mo{days + -(-hours // 24)}d"


def days_between(start: date, end: date) -> int:
    """Return the number of days from `start` (inclusive) to `end` (exclusive)."""
    return (end - start).days
