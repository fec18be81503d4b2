from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from builders import SUBJECT
from builders import Row
from builders import Table
from builders import act
from builders import blocked
from builders import claim
from builders import concern
from builders import event
from builders import limit
from builders import meeting
from builders import notice
from builders import position
from builders import report
from builders import signed_and_in_force
from builders import small_book
from builders import source
from builders import statement
from builders import treaty
from detente.errors import Problem
from detente.reading.casebook import Casebook
from detente.record.statements import ALWAYS
from detente.record.statements import KINDS

EDTF = "Write an EDTF date such as 2018-07-10, 2018-07, 2018, 2018~ or 2018-07/2018-09."
PERIOD = "Write an ISO 8601 period such as P5Y or P90D."
FOLDER = f"book/{SUBJECT}"


def book_of(folder: Path, stem: str, *rows: Row, **parts: object) -> Casebook:
    return small_book(folder / "book", treaties=[treaty("pact", limit())], statements={stem: list(rows)}, **parts)


def told(book: Casebook) -> list[str]:
    """Return every problem in words, without the folder's name."""
    return [str(problem).removeprefix(f"{FOLDER}/") for problem in book.problems]


def kept(book: Casebook) -> list[str]:
    return sorted(book.record.frame["id"].to_list())


ROWS: dict[str, tuple[str, Row]] = {
    "act": ("acts", act("ratify", "2018-02-05", "USA", id="a")),
    "forum-act": ("forum-acts", statement("a", "USA", "2018-02-05", verb="charter", forum="bcc", en="e", ru="r")),
    "meeting": ("meetings", meeting("bcc", "2018-02-05", id="a")),
    "report": ("reports", report("USA", "5", "2018-02-05", id="a")),
    "notice": ("notices", notice("USA", "2018-02-05", id="a")),
    "event": ("events", event("USA", "2018-02-05", id="a")),
    "concern": ("concerns", concern("USA", "allege", "2018-02-05", "RUS", id="a")),
    "position": ("positions", position("USA", "vote-yes", "2018-02-05", "", id="a")),
    "commitment": (
        "commitments",
        statement("a", "USA", "2018-02-05", verb="undertake", topic="t", party="USA", due="2019"),
    ),
    "claim": ("claims", statement("a", "USA", "2018-02-05", topic="worst")),
}


def test_every_kind_has_a_row_here() -> None:
    assert set(ROWS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(ROWS))
def test_a_whole_row_of_every_kind_is_without_a_problem(tmp_path: Path, kind: str) -> None:
    stem, row = ROWS[kind]
    book = book_of(tmp_path, stem, row, claims=[claim(since="1962-10-28")])
    assert told(book) == []
    assert kept(book) == ["a"]


@pytest.mark.parametrize("column", ALWAYS)
def test_no_statement_is_without_what_all_must_have(tmp_path: Path, column: str) -> None:
    row = {**report("USA", "5", "2018-02-05", id="a"), column: ""}
    book = book_of(tmp_path, "reports", row, report("USA", "5", "2018-02-05", id="good"))
    shown = "" if column == "id" else "a"
    assert told(book) == [f"reports.csv:2: error: The statement '{shown}' has no '{column}'. Fill in '{column}'."]
    assert kept(book) == ["good"]


NEEDS = [(kind, column) for kind, entry in KINDS.items() for column in entry.needs]


@pytest.mark.parametrize(("kind", "column"), NEEDS)
def test_no_statement_is_without_what_its_kind_needs(tmp_path: Path, kind: str, column: str) -> None:
    stem, row = ROWS[kind]
    book = book_of(tmp_path, stem, {**row, column: ""}, {**row, "id": "good"}, claims=[claim(since="1962-10-28")])
    assert f"{stem}.csv:2: error: The {kind} 'a' has no '{column}'. Every {kind} needs '{column}'." in told(book)
    assert kept(book) == ["good"]


