"""Asking another side to countersign our log: by HTTP (C2SP tlog-witness), or by a file that goes there and back."""

from __future__ import annotations

from typing import Final
from urllib.error import HTTPError
from urllib.error import URLError
from urllib.request import Request
from urllib.request import urlopen

from detente.ledger.book import Book
from detente.ledger.checkpoints import parse_number
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.countersignatures import Countersignature
from detente.ledger.countersignatures import countersignatures
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.folder import write_durably
from detente.ledger.merkle import consistency_proof
from detente.ledger.notes import MAX_NOTE
from detente.ledger.reader import LogReader
from detente.ledger.stores import FolderStore
from detente.ledger.sync import cosigned_by
from detente.ledger.sync import keep_cosigned
from detente.ledger.witness import add_checkpoint_request

__all__ = ["accept", "ask", "request_for"]

_WAIT: Final = 60
_ASKED: Final = "asked"


def request_for(book: Book, name: str, old: int | None = None) -> bytes:
    """Return the request that another side countersign our head, and remember which head that was.

    `old` is the size that it countersigned last; if left out, the last of which we know.
    """
    book.other(name)
    checkpoint = book.checkpoint()
    if old is None:
        last = cosigned_by(book, name)
        old = read_checkpoint(last)[1].size if last else 0
    if old > checkpoint.size:
        what = f"'{name}' has countersigned {old} entries, and this log has {checkpoint.size}."
        raise LedgerError(what, "This log was restored from an old copy. Keep it as it is, and find the right one.")
    reader = LogReader(FolderStore(book.served), checkpoint.size)
    proof = consistency_proof(old, checkpoint.size, reader.node) if 0 < old < checkpoint.size else []
    write_durably(book.folder_of(name) / _ASKED, book.head())
    return add_checkpoint_request(old, proof, book.head())


def accept(book: Book, name: str, answer: bytes) -> tuple[int, list[Countersignature]]:
    """Keep the countersignatures of an answer to our last request; return the size and who signed."""
    asked = FolderStore(book.folder_of(name)).read(_ASKED)
    if asked is None:
        raise LedgerError(f"Nothing was asked of '{name}'.", f"Ask with: detente log ask {name}")
    note = asked + answer
    told = countersignatures(note, book.other(name).public)
    if not told:
        what = f"The answer holds no countersignature of '{name}' on what was asked."
        raise InvalidNote(what, "Ask again, and bring back the answer to that request.")
    keep_cosigned(book, name, note)
    return read_checkpoint(asked)[1].size, told


def ask(book: Book, name: str, address: str) -> tuple[int, list[Countersignature]]:
    """Ask over HTTP, and keep the answer; raise LedgerError where there is none."""
    status, answer = _post(address, request_for(book, name))
    if status == 409 and (old := parse_number(answer.decode("ascii", "replace").strip())) is not None:
        status, answer = _post(address, request_for(book, name, old))
    if status != 200:
        what = f"'{name}' does not countersign ({status}: {answer[:200].decode('utf-8', 'replace').strip()})."
        raise LedgerError(what, "Nothing was changed here. Ask its office why.")
    return accept(book, name, answer)


def _post(address: str, body: bytes) -> tuple[int, bytes]:
    if not address.startswith(("http://", "https://")):
        raise LedgerError(f"'{address}' is no address of a witness.", "Write --at https://..., or use -o FILE.")
    request = Request(f"{address.rstrip('/')}/add-checkpoint", data=body, method="POST")
    try:
        with urlopen(request, timeout=_WAIT) as response:
            return int(response.status), bytes(response.read(MAX_NOTE))
    except HTTPError as fault:
        return fault.code, fault.read(MAX_NOTE)
    except (URLError, OSError, ValueError) as fault:
        raise LedgerError(f"'{address}' cannot be asked ({fault}).", "Try again later, or use -o FILE.") from None
