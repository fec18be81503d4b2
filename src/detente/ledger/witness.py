"""The witness: it countersigns another log's checkpoint only when that continues the last one that it saw.

Follows C2SP tlog-witness: the same checks and the same answers, by HTTP or by files on a stick.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from detente.ledger.book import Book
from detente.ledger.book import Other
from detente.ledger.book import mirror_of
from detente.ledger.book import witnessed_path
from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.checkpoints import parse_number
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.evidence import check_extension
from detente.ledger.faults import Forked
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.faults import NotKept
from detente.ledger.folder import write_durably
from detente.ledger.keys import OfficeKeys
from detente.ledger.merkle import InvalidProof
from detente.ledger.merkle import verify_consistency
from detente.ledger.notes import Note
from detente.ledger.notes import Signature
from detente.ledger.notes import split
from detente.ledger.proofs import hash_lines
from detente.ledger.proofs import parse_hash_lines
from detente.ledger.reader import LogReader
from detente.ledger.reader import Store
from detente.ledger.signatures import PublicKey
from detente.ledger.signatures import cosignature_time
from detente.ledger.stores import FolderStore
from detente.ledger.tiles import CHECKPOINT

__all__ = [
    "Answer",
    "Visit",
    "add_checkpoint",
    "add_checkpoint_request",
    "check_known",
    "head_of",
    "last_seen",
    "locked_other",
    "remember_first",
    "visit",
]


class Visit(NamedTuple):
    """What a visit found: the checkpoint, the size at the visit before, and the note with our countersignatures."""

    checkpoint: Checkpoint
    since: int
    note: bytes


class Answer(NamedTuple):
    """The answer to an `add-checkpoint` request: HTTP status, content type, body."""

    status: int
    content_type: str
    body: bytes


def visit(
    book: Book,
    name: str,
    store: Store,
    keys: OfficeKeys,
    now: datetime | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Visit:
    """Check another's log since the last visit, entry by entry, and countersign its checkpoint.

    When this returns the countersigned checkpoint is kept, and served in our own log.  Raise Forked, with the
    evidence kept, where the log does not continue; raise LedgerError where it cannot be read or was not signed.
    """
    other = book.other(name)
    _check_keys(book, keys)
    with locked_other(book, name):
        note, checkpoint = head_of(other, name, store)
        reader = LogReader(store, checkpoint.size)
        last = last_seen(book, name)
        when = now or datetime.now(UTC)
        check_known(book, name, note, reader, when)
        since = read_checkpoint(last)[1].size if last else 0
        reader.verify(checkpoint, since, tell)
        return Visit(checkpoint, since, _countersign(book, name, other, note, keys, when))


def head_of(other: Other, name: str, store: Store) -> tuple[bytes, Checkpoint]:
    """Return the checkpoint that another's log serves, its signature checked; raise LedgerError."""
    note = store.read(CHECKPOINT)
    if note is None:
        raise LedgerError(f"There is no log of '{name}' at this address.", "Look whether the address is right.")
    return note, opened_checkpoint(note, other.log_keys, other.origin)


def check_known(book: Book, name: str, note: bytes, served: LogReader, now: datetime) -> None:
    """Check that another's log continues all that this book knows of it: its copy, and what it has countersigned.

    Raise Forked, with the evidence kept, where it does not.
    """
    evidence = book.folder_of(name) / "evidence"
    mirror = FolderStore(mirror_of(book, name))
    copied = mirror.read(CHECKPOINT)
    copy = LogReader(mirror, read_checkpoint(copied)[1].size) if copied else None
    check_extension(copied, note, served, evidence, now, copy)
    check_extension(last_seen(book, name), note, served, evidence, now, copy)


def last_seen(book: Book, name: str) -> bytes | None:
    """Return the last checkpoint of another log that this book has countersigned, or None."""
    path = book.folder_of(name) / "witnessed"
    return path.read_bytes() if path.exists() else None


def remember_first(folder: Path, size: int, note: bytes) -> None:
    """Keep the first countersignature of a head beside later ones: it says since when its entries were in hand."""
    if not (folder / str(size)).exists():
        write_durably(folder / str(size), note)


def add_checkpoint_request(old: int, proof: list[bytes], note: bytes) -> bytes:
    """Return the request that asks a witness to countersign a checkpoint."""
    return b"old %d\n%s\n%s" % (old, hash_lines(proof), note)