@pytest.mark.parametrize("kind", sorted(kind for kind, entry in KINDS.items() if entry.verbs))
def test_a_verb_that_a_kind_has_not(tmp_path: Path, kind: str) -> None:
    stem, row = ROWS[kind]
    book = book_of(tmp_path, stem, {**row, "verb": "frobnicate"})
    verbs = ", ".join(KINDS[kind].verbs)
    assert told(book) == [f"{stem}.csv:2: error: 'frobnicate' is no verb of a {kind} ('a'). Use one of: {verbs}."]
    assert kept(book) == []


@pytest.mark.parametrize("verb", KINDS["act"].verbs)
def test_every_verb_of_an_act_is_one(tmp_path: Path, verb: str) -> None:
    assert told(book_of(tmp_path, "acts", act(verb, "2018-02-05", "USA", period="P5Y"))) == []


@pytest.mark.parametrize("id", ["Upper", "a b", "a_b", ".a", "a.", "a..b", "a--b", "é", "a;b"])
def test_an_id_is_of_one_form(tmp_path: Path, id: str) -> None:
    book = book_of(tmp_path, "reports", report("USA", "5", "2018", id=id))
    form = f"The id '{id}' is not of the form a.b-c. Use lower-case letters, digits, dots and hyphens."
    assert told(book) == [f"reports.csv:2: error: {form}"]


@pytest.mark.parametrize("id", ["a", "a.b", "a-b.c-1", "2018.02", "new-start.usa.2018-02-05.deployed-warheads"])
def test_an_id_may_have_dots_and_hyphens(tmp_path: Path, id: str) -> None:
    assert told(book_of(tmp_path, "reports", report("USA", "5", "2018", id=id))) == []


def test_an_id_is_taken_over_files_and_kinds(tmp_path: Path) -> None:
    book = small_book(
        tmp_path / "book",
        statements={"events": [event("USA", "2018", id="a")], "reports": [report("USA", "5", "2018", id="a")]},
    )
    assert told(book) == [
        "reports.csv:2: error: The id 'a' is taken. Give this statement an id of its own; "
        "to correct the other one, name it under 'corrects'."
    ]
    assert book.record.frame["kind"].to_list() == ["event"]


DATED: list[tuple[str, str]] = [
    ("report", "on"), ("report", "until"), ("report", "known"), ("act", "effect"), ("commitment", "due"),
    ("notice", "event_on"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "column"), DATED)
def test_a_date_that_is_none(tmp_path: Path, kind: str, column: str) -> None:
    stem, row = ROWS[kind]
    book = book_of(tmp_path, stem, {**row, column: "10.07.2018"})
    assert told(book) == [f"{stem}.csv:2: error: '10.07.2018' under '{column}' of 'a' is no date. {EDTF}"]
    assert kept(book) == []


def test_the_day_of_receipt_is_a_date(tmp_path: Path) -> None:
    assert told(book_of(tmp_path, "notices", notice("USA", "2018", received="10.07.2018")))


CHOICES = [
    ("report", "basis", "seen, computed, inferred, unconfirmed"),
    ("report", "silence", "given, nil, nothing-new, withheld, suspended, unknown"),
    ("meeting", "level", "leaders, ministers, senior-officials, experts"),
]


@pytest.mark.parametrize(("kind", "column", "allowed"), CHOICES)
def test_a_word_that_is_none_of_the_list(tmp_path: Path, kind: str, column: str, allowed: str) -> None:
    stem, row = ROWS[kind]
    book = book_of(
        tmp_path, stem, {**row, "value": "", column: "other"} if stem == "reports" else {**row, column: "other"}
    )
    assert f"{stem}.csv:2: error: 'other' is no '{column}' ('a'). Use one of: {allowed}." in told(book)
    assert kept(book) == []


@pytest.mark.parametrize(
    ("on", "until", "fault"),
    [
        ("2018-07-10", "2018-07-09", True),
        ("2018-07-10", "2018-07-10", False),
        ("2018-07-10", "2018-07", False),
        ("2018-07-10", "2018", False),
        ("2018", "2017", True),
    ],
)
def test_nothing_ends_before_it_begins(tmp_path: Path, on: str, until: str, fault: bool) -> None:
    book = book_of(tmp_path, "meetings", meeting("bcc", on, until=until, id="a"))
    text = f"meetings.csv:2: error: 'a' ends ({until}) before it begins ({on}). Correct 'on' or 'until'."
    assert told(book) == ([text] if fault else [])


