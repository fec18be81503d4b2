"""What a book holds so far, as the depositary needs it: ids, subjects, corrections, offices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from detente.depositary.drafts import OFFICE
from detente.depositary.drafts import Draft
from detente.depositary.drafts import parse_draft
from detente.ledger.book import Book
from detente.ledger.book import Other
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.entries import Entry
from detente.ledger.entries import parse_entry
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.notes import opened
from detente.ledger.reader import LogReader
from detente.ledger.signatures import PublicKey
from detente.ledger.stores import FolderStore
from detente.ledger.sync import checked_body
from detente.ledger.sync import mirror_of
from detente.ledger.tiles import CHECKPOINT

__all__ = ["ACTIONS", "Kept", "Office", "Written", "own_log", "read_log", "their_log"]

ACTIONS: Final = ("declare", "notify", "raise", "answer", "correct", "receive")
"""What an office may be allowed to do."""


class Office(msgspec.Struct, frozen=True):
    """An office as a book has registered it: for which party it speaks, with which keys, and what it may do."""

    id: str
    party: str
    keys: tuple[PublicKey, ...]
    may: tuple[str, ...]
    least: int = 1
    """How many of its keys must sign (m of n)."""


class Written(msgspec.Struct, frozen=True):
    """A statement of a book: where it stands, when it was logged, and what it says."""

    index: int
    logged: datetime
    draft: Draft
    note: bytes
    faults: tuple[str, ...]
    """Why it does not count, if it does not: its form, its signatures or the authority of its office."""


class Kept:
    """The statements of one log, in order."""

    def __init__(self, origin: str, log_keys: tuple[PublicKey, ...]) -> None:
        self.origin = origin
        self.size = 0
        self.logged: datetime | None = None
        self.offices: dict[str, Office] = {}
        self.written: dict[str, Written] = {}
        self.corrected: dict[str, str] = {}
        self.strange: list[tuple[int, str]] = []
        self._log_keys = log_keys

    def add(self, entry: Entry, index: int) -> None:
        """Take the next entry of the log in; what is no statement is remembered as strange."""
        self.size, self.logged = index + 1, entry.logged
        try:
            made = parse_draft(entry.statement)
        except Malformed as fault:
            self.strange.append((index, fault.what))
            return
        faults = tuple(self.unsigned(made, entry.note()))
        if made.id in self.written:
            self.strange.append((index, f"The id '{made.id}' stands in entry {self.written[made.id].index} already."))
            return
        self.written[made.id] = Written(index, entry.logged, made, entry.note(), faults)
        if not faults and made.cells.get("corrects"):
            self.corrected[made.cells["corrects"]] = made.id
        if not faults and made.kind == OFFICE:
            office = office_of(made)
            self.offices[office.id] = office

    def unsigned(self, made: Draft, note: bytes) -> Iterator[str]:
        """Yield what is wrong with the signatures of a statement, or with the authority of its office."""
        if made.kind == OFFICE:
            keys, least, name = self._log_keys, 1, self.origin
        elif made.office in self.offices:
            office = self.offices[made.office]
            keys, least, name = office.keys, office.least, office.id
            if made.action not in office.may:
                yield f"The office '{office.id}' may not {made.action}."
            if made.cells.get("author", office.party) != office.party:
                yield f"The office '{office.id}' speaks for {office.party}, not for {made.cells['author']}."
        else:
            yield f"The office '{made.office}' is not registered in the book '{self.origin}'."
            return
        try:
            _, signers = opened(note, keys)
        except InvalidNote as fault:
            yield fault.what
            return
        if len(signers) < least:
            yield f"{len(signers)} of the {least} signatures that '{name}' asks for are there."

    def since(self, size: int) -> Iterator[Written]:
        """Yield the statements that count, from an index on."""
        return (w for w in self.written.values() if w.index >= size and not w.faults)


def office_of(made: Draft) -> Office:
    """Return the office that a statement registers; raise Malformed where its cells are faulty."""
    cells = made.cells
    keys = tuple(PublicKey.parse(text) for text in cells.get("keys", "").split())
    may = tuple(cells.get("may", "").split())
    strange = [action for action in may if action not in ACTIONS]
    least = cells.get("least", "1")
    if strange:
        raise Malformed(f"'{strange[0]}' is nothing that an office may do.", f"Use: {' '.join(ACTIONS)}.")
    if not least.isdigit() or not 1 <= int(least) <= max(len(keys), 1):
        what = f"'{least}' of {len(keys)} keys cannot sign."
        raise Malformed(what, "Ask for at least one signature, and for no more than there are keys.")
    if not cells.get("office") or not cells.get("party"):
        raise Malformed("The registration of an office names no office or no party.", "Give both.")
    return Office(cells["office"], cells["party"], keys, may, int(least))


def read_log(origin: str, keys: tuple[PublicKey, ...], store: FolderStore, size: int) -> Kept:
    """Return what a log holds; bodies that stand beside it are read where an entry names one."""
    kept = Kept(origin, keys)
    for index, data in enumerate(LogReader(store, size).entries()):
        try:
            entry = parse_entry(data)
            if entry.body:
                entry = parse_entry(checked_body(store, entry.body))
        except LedgerError as fault:
            kept.size = index + 1
            kept.strange.append((index, fault.what))
            continue
        kept.add(entry, index)
    return kept


def own_log(book: Book) -> Kept:
    """Return what the book itself holds."""
    return read_log(book.origin, book.public, FolderStore(book.served), book.checkpoint().size)


def their_log(book: Book, name: str, other: Other) -> Kept:
    """Return what our copy of another's log holds; nothing where we have none yet."""
    store = FolderStore(mirror_of(book, name))
    note = store.read(CHECKPOINT)
    size = read_checkpoint(note)[1].size if note else 0
    return read_log(other.origin, other.public, store, size)
