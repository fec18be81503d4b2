"""Proofs of single entries: made from a book with the best checkpoint that it has, and checked with public keys alone.

The `extra` line of a proof carries the entry itself, so that one file is enough.  What is disclosed of a sealed
statement may follow it, each part in base64url after a `~`; no entry ends with one, since each is a JSON table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from detente.ledger.book import Book
from detente.ledger.book import mirror_of
from detente.ledger.book import signing
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.countersignatures import Countersignature
from detente.ledger.countersignatures import countersignatures
from detente.ledger.countersignatures import merged
from detente.ledger.entries import Entry
from detente.ledger.entries import parse_entry
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.merkle import inclusion_proof
from detente.ledger.notes import split
from detente.ledger.proofs import LogProof
from detente.ledger.reader import LogReader
from detente.ledger.reader import Store
from detente.ledger.signatures import PublicKey
from detente.ledger.stores import FolderStore
from detente.ledger.sync import checked_body
from detente.ledger.sync import cosigned_by
from detente.ledger.tiles import CHECKPOINT
from detente.ledger.witness import last_seen

__all__ = ["Proved", "Signers", "check_proof", "find", "prove", "signers_of", "split_extra", "statement_of"]

_DISCLOSED = re.compile(rb"(?:~[A-Za-z0-9_-]*)*")


class Signers(NamedTuple):
    """Who signed a statement: names whose signature was verified, and names whose keys are not known here."""

    known: tuple[str, ...]
    unknown: tuple[str, ...]


class Proved(msgspec.Struct, frozen=True):
    """What a proof shows: a log has this entry at this place, and who has countersigned that log."""

    origin: str
    index: int
    size: int
    root: bytes
    entry: bytes
    disclosed: tuple[bytes, ...]
    countersigned: list[Countersignature]
    uncounted: tuple[str, ...]


def find(reader: LogReader, wanted: str) -> int:
    """Return the index that is written, or that of the first statement with this id; raise LedgerError."""
    if wanted.isascii() and wanted.isdigit():
        index = int(wanted[:20])
        if index >= reader.size:
            what = f"The log has {reader.size} entries, and none at {wanted}; the first is 0."
            raise LedgerError(what, "See how many there are with: detente log head")
        return index
    sought = msgspec.json.encode(wanted)
    for index, data in enumerate(reader.entries()):
        # Most entries are passed over unparsed: they neither name the id nor a body that might.
        if (sought in data or data.startswith(b'{"body":')) and _id_of(data, reader.store) == wanted:
            return index
    raise LedgerError(
        f"The log has no statement with the id '{wanted}'.", "Name its index, or the id as it was logged."
    )


def prove(book: Book, wanted: str, of: str = "") -> LogProof:
    """Return the proof of an entry of our own log, or of our copy of another's, with the newest countersigned head.

    Where no checkpoint that holds the entry has been countersigned, the newest head stands alone.
    """
    store, heads = _heads(book, of)
    newest = read_checkpoint(heads[0])[1]
    reader = LogReader(store, newest.size)
    index = find(reader, wanted)
    note = _best(heads[1:], index) or heads[0]
    path = inclusion_proof(index, read_checkpoint(note)[1].size, reader.node)
    return LogProof(index, tuple(path), note, reader.entry(index))


def check_proof(proof: LogProof, keys: Sequence[PublicKey]) -> Proved:
    """Return what a proof shows to someone who has these keys; raise InvalidNote or Malformed if it shows nothing."""
    _, checkpoint = read_checkpoint(proof.checkpoint)
    log_keys = signing(keys, checkpoint.origin)
    if not log_keys:
        raise LedgerError(f"No key of '{checkpoint.origin}' was given.", "Name its file with: --pub FILE.pub")
    entry, disclosed = split_extra(proof.extra)
    proof.verified(entry, log_keys, checkpoint.origin)
    told = countersignatures(proof.checkpoint, keys)
    counted = {key.name for key in log_keys} | {one.name for one in told}
    others = {s.name for s in split(proof.checkpoint).signatures if s.name not in counted}
    return Proved(
        checkpoint.origin, proof.index, checkpoint.size, checkpoint.root, entry, disclosed, told, tuple(sorted(others))
    )


def split_extra(extra: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """Return the entry that a proof carries, and what is disclosed after it; raise Malformed."""
    end = extra.rfind(b"}") + 1
    entry, rest = extra[:end], extra[end:]
    if not entry or not _DISCLOSED.fullmatch(rest):
        raise Malformed("The proof does not carry its entry.", "Ask for one that was made with: detente log prove")
    return entry, tuple(part for part in rest.split(b"~") if part)


def signers_of(entry: Entry, keys: Iterable[PublicKey]) -> Signers:
    """Return who signed a statement; raise InvalidNote where the signature of a known key is not of it."""
    known = {(key.name, key.key_id): key for key in keys}
    # The lines are read apart from the statement, which may be longer than a note of other programs.
    lines = "".join(f"{line}\n" for line in entry.signatures).encode()
    names: dict[bool, list[str]] = {True: [], False: []}
    for signature in split(b"-\n\n" + lines).signatures:
        key = known.get((signature.name, signature.key_id))
        if key and not key.verifies(entry.statement + b"\n", signature.value):
            what = f"The signature of '{key.name}' is not of this statement."
            raise InvalidNote(what, "It was altered after it was signed; keep it, and ask its author.")
        names[key is not None].append(signature.name)
    return Signers(tuple(names[True]), tuple(names[False]))


def statement_of(entry: Entry, store: Store) -> Entry:
    """Return an entry with its statement, read from beside the log where it stands there; raise Malformed."""
    if not entry.body:
        return entry
    whole = parse_entry(checked_body(store, entry.body))
    if whole.body:
        raise Malformed("A body is itself only a reference to a body.", "Ask its author for the statement.")
    return whole


def _id_of(data: bytes, store: Store) -> str:
    try:
        told = msgspec.json.decode(statement_of(parse_entry(data), store).statement, type=dict[str, object])
    except (Malformed, msgspec.DecodeError):
        return ""  # an entry of another program, or one whose body is not here
    return str(told.get("id", ""))


def _heads(book: Book, of: str) -> tuple[Store, list[bytes]]:
    """Return a log, its newest checkpoint, and those that others have countersigned."""
    if not of:
        cosigned = [cosigned_by(book, name) for name in book.others]
        book.checkpoint()
        return FolderStore(book.served), [book.head(), *(note for note in cosigned if note)]
    store = FolderStore(mirror_of(book, of)) if book.other(of) else FolderStore(book.served)
    copied = store.read(CHECKPOINT)
    if copied is None:
        raise LedgerError(f"There is no copy of the log of '{of}' yet.", f"Take it over with: detente sync {of}")
    seen = last_seen(book, of)
    return store, [copied, *([seen] if seen and _size(seen) <= _size(copied) else [])]


def _best(notes: Sequence[bytes], index: int) -> bytes | None:
    """Return the newest of some checkpoints that holds an entry, with all countersignatures of it; else None."""
    holding = [note for note in notes if _size(note) > index]
    if not holding:
        return None
    newest = max(holding, key=_size)
    text = split(newest).text
    return merged(note for note in holding if split(note).text == text)


def _size(note: bytes) -> int:
    return read_checkpoint(note)[1].size
