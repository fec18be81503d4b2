"""Two offices with books: their keys come from fixed seeds, so that no test waits for a passphrase or for chance."""

from __future__ import annotations

import os
from datetime import UTC
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from detente.ledger.book import Book
from detente.ledger.book import Other
from detente.ledger.book import append_entries
from detente.ledger.book import create_book
from detente.ledger.entries import Entry
from detente.ledger.entries import canonical
from detente.ledger.entries import signed_entry
from detente.ledger.keys import ALGORITHMS
from detente.ledger.keys import OfficeKeys
from detente.ledger.notes import signed
from detente.ledger.signatures import PrivateKey

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ATLANTIS = "mfa.atlantis.example/book"
LEMURIA = "mfa.lemuria.example/book"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no disk, in modules that import this: their tests look at what is written, and pull no plug."""
    for name in ("fsync", "fdatasync"):
        monkeypatch.setattr(os, name, lambda _: None)


def keys_of(name: str) -> OfficeKeys:
    """Return the keys of an office, the same each time."""
    seeds = (sha256(f"{name}{algorithm}".encode()).digest() for algorithm in ALGORITHMS)
    return OfficeKeys(*(PrivateKey.from_seed(name, a, seed) for a, seed in zip(ALGORITHMS, seeds, strict=True)))


def other_of(keys: OfficeKeys, address: str = "") -> Other:
    """Return what the other side is told of an office."""
    return Other(origin=keys.name, keys=tuple(map(str, keys.public)), address=address)


def statement(number: int, keys: OfficeKeys, text: str = "") -> Entry:
    """Return a signed statement as an entry."""
    body = canonical({"id": f"s.{number}", "text": text or f"statement {number}"})
    return signed_entry(signed(body + b"\n", keys.note), NOON)


def grown(book: Book, keys: OfficeKeys, count: int, text: str = "") -> None:
    """Append so many statements to a book."""
    size = book.checkpoint().size
    append_entries(book, keys, [statement(size + n, keys, text) for n in range(count)])


def book_of(path: Path, keys: OfficeKeys, size: int = 0, text: str = "") -> Book:
    """Return a new book with so many statements."""
    book = create_book(path, keys)
    if size:
        grown(book, keys, size, text)
    return book


def two_books(tmp_path: Path, size: int = 0) -> tuple[Book, OfficeKeys, Book, OfficeKeys]:
    """Return the books of two offices that know each other; that of Atlantis has so many statements."""
    atlantis, lemuria = keys_of(ATLANTIS), keys_of(LEMURIA)
    a, b = book_of(tmp_path / "atlantis", atlantis, size), book_of(tmp_path / "lemuria", lemuria)
    a.meet("lemuria", other_of(lemuria))
    b.meet("atlantis", other_of(atlantis))
    return a, atlantis, b, lemuria


def tree(path: Path) -> dict[str, bytes]:
    """Return every file under a folder."""
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}
