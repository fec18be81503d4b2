"""What may be wrong with bytes that came from outside, or with the disk: one exception each, with what to do."""

from __future__ import annotations

from detente.errors import DetenteError

__all__ = ["Conflict", "Forked", "InvalidNote", "LedgerError", "Malformed", "NotKept", "NotServed", "shown"]


class LedgerError(DetenteError):
    """A fault of a log, of its keys or of its files."""


class Malformed(LedgerError):
    """Bytes that are not what they should be: a checkpoint, a proof, a tile, an entry bundle."""


class InvalidNote(LedgerError):
    """A signed note that is malformed, or that no known key has signed."""


class NotKept(LedgerError):
    """Nothing was kept of what was to be written: the disk is full or read-only, or another writer is at work."""


class NotServed(LedgerError):
    """What was written is kept, and only the folder that others read is not yet up to date."""


class Conflict(LedgerError):
    """What was to be written rests on a state that is no longer the last."""


class Forked(LedgerError):
    """A log has shown two histories; the evidence is kept."""


def shown(text: str, most: int = 60) -> str:
    """Return text from outside as a message may show it: short, and without what a terminal would obey."""
    cut = text if len(text) <= most else text[:most] + "\N{HORIZONTAL ELLIPSIS}"
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in cut)
