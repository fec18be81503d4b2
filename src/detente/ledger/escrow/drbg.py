"""HMAC_DRBG of NIST SP 800-90A Rev. 1 (10.1.2) with SHA-256, and an unbiased sample from it."""

from __future__ import annotations

from hmac import digest
from typing import Final

__all__ = ["HmacDrbg", "sample"]

_MOST: Final = 1 << 16
"""The most bytes of one request: 2^19 bits (SP 800-90A, table 2)."""


class HmacDrbg:
    """The generator; the same seed gives the same bytes to everyone."""

    def __init__(self, entropy: bytes, nonce: bytes = b"", personalization: bytes = b"") -> None:
        self._key = bytes(32)
        self._value = b"\x01" * 32
        self._update(entropy + nonce + personalization)

    def _update(self, data: bytes = b"") -> None:
        for mark in (b"\x00", b"\x01") if data else (b"\x00",):
            self._key = digest(self._key, self._value + mark + data, "sha256")
            self._value = digest(self._key, self._value, "sha256")

    def generate(self, count: int) -> bytes:
        """Return the next bytes, up to 65,536."""
        if not 0 <= count <= _MOST:
            raise ValueError(f"one request gives up to {_MOST} bytes, not {count}")
        made = []
        for _ in range(0, count, 32):
            self._value = digest(self._key, self._value, "sha256")
            made.append(self._value)
        self._update()
        return b"".join(made)[:count]


def sample(generator: HmacDrbg, population: int, number: int) -> list[int]:
    """Return so many different places out of 0 to population - 1, each choice as likely as any other.

    Each step takes 32 bytes as one number and keeps it only below the largest multiple of what is left, so that
    no remainder is favoured; the places taken are swapped out as in the shuffle of Fisher and Yates.
    """
    if not 0 <= number <= population:
        raise ValueError(f"{number} cannot be drawn out of {population}")
    moved: dict[int, int] = {}
    drawn = []
    for taken in range(number):
        at = taken + _below(generator, population - taken)
        drawn.append(moved.get(at, at))
        moved[at] = moved.pop(taken, taken)
    return drawn


def _below(generator: HmacDrbg, bound: int) -> int:
    """Return a number from 0 to bound - 1, without bias."""
    limit = (1 << 256) // bound * bound
    while (value := int.from_bytes(generator.generate(32), "big")) >= limit:
        pass
    return value % bound
