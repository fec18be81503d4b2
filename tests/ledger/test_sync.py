"""Taking over another's log: whole or not at all, from wherever it lies, going on where it was cut, past no fork."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import fsspec
import pytest

from detente.ledger.audit import audit
from detente.ledger.book import Book
from detente.ledger.book import append_entries
from detente.ledger.book import mirror_of
from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.evidence import check_evidence
from detente.ledger.faults import Forked
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.keys import OfficeKeys
from detente.ledger.notes import signed
from detente.ledger.stores import FolderStore
from detente.ledger.stores import open_store
from detente.ledger.sync import cosigned_by
from detente.ledger.sync import sync
from detente.ledger.witness import last_seen
from detente.ledger.witness import visit
from ledger.offices import ATLANTIS
from ledger.offices import LEMURIA
from ledger.offices import NOON
from ledger.offices import at_once as at_once
from ledger.offices import book_of
from ledger.offices import grown
from ledger.offices import keys_of
from ledger.offices import statement
from ledger.offices import tree
from ledger.offices import two_books
from ledger.test_stores import http_folder


class Cut(LedgerError):
    """The line was cut."""


class Line:
    """A store that notes what is read of it, and is cut before the read of a number."""

    def __init__(self, folder: Path, cut_at: int = -1) -> None:
        self._store = FolderStore(folder)
        self._cut_at = cut_at
        self.read_so_far: list[str] = []

    def read(self, path: str) -> bytes | None:
        if len(self.read_so_far) == self._cut_at:
            raise Cut("The line was cut.", "Try again.")
        self.read_so_far.append(path)
        return self._store.read(path)


def whole(book: Book, name: str, keys: OfficeKeys) -> int:
    """Return the size of a copy in which everything is as it was signed."""
    found = audit(FolderStore(mirror_of(book, name)), keys.public)
    assert found.wrong == []
    return found.checkpoint.size


def with_body(book: Book, keys: OfficeKeys) -> None:
    """Append a statement whose body stands beside the log."""
    append_entries(book, keys, [statement(book.checkpoint().size, keys, "x" * 70_000)])


@pytest.mark.parametrize("kind", ["folder", "http", "memory"])
def test_a_log_is_taken_over_from_wherever_it_lies(tmp_path: Path, kind: str) -> None:
    a, keys, b, _ = two_books(tmp_path, 300)
    with_body(a, keys)
    with http_folder(a.served) as url:
        for size in (301, 700):
            if size > 301:
                grown(a, keys, size - 301)
            if kind == "memory":
                memory = fsspec.filesystem("memory")
                for path, data in tree(a.served).items():
                    memory.pipe(f"/{tmp_path.name}/{path}", data)
            address = {"folder": str(a.served), "http": url, "memory": f"memory://{tmp_path.name}"}[kind]
            taken = sync(b, "atlantis", open_store(address), NOON)
            assert (taken.after, taken.countersigned) == (size, None)
            assert whole(b, "atlantis", keys) == size
    copied = tree(mirror_of(b, "atlantis"))
    assert {path: data for path, data in tree(a.served).items() if ".p/" not in path} == {
        path: data for path, data in copied.items() if ".p/" not in path
    }
    assert not any(path.startswith("tile/entries/001.p/") for path in copied)


def test_an_empty_log_is_taken_over_and_one_of_the_same_size_again(tmp_path: Path) -> None:
    a, keys, b, _ = two_books(tmp_path)
    assert sync(b, "atlantis", FolderStore(a.served), NOON)[:2] == (0, 0)
    grown(a, keys, 1)
    assert sync(b, "atlantis", FolderStore(a.served), NOON)[:2] == (0, 1)
    assert sync(b, "atlantis", FolderStore(a.served), NOON)[:2] == (1, 1)


@pytest.mark.parametrize("before", [0, 200])
def test_a_cut_at_any_read_goes_on_and_fetches_nothing_twice(tmp_path: Path, before: int) -> None:
    a, keys, b, _ = two_books(tmp_path, before)
    if before:
        sync(b, "atlantis", FolderStore(a.served), NOON)
    grown(a, keys, 300 - before)
    with_body(a, keys)
    untouched = tree(b.path)
    line = Line(a.served)
    trial = tmp_path / "trial"
    shutil.copytree(b.path, trial)
    sync(Book(trial, b._settings), "atlantis", line, NOON)
    reads = len(line.read_so_far)
    assert reads > 7
    # What shows that the log continues is asked of it anew each time, before anything of it is taken over.
    anew = {"checkpoint", *(path for path in line.read_so_far if line.read_so_far.count(path) > 1)}
    assert len(anew) <= (1 if before == 0 else 3)
    for cut in range(reads):
        shutil.rmtree(b.path)
        for path, data in untouched.items():
            (b.path / path).parent.mkdir(parents=True, exist_ok=True)
            (b.path / path).write_bytes(data)
        first, second = Line(a.served, cut), Line(a.served)
        with pytest.raises(Cut):
            sync(b, "atlantis", first, NOON)
        # Only the countersignature is asked for when the copy is whole.
        done = 301 if cut == reads - 1 else before
        head = FolderStore(mirror_of(b, "atlantis")).read("checkpoint")
        assert (read_checkpoint(head)[1].size if head else 0) == done
        assert sync(b, "atlantis", second, NOON)[:2] == (done, 301)
        assert whole(b, "atlantis", keys) == 301
        had = {path for path in first.read_so_far if FolderStore(a.served).read(path) is not None}
        assert set(second.read_so_far) & had <= anew
    assert not (b.folder_of("atlantis") / "pending").exists()


def test_what_an_interrupted_sync_left_damaged_is_fetched_anew(tmp_path: Path) -> None:
    a, keys, b, _ = two_books(tmp_path, 600)
    with pytest.raises(Cut):
        sync(b, "atlantis", Line(a.served, 5), NOON)
    for path in (b.folder_of("atlantis") / "pending").rglob("*"):
        if path.is_file():
            path.write_bytes(b"")  # as after a loss of power
    assert sync(b, "atlantis", FolderStore(a.served), NOON).after == 600
    assert whole(b, "atlantis", keys) == 600


def _swap(a: Path, b: Path) -> None:
    one, other = a.read_bytes(), b.read_bytes()
    a.write_bytes(other)
    b.write_bytes(one)


def _flip(path: Path, at: int = 40) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


def _body(log: Path) -> Path:
    return next((log / "body").iterdir())


DAMAGES: dict[str, Callable[[Path], object]] = {
    "entries altered": lambda log: _flip(log / "tile/entries/001"),
    "the last entries altered": lambda log: _flip(log / "tile/entries/002.p/9"),
    "a length altered": lambda log: _flip(log / "tile/entries/001", 1),
    "entries swapped": lambda log: _swap(log / "tile/entries/000", log / "tile/entries/001"),
    "entries cut short": lambda log: (log / "tile/entries/001").write_bytes(b"\0\1x"),
    "entries empty": lambda log: (log / "tile/entries/000").write_bytes(b""),
    "entries missing": lambda log: (log / "tile/entries/001").unlink(),
    "the last entries missing": lambda log: (log / "tile/entries/002.p/9").unlink(),
    "hashes altered": lambda log: _flip(log / "tile/0/001"),
    "hashes swapped": lambda log: _swap(log / "tile/0/000", log / "tile/0/001"),
    "hashes cut short": lambda log: (log / "tile/0/001").write_bytes(b"x" * 100),
    "hashes missing": lambda log: (log / "tile/0/000").unlink(),
    "upper hashes altered": lambda log: _flip(log / "tile/1/000.p/2"),
    "upper hashes missing": lambda log: (log / "tile/1/000.p/2").unlink(),
    "too long a file": lambda log: (log / "tile/0/000").write_bytes(b"x" * 9000),
    "the body altered": lambda log: _flip(_body(log)),
    "the body cut short": lambda log: _body(log).write_bytes(b"x"),
    "the body missing": lambda log: _body(log).unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_not_as_it_was_signed_is_not_taken_over(tmp_path: Path, damage: str) -> None:
    a, keys, b, _ = two_books(tmp_path, 520)
    with_body(a, keys)
    served = tmp_path / "stick"
    shutil.copytree(a.served, served)
    DAMAGES[damage](served)
    for store in (FolderStore(served), FolderStore(served)):  # the second finds nothing that the first has left
        with pytest.raises(Malformed):
            sync(b, "atlantis", store, NOON)
        assert tree(mirror_of(b, "atlantis")).get("checkpoint") is None
        assert not (b.folder_of("atlantis") / "evidence").exists()
    assert sync(b, "atlantis", FolderStore(a.served), NOON).after == 521
    assert whole(b, "atlantis", keys) == 521


@pytest.mark.parametrize("damage", [name for name in DAMAGES if "last" in name or "body" in name or "upper" in name])
def test_a_copy_stays_as_it_was_where_what_is_new_is_damaged(tmp_path: Path, damage: str) -> None:
    a, keys, b, _ = two_books(tmp_path, 514)
    sync(b, "atlantis", FolderStore(a.served), NOON)
    grown(a, keys, 6)
    with_body(a, keys)
    DAMAGES[damage](a.served)
    with pytest.raises((Malformed, Forked)):
        sync(b, "atlantis", FolderStore(a.served), NOON)
    assert whole(b, "atlantis", keys) == 514


def test_a_checkpoint_of_another_key_or_another_log_is_refused(tmp_path: Path) -> None:
    a, _, b, lemuria = two_books(tmp_path, 3)
    stick = tmp_path / "stick"
    stick.mkdir()
    with pytest.raises(LedgerError, match="There is no log"):
        sync(b, "atlantis", FolderStore(stick), NOON)
    for note in (
        signed(a.checkpoint().text(), lemuria.note),
        signed(Checkpoint(ATLANTIS, 3, bytes(32)).text(), keys_of("mu.example/book").note),
        signed(a.checkpoint().text(), keys_of(ATLANTIS).quantum_safe),
        signed(Checkpoint(LEMURIA, 3, bytes(32)).text(), keys_of(ATLANTIS).note),
        b.head(),
        a.head().replace(b"\n3\n", b"\n4\n"),
        b"",
    ):
        (stick / "checkpoint").write_bytes(note)
        with pytest.raises((InvalidNote, LedgerError)):
            sync(b, "atlantis", FolderStore(stick), NOON)
    assert tree(mirror_of(b, "atlantis")) == {}


def forked(tmp_path: Path, keys: OfficeKeys, same: int, size: int) -> Book:
    """Return a log of the same office that is the same up to an entry, and another from there."""
    book = book_of(tmp_path / f"fork-{same}-{size}", keys, same)
    grown(book, keys, size - same, "rewritten")
    return book


SIZES = [(m, n) for m in (1, 2, 3, 4, 7, 8, 9, 255, 256, 257, 300) for n in (m, m + 1, 2 * m, 511, 512)]


@pytest.mark.parametrize(("old", "new"), [(m, n) for m, n in SIZES if n >= m])
def test_every_fork_is_refused_and_a_third_party_can_check_it(tmp_path: Path, old: int, new: int) -> None:
    keys, lemuria = keys_of(ATLANTIS), keys_of(LEMURIA)
    a, _, b, _ = two_books(tmp_path, old)
    sync(b, "atlantis", FolderStore(a.served), NOON)
    other = forked(tmp_path, keys, old - 1, new)
    for go in (
        lambda: sync(b, "atlantis", FolderStore(other.served), NOON),
        lambda: visit(b, "atlantis", FolderStore(other.served), lemuria, NOON),
    ):
        with pytest.raises(Forked, match="has broken its promise"):
            go()
    assert last_seen(b, "atlantis") is None
    assert whole(b, "atlantis", keys) == old
    (folder,) = (b.folder_of("atlantis") / "evidence").iterdir()
    third = tmp_path / "third"
    shutil.copytree(folder, third)  # the third party has this folder and the public key
    verdict = check_evidence(third, keys.public[:1], ATLANTIS)
    assert (verdict.kind, verdict.proved, verdict.old, verdict.new) == ("fork", True, old, new)


def test_a_fork_found_by_the_witness_alone_is_proved_as_well(tmp_path: Path) -> None:
    a, keys, b, lemuria = two_books(tmp_path, 6)
    visit(b, "atlantis", FolderStore(a.served), lemuria, NOON)
    with pytest.raises(Forked):
        sync(b, "atlantis", FolderStore(forked(tmp_path, keys, 2, 9).served), NOON)
    assert not (mirror_of(b, "atlantis") / "checkpoint").exists()
    (folder,) = (b.folder_of("atlantis") / "evidence").iterdir()
    assert check_evidence(folder, keys.public, ATLANTIS).proved


def test_a_rollback_is_an_account_and_a_rewritten_shorter_log_is_proved(tmp_path: Path) -> None:
    a, keys, b, _ = two_books(tmp_path, 4)
    shutil.copytree(a.served, tmp_path / "old")
    grown(a, keys, 5)
    sync(b, "atlantis", FolderStore(a.served), NOON)
    with pytest.raises(Forked, match="served 4 entries after it had served and signed 9"):
        sync(b, "atlantis", FolderStore(tmp_path / "old"), NOON)
    with pytest.raises(Forked, match="two histories"):
        sync(b, "atlantis", FolderStore(forked(tmp_path, keys, 2, 6).served), NOON)
    verdicts = {
        folder.name.partition("-")[0]: check_evidence(folder, keys.public, ATLANTIS).proved
        for folder in (b.folder_of("atlantis") / "evidence").iterdir()
    }
    assert verdicts == {"rollback": False, "fork": True}
    assert whole(b, "atlantis", keys) == 9


def test_a_signed_head_without_what_continues_the_past_is_an_account(tmp_path: Path) -> None:
    a, keys, b, _ = two_books(tmp_path, 4)
    sync(b, "atlantis", FolderStore(a.served), NOON)
    grown(a, keys, 5)
    shutil.rmtree(a.served / "tile" / "0")
    with pytest.raises(Forked, match="did not serve"):
        sync(b, "atlantis", FolderStore(a.served), NOON)
    (folder,) = (b.folder_of("atlantis") / "evidence").iterdir()
    verdict = check_evidence(folder, keys.public, ATLANTIS)
    assert (verdict.kind, verdict.proved) == ("withheld", False)
    assert "account, not a proof" in (folder / "account.txt").read_text("utf-8")


def test_a_line_that_fails_accuses_nobody(tmp_path: Path) -> None:
    a, keys, b, lemuria = two_books(tmp_path, 300)
    sync(b, "atlantis", FolderStore(a.served), NOON)
    grown(a, keys, 300)
    for cut in range(1, 6):
        with pytest.raises(Cut):
            sync(b, "atlantis", Line(a.served, cut), NOON)
        with pytest.raises(Cut):
            visit(b, "atlantis", Line(a.served, cut), lemuria, NOON)
    assert not (b.folder_of("atlantis") / "evidence").exists()


def test_a_log_that_its_author_signed_anew_is_the_same_log(tmp_path: Path) -> None:
    a, _, b, lemuria = two_books(tmp_path, 4)
    sync(b, "atlantis", FolderStore(a.served), NOON)
    (a.served / "checkpoint").write_bytes(signed(a.checkpoint().text(), lemuria.cosignature, keys_of(ATLANTIS).note))
    assert sync(b, "atlantis", FolderStore(a.served), NOON)[:2] == (4, 4)


@pytest.mark.parametrize("by", ["folder", "http", "stick"])
def test_countersignatures_come_home(tmp_path: Path, by: str) -> None:
    a, keys, b, lemuria = two_books(tmp_path, 5)
    visit(b, "atlantis", FolderStore(a.served), lemuria, NOON)
    stick = tmp_path / "stick"
    if by == "stick":
        shutil.copytree(b.served, stick)
    with http_folder(b.served) as url:
        address = {"folder": str(b.served), "http": url, "stick": str(stick)}[by]
        assert sync(a, "lemuria", open_store(address), NOON).countersigned == 5
    kept = cosigned_by(a, "lemuria")
    assert kept == last_seen(b, "atlantis")
    grown(a, keys, 3)
    visit(b, "atlantis", FolderStore(a.served), lemuria, NOON + timedelta(hours=1))
    assert sync(a, "lemuria", FolderStore(b.served), NOON).countersigned == 8
    if by == "stick":  # an old stick takes nothing away
        with pytest.raises(LedgerError):
            sync(a, "lemuria", FolderStore(tmp_path / "nowhere"), NOON)
        assert sync(a, "lemuria", FolderStore(stick), NOON).countersigned == 5
    assert read_checkpoint(cosigned_by(a, "lemuria") or b"")[1].size == 8


def test_an_empty_log_that_was_countersigned_comes_home(tmp_path: Path) -> None:
    a, _, b, lemuria = two_books(tmp_path)
    visit(b, "atlantis", FolderStore(a.served), lemuria, NOON)
    assert sync(a, "lemuria", FolderStore(b.served), NOON).countersigned == 0


def test_our_own_log_restored_from_an_old_copy_is_noticed(tmp_path: Path) -> None:
    a, keys, b, lemuria = two_books(tmp_path, 5)
    shutil.copytree(a.path, tmp_path / "backup")
    grown(a, keys, 5)
    visit(b, "atlantis", FolderStore(a.served), lemuria, NOON)
    old = Book(tmp_path / "backup", a._settings)
    with pytest.raises(Forked, match="restored from an old copy"):
        sync(old, "lemuria", FolderStore(b.served), NOON)
    grown(old, keys, 9, "rewritten")
    with pytest.raises(Forked, match="this log does not have them now"):
        sync(old, "lemuria", FolderStore(b.served), NOON)


def test_by_a_stick_there_and_back(tmp_path: Path) -> None:
    a, keys_a, b, keys_b = two_books(tmp_path, 300)
    stick = tmp_path / "stick"
    for day in range(3):
        shutil.copytree(a.served, stick / "atlantis", dirs_exist_ok=True)
        visit(b, "atlantis", FolderStore(stick / "atlantis"), keys_b, NOON + timedelta(days=day))
        sync(b, "atlantis", FolderStore(stick / "atlantis"), NOON)
        grown(b, keys_b, 2)
        shutil.copytree(b.served, stick / "lemuria", dirs_exist_ok=True)
        came = sync(a, "lemuria", FolderStore(stick / "lemuria"), NOON)
        assert (came.before, came.after, came.countersigned) == (2 * day, 2 * day + 2, 300 + 10 * day)
        grown(a, keys_a, 10)
    assert whole(a, "lemuria", keys_b) == 6
    assert whole(b, "atlantis", keys_a) == 320


def test_a_hostile_log_writes_nowhere_else(tmp_path: Path) -> None:
    a, keys, b, _ = two_books(tmp_path)
    outside = b.path.parent / "outside"
    hostile = b'{"body":{"sha256":"../../../../../outside","size":5},"logged":"2026-11-24T12:00:00Z"}'
    with a.writer(keys) as writer:
        writer.append([hostile, b"bytes of another program"])

    class Store(FolderStore):
        def read(self, path: str) -> bytes | None:
            return b"harm!" if "outside" in path else super().read(path)

    assert sync(b, "atlantis", Store(a.served), NOON).after == 2
    assert not outside.exists()
    assert audit(FolderStore(mirror_of(b, "atlantis")), keys.public).foreign == 2
