"""The declaration as an officer writes it: TOML, with its rows in the same file or in a CSV sheet beside it.

Every fault is reported, with its line; a declaration with a fault is not committed to.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import time
from io import StringIO
from pathlib import Path
from typing import Any
from typing import Final

import rtoml

from detente.errors import DetenteError
from detente.errors import Problem
from detente.ledger.escrow.files import MAX_INTEGER
from detente.ledger.escrow.files import Scalar
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.files import read_bytes
from detente.ledger.escrow.form import Form
from detente.ledger.escrow.form import form_faults

__all__ = ["MAX_PROBLEMS", "MAX_TEXT", "Declaration", "Rows", "is_id", "read_declaration"]

MAX_TEXT: Final = 4096
"""The longest text of one field, in characters."""

MAX_PROBLEMS: Final = 1000
"""So many faults are listed; a file with more is no declaration."""

_ID: Final = re.compile(r"[^\s/@\x00-\x1f\x7f][^\s/\x00-\x1f\x7f]{0,63}\Z")
_PARTY: Final = re.compile(r"[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,79}\Z")


def is_id(text: str) -> bool:
    """Say whether a text can name a node for its declarer: 1 to 64 characters without space and slash."""
    return bool(_ID.match(text))


@dataclass
class Rows:
    """The real nodes of one rank, in the order of the file.

    `contents[part][n]` is the canonical JSON of the fields of that part of node n; `parents[n]` is the place of the
    node that holds it among the rows of the rank above (0 in the outermost rank).
    """

    ids: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    contents: list[list[bytes]] = field(default_factory=list)


@dataclass
class Declaration:
    """A complete declaration without faults: who declares, as of when, in which form, and all that there is."""

    declarer: str
    period: str
    form: Form
    rows: list[Rows]


class _Faulty(Exception):  # noqa: N818 - it never leaves this module
    """The file is too faulty for its rows to be read."""


class _Reader:
    """What was read so far, and what was wrong with it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.form = Form((), (), ())
        self.rows: list[Rows] = []
        self.places: list[dict[tuple[int, str], int]] = []

    def fault(self, line: int, what: str, remedy: str, name: str = "") -> None:
        self.problems.append(Problem(name or self.name, line, "error", what, remedy))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Faulty

    def begin(self, form: Form) -> None:
        """Make room for the rows of a form."""
        self.form = form
        self.rows = [Rows(contents=[[] for _ in parts]) for parts in form.parts]
        self.places = [{} for _ in form.order]
        self.names = [{name for part in parts for name in part.fields} for parts in form.parts]

    def add(self, rank: int, parent: int, id: str, fields: dict[str, Any], line: int, name: str = "") -> int:
        """Take one node in; return its place among the rows of its rank, or -1 where it is faulty."""
        before = len(self.problems)
        if not is_id(id):
            self.fault(line, f"'{id[:80]}' is no id.", "Give 1 to 64 characters without space or slash.", name)
        if fields.keys() != self.names[rank]:
            self._names(rank, fields, line, name)
        for key, value in fields.items():
            if type(value) is not str or len(value) > MAX_TEXT:
                fields[key] = self._value(key, value, line, name)
        if (parent, id) in self.places[rank]:
            what = f"The {self.form.order[rank]} '{id}' stands twice in one list."
            self.fault(line, what, "Give each an id of its own.", name)
        if len(self.problems) > before:
            return -1
        rows = self.rows[rank]
        place = self.places[rank][parent, id] = len(rows.ids)
        rows.ids.append(id)
        rows.parents.append(parent)
        for part, contents in zip(self.form.parts[rank], rows.contents, strict=True):
            contents.append(canonical({key: fields[key] for key in part.fields}))
        return place

    def _names(self, rank: int, fields: dict[str, Any], line: int, name: str) -> None:
        of = self.form.order[rank]
        for key in sorted(self.names[rank] - fields.keys()):
            self.fault(line, f"The {of} has no '{key}'.", 'Give it; write "" where there is nothing to say.', name)
        for key in sorted(fields.keys() - self.names[rank]):
            self.fault(
                line,
                f"No level opens the field '{key}' of the rank '{of}'.",
                "Name it in a level or leave it out.",
                name,
            )

    def _value(self, key: str, value: Any, line: int, name: str) -> Scalar:  # noqa: ANN401 - whatever TOML holds
        if isinstance(value, str):
            self.fault(line, f"'{key}' has {len(value):,} characters.", f"Up to {MAX_TEXT:,} are read.", name)
        elif isinstance(value, bool) or (isinstance(value, int) and abs(value) <= MAX_INTEGER):
            return value
        elif isinstance(value, date | time):
            return value.isoformat()
        else:
            what = f"'{key}' is neither a text, a whole number, a day nor true or false."
            self.fault(line, what, 'Write it as text, such as "12.5 t".', name)
        return ""


def read_declaration(path: Path) -> tuple[Declaration | None, list[Problem]]:
    """Return the declaration of a file, or None, and all that is wrong with it; raise DetenteError if it is no file."""
    data = read_bytes(path)
    reader = _Reader(path.name)
    try:
        text = data.decode("utf-8")
        table = rtoml.loads(text)
    except UnicodeDecodeError:
        return None, [Problem(path.name, 1, "error", "The file is not UTF-8 text.", "Save it as UTF-8.")]
    except (rtoml.TomlParsingError, RecursionError) as fault:
        told = " ".join(str(fault).split())[:200]
        at = re.search(r"line (\d+)", told)
        line = int(at[1]) if at else 1
        return None, [Problem(path.name, line, "error", f"The file is no TOML: {told}.", "Mend that line.")]
    lines = _Lines(text)
    declaration = None
    with suppress(_Faulty):
        declaration = _read(reader, table, lines, path)
    return (None if reader.problems else declaration), sorted(reader.problems)


