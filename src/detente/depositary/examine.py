"""Examining a draft: its form, its signatures, the authority of its office, and what its writer had seen.

Every fault is told at once.  Whether a statement is true, wise or friendly is nobody's business here.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from datetime import datetime
from datetime import timedelta
from typing import Final

from detente.depositary.drafts import RECEIPT
from detente.depositary.drafts import Draft
from detente.depositary.fault import Fault
from detente.depositary.kept import Kept
from detente.ledger.entries import parse_time
from detente.ledger.notes import Note

__all__ = ["examine"]

_AHEAD: Final = timedelta(minutes=5)
"""By so much the clocks of two offices may differ."""


def examine(made: Draft, note: Note, books: Mapping[str, Kept], origin: str, now: datetime) -> list[Fault]:
    """Return everything for which a draft cannot be kept in the book `origin`; empty where it can.

    `books` are the writer's own and its copies of the others', by origin.
    """
    own = books[origin]
    faults = own.faults_of(made, note)
    faults += _of_id(made, own)
    faults += _of_time(made, own, now)
    if made.kind == RECEIPT:
        faults += _of_receipt(made, books, origin)
    if made.jointly:
        faults += _of_the_others(made, note, books, origin)
    faults += _of_sight(made, books)
    return faults


def _of_id(made: Draft, own: Kept) -> Iterator[Fault]:
    before = own.written.get(made.id)
    if before and before.draft == made:
        what = f"The statement '{made.id}' was kept already, as entry {before.index}."
        yield Fault("replayed", what, "Nothing more is to be done.", before)
    elif before:
        what = f"The id '{made.id}' is taken by entry {before.index}."
        remedy = "Give the new statement an id of its own; to correct the other, use: detente correct"
        yield Fault("id", what, remedy, before)


def _of_time(made: Draft, own: Kept, now: datetime) -> Iterator[Fault]:
    sent = parse_time(made.sent)
    if sent and sent > now + _AHEAD:
        yield Fault("time", f"The statement was sent at {made.sent}, which is yet to come.", "Set the clocks right.")
    if own.logged and now < own.logged:
        what = (
            f"The clock says {now:%Y-%m-%d %H:%M:%S}, and the last entry was logged at {own.logged:%Y-%m-%d %H:%M:%S}."
        )
        yield Fault("clock", what, "Set the clock right; times in a log do not go back.")


def _of_receipt(made: Draft, books: Mapping[str, Kept], own: str) -> Iterator[Fault]:
    of, origin = made.cells.get("of", ""), made.cells.get("origin", "")
    if origin == own:
        what = f"'{of}' is a statement of this very book."
        yield Fault("receipt", what, "Only the other side can say that it has received it.")
        return
    received = books[origin].counts(of) if origin in books else None
    if received is None:
        what = f"No statement '{of}' of the book '{origin}' is known here."
        yield Fault("receipt", what, "Fetch the other's book first: detente sync")
    elif made.cells.get("index", str(received.index)) != str(received.index):
        what = f"'{of}' is entry {received.index} of '{origin}', not {made.cells['index']}."
        yield Fault("receipt", what, "Acknowledge it with: detente acknowledge")
    before = books[own].received.get((origin, of))
    if before and before.draft.id != made.id:
        what = f"'{of}' was acknowledged already, by '{before.draft.id}'."
        yield Fault("receipt", what, "Nothing more is to be done: the first receipt counts.", before)


def _of_the_others(made: Draft, note: Note, books: Mapping[str, Kept], own: str) -> Iterator[Fault]:
    """A joint text carries the signatures of all sides before any of them keeps it."""
    for origin in made.jointly:
        if origin == own:
            continue
        if origin not in books:
            what = f"The joint text names the book '{origin}', which is not known here."
            yield Fault("joint", what, "Add it first: detente log meet, detente sync")
        else:
            yield from books[origin].authority(made, note)


def _of_sight(made: Draft, books: Mapping[str, Kept]) -> Iterator[Fault]:
    """A statement rests on what its writer had seen: what came since about the same thing must be seen first."""
    corrected = {kept.corrected.get(made.cells.get("corrects", "")) for kept in books.values()}
    for origin, kept in books.items():
        seen = made.seen.get(origin, 0)
        if seen > kept.size:
            what = f"The writer had seen {seen} entries of '{origin}', and there are {kept.size} here."
            yield Fault("seen", what, "Fetch that book first: detente sync")
        for other in () if made.kind == RECEIPT else kept.since(seen):
            # A correction of the same statement is told as what it is.
            if other.draft.subject == made.subject and other.draft.id not in (made.id, *corrected):
                what = f"'{other.draft.id}' was written about the same thing after the writer had looked."
                yield Fault("conflict", what, "Read the other version, and write again if it is still needed.", other)
