"""The web face under load, beside Fava with as many entries and Datasette with the same rows.

Every side is the program as a user starts it, one process, on loopback.  A reader's wait is measured at the
client, for pages that were seen before and for days that nobody has asked for, at 1 and at 32 connections.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date
from datetime import timedelta
from pathlib import Path
from statistics import median
from statistics import quantiles
from urllib.request import urlopen

import aiohttp

import detente
from benchmarks.ledger import write_ledger
from benchmarks.measure import Row

__all__ = ["Load", "flat_memory", "waits"]

_CONNECTIONS = (1, 32)
_STARTS_WITHIN = 180
_FIRST, _LAST = date(1968, 1, 1), date(2026, 11, 1)
_LEDGER = date(1980, 1, 1)
_SEED = 2018
_MIB = 1024


class Load:
    """How many requests each measurement takes: new days, and pages seen before, per connection."""

    def __init__(self, new: int, seen: int, memory: int) -> None:
        self.new = new
        self.seen = seen
        self.memory = memory


class Site:
    """One program that serves: its start, a page for a day, and the days that it can be asked for."""

    def __init__(self, name: str, command: list[str], page: Callable[[date], str], days: Sequence[date]) -> None:
        self.name = name
        self.command = command
        self.page = page
        self.days = list(days)


def waits(load: Load, scratch: Path) -> list[Row]:
    """Return the median and the 99th percentile of a reader's wait, ours beside each peer's."""
    sites = _sites(scratch)
    found = {site.name: dict(_measured(site, load)) for site in sites}
    ours = found.pop("ours")
    rows = []
    for key, mine in ours.items():
        for rank, name in enumerate(("median", "99th percentile")):
            for peer, theirs in found.items():
                what = f"{key}, {name}"
                rows.append(Row(what, "ms", 1000 * mine[rank], 1000 * theirs[key][rank], peer, 1.0))
    return rows


def _sites(scratch: Path) -> list[Site]:
    casebook = detente.open_casebook()
    count = casebook.record.frame.height
    ledger = write_ledger(scratch / "ledger", count)
    database = _database(scratch / "casebook.db", casebook)
    program = Path(sys.executable).parent
    ports = {name: _free_port() for name in ("ours", "fava", "datasette")}
    ledger_days = [_LEDGER + timedelta(days=n) for n in range(30, count // 10)]
    days = [_FIRST + timedelta(days=n) for n in range((_LAST - _FIRST).days)]
    return [
        Site("ours", [str(program / "detente"), "serve", "--port", str(ports["ours"])],
             lambda day: f"http://127.0.0.1:{ports['ours']}/en/?on={day}", days),
        # Fava's page is a shell that asks for its data at once: the data are what a reader waits for.
        Site("fava", [str(program / "fava"), "--port", str(ports["fava"]), str(ledger)],
             lambda day: f"http://127.0.0.1:{ports['fava']}/made-up/api/balance_sheet?time={_LEDGER}+to+{day}"
                         "&account=&filter=&interval=month&conversion=at_cost", ledger_days),
        Site("datasette", [str(program / "datasette"), "serve", str(database), "--port", str(ports["datasette"])],
             lambda day: f"http://127.0.0.1:{ports['datasette']}/casebook/statements?on_last__lte={day}"
                         "&_facet=kind&_facet=author&_sort_desc=on_last", days),
    ]  # fmt: skip


def _database(path: Path, casebook: detente.Casebook) -> Path:
    """Write every statement into an SQLite table, as Datasette's users would."""
    frame = casebook.record.frame
    names = [name for name in frame.columns if name not in ("file", "line")]
    with sqlite3.connect(path) as connection:
        columns = ", ".join(f'"{name}"' for name in names)
        connection.execute(f"create table statements ({columns}, primary key (id))")
        marks = ", ".join("?" for _ in names)
        rows = ([None if v is None else str(v) for v in row] for row in frame.select(names).iter_rows())
        connection.executemany(f"insert into statements values ({marks})", rows)
        for name in ("on_last", "kind", "author"):
            connection.execute(f"create index by_{name} on statements ({name})")
    return path


def _measured(site: Site, load: Load) -> Iterator[tuple[str, tuple[float, float]]]:
    made = random.Random(_SEED)
    days = made.sample(site.days, min(len(site.days), 1 + load.new * (1 + 4)))
    with _served(site, days.pop()):
        for connections in _CONNECTIONS:
            new = [days.pop() for _ in range(load.new * (1 if connections == 1 else 4))]
            yield f"a new day, {connections} connections", _ranks(asyncio.run(_ask(site, new, connections)))
            seen = made.choices(new[-20:], k=load.seen)
            yield f"a page seen before, {connections} connections", _ranks(asyncio.run(_ask(site, seen, connections)))


def _ranks(found: list[float]) -> tuple[float, float]:
    return median(found), quantiles(found, n=100, method="inclusive")[98]


async def _ask(site: Site, days: Sequence[date], connections: int) -> list[float]:
    """Return the seconds that each request took; so many readers ask at a time, each over one connection."""
    left = list(days)
    found: list[float] = []

    async def reader(session: aiohttp.ClientSession) -> None:
        while left:
            address = site.page(left.pop())
            start = time.perf_counter()
            async with session.get(address, allow_redirects=False) as response:
                body = await response.read()
            found.append(time.perf_counter() - start)
            if response.status != 200 or len(body) < _MIB:
                raise AssertionError(f"{site.name} answered {response.status}, {len(body)} bytes: {address}")

    connector = aiohttp.TCPConnector(limit=connections)
    timeout = aiohttp.ClientTimeout(total=300)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        await asyncio.gather(*(reader(session) for _ in range(connections)))
    return found


@contextmanager
def _served(site: Site, first: date) -> Iterator[int]:
    """Start a program, wait until it serves a page, and stop it in the end; yield its process group."""
    process = subprocess.Popen(
        site.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_for(site.page(first), process)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(address, timeout=60) as response:
                response.read()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise AssertionError(f"Nothing was served at {address}.")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def flat_memory(load: Load, scratch: Path) -> list[Row]:
    """Ask for random days, so many in all; memory after the last stands beside memory after the first tenth."""
    site = _sites(scratch)[0]
    made = random.Random(_SEED)
    days = made.choices(site.days, k=load.memory)
    with _served(site, site.days[0]) as group:
        asyncio.run(_ask(site, days[: load.memory // 10], 4))
        early = _resident_mib(group)
        asyncio.run(_ask(site, days[load.memory // 10 :], 4))
        late = _resident_mib(group)
    return [Row(f"memory after {load.memory:,} requests", "MiB", late, early, f"after {load.memory // 10:,}", 1.1)]


def _resident_mib(group: int) -> float:
    """Return the resident memory of a process group (Linux)."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            status = stat.with_name("status").read_text()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[2]) == group:
            total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)
    return total / _MIB
