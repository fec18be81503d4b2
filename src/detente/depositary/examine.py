"""Examining a draft: its form, its signatures, the authority of its office, and what its writer had seen.

Every fault is told at once.  Whether a statement is true, wise or friendly is nobody's business here.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from datetime import datetime
from datetime import timedelta
from typing import Final
from typing import NamedTuple

from detente.depositary.drafts import OFFICE
from detente.depositary.drafts import RECEIPT
from detente.depositary.drafts import Draft
from detente.depositary.kept import Kept
from detente.depositary.kept import Written
from detente.depositary.kept import office_of
from detente.ledger.entries import parse_time
from detente.ledger.faults import LedgerError

__all__ = ["Fault", "examine"]

_AHEAD: Final = timedelta(minutes=5)
"""By so much the clocks of two offices may differ."""


class Fault(NamedTuple):
    """Why a draft is refused: the rule that it breaks, what is wrong, what to do, and the version it conflicts with."""

    rule: str
    what: str
    remedy: str
    other: Written | None = None


def examine(made: Draft, note: bytes, books: Mapping[str, Kept], origin: str, now: datetime) -> list[Fault]:
    """Return everything for which a draft cannot be kept in the book `origin`; empty where it can.

    `books` are the writer's own and its copies of the others', by origin.
    """
    own = books[origin]
    faults = [Fault("signature", what, "Let the office that it names sign it.") for what in own.unsigned(made, note)]
    faults += _of_id(made, own)
    faults += _of_time(made, own, now)
    if made.kind == OFFICE:
        faults += _of_office(made)
    elif made.kind == RECEIPT:
        faults += _of_receipt(made, books)
    faults += _of_sight(made, books)
    return faults


def _of_id(made: Draft, own: Kept) -> Iterator[Fault]:
    before = own.written.get(made.id)
    if before and before.draft == made:
        what = f"The statement '{made.id}' was kept already, as entry {before.index}."
        yield Fault("replayed", what, "Nothing more is to be done.", before)
    elif before:
        what = f"The id '{made.id}' is taken by entry {before.index}."
        yield Fault("id", what, "Give the new statement an id of its own; to correct the other, use: detente correct")


def _of_time(made: Draft, own: Kept, now: datetime) -> Iterator[Fault]:
    sent = parse_time(made.sent)
    if sent is None:
        yield Fault("time", f"'{made.sent}' is no time.", "Write it as 2026-11-24T17:15:25Z.")
    elif sent > now + _AHEAD:
        yield Fault("time", f"The statement was sent at {made.sent}, which is yet to come.", "Set the clocks right.")
    if own.logged and now < own.logged:
        what = (
            f"The clock says {now:%Y-%m-%d %H:%M:%S}, and the last entry was logged at {own.logged:%Y-%m-%d %H:%M:%S}."
        )
        yield Fault("clock", what, "Set the clock right; times in a log do not go back.")


def _of_office(made: Draft) -> Iterator[Fault]:
    try:
        office_of(made)
    except LedgerError as fault:
        yield Fault("office", fault.what, fault.remedy)


def _of_receipt(made: Draft, books: Mapping[str, Kept]) -> Iterator[Fault]:
    of, origin = made.cells.get("of", ""), made.cells.get("origin", "")
    if origin not in books or of not in books[origin].written:
        what = f"No statement '{of}' of the book '{origin}' is known here."
        yield Fault("receipt", what, "Fetch the other's book first: detente sync")


def _of_sight(made: Draft, books: Mapping[str, Kept]) -> Iterator[Fault]:
    """A statement rests on what its writer had seen: what came since about the same thing must be seen first."""
    target = made.cells.get("corrects", "")
    for origin, kept in books.items():
        seen = made.seen.get(origin, 0)
        if seen > kept.size:
            what = f"The writer had seen {seen} entries of '{origin}', and there are {kept.size} here."
            yield Fault("seen", what, "Fetch that book first: detente sync")
        later = kept.written.get(kept.corrected.get(target, ""))
        if later:
            what = f"'{target}' was corrected already, by '{later.draft.id}'."
            yield Fault("conflict", what, f"Read the other version; to correct it, name '{later.draft.id}'.", later)
            continue
        for other in kept.since(seen):
            if other.draft.subject == made.subject and other.draft.id != made.id:
                what = f"'{other.draft.id}' was written about the same thing after the writer had looked."
                yield Fault("conflict", what, "Read the other version, and write again if it is still needed.", other)
