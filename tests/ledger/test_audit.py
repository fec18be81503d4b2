"""A whole log looked through: faults of single statements are listed, and those of the log itself are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.ledger.audit import audit
from detente.ledger.book import append_entries
from detente.ledger.faults import Malformed
from detente.ledger.stores import FolderStore
from ledger.offices import ATLANTIS
from ledger.offices import LEMURIA
from ledger.offices import at_once as at_once
from ledger.offices import book_of
from ledger.offices import keys_of
from ledger.offices import statement

KEYS = keys_of(ATLANTIS)


def test_statements_are_counted_by_what_is_known_of_them(tmp_path: Path) -> None:
    book = book_of(tmp_path, KEYS, 2)
    forged = statement(2, KEYS).encoded().replace(b"statement 2", b"statement 3")
    append_entries(book, KEYS, [statement(9, keys_of(LEMURIA))])
    with book.writer(KEYS) as writer:
        writer.append([b"another program", forged])
    told: list[tuple[int, int]] = []
    found = audit(FolderStore(book.served), KEYS.public, lambda *at: told.append(at))
    assert (found.verified, found.unknown, found.foreign, found.bodies) == (2, 1, 1, 0)
    assert [(row.index, row.what) for row in found.wrong] == [
        (4, f"The signature of '{ATLANTIS}' is not of this statement.")
    ]
    assert told == [(1, 2)]


def test_a_server_that_shows_two_forms_of_a_file_is_noticed(tmp_path: Path) -> None:
    book = book_of(tmp_path, KEYS, 300)

    class TwoFaced(FolderStore):
        asked = 0

        def read(self, path: str) -> bytes | None:
            data = super().read(path)
            if path == "tile/entries/001.p/44" and data:
                self.asked += 1
                return data if self.asked == 1 else data.replace(b"statement 299", b"statement 000")
            return data

    with pytest.raises(Malformed, match="in two forms"):
        audit(TwoFaced(book.served), KEYS.public)
