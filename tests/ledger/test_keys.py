"""Key files: opened where age's specification says so, made by independent code; refused in words where not."""

from __future__ import annotations

import os
import stat
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization import PrivateFormat

from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.keys import OfficeKeys
from detente.ledger.keys import new_keys
from detente.ledger.keys import open_keys
from detente.ledger.keys import parse_public
from detente.ledger.keys import read_keys
from detente.ledger.keys import save_keys
from ledger.offices import ATLANTIS
from ledger.offices import keys_of

PASSPHRASE = "four words of an office"


def _hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(key)


def _base64(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def age_file(text: bytes, passphrase: str, work: int = 2) -> bytes:
    """Return an age file under a passphrase, as C2SP age.md has it, with so little work that tests stay quick."""
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    wrap = Scrypt(b"age-encryption.org/v1/scrypt" + salt, 32, 1 << work, 8, 1).derive(passphrase.encode())
    body = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    head = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (_base64(salt), work, _base64(body))
    mac = HMAC(_hkdf(file_key, b"", b"header"), SHA256())
    mac.update(head)
    chunks = [text[at : at + 65536] for at in range(0, len(text), 65536)]
    payload = ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))
    sealed = [
        payload.encrypt(number.to_bytes(11, "big") + bytes([number == len(chunks) - 1]), chunk, None)
        for number, chunk in enumerate(chunks)
    ]
    return head + b" " + _base64(mac.finalize()) + b"\n" + nonce + b"".join(sealed)


def pem_of(keys: OfficeKeys) -> bytes:
    """Return what stands in an open key file."""
    pem = b"".join(k.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) for k in keys.all)
    return keys.name.encode() + b"\n" + pem


def key_file(path: Path, keys: OfficeKeys, passphrase: str = PASSPHRASE) -> Path:
    """Write a key file that opens quickly."""
    path.write_bytes(age_file(pem_of(keys), passphrase))
    return path


def test_a_key_file_made_by_other_code_opens(tmp_path: Path) -> None:
    keys = keys_of(ATLANTIS)
    opened = open_keys(key_file(tmp_path / "a.key", keys), PASSPHRASE)
    assert opened.public == keys.public
    assert opened.name == ATLANTIS
    text = b"x\n"
    assert keys.note.public.verifies(text, opened.note.sign(text))


@pytest.mark.parametrize("passphrase", ["", "four words of an offic", PASSPHRASE.upper(), "другая"])
def test_another_passphrase_is_refused_in_words(tmp_path: Path, passphrase: str) -> None:
    path = key_file(tmp_path / "a.key", keys_of(ATLANTIS))
    with pytest.raises(LedgerError, match="does not open with this passphrase"):
        open_keys(path, passphrase)


def test_every_damaged_byte_is_noticed(tmp_path: Path) -> None:
    whole = age_file(pem_of(keys_of(ATLANTIS)), PASSPHRASE)
    path = tmp_path / "a.key"
    for at in [*range(0, 200, 7), *range(200, len(whole), 97), len(whole) - 1]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(LedgerError):
            open_keys(path, PASSPHRASE)
    for end in range(0, len(whole), 61):
        path.write_bytes(whole[:end])
        with pytest.raises(LedgerError):
            open_keys(path, PASSPHRASE)


def _ed(kind: type[Ed25519PrivateKey] | type[Ed448PrivateKey] = Ed25519PrivateKey, password: bytes = b"") -> bytes:
    how = BestAvailableEncryption(password) if password else NoEncryption()
    return kind.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


NO_KEYS = {
    "empty": b"",
    "a name alone": b"mfa.example/book\n",
    "text": b"mfa.example/book\nthe office\n",
    "no name": pem_of(keys_of(ATLANTIS)).partition(b"\n")[2],
    "a name with spaces": b"the office\n" + pem_of(keys_of(ATLANTIS)).partition(b"\n")[2],
    "a name in other bytes": b"\xff\n" + pem_of(keys_of(ATLANTIS)).partition(b"\n")[2],
    "one key": b"mfa.example/book\n" + _ed(),
    "three of one kind": b"mfa.example/book\n" + _ed() * 3,
    "another kind": b"mfa.example/book\n" + _ed(Ed448PrivateKey) * 3,
    "a locked key inside": b"mfa.example/book\n" + _ed(password=b"locked") * 3,
    "four keys": pem_of(keys_of(ATLANTIS)) + _ed(),
}


