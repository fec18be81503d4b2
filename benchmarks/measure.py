"""How things are measured: whole child processes, alternated, and the median of their repetitions."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

__all__ = ["Row", "alternate", "ask", "clock", "middle", "peak_mib", "processor", "table", "wall"]

_HOME = Path(__file__).parent.parent


@dataclass(frozen=True)
class Row:
    """One line of the report: what was measured, ours, the peer's or the floor's, and the aim of their ratio."""

    what: str
    unit: str
    ours: float
    peer: float
    against: str
    target: float | None = None

    @property
    def ratio(self) -> float:
        """Ours divided by the peer's: less is better."""
        return self.ours / self.peer

    @property
    def met(self) -> str:
        """Whether the ratio is no more than the target; empty where there is none."""
        if self.target is None:
            return ""
        return "yes" if self.ratio <= self.target else "no"

    def cells(self) -> tuple[str, ...]:
        """Return the row as text."""
        aim = "" if self.target is None else f"<= {_number(self.target)}"
        ours, peer = (f"{_number(value)} {self.unit}" for value in (self.ours, self.peer))
        return self.what, ours, self.against, peer, _number(self.ratio), aim, self.met


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table that is also readable as text."""
    head = ("what", "ours", "against", "its value", "ratio", "target", "met")
    cells = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(head))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in cells]
    lines.insert(1, "| " + " | ".join("-" * w for w in widths) + " |")
    return "\n".join(lines)


def ask(task: str, *arguments: str, module: str = "benchmarks.child") -> dict[str, Any]:
    """Run one task of a module in a process of its own and return what it answers."""
    command = [sys.executable, "-m", module, task, *arguments]
    # Beancount would otherwise read back a pickle of an earlier run.
    environment = {**os.environ, "BEANCOUNT_DISABLE_LOAD_CACHE": "1"}
    done = subprocess.run(command, cwd=_HOME, env=environment, stdout=subprocess.PIPE, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def wall(command: Sequence[str]) -> dict[str, Any]:
    """Run a command in a process of its own and return the seconds from its start to its end."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return {"seconds": time.perf_counter() - start}


def alternate(sides: Mapping[str, Callable[[], dict[str, Any]]], repeats: int) -> dict[str, list[dict[str, Any]]]:
    """Measure every side in turn, so often: A B A B, so that other work on the machine falls on all alike."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in sides}
    for _ in range(repeats):
        for name, measure in sides.items():
            found[name].append(measure())
    return found


def middle(samples: Sequence[Mapping[str, Any]], key: str) -> float:
    """Return the median of one number over the repetitions."""
    return median(float(sample[key]) for sample in samples)


def clock(work: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def processor(work: Callable[[], object]) -> float:
    """Return the seconds that one call keeps the processor busy: what others do meanwhile does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def peak_mib() -> float:
    """Return the most memory that this process has held, in MiB.

    Linux says it for the program itself; elsewhere getrusage does, which a large parent can raise.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    per_mib = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / per_mib