def add_checkpoint(book: Book, request: bytes, keys: OfficeKeys, now: datetime | None = None) -> Answer:
    """Return the answer to a request to countersign, as tlog-witness has it; what is countersigned is kept before.

    Raise LedgerError where this side is at fault: another's key, a clock that was set back, a full disk.
    """
    _check_keys(book, keys)
    try:
        old, proof, note = _parse_request(request)
        _, checkpoint = read_checkpoint(note)
    except LedgerError as fault:
        return _said(400, str(fault))
    name = next((name for name, other in book.others.items() if other.origin == checkpoint.origin), None)
    if name is None:
        return _said(404, f"This witness does not know the log '{checkpoint.origin}'.")
    other = book.other(name)
    when = now or datetime.now(UTC)
    try:
        opened_checkpoint(note, other.log_keys, other.origin)
    except InvalidNote as fault:
        return _said(403, str(fault))
    if old > checkpoint.size:
        return _said(400, f"The old size {old} is larger than the new one, {checkpoint.size}.")
    with locked_other(book, name):
        last = last_seen(book, name)
        seen = read_checkpoint(last)[1] if last else None
        if old != (seen.size if seen else 0):
            return Answer(409, "text/x.tlog.size", b"%d\n" % (seen.size if seen else 0))
        try:
            _check_copy(book, name, note, checkpoint, when)
            if seen and old == checkpoint.size:
                reader = LogReader(FolderStore(mirror_of(book, name)), old)  # unread: one size needs no proof
                check_extension(last, note, reader, book.folder_of(name) / "evidence", when)
        except Forked as fault:
            return _said(409, fault.what)
        try:
            if seen and old:
                verify_consistency(old, checkpoint.size, proof, seen.root, checkpoint.root)
            elif proof:
                raise InvalidProof("the proof of an empty log is empty")
        except InvalidProof as fault:
            return _said(422, f"The log does not continue, by this proof: {fault}.")
        cosigned = _countersign(book, name, other, note, keys, when)
    ours = {key.key_id for key in keys.cosigners}
    lines = [signature.line() for signature in split(cosigned).signatures if signature.key_id in ours]
    return Answer(200, "text/plain; charset=utf-8", b"".join(lines))


def _check_copy(book: Book, name: str, note: bytes, checkpoint: Checkpoint, now: datetime) -> None:
    """Check a checkpoint against our copy of the log, if that reaches so far; raise Forked, with the evidence kept."""
    mirror = FolderStore(mirror_of(book, name))
    copied = mirror.read(CHECKPOINT)
    copy = LogReader(mirror, read_checkpoint(copied)[1].size) if copied else None
    if copied and copy and checkpoint.size <= copy.size and copy.root(checkpoint.size) != checkpoint.root:
        check_extension(copied, note, copy, book.folder_of(name) / "evidence", now, copy)


def _check_keys(book: Book, keys: OfficeKeys) -> None:
    if any(key.public not in book.public for key in keys.cosigners):
        what = f"The key '{keys.name}' is not that of this book."
        raise LedgerError(what, f"Countersign with the key of '{book.origin}'.")


@contextmanager
def locked_other(book: Book, name: str) -> Iterator[Path]:
    """Hold the private folder about another side alone; raise NotKept where another program does."""
    folder = book.folder_of(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=0)
        lock.acquire()
    except OSError as fault:
        what = f"'{folder}' is in use or cannot be written ({fault})."
        raise NotKept(what, "Wait until the other program has finished, and try again.") from None
    try:
        yield folder
    finally:
        lock.release()


def _countersign(book: Book, name: str, other: Other, note: bytes, keys: OfficeKeys, now: datetime) -> bytes:
    """Keep a checkpoint with our countersignatures, privately and then in our served folder; return it."""
    seconds = int(now.timestamp())
    before = last_seen(book, name)
    if before and seconds < (latest := _latest(split(before), keys.public)):
        what = f"The clock says {seconds}, and the last countersignature was made at {latest} (seconds since 1970)."
        raise LedgerError(what, "Set the clock right and try again; nothing was countersigned.")
    found = split(note)
    theirs = {(key.name, key.key_id) for key in other.public}
    kept = [signature for signature in found.signatures if (signature.name, signature.key_id) in theirs]
    ours = [Signature(key.name, key.key_id, key.sign(found.text, seconds)) for key in keys.cosigners]
    cosigned = Note(found.text, (*kept, *ours)).encoded()
    write_durably(book.folder_of(name) / "witnessed", cosigned)
    remember_first(book.folder_of(name) / "witnessed.by-size", read_checkpoint(cosigned)[1].size, cosigned)
    write_durably(book.served / witnessed_path(other.origin), cosigned)
    return cosigned


def _latest(note: Note, keys: tuple[PublicKey, ...]) -> int:
    ids = {key.key_id for key in keys}
    return max((cosignature_time(s.value) for s in note.signatures if s.key_id in ids), default=0)


def _parse_request(request: bytes) -> tuple[int, list[bytes], bytes]:
    head, gap, note = request.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    old = parse_number(first.removeprefix(b"old ").decode("ascii", "replace"))
    if not gap or old is None or not first.startswith(b"old "):
        raise Malformed("This is no add-checkpoint request.", "It begins with 'old N', the size last countersigned.")
    return old, list(parse_hash_lines(lines)), note


def _said(status: int, text: str) -> Answer:
    return Answer(status, "text/plain; charset=utf-8", text.encode() + b"\n")
