"""Text that fits 80 columns: headings, paragraphs and tables, by Rich; state is always in words."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING

from detente.rendering.labels import COLUMNS

__all__ = ["WIDTH", "Page"]

WIDTH = 80
_MARK = 40
"""A mark or a row's name is kept whole up to so many columns; longer ones are folded, never cut."""


if TYPE_CHECKING:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text


def _load() -> None:
    """Load Rich when the first page is written; JSON and CSV do without it."""
    for name in ("Console", "Padding", "Table", "Text"):
        globals()[name] = getattr(import_module(f"rich.{name.lower()}"), name)


class Page:
    """A page of text being written; `str(page)` is the text."""

    def __init__(self, language: str, color: bool = False) -> None:
        _load()
        self.language = language
        self._out = StringIO()
        self._console = Console(
            file=self._out,
            width=WIDTH,
            force_terminal=color,
            no_color=not color,
            highlight=False,
            soft_wrap=False,
            legacy_windows=False,
        )

    def heading(self, text: str, style: str = "bold") -> None:
        """Write a line that stands out, underlined so that it also stands out without colour."""
        self._console.print(Text(text, style=style))
        self._console.print("=" * min(len(text), WIDTH) if style == "bold" else "-" * min(len(text), WIDTH))

    def section(self, text: str) -> None:
        """Write a smaller heading with a blank line before it."""
        self.blank()
        self.heading(text, "bold cyan")

    def line(self, text: str, indent: int = 0, style: str = "") -> None:
        """Write a paragraph, wrapped and indented."""
        self._console.print(Padding(Text(text, style=style), (0, 0, 0, indent)))

    def entry(self, mark: str, text: str, indent: int = 2, style: str = "") -> None:
        """Write a paragraph that hangs after a mark or a label."""
        if len(mark) > _MARK:
            self.line(mark, indent)
            self.line(text, indent + 2, style)
            return
        table = Table.grid(padding=(0, 1, 0, 0), expand=False)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        table.add_row(Text(mark), Text(text, style=style))
        self._console.print(Padding(table, (0, 0, 0, indent)))

    def blank(self) -> None:
        """Write an empty line."""
        self._console.print()

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]], wide: str = "") -> None:
        """Write a table; `wide` names the column that takes the room that is left."""
        table = Table(
            box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_edge=False, expand=False
        )
        cells = list(rows)
        for number, name in enumerate(columns):
            title = COLUMNS[name].get(self.language)
            # The first column names the row: it is kept whole, and the others give way.
            whole = number == 0 and all(len(row[0]) <= _MARK for row in cells)
            most = WIDTH // 2 if name != wide else None
            table.add_column(title, overflow="fold", no_wrap=whole, max_width=most, ratio=1 if name == wide else None)
        for row in cells:
            table.add_row(*(Text(cell) for cell in row))
        self._console.print(table)

    def __str__(self) -> str:
        return "\n".join(line.rstrip() for line in self._out.getvalue().splitlines()) + "\n"
