"""The pieces of Markdown that every page is made of."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import Final

__all__ = ["HEAD", "code", "codes", "doc", "doc_rest", "table"]

HEAD: Final = "<!-- Written by tools/write_docs. Do not edit: run `make docs`. -->\n\n"
"""What every page that is written whole begins with."""


def _cell(text: object) -> str:
    return re.sub(r"\s+", " ", str(text)).strip().replace("|", "\\|")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table, with every cell on one line."""
    names = list(head)
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def code(text: object) -> str:
    """Return a text as code, and nothing for what is empty."""
    return f"`{text}`" if text not in ("", None) else ""


def codes(names: Iterable[object]) -> str:
    """Return each name as code, in a row."""
    return " ".join(f"`{name}`" for name in names)


def doc(thing: object) -> str:
    """Return the first paragraph of a docstring, on one line."""
    return " ".join(inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0].split())


def doc_rest(thing: object) -> str:
    """Return the second paragraph of a docstring, on one line."""
    paragraphs = inspect.cleandoc(thing.__doc__ or "").split("\n\n")
    return " ".join(paragraphs[-1].split())
