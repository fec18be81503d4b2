"""Bytes from outside that are not what they should be: each defect is a file named for it, and the reader is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import Final

import pytest

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.journal import Journal
from detente.ledger.notes import opened
from detente.ledger.notes import split
from detente.ledger.proofs import LogProof
from detente.ledger.signatures import COSIGNATURE
from detente.ledger.signatures import ML_DSA_44
from detente.ledger.signatures import PrivateKey
from detente.ledger.signatures import PublicKey
from detente.ledger.tiles import parse_path
from detente.ledger.tiles import unpack

FIXTURES: Final = Path(__file__).parent / "fixtures"
WITNESSES: Final = (
    PrivateKey.from_seed("witness.example/w1", COSIGNATURE, bytes(range(1, 33))).public,
    PrivateKey.from_seed("witness.example/q1", ML_DSA_44, bytes(range(2, 34))).public,
)


def _journal(path: Path) -> None:
    journal = Journal(path)
    try:
        list(journal.batches())
    finally:
        journal.close()


_READERS: dict[str, Callable[[bytes], Any]] = {
    "note": split,
    "checkpoint": Checkpoint.parse,
    "vkey": lambda data: PublicKey.parse(data.decode()),
    "cosignature": lambda data: opened(data, WITNESSES),
    "bundle": lambda data: unpack(data, 3),
    "proof": LogProof.parse,
}

_NO_LINE = "a signature line is not '— NAME BASE64'"
_NO_BASE64 = "a signature is not Base64 as it must be written"
_NO_NAME = "cannot name a key"
_NO_ROOT = "its root hash is not Base64 as it must be written"
_NO_KIND = "of a kind that this program does not know"
_NO_HASH = "its hash 1 is not 32 bytes in Base64"
_NO_EXTRA = "its extra data are not Base64 as it must be written"
_NO_INDEX = "it has no line 'index N'"
_NO_HEADER = "it does not begin with 'c2sp.org/tlog-proof@v1'"

_NAMED: dict[str, str] = {
    "note/carriage-return": "a control character (0x0d)",
    "note/control-character": "a control character (0x07)",
    "note/cut-letter": "it is not UTF-8",
    "note/escape-in-the-signatures": "a control character (0x1b)",
    "note/hyphen-for-dash": _NO_LINE,
    "note/last-line-without-end": "its last line has no end",
    "note/latin-1": "it is not UTF-8",
    "note/name-alone": _NO_LINE,
    "note/name-with-no-break-space": _NO_NAME,
    "note/name-with-plus": "'mfa+example' cannot name a key",
    "note/name-with-space": "'mfa example' cannot name a key",
    "note/no-empty-line": "no empty line before the signatures",
    "note/no-name": _NO_LINE,
    "note/no-signature": "it has no signature",
    "note/no-space-after-dash": _NO_LINE,
    "note/null-byte": "a control character (0x00)",
    "note/one-hundred-and-one-signatures": "more than 100 signatures",
    "note/overlong-utf-8": "it is not UTF-8",
    "note/signature-empty": "a signature has 0 bytes",
    "note/signature-in-the-url-alphabet": _NO_BASE64,
    "note/signature-not-base64": _NO_BASE64,
    "note/signature-of-four-bytes": "a signature has 4 bytes",
    "note/signature-with-spare-bits": _NO_BASE64,
    "note/signature-without-padding": _NO_BASE64,
    "note/surrogate": "it is not UTF-8",
    "note/tab": "a control character (0x09)",
    "note/text-after-the-signatures": _NO_LINE,
    "note/two-spaces": _NO_NAME,
    "checkpoint/arabic-digits": "is no tree size",
    "checkpoint/carriage-returns": "is no tree size",
    "checkpoint/empty": "its last line has no end",
    "checkpoint/empty-extension-line": "its line 4 is empty",
    "checkpoint/empty-last-extension": "its line 4 is empty",
    "checkpoint/empty-line-between": "its line 2 is empty",
    "checkpoint/empty-log-with-another-root": "a log without entries has another root",
    "checkpoint/empty-origin": "its line 1 is empty",
    "checkpoint/hexadecimal-size": "'0x5' is no tree size",
    "checkpoint/latin-1": "it is not UTF-8",
    "checkpoint/leading-zero-size": "'05' is no tree size",
    "checkpoint/negative-size": "'-5' is no tree size",
    "checkpoint/no-last-newline": "its last line has no end",
    "checkpoint/root-in-hexadecimal": "its root hash has 48 bytes, not 32",
    "checkpoint/root-in-the-url-alphabet": _NO_ROOT,
    "checkpoint/root-not-base64": _NO_ROOT,
    "checkpoint/root-of-31-bytes": "its root hash has 31 bytes, not 32",
    "checkpoint/root-of-33-bytes": "its root hash has 33 bytes, not 32",
    "checkpoint/root-with-space": _NO_ROOT,
    "checkpoint/root-with-spare-bits": _NO_ROOT,
    "checkpoint/size-beyond-63-bits": "'9223372036854775808' is no tree size",
    "checkpoint/size-of-a-thousand-digits": "999… is no tree size".replace("… ", "…' "),
    "checkpoint/size-with-fraction": "'5.0' is no tree size",
    "checkpoint/size-with-sign": "'+5' is no tree size",
    "checkpoint/size-with-space": "' 5' is no tree size",
    "checkpoint/size-with-underline": "'1_000' is no tree size",
    "checkpoint/superscript-digits": "is no tree size",
    "checkpoint/two-lines": "fewer than three lines",
    "vkey/empty": "is no public key",
    "vkey/id-in-capitals": "is abdeb375, not 'ABDEB375'",
    "vkey/id-not-hexadecimal": "is abdeb375, not 'zzzzzzzz'",
    "vkey/id-of-another-key": "is abdeb375, not '4855d97d'",
    "vkey/id-too-short": "is abdeb375, not 'abdeb3'",
    "vkey/key-empty": "is no public key",
    "vkey/key-not-base64": "is no public key",
    "vkey/key-of-31-bytes": f"{_NO_KIND} (0x01, 31 bytes)",
    "vkey/key-of-33-bytes": f"{_NO_KIND} (0x01, 33 bytes)",
    "vkey/key-without-padding": "is no public key",
    "vkey/key-without-type": _NO_KIND,
    "vkey/ml-dsa-65": f"{_NO_KIND} (0x06, 1952 bytes)",
    "vkey/ml-dsa-of-32-bytes": f"{_NO_KIND} (0x06, 32 bytes)",
    "vkey/name-alone": "is no public key",
    "vkey/name-with-control-character": _NO_NAME,
    "vkey/name-with-no-break-space": _NO_NAME,
    "vkey/name-with-space": _NO_NAME,
    "vkey/no-key": "is no public key",
    "vkey/no-name": "'' cannot name a key",
    "vkey/private-key": "This is a private key",
    "vkey/two-keys": "is no public key",
    "vkey/type-of-ecdsa": f"{_NO_KIND} (0x02, 32 bytes)",
    "vkey/type-unknown": f"{_NO_KIND} (0xff, 32 bytes)",
    "proof/another-header": _NO_HEADER,
    "proof/arabic-digits": "'١' is no index",
    "proof/begins-with-an-empty-line": _NO_HEADER,
    "proof/carriage-returns": _NO_HEADER,
    "proof/empty": _NO_HEADER,
    "proof/extra-after-index": _NO_HASH,
    "proof/extra-empty": _NO_EXTRA,
    "proof/extra-not-base64": _NO_EXTRA,
    "proof/extra-twice": _NO_INDEX,
    "proof/extra-with-spare-bits": _NO_EXTRA,
    "proof/hash-in-hexadecimal": _NO_HASH,
    "proof/hash-not-base64": _NO_HASH,
    "proof/hash-of-31-bytes": _NO_HASH,
    "proof/hash-of-33-bytes": _NO_HASH,
    "proof/hash-with-space": _NO_HASH,
    "proof/index-beyond-63-bits": "'9223372036854775808' is no index",
    "proof/index-empty": "'' is no index",
    "proof/index-in-capitals": _NO_INDEX,
    "proof/index-leading-zero": "'01' is no index",
    "proof/index-not-a-number": "'one' is no index",
    "proof/index-twice": _NO_HASH,
    "proof/index-with-sign": "'+1' is no index",
    "proof/index-without-space": _NO_INDEX,
    "proof/latin-1": "is no index",
    "proof/negative-index": "'-1' is no index",
    "proof/no-empty-line": "no empty line before the checkpoint",
    "proof/no-header": _NO_HEADER,
    "proof/no-index": _NO_INDEX,
    "proof/nothing-but-a-header": _NO_INDEX,
    "proof/sixty-four-hashes": "more than 63 hashes",
}
"""What a message must say of a defect; of a cosignature, a bundle or a journal it always says the same."""

_ALWAYS: Final = {
    "cosignature": "is not of this text",
    "bundle": "does not hold 3 whole entries",
    "journal": "is damaged at byte",
}


def _names(form: str) -> list[str]:
    return sorted(f"{form}/{path.name}" for path in (FIXTURES / form).iterdir())


def _refused(name: str, fault: LedgerError) -> None:
    """Check that a refusal is one that a person can use."""
    said = _ALWAYS.get(name.partition("/")[0]) or _NAMED[name]
    assert said in fault.what
    assert fault.remedy
    assert len(str(fault)) < 400
    assert str(fault).isprintable()


@pytest.mark.parametrize("name", [name for form in _READERS for name in _names(form)])
def test_a_defect_is_refused_and_named(name: str) -> None:
    with pytest.raises(LedgerError) as refusal:
        _READERS[name.partition("/")[0]]((FIXTURES / name).read_bytes())
    _refused(name, refusal.value)


@pytest.mark.parametrize("name", _names("journal"))
def test_a_damaged_journal_is_refused_and_left_as_it_is(name: str, tmp_path: Path) -> None:
    data = (FIXTURES / name).read_bytes()
    path = tmp_path / "journal"
    path.write_bytes(data)
    with pytest.raises(LedgerError) as refusal:
        _journal(path)
    _refused(name, refusal.value)
    assert path.read_bytes() == data


@pytest.mark.parametrize("name", _names("tile-path"))
def test_what_is_no_tile_path_names_no_tile(name: str) -> None:
    assert parse_path((FIXTURES / name).read_bytes().decode()) is None


def test_every_defect_that_a_message_must_name_is_a_file() -> None:
    assert sorted(_NAMED) == sorted(name for form in _READERS if form not in _ALWAYS for name in _names(form))


def test_a_private_key_that_was_given_for_a_public_one_is_not_shown() -> None:
    text = (FIXTURES / "vkey" / "private-key").read_text()
    with pytest.raises(InvalidNote) as refusal:
        PublicKey.parse(text)
    assert not re.search("PeterNeumann|AYEKF", str(refusal.value))


@pytest.mark.parametrize("name", ["a" * 900_000 + "\u2028", "a\u009b2J ", "a\u202e "])
def test_a_name_from_outside_is_shown_short_and_does_nothing_to_a_terminal(name: str) -> None:
    note = f"text\n\n\N{EM DASH} {name} AAAAAAA=\n".encode()
    with pytest.raises(InvalidNote) as refusal:
        split(note)
    assert len(str(refusal.value)) < 300
    assert str(refusal.value).isprintable()


def test_the_names_of_unknown_keys_are_shown_a_few_and_short() -> None:
    lines = "".join(f"\N{EM DASH} {number}{'a' * 5000}\u009b AAAAAAA=\n" for number in range(100))
    with pytest.raises(InvalidNote, match="and others") as refusal:
        opened(f"text\n\n{lines}".encode(), [])
    assert len(str(refusal.value)) < 600
    assert str(refusal.value).isprintable()


def test_a_name_with_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(InvalidNote, match="cannot name a key"):
        PublicKey.parse("a\udc80+00000000+AQ==")
