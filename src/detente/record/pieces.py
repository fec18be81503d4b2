"""Columns in pieces: a frame that was read in pieces is worked on as it lies, and never copied into one.

Polars makes the pieces of all columns alike before it does anything with them together, by copying them all;
so whatever is added to such a frame is cut like the frame.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

import polars as pl

__all__ = ["beside"]


def beside(frame: pl.DataFrame, columns: Iterable[pl.Series]) -> pl.DataFrame:
    """Return the frame with columns beside its own, cut into the same pieces; nothing is copied."""
    if not frame.width:
        return frame.hstack(list(columns))
    lengths = frame.to_series().chunk_lengths()
    starts = [0, *accumulate(lengths)]
    cuts = list(zip(starts, lengths, strict=False))
    if len(cuts) < 2:
        return frame.hstack([column.rechunk() for column in columns])
    whole = [column.rechunk() for column in columns]
    return frame.hstack([pl.concat([column.slice(*cut) for cut in cuts], rechunk=False) for column in whole])
