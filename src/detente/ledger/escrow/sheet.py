"""The rows of a declaration in a CSV sheet: one row a node, below the row of what holds it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from detente.errors import DetenteError
from detente.ledger.escrow.files import read_bytes
from detente.ledger.escrow.rows import Reader

__all__ = ["read_sheet"]


def read_sheet(reader: Reader, path: Path, named: object, line: int) -> None:
    """Read the rows of a CSV sheet that stands beside the declaration."""
    if not isinstance(named, str) or Path(named).name != named or named.startswith("."):
        reader.fault(line, "'rows' is not the name of a file beside this one.", 'Write rows = "items.csv".')
        return
    try:
        text = read_bytes(path.with_name(named)).decode("utf-8-sig")
    except DetenteError as fault:
        reader.fault(line, fault.what, fault.remedy)
        return
    except UnicodeDecodeError:
        reader.fault(1, "The file is not UTF-8 text.", "Save the sheet as CSV in UTF-8.", named)
        return
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        _sheet_rows(reader, rows, named)
    except csv.Error as fault:
        reader.fault(rows.line_num, f"The file is no CSV: {fault}.", "Save the sheet as CSV with commas.", named)


def _sheet_rows(reader: Reader, rows: Iterator[list[str]], named: str) -> None:
    order = reader.form.order
    head = next(rows, [])
    fields = sorted(set().union(*reader.names) - {"id"})
    missing = [name for name in (*order, *fields) if name not in head]
    strange = [name for name in head if name not in order and name not in fields]
    if missing or strange or len(set(head)) < len(head):
        what = f"The columns are not those of the form (missing: {missing or 'none'}, unknown: {strange or 'none'})."
        reader.fault(1, what, f"Write the columns {','.join((*order, *fields))}, each once.", named)
        return
    at_ranks = [head.index(name) for name in order]
    at_fields = [[(name, head.index(name)) for name in sorted(names - {"id"})] for names in reader.names]
    others = [[(n, head.index(n)) for n in fields if n not in names] for names in reader.names]
    with_id = ["id" in names for names in reader.names]
    for row in rows:
        line = rows.line_num  # type: ignore[attr-defined]
        if len(row) != len(head):
            if row:
                reader.fault(line, f"The row has {len(row)} cells, not {len(head)}.", "Quote commas in texts.", named)
            continue
        path = [row[at] for at in at_ranks]
        while path and not path[-1]:
            path.pop()
        if not path:
            reader.fault(line, "The row names no node.", f"Fill the columns {', '.join(order)}.", named)
            continue
        rank, parent = len(path) - 1, 0
        for above, id in enumerate(path[:-1]):
            parent = reader.places[above].get((parent, id), -1)
            if parent < 0:
                what = f"The {order[above]} '{'/'.join(path[: above + 1])}' has no row above this one, or a faulty one."
                reader.fault(line, what, "Write the row of what holds others before theirs.", named)
                break
        if any(row[at] for _, at in others[rank]):
            wrong = ", ".join(name for name, at in others[rank] if row[at])
            reader.fault(line, f"The rank '{order[rank]}' has no field {wrong}.", "Leave those cells empty.", named)
        cells: dict[str, Any] = {name: row[at] for name, at in at_fields[rank]}
        if with_id[rank]:
            cells["id"] = path[-1]
        reader.add(rank, parent, path[-1], cells, line, named)
