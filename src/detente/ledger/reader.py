"""Reading a log, wherever its folder lies: entries, proofs, and whether all of it is as its checkpoint says."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from typing import Protocol

from cachetools import LRUCache

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.faults import Malformed
from detente.ledger.merkle import HASH_BYTES
from detente.ledger.merkle import consistency_proof
from detente.ledger.merkle import inclusion_proof
from detente.ledger.merkle import pair_up
from detente.ledger.merkle import range_root
from detente.ledger.tiles import ENTRIES
from detente.ledger.tiles import HEIGHT
from detente.ledger.tiles import TILE_BYTES
from detente.ledger.tiles import WIDTH
from detente.ledger.tiles import Tile
from detente.ledger.tiles import expanded
from detente.ledger.tiles import unpack

__all__ = ["LogReader", "Store"]

_KEPT_TILES: Final = 4096
"""Tiles kept in memory with the nodes above their hashes: 16 KiB each, 64 MiB at most, however long the log."""


class Store(Protocol):
    """Where the files of a log are: a folder, a server, a memory stick."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is none; raise LedgerError where it cannot be read."""


class LogReader:
    """The log of one checkpoint, read from its tiles as they are asked for."""

    def __init__(self, store: Store, size: int) -> None:
        self.store = store
        self.size = size
        self._tiles: LRUCache[tuple[int, int], list[bytes]] = LRUCache(_KEPT_TILES)

    def node(self, level: int, index: int) -> bytes:
        """Return the root of a complete subtree (see `merkle.Node`); raise Malformed where its tile is missing."""
        tile_level, height = divmod(level, HEIGHT)
        number, place = divmod(index << height, WIDTH)
        key = (tile_level, number)
        levels = self._tiles.get(key)
        if levels is None:
            levels = self._tiles[key] = self._expanded(tile_level, number)
        at = (place >> height) * HASH_BYTES
        return levels[height][at : at + HASH_BYTES]

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the whole log, or of its first `size` entries."""
        return range_root(0, self.size if size is None else size, self.node)

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Return the proof that the entry `index` is in the log."""
        return inclusion_proof(index, self.size, self.node)

    def consistency_proof(self, old: int) -> list[bytes]:
        """Return the proof that the log of `old` entries is the beginning of this one."""
        return consistency_proof(old, self.size, self.node)

    def entry(self, index: int) -> bytes:
        """Return one entry; raise IndexError, or Malformed where its bundle is missing or damaged."""
        if not 0 <= index < self.size:
            raise IndexError(f"entry {index} is not in a log of {self.size}")
        return self.bundle(index // WIDTH)[index % WIDTH]

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield entries in order, one bundle in memory at a time."""
        end = self.size if end is None else min(end, self.size)
        for number in range(start // WIDTH, -(-end // WIDTH)):
            first = number * WIDTH
            yield from self.bundle(number)[max(start - first, 0) : end - first]

    def bundle(self, number: int) -> list[bytes]:
        """Return the entries of one bundle, as many as the log has of it."""
        width = min(self.size - number * WIDTH, WIDTH)
        data, found = self._read(Tile(ENTRIES, number, width))
        return unpack(data, found)[:width]

    def leaves(self, number: int) -> bytes:
        """Return the leaf hashes of one bundle, as the tile of the lowest level has them."""
        return self.hashes(0, number)

    def hashes(self, level: int, number: int) -> bytes:
        """Return the hashes of a tile, as many as the log has of it."""
        width = min((self.size >> HEIGHT * level) - number * WIDTH, WIDTH)
        data, found = self._read(Tile(level, number, width))
        if len(data) != found * HASH_BYTES:
            raise damaged(Tile(level, number, found).path, "has not the size of its hashes")
        return data[: width * HASH_BYTES]

    def verify(self, checkpoint: Checkpoint, start: int = 0, tell: Callable[[int, int], None] | None = None) -> None:
        """Check every entry from `start` on and every tile above it against a checkpoint; raise Malformed.

        The checkpoint's signature is the caller's to check.
        """
        first = start // WIDTH
        count = -(-self.size // WIDTH)
        for number in range(first, count):
            leaves = b"".join([sha256(b"\0" + entry).digest() for entry in self.bundle(number)])
            if leaves != self.leaves(number):
                at = number * WIDTH + _first_difference(leaves, self.leaves(number))
                raise damaged(f"entry {at}", "is not the entry that the log has hashed")
            if tell:
                tell(number + 1 - first, count - first)
        level = 1
        while self.size >> HEIGHT * level:
            shift = HEIGHT * (level + 1)
            for number in range(start >> shift, -(-(self.size >> HEIGHT * level) // WIDTH)):
                self._verify_tile(level, number)
            level += 1
        if self.root() != checkpoint.root:
            raise damaged("the tree", "has another root than its checkpoint")

    def _verify_tile(self, level: int, number: int) -> None:
        """Check each hash of a tile against the full tile below it."""
        hashes = self.hashes(level, number)
        for place in range(len(hashes) // HASH_BYTES):
            below = number * WIDTH + place
            top = pair_up(expanded(self.hashes(level - 1, below))[-1])
            if top != hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]:
                path = Tile(level, number, len(hashes) // HASH_BYTES).path
                raise damaged(path, f"does not hold the hash of {Tile(level - 1, below).path}")

    def _expanded(self, level: int, number: int) -> list[bytes]:
        hashes = self.hashes(level, number)
        if len(hashes) == TILE_BYTES:
            return expanded(hashes)
        levels = [hashes]
        while len(levels) < HEIGHT:
            below = levels[-1]
            levels.append(pair_up(below[: len(below) // (2 * HASH_BYTES) * 2 * HASH_BYTES]))
        return levels

    def _read(self, tile: Tile) -> tuple[bytes, int]:
        """Return a tile's bytes and how wide it was found: a partial one may have become full, and gone."""
        for candidate in (tile, tile.full) if tile.width < WIDTH else (tile,):
            data = self.store.read(candidate.path)
            if data is not None:
                return data, candidate.width
        raise damaged(tile.path, "is missing")


def damaged(what: str, how: str) -> Malformed:
    """Return the fault of a log that is not as its checkpoint says."""
    return Malformed(
        f"The log is not whole: {what} {how}.",
        "Fetch it again; if it stays so, keep the checkpoint: its author has signed for what is missing.",
    )


def _first_difference(one: bytes, other: bytes) -> int:
    pairs = zip(range(0, len(one), HASH_BYTES), range(0, len(other), HASH_BYTES), strict=False)
    return next((i for i, (at, _) in enumerate(pairs) if one[at : at + 32] != other[at : at + 32]), len(one) // 32)
