"""The picture of votes: in how many votes of a year two parties took part, and in how many they voted alike."""

from __future__ import annotations

import msgspec

from detente.reading.pair import VoteYear
from detente.web.pictures.bars import Bar
from detente.web.pictures.bars import Tick

__all__ = ["VotesPicture", "draw_votes"]

_WIDTH, _HEIGHT = 720, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 6, 10, 22


class VotesPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template needs to draw."""

    width: int
    height: int
    left: float
    right: float
    base: float
    bars: list[Bar]
    years: list[Tick]
    counts: list[Tick]
    first: VoteYear
    last: VoteYear
    both: int
    alike: int
    table: list[VoteYear]


def draw_votes(votes: list[VoteYear]) -> VotesPicture | None:
    """Return the picture, a place for every year from the first to the last; None where there was no vote."""
    if not votes:
        return None
    first, last = votes[0], votes[-1]
    step = (_WIDTH - _LEFT - _RIGHT) / max(last.year - first.year + 1, 12)
    top = max(vote.both for vote in votes)
    scale = (_HEIGHT - _TOP - _BOTTOM) / top
    base = _HEIGHT - _BOTTOM
    bars: list[Bar] = []
    for vote in votes:
        x = round(_LEFT + (vote.year - first.year) * step, 1)
        width, alike, both = round(step - 1, 1), vote.alike * scale, vote.both * scale
        bars.append(Bar("together", x, round(base - alike, 1), width, round(alike, 1)))
        bars.append(Bar("apart", x, round(base - both, 1), width, round(both - alike, 1)))
    every = 10 if last.year - first.year > 20 else 5 if last.year - first.year > 8 else 1
    marked = [year for year in range(first.year, last.year + 1) if year % every == 0]
    return VotesPicture(
        width=_WIDTH, height=_HEIGHT, left=_LEFT, right=_WIDTH - _RIGHT, base=base,
        bars=[bar for bar in bars if bar.height > 0],
        years=[Tick(round(_LEFT + (year - first.year + 0.5) * step, 1), str(year)) for year in marked],
        counts=[Tick(round(base - n * scale, 1), str(n)) for n in range(0, top + 1, _every(top))],
        first=first, last=last, both=sum(v.both for v in votes), alike=sum(v.alike for v in votes), table=votes,
    )  # fmt: skip


def _every(top: int) -> int:
    """Return the distance between marks that gives some four of them."""
    return next((n for n in (1, 2, 5, 10, 20, 50) if top / n <= 4), 100)
