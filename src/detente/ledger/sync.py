"""Taking over another's log: fetched, checked entry by entry, and only then kept; an interrupted one goes on.

Also brings home the countersignatures that the other side has given to our own log.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final
from typing import NamedTuple

from detente.ledger.book import Book
from detente.ledger.book import Other
from detente.ledger.book import mirror_of
from detente.ledger.book import witnessed_path
from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.entries import Body
from detente.ledger.entries import NoEntry
from detente.ledger.entries import body_path
from detente.ledger.entries import parse_entry
from detente.ledger.faults import Forked
from detente.ledger.faults import Malformed
from detente.ledger.folder import Folder
from detente.ledger.folder import not_kept
from detente.ledger.folder import write_durably
from detente.ledger.notes import opened
from detente.ledger.reader import LogReader
from detente.ledger.reader import Store
from detente.ledger.signatures import ED25519
from detente.ledger.stores import FolderStore
from detente.ledger.tiles import CHECKPOINT
from detente.ledger.tiles import ENTRIES
from detente.ledger.tiles import WIDTH
from detente.ledger.tiles import pack
from detente.ledger.tiles import tiles_of
from detente.ledger.witness import check_known
from detente.ledger.witness import head_of
from detente.ledger.witness import locked_other
from detente.ledger.witness import remember_first

__all__ = ["Synced", "checked_body", "cosigned_by", "keep_cosigned", "mirror_of", "sync"]

_PENDING: Final = "pending"


_HASH = re.compile(r"[0-9a-f]{64}")


class Synced(NamedTuple):
    """What was taken over: sizes before and after, and the size of our log that the other has countersigned."""

    before: int
    after: int
    countersigned: int | None


class _Fetched:
    """A store that keeps what it fetches in a folder, so that an interrupted fetch goes on where it was."""

    def __init__(self, store: Store, mirror: Path, pending: Folder) -> None:
        self._store = store
        self._mirror = FolderStore(mirror)
        self._pending = pending

    def read(self, path: str) -> bytes | None:
        for known in (self._mirror, self._pending):
            data = known.read(path)
            if data is not None:
                return data
        data = self._store.read(path)
        if data is not None:
            self._pending.write(path, data)
        return data


def sync(
    book: Book,
    name: str,
    store: Store,
    now: datetime | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Synced:
    """Take over another's log as far as its checkpoint, and its countersignature of ours.

    When this returns the copy is whole, checked and on the disk.  Raise Forked, with the evidence kept, where the log
    does not continue our copy; raise Malformed where it does not serve what it has signed.  The copy stays as it was.
    """
    other = book.other(name)
    with locked_other(book, name) as folder:
        note, checkpoint = head_of(other, name, store)
        mirror = mirror_of(book, name)
        last = FolderStore(mirror).read(CHECKPOINT)
        task = _Task(folder, mirror, store, note, checkpoint, last)
        resumed = (folder / _PENDING).exists()
        try:
            # What it serves now is compared with what we hold: none of our own tiles may stand in for its.
            check_known(book, name, note, LogReader(store, checkpoint.size), now or datetime.now(UTC))
            try:
                before = _take_over(task, tell)
            except Malformed:
                if not resumed:
                    raise
                # What an interrupted sync had left may be what is damaged, and not the log.
                before = _take_over(task, tell)
        except OSError as fault:
            raise not_kept(folder, fault) from None
        return Synced(before, checkpoint.size, _bring_home(book, name, other, store))


class _Task(NamedTuple):
    folder: Path
    mirror: Path
    store: Store
    note: bytes
    checkpoint: Checkpoint
    last: bytes | None


def _take_over(task: _Task, tell: Callable[[int, int], None] | None) -> int:
    """Fetch, check and keep; return the size of the copy before."""
    pending = task.folder / _PENDING
    fetched = _Fetched(task.store, task.mirror, Folder(pending, task.folder / "scratch"))
    reader = LogReader(fetched, task.checkpoint.size)
    before = read_checkpoint(task.last)[1].size if task.last else 0
    try:
        reader.verify(task.checkpoint, before, tell)
        copy = Folder(task.mirror, task.folder / "scratch")
        for tile in tiles_of(task.checkpoint.size, before):
            level, number, _ = tile
            data = pack(reader.bundle(number)) if level == ENTRIES else reader.hashes(level, number)
            copy.write(tile.path, data)
        for entry in reader.entries(before):
            _fetch_bodies(entry, fetched, copy)
    except Malformed:
        # What was fetched may be damaged: next time it is fetched anew.
        shutil.rmtree(pending, ignore_errors=True)
        raise
    copy.sync()
    write_durably(task.mirror / CHECKPOINT, task.note)
    for tile in tiles_of(task.checkpoint.size, before):
        if tile.width == WIDTH:
            copy.remove_folder(f"{tile.path}.p")
    shutil.rmtree(pending, ignore_errors=True)
    return before


def _fetch_bodies(data: bytes, store: Store, copy: Folder) -> None:
    """Fetch what an entry names as standing beside the log, each body and attachment checked by its hash."""
    try:
        entry = parse_entry(data)
        if entry.body:
            body = checked_body(store, entry.body)
            copy.write(body_path(entry.body.sha256), body)
            entry = parse_entry(body)
    except NoEntry:
        return  # an entry of another program; its bytes are kept as they are
    for named in entry.attached():
        copy.write(body_path(named.sha256), checked_body(store, named))


def checked_body(store: Store, body: Body) -> bytes:
    """Return a body that stands beside a log; raise Malformed where it is missing or another."""
    if not _HASH.fullmatch(body.sha256):
        raise Malformed(
            f"'{body.sha256[:70]}' is no SHA-256 in hexadecimal digits.", "Ask its author what it should be."
        )
    data = store.read(body_path(body.sha256))
    if data is None or len(data) != body.size or sha256(data).hexdigest() != body.sha256:
        how = "is missing" if data is None else "is another"
        what = f"The body {body.sha256[:16]}... of an entry {how}."
        raise Malformed(what, "Its author has signed its hash: ask for the body of that hash.")
    return data


def _bring_home(book: Book, name: str, other: Other, store: Store) -> int | None:
    """Keep the other's countersignature of our log, if it has one; return the size that it countersigned."""
    note = store.read(witnessed_path(book.origin))
    if note is None:
        return None
    cosigners = [key for key in other.public if key.algorithm != ED25519]
    opened(note, cosigners)
    checkpoint = opened_checkpoint(note, book.log_keys, book.origin)
    own = book.checkpoint()
    if (
        checkpoint.size > own.size
        or LogReader(FolderStore(book.served), own.size).root(checkpoint.size) != checkpoint.root
    ):
        what = f"'{name}' has countersigned {checkpoint.size} entries of this log, and this log does not have them now."
        raise Forked(
            what, "This log was altered or restored from an old copy. Keep it as it is, and find the right one."
        )
    keep_cosigned(book, name, note)
    return checkpoint.size


def keep_cosigned(book: Book, name: str, note: bytes) -> None:
    """Keep a checkpoint of our log that another has countersigned, unless a newer one is kept."""
    last = cosigned_by(book, name)
    if last is None or read_checkpoint(last)[1].size <= read_checkpoint(note)[1].size:
        write_durably(book.folder_of(name) / "cosigned", note)
        remember_first(book.folder_of(name) / "cosigned.by-size", read_checkpoint(note)[1].size, note)


def cosigned_by(book: Book, name: str) -> bytes | None:
    """Return the last checkpoint of our log that another has countersigned, or None."""
    path = book.folder_of(name) / "cosigned"
    return path.read_bytes() if path.exists() else None