@pytest.mark.parametrize("silence", ["given", "nil"])
def test_a_value_that_is_said_to_be_given_is_there(tmp_path: Path, silence: str) -> None:
    book = book_of(tmp_path, "reports", report("USA", "", "2018", silence=silence, id="a"))
    assert told(book) == [
        f"reports.csv:2: error: The report 'a' is '{silence}' but has no value. "
        "Give the value (0 for nil), or say withheld, suspended, nothing-new or unknown."
    ]
    assert kept(book) == []


@pytest.mark.parametrize("silence", ["nothing-new", "withheld", "suspended", "unknown"])
def test_silence_has_no_value_not_even_zero(tmp_path: Path, silence: str) -> None:
    book = book_of(tmp_path, "reports", report("USA", "0", "2018", silence=silence, id="a"))
    assert told(book) == [
        f"reports.csv:2: error: The report 'a' is '{silence}' but has the value 0. "
        "Only 'given' and 'nil' carry a value: unknown is never zero."
    ]
    assert told(book_of(tmp_path / "2", "reports", report("USA", "", "2018", silence=silence))) == []


@pytest.mark.parametrize(("measure", "value"), [("warheads", "1"), ("mass", "0.1")])
def test_nil_is_zero(tmp_path: Path, measure: str, value: str) -> None:
    book = book_of(tmp_path, "reports", report("USA", value, "2018", silence="nil", measure=measure, id="a"))
    assert told(book) == [f"reports.csv:2: error: The report 'a' declares nil but gives {value}. Nil is 0."]


@pytest.mark.parametrize(("measure", "value"), [("warheads", "0"), ("mass", "0"), ("mass", "0.0")])
def test_nil_may_be_written_as_zero(tmp_path: Path, measure: str, value: str) -> None:
    assert told(book_of(tmp_path, "reports", report("USA", value, "2018", silence="nil", measure=measure))) == []


@pytest.mark.parametrize("value", ["1.5", "1e3", "1,550", "about 5", "5.0", "99999999999999999999", "inf", "-"])
def test_what_is_counted_is_whole(tmp_path: Path, value: str) -> None:
    book = book_of(tmp_path, "reports", report("USA", value, "2018", id="a"))
    text = f"'{value}' is no whole number, and 'warheads' is counted ('a'). Write an integer."
    assert told(book) == [f"reports.csv:2: error: {text}"]
    assert kept(book) == []


@pytest.mark.parametrize("value", ["300 kg", "inf", "-inf", "NaN", "1,5", "many", "1e999"])
def test_a_quantity_is_a_number(tmp_path: Path, value: str) -> None:
    book = book_of(tmp_path, "reports", report("USA", value, "2018", measure="mass", id="a"))
    text = f"'{value}' is no number ('a'). Write it with a decimal point and without a unit."
    assert told(book) == [f"reports.csv:2: error: {text}"]
    assert kept(book) == []


def test_numbers_are_typed_by_their_measure(tmp_path: Path) -> None:
    rows = [report("USA", "1550", "2018", id="a"), report("USA", "1550", "2018", measure="mass", id="b")]
    frame = book_of(tmp_path, "reports", *rows).record.frame.sort("id")
    assert frame["count"].to_list() == [1550, None]
    assert frame["quantity"].to_list() == [None, 1550.0]
    assert (frame.schema["count"], frame.schema["quantity"]) == (pl.Int64(), pl.Float64())


def test_a_count_beyond_what_a_float_holds_is_exact(tmp_path: Path) -> None:
    book = book_of(tmp_path, "reports", report("USA", "9007199254740993", "2018", id="a"))
    assert book.record.frame["count"].to_list() == [9007199254740993]


@pytest.mark.parametrize("text", ["5Y", "P", "five years", "P1.5Y"])
def test_a_period_is_one(tmp_path: Path, text: str) -> None:
    book = book_of(tmp_path, "acts", act("extend", "2018", period=text, id="a"))
    assert told(book) == [f"acts.csv:2: error: '{text}' is no period ('a'). {PERIOD}"]


