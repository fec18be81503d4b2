"""Loading a casebook: folders of text become one record, with every fault beside it.

`load_registers` and `load_statements` return `(value, problems)`; no bad row takes the rest down.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from typing import TypeVar

import msgspec
import polars as pl
import rtoml

from detente.errors import Problem
from detente.record.check import Names
from detente.record.check import check_statements
from detente.record.dates import span_columns
from detente.record.entries import check_entries
from detente.record.registers import Blocked
from detente.record.registers import Claim
from detente.record.registers import Forum
from detente.record.registers import Issue
from detente.record.registers import Measure
from detente.record.registers import Party
from detente.record.registers import Registers
from detente.record.registers import Source
from detente.record.statements import COLUMNS
from detente.record.statements import DATED
from detente.record.tables import kind_of_file
from detente.record.tables import read_table

__all__ = ["Files", "Record", "Root", "load_registers", "load_statements", "read_toml", "typed"]

_REGISTERS: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "parties": ("party", Party),
    "sources": ("source", Source),
    "issues": ("issue", Issue),
    "measures": ("measure", Measure),
    "forums": ("forum", Forum),
    "claims": ("claim", Claim),
    "blocked": ("blocked", Blocked),
}


class Root(msgspec.Struct, frozen=True):
    """One casebook folder and the name under which its files are shown."""

    path: Path
    shown: str


class Files:
    """The text files of a casebook and the overlays upon it, read once, in a fixed order."""

    def __init__(self, roots: Iterable[Root]) -> None:
        self.entries: list[tuple[Path, str, bytes]] = []
        self.problems: list[Problem] = []
        for root in roots:
            self._read(root)
        self.names = [shown for _, shown, _ in self.entries]

    def _read(self, root: Root) -> None:
        for path in sorted(root.path.rglob("*")):
            inside = path.relative_to(root.path)
            if path.suffix not in {".toml", ".csv"} or "cases" in inside.parts or not path.is_file():
                continue
            shown = f"{root.shown}/{inside.as_posix()}"
            try:
                self.entries.append((path, shown, path.read_bytes()))
            except OSError as fault:
                what = f"The file cannot be read ({fault.strerror})."
                self.problems.append(Problem(shown, 0, "error", what, "Give read permission or remove it."))

    def digest(self) -> str:
        """Return the SHA-256 of every file's name and bytes, in order: the casebook's identity."""
        total = hashlib.sha256()
        for _, shown, data in self.entries:
            total.update(f"{shown}\0{len(data)}\0".encode())
            total.update(data)
        return total.hexdigest()


class Record:
    """Every statement of a casebook as one frame of typed columns; nothing derived is in it."""

    def __init__(self, frame: pl.DataFrame, registers: Registers, files: list[str], digest: str) -> None:
        self.frame = frame
        self.registers = registers
        self.files = files
        self.digest = digest
        self.kept: dict[object, Any] = {}
        """What readers have made of the record and may want again (see `timeline`); in memory only."""
        self._kinds: dict[str, pl.DataFrame] = {}
        self._corrections = frame.filter(pl.col("corrects").is_not_null()).select("corrects", "known_last")

    def by_kind(self, kind: str) -> pl.DataFrame:
        """Return every statement of one kind, ordered by day, knowledge day and id."""
        if kind not in self._kinds:
            rows = self.frame.filter(pl.col("kind") == kind)
            self._kinds[kind] = rows.sort("on_last", "known_last", "id")
        return self._kinds[kind]

    def corrected(self, known_by: date | None) -> list[str]:
        """Return the ids that a statement known by that day corrects."""
        rows = self._corrections
        if known_by is not None:
            rows = rows.filter(pl.col("known_last") <= known_by)
        return rows["corrects"].to_list()

    def statement(self, id: str) -> dict[str, object] | None:
        """Return one statement's cells that are not empty, or None."""
        rows = self.frame.filter(pl.col("id") == id)
        return {k: v for k, v in rows.row(0, named=True).items() if v is not None} if rows.height else None

    def place(self, row: Mapping[str, object]) -> str:
        """Return `file:line` of a statement's row."""
        return f"{self.files[int(str(row['file']))]}:{row['line']}"


_T = TypeVar("_T", bound=msgspec.Struct)


def read_toml(data: bytes, shown: str, problems: list[Problem]) -> dict[str, object]:
    """Return the tables of a TOML file; report, and return nothing, where it is none."""
    try:
        return rtoml.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        problems.append(Problem(shown, 1, "error", "The file is not UTF-8 text.", "Save it as UTF-8."))
    except rtoml.TomlParsingError as fault:
        text = " ".join(str(fault).split())
        problems.append(Problem(shown, _line_in(text), "error", f"The file is no TOML: {text}.", "Mend that line."))
    return {}


def _line_in(message: str) -> int:
    words = message.replace(",", " ").split()
    for word, following in pairwise(words):
        if word == "line" and following.isdigit():
            return int(following)
    return 1


def typed(raw: object, kind: type[_T], shown: str, line: int, problems: list[Problem]) -> _T | None:
    """Return `raw` as a `kind`; report where it is none, naming the field."""
    try:
        return msgspec.convert(raw, kind, strict=False)
    except msgspec.ValidationError as fault:
        name = f" '{raw['id']}'" if isinstance(raw, dict) and "id" in raw else ""
        remedy = "See docs/casebook-format.md for the fields."
        problems.append(Problem(shown, line, "error", f"The entry{name} is not valid: {fault}.", remedy))
        return None


