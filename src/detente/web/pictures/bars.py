"""What pictures of bars by year are made of: parts of bars, and marks on an axis."""

from __future__ import annotations

import msgspec

__all__ = ["Bar", "Tick"]


class Bar(msgspec.Struct, frozen=True):
    """One part of one year's bar, of a kind."""

    kind: str
    x: float
    y: float
    width: float
    height: float


class Tick(msgspec.Struct, frozen=True):
    """A mark on an axis."""

    at: float
    text: str
