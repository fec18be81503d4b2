"""Scenarios of the kill campaign between two books: a witness that countersigns, and a copy that is taken over."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from detente.ledger.book import Book
from detente.ledger.book import Other
from detente.ledger.book import create_book
from detente.ledger.book import open_book
from detente.ledger.book import witnessed_path
from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.keys import ALGORITHMS
from detente.ledger.keys import OfficeKeys
from detente.ledger.notes import opened
from detente.ledger.reader import LogReader
from detente.ledger.signatures import PrivateKey
from detente.ledger.stores import FolderStore
from detente.ledger.sync import mirror_of
from detente.ledger.sync import sync
from detente.ledger.tiles import CHECKPOINT
from detente.ledger.witness import last_seen
from detente.ledger.witness import visit

__all__ = ["check_sync", "check_witness", "prepare", "work_sync", "work_witness"]

Tell = Callable[[int], None]

_NAME: Final = "other"


def _keys(name: str, first: int) -> OfficeKeys:
    seeds = (bytes([first + number]) * 32 for number in range(3))
    return OfficeKeys(*(PrivateKey.from_seed(name, a, seed) for a, seed in zip(ALGORITHMS, seeds, strict=True)))


_OURS: Final = _keys("kills.example/ours", 1)
_THEIRS: Final = _keys("kills.example/theirs", 11)


def prepare(folder: Path) -> None:
    """Begin two books, of which one knows the other."""
    ours, theirs = create_book(folder / "ours", _OURS), create_book(folder / "theirs", _THEIRS)
    ours.meet(_NAME, Other(origin=theirs.origin, keys=tuple(str(key) for key in theirs.public)))


def _books(folder: Path) -> tuple[Book, Book]:
    return open_book(folder / "ours"), open_book(folder / "theirs")


def _grow(theirs: Book) -> None:
    with theirs.writer(_THEIRS) as log:
        count = random.Random().choice((0, 1, 3, 100, 256, 300))
        log.append([b"entry %d" % number for number in range(log.size, log.size + count)])


def work_witness(folder: Path, _seed: int, tell: Tell) -> None:
    """Countersign a log that grows, again and again; tell each size that was countersigned."""
    ours, theirs = _books(folder)
    while True:
        _grow(theirs)
        tell(visit(ours, _NAME, FolderStore(theirs.served), _OURS).checkpoint.size)


def check_witness(folder: Path, _seed: int, told: list[int]) -> None:
    """What is kept and what is served as countersigned are whole, and no countersignature that was told is lost."""
    ours, theirs = _books(folder)
    kept = _countersigned(last_seen(ours, _NAME))
    served = _countersigned(FolderStore(ours.served).read(witnessed_path(theirs.origin)))
    assert served <= kept, f"{served} is served as countersigned, and {kept} is kept"
    assert max(told, default=0) <= kept, f"{max(told)} was countersigned, and {kept} is kept"
    with theirs.writer(_THEIRS):
        pass
    again = visit(ours, _NAME, FolderStore(theirs.served), _OURS).checkpoint.size
    assert again >= kept, f"{kept} was countersigned, and now {again}"


def _countersigned(note: bytes | None) -> int:
    """Return the size of a countersigned checkpoint, its signatures checked; 0 where there is none."""
    if note is None:
        return 0
    _, keys = opened(note, [key.public for key in (_THEIRS.note, *_OURS.cosigners)])
    assert len(keys) == 3, "a signature is missing"
    return read_checkpoint(note)[1].size


def work_sync(folder: Path, _seed: int, tell: Tell) -> None:
    """Take over a log that grows, again and again; tell each size that was taken over."""
    ours, theirs = _books(folder)
    while True:
        _grow(theirs)
        tell(sync(ours, _NAME, FolderStore(theirs.served)).after)


def check_sync(folder: Path, _seed: int, told: list[int]) -> None:
    """The copy is whole at its own checkpoint, holds all that was told, and can be taken further."""
    ours, theirs = _books(folder)
    before = _verified(ours)
    size = before.size if before else 0
    assert max(told, default=0) <= size, f"{max(told)} entries were taken over, and {size} are there"
    with theirs.writer(_THEIRS):
        pass
    sync(ours, _NAME, FolderStore(theirs.served))
    after = _verified(ours)
    assert after is not None
    assert after.root == theirs.checkpoint().root, "the copy has another root"


def _verified(ours: Book) -> Checkpoint | None:
    """Return the checkpoint of the copy, every entry of it checked; None where there is no copy yet."""
    store = FolderStore(mirror_of(ours, _NAME))
    note = store.read(CHECKPOINT)
    if note is None:
        return None
    checkpoint = opened_checkpoint(note, [_THEIRS.note.public], _THEIRS.name)
    LogReader(store, checkpoint.size).verify(checkpoint)
    return checkpoint
