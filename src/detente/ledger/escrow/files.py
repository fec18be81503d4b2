"""The files of an escrow: canonical JSON (RFC 8785), read within bounds and never written over another."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Final
from typing import TypeVar

import msgspec

from detente.errors import DetenteError

__all__ = ["MAX_BYTES", "MAX_INTEGER", "Scalar", "canonical", "decoded", "digest", "read_bytes", "write_new"]

MAX_BYTES: Final = 1 << 30
"""No file is read beyond this many bytes; an opening of a million items has some 300 MB."""

MAX_INTEGER: Final = (1 << 53) - 1
"""The largest integer that every reader of JSON keeps exact (RFC 8785, 3.2.2.3)."""

Scalar = str | int | bool
"""What a field may hold.  Fractions are written as text, so that no reader rounds them."""

_Shape = TypeVar("_Shape")


def canonical(value: object) -> bytes:
    """Return a value as RFC 8785 writes it.

    The members of every object here are named in ASCII and no number is a fraction; for such values the sorted
    encoding of msgspec is that of RFC 8785, which the tests hold against the `rfc8785` library.  It is fifty times
    as fast.
    """
    return msgspec.json.encode(value, order="sorted")


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hexadecimal: the name of a file's content."""
    return sha256(canonical(value)).hexdigest()


def decoded(data: bytes, shape: type[_Shape], name: str) -> _Shape:
    """Return what a file holds; raise DetenteError where it has another shape or is not canonical."""
    data = data.removesuffix(b"\n")
    try:
        value = msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise DetenteError(
            f"{name}: the file does not have the form it should: {fault or 'it is nested too deeply'}.",
            "Ask its author for the file as it was written.",
        ) from None
    if canonical(value) != data:
        raise DetenteError(
            f"{name}: the file is not canonical JSON (RFC 8785).",
            "It was edited, or holds a member twice; ask its author for the file as it was written.",
        )
    return value


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return the bytes of a file; raise DetenteError where there is none or it is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as fault:
        raise DetenteError(f"{path}: {fault.strerror or fault}.", "Name a file that can be read.") from None
    if len(data) > most:
        raise DetenteError(f"{path}: the file has more than {most:,} bytes.", "It is not read; nothing was changed.")
    return data


def write_new(path: Path, data: bytes, secret: bool = False) -> None:
    """Write a file that does not exist yet; a secret one can be read by its owner only (mode 0600).

    Its bytes are on the disk when this returns; where they cannot be, no file is left.
    """
    mode = 0o600 if secret else 0o644
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise DetenteError(f"'{path}' exists already.", "Name another file; nothing was changed.") from None
    except OSError as fault:
        raise DetenteError(f"{path}: {fault.strerror or fault}.", "Name a file that can be written.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        path.unlink(missing_ok=True)
        raise DetenteError(f"{path}: {fault.strerror or fault}.", "Nothing was written; make room for it.") from None
