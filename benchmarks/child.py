"""The tasks that run in a process of their own; each prints one JSON object.

Libraries are imported by the task that needs them, so that no side carries another's memory.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from datetime import date
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.escrow import check_task
from benchmarks.escrow import floor_task
from benchmarks.escrow import make_task
from benchmarks.measure import clock
from benchmarks.measure import peak_mib

__all__ = ["TASKS", "main"]


def load_ours(folder: str) -> dict[str, Any]:
    """Load and check a casebook."""
    from detente import Casebook
    from detente import open_casebook

    before = peak_mib()
    opened: list[Casebook] = []
    seconds = clock(lambda: opened.append(open_casebook(folder, public=False)))
    rows, problems = opened[0].record.height, len(opened[0].problems)
    return {"seconds": seconds, "peak": peak_mib(), "imports": before, "rows": rows, "problems": problems}


def load_peer(ledger: str) -> dict[str, Any]:
    """Load and check a ledger with Beancount, without its cache."""
    from beancount import loader

    before = peak_mib()
    loaded: list[Any] = []
    seconds = clock(lambda: loaded.append(loader.load_file(ledger)[:2]))
    rows, problems = (len(part) for part in loaded[0])
    return {"seconds": seconds, "peak": peak_mib(), "imports": before, "rows": rows, "problems": problems}


def load_floor(folder: str) -> dict[str, Any]:
    """Read the same files with nothing but Polars, and check ids, names and days in one pass a kind."""
    import polars as pl

    known = [f"P{n:02}" for n in range(24)]

    def work() -> None:
        kinds: dict[str, list[pl.DataFrame]] = {}
        for path in sorted(Path(folder).rglob("*.csv")):
            frame = pl.read_csv(path, infer_schema=False, null_values="")
            kinds.setdefault(path.stem.split("-")[0], []).append(frame)
        frames.extend(pl.concat(parts) for parts in kinds.values())
        for frame in frames:
            day = pl.col("on").str.to_date("%Y-%m-%d", strict=False)
            frame.select(
                (pl.col("id").is_null() | ~pl.col("id").is_unique()).sum().alias("id"),
                (~pl.col("author").is_in(known)).sum().alias("author"),
                (~pl.col("source").str.starts_with("src.")).sum().alias("source"),
                day.is_null().sum().alias("on"),
            )

    before = peak_mib()
    frames: list[pl.DataFrame] = []
    seconds = clock(work)
    rows = sum(frame.height for frame in frames)
    return {"seconds": seconds, "peak": peak_mib(), "imports": before, "rows": rows, "problems": 0}


def agenda(days: str, pair: str = "USA,RUS") -> dict[str, Any]:
    """Make the agenda of a pair on random days from a loaded record, and time its parts and the floor in turn."""
    import detente
    from detente.reading import Reading

    first, second = pair.split(",")
    casebook = detente.open_casebook()
    frame = casebook.record.frame
    made = random.Random(1963)
    span = (date.today() - _SINCE).days
    chosen = [_SINCE + timedelta(days=made.randrange(span)) for _ in range(int(days) + 2)]
    found: dict[str, list[float]] = {name: [] for name in ("standings", "findings", "rules", "whole", "floor")}
    for number, on in enumerate(chosen):
        reading: list[Reading] = []
        standings = clock(lambda on=on, to=reading: _standings(to, Reading(casebook, on)))  # type: ignore[misc]
        read = reading[0]
        forums = clock(lambda read=read: read.forum_states)  # type: ignore[misc]
        findings = clock(lambda read=read: read.spoken_findings)  # type: ignore[misc]
        rules = forums + clock(lambda read=read: read.agenda(first, second))  # type: ignore[misc]
        floor = clock(lambda: _floor(frame))
        if number < 2:
            continue  # what is made once a record, and warm libraries
        whole = standings + findings + rules
        for name, value in zip(found, (standings, findings, rules, whole, floor), strict=True):
            found[name].append(value)
    return {name: median(values) for name, values in found.items()} | {"rows": frame.height, "peak": peak_mib()}


_SINCE = date(1968, 1, 1)


def _standings(to: list[Any], reading: Any) -> None:  # noqa: ANN401
    to.append(reading)
    _ = reading.standing.frame


def _floor(frame: Any) -> object:  # noqa: ANN401
    """Return what the plainest question to the whole record costs: one group-by."""
    import polars as pl

    return frame.group_by("kind", "instrument", "author").agg(pl.len(), pl.col("on_last").max())


def sweep(step: str, pair: str = "USA,RUS") -> dict[str, Any]:
    """Make the agenda of a pair on the first day of every month (or every so many) since 1968."""
    import detente
    from detente.reading import Reading

    first, second = pair.split(",")
    casebook = detente.open_casebook()
    today = date.today()
    months = [date(y, m, 1) for y in range(1968, today.year + 1) for m in range(1, 13)]
    months = [m for m in months if m <= today][:: int(step)]
    items = 0
    ours = floor = 0.0
    for on in months:
        answers: list[Any] = []
        read = Reading(casebook, on)
        ours += clock(lambda read=read, to=answers: to.append(read.agenda(first, second)))  # type: ignore[misc]
        floor += clock(lambda: _floor(casebook.record.frame))
        items += sum(len(section.items) for section in answers[0].sections)
    return {"seconds": ours, "floor": floor, "months": len(months), "items": items, "peak": peak_mib()}


def limits(rows: str, repeats: str) -> dict[str, Any]:
    """Judge one limit for so many scenarios, against the bare comparison of the same numbers."""
    import numpy as np
    import polars as pl

    from detente.obligations import limit

    size = int(rows)
    made = np.random.default_rng(1963)
    count = made.integers(0, 3000, size)
    most = made.integers(1000, 2000, size)
    least = made.integers(0, 100, size)
    frame = pl.DataFrame({"count": count, "at_most_count": most, "at_least_count": least}).with_columns(
        pl.lit(None, pl.Float64).alias("quantity"),
        pl.lit(None, pl.Float64).alias("at_most_quantity"),
        pl.lit(None, pl.Float64).alias("at_least_quantity"),
        pl.lit("given").alias("silence"),
        pl.lit(date(2019, 7, 10)).alias("good_until"),
    )
    ours: list[float] = []
    floor: list[float] = []
    for _ in range(int(repeats)):
        ours.append(clock(lambda: limit.judge(frame, date(2018, 7, 10))))
        floor.append(clock(lambda: (count > most) | (count < least)))
    return {"seconds": median(ours), "floor": median(floor), "rows": size, "peak": peak_mib()}


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "load-ours": load_ours,
    "load-peer": load_peer,
    "load-floor": load_floor,
    "agenda": agenda,
    "sweep": sweep,
    "limits": limits,
    "escrow-make": make_task,
    "escrow-check": check_task,
    "escrow-floor": floor_task,
}


def main(arguments: list[str]) -> None:
    """Run the task that is named first with the arguments that follow."""
    print(json.dumps(TASKS[arguments[0]](*arguments[1:])))


if __name__ == "__main__":
    main(sys.argv[1:])
