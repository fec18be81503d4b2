"""Keeping: the one way by which a statement comes into a book."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from detente.depositary.drafts import OFFICE
from detente.depositary.drafts import Attachment
from detente.depositary.drafts import Draft
from detente.depositary.drafts import draft
from detente.depositary.drafts import parse_draft
from detente.depositary.drafts import sign_draft
from detente.depositary.examine import examine
from detente.depositary.fault import Fault
from detente.depositary.fault import Refused
from detente.depositary.kept import Kept
from detente.depositary.kept import own_log
from detente.depositary.kept import their_log
from detente.depositary.offices import ACTIONS
from detente.errors import Problem
from detente.ledger.book import Book
from detente.ledger.book import stand_beside
from detente.ledger.entries import MAX_BODY
from detente.ledger.entries import Body
from detente.ledger.entries import body_path
from detente.ledger.entries import signed_entry
from detente.ledger.faults import LedgerError
from detente.ledger.folder import write_durably
from detente.ledger.keys import OfficeKeys
from detente.ledger.notes import MAX_NOTE
from detente.ledger.notes import Note
from detente.ledger.notes import split
from detente.ledger.signatures import PublicKey
from detente.ledger.stores import FolderStore
from detente.ledger.sync import checked_body

__all__ = ["Acceptance", "Refused", "Schema", "attach", "books_of", "register_office", "seen_now", "submit"]

Schema = Callable[[Sequence[Draft], Mapping[str, Kept]], Sequence[Problem]]
"""Returns what the record finds wrong with statements, as it would with the rows of a casebook; `file` is the id."""

_UNREADABLE = ("form", "id", "replayed", "schema", "size")
"""The rules without which the record cannot say more about a statement."""


class Acceptance(msgspec.Struct, frozen=True):
    """A statement that was kept: its id, its place in the log, and when it was logged."""

    id: str
    index: int
    logged: datetime


def books_of(book: Book) -> dict[str, Kept]:
    """Return what a writer at this book can see: the book itself and its copies of the others', by origin."""
    kept = [own_log(book), *(their_log(book, name, other) for name, other in book.others.items())]
    return {log.origin: log for log in kept}


def seen_now(books: dict[str, Kept]) -> dict[str, int]:
    """Return the sizes of the books, as a draft names what its writer had seen."""
    return {origin: kept.size for origin, kept in books.items() if kept.size}


def submit(
    book: Book,
    keys: OfficeKeys,
    notes: Sequence[bytes],
    schema: Schema | None = None,
    now: datetime | None = None,
) -> list[Acceptance]:
    """Examine signed drafts, and keep them all or none; when this returns they are on the disk, and served.

    Raise Refused with every fault of every draft.
    """
    when = (now or datetime.now(UTC)).replace(microsecond=0)
    with book.writer(keys) as log:
        # Read while the log is ours alone: what is examined against is what the batch will follow.
        books = books_of(book)
        drafts, faults = _parsed(notes)
        for made, note in drafts:
            faults += [(made.id, fault) for fault in examine(made, note, books, book.origin, when)]
            faults += [(made.id, fault) for fault in _missing_files(book, made)]
        faults += _among([made for made, _ in drafts])
        if schema:
            unreadable = {id for id, fault in faults if fault.rule in _UNREADABLE}
            readable = [made for made, _ in drafts if made.id not in unreadable]
            found = schema(readable, books) if readable else []
            faults += [(p.file, Fault("schema", p.what, p.remedy)) for p in found if p.severity == "error"]
        if faults:
            raise Refused(faults)
        first = log.append([stand_beside(book, signed_entry(note, when)) for note in notes])
    return [Acceptance(made.id, first + i, when) for i, (made, _) in enumerate(drafts)]


def _parsed(notes: Sequence[bytes]) -> tuple[list[tuple[Draft, Note]], list[tuple[str, Fault]]]:
    """Return the drafts of notes, and the faults of what is none; a draft is named by its place until it has an id."""
    drafts: list[tuple[Draft, Note]] = []
    faults: list[tuple[str, Fault]] = []
    for number, text in enumerate(notes, 1):
        shown = f"draft {number}"
        if len(text) > MAX_NOTE:
            what = f"The signed statement has {len(text):,} bytes; at most {MAX_NOTE:,} can be kept."
            remedy = "Attach what is long as a file (--attach), or make several statements of it."
            faults.append((shown, Fault("size", what, remedy)))
            continue
        try:
            note = split(text)
            drafts.append((parse_draft(note.text), note))
        except LedgerError as fault:
            faults.append((shown, Fault("form", fault.what, fault.remedy)))
    return drafts, faults


def _missing_files(book: Book, made: Draft) -> Iterator[Fault]:
    """Yield a fault for each attachment that does not stand beside the log."""
    for file in made.attachments:
        try:
            checked_body(FolderStore(book.served), Body(file.sha256, file.size))
        except LedgerError:
            what = f"The attachment '{file.name}' does not stand beside the log."
            yield Fault("attachment", what, "Write the statement again at this book, with --attach.")


def _among(drafts: Sequence[Draft]) -> Iterator[tuple[str, Fault]]:
    """Yield what is wrong with drafts that come together: an id or a correction that two of them have."""
    for id in _twice([made.id for made in drafts]):
        yield id, Fault("id", f"Two of the statements have the id '{id}'.", "Give each an id of its own.")
    for target in _twice([made.cells["corrects"] for made in drafts if made.cells.get("corrects")]):
        what = f"Two of the statements correct '{target}'."
        yield target, Fault("conflict", what, "Let the second correct the first.")


def attach(book: Book, path: Path) -> Attachment:
    """Put a file beside the log, and return what names it in a statement."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        what = f"The attachment '{path}' cannot be read ({fault.strerror})."
        raise LedgerError(what, "Look whether the path is right.") from None
    if len(data) > MAX_BODY:
        what = f"The attachment '{path}' has {len(data):,} bytes; at most {MAX_BODY:,} can be kept."
        raise LedgerError(what, "Attach a shorter file, or several.")
    digest = sha256(data).hexdigest()
    write_durably(book.served / body_path(digest), data)
    return Attachment(path.name, digest, len(data))


def register_office(
    book: Book,
    keys: OfficeKeys,
    office: str,
    party: str,
    public: Sequence[PublicKey],
    may: Sequence[str] = ACTIONS,
    least: int = 1,
    now: datetime | None = None,
) -> Acceptance:
    """Register an office in a book, or change what it may do or with which keys; signed with the key of the log.

    With no keys and nothing that it may do, the office is closed: what it signed before stays.  Raise Refused.
    """
    when = now or datetime.now(UTC)
    own = own_log(book)
    number = sum(w.draft.kind == OFFICE for w in own.written.values()) + 1
    cells = {
        "office": office,
        "party": party,
        "keys": " ".join(str(key) for key in public),
        "may": " ".join(may),
        "least": str(least),
    }
    made = draft(f"office-{number}", OFFICE, office, cells, when, {own.origin: own.size} if own.size else None)
    return submit(book, keys, [sign_draft(made, keys.note)], now=when)[0]


def _twice(ids: Sequence[str]) -> list[str]:
    return sorted({id for id in ids if ids.count(id) > 1})