def test_an_extension_is_for_a_time(tmp_path: Path) -> None:
    book = book_of(tmp_path, "acts", act("extend", "2018", id="a"))
    assert told(book) == ["acts.csv:2: error: The act 'a' extends by an unknown time. Give 'period', for example P5Y."]
    assert kept(book) == []


def test_a_period_longer_than_the_calendar_is_reported(tmp_path: Path) -> None:
    assert told(book_of(tmp_path, "acts", act("extend", "2018", period="P99999Y")))


@pytest.mark.parametrize("kind", ["concern", "forum-act"])
def test_what_is_written_by_hand_is_in_both_languages(tmp_path: Path, kind: str) -> None:
    stem, row = ROWS[kind]
    book = book_of(tmp_path, stem, {**row, "ru": ""})
    assert told(book) == [
        f"{stem}.csv:2: warning: 'a' has no Russian text. English and Russian are equal here: fill in 'ru'."
    ]
    assert kept(book) == ["a"]


def test_bulk_rows_may_be_in_english_alone(tmp_path: Path) -> None:
    assert told(book_of(tmp_path, "reports", report("USA", "5", "2018", en="five"))) == []


REGISTERED = [
    ("report", "author", "parties.toml"), ("report", "source", "sources.toml"),
    ("report", "measure", "measures.toml"), ("meeting", "forum", "forums.toml"),
    ("report", "issue", "issues.toml"), ("act", "instrument", "an instruments/ folder"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "column", "where"), REGISTERED)
def test_a_name_that_no_register_has(tmp_path: Path, kind: str, column: str, where: str) -> None:
    stem, row = ROWS[kind]
    book = book_of(tmp_path, stem, {**row, column: "nobody"}, {**row, "id": "good"})
    text = f"No {column} 'nobody' is registered ('a'). Correct the name, or add it to {where}."
    assert told(book) == [f"{stem}.csv:2: error: {text}"]
    assert kept(book) == ["good"]


@pytest.mark.parametrize("cell", ["ATLANTIS", "USA;ATLANTIS", "USA; RUS", "USA;", "usa"])
def test_every_party_of_a_cell_is_registered(tmp_path: Path, cell: str) -> None:
    book = book_of(tmp_path, "events", event("USA", "2018", id="a") | {"party": cell})
    assert told(book) == [
        f"events.csv:2: error: '{cell}' names a party that is not registered ('a'). "
        "Use ids of parties.toml, with ';' between several."
    ]
    assert kept(book) == []


def test_a_claim_is_registered(tmp_path: Path) -> None:
    book = book_of(
        tmp_path, "claims", statement("a", "USA", "2018", topic="unheard"), claims=[claim(since="1962-10-28")]
    )
    assert told(book) == ["claims.csv:2: error: No claim 'unheard' is registered ('a'). Add it to claims.toml."]


def test_a_statement_belongs_to_an_issue(tmp_path: Path) -> None:
    book = small_book(
        tmp_path / "book", issues=[], forums=[], statements={"reports": [report("USA", "5", "2018", id="a")]}
    )
    assert told(book) == [
        "reports.csv:2: error: 'a' belongs to no issue. Fill in 'issue', or put the file into a folder named as one."
    ]


def test_a_provision_that_the_instrument_has_not_is_a_warning(tmp_path: Path) -> None:
    rows = [
        concern("USA", "allege", "2018", "RUS", "IX", id="a"),
        concern("USA", "allege", "2018", "RUS", "II", id="b"),
    ]
    book = book_of(tmp_path, "concerns", *rows)
    text = "The instrument 'pact' has no provision 'IX' ('a'). Use an article of its treaty.toml."
    assert told(book) == [f"concerns.csv:2: warning: {text}"]
    assert kept(book) == ["a", "b"]


def test_what_has_no_source_says_so(tmp_path: Path) -> None:
    rows = [
        report("USA", "5", "2018", source="unconfirmed", id="a"),
        report("USA", "5", "2018", source="unconfirmed", basis="unconfirmed", id="b"),
    ]
    book = book_of(tmp_path, "reports", *rows)
    text = "'a' has no source but its basis is 'seen'. Find the source, or enter it with basis 'unconfirmed'."
    assert told(book) == [f"reports.csv:2: error: {text}"]
    assert kept(book) == ["b"]


