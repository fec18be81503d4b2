"""Books read as part of the record: what both sides have signed stands beside the casebook, and counts alike.

A signed statement is known from the day on which its log has it, and its source is the log.  What an office may not
say, or has not signed, is reported and left out, as a faulty row of a casebook is.  A joint text counts when it stands
in the book of every side that it names, and then once for each: as the position of that side.
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
import rtoml

from detente.depositary.clocks import receipt_of
from detente.depositary.disclosures import disclosed
from detente.depositary.disclosures import parse_disclosure
from detente.depositary.drafts import OFFICE
from detente.depositary.drafts import RECEIPT
from detente.depositary.drafts import Draft
from detente.depositary.keep import books_of
from detente.depositary.kept import Kept
from detente.depositary.kept import Written
from detente.errors import Problem
from detente.ledger.book import Book
from detente.ledger.book import mirror_of
from detente.ledger.book import open_book
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.entries import parse_entry
from detente.ledger.faults import LedgerError
from detente.ledger.reader import LogReader
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import PublicKey
from detente.ledger.signatures import cosignature_time
from detente.ledger.stores import FolderStore
from detente.ledger.tiles import CHECKPOINT
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
_LAST_TIME: Final = 253_402_300_800
"""The end of the year 9999 in seconds since 1970: a cosignature may carry any time, and no calendar has a later one."""


def is_book(folder: Path) -> bool:
    """Whether a folder is a book, and not a casebook of plain text."""
    return (folder / "book.toml").is_file()


def book_source(origin: str) -> str:
    """Return the id of the source that the statements of a log rest on."""
    return "book." + re.sub(r"[^a-z0-9]+", "-", origin.lower()).strip("-")


def book_files(
    folder: Path, heads: Mapping[str, int] | None = None, disclosing: bool = True
) -> tuple[list[VirtualFile], list[Problem]]:
    """Return what a book and its copies of the others' say, as files of a casebook, and what was left out.

    `heads` are sizes: of the log of that origin, only so many entries are read.  With `disclosing` the withheld cells
    that are known here are read too: one's own, and those that others have disclosed to us alone.
    """
    book = open_book(folder)
    return _files_of(book, books_of(book), heads or {}, disclosing)


def _files_of(
    book: Book, books: Mapping[str, Kept], heads: Mapping[str, int], disclosing: bool = True
) -> tuple[list[VirtualFile], list[Problem]]:
    files: list[VirtualFile] = []
    problems: list[Problem] = []
    # In the same order for every side, so that all read the same record.
    for origin, kept in sorted(books.items()):
        read = _Reading(book, books, kept, heads.get(origin, kept.size), disclosing)
        files.append(VirtualFile(Path("sources.toml"), f"{origin}/sources.toml", _source(origin, kept)))
        rows = read.rows()
        problems += read.problems
        files += [as_file(kind, found, f"{origin}/{kind}s.csv") for kind, found in sorted(rows.items())]
    return files, problems


class _Reading:
    """One log being read into rows, with what is left out."""

    def __init__(self, book: Book, books: Mapping[str, Kept], kept: Kept, until: int, disclosing: bool) -> None:
        self.problems: list[Problem] = []
        self._book = book
        self._books = books
        self._kept = kept
        self._until = until
        self._disclosing = disclosing

    def rows(self) -> dict[str, list[dict[str, str]]]:
        """Return the statements that count, by kind."""
        rows: dict[str, list[dict[str, str]]] = {}
        for written in self._kept.written.values():
            made = written.draft
            if written.index >= self._until:
                continue
            for what in written.faults:
                self._tell(written.index, "error", f"'{made.id}': {what}")
            if written.faults or made.kind in (OFFICE, RECEIPT):
                continue
            row = self._joint_row(written) if made.jointly else self._row(written)
            if row:
                rows.setdefault(made.kind, []).append(row)
        for index, what in self._kept.strange:
            if index < self._until:
                self._tell(index, "warning", f"Entry {index}: {what}")
        return rows

    def _tell(self, index: int, severity: str, what: str) -> None:
        self.problems.append(Problem(self._kept.origin, index, severity, what, "It is left out."))

    def _row(self, written: Written) -> dict[str, str]:
        made = written.draft
        if made.sd and self._disclosing:
            try:
                made, _ = disclosed(made, disclosures_of(self._book, self._kept.origin, made))
            except LedgerError as fault:
                self._tell(written.index, "warning", f"A disclosure of '{made.id}': {fault.what}")
        row = as_row(made, written.party, written.logged.date(), book_source(self._kept.origin))
        receipt = receipt_of(written, self._kept.origin, self._books) if made.kind == "notice" else None
        if receipt:
            row["received"] = receipt.logged.date().isoformat()
        return row

    def _joint_row(self, written: Written) -> dict[str, str] | None:
        """Return a joint text as the position of this side, once all sides have kept the same text."""
        made = written.draft
        sides: list[Written] = []
        for origin in made.jointly:
            found = self._books[origin].counts(made.id) if origin in self._books else None
            if found is None or found.draft != made:
                what = f"The joint text '{made.id}' is not in the book '{origin}' yet, or not the same."
                self._tell(written.index, "warning", what)
                return None
            sides.append(found)
        others = ";".join(sorted({side.party for side in sides} - {written.party}))
        known = max(side.logged for side in sides).date()
        row = {"party": others, **as_row(made, written.party, known, book_source(self._kept.origin))}
        row["id"] = _side_id(made.id, written.party)
        if made.cells.get("corrects"):
            row["corrects"] = _side_id(made.cells["corrects"], written.party)
        return row


def _side_id(id: str, party: str) -> str:
    """Return the id under which a joint text is the position of one side."""
    return f"{id}.{party.lower()}"


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
    if made.sd and "value" not in made.cells and made.cells.get("silence") in ("given", "nil"):
        row["silence"] = "withheld"
    return row


def known_at(folder: Path, text: str) -> tuple[dict[str, int], date]:
    """Return the head of a log that `ORIGIN@SIZE` or `NAME@SIZE` names, and the day of its last entry.

    Raise LedgerError where the book has no such log or no such entry.
    """
    name, _, number = text.rpartition("@")
    book = open_book(folder)
    logs = {book.origin: book.served, **{other.origin: mirror_of(book, it) for it, other in book.others.items()}}
    origin = book.others[name].origin if name in book.others else name
    if origin not in logs:
        known = ", ".join([book.origin, *book.others])
        raise LedgerError(f"This book has no log '{name}'.", f"It has: {known}.")
    store = FolderStore(logs[origin])
    note = store.read(CHECKPOINT)
    there = read_checkpoint(note)[1].size if note else 0
    if not number.isdigit() or not 0 < int(number) <= there:
        raise LedgerError(f"The log '{origin}' has no head of {number} entries here.", f"It has {there}.")
    # Times in a log do not go back: the last entry says when all of them were known.
    size = int(number)
    return {origin: size}, parse_entry(LogReader(store, there).entry(size - 1)).logged.date()


def disclosures_of(book: Book, origin: str, made: Draft) -> tuple[str, ...]:
    """Return the disclosures of a statement's withheld cells that are in our hands."""
    name = next((name for name, other in book.others.items() if other.origin == origin), None)
    file = (book.folder_of(name) if name else book.state) / "disclosures" / made.id
    texts = dict.fromkeys(file.read_text().split() if file.is_file() else ())
    # Some may be left of a draft of the same id that was never kept.
    return tuple(text for text in texts if parse_disclosure(text).digest in made.sd)


