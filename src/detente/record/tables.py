"""Statement files: CSV files of one kind become rows of text that know their file and line.

One statement is one line; a cell holds no line break.  A line that is no CSV is reported and left out, and
never takes the lines after it down.

To call the reader costs as much as to read a thousand lines, so that plain files are read many at a time
(`plain_sheet`, `read_sheets`); a file that is not plain is read on its own (`read_table`), which finds out
what is wrong with it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import polars as pl

from detente.errors import Problem
from detente.record.pieces import beside
from detente.record.statements import COLUMNS
from detente.record.statements import KINDS

__all__ = ["Sheet", "kind_of_file", "placed", "plain_sheet", "read_sheets", "read_table", "whole_table"]

# A cell may be of any length; the limit of the standard library is for the whole process.
csv.field_size_limit(2**31 - 1)

_LINE = "\0line"
"""The column of line numbers while a file is read: no header can hold such a name."""

_SECOND = "\0second"
"""How the name of a column begins that stands in the header twice."""

_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
"""Bytes that no text has: neither a page nor a feed can hold them."""

_END = b",.\n"
"""What ends each line of files that are read together: one more cell, which a line with too few cells leaves empty."""

_BOM = b"\xef\xbb\xbf"

_PLURALS = {f"{name}s": name for name in KINDS}

_ALLOWED = {name: frozenset(kind.columns) for name, kind in KINDS.items()}


def kind_of_file(path: Path) -> str | None:
    """Return the kind of statement that a file holds by its name (`reports-new-start.csv`), or None."""
    stem = path.stem
    for plural, kind in _PLURALS.items():
        if stem == plural or stem.startswith(f"{plural}-"):
            return kind
    return None


class Sheet(NamedTuple):
    """One plain file: one line a row, under names that its kind has."""

    file: int
    kind: str
    columns: tuple[str, ...]
    rows: int


def plain_sheet(data: bytes, kind: str, file: int) -> tuple[Sheet, memoryview] | None:
    """Return a file and its rows as they are read together with others; None where it must be read on its own."""
    start = len(_BOM) if data.startswith(_BOM) else 0
    end = data.find(b"\n", start)
    header = data[start:end]
    if end < 0 or b'"' in header or b"\r" in data or _has_controls(data):
        return None
    columns = tuple(name.strip() for name in header.decode("utf-8", "replace").split(","))
    if len(columns) < 2 or len(set(columns)) < len(columns) or not _ALLOWED[kind].issuperset(columns):
        return None
    text = data if data.endswith(b"\n") else data + b"\n"
    ended = text.replace(b"\n", _END)
    rows = (len(ended) - len(text)) // (len(_END) - 1) - 1  # to count them would cost as much again
    return (Sheet(file, kind, columns, rows), memoryview(ended)[end + len(_END) :]) if rows else None


def read_sheets(sheets: Sequence[Sheet], data: bytes) -> list[pl.DataFrame] | None:
    """Return the rows of files that are equally wide, one after the other in `data`; None where any has a fault.

    The tables that they come as are of one kind and one header each, and know their `file` and `line`.  Polars
    fills up a short row without a word, and then its last cell is empty; it refuses a long one; and a quotation
    mark that is left open changes the number of rows.
    """
    width = len(sheets[0].columns)
    schema = {str(n): pl.String() for n in range(width + 1)}
    try:
        frame = pl.read_csv(data, has_header=False, schema=schema, null_values="")
    except pl.exceptions.PolarsError:
        return None
    if frame.height != sum(sheet.rows for sheet in sheets) or frame.drop_in_place(str(width)).null_count():
        return None
    return list(_by_header(frame, sheets))


def _by_header(frame: pl.DataFrame, sheets: Sequence[Sheet]) -> Iterator[pl.DataFrame]:
    lines = pl.int_range(2, 2 + max(sheet.rows for sheet in sheets), dtype=pl.UInt32, eager=True)
    start = 0
    for (kind, columns), together in groupby(sheets, key=lambda sheet: (sheet.kind, sheet.columns)):
        same = list(together)
        part = frame.slice(start, sum(sheet.rows for sheet in same))
        part.columns = list(columns)
        line = pl.concat([lines.head(sheet.rows) for sheet in same])
        file = pl.concat([pl.Series([sheet.file], dtype=pl.UInt32).new_from_index(0, sheet.rows) for sheet in same])
        yield placed(part, kind, line, file)
        start += part.height


def placed(part: pl.DataFrame, kind: str, line: pl.Series, file: pl.Series) -> pl.DataFrame:
    """Return rows of one kind with their kind, line and file."""
    kinds = pl.Series("kind", [kind]).new_from_index(0, part.height)
    return beside(part, [kinds, line.alias("line"), file.alias("file")])


def whole_table(table: pl.DataFrame) -> pl.DataFrame:
    """Return rows with every column of text that a statement may have, those that they have not empty."""
    none = pl.Series(_LINE, [None], dtype=pl.String).new_from_index(0, table.height)
    columns = {column.name: column for column in beside(table, [none]).get_columns()}
    empty = columns[_LINE]
    return pl.DataFrame([columns.get(name, empty).alias(name) for name in (*COLUMNS, "kind", "line", "file")])


def read_table(data: bytes, kind: str, shown: str) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the rows of one file as text columns with `line`, and what was wrong with it.

    `shown` is the file's name in messages.  Columns that the kind has not are reported and dropped.
    """
    data = data.removeprefix(_BOM)
    if not data.strip():
        return pl.DataFrame(), [Problem(shown, 1, "error", "The file is empty.", "Give it a header line.")]
    frame, problems = _fast(data), list[Problem]()
    if frame is None:
        frame, problems = _line_by_line(data, shown)
    return _known_columns(frame, kind, shown, problems)


