"""Fuzz the parsers of the ledger, led by what their code has not yet done: `python -m tools.fuzz_ledger [CORPUS]`.

It needs `atheris`, which no other part of the project does; options of libFuzzer such as `-max_total_time=60` follow
the folder in which it keeps what it found.  It stops at an exception that is no refusal.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from typing import Final

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.faults import LedgerError
from detente.ledger.notes import opened
from detente.ledger.notes import split
from detente.ledger.proofs import LogProof
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import PrivateKey
from detente.ledger.signatures import PublicKey
from detente.ledger.tiles import pack
from detente.ledger.tiles import parse_path
from detente.ledger.tiles import unpack

__all__ = ["PARSERS", "main", "one"]

_KEY: Final = PrivateKey.from_seed("a", ED25519, bytes(32)).public


def _alike(written: bytes | str, data: bytes | str) -> None:
    if written != data:
        raise AssertionError(f"what was read is written in another way: {data!r}")


def _path(text: str) -> None:
    if tile := parse_path(text):
        _alike(tile.path, text)


PARSERS: Final[tuple[Callable[[bytes], Any], ...]] = (
    lambda data: _alike(split(data).encoded(), data),
    lambda data: opened(data, [_KEY]),
    lambda data: _alike(Checkpoint.parse(data).text(), data),
    lambda data: opened_checkpoint(data, [_KEY], "a"),
    lambda data: PublicKey.parse(data.decode("utf-8", "surrogateescape")),
    lambda data: _alike(LogProof.parse(data).encoded(), data),
    lambda data: _alike(pack(unpack(data[1:], data[0] if data else 0)), data[1:]),
    lambda data: _path(data.decode("utf-8", "replace")),
)
"""Each takes any bytes; what is read must be written alike."""


def one(data: bytes) -> None:
    """Give the bytes, less the first, to the parser that the first one chooses."""
    if data:
        with suppress(LedgerError):
            PARSERS[data[0] % len(PARSERS)](data[1:])


def main() -> None:
    """Fuzz until something is found, or for as long as the options say."""
    atheris = importlib.import_module("atheris")
    atheris.instrument_all()
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