def test_a_source_of_the_lowest_tier_is_noted(tmp_path: Path) -> None:
    rows = [
        report("USA", "5", "2018", source="low", id="a"),
        report("USA", "5", "2018", source="low", basis="inferred", id="b"),
    ]
    book = book_of(tmp_path, "reports", *rows, sources=[source(), source("low", tier="unconfirmed")])
    text = "'a' rests on a source of the lowest tier (low). Look for an official or scholarly source."
    assert told(book) == [f"reports.csv:2: note: {text}"]
    assert kept(book) == ["a", "b"]


@pytest.mark.parametrize("refs", ["nobody", "good;nobody", "good;"])
def test_a_reference_to_nothing_is_a_warning(tmp_path: Path, refs: str) -> None:
    rows = [position("USA", "contest", "2018", refs, id="a"), position("USA", "affirm", "2018", "", id="good")]
    book = book_of(tmp_path, "positions", *rows)
    assert told(book) == [
        f"positions.csv:2: warning: 'a' refers to a statement that is not in the record ({refs}). "
        "Correct the id, with ';' between several."
    ]
    assert kept(book) == ["a", "good"]


def test_references_may_be_several(tmp_path: Path) -> None:
    rows = [position("USA", "affirm", "2018", "", id=id) for id in ("a", "b")]
    assert told(book_of(tmp_path, "positions", *rows, position("USA", "contest", "2018", "a;b", id="c"))) == []


def test_a_correction_of_what_is_left_out_is_left_out(tmp_path: Path) -> None:
    rows = [report("USA", "many", "2018", id="a"), report("USA", "5", "2018", corrects="a", id="b")]
    book = book_of(tmp_path, "reports", *rows)
    assert told(book)[1] == (
        "reports.csv:3: error: 'b' corrects 'a', which is not in the record. Name the statement that it replaces."
    )
    assert kept(book) == []


def test_signed_and_in_force_is_without_a_problem(tmp_path: Path) -> None:
    assert told(book_of(tmp_path, "acts", *signed_and_in_force("2011-02-05"))) == []


def of_sources(folder: Path, *sources: Table) -> list[Problem]:
    book = small_book(folder / "book", sources=[source(), *sources], blocked=[blocked()])
    return list(book.problems)


BLOCKED_HOSTS = [
    "https://leaks.example/a", "https://www.leaks.example/a", "http://LEAKS.example", "https://u@leaks.example:8443/a",
]  # fmt: skip


@pytest.mark.parametrize("address", BLOCKED_HOSTS)
def test_a_blocked_host_is_never_cited(tmp_path: Path, address: str) -> None:
    problems = of_sources(tmp_path, source("bad", address))
    text = f"The address {address} is on the block list: leaked documents. Cite another source."
    assert [str(p) for p in problems] == [f"book/sources.toml:8: error: {text}"]


@pytest.mark.parametrize("address", ["https://notleaks.example/a", "https://example.org/leaks.example"])
def test_a_host_that_is_only_alike_is_not_blocked(tmp_path: Path, address: str) -> None:
    assert of_sources(tmp_path, source("fine", address)) == []


def test_a_dot_after_the_host_does_not_pass_the_block_list(tmp_path: Path) -> None:
    assert of_sources(tmp_path, source("bad", "https://leaks.example./a"))


@pytest.mark.parametrize("address", ["", "example.org/a", "https://", "a letter"])
def test_an_address_is_one(tmp_path: Path, address: str) -> None:
    problems = of_sources(tmp_path, source("bad", address))
    text = f"'{address}' is no web address. Write it as https://..."
    assert [str(p) for p in problems] == [f"book/sources.toml:8: error: {text}"]


def test_a_tier_is_one(tmp_path: Path) -> None:
    problems = of_sources(tmp_path, source("bad", tier="rumour"))
    text = "'rumour' is no tier. Use one of: primary, official, scholarly, press, unconfirmed."
    assert [str(p) for p in problems] == [f"book/sources.toml:8: error: {text}"]
