"""Asking the command line in this process: exit code, what it says and what it complains of."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from detente.cli import options
from detente.cli import run
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook

WIDTH = 80


class Told(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


@cache
def _opened(*overlays: Path) -> Casebook:
    return open_casebook(*overlays)


def _opened_once(*books: Path, heads: dict[str, int] | None = None) -> Casebook:
    return open_casebook(*books, heads=heads) if books else _opened()


class Asker:
    """A person at a terminal that is none: output is captured, and the shipped record is read once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        monkeypatch.setattr(options, "open_casebook", _opened_once)
        monkeypatch.setenv("COLUMNS", str(WIDTH))
        monkeypatch.setenv("TERMINAL_WIDTH", str(WIDTH))

    def __call__(self, *words: str) -> Told:
        self._monkeypatch.setattr(sys, "argv", ["detente", *words])
        self._capsys.readouterr()
        code: object = 0
        try:
            run()
        except SystemExit as end:
            code = end.code
        out, err = self._capsys.readouterr()
        return Told(code if isinstance(code, int) else 0 if code is None else 1, out, err)
