"""Checkpoints (C2SP tlog-checkpoint): the head of a log at a size, as a signed note.

    ORIGIN
    SIZE
    BASE64(root)

The origin names the log and is the name of the key that signs for it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Final

import msgspec

from detente.ledger.faults import InvalidNote
from detente.ledger.faults import Malformed
from detente.ledger.faults import shown
from detente.ledger.merkle import EMPTY_ROOT
from detente.ledger.merkle import HASH_BYTES
from detente.ledger.notes import Note
from detente.ledger.notes import Verifier
from detente.ledger.notes import base64_bytes
from detente.ledger.notes import opened
from detente.ledger.notes import split

__all__ = ["MAX_SIZE", "Checkpoint", "opened_checkpoint", "parse_number", "read_checkpoint"]

MAX_SIZE: Final = 2**63 - 1


class Checkpoint(msgspec.Struct, frozen=True):
    """The size and the root of a log; `extensions` are opaque lines that some logs add."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> bytes:
        """Return the text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return ("\n".join(lines) + "\n").encode()

    @staticmethod
    def parse(text: bytes) -> Checkpoint:
        """Return the checkpoint of a note's text; raise Malformed."""
        try:
            lines = text.decode("utf-8").removesuffix("\n").split("\n")
        except UnicodeDecodeError:
            raise _no_checkpoint("it is not UTF-8") from None
        if not text.endswith(b"\n"):
            raise _no_checkpoint("its last line has no end")
        if len(lines) < 3:
            raise _no_checkpoint("it has fewer than three lines")
        if not all(lines):
            raise _no_checkpoint(f"its line {lines.index('') + 1} is empty")
        size = parse_number(lines[1])
        root = base64_bytes(lines[2])
        if size is None:
            raise _no_checkpoint(f"'{shown(lines[1], 30)}' is no tree size")
        if root is None:
            raise _no_checkpoint("its root hash is not Base64 as it must be written")
        if len(root) != HASH_BYTES:
            raise _no_checkpoint(f"its root hash has {len(root)} bytes, not {HASH_BYTES}")
        if size == 0 and root != EMPTY_ROOT:
            raise _no_checkpoint("a log without entries has another root")
        return Checkpoint(lines[0], size, root, tuple(lines[3:]))


def parse_number(text: str) -> int | None:
    """Return a decimal number without sign, spaces or leading zeroes, up to 2^63 - 1; else None."""
    if not text.isascii() or not text.isdigit() or len(text) > 19 or (text[0] == "0" and text != "0"):
        return None
    number = int(text)
    return number if number <= MAX_SIZE else None


def read_checkpoint(note: bytes) -> tuple[Note, Checkpoint]:
    """Return a checkpoint whose signatures are not looked at; raise InvalidNote or Malformed."""
    found = split(note)
    return found, Checkpoint.parse(found.text)


def opened_checkpoint(note: bytes, log_keys: Iterable[Verifier], origin: str) -> Checkpoint:
    """Return the checkpoint of the log `origin` that one of its keys has signed; raise InvalidNote or Malformed."""
    found, _ = opened(note, log_keys)
    checkpoint = Checkpoint.parse(found.text)
    if checkpoint.origin != origin:
        what = f"This is a checkpoint of '{shown(checkpoint.origin)}', not of '{origin}'."
        raise InvalidNote(what, "Look whether the address is that of the log that you mean.")
    return checkpoint


def _no_checkpoint(why: str) -> Malformed:
    return Malformed(f"This is no checkpoint: {why}.", "It was damaged on its way; fetch it again.")
