"""Keys of an office: made, kept in a file under a passphrase, and told to others as verifier keys.

An office has three keys of one name, one for each kind of signature (see `signatures`).  The private file is an age
file (C2SP age) under a passphrase, which scrypt (RFC 7914) makes slow to guess; inside are PKCS #8 keys in PEM.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
import pyrage
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.folder import write_durably
from detente.ledger.notes import check_name
from detente.ledger.signatures import COSIGNATURE
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import ML_DSA_44
from detente.ledger.signatures import PrivateKey
from detente.ledger.signatures import PublicKey
from detente.ledger.signatures import generate

__all__ = ["ALGORITHMS", "OfficeKeys", "new_keys", "open_keys", "parse_public", "read_keys", "save_keys"]

ALGORITHMS: Final = (ED25519, COSIGNATURE, ML_DSA_44)
_LEAST_PASSPHRASE: Final = 8
_MAX_KEY_FILE: Final = 1 << 16
_PEM_END: Final = b"-----END PRIVATE KEY-----\n"


class OfficeKeys(msgspec.Struct, frozen=True):
    """The private keys of an office: `note` signs statements and its own log, the others countersign other logs."""

    note: PrivateKey
    cosignature: PrivateKey
    quantum_safe: PrivateKey

    @property
    def name(self) -> str:
        """The name of the office's keys."""
        return self.note.name

    @property
    def all(self) -> tuple[PrivateKey, ...]:
        """The three keys."""
        return self.note, self.cosignature, self.quantum_safe

    @property
    def public(self) -> tuple[PublicKey, ...]:
        """What others need to check signatures of this office."""
        return tuple(key.public for key in self.all)

    @property
    def cosigners(self) -> tuple[PrivateKey, ...]:
        """The keys that countersign, in both kinds."""
        return self.cosignature, self.quantum_safe


def new_keys(name: str) -> OfficeKeys:
    """Return fresh keys for an office."""
    _check_text(name, "name")
    return OfficeKeys(*(generate(check_name(name), algorithm) for algorithm in ALGORITHMS))


def save_keys(keys: OfficeKeys, folder: Path, passphrase: str) -> tuple[Path, Path]:
    """Write `NAME.key` (private, readable by its owner alone) and `NAME.pub`; never over a key that is there."""
    _check_text(passphrase, "passphrase")
    if len(passphrase) < _LEAST_PASSPHRASE:
        what = f"The passphrase has fewer than {_LEAST_PASSPHRASE} characters."
        raise LedgerError(what, "Take several words; whoever guesses it signs in the office's name.")
    stem = keys.name.rpartition("/")[2].strip(".") or "office"
    private, public = folder / f"{stem}.key", folder / f"{stem}.pub"
    if private.exists() or public.exists():
        raise LedgerError(f"There is a key '{private}' already.", "Nothing was changed; choose another name or folder.")
    pem = b"".join(k.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) for k in keys.all)
    sealed = pyrage.passphrase.encrypt(keys.name.encode() + b"\n" + pem, passphrase)
    write_durably(private, sealed, mode=0o600)
    write_durably(public, "".join(f"{key}\n" for key in keys.public).encode())
    return private, public


def open_keys(path: Path, passphrase: str) -> OfficeKeys:
    """Return the keys of a private file; raise LedgerError where it is none or the passphrase is another."""
    _check_text(passphrase, "passphrase")
    try:
        with path.open("rb") as file:
            sealed = file.read(_MAX_KEY_FILE)
    except OSError as fault:
        what = f"The key '{path}' cannot be read ({fault.strerror})."
        raise LedgerError(what, "Name the .key file, or make one with: detente key new OFFICE") from None
    try:
        return read_keys(pyrage.passphrase.decrypt(sealed, passphrase))
    except pyrage.DecryptError:
        what = f"The key '{path}' does not open with this passphrase, or is no key file."
        raise LedgerError(
            what, "Try again. A lost passphrase cannot be replaced: make a new key and announce it."
        ) from None


def _check_text(text: str, what: str) -> None:
    """Raise LedgerError where a text came in as bytes that are none, as from a terminal of another encoding."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise LedgerError(f"The {what} is not UTF-8.", "Set the terminal to UTF-8, and type it again.") from None


def read_keys(text: bytes) -> OfficeKeys:
    """Return the keys of what a private file holds when it is open."""
    name, _, rest = text.partition(b"\n")
    blocks = [block + _PEM_END for block in rest.split(_PEM_END) if block]
    try:
        loaded = [load_pem_private_key(block, None) for block in blocks]
        office = check_name(name.decode())
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidNote) as fault:
        raise LedgerError(f"The key file is damaged ({fault}).", "Take a copy of it.") from None
    kinds = (Ed25519PrivateKey, Ed25519PrivateKey, MLDSA44PrivateKey)
    if len(loaded) != len(kinds) or not all(isinstance(k, kind) for k, kind in zip(loaded, kinds, strict=True)):
        raise LedgerError("The key file does not hold the three keys of an office.", "Take a copy of it.")
    made = (PrivateKey(office, a, k) for a, k in zip(ALGORITHMS, loaded, strict=True))  # type: ignore[arg-type]
    return OfficeKeys(*made)


def parse_public(text: str, shown: str) -> tuple[PublicKey, ...]:
    """Return the keys of a public file, one a line; raise InvalidNote with the line where one is faulty."""
    keys: list[PublicKey] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                keys.append(PublicKey.parse(line))
            except InvalidNote as fault:
                raise InvalidNote(f"{shown}:{number}: {fault.what}", fault.remedy) from None
    if not keys:
        raise InvalidNote(f"'{shown}' holds no public key.", "Each line should read NAME+ID+KEY.")
    if len({key.name for key in keys}) > 1:
        raise InvalidNote(f"'{shown}' holds keys of several names.", "Give each office a file of its own.")
    return tuple(keys)
