"""Releasing a statement: one proof file that shows it, with as many of its withheld cells as its author discloses.

The proof is a tlog-proof whose extra data are the entry and then, after a `~` each, the disclosures, in the combined
form of SD-JWT (RFC 9901).  Extra data are not authenticated by themselves: the audit path proves the entry, the digests
in the entry prove the disclosures.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from detente.depositary.disclosures import Disclosure
from detente.depositary.disclosures import disclosed
from detente.depositary.disclosures import parse_disclosure
from detente.depositary.drafts import Draft
from detente.depositary.drafts import parse_draft
from detente.ledger.book import Book
from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.entries import Entry
from detente.ledger.entries import parse_entry
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.folder import write_durably
from detente.ledger.merkle import leaf_hash
from detente.ledger.notes import Verifier
from detente.ledger.proofs import LogProof
from detente.ledger.reader import LogReader
from detente.ledger.stores import FolderStore
from detente.ledger.sync import cosigned_by
from detente.ledger.sync import mirror_of
from detente.ledger.tiles import CHECKPOINT

__all__ = ["Released", "keep_disclosures", "opened_release", "release"]

_BETWEEN = b"~"


class Released(msgspec.Struct, frozen=True):
    """What a release shows: the head of the log that holds it, its place, the statement, and how much is withheld."""

    checkpoint: Checkpoint
    index: int
    entry: Entry
    draft: Draft
    withheld: int
    disclosures: tuple[str, ...]


def release(book: Book, index: int, disclosures: Sequence[Disclosure] = ()) -> LogProof:
    """Return the proof of an entry of our log that discloses these cells.

    It leads to the last checkpoint that another side has countersigned and that holds the entry, else to our own.
    """
    note = next((note for note in _countersigned(book) if read_checkpoint(note)[1].size > index), None)
    note = note or FolderStore(book.served).read(CHECKPOINT) or b""
    reader = LogReader(FolderStore(book.served), read_checkpoint(note)[1].size)
    if parse_entry(reader.entry(index)).body:
        what = f"The statement in entry {index} is too long for a proof; it stands beside the log."
        raise LedgerError(what, "Let the other side fetch the log (detente sync): the whole statement comes with it.")
    parts = [reader.entry(index), *(disclosure.text().encode() for disclosure in disclosures)]
    extra = _BETWEEN.join(parts) + (_BETWEEN if disclosures else b"")
    return LogProof(index, tuple(reader.inclusion_proof(index)), note, extra)


def opened_release(data: bytes, keys: Sequence[Verifier], origin: str) -> Released:
    """Return what a release shows to someone who knows the log's keys; raise InvalidNote or Malformed."""
    proof = LogProof.parse(data)
    entry_bytes, disclosures = _parts(proof.extra)
    checkpoint = proof.verified(entry_bytes, keys, origin)
    entry = parse_entry(entry_bytes)
    if entry.body:
        what = f"The entry {proof.index} is too long for a proof; its body stands beside the log."
        raise Malformed(what, f"Ask for the body {entry.body.sha256} and compare its SHA-256.")
    draft, withheld = disclosed(parse_draft(entry.statement), disclosures)
    return Released(checkpoint, proof.index, entry, draft, withheld, disclosures)


def keep_disclosures(book: Book, name: str, released: Released) -> None:
    """Keep what another side has disclosed of a statement that our copy of its log holds.

    From then on the record that we read shows the cells.  Raise LedgerError where our copy has another entry there.
    """
    store = FolderStore(mirror_of(book, name))
    note = store.read(CHECKPOINT)
    size = read_checkpoint(note)[1].size if note else 0
    if released.index >= size or leaf_hash(LogReader(store, size).entry(released.index)) != leaf_hash(
        released.entry.encoded()
    ):
        what = f"Our copy of the log of '{name}' does not hold this statement at {released.index}."
        raise LedgerError(what, "Fetch the log first: detente sync")
    file = book.folder_of(name) / "disclosures" / released.draft.id
    known = file.read_text().split() if file.is_file() else []
    texts = dict.fromkeys([*known, *released.disclosures])
    try:
        disclosed(parse_draft(released.entry.statement), tuple(texts))
    except Malformed:
        what = f"The author of '{released.draft.id}' has signed two values of one cell, and disclosed both."
        raise LedgerError(
            what, f"Nothing was changed. Keep this proof beside the first ({file}): it shows both."
        ) from None
    write_durably(file, "".join(f"{text}\n" for text in texts).encode(), mode=0o600)


def _countersigned(book: Book) -> list[bytes]:
    """Return the checkpoints of our log that the others have countersigned, the largest first."""
    notes = [note for name in book.others if (note := cosigned_by(book, name))]
    return sorted(notes, key=lambda note: -read_checkpoint(note)[1].size)


def _parts(extra: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return the entry and the disclosures of a proof's extra data; an entry ends with its last brace."""
    end = extra.rfind(b"}") + 1
    if not end:
        raise Malformed("The proof does not carry the entry that it proves.", "Ask for one made with: detente release")
    texts = [text.decode("ascii", "replace") for text in extra[end:].split(_BETWEEN) if text]
    for text in texts:
        parse_disclosure(text)
    return extra[:end], tuple(texts)
