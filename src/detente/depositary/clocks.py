"""Clocks of notifications: sent, received, and what follows from the receipt.

A clock that runs from receipt starts when the other side has logged a receipt; where it has logged none, then when it
countersigned a log that holds the notification: by then it had it.  Where the provision gives effect by tacit consent,
silence until the period ends is agreement; where it gives delayed effect, the change takes effect when the period ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Final

import msgspec

from detente.depositary.kept import Kept
from detente.depositary.kept import Written
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.record.dates import add_period
from detente.record.dates import counts_from

__all__ = ["HadBy", "Notification", "notifications", "receipt_of"]

_OBJECTIONS: Final = ("allege", "question", "reject", "decline", "contest", "counter")
"""The verbs by which a reply to a notification objects to it, or at least breaks the silence."""

HadBy = Mapping[str, Sequence[tuple[int, datetime]]]
"""By origin: how many entries of a log another side has countersigned, and when; the first time first."""


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """A notification and where its clocks stand on a day."""

    id: str
    origin: str
    index: int
    author: str
    type: str
    """The treaty paragraph under which it is given: `new-start/VII.2`."""
    verb: str
    event_on: str
    en: str
    ru: str
    refs: tuple[str, ...]
    """What it answers."""
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
    attachments: tuple[str, ...]
    withheld: int
    """How many of its cells are signed and not shown."""


def receipt_of(written: Written, origin: str, books: Mapping[str, Kept]) -> Written | None:
    """Return the first receipt of a statement by a book of another party, or None."""
    found = [
        receipt
        for other, kept in books.items()
        if other != origin
        and (receipt := kept.received.get((origin, written.draft.id)))
        and receipt.party != written.party
    ]
    return min(found, key=lambda receipt: receipt.logged, default=None)


def notifications(
    books: Mapping[str, Kept], had_by: HadBy, instruments: Mapping[str, Instrument], on: date
) -> list[Notification]:
    """Return every notification of the books that was logged by a day, with its clocks, in order of logging."""
    replies = _replies(books, on)
    found = [
        _notification(kept, written, books, had_by.get(origin, ()), replies, instruments, on)
        for origin, kept in books.items()
        for written in kept.since(0)
        if written.draft.kind == "notice" and written.logged.date() <= on
    ]
    return sorted(found, key=lambda n: (n.logged, n.origin, n.index))


def _notification(
    kept: Kept,
    written: Written,
    books: Mapping[str, Kept],
    countersigned: Sequence[tuple[int, datetime]],
    replies: Mapping[str, Sequence[Written]],
    instruments: Mapping[str, Instrument],
    on: date,
) -> Notification:
    made = written.draft
    cells = made.cells
    receipt = receipt_of(written, kept.origin, books)
    if receipt and receipt.logged.date() > on:
        receipt = None
    had = min((when for size, when in countersigned if size > written.index and when.date() <= on), default=None)
    received = receipt.logged if receipt else had
    answers = replies.get(made.id, ())
    law = instruments.get(cells.get("instrument", ""))
    provision = next((p for p in law.provision if p.article == cells.get("provision")), None) if law else None
    state, until = _state(provision, received, cells.get("event_on", ""), _objections(written, answers), on)
    return Notification(
        id=made.id,
        origin=kept.origin,
        index=written.index,
        author=written.party,
        type="/".join(filter(None, (cells.get("instrument", ""), cells.get("provision", "")))),
        verb=cells.get("verb", ""),
        event_on=cells.get("event_on", ""),
        en=cells.get("en", ""),
        ru=cells.get("ru", ""),
        refs=tuple(filter(None, cells.get("refs", "").split(";"))),
        sent=datetime.fromisoformat(made.sent),
        logged=written.logged,
        received=received,
        by_receipt=receipt is not None,
        state=state,
        until=until,
        replies=tuple(reply.draft.id for reply in answers),
        attachments=tuple(file.name for file in made.attachments),
        withheld=len(made.sd),
    )


def _replies(books: Mapping[str, Kept], on: date) -> dict[str, list[Written]]:
    """Return what answers each statement by a day, in order of logging."""
    found: dict[str, list[Written]] = {}
    for written in sorted(_statements(books), key=lambda w: w.logged):
        if written.logged.date() <= on:
            for id in filter(None, written.draft.cells.get("refs", "").split(";")):
                found.setdefault(id, []).append(written)
    return found


def _statements(books: Mapping[str, Kept]) -> Iterator[Written]:
    return (written for kept in books.values() for written in kept.since(0))


def _objections(written: Written, replies: Sequence[Written]) -> list[date]:
    """Return the days on which another party has objected."""
    return [
        reply.logged.date()
        for reply in replies
        if reply.draft.cells.get("verb") in _OBJECTIONS and reply.party != written.party
    ]


def _state(
    provision: Provision | None, received: datetime | None, event_on: str, objections: Sequence[date], on: date
) -> tuple[str, date | None]:
    """Return where the clock of a notification stands on a day, and when its period ends."""
    if received is None:
        return "unreceived", None
    if provision is None or provision.effect == "none" or not provision.period:
        return ("objected" if objections else "received"), None
    start = (_counts_from(event_on) if provision.clock == "event" else None) or received.date()
    until = add_period(start, provision.period)
    if provision.effect == "tacit-consent":
        # Silence that has lasted to the end was consent: what is said later does not undo it.
        if any(day < until for day in objections):
            return "objected", until
        return ("open" if on < until else "agreed"), until
    return ("pending" if on < until else "in-effect"), until


def _counts_from(text: str) -> date | None:
    try:
        return counts_from(text)
    except ValueError:
        return None
