"""Where the files of another's log are: a folder, a memory stick, a web server or an object store."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import BinaryIO
from typing import Final

from detente.ledger.entries import MAX_BODY
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.notes import MAX_NOTE
from detente.ledger.reader import Store
from detente.ledger.tiles import ENTRIES
from detente.ledger.tiles import MAX_ENTRY
from detente.ledger.tiles import TILE_BYTES
from detente.ledger.tiles import WIDTH
from detente.ledger.tiles import parse_path

__all__ = ["FolderStore", "RemoteStore", "open_store"]

_MAX_BUNDLE: Final = WIDTH * (MAX_ENTRY + 2)


class FolderStore:
    """A log in a folder of this machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is none; raise LedgerError where it cannot be read."""
        try:
            with (self.path / path).open("rb") as file:
                data = file.read(_most(path) + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as fault:
            what = f"'{self.path / path}' cannot be read ({fault.strerror})."
            raise LedgerError(what, "Look whether the folder or the stick is whole, and try again.") from None
        return _bounded(path, data)


class RemoteStore:
    """A log at an address that fsspec can read: http(s), s3, sftp, memory and others."""

    def __init__(self, address: str) -> None:
        # fsspec and what it needs for HTTP cost more to import than a whole log to read from a folder.
        import fsspec  # noqa: PLC0415

        try:
            self._files, self._root = fsspec.core.url_to_fs(address)
        except (ImportError, ValueError) as fault:
            raise LedgerError(
                f"The address '{address}' cannot be read: {fault}.", "Use https:// or a folder."
            ) from None
        self.address = address.rstrip("/")

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is none; raise LedgerError where it cannot be read."""
        # A size that is said, whatever it is, keeps a web server from being asked first whether it has the file: to
        # fsspec an answer of fault would then be no file, and a log whose server is down would seem to withhold.
        options: dict[str, Any] = {"block_size": 0, "size": 1} if self.address.startswith("http") else {}
        try:
            with self._files.open(f"{self._root.rstrip('/')}/{path}", "rb", **options) as file:
                data = _read(file, _most(path) + 1)
        except FileNotFoundError:
            return None
        except Exception as fault:  # each kind of store has faults of its own
            what = f"'{self.address}/{path}' cannot be read ({type(fault).__name__}: {fault})."
            raise LedgerError(what, "Try again later; what was fetched so far is kept.") from None
        return _bounded(path, data)


def open_store(address: str) -> Store:
    """Return the log at an address or in a folder; nothing is read yet."""
    if "://" in address and not address.startswith("file://"):
        return RemoteStore(address)
    return FolderStore(Path(address.removeprefix("file://")))


def _read(file: BinaryIO, most: int) -> bytes:
    """Return what a file holds, up to so many bytes; one read of a network file returns what has arrived so far."""
    parts: list[bytes] = []
    while most > 0 and (part := file.read(most)):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _most(path: str) -> int:
    """Return how many bytes a file of a log has at most; more are not read."""
    tile = parse_path(path)
    if tile is None:
        return MAX_BODY if path.startswith("body/") else MAX_NOTE
    return _MAX_BUNDLE if tile.level == ENTRIES else TILE_BYTES


def _bounded(path: str, data: bytes) -> bytes:
    if len(data) > _most(path):
        raise Malformed(f"'{path}' is longer than such a file can be.", "It is no file of a log; ask its author.")
    return data
