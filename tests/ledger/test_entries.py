"""Entries: what is read is what a canonical writer wrote, and nothing hides in the parts that become paths or notes."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from detente.ledger.entries import MAX_BODY
from detente.ledger.entries import Entry
from detente.ledger.entries import body_path
from detente.ledger.entries import canonical
from detente.ledger.entries import parse_entry
from detente.ledger.entries import signed_entry
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.notes import signed
from detente.ledger.tiles import MAX_ENTRY
from ledger.offices import ATLANTIS
from ledger.offices import NOON
from ledger.offices import keys_of
from ledger.offices import statement

KEYS = keys_of(ATLANTIS)
WHOLE = statement(0, KEYS).encoded()


def test_an_entry_is_read_as_it_was_written() -> None:
    entry = parse_entry(WHOLE)
    assert entry.encoded() == WHOLE == canonical(json.loads(WHOLE))
    assert entry.note() == signed(entry.statement + b"\n", KEYS.note)


@pytest.mark.parametrize(
    "written",
    [
        '{"a":1.0}', '{"a":1e2}', '{"a":-0}', '{"a":9007199254740993}', '{"b":1,"a":2}', '{ "a":1}', '{"a":1}\n',
        '{"a":1,"a":1}', '{"a":"\\u0041"}', '{"a":"\\/"}', '{"\ufb33":1,"\U0001f600":2}', '{"a":[1.50]}', "[]", '"a"',
        "1", "null", "", "{", '{"a":NaN}',
    ],
)  # fmt: skip
def test_what_is_not_canonical_or_no_table_is_no_statement(written: str) -> None:
    note = signed(b"{}\n", KEYS.note).replace(b"{}\n", written.encode() + b"\n", 1)
    with pytest.raises(LedgerError):
        signed_entry(note, NOON)
    inside = b'{"logged":"2026-11-24T12:00:00Z","signatures":["\xe2\x80\x94 a AAAAAAAA"],"statement":%s}'
    with pytest.raises(Malformed):
        parse_entry(inside % written.encode())


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1.5}, {"a": 1e300}, {"a": 2**53 - 1}, {"\U0001f600": 1, "\ufb33": 2}, {"мы": ["до 2026.5,1e5", -1]},
        {"a": None, "b": [True, {}]}, {"a": ":1.0", "b": ",9999999999999999"}, {"\x7f\x1f": "\u2028"},
    ],
)  # fmt: skip
def test_what_is_canonical_is_a_statement(value: dict[str, object]) -> None:
    entry = signed_entry(signed(canonical(value) + b"\n", KEYS.note), NOON)
    assert parse_entry(entry.encoded()) == entry


def _body(**members: object) -> bytes:
    return canonical({"logged": "2026-11-24T12:00:00Z", "body": {"sha256": "0" * 64, "size": 70_000} | members})


@pytest.mark.parametrize(
    "members",
    [
        {"sha256": "../" * 21 + "x"}, {"sha256": "../../../x"}, {"sha256": "A" * 64}, {"sha256": ""},
        {"sha256": "0" * 63}, {"size": 0}, {"size": -1}, {"size": MAX_BODY + 1}, {"more": 1},
    ],
)  # fmt: skip
def test_a_body_is_named_by_a_hash_and_by_nothing_else(members: dict[str, object]) -> None:
    assert parse_entry(_body()).body
    with pytest.raises(Malformed):
        parse_entry(_body(**members))


@pytest.mark.parametrize("line", ["", "— a", "- a AAAA", "— a AAAAAAAA\n\n— b AAAAAAAA", "— a+b AAAAAAAA", "— a A A"])
def test_a_signature_line_is_one_line(line: str) -> None:
    data = canonical({"logged": "2026-11-24T12:00:00Z", "signatures": [line], "statement": {}})
    with pytest.raises(Malformed):
        parse_entry(data)


@pytest.mark.parametrize(
    "time", ["2026-11-24", "2026-11-24T12:00:00+00:00", "2026-02-30T00:00:00Z", "", "1-1-1T0:0:0Z"]
)
def test_a_time_is_written_in_one_way(time: str) -> None:
    with pytest.raises(Malformed):
        parse_entry(canonical({"logged": time, "signatures": ["— a AAAAAAAA"], "statement": {}}))


def test_a_long_statement_stands_beside_and_a_huge_one_nowhere() -> None:
    short, none = statement(0, KEYS, "x" * (MAX_ENTRY - 400)).logged_form()
    assert none is None
    assert len(short) <= MAX_ENTRY
    data, body = statement(0, KEYS, "x" * MAX_ENTRY).logged_form()
    assert body
    told = parse_entry(data).body
    assert told
    assert body_path(told.sha256) == f"body/{sha256(body).hexdigest()}"
    assert parse_entry(body).statement
    huge = Entry(NOON, canonical({"a": "x" * MAX_BODY}), ("— a AAAAAAAA",))
    with pytest.raises(Malformed, match="takes 67108864"):
        huge.logged_form()
