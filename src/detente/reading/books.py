"""Books read as part of the record: what both sides have signed stands beside the casebook, and counts alike.

A signed statement is known from the day on which its log has it, and its source is the log.  What an office may not
say, or has not signed, is reported and left out, as a faulty row of a casebook is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from detente.depositary.drafts import OFFICE
from detente.depositary.drafts import RECEIPT
from detente.depositary.drafts import Draft
from detente.depositary.drafts import disclosed
from detente.depositary.keep import books_of
from detente.depositary.kept import Kept
from detente.depositary.kept import Written
from detente.errors import Problem
from detente.ledger.book import Book
from detente.ledger.book import open_book
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.faults import LedgerError
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import cosignature_time
from detente.ledger.sync import cosigned_by
from detente.ledger.witness import last_seen
from detente.reading.casebook import open_casebook
from detente.record.load import VirtualFile
from detente.record.statements import KINDS

__all__ = [
    "as_file",
    "as_row",
    "book_files",
    "book_source",
    "disclosures_of",
    "draft_problems",
    "had_by",
    "is_book",
    "known_at",
]

_BASIS: Final = "seen"


def is_book(folder: Path) -> bool:
    """Whether a folder is a book, and not a casebook of plain text."""
    return (folder / "book.toml").is_file()


def book_source(origin: str) -> str:
    """Return the id of the source that the statements of a log rest on."""
    return "book." + re.sub(r"[^a-z0-9]+", "-", origin.lower()).strip("-")


def book_files(folder: Path, heads: Mapping[str, int] | None = None) -> tuple[list[VirtualFile], list[Problem]]:
    """Return what a book and its copies of the others' say, as files of a casebook, and what was left out.

    `heads` are sizes: of the log of that origin, only so many entries are read.
    """
    book = open_book(folder)
    books = books_of(book)
    received = dict(_receipts(books))
    files: list[VirtualFile] = []
    problems: list[Problem] = []
    for origin, kept in books.items():
        until = (heads or {}).get(origin, kept.size)
        files.append(VirtualFile(Path("sources.toml"), f"{origin}/sources.toml", _source(origin, kept)))
        rows: dict[str, list[dict[str, str]]] = {}
        for written in kept.written.values():
            if written.index >= until or written.draft.kind in (OFFICE, RECEIPT):
                continue
            problems += [
                Problem(origin, written.index, "error", f"'{written.draft.id}': {what}", "It is left out.")
                for what in written.faults
            ]
            if not written.faults:
                rows.setdefault(written.draft.kind, []).append(_row(book, kept, written, received))
        problems += [Problem(origin, i, "warning", f"Entry {i}: {what}", "It is left out.") for i, what in kept.strange]
        files += [as_file(kind, found, f"{origin}/{kind}s.csv") for kind, found in sorted(rows.items())]
    return files, problems


def as_file(kind: str, rows: Sequence[Mapping[str, str]], shown: str) -> VirtualFile:
    """Return statements as a table of a casebook."""
    columns = [c for c in KINDS[kind].columns if any(row.get(c) for row in rows)]
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return VirtualFile(Path(f"{kind}s.csv"), shown, text.getvalue().encode())


def as_row(made: Draft, party: str, known: date, source: str) -> dict[str, str]:
    """Return a statement as a row of the record."""
    row = {"author": party, **made.cells, "id": made.id, "known": known.isoformat(), "source": source, "basis": _BASIS}
    if made.kind == "report" and made.sd and "value" not in made.cells:
        row["silence"] = "withheld"
    return row


def known_at(folder: Path, text: str) -> tuple[dict[str, int], date]:
    """Return the head of a log that `ORIGIN@SIZE` or `NAME@SIZE` names, and the day of its last entry.

    Raise LedgerError where the book has no such log or no such entry.
    """
    name, _, number = text.rpartition("@")
    book = open_book(folder)
    books = books_of(book)
    origin = book.others[name].origin if name in book.others else name
    if origin not in books:
        known = ", ".join([book.origin, *book.others])
        raise LedgerError(f"This book has no log '{name}'.", f"It has: {known}.")
    kept = books[origin]
    if not number.isdigit() or not 0 < int(number) <= kept.size:
        raise LedgerError(f"The log '{origin}' has no head of {number} entries here.", f"It has {kept.size}.")
    size = int(number)
    logged = max((w.logged for w in kept.written.values() if w.index < size), default=kept.logged)
    if logged is None:
        raise LedgerError(f"The log '{origin}' has no statement in its first {size} entries.", "Choose a later head.")
    return {origin: size}, logged.date()


def disclosures_of(book: Book, origin: str, id: str) -> tuple[str, ...]:
    """Return the disclosures of withheld cells that are in our hands."""
    name = next((name for name, other in book.others.items() if other.origin == origin), None)
    folder = book.folder_of(name) if name else book.state
    file = folder / "disclosures" / id
    return tuple(file.read_text().split()) if file.is_file() else ()


def _row(book: Book, kept: Kept, written: Written, received: Mapping[tuple[str, str], date]) -> dict[str, str]:
    made = written.draft
    if made.sd:
        made, _ = disclosed(made, disclosures_of(book, kept.origin, made.id))
    row = as_row(made, kept.offices[made.office].party, written.logged.date(), book_source(kept.origin))
    receipt = received.get((kept.origin, made.id))
    if made.kind == "notice" and receipt and not row.get("received"):
        row["received"] = receipt.isoformat()
    return row


def _receipts(books: Mapping[str, Kept]) -> Iterator[tuple[tuple[str, str], date]]:
    """Yield, for each statement that another side says to have received, the day."""
    for kept in books.values():
        for written in kept.since(0):
            if written.draft.kind == RECEIPT:
                cells = written.draft.cells
                yield (cells.get("origin", ""), cells.get("of", "")), written.logged.date()


def _source(origin: str, kept: Kept) -> bytes:
    parties = ", ".join(sorted({office.party for office in kept.offices.values()})) or origin
    fields = {
        "id": book_source(origin),
        "address": f"https://{origin}",
        "publisher": parties,
        "title": f"Signed statements in the log {origin}",
        "tier": "primary",
    }
    lines = [f'{name} = "{value}"' for name, value in fields.items()]
    return ("[[source]]\n" + "\n".join(lines) + "\n").encode()


def draft_problems(folder: Path, drafts: Sequence[Draft]) -> list[Problem]:
    """Return what the record finds wrong with drafts, as it would with rows of a casebook; `file` is the draft's id."""
    book = open_book(folder)
    offices = {id: office.party for kept in books_of(book).values() for id, office in kept.offices.items()}
    rows: dict[str, list[dict[str, str]]] = {}
    for made in drafts:
        if made.kind not in (OFFICE, RECEIPT):
            row = as_row(made, offices.get(made.office, ""), date.today(), book_source(book.origin))
            rows.setdefault(made.kind, []).append(row)
    tables = [as_file(kind, found, f"draft {kind}") for kind, found in rows.items()]
    ids = {f"draft {kind}": [row["id"] for row in found] for kind, found in rows.items()}
    problems = open_casebook(folder, more=tables).problems
    # The first line of a table is its head.
    return [msgspec.structs.replace(p, file=ids[p.file][max(p.line - 2, 0)]) for p in problems if p.file in ids]


def had_by(book: Book) -> dict[str, tuple[int, datetime]]:
    """Return, by origin, how many entries of a log another side has countersigned, and when: by then it had them."""
    found: dict[str, tuple[int, datetime]] = {}
    for name, other in book.others.items():
        for origin, note, keys in (
            (book.origin, cosigned_by(book, name), other.public),
            (other.origin, last_seen(book, name), book.public),
        ):
            if note is None:
                continue
            text, checkpoint = read_checkpoint(note)
            ids = {key.key_id for key in keys if key.algorithm != ED25519}
            times = [cosignature_time(s.value) for s in text.signatures if s.key_id in ids]
            if times and checkpoint.size > found.get(origin, (0,))[0]:
                found[origin] = (checkpoint.size, datetime.fromtimestamp(max(times), UTC))
    return found
