"""What is logged in the benchmarks: made-up entries of 200 bytes, the same on every run, a batch at a time."""

from __future__ import annotations

import random
from collections.abc import Iterator

__all__ = ["ENTRY_BYTES", "ORIGIN", "SEED", "indexes", "made_batches"]

ENTRY_BYTES = 200
ORIGIN = "bench.example/log"
SEED = bytes(range(32))


def made_batches(count: int, batch: int) -> Iterator[list[bytes]]:
    """Yield so many entries, in batches."""
    made = random.Random(1963)
    filler = [made.randbytes(ENTRY_BYTES - 8) for _ in range(997)]
    for first in range(0, count, batch):
        yield [i.to_bytes(8, "big") + filler[i % 997] for i in range(first, min(first + batch, count))]


def indexes(count: int, many: int) -> list[int]:
    """Return so many places in a log of `count` entries, at random."""
    made = random.Random(2018)
    return [made.randrange(count) for _ in range(many)]
