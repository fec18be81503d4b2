"""Every parser of bytes from outside: what was written is read alike, and no bytes do anything but be refused."""

from __future__ import annotations

import tracemalloc
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from typing import Final

import pytest
from hypothesis import HealthCheck
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from tools import fuzz_ledger

from detente.ledger.checkpoints import MAX_SIZE
from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.checkpoints import parse_number
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.faults import LedgerError
from detente.ledger.faults import shown
from detente.ledger.journal import Journal
from detente.ledger.merkle import EMPTY_ROOT
from detente.ledger.merkle import InvalidProof
from detente.ledger.merkle import root_from_inclusion
from detente.ledger.merkle import roots_from_consistency
from detente.ledger.merkle import verify_subtree_consistency
from detente.ledger.merkle import verify_subtree_inclusion
from detente.ledger.notes import MAX_NOTE
from detente.ledger.notes import MAX_SIGNATURES
from detente.ledger.notes import Note
from detente.ledger.notes import Signature
from detente.ledger.notes import base64_bytes
from detente.ledger.notes import check_name
from detente.ledger.notes import opened
from detente.ledger.notes import signed
from detente.ledger.notes import split
from detente.ledger.proofs import LogProof
from detente.ledger.signatures import COSIGNATURE
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import ML_DSA_44
from detente.ledger.signatures import PrivateKey
from detente.ledger.signatures import PublicKey
from detente.ledger.signatures import cosignature_time
from detente.ledger.tiles import ENTRIES
from detente.ledger.tiles import WIDTH
from detente.ledger.tiles import Tile
from detente.ledger.tiles import pack
from detente.ledger.tiles import parse_path
from detente.ledger.tiles import unpack
from ledger.logs import KEY
from ledger.logs import ORIGIN
from ledger.logs import memory_folder

FIXTURES: Final = Path(__file__).parent / "fixtures"
VECTORS: Final = Path(__file__).parent.parent / "vectors"

# What may be written.

_letters = st.characters(codec="utf-8", exclude_characters=[*map(chr, range(32))])
lines = st.text(_letters, min_size=1, max_size=40)
names = st.text(_letters.filter(lambda c: c != "+" and not c.isspace()), min_size=1, max_size=40)
hashes = st.binary(min_size=32, max_size=32)
signatures = st.builds(Signature, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))
texts = st.lists(st.text(_letters, max_size=40), min_size=1, max_size=6).map(lambda ls: ("\n".join(ls) + "\n").encode())
notes = st.builds(Note, texts, st.lists(signatures, min_size=1, max_size=5).map(tuple))
checkpoints = st.one_of(
    st.builds(Checkpoint, lines, st.integers(1, MAX_SIZE), hashes, st.lists(lines, max_size=3).map(tuple)),
    st.builds(Checkpoint, lines, st.just(0), st.just(EMPTY_ROOT)),
)
seeds = st.binary(min_size=32, max_size=32)
keys = st.builds(PrivateKey.from_seed, names, st.sampled_from([ED25519, COSIGNATURE, ML_DSA_44]), seeds)
tiles = st.builds(Tile, st.integers(ENTRIES, 63), st.integers(0, MAX_SIZE), st.integers(1, WIDTH))
proofs = st.builds(
    LogProof,
    st.integers(0, MAX_SIZE),
    st.lists(hashes, max_size=63).map(tuple),
    st.binary(max_size=200),
    st.binary(max_size=50),
)
batches = st.lists(st.lists(st.binary(max_size=300), max_size=5), max_size=5)


@given(notes)
def test_a_note_is_read_as_it_was_written(note: Note) -> None:
    assert split(note.encoded()) == note


@given(checkpoints)
def test_a_checkpoint_is_read_as_it_was_written(checkpoint: Checkpoint) -> None:
    assert Checkpoint.parse(checkpoint.text()) == checkpoint