class _Lines:
    """Where in the text the tables of each name begin."""

    def __init__(self, text: str) -> None:
        self._heads: dict[str, list[int]] = {}
        self._next: dict[str, int] = {}
        for number, line in enumerate(text.splitlines(), 1):
            head = re.match(r"\s*(?:\[{1,2}\s*([A-Za-z0-9_.\s-]+?)\s*\]|([a-z]+)\s*=)", line)
            if head:
                self._heads.setdefault(head[1] or head[2], []).append(number)

    def of(self, name: str) -> int:
        """Return the line of the next table of this name; of the last where there is none."""
        found = self._heads.get(name, [1])
        at = self._next.get(name, 0)
        self._next[name] = at + 1
        return found[min(at, len(found) - 1)]


def _read(reader: _Reader, table: dict[str, Any], lines: _Lines, path: Path) -> Declaration:
    texts = {}
    for key in ("declarer", "period"):
        value = table.get(key)
        value = value.isoformat() if isinstance(value, date) else value
        if not isinstance(value, str) or not _PARTY.match(value):
            remedy = 'Write declarer = "..." and period = "..." at the top.'
            reader.fault(lines.of(key), f"'{key}' is missing or no line of text of up to 80 characters.", remedy)
        texts[key] = str(value)
    form = _form(reader, table, lines)
    if reader.problems:
        raise _Faulty
    reader.begin(form)
    known = {"declarer", "period", "order", "width", "level", "rows", form.order[0]}
    for key in sorted(table.keys() - known):
        reader.fault(lines.of(key), f"'{key}' means nothing here.", f"Known are: {', '.join(sorted(known))}.")
    if "rows" in table:
        _sheet(reader, path, table["rows"], lines.of("rows"))
    _tables(reader, lines, table.get(form.order[0], []), 0, 0)
    _fit(reader, lines)
    return Declaration(texts["declarer"], texts["period"], form, reader.rows)


def _form(reader: _Reader, table: dict[str, Any], lines: _Lines) -> Form:
    order, width, levels = table.get("order"), table.get("width"), table.get("level")
    if not _texts(order):
        remedy = 'Write order = ["site", "facility", "item"], from the outside inwards.'
        reader.fault(lines.of("order"), "'order' is missing or no list of names.", remedy)
    if not isinstance(width, dict) or not all(type(w) is int for w in width.values()):
        remedy = "Write [width] and under it, for each rank, how many slots its lists have: site = 8."
        reader.fault(lines.of("width"), "The widths are missing or no whole numbers.", remedy)
    if not isinstance(levels, list) or not all(isinstance(x, dict) and all(map(_texts, x.values())) for x in levels):
        remedy = 'Write [[level]] for each level of sensitivity and under it site = ["name"] and the like.'
        reader.fault(lines.of("level"), "The levels are missing or no tables of lists of names.", remedy)
    if reader.problems:
        raise _Faulty
    assert isinstance(order, list)
    assert isinstance(width, dict)
    assert isinstance(levels, list)
    for name in sorted(set(order) ^ width.keys()):
        what = f"'{name}' is no rank." if name in width else f"'{name}' has no width."
        reader.fault(lines.of("width"), what, f"Give a width to each of: {', '.join(order)}.")
    given = tuple(width.get(name, 1) for name in order)
    form = Form(tuple({k: tuple(v) for k, v in level.items()} for level in levels), tuple(order), given)
    for what, remedy in form_faults(form):
        reader.fault(lines.of("width" if "width" in what else "level"), what, remedy)
    return form


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _tables(reader: _Reader, lines: _Lines, nodes: Any, rank: int, parent: int) -> None:  # noqa: ANN401 - from TOML
    """Read the nodes of one list and, in the order of the file, what they hold."""
    order = reader.form.order
    name = ".".join(order[: rank + 1])
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        reader.fault(lines.of(name), f"'{order[rank]}' is no list of tables.", f"Write [[{name}]] above each.")
        return
    below = order[rank + 1] if rank + 1 < len(order) else None
    for node in nodes:
        line = lines.of(name)
        fields = {key: value for key, value in node.items() if key not in ("id", below)}
        id = node.get("id")
        if "id" in reader.names[rank]:
            fields["id"] = id
        if not isinstance(id, str):
            reader.fault(line, f"The {order[rank]} has no id, or one that is no text.", 'Write id = "..." in it.')
            id = "?"
        place = reader.add(rank, parent, id, fields, line)
        if below and below in node:
            # What a faulty node holds is read as well, so that all faults are reported together.
            _tables(reader, lines, node[below], rank + 1, place)


def _sheet(reader: _Reader, path: Path, named: object, line: int) -> None:
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


def _sheet_rows(reader: _Reader, rows: Iterator[list[str]], named: str) -> None:
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


def _fit(reader: _Reader, lines: _Lines) -> None:
    """Check that every list fits into its width."""
    for name, width, rows in zip(reader.form.order, reader.form.widths, reader.rows, strict=True):
        counts: dict[int, int] = {}
        for parent in rows.parents:
            counts[parent] = counts.get(parent, 0) + 1
        most = max(counts.values(), default=0)
        if most > width:
            fitting = 1 << (most - 1).bit_length()
            what = f"A list of the rank '{name}' has {most} entries, more than its width {width}."
            reader.fault(lines.of("width"), what, f"Write {name} = {fitting} or more under [width].")
