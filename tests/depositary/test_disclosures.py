"""Withheld cells, held to the words of RFC 9901 and to its published example."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depositary.sides import START
from detente.depositary.disclosures import MAY_BE_WITHHELD
from detente.depositary.disclosures import Disclosure
from detente.depositary.disclosures import disclosed
from detente.depositary.disclosures import parse_disclosure
from detente.depositary.disclosures import withheld
from detente.depositary.drafts import Draft
from detente.depositary.drafts import draft
from detente.depositary.form import form_faults
from detente.ledger.faults import LedgerError

CELLS = {"measure": "warheads", "party": "ATL", "silence": "given", "value": "97", "item": "база «Север»"}
PUBLISHED = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
"""RFC 9901, 4.2.1: the disclosure of the family name Möbius; 4.2.3 gives its digest."""


def _digest(text: str) -> str:
    """RFC 9901, 4.2.3: Base64url, without padding, of the hash over the ASCII bytes of the disclosure as it is sent."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode("ascii")).digest()).decode().rstrip("=")


def _array(text: str) -> list[str]:
    found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    assert isinstance(found, list)
    return found


@pytest.fixture
def made() -> Draft:
    return draft("atl.a", "report", "ATL-MFA", CELLS, START)


def test_the_published_example_is_read_and_digested_as_the_standard_says() -> None:
    found = parse_disclosure(PUBLISHED)
    assert (found.salt, found.name, found.value) == ("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius")
    assert found.digest == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    assert found.text() == PUBLISHED


def test_a_withheld_cell_is_a_salted_digest_in_the_signed_text(made: Draft) -> None:
    shown, hidden = withheld(made, ("value", "item"))
    assert shown.cells == {name: cell for name, cell in CELLS.items() if name not in ("value", "item")}
    assert b"97" not in shown.text()
    assert shown.sd_alg == "sha-256"
    assert sorted(shown.sd) == list(shown.sd) == sorted(_digest(d.text()) for d in hidden)
    for found, name in zip(hidden, ("value", "item"), strict=True):
        salt, told, value = _array(found.text())
        assert (told, value) == (name, CELLS[name])
        assert len(base64.urlsafe_b64decode(salt + "==")) * 8 >= 128  # RFC 9901, 9.3
    assert list(form_faults(shown)) == []


def test_the_same_value_has_another_digest_each_time(made: Draft) -> None:
    assert withheld(made, ("value",))[0].sd != withheld(made, ("value",))[0].sd


def test_disclosures_open_some_cells_or_all(made: Draft) -> None:
    shown, (value, item) = withheld(made, ("value", "item"))
    assert disclosed(shown, ())[1] == 2
    one, left = disclosed(shown, (value.text(),))
    assert (one.cells["value"], "item" in one.cells, left) == ("97", False, 1)
    whole, left = disclosed(shown, (item.text(), value.text()))
    assert (whole.cells, left) == (CELLS, 0)


def test_a_disclosure_that_another_program_has_written_with_spaces_is_taken(made: Draft) -> None:
    text = base64.urlsafe_b64encode(json.dumps(["salt" * 6, "value", "97"]).encode()).decode().rstrip("=")
    shown = Draft(**{f: getattr(made, f) for f in ("id", "kind", "office", "sent")}, cells={}, sd=(_digest(text),))
    assert disclosed(shown, (text,))[0].cells == {"value": "97"}


def test_a_disclosure_of_another_statement_is_refused(made: Draft) -> None:
    shown, _ = withheld(made, ("value",))
    _, (other,) = withheld(made, ("value",))
    with pytest.raises(LedgerError, match="not of this statement"):
        disclosed(shown, (other.text(),))


@pytest.mark.parametrize("change", ["salt", "name", "value"])
def test_an_altered_disclosure_is_refused(made: Draft, change: str) -> None:
    shown, (value,) = withheld(made, ("value",))
    parts = {"salt": value.salt, "name": "value", "value": "97", change: "98"}
    with pytest.raises(LedgerError, match="not of this statement"):
        disclosed(shown, (Disclosure(**parts).text(),))


def test_a_disclosure_given_twice_is_refused(made: Draft) -> None:
    shown, (value,) = withheld(made, ("value",))
    with pytest.raises(LedgerError, match="twice"):
        disclosed(shown, (value.text(), value.text()))


def test_two_values_signed_for_one_cell_are_refused_when_both_are_shown(made: Draft) -> None:
    one, other = Disclosure("a" * 22, "value", "97"), Disclosure("b" * 22, "value", "57")
    shown = Draft(id="atl.a", kind="report", office="o", sent="t", cells={}, sd=(one.digest, other.digest))
    assert disclosed(shown, (one.text(),))[0].cells["value"] == "97"
    with pytest.raises(LedgerError, match="twice"):
        disclosed(shown, (one.text(), other.text()))


@pytest.mark.parametrize(
    "name", ["author", "corrects", "refs", "party", "verb", "silence", "known", "id", "_sd", "..."]
)
def test_who_speaks_and_of_what_is_never_withheld_nor_smuggled_in(made: Draft, name: str) -> None:
    hidden = Disclosure("a" * 22, name, "LEM")
    shown = Draft(id="atl.a", kind="report", office="o", sent="t", cells={}, sd=(hidden.digest,), sd_alg="sha-256")
    with pytest.raises(LedgerError, match="cannot be withheld"):
        disclosed(shown, (hidden.text(),))
    assert name not in MAY_BE_WITHHELD
    with pytest.raises(LedgerError):
        withheld(Draft(id="atl.a", kind="report", office="o", sent="t", cells={name: "x"}), (name,))


def test_what_is_not_there_cannot_be_withheld(made: Draft) -> None:
    with pytest.raises(LedgerError, match="no place and no en to withhold"):
        withheld(made, ("value", "place", "en"))


@given(
    st.one_of(
        st.text(max_size=60), st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode().rstrip("="))
    )
)
def test_any_text_is_a_disclosure_or_refused(text: str) -> None:
    try:
        found = parse_disclosure(text)
    except LedgerError:
        return
    assert found.digest == _digest(text)


@pytest.mark.parametrize(
    ("digests", "algorithm"),
    [
        (("short",), "sha-256"),
        (("a" * 43, "a" * 43), "sha-256"),
        (("a" * 43,), "md5"),
        (("a" * 43,), ""),
        ((), "sha-256"),
    ],
)
def test_digests_that_no_cell_could_open_are_a_fault_of_form(digests: tuple[str, ...], algorithm: str) -> None:
    shown = Draft(
        id="a", kind="report", office="o", sent="2026-03-01T12:00:00Z", cells={}, sd=digests, sd_alg=algorithm
    )
    assert [fault.rule for fault in form_faults(shown)] == ["form"]
