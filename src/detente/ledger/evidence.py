"""Evidence that a log broke its promise, kept so that a third party can check it with the log's public key alone.

A folder of plain files: `first.checkpoint` and `second.checkpoint`, both signed by the log; for a past that was
altered also `consistency`: the root that the second log has at the size of the first, and the proof (RFC 9162) that it
has it; and `account.txt`, which says in words what was seen and when.  What is only an account says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final
from typing import NamedTuple

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.entries import written_time
from detente.ledger.faults import Forked
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.folder import write_durably
from detente.ledger.merkle import InvalidProof
from detente.ledger.merkle import verify_consistency
from detente.ledger.notes import Verifier
from detente.ledger.proofs import hash_lines
from detente.ledger.proofs import parse_hash_lines
from detente.ledger.reader import LogReader
from detente.ledger.stores import FolderStore

__all__ = ["Verdict", "check_evidence", "check_extension"]

FORK: Final = "fork"
ROLLBACK: Final = "rollback"
WITHHELD: Final = "withheld"

_FIRST: Final = "first.checkpoint"
_SECOND: Final = "second.checkpoint"
_CONSISTENCY: Final = "consistency"

_ACCOUNTS: Final = {
    FORK: "The log signed two histories: what it has at {old} entries is not what it had signed at {old} entries.",
    ROLLBACK: "The log served {new} entries after it had served and signed {old}.",
    WITHHELD: "The log signed {new} entries and did not serve what shows that they continue the {old} of before.",
}


class Verdict(NamedTuple):
    """What a folder of evidence shows: its kind, whether it proves that by itself, and the two sizes."""

    kind: str
    proved: bool
    old: int
    new: int


class _Seen(NamedTuple):
    note: bytes
    checkpoint: Checkpoint


def check_extension(
    first: bytes | None,
    second: bytes,
    reader: LogReader,
    evidence: Path,
    now: datetime,
    copy: LogReader | None = None,
) -> None:
    """Check that the log of the second checkpoint begins with that of the first; both are verified notes.

    `reader` reads what the log serves now, and `copy`, where there is one, what it served for the first checkpoint.
    Where it does not, keep the evidence in a folder of its own under `evidence`, and raise Forked with its place.
    """
    if first is None:
        return
    old, new = (_Seen(note, read_checkpoint(note)[1]) for note in (first, second))
    m, n = old.checkpoint.size, new.checkpoint.size
    if n < m:
        consistency = _denied(new.checkpoint, copy) if copy else b""
        if consistency:
            raise _kept(evidence, FORK, new, old, consistency, now)
        raise _kept(evidence, ROLLBACK, old, new, b"", now)
    if m == n:
        if old.checkpoint.root != new.checkpoint.root:
            raise _kept(evidence, FORK, old, new, b"", now)
        return
    if m == 0:
        return
    try:
        other_root, proof = reader.root(m), reader.consistency_proof(m)
        verify_consistency(m, n, proof, other_root, new.checkpoint.root)
    except (Malformed, InvalidProof):
        raise _kept(evidence, WITHHELD, old, new, b"", now) from None
    if other_root != old.checkpoint.root:
        raise _kept(evidence, FORK, old, new, hash_lines([other_root, *proof]), now)


def check_evidence(folder: Path, log_keys: Iterable[Verifier], origin: str) -> Verdict:
    """Return what a folder of evidence shows to someone who knows the log's keys; raise LedgerError."""
    keys = tuple(log_keys)
    store = FolderStore(folder)
    old, new = (opened_checkpoint(_part(store, name), keys, origin) for name in (_FIRST, _SECOND))
    if old.size == new.size:
        if old.root == new.root:
            raise _shows_nothing(folder, "both checkpoints are of one log")
        return Verdict(FORK, True, old.size, new.size)
    if new.size < old.size:
        return Verdict(ROLLBACK, False, old.size, new.size)
    lines = store.read(_CONSISTENCY)
    if lines is None:
        return Verdict(WITHHELD, False, old.size, new.size)
    first, *proof = parse_hash_lines(lines.removesuffix(b"\n").split(b"\n"))
    try:
        verify_consistency(old.size, new.size, proof, first, new.root)
    except InvalidProof as fault:
        raise _shows_nothing(folder, str(fault)) from None
    if first == old.root:
        raise _shows_nothing(folder, "the second log begins with the first")
    return Verdict(FORK, True, old.size, new.size)


def _part(store: FolderStore, name: str) -> bytes:
    data = store.read(name)
    if data is None:
        what = f"'{store.path}' holds no evidence: there is no '{name}'."
        raise LedgerError(what, "Name the folder that a command named when it refused a log.")
    return data


def _shows_nothing(folder: Path, why: str) -> Malformed:
    return Malformed(f"The evidence in '{folder}' shows nothing: {why}.", "It was altered; ask for it again.")


def _denied(new: Checkpoint, copy: LogReader) -> bytes:
    """Return the proof, from our copy, that the log had another past than a shorter checkpoint says; else b""."""
    try:
        root = copy.root(new.size)
        return hash_lines([root, *copy.consistency_proof(new.size)]) if new.size and root != new.root else b""
    except Malformed:
        return b""  # our own copy is damaged, and proves nothing


def _kept(folder: Path, kind: str, old: _Seen, new: _Seen, consistency: bytes, now: datetime) -> Forked:
    """Keep the evidence, and return the fault that tells of it."""
    origin, m, n = old.checkpoint.origin, old.checkpoint.size, new.checkpoint.size
    account = _ACCOUNTS[kind].format(old=m, new=n)
    place = folder / f"{kind}-{m}-{n}-{new.checkpoint.root.hex()[:16]}"
    write_durably(place / _FIRST, old.note)
    write_durably(place / _SECOND, new.note)
    if consistency:
        write_durably(place / _CONSISTENCY, consistency)
    words = "Anyone who has the log's key can check this." if kind == FORK else "This is an account, not a proof."
    write_durably(place / "account.txt", f"{origin}\n{account}\nSeen {written_time(now)}. {words}\n".encode())
    remedy = f"Nothing was taken over. The evidence is in '{place}'; show it with: detente log check"
    if kind == ROLLBACK:
        return Forked(f"'{origin}' is not as new as it was. {account}", f"An old stick shows the same. {remedy}")
    return Forked(f"'{origin}' has broken its promise. {account}", remedy)
