"""A book: started once, opened or refused in words; names that would lead elsewhere lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.ledger.book import Other
from detente.ledger.book import append_entries
from detente.ledger.book import create_book
from detente.ledger.book import open_book
from detente.ledger.book import witnessed_path
from detente.ledger.entries import parse_entry
from detente.ledger.faults import Conflict
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.proving import statement_of
from detente.ledger.stores import FolderStore
from ledger.offices import ATLANTIS
from ledger.offices import LEMURIA
from ledger.offices import at_once as at_once
from ledger.offices import book_of
from ledger.offices import grown
from ledger.offices import keys_of
from ledger.offices import other_of
from ledger.offices import statement
from ledger.offices import tree

KEYS = keys_of(ATLANTIS)
OTHER = other_of(keys_of(LEMURIA), "https://mfa.lemuria.example/log/")


def test_a_book_is_opened_as_it_was_left(tmp_path: Path) -> None:
    book = book_of(tmp_path, KEYS, 3)
    for name in ("lemuria", "Лемурия", 'the other\'s "log"', "a/b", "x.y"):
        fresh = open_book(tmp_path)
        fresh.meet(name, other_of(keys_of(f"{name}/book".replace(" ", "-"))))
    again = open_book(tmp_path)
    assert again.origin == ATLANTIS
    assert again.public == KEYS.public
    assert again.checkpoint() == book.checkpoint()
    assert len(again.others) == 5
    assert again.reader().entry(2) == statement(2, KEYS).encoded()
    for name in again.others:
        assert again.folder_of(name).parent == tmp_path / "others"


def test_a_long_statement_stands_beside_the_log_before_it_is_logged(tmp_path: Path) -> None:
    book = create_book(tmp_path, KEYS)
    long = statement(0, KEYS, "x" * 100_000)
    append_entries(book, KEYS, [long, statement(1, KEYS)])
    entry = parse_entry(book.reader().entry(0))
    assert entry.body
    store = FolderStore(book.served)
    assert statement_of(entry, store) == long
    (book.served / "body" / entry.body.sha256).unlink()
    with pytest.raises(Malformed, match="is missing"):
        statement_of(entry, store)


def test_a_book_is_started_once(tmp_path: Path) -> None:
    book_of(tmp_path, KEYS, 2)
    before = tree(tmp_path)
    with pytest.raises(Conflict, match="already"):
        create_book(tmp_path, keys_of(LEMURIA))
    (tmp_path / "book.toml").rename(tmp_path / "lost.toml")
    with pytest.raises(Conflict, match="already"):
        create_book(tmp_path, KEYS)
    assert sorted(tree(tmp_path).values()) == sorted(before.values())


@pytest.mark.parametrize("name", ["", ".", "..", "...", "x" * 201, "Л" * 60])
def test_a_name_that_leads_elsewhere_names_nobody(tmp_path: Path, name: str) -> None:
    book = book_of(tmp_path, KEYS)
    with pytest.raises(LedgerError, match="cannot name another side"):
        book.meet(name, OTHER)
    text = (tmp_path / "book.toml").read_text("utf-8")
    (tmp_path / "book.toml").write_text(f'{text}\n[others."{name}"]\norigin = "o"\nkeys = []\n', "utf-8")
    with pytest.raises(LedgerError, match=r"book\.toml: .*cannot name"):
        open_book(tmp_path)


@pytest.mark.parametrize("origin", ["..", "../../checkpoint", "a/b", "x" * 300, "Лемурия"])
def test_what_is_countersigned_is_served_under_a_plain_name(origin: str) -> None:
    path = witnessed_path(origin)
    assert path.count("/") == 2
    assert path.isascii()
    assert "." not in path
    assert "%" not in path
    assert len(path) < 100


def test_another_side_is_met_once_and_under_one_name(tmp_path: Path) -> None:
    book = book_of(tmp_path, KEYS)
    book.meet("lemuria", OTHER)
    book.meet("lemuria", Other(origin=OTHER.origin, keys=OTHER.keys, address="/media/stick"))
    assert open_book(tmp_path).others["lemuria"].address == "/media/stick"
    with pytest.raises(Conflict, match="other keys"):
        book.meet("lemuria", Other(origin=OTHER.origin, keys=OTHER.keys[:1]))
    with pytest.raises(Conflict, match="known already, as 'lemuria'"):
        book.meet("mu", OTHER)
    with pytest.raises(LedgerError, match="this book itself"):
        book.meet("me", other_of(KEYS))
    with pytest.raises(LedgerError, match="No key signs for the log"):
        book.meet("mu", Other(origin="mu.example/book", keys=OTHER.keys))
    with pytest.raises(LedgerError, match="No key signs for the log"):
        book.meet("mu", Other(origin="mu.example/book", keys=tuple(map(str, keys_of("mu.example/book").public[1:]))))
    with pytest.raises(LedgerError, match="known: lemuria"):
        book.other("mu")
    assert set(open_book(tmp_path).others) == {"lemuria"}


@pytest.mark.parametrize(
    "written",
    ["", "origin = 1", "origin", "\x00", 'origin = "a"\nkeys = ["a+b+c"]', 'origin = "a"\nkeys = []', 'more = "x"'],
)
def test_faulty_settings_are_said_with_their_file(tmp_path: Path, written: str) -> None:
    book_of(tmp_path, KEYS)
    (tmp_path / "book.toml").write_text(written, "utf-8")
    with pytest.raises(LedgerError, match=r"book\.toml"):
        open_book(tmp_path)


def test_keys_of_another_kind_or_name_do_not_sign_for_a_log(tmp_path: Path) -> None:
    book = book_of(tmp_path, KEYS)
    text = (tmp_path / "book.toml").read_text("utf-8").replace(str(KEYS.public[0]), str(keys_of(LEMURIA).public[0]))
    (tmp_path / "book.toml").write_text(text, "utf-8")
    with pytest.raises(LedgerError, match="no key has the name of the log"):
        open_book(tmp_path)
    with pytest.raises(LedgerError, match="is not that of the log"):
        book.writer(keys_of(LEMURIA))


def test_no_book_and_no_log_are_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="detente log init"):
        open_book(tmp_path)
    book = book_of(tmp_path / "b", KEYS, 1)
    (book.served / "checkpoint").unlink()
    for ask in (book.checkpoint, book.reader, lambda: book.writer(KEYS), lambda: grown(book, KEYS, 1)):
        with pytest.raises(LedgerError, match="has no checkpoint"):
            ask()