def load_registers(files: Files) -> tuple[Registers, list[Problem]]:
    """Return every register of the casebook; an entry that is given twice keeps its first form.

    A faulty entry is reported and left out.
    """
    problems: list[Problem] = list(files.problems)
    found: dict[str, dict[str, msgspec.Struct]] = {name: {} for name in _REGISTERS}
    registers = Registers(**{name: {} for name in _REGISTERS}, places={})
    for path, shown, data in files.entries:
        name = path.stem.split("-")[0]
        if path.suffix == ".toml" and name in _REGISTERS and path.stem != "treaty":
            _load_register(name, shown, data, found[name], registers.places, problems)
    for name, entries in found.items():
        getattr(registers, name).update(entries)
    _add_unconfirmed(registers)
    return registers, problems + check_entries(registers)


def _add_unconfirmed(registers: Registers) -> None:
    registers.sources.setdefault(
        "unconfirmed",
        Source(id="unconfirmed", address="", publisher="", title="No source found yet", tier="unconfirmed"),
    )


def _load_register(
    name: str,
    shown: str,
    data: bytes,
    entries: dict[str, msgspec.Struct],
    places: dict[str, tuple[str, int]],
    problems: list[Problem],
) -> None:
    table, kind = _REGISTERS[name]
    tables = read_toml(data, shown, problems)
    rows = tables.get(table, [])
    for other in (name for name, value in tables.items() if name != table or not isinstance(value, list)):
        line = next(iter(_lines_of(rf"\[*[ \t]*[\"']?{re.escape(other)}\b", data)), 1)
        what = f"'{other}' is no table of this register."
        problems.append(Problem(shown, line, "error", what, f"Begin every entry with [[{table}]]."))
    lines = _lines_of(rf"\[\[[ \t]*{table}[ \t]*\]\][ \t\r]*(?:#.*)?$", data)
    for index, raw in enumerate(rows if isinstance(rows, list) else []):
        line = lines[index] if index < len(lines) else 1
        entry = typed(raw, kind, shown, line, problems)
        if entry is None:
            continue
        key = str(getattr(entry, "id", None) or getattr(entry, "host", ""))
        if key in entries:
            what = f"The {table} '{key}' is in the register already."
            problems.append(Problem(shown, line, "error", what, "Remove this one, or give it an id of its own."))
        else:
            entries[key] = entry
            places[f"{table} {key}"] = (shown, line)


def _lines_of(pattern: str, data: bytes) -> list[int]:
    """Return the numbers of the lines that begin with a pattern, spaces aside."""
    lines: list[int] = []
    line, before = 1, 0
    for found in re.finditer(rf"^[ \t]*{pattern}".encode(), data, re.MULTILINE):
        line, before = line + data.count(b"\n", before, found.start()), found.start()
        lines.append(line)
    return lines


def load_statements(files: Files, registers: Registers, names: Names) -> tuple[Record, list[Problem]]:
    """Return the record and every problem of its rows; rows with an error are not in the record.

    The bytes of the statement files are let go once they are read.
    """
    problems: list[Problem] = []
    numbers: list[int] = []
    for number, (path, shown, _) in enumerate(files.entries):
        if path.suffix != ".csv":
            continue
        if kind_of_file(path) is None:
            what = "The file's name does not say which kind of statement it holds."
            problems.append(Problem(shown, 1, "error", what, "Name it acts.csv, reports-2018.csv and so on."))
            continue
        numbers.append(number)
    # Hashing and reading leave Python's lock alone, so that they run side by side.
    with ThreadPoolExecutor() as pool:
        digest = pool.submit(files.digest)
        tables = list(pool.map(partial(_read, files), numbers))
        identity = digest.result()
    files.entries = [(path, shown, b"" if path.suffix == ".csv" else data) for path, shown, data in files.entries]
    problems += [fault for _, faults in tables for fault in faults]
    frame = _one_frame([table for table, _ in tables if table.height])
    frame, faults = check_statements(_dated(frame, names), files.names, registers, names)
    return Record(frame, registers, files.names, identity), problems + faults


def _read(files: Files, number: int) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the rows of one file, which know their file and its folder."""
    path, shown, data = files.entries[number]
    kind = kind_of_file(path) or ""
    table, problems = read_table(data, kind, shown)
    place = {"kind": pl.lit(kind), "file": pl.lit(number, pl.UInt32), "folder": pl.lit(path.parent.name)}
    return table.with_columns(**place), problems


def _one_frame(frames: list[pl.DataFrame]) -> pl.DataFrame:
    schema = {c: pl.String() for c in COLUMNS} | {
        "kind": pl.String(), "line": pl.UInt32(), "file": pl.UInt32(), "folder": pl.String(),
    }  # fmt: skip
    empty = pl.DataFrame(schema=schema)
    return pl.concat([empty, *frames], how="diagonal") if frames else empty


def _dated(frame: pl.DataFrame, names: Names) -> pl.DataFrame:
    """Add the spans of every date column, and the issue where instrument or folder gives it."""
    frame = span_columns(frame, *DATED)
    by_instrument = pl.col("instrument").replace_strict(
        list(names.issue_of), list(names.issue_of.values()), default=None, return_dtype=pl.String
    )
    by_folder = pl.when(pl.col("folder").is_in(list(names.issues))).then(pl.col("folder"))
    return frame.with_columns(pl.coalesce("issue", by_instrument, by_folder).alias("issue"))
