"""What the benchmarks of the log run in a process of their own: our side, and the floors."""
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.log_made import ORIGIN
from benchmarks.log_made import SEED
from benchmarks.log_made import indexes
from benchmarks.log_made import made_batches
from benchmarks.measure import peak_mib
from benchmarks.measure import processor

__all__ = ["TASKS", "main"]


def append(folder: str, count: str, batch: str, serve_every: str) -> dict[str, Any]:
    """Append entries, each batch lasting before the next one, and close the log; making the entries is not timed."""
    from detente.ledger.log import LogWriter
    from detente.ledger.log import create_log
    from detente.ledger.signatures import ED25519
    from detente.ledger.signatures import PrivateKey

    key = PrivateKey.from_seed(ORIGIN, ED25519, SEED)
    served, state = Path(folder) / "log", Path(folder) / "state"
    create_log(served, state, key)
    writer = LogWriter(served, state, [key], float(serve_every))
    seconds, processor = 0.0, 0.0
    for entries in made_batches(int(count), int(batch)):
        before, start = time.process_time(), time.perf_counter()
        writer.append(entries)
        seconds += time.perf_counter() - start
        processor += time.process_time() - before
    before, start = time.process_time(), time.perf_counter()
    writer.close()
    seconds += time.perf_counter() - start
    processor += time.process_time() - before
    return {"seconds": seconds, "processor": processor, "peak": peak_mib()}


def hashing(count: str, batch: str) -> dict[str, Any]:
    """Hash the same entries as leaves, and the nodes above them: all of it that nobody can leave out."""
    rows: list[bytes] = []
    seconds = 0.0
    for entries in made_batches(int(count), int(batch)):
        start = time.perf_counter()
        rows += [sha256(b"\x00" + entry).digest() for entry in entries]
        seconds += time.perf_counter() - start
    start = time.perf_counter()
    while len(rows) > 1:
        odd = rows[len(rows) // 2 * 2 :]
        rows = [sha256(b"\x01" + left + right).digest() for left, right in zip(rows[::2], rows[1::2], strict=False)]
        rows += odd
    return {"seconds": seconds + time.perf_counter() - start, "root": rows[0].hex()}


def file_append(folder: str, count: str, batch: str) -> dict[str, Any]:
    """Append the same bytes to one bare file, with an fsync after each batch."""
    seconds = 0.0
    file = os.open(Path(folder) / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for entries in made_batches(int(count), int(batch)):
        data = b"".join(entries)
        start = time.perf_counter()
        os.write(file, data)
        os.fsync(file)
        seconds += time.perf_counter() - start
    os.close(file)
    return {"seconds": seconds}


def prove(folder: str, count: str, many: str) -> dict[str, Any]:
    """Ask the folder of a log for its root and for proofs of random entries; nothing is in memory before."""
    from detente.ledger.reader import LogReader
    from detente.ledger.stores import FolderStore

    size = int(count)
    store = FolderStore(Path(folder) / "log")
    places = indexes(size, int(many))
    root = processor(lambda: [LogReader(store, size).root() for _ in range(100)]) / 100
    reader = LogReader(store, size)
    inclusion = processor(lambda: [reader.inclusion_proof(i) for i in places]) / len(places)
    reader = LogReader(store, size)
    consistency = processor(lambda: [reader.consistency_proof(i + 1) for i in places]) / len(places)
    return {"root": root, "inclusion": inclusion, "consistency": consistency, "peak": peak_mib()}


def tree(count: str, many: str) -> dict[str, Any]:
    """Prove from a tree in memory, and verify."""
    from detente.ledger.merkle import Tree
    from detente.ledger.merkle import leaf_hash
    from detente.ledger.merkle import verify_consistency
    from detente.ledger.merkle import verify_inclusion

    size = int(count)
    whole = Tree()
    for entries in made_batches(size, 1000):
        whole.append(b"".join(map(leaf_hash, entries)))
    places = indexes(size, int(many))
    paths = [whole.inclusion_proof(i) for i in places]
    inclusion = processor(lambda: [whole.inclusion_proof(i) for i in places]) / len(places)
    extensions = [whole.consistency_proof(i + 1) for i in places]
    consistency = processor(lambda: [whole.consistency_proof(i + 1) for i in places]) / len(places)
    root, roots = whole.root(), [whole.root(i + 1) for i in places]
    wanted = set(places)
    bodies = {i: e for f, b in enumerate(made_batches(size, 1000)) for i, e in enumerate(b, f * 1000) if i in wanted}

    def included() -> None:
        for i, path in zip(places, paths, strict=True):
            verify_inclusion(leaf_hash(bodies[i]), i, size, path, root)

    def extended() -> None:
        for i, path, before in zip(places, extensions, roots, strict=True):
            verify_consistency(i + 1, size, path, before, root)

    verified = {"verify_inclusion": processor(included), "verify_consistency": processor(extended)}
    return {
        "inclusion": inclusion,
        "consistency": consistency,
        **{name: seconds / len(places) for name, seconds in verified.items()},
        "root": root.hex(),
    }


def statements(many: str) -> dict[str, Any]:
    """Open signed notes, and examine signed drafts as the depositary does; the floor is the bare verification."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from detente.ledger.notes import opened
    from detente.ledger.notes import split

    kept, notes = _office(int(many))
    floors: list[float] = []
    found: dict[str, list[float]] = {"opened": [], "accepted": []}
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
    texts = [(note.signatures[0].value, note.text) for note in map(split, notes)]
    keys = kept.offices["office"].keys
    for _ in range(5):
        floors.append(processor(lambda: [public.verify(signature, text) for signature, text in texts]))
        found["opened"].append(processor(lambda: [opened(note, keys) for note in notes]))
        found["accepted"].append(processor(lambda: [_accepted(kept, note) for note in notes]))
    return {"floor": min(floors) / len(notes), **{name: min(times) / len(notes) for name, times in found.items()}}


def _office(many: int) -> tuple[Any, list[bytes]]:
    """Return a book with one office, and so many statements that it has signed."""
    from datetime import UTC
    from datetime import datetime

    from detente.depositary.drafts import draft
    from detente.depositary.drafts import sign_draft
    from detente.depositary.kept import Kept
    from detente.depositary.offices import Office
    from detente.ledger.signatures import ED25519
    from detente.ledger.signatures import PrivateKey

    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    key = PrivateKey.from_seed("office.example/one", ED25519, SEED)
    kept = Kept(ORIGIN, (key.public,))
    kept.offices["office"] = Office("office", "USA", (key.public,), ("declare", "notify", "correct"))
    cells = {"instrument": "new-start", "author": "USA", "on": "2018-03-01", "value": "659"}
    made = [draft(f"usa.bench.{i}", "report", "office", {**cells, "item": str(i)}, now) for i in range(many)]
    return kept, [sign_draft(one, key) for one in made]


def _accepted(kept: Any, note: bytes) -> object:  # noqa: ANN401
    """Do with a signed draft what the depositary does with each: form, canonical text, signature, authority, id."""
    from detente.depositary.accept import accept

    return accept(note, kept)


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "append": append,
    "hashing": hashing,
    "file-append": file_append,
    "prove": prove,
    "tree": tree,
    "statements": statements,
}


def main(arguments: list[str]) -> None:
    """Run the task that is named first with the arguments that follow."""
    print(json.dumps(TASKS[arguments[0]](*arguments[1:])))


if __name__ == "__main__":
    main(sys.argv[1:])