def _source(origin: str, kept: Kept) -> bytes:
    parties = ", ".join(sorted({office.party for office in kept.offices.values()})) or origin
    fields = {
        "id": book_source(origin),
        "address": f"https://{origin}",
        "publisher": parties,
        "title": f"Signed statements in the log {origin}",
        "tier": "primary",
    }
    return rtoml.dumps({"source": [fields]}).encode()


def draft_problems(book: Book, drafts: Sequence[Draft], books: Mapping[str, Kept], *casebooks: Path) -> list[Problem]:
    """Return what the record finds wrong with drafts, as it would with rows of a casebook; `file` is the draft's id.

    Names are those of the shipped casebook and of the given ones.
    """
    offices = books[book.origin].offices
    rows: dict[str, list[dict[str, str]]] = {}
    for made in drafts:
        office = offices.get(made.office_in(book.origin))
        if office and made.kind not in (OFFICE, RECEIPT):
            row = as_row(made, office.party, date.today(), book_source(book.origin))
            rows.setdefault(made.kind, []).append(row)
    if not rows:
        return []
    tables = [as_file(kind, found, f"draft {kind}") for kind, found in rows.items()]
    ids = {f"draft {kind}": [row["id"] for row in found] for kind, found in rows.items()}
    files, _ = _files_of(book, books, {})
    problems = open_casebook(*casebooks, more=[*files, *tables]).problems
    # The first line of a table is its head.
    return [msgspec.structs.replace(p, file=ids[p.file][max(p.line - 2, 0)]) for p in problems if p.file in ids]


def had_by(book: Book) -> dict[str, list[tuple[int, datetime]]]:
    """Return, by origin, how many entries of a log another side had countersigned when, the first time first."""
    found: dict[str, list[tuple[int, datetime]]] = {}
    for name, other in book.others.items():
        folder = book.folder_of(name)
        for origin, heads, keys in (
            (book.origin, "cosigned", other.public),
            (other.origin, "witnessed", book.public),
        ):
            notes = [folder / heads, *(folder / f"{heads}.by-size").glob("*")]
            times = [time for note in notes if note.is_file() for time in _countersigned(note, keys)]
            found.setdefault(origin, []).extend(times)
    return {origin: sorted(times, key=lambda pair: pair[1]) for origin, times in found.items()}


def _countersigned(note: Path, keys: Sequence[PublicKey]) -> Iterator[tuple[int, datetime]]:
    text, checkpoint = read_checkpoint(note.read_bytes())
    ids = {key.key_id for key in keys if key.algorithm != ED25519}
    times = [cosignature_time(s.value) for s in text.signatures if s.key_id in ids]
    if times and max(times) < _LAST_TIME:
        yield checkpoint.size, datetime.fromtimestamp(max(times), UTC)
