"""Kill -9 at any moment: children work on files and say what they have acknowledged, and what is left is checked.

`python -m tools.kill_campaign --kills 500` kills each scenario at random moments and at chosen calls of the operating
system, and prints what it did; with `--sweep` it also kills a fixed piece of work at each of its calls, one after the
other.  A scenario is a `prepare`, which makes a folder, a `work`, which runs in the child and tells the parent of each
thing that it has acknowledged, a `check`, which raises where something told is not there, and a `script`, which is work
that ends and is the same each time.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import Final
from typing import NamedTuple

from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.folder import Folder
from detente.ledger.log import LogWriter
from detente.ledger.log import create_log
from detente.ledger.reader import LogReader
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import PrivateKey
from detente.ledger.tiles import CHECKPOINT
from tools import kill_exchange

__all__ = ["POINTS", "SCENARIOS", "Kill", "Result", "Scenario", "campaign", "main", "sweep"]

POINTS: Final = ("write", "fsync", "fdatasync", "rename", "unlink", "rmdir", "ftruncate", "mkdir", "open")
"""The calls at which a child may be killed: before, after or, where something is written, in the middle."""

_LIFE: Final = 0.25
"""A child that is killed at a random moment has lived no longer than this, in seconds."""

_LONGEST: Final = 3.0
"""A child whose call never comes ends after this, in seconds."""

_MOST_CALLS: Final = {"fsync": 60, "fdatasync": 20, "ftruncate": 4, "mkdir": 12, "unlink": 6, "rmdir": 4}
_MANY_CALLS: Final = 150

Tell = Callable[[int], None]


class Scenario(NamedTuple):
    """What is killed, and what must be true afterwards.

    `work(folder, seed, tell)` runs in the child until it is killed, and tells a number for each thing it acknowledges;
    `check(folder, seed, told)` gets what was told over all the lives of the folder, in order.
    """

    name: str
    prepare: Callable[[Path], None]
    work: Callable[[Path, int, Tell], None]
    check: Callable[[Path, int, list[int]], None]
    script: Callable[[Path, int, Tell], None] | None = None


class Kill(NamedTuple):
    """Where a child is killed: at the `nth` call of `points`, or, where there are none, after `seconds`."""

    points: tuple[str, ...] = ()
    moment: str = "before"
    nth: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        if not self.points:
            return "at a random moment"
        return f"{self.moment} {self.points[0] if len(self.points) == 1 else 'each call, one after the other'}"


class Result(NamedTuple):
    """What a campaign did."""

    kills: Counter[str]
    escaped: int
    told: int
    faults: list[str]


# The log.

_KEY: Final = PrivateKey.from_seed("kills.example/log", ED25519, bytes(32))


def _entry(seed: int, number: int) -> bytes:
    return b"%d of %d " % (number, seed) * (number % 5)


def _log_prepare(folder: Path) -> None:
    create_log(folder / "served", folder / "state", _KEY)


def _log_work(folder: Path, seed: int, tell: Tell) -> None:
    """Append batches of any size, that cross the edges of tiles, and serve at once, soon, or never."""
    chance = random.Random()
    serve_every = chance.choice((0.0, 0.0, 0.002, 0.02, 3600.0))
    while True:
        with LogWriter(folder / "served", folder / "state", [_KEY], serve_every) as log:
            tell(log.size)
            for _ in range(chance.randrange(1, 30)):
                count = chance.choice((1, 1, 2, 7, 100, 255, 256, 257, 700))
                first = log.append([_entry(seed, number) for number in range(log.size, log.size + count)])
                tell(first + count)
                if chance.random() < 0.05:
                    log.sync()


def _log_served(folder: Path) -> tuple[int, list[bytes]]:
    """Return the size and the entries of what is served, verified against its own checkpoint."""
    store = Folder(folder / "served", folder / "unused")
    checkpoint = opened_checkpoint(store.read(CHECKPOINT) or b"", [_KEY.public], _KEY.name)
    reader = LogReader(store, checkpoint.size)
    reader.verify(checkpoint)
    return checkpoint.size, list(reader.entries())


def _log_check(folder: Path, seed: int, told: list[int]) -> None:
    """Before the recovery what is served verifies; after it, all that was acknowledged is there, in order."""
    before, _ = _log_served(folder)
    LogWriter(folder / "served", folder / "state", [_KEY]).close()
    after, entries = _log_served(folder)
    assert before <= after, f"{before} entries were served, and {after} after the recovery"
    assert max(told, default=0) <= after, f"{max(told)} entries were acknowledged, and {after} are there"
    for number, entry in enumerate(entries):
        assert entry == _entry(seed, number), f"entry {number} is another"


def _log_script(folder: Path, seed: int, tell: Tell) -> None:
    """Fill a bundle, begin others, sync in between, and close."""
    with LogWriter(folder / "served", folder / "state", [_KEY]) as log:
        for count in (3, 250, 10, 0, 300, 1):
            entries = [_entry(seed, number) for number in range(log.size, log.size + count)]
            if count:
                tell(log.append(entries) + count)
            else:
                log.sync()


SCENARIOS: Final[dict[str, Scenario]] = {
    "log": Scenario("log", _log_prepare, _log_work, _log_check, _log_script),
    "sync": Scenario("sync", kill_exchange.prepare, kill_exchange.work_sync, kill_exchange.check_sync),
    "witness": Scenario("witness", kill_exchange.prepare, kill_exchange.work_witness, kill_exchange.check_witness),
}


# The kills.


def campaign(
    scenario: Scenario, kills: int, seed: int, root: Path, lives: int = 8, points: Sequence[str] = POINTS
) -> Result:
    """Kill children of a scenario so many times; each folder is killed, checked and worked on `lives` times."""
    chance = random.Random(seed)
    result = Result(Counter(), 0, 0, [])
    escaped = told_before = 0
    while sum(result.kills.values()) < kills and not result.faults:
        folder = root / f"{scenario.name}-{chance.getrandbits(32):08x}"
        folder.mkdir()
        scenario.prepare(folder)
        told: list[int] = []
        for _ in range(min(lives, kills - sum(result.kills.values()))):
            kill = _any_kill(chance, points)
            if _one_life(scenario.work, folder, seed, kill, told):
                result.kills[str(kill)] += 1
            else:
                escaped += 1
            if fault := _fault(scenario, folder, seed, told):
                result.faults.append(f"killed {kill} ({kill.nth}), in {folder}: {fault}")
                break
        told_before += len(told)
        if not result.faults:
            _remove(folder)
    return result._replace(escaped=escaped, told=told_before)


def sweep(scenario: Scenario, root: Path, start: int = 1, step: int = 1) -> Result:
    """Kill the script of a scenario before and after each of its calls, or at every `step`-th; return what was done."""
    result = Result(Counter(), 0, 0, [])
    told_before = 0
    for moment in ("before", "after"):
        nth, killed = start, True
        while killed and not result.faults and scenario.script:
            folder = root / f"{scenario.name}-{moment}-{nth}"
            folder.mkdir()
            scenario.prepare(folder)
            told: list[int] = []
            kill = Kill(POINTS, moment, nth)
            killed = _one_life(scenario.script, folder, 0, kill, told)
            result.kills[str(kill)] += killed
            if fault := _fault(scenario, folder, 0, told):
                result.faults.append(f"killed {kill} ({nth}), in {folder}: {fault}")
            else:
                _remove(folder)
            nth += step
            told_before += len(told)
    return result._replace(told=told_before)


def _any_kill(chance: random.Random, points: Sequence[str]) -> Kill:
    """Return a random moment, or a call: a killed call is as likely as a killed moment is."""
    if chance.random() < 0.25:
        return Kill(seconds=chance.random() * _LIFE)
    point = chance.choice(points)
    moment = chance.choice(("before", "amid", "after") if point == "write" else ("before", "after"))
    return Kill((point,), moment, chance.randrange(1, _MOST_CALLS.get(point, _MANY_CALLS)))


def _one_life(work: Callable[[Path, int, Tell], None], folder: Path, seed: int, kill: Kill, told: list[int]) -> bool:
    """Let one child work until it is killed, and add what it told; return whether it was killed."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child uses none of the parent's threads
        child = os.fork()
    if not child:
        os.close(reading)
        _live(work, folder, seed, kill, writing)
    os.close(writing)
    if not kill.points:
        time.sleep(kill.seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        told += [int(line) for line in pipe.read().splitlines()]
    _, status = os.waitpid(child, 0)
    if status and not os.WIFSIGNALED(status):
        raise RuntimeError(f"The child ended by itself ({os.waitstatus_to_exitcode(status)}).")
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _live(work: Callable[[Path, int, Tell], None], folder: Path, seed: int, kill: Kill, writing: int) -> None:
    """Work as a child does, and never return."""
    write = os.write
    signal.setitimer(signal.ITIMER_REAL, _LONGEST)  # one whose call never comes ends by this signal
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    try:
        with _killing(kill):
            work(folder, seed, lambda number: _told(write, writing, number))
        os._exit(0)
    except BaseException as fault:
        write(2, f"{type(fault).__name__}: {fault}\n".encode())
    finally:
        os._exit(1)


def _told(write: Callable[[int, bytes], int], writing: int, number: int) -> None:
    write(writing, b"%d\n" % number)  # less than a pipe takes at once, so it is there whole or not at all


@contextmanager
def _killing(kill: Kill) -> Iterator[None]:
    """Replace the calls at one of which the child is to die."""
    real = {point: getattr(os, point) for point in kill.points}
    calls = itertools.count(1)

    def deadly(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: Any, **options: Any) -> object:  # noqa: ANN401 - whatever the call takes
            if next(calls) < kill.nth:
                return real(*args, **options)
            if kill.moment == "amid":
                real(args[0], bytes(args[1])[: len(args[1]) // 2])
            elif kill.moment == "after":
                real(*args, **options)
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError("never reached")

        return call

    for point in kill.points:
        setattr(os, point, deadly(real[point]))
    try:
        yield
    finally:
        for point in kill.points:
            setattr(os, point, real[point])


def _fault(scenario: Scenario, folder: Path, seed: int, told: list[int]) -> str:
    """Return what is wrong with a folder after a kill, or nothing."""
    try:
        scenario.check(folder, seed, told)
    except Exception as fault:
        return f"{type(fault).__name__}: {fault}"
    return ""


def _remove(folder: Path) -> None:
    for root, folders, files in os.walk(folder, topdown=False):
        for name in files:
            os.unlink(os.path.join(root, name))
        for name in folders:
            os.rmdir(os.path.join(root, name))
    os.rmdir(folder)


def main() -> int:
    """Run a campaign, and print what it did; return 1 where something was lost."""
    parser = argparse.ArgumentParser(prog="python -m tools.kill_campaign", description=__doc__)
    parser.add_argument("--kills", type=int, default=500, help="how many children are killed, of each scenario")
    parser.add_argument(
        "--scenario", choices=sorted(SCENARIOS), action="append", help="all of them where none is named"
    )
    parser.add_argument("--sweep", action="store_true", help="also kill a fixed piece of work at each of its calls")
    parser.add_argument("--seed", type=int, default=1, help="another number kills at other moments")
    parser.add_argument("--folder", type=Path, help="where to work; what failed is left there")
    given = parser.parse_args()
    root = given.folder or Path(tempfile.mkdtemp(prefix="kills-"))
    failed = False
    for name in given.scenario or sorted(SCENARIOS):
        result = campaign(SCENARIOS[name], given.kills, given.seed, root)
        if given.sweep and not result.faults:
            swept = sweep(SCENARIOS[name], root)
            result = Result(result.kills + swept.kills, result.escaped, result.told + swept.told, swept.faults)
        killed = sum(result.kills.values())
        print(f"{name}: {killed} killed, {result.told} acknowledgements, {result.escaped} never came to their call")
        for point, count in sorted(result.kills.items()):
            print(f"  {count:5} {point}")
        for line in result.faults or ["nothing was lost, and nothing half-written was served"]:
            print(f"  {line}")
        failed = failed or bool(result.faults)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
