"""Two fictitious sides with a book each: Atlantis and Lemuria; keys are made in this process."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from copy import copy
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from detente.depositary.drafts import RECEIPT
from detente.depositary.drafts import Draft
from detente.depositary.drafts import draft
from detente.depositary.drafts import sign_draft
from detente.depositary.fault import Fault
from detente.depositary.fault import Refused
from detente.depositary.keep import Acceptance
from detente.depositary.keep import books_of
from detente.depositary.keep import register_office
from detente.depositary.keep import seen_now
from detente.depositary.keep import submit
from detente.depositary.kept import Kept
from detente.ledger.book import Other
from detente.ledger.book import create_book
from detente.ledger.book import open_book
from detente.ledger.entries import signed_entry
from detente.ledger.keys import OfficeKeys
from detente.ledger.keys import new_keys
from detente.ledger.notes import Signer
from detente.ledger.stores import FolderStore
from detente.ledger.sync import sync
from detente.ledger.witness import visit

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
REPORT = {"measure": "warheads", "party": "ATL", "silence": "given", "value": "97", "on": "2026-03-01"}


class Side:
    """A party with its book, one office, and a clock that is set by hand."""

    def __init__(self, folder: Path, party: str, now: datetime = START, keys: OfficeKeys | None = None) -> None:
        self.party = party
        self.office = f"{party}-MFA"
        self.name = party.lower()
        self.keys = keys or new_keys(f"mfa.{self.name}.example/book")
        self.book = create_book(folder, self.keys)
        self.now = now
        register_office(self.book, self.keys, self.office, party, [self.keys.note.public], now=now)

    def meet(self, other: Side) -> None:
        keys = tuple(str(key) for key in other.book.public)
        self.book.meet(other.name, Other(origin=other.book.origin, keys=keys, address=str(other.book.served)))

    def fetch(self, other: Side) -> None:
        sync(self.book, other.name, FolderStore(other.book.served), now=self.now)

    def countersign(self, other: Side, at: datetime) -> None:
        visit(self.book, other.name, FolderStore(other.book.served), self.keys, now=at)

    def kept(self) -> Kept:
        return books_of(self.book)[self.book.origin]

    def draft(self, kind: str, cells: Mapping[str, str], id: str = "x", **changed: object) -> Draft:
        made = draft(f"{self.name}.{id}", kind, self.office, dict(cells), self.now, seen_now(books_of(self.book)))
        return msgspec.structs.replace(made, **changed)

    def named(self, id: str, kind: str, cells: Mapping[str, str]) -> Draft:
        """Return a draft with an id that need not be this side's own."""
        return msgspec.structs.replace(self.draft(kind, cells), id=id)

    def note(self, made: Draft, *signers: Signer) -> bytes:
        return sign_draft(made, *(signers or (self.keys.note,)))

    def submit(self, *drafts: Draft, now: datetime | None = None) -> list[Acceptance]:
        return submit(self.book, self.keys, [self.note(made) for made in drafts], now=now or self.now)

    def write(self, kind: str, cells: Mapping[str, str], id: str = "x", **changed: object) -> Acceptance:
        return self.submit(self.draft(kind, cells, id, **changed))[0]

    def acknowledge(self, other: Side, id: str, at: datetime | None = None) -> Acceptance:
        cells = {"of": f"{other.name}.{id}", "origin": other.book.origin}
        made = self.draft(RECEIPT, cells, f"receipt.{id}")
        return self.submit(made, now=at or self.now)[0]

    def force(self, *notes: bytes, at: datetime | None = None) -> None:
        """Log notes as a dishonest or broken program would: without any examination."""
        with self.book.writer(self.keys) as log:
            log.append([signed_entry(note, at or self.now).encoded() for note in notes])


def refused(side: Side, *notes: bytes, now: datetime | None = None) -> list[tuple[str, Fault]]:
    """Return the faults for which notes are refused; nothing has been kept then."""
    before = side.book.checkpoint()
    with pytest.raises(Refused) as caught:
        submit(side.book, side.keys, list(notes), now=now or side.now)
    assert side.book.checkpoint() == before
    assert all(fault.what and fault.remedy for _, fault in caught.value.faults)
    return list(caught.value.faults)


def rules(faults: Sequence[tuple[str, Fault]]) -> list[str]:
    return [fault.rule for _, fault in faults]


def at(side: Side, folder: Path) -> Side:
    """Return a side whose book was copied into another folder."""
    moved = copy(side)
    moved.book = open_book(folder)
    return moved


def two(folder: Path) -> tuple[Side, Side]:
    """Return two sides that know and have fetched each other."""
    one, other = Side(folder / "atl", "ATL"), Side(folder / "lem", "LEM")
    one.meet(other)
    other.meet(one)
    one.fetch(other)
    other.fetch(one)
    return one, other


def later(days: float) -> datetime:
    return START + timedelta(days=days)
