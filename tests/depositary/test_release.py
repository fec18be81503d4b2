"""Release: a statement is proved with some of its cells, checked by who knows only keys, and read from then on."""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from depositary.sides import REPORT
from depositary.sides import Side
from depositary.sides import later
from detente.depositary.disclosures import Disclosure
from detente.depositary.disclosures import withheld
from detente.depositary.release import keep_disclosures
from detente.depositary.release import opened_release
from detente.depositary.release import release
from detente.ledger.faults import LedgerError
from detente.ledger.proofs import LogProof
from detente.reading.books import disclosures_of

CELLS = {**REPORT, "en": "Of these, 12 at sea."}


def _withhold(side: Side) -> tuple[Disclosure, ...]:
    made, hidden = withheld(side.draft("report", CELLS), ("value", "en"))
    side.submit(made)
    return hidden


def test_a_proof_shows_the_cells_that_are_disclosed_and_no_more(atl: Side) -> None:
    value, en = _withhold(atl)
    for hidden, left in (((), 2), ((value,), 1), ((value, en), 0)):
        data = release(atl.book, 1, hidden).encoded()
        found = opened_release(data, atl.book.public, atl.book.origin)
        assert (found.index, found.withheld, found.draft.id) == (1, left, "atl.x")
        assert {d.name for d in hidden} == {n for n in ("value", "en") if n in found.draft.cells}
    assert b"97" not in release(atl.book, 1, (en,)).extra


def test_it_leads_to_a_head_that_the_other_side_has_countersigned_where_there_is_one(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    _withhold(atl)
    lem.fetch(atl)
    lem.countersign(atl, later(1))
    atl.fetch(lem)
    atl.write("report", {**REPORT, "item": "b"}, "y")
    found = opened_release(release(atl.book, 1).encoded(), atl.book.public, atl.book.origin)
    assert (found.checkpoint.size, atl.book.checkpoint().size) == (2, 3)
    assert opened_release(release(atl.book, 2).encoded(), atl.book.public, atl.book.origin).checkpoint.size == 3


def test_altered_proofs_are_refused(atl: Side) -> None:
    value, _ = _withhold(atl)
    proof = release(atl.book, 1, (value,))
    forged = Disclosure(value.salt, "value", "57").text().encode()
    for extra in (
        proof.extra.replace(value.text().encode(), forged),
        proof.extra.replace(b'"warheads"', b'"missiles"'),
        proof.extra + value.text().encode() + b"~",
        b"",
        b"~" + value.text().encode(),
    ):
        with pytest.raises(LedgerError):
            opened_release(
                LogProof(proof.index, proof.path, proof.checkpoint, extra).encoded(), atl.book.public, atl.book.origin
            )
    with pytest.raises(LedgerError):
        opened_release(proof.encoded(), atl.book.public, "another.example/book")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=120), st.integers(0, 10**6), st.sampled_from(["bytes", "extra", "cut"]))
def test_any_bytes_are_a_release_or_refused(atl: Side, data: bytes, at: int, how: str) -> None:
    proof = release(atl.book, 0)
    whole = proof.encoded()
    at %= len(whole)
    hostile = {
        "bytes": data,
        "extra": whole.replace(b64encode(proof.extra), b64encode(data + b"}~" + data)),
        "cut": whole[:at] + data + whole[at + len(data) :],
    }[how]
    with suppress(LedgerError):
        opened_release(hostile, atl.book.public, atl.book.origin)


def test_disclosures_taken_from_the_other_side_are_kept_once_and_only_of_what_we_hold(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    value, en = _withhold(atl)
    found = opened_release(release(atl.book, 1, (value,)).encoded(), atl.book.public, atl.book.origin)
    with pytest.raises(LedgerError, match="does not hold"):
        keep_disclosures(lem.book, "atl", found)
    lem.fetch(atl)
    keep_disclosures(lem.book, "atl", found)
    more = opened_release(release(atl.book, 1, (en, value)).encoded(), atl.book.public, atl.book.origin)
    keep_disclosures(lem.book, "atl", more)
    assert disclosures_of(lem.book, atl.book.origin, found.draft) == (value.text(), en.text())


def test_whoever_signed_two_values_for_one_cell_is_found_out(sides: tuple[Side, Side]) -> None:
    atl, lem = sides
    one, other = Disclosure("a" * 43, "value", "97"), Disclosure("b" * 43, "value", "57")
    cells = {name: cell for name, cell in REPORT.items() if name != "value"}
    atl.write("report", cells, sd=(one.digest, other.digest), sd_alg="sha-256")
    lem.fetch(atl)
    shown = [
        opened_release(release(atl.book, 1, (d,)).encoded(), atl.book.public, atl.book.origin) for d in (one, other)
    ]
    keep_disclosures(lem.book, "atl", shown[0])
    with pytest.raises(LedgerError, match="two values of one cell"):
        keep_disclosures(lem.book, "atl", shown[1])
    assert disclosures_of(lem.book, atl.book.origin, shown[0].draft) == (one.text(),)


def test_a_statement_that_stands_beside_the_log_is_not_put_into_a_proof(atl: Side) -> None:
    atl.write("report", {**REPORT, "en": "x" * 70_000})
    with pytest.raises(LedgerError, match="too long for a proof"):
        release(atl.book, 1)
