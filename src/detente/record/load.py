"""Loading a casebook: folders of text become one record, with every fault beside it.

`load_registers` and `load_statements` return `(value, problems)`; no bad row takes the rest down.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from typing import Final
from typing import NamedTuple
from typing import TypeVar

import msgspec
import polars as pl
import rtoml

from detente.errors import Problem
from detente.record.check import Links
from detente.record.check import check_statements
from detente.record.dates import plain_days
from detente.record.dates import spans
from detente.record.entries import check_entries
from detente.record.pieces import beside
from detente.record.registers import Blocked
from detente.record.registers import Claim
from detente.record.registers import Forum
from detente.record.registers import Issue
from detente.record.registers import Measure
from detente.record.registers import Party
from detente.record.registers import Registers
from detente.record.registers import Source
from detente.record.registers import Topic
from detente.record.rules import Names
from detente.record.rules import glance
from detente.record.rules import numbers
from detente.record.statements import COLUMNS
from detente.record.statements import DATED
from detente.record.tables import Sheet
from detente.record.tables import kind_of_file
from detente.record.tables import placed
from detente.record.tables import plain_sheet
from detente.record.tables import read_sheets
from detente.record.tables import read_table
from detente.record.tables import whole_table

__all__ = [
    "SCHEMA",
    "Files",
    "Record",
    "Root",
    "Tables",
    "VirtualFile",
    "load_registers",
    "load_statements",
    "read_tables",
    "read_toml",
    "typed",
]

_REGISTERS: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "parties": ("party", Party),
    "sources": ("source", Source),
    "issues": ("issue", Issue),
    "measures": ("measure", Measure),
    "forums": ("forum", Forum),
    "claims": ("claim", Claim),
    "blocked": ("blocked", Blocked),
    "topics": ("topic", Topic),
}


SCHEMA: Final[dict[str, pl.DataType]] = {
    **{column: pl.String() for column in COLUMNS},
    "kind": pl.String(),
    "line": pl.UInt32(),
    "file": pl.UInt32(),
    **{f"{column}_{ending}": pl.Date() for column in DATED for ending in ("first", "last")},
    "count": pl.Int64(),
    "quantity": pl.Float64(),
}
"""The columns of the record."""

_TOGETHER = 2**22
"""As many bytes are read at once; to read more at once gains no more."""

_SMALLEST = 2000
"""Pieces of fewer rows cost more, each time that something is done with them, than to copy them into one."""

_READERS = 2

_FIRST = 2**20


class Root(msgspec.Struct, frozen=True):
    """One casebook folder and the name under which its files are shown."""

    path: Path
    shown: str


class VirtualFile(NamedTuple):
    """A file that stands in no folder: its name, the name under which it is shown, and its bytes."""

    path: Path
    shown: str
    data: bytes


class Files:
    """The text files of a casebook and the overlays upon it, in a fixed order; those of no folder come last.

    Registers and treaties are read at once.  The tables, which hold nearly all of the bytes, are read when they
    are asked for, so that they never lie in memory all together; their bytes are None until then.
    """

    def __init__(self, roots: Iterable[Root], virtual: Iterable[VirtualFile] = ()) -> None:
        self.entries: list[tuple[Path, str, bytes | None]] = []
        self.problems: list[Problem] = []
        for root in roots:
            self._read(root)
        self.entries += virtual
        self.names = [shown for _, shown, _ in self.entries]

    def _read(self, root: Root) -> None:
        for inside in sorted(_inside(root.path)):
            path, shown = root.path.joinpath(*inside), "/".join((root.shown, *inside))
            data = None if path.suffix == ".csv" else _bytes_of(path, shown, self.problems)
            if path.suffix == ".csv" or data is not None:
                self.entries.append((path, shown, data))

    def data(self, number: int, problems: list[Problem]) -> bytes | None:
        """Return the bytes of a file; report it, and return None, where it cannot be read."""
        path, shown, data = self.entries[number]
        return _bytes_of(path, shown, problems) if data is None else data


def _inside(folder: Path | str, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the way to each text file in a folder; links to folders are not followed, cases are no record."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "cases":
                yield from _inside(entry.path, (*above, entry.name))
        elif entry.name[1:].endswith((".toml", ".csv")) and _is_file(entry):
            yield (*above, entry.name)


def _is_file(entry: os.DirEntry[str]) -> bool:
    # Nearly every entry says so itself; only a link must be looked up.
    return entry.is_file(follow_symlinks=False) or Path(entry.path).is_file()


def _bytes_of(path: Path, shown: str, problems: list[Problem]) -> bytes | None:
    try:
        with path.open("rb", buffering=0) as file:
            return file.readall()
    except OSError as fault:
        what = f"The file cannot be read ({fault.strerror})."
        problems.append(Problem(shown, 0, "error", what, "Give read permission or remove it."))
        return None


class Record:
    """Every statement of a casebook, one frame of typed columns a kind; nothing derived is in it."""

    def __init__(self, kinds: Mapping[str, pl.DataFrame], registers: Registers, files: list[str], digest: str) -> None:
        self.registers = registers
        self.files = files
        self.digest = digest
        self.kept: dict[object, Any] = {}
        """What readers have made of the record and may want again (see `timeline`); in memory only."""
        self._kinds = kinds
        self._ordered: dict[str, pl.DataFrame] = {}

    def narrowed(self, frame: pl.DataFrame) -> Record:
        """Return a record of the statements in `frame` alone, with the same registers, files and digest."""
        kinds = {str(kind): rows for (kind,), rows in frame.partition_by("kind", as_dict=True).items()}
        return Record(kinds, self.registers, self.files, self.digest)

    @property
    def height(self) -> int:
        """The number of statements."""
        return sum(rows.height for rows in self._kinds.values())

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Every statement of every kind, in the order of the files; put together when it is first asked for."""
        return pl.concat([pl.DataFrame(schema=SCHEMA), *self._kinds.values()]).sort("file", "line")

    @cached_property
    def _corrections(self) -> pl.DataFrame:
        pairs = [rows.select("corrects", "known_last").drop_nulls("corrects") for rows in self._kinds.values()]
        return pl.concat([pl.DataFrame(schema=SCHEMA).select("corrects", "known_last"), *pairs])

    def by_kind(self, kind: str) -> pl.DataFrame:
        """Return every statement of one kind, ordered by day, knowledge day and id."""
        if kind not in self._ordered:
            rows = self._kinds.get(kind)
            rows = pl.DataFrame(schema=SCHEMA) if rows is None else rows
            self._ordered[kind] = rows.sort("on_last", "known_last", "id")
        return self._ordered[kind]

    def joined(self, other: Record) -> Record:
        """Return this record with the statements of another beside its own."""
        kinds = dict(self._kinds)
        for kind, rows in other._kinds.items():
            kinds[kind] = pl.concat([kinds[kind], rows]) if kind in kinds else rows
        return Record(kinds, self.registers, self.files, self.digest)

    def corrected(self, known_by: date | None) -> list[str]:
        """Return the ids that a statement known by that day corrects."""
        rows = self._corrections
        if known_by is not None:
            rows = rows.filter(pl.col("known_last") <= known_by)
        return rows["corrects"].to_list()

    def statement(self, id: str) -> dict[str, object] | None:
        """Return one statement's cells that are not empty, or None."""
        for kind in self._kinds.values():
            rows = kind.filter(pl.col("id") == id)
            if rows.height:
                return {k: v for k, v in rows.row(0, named=True).items() if v is not None}
        return None

    def place(self, row: Mapping[str, object]) -> str:
        """Return `file:line` of a statement's row."""
        return f"{self.files[int(str(row['file']))]}:{row['line']}"


