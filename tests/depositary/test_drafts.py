"""Drafts: one text for one statement; and what is no statement is refused in words, whatever it is."""

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from depositary.sides import START
from detente.depositary.drafts import Attachment
from detente.depositary.drafts import Draft
from detente.depositary.drafts import draft
from detente.depositary.drafts import parse_draft
from detente.depositary.drafts import sign_draft
from detente.depositary.form import form_faults
from detente.ledger.faults import LedgerError
from detente.ledger.keys import new_keys
from detente.ledger.notes import opened
from detente.record.statements import KINDS

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
_DRAFTS = st.builds(
    Draft,
    id=st.from_regex(r"[a-z0-9]{1,5}([.-][a-z0-9]{1,5}){0,3}", fullmatch=True),
    kind=st.sampled_from([*KINDS, "office", "receipt"]),
    office=_TEXT,
    sent=st.just("2026-03-01T12:00:00Z"),
    cells=st.dictionaries(_TEXT, _TEXT, max_size=4),
    seen=st.dictionaries(_TEXT, st.integers(0, 2**53 - 1), max_size=3),
    attachments=st.lists(st.builds(Attachment, name=_TEXT, sha256=_TEXT, size=st.integers(0, 9)), max_size=2).map(
        tuple
    ),
    sd=st.lists(_TEXT, max_size=2).map(tuple),
)


@given(_DRAFTS)
def test_a_draft_is_read_back_from_its_text(made: Draft) -> None:
    text = made.text()
    assert parse_draft(text) == made
    assert text == rfc8785.dumps(msgspec.json.decode(text)) + b"\n"
    list(form_faults(made))


def test_the_signed_text_is_as_documented() -> None:
    made = draft("atl.a", "report", "ATL-MFA", {"value": "97", "party": "ATL", "en": ""}, START, {"a.example": 3})
    assert made.text() == (
        b'{"cells":{"party":"ATL","value":"97"},"id":"atl.a","kind":"report","office":"ATL-MFA",'
        b'"seen":{"a.example":3},"sent":"2026-03-01T12:00:00Z"}\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"id":1}',
        b'{"cells":{},"id":"A b","kind":"report","office":"o","sent":"t"}',
        b'{"cells":{},"id":"../../etc","kind":"report","office":"o","sent":"t"}',
        b'{"cells":{},"id":"a","kind":"rumour","office":"o","sent":"t"}',
        b'{"cells":{"a":1},"id":"a","kind":"report","office":"o","sent":"t"}',
        b'{"cells":{"a":"\\ud800"},"id":"a","kind":"report","office":"o","sent":"t"}',
        b'{"cells":{},"id":"a","kind":"report","more":1,"office":"o","sent":"t"}',
        b'{"cells":{},"id":"' + b"a" * 201 + b'","kind":"report","office":"o","sent":"t"}',
    ],
)  # fmt: skip
def test_what_is_no_statement_is_refused_in_words(text: bytes) -> None:
    with pytest.raises(LedgerError) as caught:
        parse_draft(text)
    assert caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        b'{"cells": {},"id":"a","kind":"report","office":"o","sent":"t"}',
        b'{"id":"a","cells":{},"kind":"report","office":"o","sent":"t"}',
        b'{"cells":{},"id":"a","kind":"report","office":"o","seen":{},"sent":"t"}',
        b'{"cells":{"en":"\\u00e9"},"id":"a","kind":"report","office":"o","sent":"t"}',
        b'{"cells":{},"cells":{},"id":"a","kind":"report","office":"o","sent":"t"}',
    ],
)
def test_a_statement_has_one_text_only(text: bytes) -> None:
    with pytest.raises(LedgerError, match="canonical"):
        parse_draft(text)


_MEMBERS = ["id", "kind", "office", "sent", "cells", "seen", "jointly", "attachments", "_sd", "_sd_alg"]
_VALUES = st.one_of(
    st.text(max_size=9),
    st.integers(-5, 2**70),
    st.none(),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(0, 3), max_size=2),
    st.lists(st.text(max_size=5), max_size=2),
)


@given(st.one_of(st.binary(max_size=200), st.dictionaries(st.sampled_from(_MEMBERS), _VALUES).map(json.dumps)))
def test_any_bytes_are_a_statement_or_refused(data: bytes | str) -> None:
    try:
        made = parse_draft(data.encode() if isinstance(data, str) else data)
    except LedgerError:
        return
    list(form_faults(made))


@given(_DRAFTS, st.sampled_from(_MEMBERS), _VALUES)
def test_a_statement_with_another_member_is_one_or_refused(made: Draft, name: str, value: Any) -> None:
    members = {**msgspec.to_builtins(made), name: value}
    try:
        changed = parse_draft(json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
    except LedgerError:
        return
    list(form_faults(changed))


def test_a_signed_draft_is_a_note_that_other_programs_can_check() -> None:
    keys = new_keys("mfa.example/book")
    made = draft("atl.a", "report", "ATL-MFA", {"party": "ATL"}, datetime(2026, 3, 1, tzinfo=UTC))
    note, signers = opened(sign_draft(made, keys.note), keys.public)
    assert note.text == made.text()
    assert [signer.name for signer in signers] == ["mfa.example/book"]


def test_a_statement_of_a_hundred_thousand_cells_is_refused_in_words() -> None:
    made = Draft(id="a", kind="report", office="o", sent="t", cells={f"c{i}": "1" for i in range(100_000)})
    with pytest.raises(LedgerError, match="at most 1,000,000") as caught:
        sign_draft(made, new_keys("mfa.example/book").note)
    assert "--attach" in caught.value.remedy
