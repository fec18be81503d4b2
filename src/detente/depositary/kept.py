"""What a book holds so far, as the depositary needs it: ids, corrections, offices, and what does not count."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from detente.depositary.drafts import OFFICE
from detente.depositary.drafts import RECEIPT
from detente.depositary.drafts import Draft
from detente.depositary.drafts import parse_draft
from detente.depositary.fault import Fault
from detente.depositary.form import form_faults
from detente.depositary.offices import Office
from detente.depositary.offices import office_of
from detente.ledger.book import Book
from detente.ledger.book import Other
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.entries import Entry
from detente.ledger.entries import parse_entry
from detente.ledger.faults import LedgerError
from detente.ledger.notes import Note
from detente.ledger.notes import split
from detente.ledger.reader import LogReader
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import PublicKey
from detente.ledger.stores import FolderStore
from detente.ledger.sync import checked_body
from detente.ledger.sync import mirror_of
from detente.ledger.tiles import CHECKPOINT

__all__ = ["Kept", "Written", "own_log", "read_log", "their_log"]

_SIGN: Final = "Let the office that it names sign it."


class Written(msgspec.Struct, frozen=True):
    """A statement of a book: where it stands, when it was logged, by which party, and what it says."""

    index: int
    logged: datetime
    party: str
    """The party for which its office spoke when it was logged."""
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
        self.received: dict[tuple[str, str], Written] = {}
        """Its first receipt of each statement, by the book and the id of what was received."""
        self.strange: list[tuple[int, str]] = []
        self._log_keys = tuple(key for key in log_keys if key.algorithm == ED25519)
        self._order: list[Written] = []
        self._indexes: list[int] = []

    def add(self, entry: Entry, index: int) -> None:
        """Take the next entry of the log in; what is no statement is remembered as strange."""
        self.size, self.logged = index + 1, entry.logged
        try:
            made, note = parse_draft(entry.statement), entry.note()
            faults = self.faults_of(made, split(note))
        except LedgerError as fault:
            self.strange.append((index, fault.what))
            return
        if made.id in self.written:
            self.strange.append((index, f"The id '{made.id}' stands in entry {self.written[made.id].index} already."))
            return
        office = self.offices.get(made.office_in(self.origin))
        party = made.cells.get("party", "") if made.kind == OFFICE else office.party if office else ""
        told = tuple(fault.what for fault in faults)
        self.written[made.id] = written = Written(index, entry.logged, party, made, note, told)
        if faults:
            return
        self._order.append(written)
        self._indexes.append(index)
        if made.cells.get("corrects"):
            self.corrected[made.cells["corrects"]] = made.id
        if made.kind == RECEIPT:
            self.received.setdefault((made.cells.get("origin", ""), made.cells.get("of", "")), written)
        elif made.kind == OFFICE:
            registered = office_of(made)
            self.offices[registered.id] = registered

    def faults_of(self, made: Draft, note: Note) -> list[Fault]:
        """Return what is wrong with a statement as the next entry of this log; empty where it counts."""
        return [*form_faults(made), *self.authority(made, note), *self._of_correction(made)]

    def authority(self, made: Draft, note: Note) -> Iterator[Fault]:
        """Yield what is wrong with the signatures of a statement, or with the authority of its office here."""
        if made.kind == OFFICE:
            try:
                office_of(made)
            except LedgerError as fault:
                yield Fault("office", fault.what, fault.remedy)
            yield from _unsigned(note, self._log_keys, 1, self.origin)
            return
        name = made.office_in(self.origin)
        office = self.offices.get(name)
        if office is None:
            what = f"The office '{name}' is not registered in the book '{self.origin}'."
            if made.jointly and not name:
                what = f"The joint text names no office in the book '{self.origin}'."
            yield Fault("office", what, "Register it first: detente office")
            return
        yield from _of_mandate(made, office)
        yield from _unsigned(note, office.keys, office.least, office.id)

    def _of_correction(self, made: Draft) -> Iterator[Fault]:
        """A side corrects itself and nobody else; and only what still stands."""
        target = made.cells.get("corrects")
        if not target:
            return
        before, later = self.written.get(target), self.written.get(self.corrected.get(target, ""))
        if later:
            what = f"'{target}' was corrected already, by '{later.draft.id}'."
            yield Fault("conflict", what, f"Read the other version; to correct it, name '{later.draft.id}'.", later)
        if before is None or before.faults:
            what = f"'{target}' is no statement of the book '{self.origin}', and so cannot be corrected in it."
            yield Fault("correction", what, "To contest what another has stated, use: detente raise")
            return
        office = self.offices.get(made.office_in(self.origin))
        if before.draft.jointly != made.jointly:
            what = f"'{target}' is a joint text, and only those who signed it can correct it."
            yield Fault("correction", what, "Let all sides sign the correction: --with OTHER:OFFICE")
        elif office and before.party != office.party:
            what = f"'{target}' is a statement of {before.party}, and {office.party} cannot correct it."
            yield Fault("correction", what, "To contest what another has stated, use: detente raise")
        if before.draft.kind != made.kind:
            what = f"'{target}' is a {before.draft.kind}, and a {made.kind} cannot correct it."
            yield Fault("correction", what, f"Correct it by a {before.draft.kind}.")

    def since(self, size: int) -> Iterator[Written]:
        """Yield the statements that count, from an index on."""
        return iter(self._order[bisect_left(self._indexes, size) :])

    def counts(self, id: str) -> Written | None:
        """Return a statement of this log that counts, or None."""
        found = self.written.get(id)
        return None if found is None or found.faults else found


def _of_mandate(made: Draft, office: Office) -> Iterator[Fault]:
    """Yield what an office says without being the one to say it."""
    if made.action not in office.may:
        remedy = f"It may: {', '.join(office.may) or 'nothing, it is closed'}. Let another office speak."
        yield Fault("authority", f"The office '{office.id}' may not {made.action}.", remedy)
    author = made.cells.get("author", office.party)
    if author != office.party:
        what = f"The office '{office.id}' speaks for {office.party}, not for {author[:40]}."
        yield Fault("authority", what, f"Write {office.party} as its author, or leave the author out.")
    prefix = f"{office.party.lower()}."
    if not made.jointly and not made.id.startswith(prefix):
        what = f"The id '{made.id}' does not begin with '{prefix}'."
        yield Fault("id", what, "Ids begin with the party that speaks, so that no side can take another's.")


def _unsigned(note: Note, keys: tuple[PublicKey, ...], least: int, name: str) -> Iterator[Fault]:
    """Yield a fault where fewer than `least` of these keys have signed; one faulty signature spoils all."""
    known = {(key.name, key.key_id): key for key in keys}
    signers: set[tuple[str, bytes]] = set()
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None or (key.name, key.key_id) in signers:
            continue
        if not key.verifies(note.text, signature.value):
            what = f"The signature of '{key.name}' is not of this text."
            yield Fault("signature", what, "The text was altered after it was signed; let it be signed again.")
            return
        signers.add((key.name, key.key_id))
    if len(signers) < least:
        others = sorted({signature.name for signature in note.signatures} - {key.name for key in keys})
        told = f" It is signed by {', '.join(others[:5])}." if others and not signers else ""
        yield Fault(
            "signature", f"{len(signers)} of the {least} signatures that '{name}' asks for are there.{told}", _SIGN
        )


def read_log(origin: str, keys: tuple[PublicKey, ...], store: FolderStore, size: int) -> Kept:
    """Return what a log holds; bodies that stand beside it are read where an entry names one."""
    kept = Kept(origin, keys)
    for index, data in enumerate(LogReader(store, size).entries()):
        try:
            entry = parse_entry(data)
            if entry.body:
                entry = _whole(entry, parse_entry(checked_body(store, entry.body)))
        except LedgerError as fault:
            kept.size = index + 1
            kept.strange.append((index, fault.what))
            continue
        kept.add(entry, index)
    return kept


def _whole(entry: Entry, body: Entry) -> Entry:
    """Return the entry that stands beside the log, logged when the log says."""
    return msgspec.structs.replace(body, logged=entry.logged)


def own_log(book: Book) -> Kept:
    """Return what the book itself holds."""
    return read_log(book.origin, book.public, FolderStore(book.served), book.checkpoint().size)


def their_log(book: Book, name: str, other: Other) -> Kept:
    """Return what our copy of another's log holds; nothing where we have none yet."""
    store = FolderStore(mirror_of(book, name))
    note = store.read(CHECKPOINT)
    size = read_checkpoint(note)[1].size if note else 0
    return read_log(other.origin, other.public, store, size)
