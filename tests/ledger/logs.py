"""Small logs for tests: made, grown, and checked for what must always be true of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.folder import Folder
from detente.ledger.log import LogWriter
from detente.ledger.log import create_log
from detente.ledger.reader import LogReader
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import PrivateKey
from detente.ledger.tiles import CHECKPOINT

ORIGIN: Final = "mfa.example/book"
KEY: Final = PrivateKey.from_seed(ORIGIN, ED25519, bytes(range(32)))

_MEMORY: Final = Path("/dev/shm")


class Place:
    """The two folders of a log."""

    def __init__(self, root: Path) -> None:
        self.served = root / "served"
        self.state = root / "state"
        self.journal = self.state / "journal"
        self.checkpoint = self.served / CHECKPOINT

    def create(self) -> None:
        create_log(self.served, self.state, KEY)

    def writer(self, serve_every: float = 0.0) -> LogWriter:
        return LogWriter(self.served, self.state, [KEY], serve_every)

    def store(self) -> Folder:
        return Folder(self.served, self.state / "unused")


def entry(number: int) -> bytes:
    """Return the entry of a number: of many lengths, and none at times."""
    return b"" if number % 97 == 13 else f"entry {number} ".encode() * (number % 7 + 1)


def numbered(first: int, count: int) -> list[bytes]:
    return [entry(number) for number in range(first, first + count)]


@contextmanager
def memory_folder() -> Iterator[Path]:
    """Give a folder in memory where there is one: many tests wait for the disk, and none is about its speed."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as folder:
        yield Path(folder)


def verified(place: Place) -> Checkpoint:
    """Check what is served against its own checkpoint, to the last entry; return the checkpoint."""
    store = place.store()
    checkpoint = opened_checkpoint(store.read(CHECKPOINT) or b"", [KEY.public], ORIGIN)
    LogReader(store, checkpoint.size).verify(checkpoint)
    return checkpoint


def entries_of(place: Place) -> list[bytes]:
    """Return what is served."""
    store = place.store()
    size = opened_checkpoint(store.read(CHECKPOINT) or b"", [KEY.public], ORIGIN).size
    return list(LogReader(store, size).entries())


class History:
    """What a log was told, and what it said of it: the entries that must be there, and those that may."""

    def __init__(self, entries: Sequence[bytes] = ()) -> None:
        self.certain = list(entries)
        self.possible: list[list[bytes]] = []

    def kept(self, entries: Sequence[bytes]) -> None:
        self.certain += entries
        self.possible = []

    def perhaps(self, entries: Sequence[bytes]) -> None:
        self.possible.append(list(entries))

    def check(self, found: Sequence[bytes]) -> None:
        """Every kept entry is there, in order; after them there may be a batch that was not acknowledged."""
        assert list(found[: len(self.certain)]) == self.certain
        assert list(found[len(self.certain) :]) in ([], *self.possible)
