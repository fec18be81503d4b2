"""Small frames for the pure evaluators, judged by Polars and by pandas alike."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from typing import Any
from typing import NamedTuple

import narwhals as nw
import polars as pl

Judge = Callable[[Any], Any]
Cells = dict[str, Any]
Schema = dict[str, pl.DataType]


class Branch(NamedTuple):
    """One way through an evaluator: the cells of a row, and what must come of it."""

    name: str
    cells: Cells
    state: str
    reason: str


def frame(schema: Schema, rows: Iterable[Cells]) -> pl.DataFrame:
    filled = [{name: row.get(name) for name in schema} for row in rows]
    return pl.DataFrame(filled, schema=schema, orient="row")


def verdicts(judged: Any) -> list[tuple[str, str]]:
    rows = nw.from_native(judged, eager_only=True)
    return list(zip(rows["state"].to_list(), rows["reason"].to_list(), strict=True))


def by_all(judge: Judge, schema: Schema, rows: Iterable[Cells]) -> list[tuple[str, str]]:
    """Judge rows by Polars, by pandas with Arrow columns and by Arrow itself; they must agree."""
    polars = frame(schema, rows)
    found = verdicts(judge(polars))
    assert verdicts(judge(polars.to_pandas(use_pyarrow_extension_array=True))) == found
    assert verdicts(judge(polars.to_arrow())) == found
    return found


def ids(branches: Iterable[Branch]) -> list[str]:
    return [branch.name for branch in branches]
