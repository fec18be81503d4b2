"""Files that are whole or not there: how a log puts them into its folder, and makes them last."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from errno import EIO
from pathlib import Path
from typing import Final

from detente.ledger.faults import LedgerError
from detente.ledger.faults import NotKept

__all__ = ["Folder", "not_kept", "sync_folder", "write_all", "write_durably"]

_SYNCING: Final = 8


class Folder:
    """A folder into which files are moved when they are whole; readers never see half of one.

    `scratch` is a file on the same file system, in which they are written before.
    """

    def __init__(self, path: Path, scratch: Path) -> None:
        self.path = path
        self._base = f"{path}/"
        self._scratch = str(scratch)
        self._made: set[str] = set()
        self._unsynced: set[str] = set()

    def write(self, path: str, data: bytes) -> None:
        """Put a file into the folder; it lasts from the next `sync` on."""
        target = self._base + path
        parent = target.rpartition("/")[0]
        if parent not in self._made:
            os.makedirs(parent, exist_ok=True)
            self._made.add(parent)
        file = os.open(self._scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            write_all(file, data)
        finally:
            os.close(file)
        os.rename(self._scratch, target)
        self._unsynced.add(target)

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is none."""
        try:
            with open(self._base + path, "rb", buffering=0) as file:
                return file.readall()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as fault:
            what = f"'{self._base}{path}' could not be read ({fault.strerror})."
            raise LedgerError(what, "See whether the disk works, and who may read it.") from None

    def remove_folder(self, path: str) -> None:
        """Remove a folder with the files in it, if it is there."""
        target = self._base + path
        try:
            names = os.listdir(target)
        except FileNotFoundError:
            return
        for name in names:
            os.unlink(f"{target}/{name}")
            self._unsynced.discard(f"{target}/{name}")
        os.rmdir(target)
        self._made.discard(target)

    def sync(self) -> None:
        """Make everything last that was written so far."""
        folders: set[str] = set()
        for file in self._unsynced:
            parent = file.rpartition("/")[0]
            while len(parent) >= len(self._base) - 1 and parent not in folders:
                folders.add(parent)
                parent = parent.rpartition("/")[0]
        # The disk joins the waits of several threads into one.
        with ThreadPoolExecutor(_SYNCING) as pool:
            list(pool.map(_sync_file, self._unsynced))
            list(pool.map(sync_folder, folders))
        self._unsynced.clear()


def write_all(file: int, data: bytes) -> None:
    """Write all of the bytes, however few a call takes; raise OSError."""
    rest = memoryview(data)
    while rest:
        written = os.write(file, rest)
        if not written:
            raise OSError(EIO, os.strerror(EIO))
        rest = rest[written:]


def write_durably(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace a file with these bytes, whole and lasting; raise NotKept where that fails.

    The old file is left then; but where only the folder could not be made to last, the new one is there already.
    """
    scratch = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        try:
            write_all(file, data)
            os.fsync(file)
        finally:
            os.close(file)
        os.replace(scratch, path)
    except OSError as fault:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        raise not_kept(path, fault) from None
    try:
        sync_folder(path.parent)
    except OSError as fault:
        what = f"'{path}' was written, and the disk did not say that it lasts ({fault.strerror})."
        raise NotKept(
            what, "See whether the disk works, and try again: the file may be the old one after a power cut."
        ) from None


def sync_folder(path: str | Path) -> None:
    """Make the names in a folder last."""
    file = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _sync_file(path: str) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def not_kept(path: Path | str, fault: OSError) -> NotKept:
    """Return the fault of a file that could not be written."""
    why = fault.strerror or str(fault)
    return NotKept(
        f"'{path}' could not be written ({why}).", "Nothing was kept. Make room or allow writing, and try again."
    )
