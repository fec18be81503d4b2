"""The journal of a log: what was acknowledged and is not yet sure to be in the tiles.

A batch is kept when its record is in the journal and on the disk: one wait for the disk a batch.  The tiles follow
without a wait, since they can be made again from here.  A record is a header (length of the batch, CRC-32 of the
batch, index of the first entry, CRC-32 of the header so far) and the batch, each entry after its length as in an entry
bundle.  The first record says where the tiles were sure to end; it may hold no entry.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from typing import NamedTuple
from zlib import crc32

from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.faults import NotKept
from detente.ledger.folder import not_kept
from detente.ledger.folder import sync_folder
from detente.ledger.folder import write_all

__all__ = ["JOURNAL", "Batch", "Journal"]

JOURNAL: Final = "journal"
"""The name of the file in the state of a log."""

_FIELDS: Final = struct.Struct(">IIQ")
_CHECK: Final = struct.Struct(">I")
_HEADER_BYTES: Final = _FIELDS.size + _CHECK.size
_SECTOR: Final = 512
_MOST_BYTES: Final = 1 << 30


class Batch(NamedTuple):
    """Entries that were kept together, and the index of the first."""

    first: int
    entries: list[bytes]


class Journal:
    """An append-only file of batches, emptied when the tiles are sure to last."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            new = not path.exists()
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            self.length = os.fstat(self._file).st_size
            if new:
                sync_folder(path.parent)
        except OSError as fault:
            raise not_kept(path, fault) from None
        self._uncut = False

    def close(self) -> None:
        """Let the file go."""
        os.close(self._file)

    def append(self, first: int, payload: bytes) -> None:
        """Keep a batch, packed; when this returns, it lasts.  Raise NotKept where that fails, and keep nothing."""
        if len(payload) > _MOST_BYTES:
            raise NotKept(
                f"A batch has {len(payload)} bytes; {_MOST_BYTES} can be kept at once.", "Keep fewer at a time."
            )
        fields = _FIELDS.pack(len(payload), crc32(payload), first)
        record = b"".join((fields, _CHECK.pack(crc32(fields)), payload))
        if self._uncut:
            self.cut(self.length)
        try:
            os.lseek(self._file, self.length, os.SEEK_SET)
            write_all(self._file, record)
            os.fdatasync(self._file)
        except OSError as fault:
            self.cut(self.length)
            raise not_kept(self.path, fault) from None
        self.length += len(record)

    def cut(self, length: int) -> None:
        """Forget what stands after `length` bytes."""
        self._uncut = True
        try:
            os.ftruncate(self._file, length)
            self.length = length
            os.fdatasync(self._file)
        except OSError as fault:
            what = f"The journal '{self.path}' can be neither written nor cut ({fault.strerror})."
            raise LedgerError(
                what, "Open the log again when the disk works; it will say which entries it has."
            ) from None
        self._uncut = False

    def restart(self, size: int) -> None:
        """Forget every batch, and remember only that the tiles hold so many entries; raise LedgerError."""
        self.cut(0)
        with suppress(NotKept):
            self.append(size, b"")

    def batches(self) -> Iterator[Batch]:
        """Yield the batches that were kept; a last one that was not written whole was never acknowledged, and is cut.

        Raise Malformed where a record is damaged that was written whole: it was acknowledged.
        """
        at, end = 0, self.length
        while at < end:
            batch, following = self._read(at)
            if batch is None:
                if not self._torn(at, following):
                    what = f"The journal '{self.path}' is damaged at byte {at}; there are entries from there on."
                    raise Malformed(what, "Restore it from a backup; do not write to this log.")
                self.cut(at)
                return
            yield batch
            at = following

    def _read(self, at: int) -> tuple[Batch | None, int]:
        """Return the record at a place, None where it is not whole or damaged, and the place after it.

        That place is the place itself where the header does not say it.
        """
        header = self._bytes(_HEADER_BYTES, at)
        fields = header[: _FIELDS.size]
        if len(header) < _HEADER_BYTES or _CHECK.unpack(header[_FIELDS.size :])[0] != crc32(fields):
            return None, at
        size, checksum, first = _FIELDS.unpack(fields)
        following = at + _HEADER_BYTES + size
        payload = self._bytes(size, at + _HEADER_BYTES) if following <= self.length else b""
        if len(payload) != size or crc32(payload) != checksum:
            return None, following
        return Batch(first, list(_entries(payload))), following

    def _bytes(self, size: int, at: int) -> bytes:
        try:
            return os.pread(self._file, size, at)
        except OSError as fault:
            what = f"The journal '{self.path}' could not be read ({fault.strerror})."
            raise LedgerError(what, "See whether the disk works; nothing was changed.") from None

    def _torn(self, at: int, following: int) -> bool:
        """Whether a bad record was cut off while it was written, and not damaged afterwards.

        Then it is too short, or a disk that lost its power has left out a sector.
        """
        if self.length - at < _HEADER_BYTES or following > self.length:
            return True
        if following == at:
            return not any(self._bytes(self.length - at, at))
        sectors = range(-(-at // _SECTOR) * _SECTOR, following - _SECTOR + 1, _SECTOR)
        return following == self.length and any(not any(self._bytes(_SECTOR, place)) for place in sectors)


def _entries(bundle: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        yield bundle[at + 2 : end]
        at = end
