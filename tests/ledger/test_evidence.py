"""Evidence: what a third party can check with the folder and the log's public key, and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from detente.ledger.book import Book
from detente.ledger.evidence import check_evidence
from detente.ledger.evidence import check_extension
from detente.ledger.faults import Forked
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.notes import signed
from ledger.offices import ATLANTIS
from ledger.offices import LEMURIA
from ledger.offices import NOON
from ledger.offices import at_once as at_once
from ledger.offices import book_of
from ledger.offices import grown
from ledger.offices import keys_of

KEYS = keys_of(ATLANTIS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The evidence of a log that had 5 entries, and has 9 of which the fifth is another."""
    first = book_of(tmp_path / "first", KEYS, 5)
    second = book_of(tmp_path / "second", KEYS, 4)
    grown(second, KEYS, 5, "rewritten")
    return _evidence(tmp_path, first, second)


def _evidence(tmp_path: Path, first: Book, second: Book, copy: Book | None = None) -> Path:
    ours = copy.reader() if copy else None
    with pytest.raises(Forked) as fault:
        check_extension(first.head(), second.head(), second.reader(), tmp_path / "evidence", NOON, ours)
    (folder,) = (tmp_path / "evidence").iterdir()
    assert str(folder) in fault.value.remedy
    return folder


def test_a_folder_of_plain_files_says_what_was_seen(folder: Path) -> None:
    assert sorted(p.name for p in folder.iterdir()) == [
        "account.txt", "consistency", "first.checkpoint", "second.checkpoint",
    ]  # fmt: skip
    text = (folder / "account.txt").read_text("utf-8")
    assert text.startswith(ATLANTIS)
    assert "2026-11-24T12:00:00Z" in text
    verdict = check_evidence(folder, KEYS.public, ATLANTIS)
    assert verdict.proved
    assert (verdict.old, verdict.new) == (5, 9)


def test_a_shorter_rewritten_log_is_proved_from_the_copy(tmp_path: Path) -> None:
    first, second = book_of(tmp_path / "first", KEYS, 9), book_of(tmp_path / "second", KEYS, 5, "rewritten")
    verdict = check_evidence(_evidence(tmp_path, first, second, first), KEYS.public, ATLANTIS)
    assert (verdict.kind, verdict.proved, verdict.old, verdict.new) == ("fork", True, 5, 9)


def test_a_damaged_copy_proves_nothing(tmp_path: Path) -> None:
    first, second = book_of(tmp_path / "first", KEYS, 9), book_of(tmp_path / "second", KEYS, 5, "rewritten")
    shutil.rmtree(first.served / "tile")
    assert not check_evidence(_evidence(tmp_path, first, second, first), KEYS.public, ATLANTIS).proved


def test_a_log_that_continues_leaves_no_evidence(tmp_path: Path) -> None:
    book = book_of(tmp_path / "a", KEYS)
    heads = [book.head()]
    for _ in range(20):
        grown(book, KEYS, 1)
        heads.append(book.head())
        for head in heads:
            check_extension(head, book.head(), book.reader(), tmp_path / "evidence", NOON)
    check_extension(None, book.head(), book.reader(), tmp_path / "evidence", NOON)
    assert not (tmp_path / "evidence").exists()


def _refused(folder: Path, fault: type[LedgerError] = LedgerError) -> None:
    with pytest.raises(fault):
        check_evidence(folder, KEYS.public, ATLANTIS)


def test_every_altered_byte_is_noticed(folder: Path) -> None:
    for name in ("first.checkpoint", "second.checkpoint", "consistency"):
        path = folder / name
        whole = path.read_bytes()
        for at in range(0, len(whole), 3):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            _refused(folder)
        for end in range(0, len(whole) - 1, 5):
            path.write_bytes(whole[:end])
            _refused(folder)
        path.write_bytes(whole)
    assert check_evidence(folder, KEYS.public, ATLANTIS).proved


def test_what_was_put_together_shows_nothing(folder: Path, tmp_path: Path) -> None:
    honest = book_of(tmp_path / "honest", KEYS, 5)
    first = honest.head()
    grown(honest, KEYS, 4)
    second, proof = honest.head(), honest.reader().consistency_proof(5)
    assert proof
    shutil.copytree(folder, tmp_path / "made")
    made = tmp_path / "made"
    (made / "second.checkpoint").write_bytes(second)
    _refused(made)  # with the proof of the other log
    from detente.ledger.proofs import hash_lines

    (made / "consistency").write_bytes(hash_lines([honest.reader().root(5), *proof]))
    _refused(made)  # the log continues
    (made / "first.checkpoint").write_bytes(second)
    _refused(made)  # one log twice
    (made / "first.checkpoint").write_bytes(first)
    (made / "second.checkpoint").write_bytes(signed(honest.checkpoint().text(), keys_of(LEMURIA).note))
    _refused(made, InvalidNote)
    (made / "second.checkpoint").unlink()
    _refused(made)
    with (made / "second.checkpoint").open("wb") as file:
        file.truncate(1 << 40)
    _refused(made)


def test_without_its_proof_it_is_only_an_account(folder: Path) -> None:
    (folder / "consistency").unlink()
    verdict = check_evidence(folder, KEYS.public, ATLANTIS)
    assert (verdict.kind, verdict.proved) == ("withheld", False)


def test_evidence_about_one_log_says_nothing_of_another(folder: Path) -> None:
    with pytest.raises(InvalidNote):
        check_evidence(folder, keys_of(LEMURIA).public, LEMURIA)
    with pytest.raises(InvalidNote):
        check_evidence(folder, KEYS.public, LEMURIA)
    with pytest.raises(LedgerError, match="holds no evidence"):
        check_evidence(folder / "nothing", KEYS.public, ATLANTIS)
