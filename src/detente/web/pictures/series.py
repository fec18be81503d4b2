"""The picture of a measure over time: what a claim is compared with, with the value that was compared marked."""

from __future__ import annotations

from datetime import date

import msgspec

from detente.consultation.claims import Answer
from detente.consultation.claims import Point
from detente.record.dates import counts_from
from detente.web.pictures.bars import Tick

__all__ = ["SeriesPicture", "draw_series"]

_WIDTH, _HEIGHT = 360, 130
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 12, 12, 22
_FEWEST = 2
_YEARS = 4


class SeriesPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template needs to draw: coordinates in a box of `width` by `height`."""

    width: int
    height: int
    left: float
    right: float
    base: float
    line: str
    """The points of the line, as SVG writes them."""
    now: Tick
    """Where the value that was compared stands: its height and its text."""
    at: float
    """Where the last value stands in time."""
    years: list[Tick]
    counts: list[Tick]
    first: Point
    last: Point
    least: Point
    most: Point


def draw_series(answer: Answer) -> SeriesPicture | None:
    """Return the picture of the values that an answer compared; None where it compared none."""
    points = answer.series
    if len(points) < _FEWEST:
        return None
    days = [counts_from(point.on) for point in points]
    begin, length = days[0], max((days[-1] - days[0]).days, 1)
    most, least = max(points, key=lambda p: p.value), min(points, key=lambda p: p.value)
    top = most.value or 1
    scale = (_HEIGHT - _TOP - _BOTTOM) / top
    base = _HEIGHT - _BOTTOM

    def across(day: date) -> float:
        return round(_LEFT + (day - begin).days / length * (_WIDTH - _LEFT - _RIGHT), 1)

    def up(value: float) -> float:
        return round(base - value * scale, 1)

    last = points[-1]
    return SeriesPicture(
        width=_WIDTH, height=_HEIGHT, left=_LEFT, right=_WIDTH - _RIGHT, base=base,
        line=" ".join(f"{across(day)},{up(point.value)}" for day, point in zip(days, points, strict=True)),
        now=Tick(up(last.value), f"{last.value:g}"), at=across(days[-1]),
        years=[Tick(across(date(y, 12, 31)), str(y)) for y in _marks(days[0].year, days[-1].year)],
        counts=[Tick(up(0), "0"), Tick(up(top), f"{top:g}")],
        first=points[0], last=last, least=least, most=most,
    )  # fmt: skip


def _marks(first: int, last: int) -> list[int]:
    """Return a few round years between two."""
    step = next((n for n in (1, 2, 5, 10, 20) if (last - first) / n <= _YEARS), 50)
    return [year for year in range(first, last) if year % step == 0]
