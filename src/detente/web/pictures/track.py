"""The picture of a track: an instrument's life as a line a reading, its stops as marks, the day across them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from detente.reading.instrument import InstrumentAnswer
from detente.web.pages.instruments import Shown
from detente.web.pages.steps import Stop

__all__ = ["Lane", "Mark", "TrackPicture", "draw_track"]

_WIDTH: Final = 720
_LEFT, _RIGHT = 8, 8
_TOP, _LANE, _FOOT = 30, 24, 20
_NAMED: Final = 13
"""The room above a lane for the names of its readers, where there are several lanes."""

_APART: Final = 17
"""Marks nearer to one another than this share a label."""


class Piece(msgspec.Struct, frozen=True):
    """A part of a lane: `open`, `force`, or `ahead` (in force by its term after the day)."""

    kind: str
    x: float
    width: float


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of the life."""

    readers: list[str]
    y: float
    pieces: list[Piece]


class Mark(msgspec.Struct, frozen=True):
    """Where one stop stands, or several that are close together."""

    x: float
    text: str
    apart: bool


class Tick(msgspec.Struct, frozen=True):
    """A year on the axis."""

    x: float
    text: str


class TrackPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template needs to draw."""

    width: int
    height: int
    top: float
    base: float
    lanes: list[Lane]
    marks: list[Mark]
    years: list[Tick]
    day: float
    begins: date
    ends: date


class _Scale:
    """Days along the picture."""

    def __init__(self, first: date, last: date) -> None:
        self._first = first
        self._step = (_WIDTH - _LEFT - _RIGHT) / max((last - first).days, 1)

    def x(self, day: date) -> float:
        return round(_LEFT + (day - self._first).days * self._step, 1)


def draw_track(answer: InstrumentAnswer, track: Sequence[Stop], shown: Sequence[Shown]) -> TrackPicture:
    """Return the picture of the track from its first stop to the day, or to the end by term where that is later."""
    first = answer.track[0].day
    ends = [s.row.ends for s in shown if s.row.ends and s.row.in_force]
    last = max([answer.on, first, *ends])
    scale = _Scale(first, last)
    named = _NAMED if len(shown) > 1 else 0
    lanes = [
        Lane(
            readers=s.readers,
            y=_TOP + 6 + named + number * (_LANE + named),
            pieces=_pieces(scale, first, last, answer.on, s),
        )
        for number, s in enumerate(shown)
    ]
    base = _TOP + len(lanes) * (_LANE + named)
    return TrackPicture(
        width=_WIDTH,
        height=base + _FOOT,
        top=_TOP - 8,
        base=base,
        lanes=lanes,
        marks=_marks(scale, track),
        years=_years(scale, first, last),
        day=scale.x(min(max(answer.on, first), last)),
        begins=first,
        ends=last,
    )


def _pieces(scale: _Scale, first: date, last: date, on: date, shown: Shown) -> list[Piece]:
    row = shown.row
    found = []
    stop = min(row.ended or on, on)
    begun = row.since if row.since and row.since <= on else None
    opened_until = begun or stop
    if first < opened_until:
        found.append(_piece(scale, "open", first, opened_until))
    if begun and begun < stop:
        found.append(_piece(scale, "force", begun, stop))
    if begun and row.in_force:
        found.append(_piece(scale, "ahead", max(on, begun), min(row.ends or last, last)))
    return [piece for piece in found if piece.width > 0]


def _piece(scale: _Scale, kind: str, begins: date, ends: date) -> Piece:
    x = scale.x(begins)
    return Piece(kind, x, round(max(scale.x(ends) - x, 0), 1))


def _marks(scale: _Scale, track: Sequence[Stop]) -> list[Mark]:
    """Return the marks with the numbers of their stops; those too close to be read apart share one."""
    groups: list[list[Stop]] = []
    for stop in track:
        if groups and scale.x(stop.day) - scale.x(groups[-1][-1].day) < _APART:
            groups[-1].append(stop)
        else:
            groups.append([stop])
    return [
        Mark(
            x=scale.x(group[0].day),
            text=str(group[0].number) if len(group) == 1 else f"{group[0].number}–{group[-1].number}",
            apart=any(stop.apart for stop in group),
        )
        for group in groups
    ]


def _years(scale: _Scale, first: date, last: date) -> list[Tick]:
    """Return some years to read the axis by, none so near the edge that it would be cut off."""
    span = last.year - first.year
    every = next((n for n in (1, 2, 5, 10, 20) if span / n <= 9), 50)
    years = (year for year in range(first.year, last.year + 1) if year % every == 0)
    ticks = (Tick(scale.x(date(year, 1, 1)), str(year)) for year in years if date(year, 1, 1) >= first)
    return [tick for tick in ticks if 14 <= tick.x <= _WIDTH - 14]
