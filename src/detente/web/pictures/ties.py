"""The picture of ties: how many live links two parties had, year by year, with the chosen day marked."""

from __future__ import annotations

from datetime import date
from threading import Lock
from typing import NamedTuple

import msgspec
from cachetools import LRUCache

from detente.reading.answers import TiesAnswer
from detente.reading.answers import TiesYear
from detente.web.pictures.bars import Bar
from detente.web.pictures.bars import Tick

__all__ = ["TiesPicture", "draw_ties"]

_WIDTH, _HEIGHT = 720, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 6, 14, 22
_BASE = _HEIGHT - _BOTTOM
_KINDS = ("instruments", "forums", "exchanges")
_TICK = 10


class TiesPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template needs to draw: coordinates in a box of `width` by `height`."""

    key: tuple[object, ...]
    """What names all of it but the mark."""
    width: int
    height: int
    left: float
    right: float
    base: float
    bars: list[Bar]
    years: list[Tick]
    counts: list[Tick]
    mark: float
    on: date
    most: TiesYear
    then: TiesYear
    now: TiesYear
    table: list[TiesYear]


def draw_ties(answer: TiesAnswer, on: date) -> TiesPicture:
    """Return the picture of ties with `on` marked; before the first year the mark stands at its edge."""
    drawn = _drawn(answer)
    years, step = answer.years, drawn.step
    first, last = years[0].on.year, years[-1].on.year
    day = min(max(on, date(first, 1, 1)), date(last, 12, 31))
    mark = _LEFT + (day.year - first + (day.timetuple().tm_yday - 1) / 366) * step
    return TiesPicture(
        key=(answer.stamp, answer.between), width=_WIDTH, height=_HEIGHT, left=_LEFT, right=_WIDTH - _RIGHT, base=_BASE,
        bars=drawn.bars, years=drawn.years, counts=drawn.counts, mark=round(mark, 1), on=on, most=drawn.most,
        then=next((y for y in years if y.on.year >= on.year), years[-1]), now=years[-1], table=years,
    )  # fmt: skip


class _Drawn(NamedTuple):
    """All of a picture that does not depend on the day marked in it."""

    step: float
    bars: list[Bar]
    years: list[Tick]
    counts: list[Tick]
    most: TiesYear


_DRAWN: LRUCache[tuple[object, ...], _Drawn] = LRUCache(32)
_LOCK = Lock()


def _drawn(answer: TiesAnswer) -> _Drawn:
    """Return what is drawn of an answer, and keep it: the same stamp and pair give the same."""
    key = (answer.stamp, answer.between)
    with _LOCK:
        found = _DRAWN.get(key)
    if found is None:
        found = _draw(answer.years)
        with _LOCK:
            _DRAWN[key] = found
    return found


def _draw(years: list[TiesYear]) -> _Drawn:
    first, last = years[0].on.year, years[-1].on.year
    step = (_WIDTH - _LEFT - _RIGHT) / max(last - first + 1, 1)
    top = max(max(y.total for y in years), 1)
    scale = (_BASE - _TOP) / top
    bars: list[Bar] = []
    for year in years:
        height = 0.0
        for kind in _KINDS:
            part = len(getattr(year, kind)) * scale
            if part:
                x = _LEFT + (year.on.year - first) * step
                height += part
                bars.append(Bar(kind, round(x, 1), round(_BASE - height, 1), round(step - 1, 1), round(part, 1)))
    decades = [y for y in range(first, last + 1) if y % _TICK == 0]
    return _Drawn(
        step,
        bars,
        [Tick(round(_LEFT + (y - first + 0.5) * step, 1), str(y)) for y in decades],
        [Tick(round(_BASE - n * scale, 1), str(n)) for n in range(0, top + 1, _every(top))],
        max(years, key=lambda y: y.total),
    )


def _every(top: int) -> int:
    """Return the distance between marks that gives some four of them."""
    return next((n for n in (1, 2, 5, 10, 20, 50) if top / n <= 4), 100)