_Tables = list[pl.DataFrame]
"""Rows as text, each table of one kind."""

_K = TypeVar("_K", int, str)
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
        if data is not None and name in _REGISTERS and path.suffix == ".toml" and path.stem != "treaty":
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
    lines = _entry_lines(table, data)
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


def _entry_lines(table: str, data: bytes) -> list[int]:
    """Return the numbers of the lines on which the entries of a table begin."""
    begins = re.compile(rf"[ \t]*\[\[[ \t]*{table}[ \t]*\]\][ \t\r]*(?:#.*)?$".encode()).match
    lines: list[int] = []
    number, counted, at = 1, 0, data.find(b"[[")
    while at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        end = len(data) if end < 0 else end
        number, counted = number + data.count(b"\n", counted, start), start
        if begins(data[start:end]):
            lines.append(number)
        at = data.find(b"[[", end)
    return lines


def _lines_of(pattern: str, data: bytes) -> list[int]:
    """Return the numbers of the lines that begin with a pattern, spaces aside."""
    begins = re.compile(rf"[ \t]*{pattern}".encode()).match
    return [number for number, line in enumerate(data.split(b"\n"), 1) if begins(line)]


class Tables(msgspec.Struct, frozen=True):
    """What the statement files hold, as text and not yet checked."""

    digest: str
    """The SHA-256 of every file's name and bytes, in order: the casebook's identity."""
    rows: _Tables
    problems: list[Problem]


def load_statements(tables: Tables, files: Files, registers: Registers, names: Names) -> tuple[Record, list[Problem]]:
    """Return the record and every problem of its rows; rows with an error are not in the record."""
    text = _joined(sorted(tables.rows, key=lambda table: str(table["kind"][0])))
    days = plain_days(text, *DATED)
    # Polars leaves Python's lock alone, and the rare forms of dates are read by Python.
    with ThreadPoolExecutor(_READERS) as pool:
        issue = pool.submit(_issues, text, files, names)
        count = pool.submit(numbers, text, registers)
        links = pool.submit(Links.of, text)
        passing = pool.submit(glance, text)
        added = [*spans(text, days), *issue.result(), *count.result()]
        frame = beside(text.drop("issue"), added).select(tuple(SCHEMA))
    kinds, faults = check_statements(frame, passing.result(), links.result(), files.names, registers, names)
    return Record(kinds, registers, files.names, tables.digest), tables.problems + faults


