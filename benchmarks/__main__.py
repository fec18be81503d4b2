"""Measure everything and print one table: `python -m benchmarks [--quick] [NAME ...]`."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Row
from benchmarks.measure import table
from benchmarks.suite import BENCHMARKS
from benchmarks.suite import FULL
from benchmarks.suite import QUICK

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Détente as ratios in one run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that everything runs")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    size = QUICK if options.quick else FULL
    rows: list[Row] = []
    for name in options.names or BENCHMARKS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="detente-bench-") as scratch:
            rows += BENCHMARKS[name](size, Path(scratch))
    print("; ".join(_conditions()))
    print()
    print(table(rows))


def _conditions() -> Iterator[str]:
    yield date.today().isoformat()
    yield f"{os.cpu_count()} cores"
    yield f"{platform.system()} {platform.machine()}"
    yield f"Python {platform.python_version()}"
    for name in ("polars", "numpy", "beancount"):
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"
    yield "medians; ratio = ours / its value"


if __name__ == "__main__":
    main()