def _fast(data: bytes) -> pl.DataFrame | None:
    """Read the whole file at once, or return None where it is not one whole row a line under plain names."""
    if _has_controls(data):
        return None
    try:
        frame = pl.read_csv(BytesIO(data), infer_schema=False, null_values="", row_index_name=_LINE, row_index_offset=2)
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return None
    if not frame.height:
        return None
    lines = frame.drop_in_place(_LINE)
    names = [name.strip() for name in frame.columns]
    twice = len(set(names)) < len(names) or any(name.endswith("_duplicated_0") for name in names)
    if twice or not _is_whole(frame, data):
        return None
    frame.columns = names
    return frame.insert_column(frame.width, lines)


def _has_controls(data: bytes) -> bool:
    return any(c in data for c in _CONTROLS)


def _is_whole(frame: pl.DataFrame, data: bytes) -> bool:
    """Return whether each row is one line with all its cells.

    Polars fills up a short row, and passes over a quotation mark that is left open, without a word; the
    commas outside quotation marks tell the one, the number of marks the other.
    """
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    between = data.split(b'"')
    commas = b"".join(between[::2]).count(b",")
    return (
        frame.height == lines - 1
        and commas == lines * (frame.width - 1) > 0
        and len(between) % 2 == 1
        and (b"\r" not in data or data.count(b"\r") == data.count(b"\r\n"))
    )


def _line_by_line(data: bytes, shown: str) -> tuple[pl.DataFrame, list[Problem]]:
    """Read each line on its own, keeping the good ones."""
    problems: list[Problem] = []
    header: list[str] = []
    rows: list[list[str | int | None]] = []
    for number, raw in enumerate(data.splitlines(), start=1):
        fields = _fields(raw, number, shown, problems)
        if fields is None:
            continue
        if not header:
            header = _header(fields, number, shown, problems)
        elif len(fields) != len(header):
            what = f"The line has {len(fields)} cells, the header {len(header)}."
            remedy = "Quote every cell that holds a comma, and close every quotation mark."
            problems.append(Problem(shown, number, "error", what, remedy))
        else:
            rows.append([*(field or None for field in fields), number])
    schema = {**dict.fromkeys(header, pl.String()), _LINE: pl.UInt32()}
    return pl.DataFrame(rows, schema=schema, orient="row"), problems


def _fields(raw: bytes, number: int, shown: str, problems: list[Problem]) -> list[str] | None:
    if not raw.strip():
        return None
    try:
        if _has_controls(raw):
            raise ValueError
        return next(csv.reader([raw.decode("utf-8")], strict=True))
    except UnicodeDecodeError:
        what, remedy = "The line is not UTF-8 text.", "Save the file as 'CSV UTF-8'."
    except (csv.Error, StopIteration):
        what, remedy = "A quotation mark is not closed on its line.", "Close it; a cell holds no line break."
    except ValueError:
        found = next(byte for byte in raw if byte in _CONTROLS)
        what, remedy = f"The line holds the control character U+{found:04X}.", "Take it out; no text has one."
    problems.append(Problem(shown, number, "error", what, remedy))
    return None


def _header(fields: list[str], number: int, shown: str, problems: list[Problem]) -> list[str]:
    seen: list[str] = []
    for name in (field.strip() for field in fields):
        if name in seen:
            what = f"The header names the column '{name}' twice."
            problems.append(Problem(shown, number, "error", what, "Keep one; the second is not read."))
            seen.append(f"{_SECOND}{len(seen)}")
        else:
            seen.append(name)
    return seen


def _known_columns(
    frame: pl.DataFrame, kind: str, shown: str, problems: list[Problem]
) -> tuple[pl.DataFrame, list[Problem]]:
    allowed = KINDS[kind].columns
    strange = [name for name in frame.columns if name not in allowed and name != _LINE]
    for name in strange:
        if not name.startswith(_SECOND):
            what = f"A {kind} has no column '{name}'."
            remedy = f"Its columns are: {', '.join(allowed)}."
            problems.append(Problem(shown, 1, "error", what, remedy))
    # By selecting: to drop a column named '*' or '^...$' would drop others too.
    known = [name for name in frame.columns if name in allowed]
    return frame.select(*known, pl.col(_LINE).alias("line")), problems
