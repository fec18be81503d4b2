"""Signed notes (C2SP signed-note): a text, an empty line, and one line for each signature.

    TEXT
    (empty line)
    — KEY-NAME BASE64(32-bit key id, signature)

A note is only as good as the keys that its reader knows; signatures of other keys are passed over.
"""

from __future__ import annotations

import re
from base64 import b64decode
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from typing import NamedTuple
from typing import Protocol

from detente.ledger.faults import InvalidNote
from detente.ledger.faults import shown

__all__ = [
    "MAX_NOTE",
    "MAX_SIGNATURES",
    "Note",
    "Signature",
    "Signer",
    "Verifier",
    "base64_bytes",
    "check_name",
    "key_id",
    "opened",
    "signed",
    "split",
]

MAX_NOTE: Final = 1_000_000
"""Longer notes are refused unread, in bytes."""

MAX_SIGNATURES: Final = 100
"""Notes with more signatures are refused; a verifier must take at least 16."""

_DASH = "\N{EM DASH} ".encode()
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")
_NO_NAME = re.compile("[+\x00-\x1f\ud800-\udfff]")
_SHOWN_NAMES: Final = 5
_ID_BYTES: Final = 4


class Signature(NamedTuple):
    """One signature line: who signed by name, the short id of the key, and the bytes."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> bytes:
        """Return the line of the note, with its end."""
        return _DASH + self.name.encode() + b" " + b64encode(self.key_id + self.value) + b"\n"


class Note(NamedTuple):
    """A note, taken apart and not yet verified; the text ends with a newline."""

    text: bytes
    signatures: tuple[Signature, ...]

    def encoded(self) -> bytes:
        """Return the note as it is sent."""
        return self.text + b"\n" + b"".join(signature.line() for signature in self.signatures)


class Verifier(Protocol):
    """A public key with a name."""

    @property
    def name(self) -> str:
        """The name of the key."""

    @property
    def key_id(self) -> bytes:
        """The first four bytes of the hash of name, algorithm and key."""

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over the text."""


class Signer(Protocol):
    """A private key with a name."""

    @property
    def name(self) -> str:
        """The name of the key."""

    @property
    def key_id(self) -> bytes:
        """The short id of the public key."""

    def sign(self, text: bytes) -> bytes:
        """Return the signature over a text."""


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """Return the four bytes that tell this key from others of its name."""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def check_name(name: str) -> str:
    """Return the name of a key if it may be one; raise InvalidNote."""
    if not name or _NO_NAME.search(name) or any(letter.isspace() for letter in name):
        what = f"'{shown(name)}' cannot name a key."
        raise InvalidNote(what, "A name has no spaces and no '+'; the best are like mfa.example/book.")
    return name


def base64_bytes(text: bytes | str) -> bytes | None:
    """Return what standard Base64 says, or None where it is none or is written in another way than the one."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return None
    written = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return data if b64encode(data) == written else None


def signed(text: bytes, *signers: Signer) -> bytes:
    """Return a text as a note with a signature of each signer; the text ends with a newline."""
    signatures = tuple(Signature(s.name, s.key_id, s.sign(text)) for s in signers)
    note = Note(text, signatures).encoded()
    split(note)
    return note


def split(note: bytes) -> Note:
    """Return a note's text and signatures; raise InvalidNote where it is none.  Nothing is verified yet."""
    if len(note) > MAX_NOTE:
        raise _no_note(f"it has more than {MAX_NOTE} bytes")
    try:
        note.decode("utf-8")
    except UnicodeDecodeError:
        raise _no_note("it is not UTF-8") from None
    if control := _CONTROL.search(note):
        raise _no_note(f"it has a control character (0x{control[0][0]:02x})")
    text, gap, lines = note.rpartition(b"\n\n")
    if not gap:
        raise _no_note("it has no empty line before the signatures")
    if not lines:
        raise _no_note("it has no signature")
    if not lines.endswith(b"\n"):
        raise _no_note("its last line has no end")
    if lines.count(b"\n") > MAX_SIGNATURES:
        raise _no_note(f"it has more than {MAX_SIGNATURES} signatures")
    return Note(text + b"\n", tuple(_signature(line) for line in lines[:-1].split(b"\n")))


def opened(note: bytes, verifiers: Iterable[Verifier]) -> tuple[Note, tuple[Verifier, ...]]:
    """Return a note and the known keys that have signed it; raise InvalidNote.

    A note with a faulty signature of a known key is refused whole, and so is one that no known key has signed.
    """
    found = split(note)
    known = {(key.name, key.key_id): key for key in verifiers}
    seen: dict[tuple[str, bytes], Verifier] = {}
    for signature in found.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None or (signature.name, signature.key_id) in seen:
            continue
        if not key.verifies(found.text, signature.value):
            what = f"The signature of '{key.name}' is not of this text."
            raise InvalidNote(what, "The text was altered after it was signed, or another key has signed; keep it.")
        seen[signature.name, signature.key_id] = key
    if not seen:
        others = sorted({f"'{shown(signature.name)}'" for signature in found.signatures})
        names = ", ".join(others[:_SHOWN_NAMES]) + (" and others" if len(others) > _SHOWN_NAMES else "")
        what = f"No known key has signed this; it is signed by {names}."
        raise InvalidNote(what, "Ask its author for the public key (NAME+ID+KEY) by another way, and add it.")
    return found, tuple(seen.values())


def _signature(line: bytes) -> Signature:
    name, _, text = line.removeprefix(_DASH).rpartition(b" ")
    if not line.startswith(_DASH) or not name:
        raise _no_note("a signature line is not '— NAME BASE64'")
    data = base64_bytes(text)
    if data is None:
        raise _no_note(f"a signature is not Base64 as it must be written: '{shown(text.decode(), 20)}'")
    if len(data) <= _ID_BYTES:
        raise _no_note(f"a signature has {len(data)} bytes, which is no more than the id of its key")
    return Signature(check_name(name.decode()), data[:_ID_BYTES], data[_ID_BYTES:])


def _no_note(why: str) -> InvalidNote:
    return InvalidNote(f"This is no signed note: {why}.", "It was damaged on its way; fetch it again.")
