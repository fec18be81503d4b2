"""Tiles and entry bundles (C2SP tlog-tiles): a log as files that never change once they are full.

    checkpoint                        the signed head
    tile/<level>/<N>[.p/<width>]      up to 256 hashes of 32 bytes
    tile/entries/<N>[.p/<width>]      up to 256 entries, each after its length in two bytes

N is written in groups of three digits, all but the last after an `x`: 1234067 is `x001/x234/067`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Final
from typing import NamedTuple

from detente.ledger.faults import Malformed
from detente.ledger.merkle import HASH_BYTES
from detente.ledger.merkle import pair_up

__all__ = [
    "CHECKPOINT",
    "ENTRIES",
    "HEIGHT",
    "MAX_ENTRY",
    "TILE_BYTES",
    "WIDTH",
    "Tile",
    "expanded",
    "pack",
    "parse_path",
    "tile_path",
    "tiles_of",
    "unpack",
]

CHECKPOINT: Final = "checkpoint"
HEIGHT: Final = 8
WIDTH: Final = 256
TILE_BYTES: Final = WIDTH * HASH_BYTES
MAX_ENTRY: Final = 65_535
"""The longest entry that a bundle can hold, in bytes."""

ENTRIES: Final = -1
"""The level under which entry bundles are counted here."""

_LONGEST_PATH: Final = 64
"""No tile of a log of fewer than 2^63 entries has a longer path."""

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Tile(NamedTuple):
    """One file: its level (`ENTRIES` for a bundle), its number in the level, and how many hashes or entries it has."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it stands in the folder of the log."""
        return tile_path(*self)

    @property
    def full(self) -> Tile:
        """The same tile when it is full."""
        return Tile(self.level, self.number)


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Return the path of a tile or, for the level `ENTRIES`, of an entry bundle."""
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.append(f"x{number % 1000:03}")
    folder = "entries" if level == ENTRIES else str(level)
    return f"tile/{folder}/{'/'.join(reversed(groups))}" + ("" if width == WIDTH else f".p/{width}")


def parse_path(path: str) -> Tile | None:
    """Return which tile a path names, or None where it names none or is written in another way than the one."""
    found = _PATH.fullmatch(path) if len(path) <= _LONGEST_PATH else None
    if not found:
        return None
    level, number, width = found.groups()
    tile = Tile(
        ENTRIES if level == "entries" else int(level),
        int(number.replace("x", "").replace("/", "")),
        int(width) if width else WIDTH,
    )
    right = tile.path == path and tile.level < 64 and tile.number < 2**63 and tile.width <= WIDTH
    return tile if right else None


def tiles_of(size: int, after: int = 0) -> Iterator[Tile]:
    """Yield every tile of a log of that size, bundles first, but for those that a log of `after` entries has full."""
    for level in (ENTRIES, *range(64)):
        shift = HEIGHT * max(level, 0)
        hashes, before = size >> shift, after >> shift
        if not hashes:
            return
        yield from (Tile(level, number) for number in range(before // WIDTH, hashes // WIDTH))
        if hashes % WIDTH:
            yield Tile(level, hashes // WIDTH, hashes % WIDTH)


def pack(entries: Sequence[bytes]) -> bytes:
    """Return entries as a bundle, each after its length; raise Malformed where one is too long."""
    longest = max(map(len, entries), default=0)
    if longest > MAX_ENTRY:
        what = f"An entry has {longest} bytes; a bundle can hold {MAX_ENTRY}."
        raise Malformed(what, "Log its hash, and keep the body beside.")
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def unpack(bundle: bytes, width: int) -> list[bytes]:
    """Return the entries of a bundle that should hold `width`; raise Malformed."""
    entries: list[bytes] = []
    at = 0
    while at + 2 <= len(bundle) and len(entries) < width:
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        entries.append(bundle[at + 2 : end])
        at = end
    if at != len(bundle) or len(entries) != width:
        what = f"An entry bundle does not hold {width} whole entries."
        raise Malformed(what, "It was cut short or damaged; fetch it again.")
    return entries


def expanded(tile: bytes) -> list[bytes]:
    """Return the hashes of a full tile and of the seven levels above it, each as one string of bytes."""
    levels = [tile]
    while len(levels[-1]) > 2 * HASH_BYTES:
        levels.append(pair_up(levels[-1]))
    return levels
