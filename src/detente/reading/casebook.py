"""A casebook opened: the shipped record with a user's folders laid over it, and every problem found."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from detente.errors import DetenteError
from detente.errors import Problem
from detente.instruments.load import load_instruments
from detente.instruments.load import names_of
from detente.instruments.schema import Instrument
from detente.obligations.duties import Provisions
from detente.reading.courses import Courses
from detente.reading.shelf import Shelf
from detente.record.check import check_sources
from detente.record.load import Files
from detente.record.load import Record
from detente.record.load import Root
from detente.record.load import VirtualFile
from detente.record.load import load_registers
from detente.record.load import load_statements
from detente.record.load import read_tables

__all__ = ["SHIPPED", "Casebook", "about", "open_casebook", "shown_name"]

_PACKAGE = Path(__file__).parent.parent
SHIPPED = _PACKAGE / "instruments"
"""The folder of the shipped instruments."""


class Casebook:
    """A record, the instruments that it is about, and every problem found in loading them."""

    def __init__(self, record: Record, instruments: dict[str, Instrument], problems: tuple[Problem, ...]) -> None:
        self.record = record
        self.instruments = instruments
        self.problems = problems

    @cached_property
    def provisions(self) -> Provisions:
        """Every computable provision, as a frame."""
        return Provisions(self.instruments, self.record.registers)

    @cached_property
    def courses(self) -> Courses:
        """The findings of whole times, as far as somebody had them made ahead."""
        return Courses(self.record, self.instruments, self.provisions)

    @cached_property
    def shelf(self) -> Shelf:
        """The record laid out for browsing."""
        return Shelf(self.record)


def about(casebook: Casebook, instrument: str) -> Casebook:
    """Return the same record with one instrument and those that its provisions require: enough to judge it."""
    law = casebook.instruments[instrument]
    needed = {instrument, *(p.requires for p in law.provision)} & casebook.instruments.keys()
    return Casebook(casebook.record, {id: casebook.instruments[id] for id in needed}, casebook.problems)


def open_casebook(
    *overlays: str | Path,
    public: bool = True,
    heads: Mapping[str, int] | None = None,
    more: Iterable[VirtualFile] = (),
    disclosing: bool = True,
) -> Casebook:
    """Return the shipped casebook with the given folders laid over it, in order.

    A folder may be a casebook of plain text, or a book of signed statements (of whose logs `heads` may name sizes at
    which reading stops, and whose withheld cells are shown, where they are known here, if `disclosing`); `more` are
    tables that stand in no folder.  With `public=False` only what is given is read.
    Raises DetenteError where a folder does not exist; everything that is wrong inside one is a problem of the casebook
    and takes nothing else down.
    """
    roots = [Root(_PACKAGE / "casebook", "casebook"), Root(SHIPPED, "instruments")] if public else []
    virtual: list[VirtualFile] = []
    problems: list[Problem] = []
    for overlay in overlays:
        path = Path(overlay)
        if not path.is_dir():
            raise DetenteError(f"There is no casebook folder '{path}'.", "Start one with: detente new DIR")
        if (path / "book.toml").is_file():
            files, faults = _book_files(path, heads, disclosing)
            virtual += files
            problems += faults
        else:
            roots.append(Root(path, shown_name(path)))
    with _no_garbage():
        return _opened(Files(roots, [*virtual, *more]), problems)


def _book_files(
    path: Path, heads: Mapping[str, int] | None, disclosing: bool
) -> tuple[list[VirtualFile], list[Problem]]:
    # Signatures need libraries that take longer to import than the record takes to load.
    from detente.reading.books import book_files  # noqa: PLC0415

    return book_files(path, heads, disclosing)


def _opened(files: Files, before: list[Problem]) -> Casebook:
    # The tables are read by Polars, beside the registers and treaties, which Python reads.
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_tables, files)
        registers, problems = load_registers(files)
        instruments, faults = load_instruments(files, registers)
        tables = reading.result()
    record, rows = load_statements(tables, files, registers, names_of(instruments, registers))
    found = sorted({*before, *problems, *faults, *rows, *check_sources(registers)})
    return Casebook(record, instruments, tuple(found))


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Look for no garbage for a while: there is hardly any in a casebook, and to look is a tenth of opening it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def shown_name(path: Path) -> str:
    """Return the name under which a user's folder is shown; never that of a shipped one."""
    name = path.resolve().name or str(path)
    return f"./{name}" if name in ("casebook", "instruments") else name
