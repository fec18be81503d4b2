"""Proof files (C2SP tlog-proof): one small text that proves an entry to someone who has only the public keys.

c2sp.org/tlog-proof@v1
extra BASE64            optional, and not authenticated
index N
BASE64(hash) ...
(empty line)
CHECKPOINT with its signatures and cosignatures
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Final

import msgspec

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.checkpoints import parse_number
from detente.ledger.faults import Malformed
from detente.ledger.faults import shown
from detente.ledger.merkle import HASH_BYTES
from detente.ledger.merkle import MAX_PROOF
from detente.ledger.merkle import InvalidProof
from detente.ledger.merkle import leaf_hash
from detente.ledger.merkle import verify_inclusion
from detente.ledger.notes import MAX_NOTE
from detente.ledger.notes import Verifier
from detente.ledger.notes import base64_bytes

__all__ = ["HEADER", "LogProof", "hash_lines", "parse_hash_lines"]

HEADER: Final = b"c2sp.org/tlog-proof@v1"
_TOO_MANY: Final = f"it has more than {MAX_PROOF} hashes"


class LogProof(msgspec.Struct, frozen=True):
    """The place of an entry in a log, its audit path, and the signed checkpoint that both lead to."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    @staticmethod
    def parse(data: bytes) -> LogProof:
        """Return the proof of a file; raise Malformed where it is none.  Nothing is verified yet."""
        if len(data) > 2 * MAX_NOTE:
            raise _no_proof("it is too long")
        head, gap, checkpoint = data.partition(b"\n\n")
        if head.count(b"\n") > MAX_PROOF + 2:
            raise _no_proof(_TOO_MANY)
        lines = head.split(b"\n")
        if lines[0] != HEADER:
            raise _no_proof(f"it does not begin with '{HEADER.decode()}'")
        if not gap:
            raise _no_proof("it has no empty line before the checkpoint")
        extra = b""
        if len(lines) > 1 and lines[1].startswith(b"extra "):
            found = base64_bytes(lines.pop(1).removeprefix(b"extra "))
            if not found:
                raise _no_proof("its extra data are not Base64 as it must be written")
            extra = found
        if len(lines) < 2 or not lines[1].startswith(b"index "):
            raise _no_proof("it has no line 'index N'")
        number = lines[1].removeprefix(b"index ").decode("utf-8", "replace")
        index = parse_number(number)
        if index is None:
            raise _no_proof(f"'{shown(number, 30)}' is no index")
        return LogProof(index, parse_hash_lines(lines[2:]), checkpoint, extra)

    def verified(self, entry: bytes, log_keys: Iterable[Verifier], origin: str) -> Checkpoint:
        """Return the checkpoint that holds the entry, by this proof; raise InvalidNote or Malformed."""
        checkpoint = opened_checkpoint(self.checkpoint, log_keys, origin)
        try:
            verify_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.path, checkpoint.root)
        except InvalidProof as fault:
            what = f"The log '{origin}' does not have this entry at {self.index}, by this proof: {fault}."
            raise Malformed(what, "The entry or the proof was altered, or they do not belong together.") from None
        return checkpoint

    def encoded(self) -> bytes:
        """Return the proof as a file."""
        extra = b"extra " + b64encode(self.extra) + b"\n" if self.extra else b""
        return b"%s\n%sindex %d\n%s\n%s" % (HEADER, extra, self.index, hash_lines(self.path), self.checkpoint)


def hash_lines(hashes: Iterable[bytes]) -> bytes:
    """Return hashes as lines of Base64."""
    return b"".join(b64encode(value) + b"\n" for value in hashes)


def parse_hash_lines(lines: list[bytes]) -> tuple[bytes, ...]:
    """Return the hashes of lines of Base64, at most 63; raise Malformed."""
    if len(lines) > MAX_PROOF:
        raise _no_proof(_TOO_MANY)
    hashes = tuple(base64_bytes(line) or b"" for line in lines)
    wrong = [number for number, value in enumerate(hashes, 1) if len(value) != HASH_BYTES]
    if wrong:
        raise _no_proof(f"its hash {wrong[0]} is not 32 bytes in Base64")
    return hashes


def _no_proof(why: str) -> Malformed:
    return Malformed(f"This is no proof: {why}.", "It was damaged on its way; ask for it again.")
