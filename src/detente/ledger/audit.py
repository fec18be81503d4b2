"""A whole log looked through: its signature, every entry, every tile, every body, and who signed each statement."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from typing import NamedTuple

import msgspec

from detente.ledger.book import signing
from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.countersignatures import Countersignature
from detente.ledger.countersignatures import countersignatures
from detente.ledger.entries import parse_entry
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.proving import signers_of
from detente.ledger.proving import statement_of
from detente.ledger.reader import LogReader
from detente.ledger.reader import Store
from detente.ledger.signatures import PublicKey
from detente.ledger.tiles import CHECKPOINT
from detente.ledger.tiles import WIDTH

__all__ = ["Audit", "Wrong", "audit"]

_MOST_WRONG: Final = 100


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong with one entry."""

    index: int
    what: str


class Audit(NamedTuple):
    """What was found: counts of statements by whose signature is known, bodies, and the first hundred faults."""

    checkpoint: Checkpoint
    countersigned: list[Countersignature]
    verified: int
    unknown: int
    foreign: int
    bodies: int
    wrong: list[Wrong]


def audit(store: Store, keys: Sequence[PublicKey], tell: Callable[[int, int], None] | None = None) -> Audit:
    """Return what is in a log; raise InvalidNote or Malformed where it is not what its author has signed.

    What is wrong with single statements is listed: the log holds them as they were logged.
    """
    note = store.read(CHECKPOINT)
    if note is None:
        raise LedgerError("There is no log at this address.", "Name the folder that holds its 'checkpoint'.")
    origin = read_checkpoint(note)[1].origin
    log_keys = signing(keys, origin)
    if not log_keys:
        raise LedgerError(f"No key of '{origin}' was given.", "Name its file with: --pub FILE.pub")
    checkpoint = opened_checkpoint(note, log_keys, origin)
    store = _Steady(store)
    reader = LogReader(store, checkpoint.size)
    bundles = -(-checkpoint.size // WIDTH)
    reader.verify(checkpoint, 0, (lambda done, _: tell(done, 2 * bundles)) if tell else None)
    counts = {"verified": 0, "unknown": 0, "foreign": 0, "bodies": 0}
    wrong: list[Wrong] = []
    for index, data in enumerate(reader.entries()):
        try:
            for word in _seen(data, store, keys):
                counts[word] += 1
        except (Malformed, InvalidNote) as fault:
            if len(wrong) < _MOST_WRONG:
                wrong.append(Wrong(index, fault.what))
        if tell and index % WIDTH == WIDTH - 1:
            tell(bundles + index // WIDTH + 1, 2 * bundles)
    return Audit(checkpoint, countersignatures(note, keys), **counts, wrong=wrong)


class _Steady:
    """A store of which every file must be the same each time: what was checked is what is looked at afterwards."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._digests: dict[str, bytes] = {}

    def read(self, path: str) -> bytes | None:
        data = self._store.read(path)
        if data is not None and self._digests.setdefault(path, digest := sha256(data).digest()) != digest:
            raise Malformed(f"'{path}' was served in two forms.", "Take a copy with sync, and verify that.")
        return data


def _seen(data: bytes, store: Store, keys: Sequence[PublicKey]) -> list[str]:
    """Return as what an entry counts; raise Malformed or InvalidNote."""
    try:
        entry = parse_entry(data)
    except Malformed:
        return ["foreign"]  # an entry of another program: the log holds it, and no more is known of it
    signers = signers_of(statement_of(entry, store), keys)
    return ["verified" if signers.known else "unknown", *(["bodies"] if entry.body else [])]
