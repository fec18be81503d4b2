"""Writing a log: batches of entries become tiles and a signed checkpoint, and what was acknowledged survives a kill.

The order of writing, in which each step may be the last that happens:

1. the batch goes into the journal, and the disk is waited for: from now on it is kept;
2. the tiles are moved into the folder, each when it is whole;
3. the checkpoint is moved into the folder: from now on the batch is served.

On opening, what stands in the journal is served again from where the tiles were last sure to last.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Final

from filelock import FileLock
from filelock import Timeout

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.faults import Conflict
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.faults import NotKept
from detente.ledger.faults import NotServed
from detente.ledger.folder import Folder
from detente.ledger.folder import not_kept
from detente.ledger.folder import sync_folder
from detente.ledger.folder import write_durably
from detente.ledger.journal import JOURNAL
from detente.ledger.journal import Journal
from detente.ledger.merkle import EMPTY_ROOT
from detente.ledger.merkle import HASH_BYTES
from detente.ledger.merkle import Frontier
from detente.ledger.merkle import pair_up
from detente.ledger.notes import Signer
from detente.ledger.notes import signed
from detente.ledger.reader import LogReader
from detente.ledger.signatures import PrivateKey
from detente.ledger.tiles import CHECKPOINT
from detente.ledger.tiles import ENTRIES
from detente.ledger.tiles import HEIGHT
from detente.ledger.tiles import TILE_BYTES
from detente.ledger.tiles import WIDTH
from detente.ledger.tiles import pack
from detente.ledger.tiles import tile_path

__all__ = ["LogWriter", "create_log"]

_JOURNAL_BYTES: Final = 32 << 20
"""The tiles are made to last, and the journal emptied, when it has grown to this."""

_MOST_WAITING: Final = 1 << 16
"""So many entries are kept in memory at most before they are served."""

_Piece = tuple[int, bytes]
"""Entries, packed, that end before this index; none crosses from one bundle into the next."""


def create_log(served: Path, state: Path, key: PrivateKey) -> None:
    """Start an empty log whose origin is the name of the key; raise NotKept or Conflict where there is one."""
    if (served / CHECKPOINT).exists() or (served / "tile").exists():
        raise Conflict(f"There is a log in '{served}' already.", "Nothing was changed; choose another folder.")
    if (state / JOURNAL).exists():
        raise Conflict(f"'{state}' is the state of another log.", "Nothing was changed; choose another folder.")
    try:
        served.mkdir(parents=True, exist_ok=True)
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Folder(served, state / "scratch")
        folder.write(CHECKPOINT, signed(Checkpoint(key.name, 0, EMPTY_ROOT).text(), key))
        folder.sync()
        for parent in {served.parent, state.parent}:
            sync_folder(parent)
    except OSError as fault:
        raise not_kept(served, fault) from None


class LogWriter:
    """The one writer of a log; others may read the folder at any moment.

    `served` is the folder of static files, `state` a private one beside it, on the same file system.  With
    `serve_every`, in seconds, a writer that appends fast serves a new checkpoint that often, and not after each batch.
    """

    def __init__(self, served: Path, state: Path, signers: Sequence[Signer], serve_every: float = 0.0) -> None:
        self.origin = signers[0].name
        self._signers = tuple(signers)
        self._serve_every = serve_every
        self._served_at = 0.0
        self._waiting: list[bytes] = []
        self._pieces: list[_Piece] = []
        self._old_partials: list[str] = []
        self._edges: list[bytes] = []
        self._tail = b""
        self._sure = 0
        self._unsure: OSError | NotKept | None = None
        self._sure_note = state / CHECKPOINT
        self._frontier = Frontier()
        _check_there_is_a_log(served)
        self._lock = _locked(state)
        try:
            self._folder = Folder(served, state / "scratch")
            self._journal = Journal(state / JOURNAL)
        except BaseException:
            self._lock.release()
            raise
        try:
            self._recover()
        except BaseException:
            self._journal.close()
            self._lock.release()
            raise

    def __enter__(self) -> LogWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def size(self) -> int:
        """The number of entries that are kept."""
        return self._frontier.size + len(self._waiting)

    @property
    def checkpoint(self) -> bytes:
        """The signed checkpoint that is served."""
        return self._note

    def append(self, entries: Sequence[bytes]) -> int:
        """Keep entries and serve them; return the index of the first.

        When this returns they are on the disk.  Raise NotKept, and keep none of them, where the disk does not take
        them; raise NotServed where they are kept and only the folder could not be brought up to date.
        """
        first = self.size
        if entries:
            pieces = _pieces(entries, first)
            self._journal.append(first, b"".join([piece for _, piece in pieces]))
            self._waiting += entries
            self._pieces += pieces
            due = time.monotonic() - self._served_at >= self._serve_every
            if due or len(self._waiting) > _MOST_WAITING:
                self.serve()
            if self._journal.length > _JOURNAL_BYTES:
                self.sync()
        return first

    def serve(self) -> None:
        """Serve every entry that is kept; raise NotServed where the disk does not take the tiles."""
        if self._waiting:
            frontier = self._frontier.copy()
            nodes = frontier.append(b"".join([sha256(b"\0" + entry).digest() for entry in self._waiting]))
            note = signed(Checkpoint(self.origin, frontier.size, frontier.root()).text(), *self._signers)
            try:
                full = self._publish(nodes, note)
            except OSError as fault:
                raise _not_served(fault, self._frontier.size, self.size) from None
            self._frontier, self._note, self._waiting, self._pieces = frontier, note, [], []
            self._remove_partials(full)
        self._served_at = time.monotonic()

    def sync(self) -> None:
        """Make the tiles last, and empty the journal; all of it is served.

        After a disk has failed once to write what it was given, its word is not taken again: the journal is emptied
        only when the log was opened anew, and the tiles were written anew from it.
        """
        self.serve()
        try:
            if self._unsure:
                raise self._unsure
            self._folder.sync()
            # The head that is served is replaced without a wait: a power cut may leave an empty file in its place.
            write_durably(self._sure_note, self._note)
        except (OSError, NotKept) as fault:
            self._unsure = fault
            raise _not_served(fault, self._sure, self.size) from None
        self._journal.restart(self.size)
        self._sure = self.size
        old, self._old_partials = self._old_partials, []
        self._remove_partials(old)

    def close(self) -> None:
        """Serve everything, make it last, and let the log go; raise NotServed where only the journal has all."""
        try:
            self.sync()
        finally:
            self._journal.close()
            self._lock.release()

    def _recover(self) -> None:
        """Serve what the journal holds; raise Malformed where the folder and the journal do not fit together."""
        self._note = self._folder.read(CHECKPOINT) or self._last_sure()
        keys = [signer.public for signer in self._signers if isinstance(signer, PrivateKey)]
        served = opened_checkpoint(self._note, keys, self.origin)
        batches = list(self._journal.batches())
        self._sure = batches[0].first if batches else served.size
        self._load_edges(self._sure)
        for batch in batches:
            if batch.first != self.size:
                raise _torn(f"its journal goes from entry {self.size} to entry {batch.first}")
            self._pieces += _pieces(batch.entries, self.size)
            self._waiting += batch.entries
        if self.size < served.size or self._root_of(served.size) != served.root:
            raise _torn(f"its checkpoint has {served.size} entries, and its tiles and its journal have others")
        if self._waiting:
            self.sync()

    def _last_sure(self) -> bytes:
        """Return the head of the last `sync`, and serve it: the one that was served was lost with the power."""
        try:
            note = self._sure_note.read_bytes()
            self._folder.write(CHECKPOINT, note)
        except FileNotFoundError:
            return b""
        except OSError as fault:
            raise not_kept(self._sure_note, fault) from None
        return note

    def _root_of(self, size: int) -> bytes:
        """Return the root of the first `size` entries; those of the tiles and some of those that wait."""
        frontier = self._frontier.copy()
        waiting = self._waiting[: max(size - frontier.size, 0)]
        frontier.append(b"".join([sha256(b"\0" + entry).digest() for entry in waiting]))
        return frontier.root()

    def _load_edges(self, size: int) -> None:
        """Read the right edge of the tree from the tiles."""
        reader = LogReader(self._folder, size)
        self._edges = []
        peaks: list[bytes | None] = []
        level = 0
        while size >> HEIGHT * level:
            width = (size >> HEIGHT * level) % WIDTH
            number = (size >> HEIGHT * level) // WIDTH
            edge = reader.hashes(level, number) if width else b""
            self._edges.append(edge)
            peaks += _peaks(edge)
            level += 1
        self._tail = pack(reader.bundle(size // WIDTH)) if size % WIDTH else b""
        self._frontier = Frontier(size, peaks)

    def _publish(self, nodes: list[bytes], note: bytes) -> list[str]:
        """Move tiles and then the checkpoint into the folder; return the paths of the tiles that became full.

        Raise OSError, and change no state, where that fails.
        """
        first, full = self._frontier.size, list[str]()
        parts = [self._tail]
        end = first
        for end, piece in self._pieces:
            parts.append(piece)
            if end % WIDTH == 0:
                full.append(tile_path(ENTRIES, end // WIDTH - 1))
                self._folder.write(full[-1], b"".join(parts))
                parts = []
        tail = b"".join(parts)
        if end % WIDTH:
            self._folder.write(tile_path(ENTRIES, end // WIDTH, end % WIDTH), tail)
        edges = list(self._edges)
        for level, hashes in enumerate(nodes[::HEIGHT]):
            if level == len(edges):
                edges.append(b"")
            edges[level] = self._publish_level(level, edges[level], hashes, first >> HEIGHT * level, full)
        self._folder.write(CHECKPOINT, note)
        self._edges, self._tail = edges, tail
        return full

    def _publish_level(self, level: int, edge: bytes, hashes: bytes, before: int, full: list[str]) -> bytes:
        """Write the tiles of one level; return the hashes of its last, partial one."""
        number = before // WIDTH
        edge += hashes
        at = 0
        while len(edge) - at >= TILE_BYTES:
            path = tile_path(level, number)
            self._folder.write(path, edge[at : at + TILE_BYTES])
            full.append(path)
            number, at = number + 1, at + TILE_BYTES
        edge = edge[at:]
        if edge:
            self._folder.write(tile_path(level, number, len(edge) // HASH_BYTES), edge)
        return edge

    def _remove_partials(self, full: list[str]) -> None:
        """Remove the partial tiles of full ones; those on which a recovery would rest stay until the next `sync`.

        Those that cannot be removed stay too: they are true, and nobody needs them.
        """
        widths = [(level, self._sure >> HEIGHT * max(level, 0)) for level in range(ENTRIES, 8)]
        resting = {tile_path(level, hashes // WIDTH) for level, hashes in widths if hashes % WIDTH}
        for path in full:
            if path in resting:
                self._old_partials.append(path)
            else:
                with suppress(OSError):
                    self._folder.remove_folder(f"{path}.p")


def _pieces(entries: Sequence[bytes], first: int) -> list[_Piece]:
    """Return entries packed, cut where bundles end; no entries are no pieces."""
    if not entries:
        return []
    cuts = (0, *range(WIDTH - first % WIDTH, len(entries), WIDTH), len(entries))
    return [(first + end, pack(entries[start:end])) for start, end in pairwise(cuts)]


def _peaks(edge: bytes) -> list[bytes | None]:
    """Return the complete subtrees of a partial tile's hashes, for each of the eight levels of a tile."""
    width, at = len(edge) // HASH_BYTES, 0
    peaks: list[bytes | None] = [None] * HEIGHT
    for level in reversed(range(HEIGHT)):
        if width >> level & 1:
            hashes = edge[at : at + (HASH_BYTES << level)]
            while len(hashes) > HASH_BYTES:
                hashes = pair_up(hashes)
            peaks[level] = hashes
            at += HASH_BYTES << level
    return peaks


def _check_there_is_a_log(served: Path) -> None:
    if (served / CHECKPOINT).is_file():
        return
    if (served / "tile").exists():
        raise _torn("its checkpoint is missing")
    raise LedgerError(f"There is no log in '{served}'.", "Start one with: detente log init")


def _locked(state: Path) -> FileLock:
    lock = FileLock(state / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        what = "Another program is writing to this log."
        raise NotKept(what, "Nothing was kept. Wait until it has finished, and try again.") from None
    except OSError as fault:
        raise not_kept(state, fault) from None
    return lock


def _not_served(fault: OSError | NotKept, first: int, end: int) -> NotServed:
    why = fault.what if isinstance(fault, NotKept) else fault.strerror
    what = f"The entries {first} to {end - 1} are kept, but the folder could not be brought up to date ({why})."
    return NotServed(what, "Make room or allow writing; the next command that writes to the log serves them.")


def _torn(why: str) -> Malformed:
    return Malformed(f"The log cannot be opened for writing: {why}.", "Restore the folder from a backup or a mirror.")
