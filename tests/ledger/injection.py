"""Faults of the disk, put in at the n-th call of the operating system."""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any
from typing import Final

import pytest

CALLS: Final = (
    "open", "write", "fsync", "fdatasync", "rename", "replace", "ftruncate", "lseek", "mkdir", "makedirs", "unlink",
    "rmdir", "listdir", "pread",
)  # fmt: skip
"""The calls by which a log touches the disk."""

Act = Callable[[str, Callable[..., Any], tuple[Any, ...]], Any]
"""What happens instead of a call: it gets its name, the true call, and the arguments."""


class Meter:
    """Counts the calls, and says whether one was hit."""

    def __init__(self) -> None:
        self.calls = 0
        self.hits = 0
        self.at: str = ""
        self.lock = Lock()


@contextmanager
def injected(act: Act, at: int, *, lasting: bool = False, calls: tuple[str, ...] = CALLS) -> Iterator[Meter]:
    """Let `act` happen at the call of that number, and from then on at all of them where it is lasting."""
    meter = Meter()

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            with meter.lock:
                meter.calls += 1
                hit = meter.calls >= at if lasting else meter.calls == at
                if hit:
                    meter.hits += 1
                    meter.at = meter.at or name
            return act(name, lambda *given: real(*given, **options), args) if hit else real(*args, **options)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in calls:
            patch.setattr(os, name, wrapped(name, getattr(os, name)))
        yield meter


def failing(number: int) -> Act:
    """Return a fault that refuses a call, and does nothing of it."""

    def act(_name: str, _real: Callable[..., Any], _args: tuple[Any, ...]) -> Any:
        raise OSError(number, os.strerror(number))

    return act


def half_done(number: int) -> Act:
    """Return a fault that refuses a call after half of it was done."""

    def act(name: str, real: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        if name == "write":
            real(args[0], bytes(args[1])[: len(args[1]) // 2])
        elif name not in ("open", "pread", "listdir"):
            real(*args)
        raise OSError(number, os.strerror(number))

    return act


def short_write(_name: str, real: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Write one byte, and say so."""
    return real(args[0], bytes(args[1])[:1])
