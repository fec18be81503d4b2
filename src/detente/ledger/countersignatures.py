"""Who has countersigned a checkpoint, when, and with which kind of key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from datetime import datetime

import msgspec

from detente.ledger.entries import written_time
from detente.ledger.faults import InvalidNote
from detente.ledger.notes import Note
from detente.ledger.notes import Signature
from detente.ledger.notes import split
from detente.ledger.signatures import COSIGNATURE
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import ML_DSA_44
from detente.ledger.signatures import PublicKey
from detente.ledger.signatures import cosignature_time

__all__ = ["KIND_NAMES", "Countersignature", "countersignatures", "merged", "shown_time"]

KIND_NAMES = {ED25519: "Ed25519", COSIGNATURE: "Ed25519", ML_DSA_44: "ML-DSA-44"}


class Countersignature(msgspec.Struct, frozen=True):
    """A verified countersignature: the name and the id of the key, the kind of its mathematics, and the time in it."""

    name: str
    key: str
    kind: str
    time: str


def countersignatures(note: bytes, keys: Iterable[PublicKey]) -> list[Countersignature]:
    """Return the countersignatures of known keys on a checkpoint; raise InvalidNote where one of them is faulty."""
    known = {(key.name, key.key_id): key for key in keys if key.algorithm != ED25519}
    found = split(note)
    told: list[Countersignature] = []
    for signature in found.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.verifies(found.text, signature.value):
            what = f"The countersignature of '{key.name}' is not of this checkpoint."
            raise InvalidNote(what, "It was altered after it was signed; keep it, and ask for it again.")
        when = shown_time(cosignature_time(signature.value))
        told.append(Countersignature(key.name, key.key_id.hex(), KIND_NAMES[key.algorithm], when))
    return told


def shown_time(seconds: int) -> str:
    """Return a time in seconds since 1970 as entries write times; as a number where no calendar reaches it."""
    try:
        return written_time(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def merged(notes: Iterable[bytes]) -> bytes:
    """Return notes of one text as one note with the signatures of all, each once."""
    texts = [split(note) for note in notes]
    signatures: dict[Signature, None] = {s: None for note in texts for s in note.signatures}
    return Note(texts[0].text, tuple(signatures)).encoded()
