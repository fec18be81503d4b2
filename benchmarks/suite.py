"""The benchmarks: each returns the lines of the report that it fills."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.casebook import Shape
from benchmarks.casebook import write_casebook
from benchmarks.escrow import steps
from benchmarks.ledger import write_ledger
from benchmarks.log import LogLoad
from benchmarks.log import log_rows
from benchmarks.measure import Row
from benchmarks.measure import alternate
from benchmarks.measure import ask
from benchmarks.measure import middle
from benchmarks.measure import wall
from benchmarks.web import Load
from benchmarks.web import flat_memory
from benchmarks.web import waits

__all__ = [
    "BENCHMARKS",
    "FULL",
    "QUICK",
    "Size",
    "agenda",
    "command",
    "escrow",
    "limits",
    "load",
    "log",
    "memory",
    "sweep",
    "web",
]

_FASTER = 1 / 50
_LEANER = 1 / 3
_COLD = 3.0


@dataclass(frozen=True)
class Size:
    """How much is measured, and how often."""

    statements: int
    loads: int
    days: int
    every_months: int
    commands: int
    scenarios: tuple[int, ...]
    judgements: int
    web: Load
    escrow: int
    log: LogLoad


FULL = Size(
    100_000,
    5,
    40,
    1,
    9,
    (1_000, 100_000, 10_000_000),
    7,
    Load(50, 300, 10_000),
    1 << 20,
    LogLoad(1_000_000, 100_000, 1_000, 2_000, 20_000, 3),
)
QUICK = Size(2_000, 1, 2, 120, 1, (1_000,), 1, Load(2, 10, 10), 256, LogLoad(3_000, 1_000, 500, 20, 100, 1))
"""Enough to see that everything runs; its numbers say nothing."""


def load(size: Size, scratch: Path) -> list[Row]:
    """Load and check so many statements; the peer is Beancount's loader with as many directives."""
    shapes = {
        "clean": Shape(size.statements),
        "broken": Shape(size.statements, broken=0.01),
        "corrected": Shape(size.statements, corrections=0.1),
    }
    for name, shape in shapes.items():
        write_casebook(scratch / name, shape)
    ledger = write_ledger(scratch / "ledger", size.statements)
    found = alternate(
        {
            **{name: lambda name=name: ask("load-ours", str(scratch / name)) for name in shapes},  # type: ignore[misc]
            "peer": lambda: ask("load-peer", str(ledger)),
            "floor": lambda: ask("load-floor", str(scratch / "clean")),
        },
        size.loads,
    )
    _expect(found["clean"][0]["rows"] == size.statements and found["clean"][0]["problems"] == 0, "a clean casebook")
    _expect(found["broken"][0]["problems"] > 0, "problems in the broken casebook")
    _expect(found["peer"][0]["problems"] == 0, "a correct ledger")
    seconds = {name: middle(samples, "seconds") for name, samples in found.items()}
    peak = {name: middle(samples, "peak") for name, samples in found.items()}
    added = {name: peak[name] - middle(samples, "imports") for name, samples in found.items()}
    of = f"{size.statements:,} statements"
    return [
        Row(f"load and check {of}", "s", seconds["clean"], seconds["peer"], "beancount loader", _FASTER),
        Row("  peak memory of the process", "MiB", peak["clean"], peak["peer"], "beancount loader", _LEANER),
        Row("  peak memory above the imports", "MiB", added["clean"], added["peer"], "beancount loader"),
        Row("  time", "s", seconds["clean"], seconds["floor"], "bare read_csv and checks"),
        Row("  peak memory of the process", "MiB", peak["clean"], peak["floor"], "bare read_csv and checks"),
        Row("  with 1 % broken rows", "s", seconds["broken"], seconds["clean"], "the clean casebook"),
        Row("  with 10 % corrections", "s", seconds["corrected"], seconds["clean"], "the clean casebook"),
    ]


def agenda(size: Size, scratch: Path) -> list[Row]:
    """Make the agenda of a new day from the shipped record, loaded; the floor is one group-by over it."""
    found = ask("agenda", str(size.days))
    ms = {name: 1000 * found[name] for name in ("standings", "findings", "rules", "whole", "floor")}
    return [
        Row(f"agenda on a new day ({found['rows']:,} statements)", "ms", ms["whole"], ms["floor"], "one group_by"),
        *(Row(f"  of which {n}", "ms", ms[n], ms["whole"], "the whole") for n in ("standings", "findings", "rules")),
    ]


def sweep(size: Size, scratch: Path) -> list[Row]:
    """Make the agenda of every month since 1968; the floor is one group-by a month."""
    found = ask("sweep", str(size.every_months))
    what = f"agenda of {found['months']} months since 1968"
    return [Row(what, "s", found["seconds"], found["floor"], "one group_by a month")]


def command(size: Size, scratch: Path) -> list[Row]:
    """Ask the command line for an agenda, cold; the peer is a Python that imports Polars and nothing else."""
    program = Path(sys.executable).with_name("detente")
    start = [str(program)] if program.exists() else [sys.executable, "-m", "detente"]
    ask_agenda = [*start, "agenda", "--between", "USA,RUS", "--on", "2018-07-10", "--format", "json"]
    found = alternate(
        {
            "ours": lambda: wall(ask_agenda),
            "peer": lambda: wall([sys.executable, "-c", "import polars"]),
            "floor": lambda: wall([*start, "--help"]),
        },
        size.commands,
    )
    ours, peer, floor = (middle(found[name], "seconds") for name in ("ours", "peer", "floor"))
    return [
        Row("cold `detente agenda`", "s", ours, peer, "python -c 'import polars'", _COLD),
        Row("  time", "s", ours, floor, "detente --help"),
    ]


def limits(size: Size, scratch: Path) -> list[Row]:
    """Judge one limit for many scenarios; the floor is the comparison of the same numbers by NumPy."""
    rows: list[Row] = []
    for scenarios in size.scenarios:
        found = ask("limits", str(scenarios), str(size.judgements))
        speed = scenarios / found["seconds"] / 1e6
        what = f"limits judged, {scenarios:,} rows ({speed:.3g} M rows/s)"
        rows.append(Row(what, "ms", 1000 * found["seconds"], 1000 * found["floor"], "numpy comparison"))
    return rows


def web(size: Size, scratch: Path) -> list[Row]:
    """Serve pages to readers; the peers are Fava and Datasette, each as its user starts it."""
    return waits(size.web, scratch)


def memory(size: Size, scratch: Path) -> list[Row]:
    """Serve random days for long; memory must not grow with the number of requests."""
    return flat_memory(size.web, scratch)


def escrow(size: Size, scratch: Path) -> list[Row]:
    """Commit to so many items, open and check them; the floor is bare hashing of as many bytes."""
    return steps(size.escrow, min(size.loads, 3), scratch)


def log(size: Size, scratch: Path) -> list[Row]:
    """Log entries, prove and verify; the peers are tlog-scales, aics-tlog, pymerkle and sigstore-python."""
    return log_rows(size.log, scratch)


BENCHMARKS: dict[str, Callable[[Size, Path], list[Row]]] = {
    "load": load,
    "agenda": agenda,
    "sweep": sweep,
    "command": command,
    "limits": limits,
    "web": web,
    "memory": memory,
    "escrow": escrow,
    "log": log,
}


def _expect(true: bool, what: str) -> None:
    if not true:
        raise AssertionError(f"The benchmark expected {what}.")
