"""Statement files: one CSV file of one kind becomes rows of text that know their file and line.

One statement is one line; a cell holds no line break.  A line that is no CSV is reported and left out, and
never takes the lines after it down.
"""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path

import polars as pl

from detente.errors import Problem
from detente.record.statements import KINDS

__all__ = ["kind_of_file", "read_table"]

# A cell may be of any length; the limit of the standard library is for the whole process.
csv.field_size_limit(2**31 - 1)

_LINE = "\0line"
"""The column of line numbers while a file is read: no header can hold such a name."""

_SECOND = "\0second"
"""How the name of a column begins that stands in the header twice."""

_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
"""Bytes that no text has: neither a page nor a feed can hold them."""

_PLURALS = {f"{name}s": name for name in KINDS}


def kind_of_file(path: Path) -> str | None:
    """Return the kind of statement that a file holds by its name (`reports-new-start.csv`), or None."""
    stem = path.stem
    for plural, kind in _PLURALS.items():
        if stem == plural or stem.startswith(f"{plural}-"):
            return kind
    return None


def read_table(data: bytes, kind: str, shown: str) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the rows of one file as text columns with `line`, and what was wrong with it.

    `shown` is the file's name in messages.  Columns that the kind has not are reported and dropped.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
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
    return len(data.translate(None, _CONTROLS)) != len(data)


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