@given(keys)
@settings(deadline=None)
def test_a_key_is_read_as_it_was_written(key: PrivateKey) -> None:
    assert PublicKey.parse(str(key.public)) == key.public


@given(checkpoints, keys, st.integers(0, MAX_SIZE))
@settings(deadline=None)
def test_a_signature_of_any_kind_is_verified_and_is_of_its_text_and_its_time(
    checkpoint: Checkpoint, key: PrivateKey, at: int
) -> None:
    if key.public.algorithm == ML_DSA_44:
        checkpoint = Checkpoint(checkpoint.origin, checkpoint.size, checkpoint.root)
    text = checkpoint.text()
    value = key.sign(text, at)
    note = Note(text, (Signature(key.name, key.key_id, value),)).encoded()
    assert opened_checkpoint(note, [key.public], checkpoint.origin) == checkpoint
    assert not key.public.verifies(text.replace(checkpoint.origin.encode(), b"another", 1), value) or (
        checkpoint.origin == "another"
    )
    if key.public.algorithm != ED25519:
        assert cosignature_time(value) == at
        assert not key.public.verifies(text, (at ^ 1).to_bytes(8, "big") + value[8:])


@given(st.binary(max_size=200), st.lists(keys, min_size=1, max_size=3, unique_by=lambda key: str(key.public)))
@settings(deadline=None)
def test_what_was_signed_is_opened_by_each_of_its_keys(text: bytes, signers: list[PrivateKey]) -> None:
    with suppress(LedgerError):
        note = signed(text, *signers)
        assert opened(note, [key.public for key in signers])[0].text == text


@given(tiles)
@example(Tile(0, MAX_SIZE, 255))
def test_a_path_is_read_as_it_was_written(tile: Tile) -> None:
    assert parse_path(tile.path) == tile


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    assert unpack(pack(entries), len(entries)) == entries


@given(proofs)
def test_a_proof_is_read_as_it_was_written(proof: LogProof) -> None:
    assert LogProof.parse(proof.encoded()) == proof


@given(batches, st.integers(0, MAX_SIZE))
@settings(deadline=None)
def test_a_journal_is_read_as_it_was_written(entries: list[list[bytes]], first: int) -> None:
    with memory_folder() as folder:
        journal = Journal(folder / "journal")
        for number, batch in enumerate(entries):
            journal.append(first + number, pack(batch))
        journal.close()
        again = Journal(folder / "journal")
        assert list(again.batches()) == [(first + number, batch) for number, batch in enumerate(entries)]
        again.close()


# What may come.


def _published() -> list[bytes]:
    """Every file that is nearly right, to begin from."""
    found = [path.read_bytes() for path in sorted(FIXTURES.rglob("*")) if path.is_file()]
    return [data for data in found if len(data) < 4000]


_edits = st.lists(
    st.tuples(st.sampled_from(["flip", "drop", "put", "twice"]), st.integers(0, 4000), st.binary(max_size=6)),
    min_size=1,
    max_size=4,
)


def _edited(data: bytes, edits: list[tuple[str, int, bytes]]) -> bytes:
    for kind, place, new in edits:
        at = place % (len(data) + 1)
        if kind == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ (new[0] if new else 1)]) + data[at + 1 :]
        elif kind == "drop":
            data = data[:at] + data[at + len(new) + 1 :]
        elif kind == "put":
            data = data[:at] + new + data[at:]
        else:
            data = data[:at] * 2 + data[at:]
    return data


_near = st.builds(_edited, st.sampled_from(_published()), _edits)
_wild = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(str.encode),
    st.lists(
        st.sampled_from([b"\n", b"\n\n", "\N{EM DASH} ".encode(), b"a", b"0", b"AAAA", b"=", b"+"]), max_size=80
    ).map(b"".join),
)
outside = st.one_of(_near, _wild)

_MLDSA = PrivateKey.from_seed("q", ML_DSA_44, bytes(32)).public


