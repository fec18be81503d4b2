"""The journal of a log: what was acknowledged and is not yet sure to be in the tiles.

A batch is kept when its record is in the journal and on the disk: one wait for the disk a batch.  The tiles follow
without a wait, since they can be made again from here.  A record is a header (length of the batch, CRC-32 of all that
follows, index of the first entry) and the batch, each entry after its length as in an entry bundle.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from typing import NamedTuple
from zlib import crc32

from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.folder import not_kept
from detente.ledger.folder import write_all

__all__ = ["Batch", "Journal"]

_HEADER: Final = struct.Struct(">IIQ")
_INDEX: Final = struct.Struct(">Q")


class Batch(NamedTuple):
    """Entries that were kept together, and the index of the first."""

    first: int
    entries: list[bytes]


class Journal:
    """An append-only file of batches, emptied when the tiles are sure to last."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as fault:
            raise not_kept(path, fault) from None
        self.length = os.fstat(self._file).st_size

    def close(self) -> None:
        """Let the file go."""
        os.close(self._file)

    def append(self, first: int, payload: bytes) -> None:
        """Keep a batch, packed; when this returns, it lasts.  Raise NotKept where that fails, and keep nothing."""
        header = _HEADER.pack(len(payload), crc32(payload, crc32(_INDEX.pack(first))), first)
        try:
            os.lseek(self._file, self.length, os.SEEK_SET)
            write_all(self._file, header + payload)
            os.fdatasync(self._file)
        except OSError as fault:
            self.cut(self.length)
            raise not_kept(self.path, fault) from None
        self.length += len(header) + len(payload)

    def cut(self, length: int) -> None:
        """Forget what stands after `length` bytes."""
        try:
            os.ftruncate(self._file, length)
            os.fdatasync(self._file)
        except OSError as fault:
            what = f"The journal '{self.path}' can be neither written nor cut ({fault.strerror})."
            raise LedgerError(
                what, "Open the log again when the disk works; it will say which entries it has."
            ) from None
        self.length = length

    def batches(self) -> Iterator[Batch]:
        """Yield the batches that were kept; a last one that was not written whole was never acknowledged, and is cut.

        Raise Malformed where a batch in the middle is damaged: those after it were acknowledged.
        """
        at, end = 0, self.length
        while at < end:
            batch, following = self._read(at)
            if batch is None:
                if following < end and self._read(following)[0] is not None:
                    what = f"The journal '{self.path}' is damaged at byte {at}, and there are entries after it."
                    raise Malformed(what, "Restore it from a backup; do not write to this log.")
                self.cut(at)
                return
            yield batch
            at = following

    def _read(self, at: int) -> tuple[Batch | None, int]:
        """Return the record at a place, None where it is not whole, and the place after it."""
        header = os.pread(self._file, _HEADER.size, at)
        if len(header) < _HEADER.size:
            return None, self.length
        size, checksum, first = _HEADER.unpack(header)
        following = at + _HEADER.size + size
        if following > self.length:
            return None, following
        payload = os.pread(self._file, size, at + _HEADER.size)
        if crc32(payload, crc32(_INDEX.pack(first))) != checksum:
            return None, following
        return Batch(first, list(_entries(payload))), following


def _entries(bundle: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        yield bundle[at + 2 : end]
        at = end
