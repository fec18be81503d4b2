"""Drafts: a statement of the record as an office signs it, before the depositary has kept it.

The signed text is canonical JSON (RFC 8785) on one line: the cells of the statement as the record has them, its id and
kind, the office, when it was sent, and how many entries of which books its writer had seen.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import msgspec

from detente.ledger.entries import canonical
from detente.ledger.entries import written_time
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.notes import MAX_NOTE
from detente.ledger.notes import Signer
from detente.ledger.notes import signed
from detente.record.statements import KINDS

__all__ = ["JOINT", "OFFICE", "RECEIPT", "Attachment", "Draft", "check_size", "draft", "parse_draft", "sign_draft"]

OFFICE: Final = "office"
"""The kind of a statement by which a book registers an office, with its keys and what it may do."""

RECEIPT: Final = "receipt"
"""The kind of a statement by which an office says that it has received one of another book."""

JOINT: Final = "joint"
"""How the id of a text begins that several sides sign."""

_ID: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_LONGEST_ID: Final = 200


class Attachment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that goes with a statement: it stands beside the log, under its hash."""

    name: str
    sha256: str
    size: int


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One statement to be signed; `seen` is the size of each book that its writer had before it.

    A text that several sides sign names in `jointly` the book of each, and its office there.
    """

    id: str
    kind: str
    office: str
    sent: str
    cells: dict[str, str]
    seen: dict[str, int] = {}
    jointly: dict[str, str] = {}
    attachments: tuple[Attachment, ...] = ()
    sd: tuple[str, ...] = msgspec.field(default=(), name="_sd")
    sd_alg: str = msgspec.field(default="", name="_sd_alg")

    def text(self) -> bytes:
        """Return the text that is signed, with its newline."""
        return canonical(msgspec.to_builtins(self)) + b"\n"

    def office_in(self, origin: str) -> str:
        """Return the office that speaks in the book `origin`; "" where a joint text names none there."""
        return self.jointly.get(origin, "") if self.jointly else self.office

    @property
    def subject(self) -> tuple[str, ...]:
        """What the statement is about: two of one subject by two writers may be in conflict."""
        cells = self.cells
        if cells.get("corrects"):
            return ("corrects", cells["corrects"])
        if cells.get("topic"):
            return ("topic", cells["topic"], cells.get("party", ""))
        names = ("instrument", "provision", "party", "measure", "item", "verb", "forum", "on", "office")
        return (self.kind, *(cells.get(name, "") for name in names))

    @property
    def action(self) -> str:
        """What an office must be allowed to do in order to make this statement."""
        if self.kind == RECEIPT:
            return "receive"
        if self.cells.get("corrects"):
            return "correct"
        if self.kind == "notice":
            return "notify"
        if self.kind == "concern":
            return "raise" if self.cells.get("verb") in ("allege", "question") else "answer"
        return "declare"


def draft(
    id: str, kind: str, office: str, cells: dict[str, str], sent: datetime, seen: dict[str, int] | None = None
) -> Draft:
    """Return a draft of these cells, the empty ones left out."""
    kept = {name: cell for name, cell in cells.items() if cell}
    return Draft(id=id, kind=kind, office=office, cells=kept, sent=written_time(sent), seen=seen or {})


def parse_draft(text: bytes) -> Draft:
    """Return the draft that a signed text is; raise Malformed where it is none, or is written in another way."""
    try:
        found = msgspec.json.decode(text, type=Draft)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise Malformed(
            f"This is no statement: {fault}.", "Write it with a detente command, and sign it again."
        ) from None
    if found.kind not in KINDS and found.kind not in (OFFICE, RECEIPT):
        raise Malformed(f"'{found.kind[:40]}' is no kind of statement.", f"Use one of: {', '.join(KINDS)}.")
    if len(found.id) > _LONGEST_ID or not _ID.fullmatch(found.id):
        what = f"The id '{found.id[:60]}' is not of the form a.b-c."
        raise Malformed(what, f"Use lower-case letters, digits, dots and hyphens; at most {_LONGEST_ID} of them.")
    # Where names are plain, the fast library writes what the exact one would.
    line = text.removesuffix(b"\n")
    if msgspec.json.encode(found, order="sorted") != line and found.text()[:-1] != line:
        remedy = "Write members in order, without spaces, and none that is empty."
        raise Malformed(f"The statement '{found.id}' is not canonical JSON (RFC 8785).", remedy)
    return found


def sign_draft(made: Draft, *signers: Signer) -> bytes:
    """Return a draft as a note, signed by the keys of its office; raise LedgerError where it is too long."""
    text = made.text()
    check_size(made.id, len(text))
    return signed(text, *signers)


def check_size(id: str, size: int) -> None:
    """Raise LedgerError where a statement has more bytes than a note can."""
    if size > MAX_NOTE:
        what = f"The statement '{id}' has {size:,} bytes; at most {MAX_NOTE:,} can be signed."
        raise LedgerError(what, "Attach what is long as a file (--attach), or make several statements of it.")