def _journaled(data: bytes) -> None:
    with memory_folder() as folder:
        (folder / "journal").write_bytes(data)
        journal = Journal(folder / "journal")
        try:
            for _ in journal.batches():
                pass
        finally:
            journal.close()


_PARSERS: dict[str, Callable[[bytes], Any]] = {
    "note": split,
    "opened note": lambda data: opened(data, [KEY.public, _MLDSA]),
    "checkpoint": Checkpoint.parse,
    "signed checkpoint": read_checkpoint,
    "opened checkpoint": lambda data: opened_checkpoint(data, [KEY.public], ORIGIN),
    "key": lambda data: PublicKey.parse(data.decode("utf-8", "surrogateescape")),
    "name": lambda data: check_name(data.decode("utf-8", "surrogateescape")),
    "proof": LogProof.parse,
    "verified proof": lambda data: LogProof.parse(data).verified(b"entry", [KEY.public], ORIGIN),
    "bundle": lambda data: unpack(data, 3),
    "path": lambda data: parse_path(data.decode("utf-8", "surrogateescape")),
    "number": lambda data: parse_number(data.decode("utf-8", "surrogateescape")),
    "Base64": base64_bytes,
    "Base64 text": lambda data: base64_bytes(data.decode("utf-8", "surrogateescape")),
    "signature": lambda data: KEY.public.verifies(b"text", data),
    "ML-DSA signature": lambda data: _MLDSA.verifies(data, data.ljust(2428, b"\0")[:2428]),
    "shown": lambda data: shown(data.decode("utf-8", "surrogateescape")).encode(),
    "journal": _journaled,
}


@pytest.mark.parametrize("parser", _PARSERS)
@given(data=outside)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
def test_no_bytes_do_anything_but_be_read_or_refused(parser: str, data: bytes) -> None:
    with suppress(LedgerError):
        _PARSERS[parser](data)


@given(st.builds(lambda kind, data: bytes([kind]) + data, st.integers(0, 255), outside))
@settings(deadline=None)
def test_the_fuzzer_takes_any_bytes(data: bytes) -> None:
    fuzz_ledger.one(data)


@given(_near)
@settings(deadline=None)
def test_what_is_read_of_altered_bytes_is_written_as_those_bytes(data: bytes) -> None:
    with suppress(LedgerError):
        assert split(data).encoded() == data
    with suppress(LedgerError):
        assert Checkpoint.parse(data).text() == data
    with suppress(LedgerError):
        assert LogProof.parse(data).encoded() == data
    with suppress(LedgerError):
        assert pack(unpack(data, 3)) == data
    with suppress(LedgerError, UnicodeDecodeError):
        assert str(PublicKey.parse(data.decode())) == data.decode().strip()


_numbers = st.one_of(st.integers(-3, 70), st.integers(-(2**70), 2**70))


@given(_numbers, _numbers, _numbers, st.lists(st.binary(max_size=40), max_size=70), st.binary(max_size=40))
@settings(deadline=None, max_examples=300)
def test_no_proof_does_anything_but_prove_or_be_refused(
    one: int, two: int, three: int, proof: list[bytes], root: bytes
) -> None:
    with suppress(InvalidProof):
        root_from_inclusion(root, one, two, proof)
    with suppress(InvalidProof):
        roots_from_consistency(one, two, proof, root)
    with suppress(InvalidProof):
        verify_subtree_inclusion(root, one, two, three, proof, root)
    with suppress(InvalidProof):
        verify_subtree_consistency(one, two, three, proof, root, root)


# Much of it.

_MEGA = 1_000_000
_SIGNATURE = "\N{EM DASH} mfa.example/book ".encode() + b64encode(bytes(68)) + b"\n"
_HASH = b64encode(bytes(32)) + b"\n"
_PROOF = b"c2sp.org/tlog-proof@v1\nindex 1\n"

