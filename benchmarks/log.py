"""The log beside other tile writers, Merkle trees and verifiers, and beside the floors of the disk and of hashing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Row
from benchmarks.measure import alternate
from benchmarks.measure import ask
from benchmarks.measure import middle
from benchmarks.peers import Peers

__all__ = ["LogLoad", "log_rows"]

_OURS = "benchmarks.log_child"
_THEIRS = "benchmarks.log_peers"
_PEERS = Peers(
    f"{sys.version_info[0]}.{sys.version_info[1]}", "tlog-scales==0.0.3", "pymerkle==7.0.0", "sigstore==4.5.1"
)
_AICS = Peers("3.12", "aics-tlog==0.2.1")

_EVERY = "0.1"
"""A fast writer serves a checkpoint so often, in seconds."""

_Sides = dict[str, Callable[[], dict[str, Any]]]


@dataclass(frozen=True)
class LogLoad:
    """How many entries are logged, by us and by the slower peers, how many of them one by one, and proofs asked for."""

    entries: int
    slower: int
    batch: int
    singles: int
    proofs: int
    repeats: int


def log_rows(load: LogLoad, scratch: Path) -> list[Row]:
    """Append, prove, verify and accept, each side in a process of its own, in turn."""
    folders = _Folders(scratch)
    return [
        *_appending(load, folders),
        *_one_by_one(load, folders),
        *_proving(load, folders),
        *_verifying(load, folders),
        *_accepting(load),
        *_memory(load, folders),
    ]


class _Folders:
    """Fresh folders; what was measured before is removed in the end, since removing makes the disk slow for a while."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._made = 0

    def fresh(self) -> str:
        self._made += 1
        path = self._scratch / str(self._made)
        path.mkdir()
        return str(path)

    def log_of(self, entries: int) -> Path:
        """Return a folder with a log of so many entries, made once."""
        path = self._scratch / f"log-{entries}"
        if not path.exists():
            path.mkdir()
            ask("append", str(path), str(entries), "1000", "60", module=_OURS)
        return path


def _ours(task: str, *arguments: object) -> dict[str, Any]:
    return ask(task, *map(str, arguments), module=_OURS)


def _scales(task: str, *arguments: object) -> dict[str, Any]:
    return _PEERS.ask(_THEIRS, task, *arguments)


def _appending(load: LogLoad, folders: _Folders) -> Iterator[Row]:
    """Batches, each lasting before the next one; the peers take fewer entries, and would be slower with more."""
    n, few, batch = load.entries, load.slower, load.batch
    sides: _Sides = {
        "ours": lambda: _ours("append", folders.fresh(), n, batch, _EVERY),
        "each": lambda: _ours("append", folders.fresh(), n, batch, 0),
        "hashing": lambda: _ours("hashing", n, batch),
        "file": lambda: _ours("file-append", folders.fresh(), n, batch),
    }
    if _PEERS.there:
        sides["tlog-scales"] = lambda: _scales("scales-append", folders.fresh(), few, batch)
    if _AICS.there:
        sides["aics-tlog"] = lambda: _AICS.ask(_THEIRS, "aics-append", folders.fresh(), few, batch)
    found = alternate(sides, load.repeats)
    us = {s: 1e6 * middle(found[s], "seconds") / (few if "-" in s else n) for s in found}
    processor = 1e6 * middle(found["ours"], "processor") / n
    what = f"log: append {n:,} entries, {batch:,} a wait"
    for name in ("tlog-scales", "aics-tlog"):
        if name in us:
            yield Row(what, "us", us["ours"], us[name], f"{name}, {few:,} entries", 1 / 3)
    yield Row(what, "us", us["ours"], us["hashing"], "bare hashing", 2.0)
    yield Row("  processor time", "us", processor, us["hashing"], "bare hashing")
    yield Row("  time", "us", us["ours"], us["file"], "bare append and fsync")
    yield Row("  with a checkpoint after each batch", "us", us["each"], us["hashing"], "bare hashing")