@pytest.mark.parametrize("what", NO_KEYS)
def test_what_holds_no_keys_is_refused_in_words(tmp_path: Path, what: str) -> None:
    with pytest.raises(LedgerError):
        read_keys(NO_KEYS[what])
    (tmp_path / "a.key").write_bytes(age_file(NO_KEYS[what] or b"\n", PASSPHRASE))
    with pytest.raises(LedgerError):
        open_keys(tmp_path / "a.key", PASSPHRASE)


def test_a_file_that_asks_for_endless_work_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    path.write_bytes(age_file(b"x", PASSPHRASE).replace(b" 2\n", b" 60\n", 1))
    with pytest.raises(LedgerError, match="does not open"):
        open_keys(path, PASSPHRASE)


def test_a_file_of_any_length_is_read_no_further_than_a_key_file_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(LedgerError, match="no key file"):
        open_keys(path, PASSPHRASE)


def test_no_file_and_a_folder_are_refused_with_what_to_do(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.key", tmp_path):
        with pytest.raises(LedgerError, match="detente key new"):
            open_keys(path, PASSPHRASE)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, OfficeKeys]:
    """One key file as the program makes it: its passphrase is slow to try, as it should be."""
    keys = new_keys(ATLANTIS)
    folder = tmp_path_factory.mktemp("keys")
    private, public = save_keys(keys, folder, PASSPHRASE)
    return private, public, keys


def test_a_saved_key_is_for_its_owner_and_its_public_part_for_all(saved: tuple[Path, Path, OfficeKeys]) -> None:
    private, public, keys = saved
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert (private.name, public.name) == ("book.key", "book.pub")
    assert parse_public(public.read_text("utf-8"), "book.pub") == keys.public
    assert b"PRIVATE" not in private.read_bytes()
    assert private.read_bytes().startswith(b"age-encryption.org/v1\n-> scrypt ")
    with pytest.raises(LedgerError, match="Nothing was changed"):
        save_keys(keys, private.parent, PASSPHRASE)


def test_a_saved_key_opens_again(saved: tuple[Path, Path, OfficeKeys]) -> None:
    private, _, keys = saved
    assert open_keys(private, PASSPHRASE).public == keys.public


def test_bytes_that_are_no_text_are_refused_in_words(tmp_path: Path) -> None:
    odd = b"four words \xff".decode("utf-8", "surrogateescape")
    for go in (
        lambda: new_keys(odd),
        lambda: save_keys(keys_of(ATLANTIS), tmp_path, odd),
        lambda: open_keys(key_file(tmp_path / "a.key", keys_of(ATLANTIS)), odd),
    ):
        with pytest.raises(LedgerError, match="is not UTF-8"):
            go()


def test_a_short_passphrase_and_a_bad_name_make_no_key(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="fewer than 8"):
        save_keys(keys_of(ATLANTIS), tmp_path, "short")
    for name in ("", "two words", "a+b", "a\nb", "a\x00b"):
        with pytest.raises(InvalidNote):
            new_keys(name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x/", "x/.", "x/..", "x/..."])
def test_a_key_file_has_a_name_whatever_the_office_is_called(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyrage.passphrase.encrypt", lambda text, _: text)
    private, public = save_keys(keys_of(name), tmp_path, PASSPHRASE)
    assert sorted(p.name for p in tmp_path.iterdir()) == [private.name, public.name] == ["office.key", "office.pub"]


LINE = str(keys_of(ATLANTIS).public[0])
FAULTY = {
    "nothing": ("", "no public key"),
    "a remark": ("# keys\n\n", "no public key"),
    "another text": ("hello\n", "a.pub:1: "),
    "a changed id": (LINE.replace("+", "+0", 1) + "\n", "a.pub:1: "),
    "a changed key": ("# keys\n" + LINE[:-3] + "xA=\n", "a.pub:2: "),
    "another kind": ("a+00000000+AgAA\n", "a kind that this program does not know"),
    "two offices": (LINE + "\n" + str(keys_of("b").public[0]) + "\n", "several names"),
}


@pytest.mark.parametrize("what", FAULTY)
def test_a_faulty_public_file_is_refused_with_its_line(what: str) -> None:
    text, says = FAULTY[what]
    with pytest.raises(InvalidNote) as fault:
        parse_public(text, "a.pub")
    assert says in str(fault.value)
