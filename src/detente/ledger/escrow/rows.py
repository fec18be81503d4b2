"""The rows of a declaration as they are read: what is taken in, and all that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import time
from typing import Any
from typing import Final

from detente.errors import Problem
from detente.ledger.escrow.files import MAX_INTEGER
from detente.ledger.escrow.files import Scalar
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.form import Form

__all__ = ["MAX_PROBLEMS", "MAX_TEXT", "Faulty", "Reader", "Rows", "is_id"]

MAX_TEXT: Final = 4096
"""The longest text of one field, in characters."""

MAX_PROBLEMS: Final = 1000
"""So many faults are listed; a file with more is no declaration."""

_ID: Final = re.compile(r"[^\s/@\x00-\x1f\x7f][^\s/\x00-\x1f\x7f]{0,63}\Z")


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


class Faulty(Exception):
    """The file is too faulty for its rows to be read."""


class Reader:
    """What was read so far, and what was wrong with it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.form = Form((), (), ())
        self.rows: list[Rows] = []
        self.places: list[dict[tuple[int, str], int]] = []

    def fault(self, line: int, what: str, remedy: str, name: str = "") -> None:
        """Note what is wrong; end the reading where too much is."""
        self.problems.append(Problem(name or self.name, line, "error", what, remedy))
        if len(self.problems) >= MAX_PROBLEMS:
            raise Faulty

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