def read_tables(files: Files) -> Tables:
    """Return the rows of all statement files and what was wrong with the files."""
    total = hashlib.sha256()
    problems: list[Problem] = []
    waiting: dict[int, _Batch] = {}
    # Hashing and reading leave Python's lock alone, so that they run side by side.
    with ThreadPoolExecutor(_READERS) as pool:
        jobs: list[Future[tuple[_Tables, list[Problem]]]] = []
        for number, (path, shown, _) in enumerate(files.entries):
            data = files.data(number, problems)
            if data is None:
                continue
            total.update(f"{shown}\0{len(data)}\0".encode())
            total.update(data)
            kind = _kind_of(path, shown, problems) if path.suffix == ".csv" else None
            plain = plain_sheet(data, kind, number) if kind else None
            if plain:
                width = len(plain[0].columns)
                batch = waiting.setdefault(width, _Batch())
                batch.append(plain)
                if sum(len(rows) for _, rows in batch) > _TOGETHER:
                    jobs.append(pool.submit(_read_together, files, *_merged(waiting.pop(width))))
            elif kind:
                jobs.append(pool.submit(_read_alone, files, number))
        jobs += [pool.submit(_read_together, files, *_merged(batch)) for batch in waiting.values()]
        read = [job.result() for job in jobs]
    problems += [fault for _, faults in read for fault in faults]
    return Tables(total.hexdigest(), [table for tables, _ in read for table in tables], problems)


_Batch = list[tuple[Sheet, memoryview]]
"""Files of one width, and the rows of each."""


def _merged(batch: _Batch) -> tuple[list[Sheet], bytes]:
    """Return the files, those of one header together, and their rows as one text; the rows of each are let go."""
    batch.sort(key=lambda plain: (plain[0].kind, plain[0].columns))
    together = [sheet for sheet, _ in batch], b"".join(rows for _, rows in batch)
    batch.clear()
    return together


def _kind_of(path: Path, shown: str, problems: list[Problem]) -> str | None:
    kind = kind_of_file(path)
    if kind is None:
        what = "The file's name does not say which kind of statement it holds."
        problems.append(Problem(shown, 1, "error", what, "Name it acts.csv, reports-2018.csv and so on."))
    return kind


def _read_together(files: Files, sheets: list[Sheet], data: bytes) -> tuple[_Tables, list[Problem]]:
    """Return the rows of files that are equally wide; where any has a fault, each is read on its own."""
    tables = read_sheets(sheets, data)
    if tables is not None:
        return tables, []
    alone = [_read_alone(files, sheet.file) for sheet in sheets]
    return [table for found, _ in alone for table in found], [fault for _, faults in alone for fault in faults]


def _read_alone(files: Files, number: int) -> tuple[_Tables, list[Problem]]:
    """Return the rows of one file, and everything that is wrong with it."""
    path, shown, _ = files.entries[number]
    problems: list[Problem] = []
    kind, data = kind_of_file(path), files.data(number, problems)
    if kind is None or data is None:
        return [], problems
    table, faults = read_table(data, kind, shown)
    if not table.height:
        return [], problems + faults
    file = pl.Series([number], dtype=pl.UInt32).new_from_index(0, table.height)
    return [placed(table, kind, table.drop_in_place("line"), file)], problems + faults


def _joined(tables: _Tables) -> pl.DataFrame:
    """Return the rows of all tables, with every column of text that a statement may have."""
    if sum(table.height for table in tables) >= _SMALLEST * len(tables) > 0:
        return pl.concat([whole_table(table) for table in tables])
    empty = pl.DataFrame(schema={c: SCHEMA[c] for c in (*COLUMNS, "kind", "line", "file")})
    return pl.concat([empty, *tables], how="diagonal").rechunk()


def _issues(text: pl.DataFrame, files: Files, names: Names) -> pl.DataFrame:
    """Return the issue of every row: its own, else that of its instrument, else of its file's folder."""
    issues = text.select(pl.coalesce("issue", _mapped("instrument", names.issue_of)))
    if not issues["issue"].null_count():
        return issues
    folders = {number: path.parent.name for number, (path, _, _) in enumerate(files.entries)}
    known = {number: folder for number, folder in folders.items() if folder in names.issues}
    return issues.hstack([text["file"]]).select(pl.coalesce("issue", _mapped("file", known)))


def _mapped(column: str, texts: Mapping[_K, str]) -> pl.Expr:
    return pl.col(column).replace_strict(list(texts), list(texts.values()), default=None, return_dtype=pl.String)
