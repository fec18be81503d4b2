"""One lazy view of everything below: a casebook opened, a day and a knowledge day chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from detente.errors import DetenteError
from detente.errors import Problem
from detente.instruments.load import load_instruments
from detente.instruments.load import names_of
from detente.instruments.schema import Instrument
from detente.record.check import check_sources
from detente.record.load import Files
from detente.record.load import Record
from detente.record.load import Root
from detente.record.load import load_registers
from detente.record.load import load_statements

__all__ = ["Casebook", "open_casebook"]

_PACKAGE = Path(__file__).parent


class Casebook(msgspec.Struct, frozen=True):
    """A record, the instruments that it is about, and every problem found in loading them."""

    record: Record
    instruments: dict[str, Instrument]
    problems: tuple[Problem, ...]


def open_casebook(*overlays: str | Path, public: bool = True) -> Casebook:
    """Return the shipped casebook with the given folders laid over it, in order."""
    roots = [Root(_PACKAGE / "casebook", "casebook"), Root(_PACKAGE / "instruments", "instruments")] if public else []
    for overlay in overlays:
        path = Path(overlay)
        if not path.is_dir():
            raise DetenteError(f"There is no casebook folder '{path}'.", "Start one with: detente new DIR")
        roots.append(Root(path, path.name))
    files = Files(roots)
    registers, problems = load_registers(files)
    instruments, faults = load_instruments(files, registers)
    record, rows = load_statements(files, registers, names_of(instruments, registers))
    found: Sequence[Problem] = sorted({*problems, *faults, *rows, *check_sources(registers)})
    return Casebook(record, instruments, tuple(found))
