"""The three kinds of signature of a log: Ed25519 notes, and timestamped cosignatures in Ed25519 and ML-DSA-44.

| byte | what | published in |
|---|---|---|
| 0x01 | Ed25519 over the text of a note | C2SP signed-note, RFC 8032 |
| 0x04 | Ed25519 cosignature of a checkpoint, with the time | C2SP tlog-cosignature |
| 0x06 | the same in ML-DSA-44, which withstands quantum computers | C2SP tlog-cosignature, FIPS 204 |

A public key is written as a verifier key, `NAME+ID+BASE64(byte, key)`, the form that other programs take.
"""

from __future__ import annotations

import struct
import time
from base64 import b64encode
from functools import cached_property
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.faults import shown
from detente.ledger.notes import base64_bytes
from detente.ledger.notes import check_name
from detente.ledger.notes import key_id

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "ML_DSA_44",
    "PrivateKey",
    "PublicKey",
    "cosignature_time",
    "generate",
]

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
ML_DSA_44: Final = 0x06

_PUBLIC_BYTES: Final = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: 1312}
_SIGNATURE_BYTES: Final = {ED25519: 64, COSIGNATURE: 8 + 64, ML_DSA_44: 8 + 2420}
_TIMES: Final = 2**63
_SECRET: Final = "PRIVATE+KEY+"

_Private = Ed25519PrivateKey | MLDSA44PrivateKey


class PublicKey:
    """A public key with its name and the kind of signature that it makes."""

    def __init__(self, name: str, algorithm: int, raw: bytes) -> None:
        self.name = check_name(name)
        if len(raw) != _PUBLIC_BYTES.get(algorithm, -1):
            kind = f"0x{algorithm:02x}, {len(raw)} bytes"
            what = f"The key '{shown(name)}' is of a kind that this program does not know ({kind})."
            raise InvalidNote(what, "Ask for an Ed25519 or an ML-DSA-44 key.")
        self.algorithm = algorithm
        self.raw = raw
        self.key_id = key_id(name, algorithm, raw)

    @staticmethod
    def parse(text: str) -> PublicKey:
        """Return the key that a verifier key writes, `NAME+ID+BASE64`; raise InvalidNote."""
        if text.lstrip().startswith(_SECRET):
            what = "This is a private key, and a public one was asked for."
            raise InvalidNote(what, "Give the public key; and make a new pair, if this one was shown to anyone.")
        name, _, rest = text.strip().partition("+")
        id_text, _, key_text = rest.partition("+")
        data = base64_bytes(key_text)
        if not data:
            raise InvalidNote(f"'{shown(text.strip())}' is no public key.", "It should read NAME+ID+KEY, on one line.")
        key = PublicKey(name, data[0], data[1:])
        if id_text != key.key_id.hex():
            what = f"The id of the key '{shown(name)}' is {key.key_id.hex()}, not '{shown(id_text, 20)}'."
            raise InvalidNote(what, "The key was damaged or changed on its way; ask for it again.")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.algorithm]) + self.raw).decode()}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash((self.name, self.key_id))

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over the text of a note."""
        if len(signature) != _SIGNATURE_BYTES[self.algorithm]:
            return False
        if self.algorithm == ED25519:
            return self._verifies(signature, text)
        seconds = cosignature_time(signature)
        if seconds >= _TIMES:
            return False
        try:
            message = _message(self.name, self.algorithm, text, seconds)
        except LedgerError:
            return False
        return self._verifies(signature[8:], message)

    @cached_property
    def _key(self) -> Ed25519PublicKey | MLDSA44PublicKey | None:
        """The key as the library has it; None where the bytes are no point of the curve."""
        kind = MLDSA44PublicKey if self.algorithm == ML_DSA_44 else Ed25519PublicKey
        try:
            return kind.from_public_bytes(self.raw)
        except ValueError:
            return None

    def _verifies(self, signature: bytes, message: bytes) -> bool:
        if self._key is None:
            return False
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class PrivateKey:
    """A private key with its name; it signs, and never leaves the process but in an encrypted file."""

    def __init__(self, name: str, algorithm: int, key: _Private) -> None:
        self.key = key
        self.public = PublicKey(name, algorithm, key.public_key().public_bytes_raw())
        self.name = self.public.name
        self.key_id = self.public.key_id

    @staticmethod
    def from_seed(name: str, algorithm: int, seed: bytes) -> PrivateKey:
        """Return the key that 32 bytes of seed make."""
        if algorithm == ML_DSA_44:
            return PrivateKey(name, algorithm, MLDSA44PrivateKey.from_seed_bytes(seed))
        return PrivateKey(name, algorithm, Ed25519PrivateKey.from_private_bytes(seed))

    def sign(self, text: bytes, at: int | None = None) -> bytes:
        """Return the signature over a note's text; a cosignature carries the time `at`, in seconds since 1970."""
        if self.public.algorithm == ED25519:
            return self.key.sign(text)
        seconds = int(time.time()) if at is None else at
        return struct.pack(">Q", seconds) + self.key.sign(_message(self.name, self.public.algorithm, text, seconds))


def generate(name: str, algorithm: int) -> PrivateKey:
    """Return a fresh key."""
    return PrivateKey(
        name, algorithm, MLDSA44PrivateKey.generate() if algorithm == ML_DSA_44 else Ed25519PrivateKey.generate()
    )


def cosignature_time(signature: bytes) -> int:
    """Return the time that a cosignature carries, in seconds since 1970."""
    return int.from_bytes(signature[:8], "big")


def _message(name: str, algorithm: int, text: bytes, seconds: int) -> bytes:
    """Return what a cosignature of either kind signs."""
    if algorithm == COSIGNATURE:
        Checkpoint.parse(text)
        return b"cosignature/v1\ntime %d\n" % seconds + text
    checkpoint = Checkpoint.parse(text)
    if checkpoint.extensions:
        what = "A checkpoint with extension lines cannot be cosigned in ML-DSA-44: the signature would not cover them."
        raise LedgerError(what, "Leave the lines out, or cosign in Ed25519.")
    cosigner, origin = name.encode(), checkpoint.origin.encode()
    if max(len(cosigner), len(origin)) > 255:
        raise LedgerError("A name of more than 255 bytes cannot be cosigned.", "Choose a shorter name for the log.")
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes([len(cosigner)]), cosigner,
            struct.pack(">Q", seconds),
            bytes([len(origin)]), origin,
            struct.pack(">QQ", 0, checkpoint.size),
            checkpoint.root,
        )
    )  # fmt: skip
