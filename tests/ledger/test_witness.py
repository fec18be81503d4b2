"""The witness countersigns what continues, keeps it first, and answers every other request as tlog-witness has it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from detente.ledger.asking import accept
from detente.ledger.asking import ask
from detente.ledger.asking import request_for
from detente.ledger.book import Book
from detente.ledger.book import witnessed_path
from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.countersignatures import countersignatures
from detente.ledger.evidence import check_evidence
from detente.ledger.faults import Forked
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.faults import NotKept
from detente.ledger.keys import OfficeKeys
from detente.ledger.notes import signed
from detente.ledger.served import witness_application
from detente.ledger.served import witness_server
from detente.ledger.stores import FolderStore
from detente.ledger.sync import cosigned_by
from detente.ledger.sync import sync
from detente.ledger.witness import Answer
from detente.ledger.witness import add_checkpoint
from detente.ledger.witness import add_checkpoint_request
from detente.ledger.witness import last_seen
from detente.ledger.witness import locked_other
from detente.ledger.witness import visit
from ledger.offices import ATLANTIS
from ledger.offices import LEMURIA
from ledger.offices import NOON
from ledger.offices import at_once as at_once
from ledger.offices import book_of
from ledger.offices import grown
from ledger.offices import keys_of
from ledger.offices import two_books

Books = tuple[Book, OfficeKeys, Book, OfficeKeys]


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return two_books(tmp_path, 5)


def _request(book: Book, old: int, proof_from: int | None = None, note: bytes | None = None) -> bytes:
    at = old if proof_from is None else proof_from
    size = book.checkpoint().size
    proof = book.reader().consistency_proof(at) if 0 < at < size else []
    return add_checkpoint_request(old, proof, note or book.head())


def test_a_request_is_countersigned_in_both_kinds_and_kept_before(books: Books) -> None:
    a, _, b, keys = books
    answer = add_checkpoint(b, _request(a, 0), keys, NOON)
    assert (answer.status, answer.content_type) == (200, "text/plain; charset=utf-8")
    told = countersignatures(a.head() + answer.body, keys.public)
    assert [(one.name, one.kind, one.time) for one in told] == [
        (LEMURIA, "Ed25519", "2026-11-24T12:00:00Z"),
        (LEMURIA, "ML-DSA-44", "2026-11-24T12:00:00Z"),
    ]
    kept = last_seen(b, "atlantis")
    assert kept == a.head() + answer.body == FolderStore(b.served).read(witnessed_path(ATLANTIS))


def test_the_next_request_proves_that_the_log_continues(books: Books) -> None:
    a, keys_a, b, keys = books
    add_checkpoint(b, _request(a, 0), keys, NOON)
    grown(a, keys_a, 300)
    assert add_checkpoint(b, _request(a, 5), keys, NOON).status == 200
    assert read_checkpoint(last_seen(b, "atlantis") or b"")[1].size == 305


def test_a_replayed_request_is_told_the_size_that_was_countersigned(books: Books) -> None:
    a, keys_a, b, keys = books
    first = _request(a, 0)
    assert add_checkpoint(b, first, keys, NOON).status == 200
    grown(a, keys_a, 2)
    add_checkpoint(b, _request(a, 5), keys, NOON)
    kept = last_seen(b, "atlantis")
    for request in (first, _request(a, 0), _request(a, 5), _request(a, 6)):
        assert add_checkpoint(b, request, keys, NOON) == Answer(409, "text/x.tlog.size", b"7\n")
    assert last_seen(b, "atlantis") == kept


def test_the_same_head_may_be_countersigned_again(books: Books) -> None:
    a, _, b, keys = books
    add_checkpoint(b, _request(a, 0), keys, NOON)
    again = add_checkpoint(b, _request(a, 5), keys, NOON + timedelta(seconds=1))
    assert again.status == 200
    assert countersignatures(a.head() + again.body, keys.public)[0].time == "2026-11-24T12:00:01Z"


def _other_past(books: Books, size: int, tmp_path: Path) -> Book:
    """Return a log that the same office has signed, with another past."""
    return book_of(tmp_path / f"other-{size}", books[1], size, "another past")


def test_a_fork_of_the_same_size_is_refused_and_is_evidence(books: Books, tmp_path: Path) -> None:
    a, keys_a, b, keys = books
    add_checkpoint(b, _request(a, 0), keys, NOON)
    other = _other_past(books, 5, tmp_path)
    assert add_checkpoint(b, _request(other, 5), keys, NOON).status == 409
    (folder,) = (b.folder_of("atlantis") / "evidence").iterdir()
    assert check_evidence(folder, keys_a.public, ATLANTIS).proved
    assert last_seen(b, "atlantis") != other.head()


def test_a_log_that_does_not_continue_is_refused(books: Books, tmp_path: Path) -> None:
    a, keys_a, b, keys = books
    add_checkpoint(b, _request(a, 0), keys, NOON)
    other = _other_past(books, 9, tmp_path)
    kept = last_seen(b, "atlantis")
    assert add_checkpoint(b, _request(other, 5), keys, NOON).status == 422
    grown(a, keys_a, 4)
    for wrong in (_request(a, 5, 4), add_checkpoint_request(5, [], a.head())):
        assert add_checkpoint(b, wrong, keys, NOON).status == 422
    assert last_seen(b, "atlantis") == kept


def test_a_request_that_our_own_copy_denies_is_refused_though_nothing_was_countersigned(
    books: Books, tmp_path: Path
) -> None:
    a, keys_a, b, keys = books
    sync(b, "atlantis", FolderStore(a.served), NOON)
    for size in (3, 5):
        other = _other_past(books, size, tmp_path)
        assert add_checkpoint(b, _request(other, 0), keys, NOON).status == 409
        with pytest.raises(Forked):
            visit(b, "atlantis", FolderStore(other.served), keys, NOON)
    for folder in (b.folder_of("atlantis") / "evidence").iterdir():
        assert check_evidence(folder, keys_a.public, ATLANTIS).proved
    assert last_seen(b, "atlantis") is None


def test_a_proof_where_none_is_needed_is_refused(books: Books) -> None:
    a, _, b, keys = books
    assert add_checkpoint(b, add_checkpoint_request(0, [bytes(32)], a.head()), keys, NOON).status == 422
    add_checkpoint(b, _request(a, 0), keys, NOON)
    assert add_checkpoint(b, add_checkpoint_request(5, [bytes(32)], a.head()), keys, NOON).status == 422


def test_an_empty_log_is_countersigned_and_then_a_full_one(tmp_path: Path) -> None:
    a, keys_a, b, keys = two_books(tmp_path)
    assert add_checkpoint(b, _request(a, 0), keys, NOON).status == 200
    grown(a, keys_a, 3)
    assert add_checkpoint(b, _request(a, 0), keys, NOON).status == 200
    assert visit(b, "atlantis", FolderStore(a.served), keys, NOON).since == 3


def test_an_unknown_log_and_a_wrong_key_are_refused(books: Books, tmp_path: Path) -> None:
    _, keys_a, b, keys = books
    stranger = book_of(tmp_path / "mu", keys_of("mu.example/book"), 2)
    assert add_checkpoint(b, _request(stranger, 0), keys, NOON).status == 404
    text = Checkpoint(ATLANTIS, 2, bytes(32)).text()
    for signer in (stranger_key := keys_of("mu.example/book").note, keys_of(LEMURIA).note):
        note = signed(text, signer)
        assert add_checkpoint(b, add_checkpoint_request(0, [], note), keys, NOON).status == 403
    stolen = signed(text, keys_a.note).replace(b"\n2\n", b"\n3\n")
    assert add_checkpoint(b, add_checkpoint_request(0, [], stolen), keys, NOON).status == 403
    only_cosigned = signed(text, keys_a.cosignature)
    assert add_checkpoint(b, add_checkpoint_request(0, [], only_cosigned), keys, NOON).status == 403
    assert stranger_key.name != ATLANTIS


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"\n", b"old\n\n", b"old -1\n\n", b"old 00\n\n", b"old 0", b"new 0\n\n", b"old 0\nxx\n\n", b"0\n\n",
        b"old 99999999999999999999\n\n", b"\xff\xfe\n\n", b"old 0\n" + b"A" * 44 + b"\n\n", b"old 0\n\nhello\n",
        b"old 0\n" + (b"A" * 43 + b"=\n") * 64 + b"\n",
    ],
)  # fmt: skip
def test_what_is_no_request_is_a_bad_one(books: Books, wrong: bytes) -> None:
    a, _, b, keys = books
    head = a.head() if wrong.endswith(b"\n\n") else b""
    assert add_checkpoint(b, wrong + head, keys, NOON).status == 400


def test_an_old_size_beyond_the_new_one_is_a_bad_request(books: Books) -> None:
    a, _, b, keys = books
    assert add_checkpoint(b, _request(a, 6), keys, NOON).status == 400


def test_a_clock_that_was_set_back_countersigns_nothing(books: Books) -> None:
    a, keys_a, b, keys = books
    visit(b, "atlantis", FolderStore(a.served), keys, NOON)
    kept = last_seen(b, "atlantis")
    grown(a, keys_a, 1)
    for go in (
        lambda: visit(b, "atlantis", FolderStore(a.served), keys, NOON - timedelta(seconds=1)),
        lambda: add_checkpoint(b, _request(a, 5), keys, NOON - timedelta(days=1)),
    ):
        with pytest.raises(LedgerError, match="Set the clock right"):
            go()
    assert last_seen(b, "atlantis") == kept


def test_the_key_of_another_book_countersigns_nothing(books: Books) -> None:
    a, keys_a, b, _ = books
    with pytest.raises(LedgerError, match="not that of this book"):
        visit(b, "atlantis", FolderStore(a.served), keys_a, NOON)
    with pytest.raises(LedgerError, match="not that of this book"):
        add_checkpoint(b, _request(a, 0), keys_a, NOON)
    assert last_seen(b, "atlantis") is None


def test_a_visit_checks_entries_and_countersigns(books: Books) -> None:
    a, keys_a, b, keys = books
    told: list[tuple[int, int]] = []
    seen = visit(b, "atlantis", FolderStore(a.served), keys, NOON, lambda *at: told.append(at))
    assert (seen.checkpoint, seen.since) == (a.checkpoint(), 0)
    assert told == [(1, 1)]
    grown(a, keys_a, 600)
    assert visit(b, "atlantis", FolderStore(a.served), keys, NOON).since == 5
    bundle = a.served / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes().replace(b"statement 300", b"statement 000"))
    grown(a, keys_a, 1)
    assert visit(b, "atlantis", FolderStore(a.served), keys, NOON).checkpoint.size == 606
    fresh = book_of(b.path.parent / "fresh", keys)
    fresh.meet("atlantis", b.other("atlantis"))
    with pytest.raises(Malformed, match="entry 300"):
        visit(fresh, "atlantis", FolderStore(a.served), keys, NOON)
    assert last_seen(fresh, "atlantis") is None


def test_one_visitor_at_a_time(books: Books) -> None:
    a, _, b, keys = books
    with locked_other(b, "atlantis"), pytest.raises(NotKept, match="in use"):
        visit(b, "atlantis", FolderStore(a.served), keys, NOON)
    assert visit(b, "atlantis", FolderStore(a.served), keys, NOON).since == 0


def test_a_request_goes_there_and_back_as_files(books: Books) -> None:
    a, keys_a, b, keys = books
    answer = add_checkpoint(b, request_for(a, "lemuria"), keys, NOON)
    grown(a, keys_a, 4)  # the log goes on while the stick is on its way
    size, told = accept(a, "lemuria", answer.body)
    assert (size, {one.kind for one in told}) == (5, {"Ed25519", "ML-DSA-44"})
    assert request_for(a, "lemuria").startswith(b"old 5\n")
    assert read_checkpoint(cosigned_by(a, "lemuria") or b"")[1].size == 5
    with pytest.raises(InvalidNote):
        accept(a, "lemuria", answer.body)  # of the request before
    with pytest.raises(InvalidNote, match="no countersignature"):
        accept(a, "lemuria", b"")
    with pytest.raises(LedgerError, match="restored from an old copy"):
        request_for(a, "lemuria", 10)
    with pytest.raises(LedgerError, match="Nothing was asked"):
        accept(b, "atlantis", b"")


class _Called:
    """What a WSGI application answered."""

    def __init__(self, application: object, **environ: object) -> None:
        body = environ.pop("body", b"")
        assert isinstance(body, bytes)
        wsgi = {"PATH_INFO": "/add-checkpoint", "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body))}
        self.status = ""
        self.headers: dict[str, str] = {}
        self.body = b"".join(application({**wsgi, "wsgi.input": BytesIO(body), **environ}, self._start))  # type: ignore[operator]

    def _start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, dict(headers)


def test_over_http_only_a_request_is_answered(books: Books) -> None:
    a, _, b, keys = books
    application = witness_application(b, keys)
    assert _Called(application, body=_request(a, 0)).status == "200 OK"
    conflict = _Called(application, body=_request(a, 0))
    assert (conflict.status, conflict.headers["Content-Type"]) == ("409 Conflict", "text/x.tlog.size")
    assert conflict.body == b"5\n"
    assert _Called(application, PATH_INFO="/").status.startswith("404 ")
    assert _Called(application, REQUEST_METHOD="GET").status.startswith("405 ")
    for length in ("", "-1", "x", None):
        assert _Called(application, CONTENT_LENGTH=length).status.startswith("411 ")
    for length in ("99999999", "9" * 5000):
        assert _Called(application, CONTENT_LENGTH=length).status.startswith("413 ")
    with locked_other(b, "atlantis"):
        assert _Called(application, body=_request(a, 5)).status.startswith("503 ")


def test_a_log_asks_a_witness_over_http_and_learns_where_it_stands(books: Books) -> None:
    import threading

    a, keys_a, b, keys = books
    visit(b, "atlantis", FolderStore(a.served), keys)
    grown(a, keys_a, 2)
    server = witness_server(b, keys, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        with pytest.raises(LedgerError, match="Nothing can listen"):
            witness_server(b, keys, "127.0.0.1", server.server_port)
        url = f"http://127.0.0.1:{server.server_port}/"
        size, told = ask(a, "lemuria", url)
        assert (size, len(told)) == (7, 2)
        assert ask(a, "lemuria", url)[0] == 7
        with pytest.raises(LedgerError, match="does not countersign"):
            ask(a, "lemuria", f"{url}elsewhere/")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    for address in (url, "nowhere", "file:///etc"):
        with pytest.raises(LedgerError, match=r"-o FILE|cannot be asked"):
            ask(a, "lemuria", address)
