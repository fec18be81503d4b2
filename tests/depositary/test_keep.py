"""Keeping: all or none; what is long stands beside; and what a strange log holds is read on and reported."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from depositary.sides import REPORT
from depositary.sides import START
from depositary.sides import Side
from depositary.sides import later
from depositary.sides import refused
from depositary.sides import rules
from detente.depositary.accept import accept
from detente.depositary.drafts import Attachment
from detente.depositary.fault import Refused
from detente.depositary.keep import attach
from detente.depositary.keep import books_of
from detente.depositary.kept import Kept
from detente.ledger.entries import body_path
from detente.ledger.entries import canonical
from detente.ledger.entries import parse_entry
from detente.ledger.entries import signed_entry
from detente.ledger.faults import LedgerError
from detente.ledger.keys import new_keys


def test_a_batch_is_kept_whole_or_not_at_all(atl: Side) -> None:
    good = [atl.draft("report", {**REPORT, "item": str(i)}, f"i{i}") for i in range(3)]
    bad = atl.draft("report", {**REPORT, "author": "LEM"}, "bad")
    assert [id for id, _ in refused(atl, *map(atl.note, [*good, bad]))] == ["atl.bad"]
    assert [found.index for found in atl.submit(*good)] == [1, 2, 3]
    assert list(atl.kept().written) == ["office-1", "atl.i0", "atl.i1", "atl.i2"]


def test_what_is_too_long_for_a_bundle_stands_beside_and_is_read_back(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    long = "слово " * 20_000
    atl.write("report", {**REPORT, "ru": long.strip()})
    entry = parse_entry(atl.book.reader().entry(1))
    assert entry.body
    assert (atl.book.served / body_path(entry.body.sha256)).stat().st_size == entry.body.size
    lem.fetch(atl)
    for kept in (atl.kept(), books_of(lem.book)[atl.book.origin]):
        assert kept.written["atl.x"].draft.cells["ru"] == long.strip()
        assert not kept.written["atl.x"].faults
    (atl.book.served / body_path(entry.body.sha256)).unlink()
    assert [index for index, _ in atl.kept().strange] == [1]


def test_an_attachment_stands_beside_the_log_and_comes_with_it(sides: tuple[Side, Side], tmp_path: Path) -> None:
    atl, lem = sides
    file = tmp_path / "схема.pdf"
    file.write_bytes(b"%PDF")
    made = attach(atl.book, file)
    assert made == Attachment("схема.pdf", sha256(b"%PDF").hexdigest(), 4)
    atl.write("report", REPORT, attachments=(made,))
    lem.fetch(atl)
    assert (lem.book.folder_of("atl") / "log" / body_path(made.sha256)).read_bytes() == b"%PDF"
    missing = atl.draft("report", {**REPORT, "item": "b"}, "y", attachments=(Attachment("b.pdf", "0" * 64, 4),))
    assert rules(refused(atl, atl.note(missing))) == ["attachment"]
    with pytest.raises(LedgerError, match="cannot be read"):
        attach(atl.book, tmp_path / "nothing")


def _strange(atl: Side) -> list[bytes]:
    """Return entries that no depositary would have kept, each of which must not count."""
    note, stranger = atl.note, new_keys("stranger.example/x")
    good = atl.draft("report", {**REPORT, "item": "other"}, "altered")
    altered = signed_entry(note(good), START).encoded().replace(b'"97"', b'"57"')
    notes = [
        note(atl.draft("report", REPORT, "unsigned"), stranger.note),
        note(atl.draft("report", {**REPORT, "author": "LEM"}, "foreign")),
        note(atl.draft("report", {**REPORT, "en": 'x\n"lem.fake","LEM"'}, "injected")),
        note(atl.named("lem.y", "report", REPORT)),
        note(atl.draft("report", {**REPORT, "corrects": "lem.x"}, "hides")),
        note(atl.draft("report", REPORT, "sent", sent="soon")),
        note(atl.draft("report", REPORT, "closed", office="NOBODY")),
    ]
    return [altered, *(signed_entry(one, START).encoded() for one in notes)]


def test_a_strange_log_is_read_on_and_what_does_not_count_is_told(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    others = [b"no json", b"{}", canonical({"logged": "2026-03-01T12:00:00Z", "note": 1}), b'{"a": 1}', b""]
    with atl.book.writer(atl.keys) as log:
        log.append(_strange(atl))
        log.append([entry for entry in others if entry])
    atl.write("report", REPORT, "last")
    atl.force(atl.note(atl.draft("report", {**REPORT, "value": "1"}, "last")))
    lem.fetch(atl)
    kept = books_of(lem.book)[atl.book.origin]
    assert [w.draft.id for w in kept.since(0)] == ["office-1", "atl.last"]
    assert kept.counts("atl.last") is not None
    assert [index for index, _ in kept.strange] == [9, 10, 11, 12, 14]
    assert len([w for w in kept.written.values() if w.faults]) == 8
    assert kept.size == 15


def test_a_second_correction_in_a_foreign_log_does_not_count(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    atl.write("report", REPORT)
    for value, id in (("1", "y"), ("2", "z")):
        atl.force(atl.note(atl.draft("report", {**REPORT, "value": value, "corrects": "atl.x"}, id)))
    lem.fetch(atl)
    kept = books_of(lem.book)[atl.book.origin]
    assert (kept.counts("atl.y") is not None, kept.counts("atl.z")) == (True, None)


def _book(atl: Side) -> Kept:
    return atl.kept()


def test_one_statement_is_accepted_or_refused_without_any_file(atl: Side) -> None:
    kept, made = _book(atl), atl.draft("report", REPORT)
    assert accept(atl.note(made), kept) == made
    with pytest.raises(LedgerError, match="no signed note"):
        accept(b"nonsense", kept)
    for bad, rule in (
        (atl.draft("report", {**REPORT, "author": "LEM"}), "authority"),
        (atl.draft("report", {"colour": "red"}), "schema"),
        (atl.named("office-1", "report", REPORT), "id"),
    ):
        with pytest.raises(Refused) as caught:
            accept(atl.note(bad), kept)
        assert rule in rules(caught.value.faults)
    with pytest.raises(Refused) as caught:
        accept(atl.note(made).replace(b'"97"', b'"57"'), kept)
    assert rules(caught.value.faults) == ["signature"]


def test_times_of_one_book_do_not_go_back_across_batches(atl: Side) -> None:
    atl.write("report", REPORT)
    atl.submit(atl.draft("report", {**REPORT, "item": "b"}, "y"), now=later(2))
    assert rules(refused(atl, atl.note(atl.draft("report", {**REPORT, "item": "c"}, "z")), now=later(1))) == ["clock"]
