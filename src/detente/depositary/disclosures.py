"""Withheld cells: each is signed as a salted digest, and disclosed later by its salt, name and value.

Digests and disclosures are those of SD-JWT (RFC 9901, 4.2): a disclosure is the Base64url of a JSON array of salt, name
and value, and its digest the SHA-256 of that text as it was sent, whatever spaces the array has.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from secrets import token_bytes
from typing import Final

import msgspec

from detente.depositary.drafts import Draft
from detente.ledger.faults import Malformed

__all__ = ["ALGORITHM", "MAY_BE_WITHHELD", "Disclosure", "disclosed", "parse_disclosure", "withheld"]

ALGORITHM: Final = "sha-256"

MAY_BE_WITHHELD: Final = (
    "value", "item", "place", "level", "until", "due", "effect", "period", "event_on", "en", "ru",
)  # fmt: skip
"""The cells that may be withheld: neither who speaks, nor of whom, nor what it corrects or answers."""

_SALT_BYTES: Final = 32
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


class Disclosure(msgspec.Struct, frozen=True):
    """One withheld cell with its salt: it shows that the signed digest is of this cell."""

    salt: str
    name: str
    value: str
    written: str = ""
    """The text as it came; the digest is of this one. Empty where it was made here."""

    def text(self) -> str:
        """Return the disclosure as it is sent: Base64url of a JSON array."""
        return self.written or _base64url(msgspec.json.encode([self.salt, self.name, self.value]))

    @property
    def digest(self) -> str:
        """The digest that stands in the signed statement."""
        return _base64url(sha256(self.text().encode()).digest())


def withheld(made: Draft, names: Sequence[str]) -> tuple[Draft, tuple[Disclosure, ...]]:
    """Return the draft with some cells withheld, each as a salted digest, and what discloses them; raise Malformed."""
    names = tuple(dict.fromkeys(names))
    missing = [name for name in names if name not in made.cells]
    if missing:
        what = f"The statement has no {' and no '.join(missing)} to withhold."
        raise Malformed(what, f"It has: {', '.join(made.cells)}.")
    open_ = [name for name in names if name not in MAY_BE_WITHHELD]
    if open_:
        what = f"'{open_[0]}' cannot be withheld: what a statement is about must stand in it."
        raise Malformed(what, f"These can be: {', '.join(MAY_BE_WITHHELD)}.")
    hidden = tuple(Disclosure(_base64url(token_bytes(_SALT_BYTES)), name, made.cells[name]) for name in names)
    cells = {name: cell for name, cell in made.cells.items() if name not in names}
    # In the order of the digests: that of the cells would tell which is which.
    digests = tuple(sorted(disclosure.digest for disclosure in hidden))
    return msgspec.structs.replace(made, cells=cells, sd=digests, sd_alg=ALGORITHM if digests else ""), hidden


def disclosed(made: Draft, texts: Sequence[str]) -> tuple[Draft, int]:
    """Return the draft with the cells that these disclosures open, and how many stay withheld; raise Malformed."""
    cells = dict(made.cells)
    opened: set[str] = set()
    for text in texts:
        found = parse_disclosure(text)
        if found.digest not in made.sd:
            what = f"The disclosure of '{found.name[:40]}' is not of this statement."
            raise Malformed(what, "It was altered, or belongs to another statement.")
        if found.name not in MAY_BE_WITHHELD:
            what = f"The disclosure is of '{found.name[:40]}', which cannot be withheld."
            raise Malformed(what, "Whoever wrote the statement has broken the form; tell its author.")
        if found.name in cells or found.digest in opened:
            raise Malformed(f"The cell '{found.name}' is disclosed twice.", "Leave one out.")
        cells[found.name] = found.value
        opened.add(found.digest)
    return msgspec.structs.replace(made, cells=cells), len(set(made.sd) - opened)


def parse_disclosure(text: str) -> Disclosure:
    """Return the disclosure that a text is; raise Malformed where it is none."""
    try:
        if not _BASE64URL.fullmatch(text):
            raise ValueError
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        salt, name, value = msgspec.json.decode(raw, type=tuple[str, str, str])
    except (ValueError, msgspec.DecodeError, RecursionError):
        raise Malformed("This is no disclosure of a withheld cell.", "Ask its author for it again.") from None
    return Disclosure(salt, name, value, text)


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
