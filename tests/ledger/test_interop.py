"""A log of ours, read by a program that others have written from the same specifications."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path

import pytest
from tlog_scales import backend
from tlog_scales import reader
from tlog_scales import signing
from tlog_scales import tlog

from detente.ledger.book import Book
from detente.ledger.book import Other
from detente.ledger.book import create_book
from detente.ledger.keys import OfficeKeys
from detente.ledger.keys import new_keys
from detente.ledger.merkle import leaf_hash
from detente.ledger.stores import FolderStore
from detente.ledger.witness import visit

SIZE = 700


@pytest.fixture(scope="module")
def keys() -> OfficeKeys:
    return new_keys("mfa.example/book")


@pytest.fixture(scope="module")
def witness() -> OfficeKeys:
    return new_keys("other.example/book")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, keys: OfficeKeys) -> Book:
    made = create_book(tmp_path_factory.mktemp("book"), keys)
    with made.writer(keys) as log:
        for start in range(0, SIZE, 350):
            log.append([f"entry {i}".encode() for i in range(start, start + 350)])
    return made


@pytest.fixture(scope="module")
def cosigned(tmp_path_factory: pytest.TempPathFactory, book: Book, keys: OfficeKeys, witness: OfficeKeys) -> str:
    theirs = create_book(tmp_path_factory.mktemp("witness"), witness)
    theirs.meet("mfa", Other(origin=keys.name, keys=tuple(str(key) for key in keys.public)))
    return visit(theirs, "mfa", FolderStore(book.served), witness, datetime.now(UTC)).note.decode()


def _tiles(book: Book) -> reader.TilesReader:
    tiles = reader.TilesReader(backend.LocalBackend(Path(book.served)))
    tiles.set_size(SIZE)
    return tiles


def test_another_program_finds_the_same_root_and_entries(book: Book) -> None:
    tiles = _tiles(book)
    assert tiles.calculate_root_hash() == book.checkpoint().root
    for index in (0, 255, 256, 511, 512, SIZE - 1):
        assert tiles.get_entry(index) == f"entry {index}".encode()


def test_another_program_makes_the_same_proofs(book: Book) -> None:
    tiles, ours = _tiles(book), book.reader()
    for index in (0, 255, 256, SIZE - 1):
        proof = tiles.get_inclusion_proof(index, SIZE)
        assert proof.node_hashes == ours.inclusion_proof(index)
        assert leaf_hash(ours.entry(index)) == ours.node(0, index)


def test_another_program_takes_all_three_kinds_of_signature(
    cosigned: str, keys: OfficeKeys, witness: OfficeKeys
) -> None:
    checkpoint = tlog.Checkpoint.from_text(cosigned)
    taken = set(_taken(checkpoint, (keys.note.public, *(key.public for key in witness.cosigners))))
    assert taken == {0x01, 0x04, 0x06}


def _taken(checkpoint: tlog.Checkpoint, known: tuple[object, ...]) -> Iterator[int]:
    for public in known:
        key = signing.Vkey.from_string(str(public))
        for signature in checkpoint.signatures:
            if key.match(signature):
                key.get_verifier().verify_note(signature, checkpoint)
                yield key.sig_type
