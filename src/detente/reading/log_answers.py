"""The shapes in which commands about logs answer; each is also the documented JSON of its command."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = [
    "VERSION", "AppendedAnswer", "AskedAnswer", "BegunAnswer", "CheckedAnswer", "CopyRow", "CountersignedRow",
    "EvidenceRow", "HeadAnswer", "KeyAnswer", "KeyRow", "LogAnswer", "MetAnswer", "ProofRow", "ProvedAnswer",
    "SyncedAnswer", "VerifiedAnswer", "WitnessedAnswer", "WrongRow",
]  # fmt: skip

VERSION = 1


class LogAnswer(msgspec.Struct, kw_only=True):
    """What every answer about a log says of itself: the origin is the name of the log."""

    version: int = VERSION
    origin: str


class KeyRow(msgspec.Struct, kw_only=True):
    """A public key: its id, its kind (Ed25519 or ML-DSA-44), what it signs (log or countersignature), and itself."""

    id: str
    kind: str
    signs: str
    key: str


class KeyAnswer(LogAnswer, kw_only=True):
    """The public keys of an office."""

    keys: list[KeyRow]


class BegunAnswer(LogAnswer, kw_only=True):
    """A book that was started."""

    folder: str


class CountersignedRow(msgspec.Struct, kw_only=True):
    """A countersignature: by whom, of how many entries, when by the clock of the signer, with which kind of key."""

    name: str
    size: int
    time: str
    kind: str


class CopyRow(msgspec.Struct, kw_only=True):
    """Another side: its name here, its origin, our copy of its log, and what we countersigned of it."""

    name: str
    origin: str
    copied: int | None
    countersigned: list[CountersignedRow]


class HeadAnswer(LogAnswer, kw_only=True):
    """The head of a log, who has countersigned which size, and what is known of the logs of others."""

    size: int
    root: str
    countersigned: list[CountersignedRow]
    others: list[CopyRow]


class AppendedAnswer(LogAnswer, kw_only=True):
    """The index of each new entry, and the size and root of the log with them."""

    size: int
    root: str
    entries: list[int]


class WrongRow(msgspec.Struct, kw_only=True):
    """What is wrong with one entry."""

    index: int
    what: str


class VerifiedAnswer(LogAnswer, kw_only=True):
    """A whole log: statements with a known signature, with none, entries of other programs, bodies, faults."""

    size: int
    root: str
    verified: int
    unknown: int
    foreign: int
    bodies: int
    wrong: list[WrongRow]
    countersigned: list[CountersignedRow]


class MetAnswer(LogAnswer, kw_only=True):
    """Another side that is known from now on: the name that it has here, and where its log is."""

    name: str
    address: str


class ProvedAnswer(LogAnswer, kw_only=True):
    """A proof that was made: of which entry, by a head of which size, and who countersigned that head."""

    index: int
    size: int
    file: str
    countersigned: list[CountersignedRow]


class ProofRow(msgspec.Struct, kw_only=True):
    """What a proof shows: the entry, who signed it, and who countersigned the head that holds it."""

    index: int
    size: int
    root: str
    logged: str | None
    statement: Any
    body: str | None
    signed: list[str]
    unverified: list[str]
    disclosed: int
    countersigned: list[CountersignedRow]
    uncounted: list[str]


class EvidenceRow(msgspec.Struct, kw_only=True):
    """What evidence shows: `fork`, `rollback` or `withheld`; whether it proves that; the two sizes."""

    kind: str
    proved: bool
    old: int
    new: int


class CheckedAnswer(LogAnswer, kw_only=True):
    """What a file or a folder shows by itself: a proof, or evidence."""

    proof: ProofRow | None = None
    evidence: EvidenceRow | None = None


class WitnessedAnswer(LogAnswer, kw_only=True):
    """A head that was countersigned: the size at the visit before, the size now, and our countersignatures."""

    since: int
    size: int
    root: str
    countersigned: list[CountersignedRow]


class AskedAnswer(LogAnswer, kw_only=True):
    """A request to countersign our log: what it asks for, and the countersignatures that came back."""

    size: int
    file: str
    countersigned: list[CountersignedRow]


class SyncedAnswer(LogAnswer, kw_only=True):
    """Another's log that was taken over: sizes before and after; how much of ours it has countersigned."""

    before: int
    after: int
    countersigned: int | None
