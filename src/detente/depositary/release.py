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
from detente.ledger.proving import prove
from detente.ledger.proving import split_extra
from detente.ledger.reader import LogReader
from detente.ledger.stores import FolderStore
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

    It leads to the newest head that another side has countersigned and that holds the entry, else to our own.
    """
    proof = prove(book, str(index))
    if parse_entry(proof.extra).body:
        what = f"The statement in entry {index} is too long for a proof; it stands beside the log."
        raise LedgerError(what, "Let the other side fetch the log (detente sync): the whole statement comes with it.")
    parts = [proof.extra, *(disclosure.text().encode() for disclosure in disclosures)]
    return msgspec.structs.replace(proof, extra=_BETWEEN.join(parts) + (_BETWEEN if disclosures else b""))


def opened_release(data: bytes, keys: Sequence[Verifier], origin: str) -> Released:
    """Return what a release shows to someone who knows the log's keys; raise InvalidNote or Malformed."""
    proof = LogProof.parse(data)
    entry_bytes, shown = split_extra(proof.extra)
    disclosures = tuple(text.decode() for text in shown)
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
