"""Log entries: canonical JSON (RFC 8785) that says when it was logged, what was signed, and by whom.

    {"logged": TIME, "signatures": [LINE, ...], "statement": {...}}

The signed text is the statement, canonical, with a newline; each line is a signature line of a note (C2SP
signed-note), so that the statement and its lines are a signed note that other programs can check.  What would be
longer than a bundle can hold is logged by its hash, and stands beside the tiles at `body/<hash>`:

    {"body": {"sha256": HEX, "size": N}, "logged": TIME}
"""

from __future__ import annotations

import re
from datetime import UTC
from datetime import datetime
from hashlib import sha256
from typing import Any
from typing import Final

import msgspec
import rfc8785

from detente.ledger.faults import Malformed
from detente.ledger.notes import Note
from detente.ledger.notes import split
from detente.ledger.tiles import MAX_ENTRY

__all__ = [
    "MAX_BODY",
    "Body",
    "Entry",
    "NoEntry",
    "body_path",
    "canonical",
    "parse_entry",
    "parse_time",
    "signed_entry",
    "written_time",
]

MAX_BODY: Final = 64 << 20
"""The longest body that stands beside a log, in bytes; a longer one is refused unread."""

_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"

_HASH = re.compile(r"[0-9a-f]{64}")
_LINE = re.compile(r"\N{EM DASH} [^\s+]+ [A-Za-z0-9+/]+={0,2}")

_UNSURE = re.compile(rb"[\xf0-\xff]|[:\[,]-?(?:[0-9]{16}|[0-9]+[.eE])")
"""Where the fast library may order or write otherwise than RFC 8785: letters beyond 16 bits, and numbers that are no
whole numbers or are long.  What only looks like one, within a text, is merely checked more slowly."""


class NoEntry(Malformed):
    """Bytes of a log that are no entry of ours."""


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands beside the log: its hash in hexadecimal digits, and its length in bytes."""

    sha256: str
    size: int


class _Named(msgspec.Struct, frozen=True):
    sha256: str
    size: int


class _Attached(msgspec.Struct, frozen=True):
    attachments: tuple[_Named, ...] = ()


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    logged: str
    statement: msgspec.Raw = msgspec.Raw(b"")
    signatures: tuple[str, ...] = ()
    body: Body | None = None


class Entry(msgspec.Struct, frozen=True):
    """An entry taken apart: when it was logged, and the signed statement or where it stands."""

    logged: datetime
    statement: bytes = b""
    signatures: tuple[str, ...] = ()
    body: Body | None = None

    def note(self) -> bytes:
        """Return the statement with its signatures, as a signed note."""
        return self.statement + b"\n\n" + "".join(f"{line}\n" for line in self.signatures).encode()

    def attached(self) -> list[Body]:
        """Return the files that the statement names as going with it; they stand beside the log as bodies do."""
        try:
            found = msgspec.json.decode(self.statement or b"{}", type=_Attached)
        except msgspec.DecodeError:
            return []
        return [Body(file.sha256, file.size) for file in found.attachments]

    def encoded(self) -> bytes:
        """Return the entry as it is logged, however long."""
        members: dict[str, object] = {"logged": written_time(self.logged)}
        if self.body:
            members["body"] = {"sha256": self.body.sha256, "size": self.body.size}
        else:
            members["signatures"] = list(self.signatures)
            members["statement"] = msgspec.json.decode(self.statement)
        return canonical(members)

    def logged_form(self) -> tuple[bytes, bytes | None]:
        """Return the entry as a bundle can hold it, and the body that stands beside it, if it must."""
        data = self.encoded()
        if len(data) <= MAX_ENTRY:
            return data, None
        if len(data) > MAX_BODY:
            what = f"The statement has {len(data)} bytes; a log takes {MAX_BODY} at most."
            raise Malformed(what, "Divide it, or state the hash of what it carries.")
        body = Body(sha256(data).hexdigest(), len(data))
        return Entry(self.logged, body=body).encoded(), data


def canonical(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can say
    """Return a value as canonical JSON (RFC 8785): one text for one value, whoever writes it."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as fault:
        what = f"This cannot be written as canonical JSON: {fault}."
        raise Malformed(what, "Use text, whole numbers up to 2^53, lists and tables.") from None


def signed_entry(note: bytes, logged: datetime) -> Entry:
    """Return the entry of a signed statement; raise InvalidNote or Malformed where the note is none."""
    found = split(note)
    statement = found.text.removesuffix(b"\n")
    _check_canonical(statement, "The statement")
    if not statement.startswith(b"{"):
        raise Malformed("The statement is no table.", 'It should be JSON like {"about": "..."}.')
    return Entry(logged, statement, tuple(_lines_of(found)))


def _lines_of(note: Note) -> list[str]:
    """Return the signature lines of a note, as an entry holds them."""
    return [signature.line().decode().removesuffix("\n") for signature in note.signatures]


def parse_entry(data: bytes) -> Entry:
    """Return the entry that bytes of a log are; raise Malformed where they are none, or not canonical."""
    try:
        written = msgspec.json.decode(data, type=_Written)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise _no_entry(str(fault)) from None
    _check_canonical(data, "The entry")
    logged = parse_time(written.logged)
    if logged is None:
        raise _no_entry(f"'{written.logged[:40]}' is no time; write 2026-11-24T17:15:25Z")
    statement = bytes(written.statement)
    # Lines and hashes become parts of notes and of paths: nothing else may hide in them.
    if not all(map(_LINE.fullmatch, written.signatures)):
        raise _no_entry("a signature line is not '— NAME BASE64'")
    if written.body and not (_HASH.fullmatch(written.body.sha256) and 0 < written.body.size <= MAX_BODY):
        raise _no_entry("its body has no SHA-256 in hexadecimal digits, or no size that a body can have")
    if statement and not statement.startswith(b"{"):
        raise _no_entry("its statement is no table")
    if bool(statement) == bool(written.body) or bool(statement) != bool(written.signatures):
        raise _no_entry("it has neither a signed statement nor a body, or both")
    return Entry(logged, statement, written.signatures, written.body)


def body_path(digest: str) -> str:
    """Return where a body stands in the folder of the log."""
    return f"body/{digest}"


def parse_time(text: str) -> datetime | None:
    """Return the time that a text like 2026-11-24T17:15:25Z says, or None where it is written in another way."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if text.endswith("Z") and written_time(found) == text else None


def written_time(time: datetime) -> str:
    """Return a time in UTC, to the second, as entries have it."""
    return time.astimezone(UTC).strftime(_TIME)


def _check_canonical(data: bytes, what: str) -> None:
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise NoEntry(f"{what} is no JSON: {fault}.", "It was damaged on its way; ask for it again.") from None
    # Where nothing is unsure, as in nearly all entries, the fast library writes what the exact one would.
    fast = not _UNSURE.search(data) and msgspec.json.encode(value, order="sorted") == data
    if not fast and canonical(value) != data:
        remedy = "Write members in order, without spaces, and each character in its shortest form."
        raise NoEntry(f"{what} is JSON, but not canonical (RFC 8785).", remedy)


def _no_entry(why: str) -> NoEntry:
    return NoEntry(f"This is no log entry: {why}.", "It was damaged on its way; ask for it again.")
