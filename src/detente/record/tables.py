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
    """Read the whole file at once, or return None where it is not one clean row a line."""
    if b"\x00" in data:
        return None
    try:
        frame = pl.read_csv(
            BytesIO(data), infer_schema=False, null_values="", row_index_name="line", row_index_offset=2
        )
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return None
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    if frame.height != lines - 1 or any(name.endswith("_duplicated_0") for name in frame.columns):
        return None
    return frame.insert_column(frame.width - 1, frame.drop_in_place("line"))


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
    schema = {**dict.fromkeys(header, pl.String()), "line": pl.UInt32()}
    return pl.DataFrame(rows, schema=schema, orient="row"), problems


def _fields(raw: bytes, number: int, shown: str, problems: list[Problem]) -> list[str] | None:
    if not raw.strip():
        return None
    try:
        return next(csv.reader([raw.decode("utf-8")], strict=True))
    except UnicodeDecodeError:
        what, remedy = "The line is not UTF-8 text.", "Save the file as 'CSV UTF-8'."
    except (csv.Error, StopIteration):
        what, remedy = "A quotation mark is not closed on its line.", "Close it; a cell holds no line break."
    problems.append(Problem(shown, number, "error", what, remedy))
    return None


def _header(fields: list[str], number: int, shown: str, problems: list[Problem]) -> list[str]:
    seen: list[str] = []
    for name in (field.strip() for field in fields):
        if name in seen or name == "line":
            what = f"The header names the column '{name}' twice."
            problems.append(Problem(shown, number, "error", what, "Keep one; the second is not read."))
            seen.append(f"{name}#{len(seen)}")
        else:
            seen.append(name)
    return seen


def _known_columns(
    frame: pl.DataFrame, kind: str, shown: str, problems: list[Problem]
) -> tuple[pl.DataFrame, list[Problem]]:
    allowed = KINDS[kind].columns
    renamed = {name: name.strip() for name in frame.columns if name != name.strip()}
    frame = frame.rename(renamed) if renamed else frame
    strange = [name for name in frame.columns if name not in allowed and name != "line"]
    for name in strange:
        if "#" not in name:
            what = f"A {kind} has no column '{name}'."
            remedy = f"Its columns are: {', '.join(allowed)}."
            problems.append(Problem(shown, 1, "error", what, remedy))
    return (frame.drop(strange) if strange else frame), problems
