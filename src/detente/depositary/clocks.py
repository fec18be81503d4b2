"""Clocks of notifications: sent, received, and what follows from the receipt.

A clock that runs from receipt starts when the other side has logged a receipt; where it has logged none, then when it
countersigned a log that holds the notification: by then it had it.  Where the provision gives effect by tacit consent,
silence until the period ends is agreement; where it gives delayed effect, the change takes effect when the period ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from typing import Final

import msgspec
from dateutil.relativedelta import relativedelta

from detente.depositary.drafts import RECEIPT
from detente.depositary.kept import Kept
from detente.depositary.kept import Written
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.record.dates import counts_from
from detente.record.dates import period

__all__ = ["Notification", "notifications"]

_OBJECTIONS: Final = ("allege", "question", "reject", "decline", "contest", "counter")
"""The verbs by which a reply to a notification objects to it."""


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """A notification and where its clocks stand on a day."""

    id: str
    origin: str
    index: int
    author: str
    type: str
    """The treaty paragraph under which it is given: `new-start/VII.2`."""
    sent: datetime
    logged: datetime
    received: datetime | None
    by_receipt: bool
    """Whether the other side has said that it received it; else `received` is when it must have had it."""
    state: str
    """unreceived, received, open, objected, agreed, pending or in-effect."""
    until: date | None
    """The day on which the period ends, where one runs."""
    replies: tuple[str, ...]


def notifications(
    books: Mapping[str, Kept],
    had_by: Mapping[str, tuple[int, datetime]],
    instruments: Mapping[str, Instrument],
    on: date,
) -> list[Notification]:
    """Return every notification of the books with its clocks as of a day, in order of logging.

    `had_by` says, for a book, how many of its entries another side has countersigned, and when.
    """
    receipts = {
        (w.draft.cells.get("origin", ""), w.draft.cells.get("of", "")): w.logged
        for kept in books.values()
        for w in kept.since(0)
        if w.draft.kind == RECEIPT
    }
    found = [
        _notification(kept, w, receipts.get((origin, w.draft.id)), had_by.get(origin), books, instruments, on)
        for origin, kept in books.items()
        for w in kept.since(0)
        if w.draft.kind == "notice"
    ]
    return sorted(found, key=lambda n: (n.logged, n.origin, n.index))


def _notification(
    kept: Kept,
    written: Written,
    receipt: datetime | None,
    countersigned: tuple[int, datetime] | None,
    books: Mapping[str, Kept],
    instruments: Mapping[str, Instrument],
    on: date,
) -> Notification:
    made = written.draft
    had = countersigned[1] if countersigned and countersigned[0] > written.index else None
    received = receipt or had
    if received and received.date() > on:
        received = None
    author = made.cells.get("author", kept.offices[made.office].party)
    replies = list(_replies(made.id, books))
    law = instruments.get(made.cells.get("instrument", ""))
    provision = next((p for p in law.provision if p.article == made.cells.get("provision")), None) if law else None
    objected = any(
        reply.draft.cells.get("verb") in _OBJECTIONS and reply.draft.cells.get("author", "") != author
        for reply in replies
        if reply.logged.date() <= on
    )
    state, until = _state(provision, received, made.cells.get("event_on", ""), objected, on)
    return Notification(
        id=made.id,
        origin=kept.origin,
        index=written.index,
        author=author,
        type="/".join(filter(None, (made.cells.get("instrument", ""), made.cells.get("provision", "")))),
        sent=datetime.fromisoformat(made.sent),
        logged=written.logged,
        received=received,
        by_receipt=receipt is not None,
        state=state,
        until=until,
        replies=tuple(reply.draft.id for reply in replies),
    )


def _replies(id: str, books: Mapping[str, Kept]) -> Iterator[Written]:
    for kept in books.values():
        for written in kept.since(0):
            if id in written.draft.cells.get("refs", "").split(";"):
                yield written


def _state(
    provision: Provision | None, received: datetime | None, event_on: str, objected: bool, on: date
) -> tuple[str, date | None]:
    """Return where the clock of a notification stands on a day, and when its period ends."""
    if received is None:
        return "unreceived", None
    if provision is None or provision.effect == "none" or not provision.period:
        return ("objected" if objected else "received"), None
    start = received.date()
    if provision.clock == "event" and event_on:
        start = counts_from(event_on)
    months, days, hours = period(provision.period)
    until = start + relativedelta(months=months, days=days + -(-hours // 24))
    if provision.effect == "tacit-consent":
        if objected:
            return "objected", until
        return ("open" if on < until else "agreed"), until
    return ("pending" if on < until else "in-effect"), until
