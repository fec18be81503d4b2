"""Reading a log, wherever its folder lies: entries, proofs, and whether all of it is as its checkpoint says."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from typing import Protocol
from typing import TypeVar

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.faults import Malformed
from detente.ledger.merkle import HASH_BYTES
from detente.ledger.merkle import consistency_start
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

_KEPT_TILES: Final = 256
"""Tiles of each kind kept in memory with the nodes above their hashes: 16 KiB each, however long the log."""

_KEPT_TOPS: Final = 8192
"""Tiles of which the upper half of the nodes is kept, 1 KiB each: what a proof spares most by."""

_HALF: Final = HEIGHT // 2
_GROUP: Final = 1 << _HALF
"""So many hashes stand below one of the lowest kept nodes."""


_Key = TypeVar("_Key")


class Store(Protocol):
    """Where the files of a log are: a folder, a server, a memory stick."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is none; raise LedgerError where it cannot be read."""


class LogReader:
    """The log of one checkpoint, read from its tiles as they are asked for."""

    def __init__(self, store: Store, size: int) -> None:
        self.store = store
        self.size = size
        self._low: dict[tuple[int, int], list[bytes]] = {}
        self._high: dict[tuple[int, int], list[bytes]] = {}
        self._tops: dict[int, list[bytes]] = {}
        self._borders: dict[int, bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """Return the root of a complete subtree (see `merkle.Node`); raise Malformed where its tile is missing."""
        tile_level, height = divmod(level, HEIGHT)
        number, place = divmod(index << height, WIDTH)
        row, at = self._row(tile_level, number, height, place >> height)
        return row[at * HASH_BYTES : (at + 1) * HASH_BYTES]

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the whole log, or of its first `size` entries."""
        return range_root(0, self.size if size is None else size, self.node)

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Return the proof that the entry `index` is in the log."""
        if not 0 <= index < self.size:
            raise IndexError(f"entry {index} is not in a log of {self.size}")
        return self._path(0, index)

    def consistency_proof(self, old: int) -> list[bytes]:
        """Return the proof that the log of `old` entries is the beginning of this one."""
        level, index, first = consistency_start(old, self.size)
        start = [self.node(level, index)] if first else []
        return start + self._path(level, index)

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

    def _path(self, level: int, index: int) -> list[bytes]:
        """Return what `merkle.path` does; each tile is looked up once."""
        path: list[bytes] = []
        last = (self.size - 1) >> level
        while last > 0:
            tile_level, height = divmod(level, HEIGHT)
            number = index >> HEIGHT - height
            if (number + 1) << HEIGHT * (tile_level + 1) <= self.size:
                path += self._in_tile(tile_level, number, index << height & WIDTH - 1)[height:]
                steps = HEIGHT - height
            else:
                path += self._at_border(level, index)
                steps = 1
            level, index, last = level + steps, index >> steps, last >> steps
        return path

    def _in_tile(self, level: int, number: int, place: int) -> list[bytes]:
        """Return the path of a hash within its full tile."""
        if not self._only_top(level, number):
            return _siblings(self._rows(level, number), place)
        below = _siblings(self._group(number, place // _GROUP), place % _GROUP)
        return below + _siblings(self._tops[number], place // _GROUP)

    def _row(self, level: int, number: int, height: int, place: int) -> tuple[bytes, int]:
        """Return a row of a tile, or as much of it as is known, and the place in it of one of its nodes."""
        if not self._only_top(level, number):
            return self._rows(level, number)[height], place
        if height >= _HALF:
            return self._tops[number][height - _HALF], place
        width = _GROUP >> height
        return self._group(number, place // width)[height], place % width

    def _only_top(self, level: int, number: int) -> bool:
        return level == 0 and number in self._tops and (level, number) not in self._low

    def _group(self, number: int, group: int) -> list[bytes]:
        """Return sixteen hashes of a tile of the lowest level, and the nodes above them that its top does not have."""
        at = group * _GROUP * HASH_BYTES
        return expanded(self.hashes(0, number)[at : at + _GROUP * HASH_BYTES])

    def _at_border(self, level: int, index: int) -> list[bytes]:
        """Return the sibling of a subtree that is not in a full tile; none where the subtree has no sibling."""
        sibling = index ^ 1
        if sibling < self.size >> level:
            return [self.node(level, sibling)]
        return [self._border(level)] if sibling == (self.size - 1) >> level else []

    def _border(self, level: int) -> bytes:
        """Return the root of the last, incomplete subtree of a level; it is in the proofs of half of the entries."""
        if level not in self._borders:
            self._borders[level] = range_root(self.size - 1 >> level << level, self.size, self.node)
        return self._borders[level]

    def _rows(self, level: int, number: int) -> list[bytes]:
        """Return the hashes of a tile and the nodes above them, row by row."""
        kept, key = self._high if level else self._low, (level, number)
        rows = kept.get(key)
        if rows is None:
            rows = self._expanded(level, number)
            _keep(kept, key, rows, _KEPT_TILES)
            if level == 0 and len(rows[0]) == TILE_BYTES:
                _keep(self._tops, number, rows[_HALF:], _KEPT_TOPS)
        return rows

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


def _siblings(rows: list[bytes], place: int) -> list[bytes]:
    """Return the sibling of a hash in its row, and of each node above it in its own."""
    found: list[bytes] = []
    for row in rows:
        at = (place ^ 1) * HASH_BYTES
        found.append(row[at : at + HASH_BYTES])
        place >>= 1
    return found


def _keep(kept: dict[_Key, list[bytes]], key: _Key, rows: list[bytes], most: int) -> None:
    """Keep rows, and forget those kept for longest where they are too many."""
    if len(kept) >= most:
        kept.pop(next(iter(kept), key), None)
    kept[key] = rows


def _first_difference(one: bytes, other: bytes) -> int:
    pairs = zip(range(0, len(one), HASH_BYTES), range(0, len(other), HASH_BYTES), strict=False)
    return next((i for i, (at, _) in enumerate(pairs) if one[at : at + 32] != other[at : at + 32]), len(one) // 32)
