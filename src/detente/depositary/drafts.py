"""Drafts: a statement of the record as an office signs it, before the depositary has kept it.

The signed text is canonical JSON (RFC 8785) on one line: the cells of the statement as the record has them, its id and
kind, the office, when it was sent, and which entries of which books its writer had seen.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Final

import msgspec

from detente.ledger.entries import canonical
from detente.ledger.entries import written_time
from detente.ledger.faults import Malformed
from detente.ledger.notes import Signer
from detente.ledger.notes import signed
from detente.record.statements import KINDS

__all__ = [
    "OFFICE",
    "RECEIPT",
    "Attachment",
    "Disclosure",
    "Draft",
    "disclosed",
    "parse_draft",
    "sign_draft",
    "withheld",
]

OFFICE: Final = "office"
"""The kind of a statement by which a book registers an office, with its keys and what it may do."""

RECEIPT: Final = "receipt"
"""The kind of a statement by which an office says that it has received one of another book."""

_SALT_BYTES: Final = 32


class Attachment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that goes with a statement: it stands beside the log, under its hash."""

    name: str
    sha256: str
    size: int


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One statement to be signed; `seen` is the size of each book that its writer had before it."""

    id: str
    kind: str
    office: str
    sent: str
    cells: dict[str, str]
    seen: dict[str, int] = {}
    attachments: tuple[Attachment, ...] = ()
    sd: tuple[str, ...] = msgspec.field(default=(), name="_sd")
    sd_alg: str = msgspec.field(default="", name="_sd_alg")

    def text(self) -> bytes:
        """Return the text that is signed, with its newline."""
        return canonical(msgspec.to_builtins(self)) + b"\n"

    @property
    def subject(self) -> tuple[str, ...]:
        """What the statement is about: two of one subject by two writers may be in conflict."""
        cells = self.cells
        if cells.get("corrects"):
            return ("corrects", cells["corrects"])
        if cells.get("topic"):
            return ("topic", cells["topic"], cells.get("party", ""))
        names = ("instrument", "provision", "party", "measure", "item", "verb", "forum", "on")
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
    """Return the draft that a signed text is; raise Malformed where it is none."""
    try:
        found = msgspec.json.decode(text, type=Draft)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise Malformed(
            f"This is no statement: {fault}.", "Write it with a detente command, and sign it again."
        ) from None
    if found.kind not in KINDS and found.kind not in (OFFICE, RECEIPT):
        raise Malformed(f"'{found.kind}' is no kind of statement.", f"Use one of: {', '.join(KINDS)}.")
    return found


def sign_draft(made: Draft, *signers: Signer) -> bytes:
    """Return a draft as a note, signed by the keys of its office."""
    return signed(made.text(), *signers)


class Disclosure(msgspec.Struct, frozen=True):
    """One withheld cell with its salt: it shows that the signed digest is of this cell (SD-JWT, RFC 9901)."""

    salt: str
    name: str
    value: str

    def text(self) -> str:
        """Return the disclosure as it is sent: Base64url of a JSON array."""
        return _base64url(msgspec.json.encode([self.salt, self.name, self.value]))

    @property
    def digest(self) -> str:
        """The digest that stands in the signed statement."""
        return _base64url(sha256(self.text().encode()).digest())


def withheld(made: Draft, names: tuple[str, ...]) -> tuple[Draft, tuple[Disclosure, ...]]:
    """Return the draft with some cells withheld, each as a salted digest, and what discloses them."""
    missing = [name for name in names if name not in made.cells]
    if missing:
        what = f"The statement has no {' and no '.join(missing)} to withhold."
        raise Malformed(what, f"It has: {', '.join(made.cells)}.")
    hidden = tuple(Disclosure(_base64url(token_bytes(_SALT_BYTES)), name, made.cells[name]) for name in names)
    cells = {name: cell for name, cell in made.cells.items() if name not in names}
    # In the order of the digests: that of the cells would tell which is which.
    digests = tuple(sorted(disclosure.digest for disclosure in hidden))
    return msgspec.structs.replace(made, cells=cells, sd=digests, sd_alg="sha-256"), hidden


def disclosed(made: Draft, texts: tuple[str, ...]) -> tuple[Draft, int]:
    """Return the draft with the cells that these disclosures open, and how many stay withheld; raise Malformed."""
    cells = dict(made.cells)
    opened: set[str] = set()
    for text in texts:
        found = parse_disclosure(text)
        if found.digest not in made.sd or found.text() != text:
            what = f"The disclosure of '{found.name}' is not of this statement."
            raise Malformed(what, "It was altered, or belongs to another statement.")
        if found.name in cells and found.digest not in opened:
            raise Malformed(f"The cell '{found.name}' is disclosed twice.", "Leave one out.")
        cells[found.name] = found.value
        opened.add(found.digest)
    return msgspec.structs.replace(made, cells=cells), len(made.sd) - len(opened)


def parse_disclosure(text: str) -> Disclosure:
    """Return the disclosure that a text is; raise Malformed where it is none."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        salt, name, value = msgspec.json.decode(raw, type=tuple[str, str, str])
    except (ValueError, msgspec.DecodeError):
        raise Malformed("This is no disclosure of a withheld cell.", "Ask its author for it again.") from None
    return Disclosure(salt, name, value)


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
