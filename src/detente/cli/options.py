"""The options that commands share, and the one place that reads the clock."""

from __future__ import annotations

from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from detente.errors import DetenteError
from detente.reading import Casebook
from detente.reading import Reading
from detente.reading import open_casebook
from detente.record.dates import day

__all__ = [
    "According",
    "Between",
    "Books",
    "CalendarFormat",
    "Format",
    "KnownBy",
    "Lang",
    "Language",
    "On",
    "Party",
    "TableFormat",
    "open_books",
    "pair",
    "reading",
]


class Language(str, Enum):
    """The languages of the interface."""

    en = "en"
    ru = "ru"


class Format(str, Enum):
    """Renderings that every command has."""

    text = "text"
    json = "json"


class TableFormat(str, Enum):
    """Renderings of commands that answer with rows."""

    text = "text"
    json = "json"
    csv = "csv"


class CalendarFormat(str, Enum):
    """Renderings of commands that answer with days."""

    text = "text"
    json = "json"
    ics = "ics"


On = Annotated[str | None, typer.Option("--on", metavar="DAY", help="The day, YYYY-MM-DD. Today if left out.")]
KnownBy = Annotated[
    str | None,
    typer.Option(
        "--known-by", metavar="DAY", help="Only what was publicly known by that day; or by a head of a log, NAME@SIZE."
    ),
]
According = Annotated[
    str | None,
    typer.Option("--according-to", metavar="AUTHOR", help="The reading of one author, such as USA or IAEA."),
]
Books = Annotated[
    list[Path] | None,
    typer.Option(
        "--casebook", metavar="DIR", help="A casebook of your own, laid over the public one; may be repeated."
    ),
]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the text: en or ru.")]
Party = Annotated[str | None, typer.Option("--party", metavar="PARTY", help="One party: an ISO code or a name.")]
Between = Annotated[str, typer.Option("--between", metavar="A,B", help="The two parties.")]


def open_books(books: list[Path] | None, heads: dict[str, int] | None = None) -> Casebook:
    """Return the shipped casebook with the user's laid over it; say on stderr if rows were left out.

    `heads` are sizes of logs at which reading stops.
    """
    casebook = open_casebook(*(books or []), heads=heads)
    errors = sum(problem.severity == "error" for problem in casebook.problems)
    if errors:
        typer.echo(f"detente: {errors} problem(s) left rows out of the record; see: detente check", err=True)
    return casebook


def reading(on: str | None, known_by: str | None, according_to: str | None, books: list[Path] | None) -> Reading:
    """Return the reading that the shared options ask for."""
    when = day(on) if on else date.today()
    heads, known = _known(known_by, books or []) if known_by else (None, None)
    return Reading(open_books(books, heads), when, known, according_to)


def _known(text: str, books: list[Path]) -> tuple[dict[str, int] | None, date]:
    """Return what is known by a day, or by a head of a log in one of the books."""
    if "@" not in text:
        return None, day(text)
    # Signatures need libraries that take longer to import than an agenda to compute.
    from detente.reading.books import is_book  # noqa: PLC0415
    from detente.reading.books import known_at  # noqa: PLC0415

    book = next((book for book in books if is_book(book)), None)
    if book is None:
        raise DetenteError(f"'{text}' is a head of a log, and no book is given.", "Name the book with --casebook DIR.")
    return known_at(book, text)


def pair(text: str) -> tuple[str, str]:
    """Return the two parties of `A,B`."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) != 2:
        raise DetenteError(f"'{text}' does not name two parties.", "Write --between USA,RUS.")
    return parts[0], parts[1]