_MUCH: dict[str, bytes] = {
    "a million newlines": b"\n" * _MEGA,
    "four million newlines": b"\n" * (4 * _MEGA),
    "half a million empty lines and a signature": b"\n" * (MAX_NOTE - 100) + _SIGNATURE,
    "a hundred thousand signatures": b"text\n\n" + _SIGNATURE * 100_000,
    "as many short signatures as a note can hold": b"text\n\n" + b"\xe2\x80\x94 a AAAAAAA=\n" * 60_000,
    "one line of a megabyte": b"a" * (MAX_NOTE - 1) + b"\n",
    "one signature of a megabyte": b"text\n\n\xe2\x80\x94 a " + b"A" * (MAX_NOTE - 100) + b"\n",
    "one name of a megabyte": b"text\n\n\xe2\x80\x94 " + b"a" * (MAX_NOTE - 100) + b" AAAAAAA=\n",
    "a checkpoint of half a million lines": b"a\n1\n" + _HASH + b"b\n" * 400_000,
    "a size of a megabyte": b"a\n" + b"9" * _MEGA + b"\n" + _HASH,
    "a proof of fifty thousand hashes": _PROOF + _HASH * 40_000 + b"\ntext",
    "a proof of a million lines": _PROOF + b"a\n" * (_MEGA - 20) + b"\ntext",
    "a proof with an index of a megabyte": b"c2sp.org/tlog-proof@v1\nindex " + b"9" * _MEGA + b"\n\ntext",
    "a proof with extra data of a megabyte": b"c2sp.org/tlog-proof@v1\nextra " + b"A" * _MEGA + b"\nindex 1\n\ntext",
    "a path of a megabyte": b"tile/0/" + b"x001/" * 200_000 + b"000",
    "a million empty entries": bytes(2 * _MEGA),
    "eight megabytes of zeroes": bytes(8 * _MEGA),
    "eight megabytes of ones": b"\xff" * (8 * _MEGA),
    "a million plus signs": b"+" * _MEGA,
    "em dashes": "\N{EM DASH}".encode() * 300_000,
}


@pytest.mark.parametrize("parser", _PARSERS)
@pytest.mark.parametrize("much", _MUCH)
def test_much_is_refused_in_memory_that_is_bounded_by_its_size(parser: str, much: str) -> None:
    data = _MUCH[much]
    tracemalloc.start()
    try:
        with suppress(LedgerError):
            _PARSERS[parser](data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6 * len(data) + 30 * MAX_NOTE


def test_a_note_that_is_too_long_is_not_looked_into() -> None:
    tracemalloc.start()
    try:
        with suppress(LedgerError):
            split(_MUCH["four million newlines"])
        with suppress(LedgerError):
            LogProof.parse(_MUCH["four million newlines"])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000


def test_signatures_are_counted_before_they_are_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []
    real = base64_bytes

    def counted(text: bytes) -> bytes | None:
        looked.append(text)
        return real(text)

    monkeypatch.setattr("detente.ledger.notes.base64_bytes", counted)
    with pytest.raises(LedgerError, match="more than 100"):
        split(_MUCH["as many short signatures as a note can hold"])
    with pytest.raises(LedgerError):
        LogProof.parse(_MUCH["a proof of fifty thousand hashes"])
    assert looked == []
    split(b"text\n\n" + _SIGNATURE * MAX_SIGNATURES)
    assert len(looked) == MAX_SIGNATURES


def test_a_key_verifies_no_more_than_one_signature_of_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[bytes] = []
    note = signed(b"text\n", KEY)
    note += note.partition(b"\n\n")[2] * (MAX_SIGNATURES - 1)
    real = PublicKey.verifies

    def counted(key: PublicKey, text: bytes, value: bytes) -> bool:
        verified.append(value)
        return real(key, text, value)

    monkeypatch.setattr(PublicKey, "verifies", counted)
    assert opened(note, [KEY.public])[1] == (KEY.public,)
    assert len(verified) == 1