def _one_by_one(load: LogLoad, folders: _Folders) -> Iterator[Row]:
    """One entry a commit, each served under a checkpoint of its own."""
    n = load.singles
    sides: _Sides = {
        "ours": lambda: _ours("append", folders.fresh(), n, 1, 0),
        "rarely": lambda: _ours("append", folders.fresh(), n, 1, _EVERY),
        "file": lambda: _ours("file-append", folders.fresh(), n, 1),
    }
    if _PEERS.there:
        sides["peer"] = lambda: _scales("pymerkle-append", folders.fresh(), n)
    us = {side: 1e6 * middle(samples, "seconds") / n for side, samples in alternate(sides, load.repeats).items()}
    what = f"log: commit {n:,} entries one by one"
    if "peer" in us:
        yield Row(what, "us", us["ours"], us["peer"], "pymerkle in SQLite", 1 / 5)
    yield Row(what, "us", us["ours"], us["file"], "bare append and fsync", 2.0)
    yield Row("  with a checkpoint now and then", "us", us["rarely"], us["file"], "bare append and fsync", 2.0)


def _proving(load: LogLoad, folders: _Folders) -> Iterator[Row]:
    """Proofs of random entries: from the folder, of which nothing is in memory at first, and from a tree in memory."""
    n, many = load.entries, load.proofs
    folder = folders.log_of(n)
    sides: _Sides = {
        "ours": lambda: _ours("prove", folder, n, many),
        "tree": lambda: _ours("tree", n, many),
    }
    if _PEERS.there:
        sides["tlog-scales"] = lambda: _scales("scales-prove", folder / "log", n, max(many // 20, 10))
        sides["pymerkle"] = lambda: _scales("pymerkle-prove", n, max(many // 4, 10))
    found = alternate(sides, load.repeats)
    us = {s: {k: 1e6 * middle(found[s], k) for k in ("inclusion", "consistency")} for s in found}
    if "tlog-scales" in us:
        ours, theirs = (1e6 * middle(found[side], "root") for side in ("ours", "tlog-scales"))
        what = f"log: root of {n:,} entries from the folder"
        yield Row(what, "us", ours, theirs, "tlog-scales, from the same folder", 0.1)
    for kind in ("inclusion", "consistency"):
        what = f"log: proof of {kind} from the folder"
        if "tlog-scales" in us:
            theirs = us["tlog-scales"][kind]
            yield Row(what, "us", us["ours"][kind], theirs, "tlog-scales, from the same folder", 0.1)
        if "pymerkle" in us:
            yield Row(what, "us", us["ours"][kind], us["pymerkle"][kind], "pymerkle in memory, warm", 1.0)
            yield Row("  from a tree in memory", "us", us["tree"][kind], us["pymerkle"][kind], "the same", 1.0)
        else:
            yield Row(what, "us", us["ours"][kind], us["tree"][kind], "our tree in memory")


def _verifying(load: LogLoad, folders: _Folders) -> Iterator[Row]:
    """Verification of the proofs of the same entries."""
    if not _PEERS.there:
        return
    n, many = load.slower, load.proofs
    served = folders.log_of(n) / "log"
    found = alternate(
        {
            "ours": lambda: _ours("tree", n, many),
            "sigstore": lambda: _scales("sigstore-verify", served, n, max(many // 20, 10)),
            "tlog-scales": lambda: _scales("scales-verify", served, n, max(many // 20, 10)),
        },
        load.repeats,
    )
    for kind, peer in (("inclusion", "sigstore"), ("consistency", "tlog-scales")):
        ours, theirs = (1e6 * middle(found[side], f"verify_{kind}") for side in ("ours", peer))
        name = "sigstore-python" if peer == "sigstore" else peer
        yield Row(f"log: verify {kind} in {n:,} entries", "us", ours, theirs, name, 1.0)


def _accepting(load: LogLoad) -> Iterator[Row]:
    """A signed statement: its note opened; and parsed, examined and made an entry, as the depositary does."""
    found = alternate({"ours": lambda: _ours("statements", load.singles)}, load.repeats)["ours"]
    floor = 1e6 * middle(found, "floor")
    yield Row("log: open a signed note", "us", 1e6 * middle(found, "opened"), floor, "bare Ed25519 verify")
    yield Row("log: accept a signed statement", "us", 1e6 * middle(found, "accepted"), floor, "the same", 1.5)


def _memory(load: LogLoad, folders: _Folders) -> Iterator[Row]:
    """Peak memory of a process that appends or proves, with a short log and a long one."""
    n, few = load.entries, load.slower
    long, short = (_ours("append", folders.fresh(), count, load.batch, _EVERY)["peak"] for count in (n, few))
    yield Row(f"log: peak memory, {n:,} appended", "MiB", long, short, f"{few:,} appended", 1.1)
    long, short = (_ours("prove", folders.log_of(count), count, load.proofs)["peak"] for count in (n, few))
    yield Row(f"log: peak memory, proofs of {n:,}", "MiB", long, short, f"proofs of {few:,}", 1.1)
