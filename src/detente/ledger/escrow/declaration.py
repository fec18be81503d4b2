"""The declaration as an officer writes it: TOML, with its rows in the same file or in a CSV sheet beside it.

Every fault is reported, with its line; a declaration with a fault is not committed to.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from typing import Final

import rtoml

from detente.errors import Problem
from detente.ledger.escrow.files import read_bytes
from detente.ledger.escrow.form import Form
from detente.ledger.escrow.form import form_faults
from detente.ledger.escrow.rows import Faulty
from detente.ledger.escrow.rows import Reader
from detente.ledger.escrow.rows import Rows
from detente.ledger.escrow.sheet import read_sheet

__all__ = ["Declaration", "read_declaration"]

_PARTY: Final = re.compile(r"[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,79}\Z")


@dataclass
class Declaration:
    """A complete declaration without faults: who declares, as of when, in which form, and all that there is."""

    declarer: str
    period: str
    form: Form
    rows: list[Rows]


def read_declaration(path: Path) -> tuple[Declaration | None, list[Problem]]:
    """Return the declaration of a file, or None, and all that is wrong with it; raise DetenteError if it is no file."""
    data = read_bytes(path)
    reader = Reader(path.name)
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
    with suppress(Faulty):
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


def _read(reader: Reader, table: dict[str, Any], lines: _Lines, path: Path) -> Declaration:
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
        raise Faulty
    reader.begin(form)
    known = {"declarer", "period", "order", "width", "level", "rows", form.order[0]}
    for key in sorted(table.keys() - known):
        reader.fault(lines.of(key), f"'{key}' means nothing here.", f"Known are: {', '.join(sorted(known))}.")
    if "rows" in table:
        read_sheet(reader, path, table["rows"], lines.of("rows"))
    _tables(reader, lines, table.get(form.order[0], []), 0, 0)
    _fit(reader, lines)
    return Declaration(texts["declarer"], texts["period"], form, reader.rows)


def _form(reader: Reader, table: dict[str, Any], lines: _Lines) -> Form:
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
        raise Faulty
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


def _tables(reader: Reader, lines: _Lines, nodes: Any, rank: int, parent: int) -> None:  # noqa: ANN401 - from TOML
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


def _fit(reader: Reader, lines: _Lines) -> None:
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
