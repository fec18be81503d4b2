from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from builders import SUBJECT
from builders import act
from builders import blocked
from builders import clean_book
from builders import errors
from builders import report
from builders import signed_and_in_force
from builders import small_book
from builders import source
from builders import treaty
from builders import write_book
from builders import write_table
from builders import write_toml
from detente.errors import DetenteError
from detente.errors import Problem
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.record.load import read_toml
from detente.record.load import typed
from detente.record.registers import Measure

HOSTILE = Path(__file__).parent.parent / "fixtures" / "hostile"
GOOD = ["good.1", "good.2"]
EDTF = "Write an EDTF date such as 2018-07-10, 2018-07, 2018, 2018~ or 2018-07/2018-09."
FILL = "Give the value (0 for nil), or say withheld, suspended, nothing-new or unknown."
SILENT = "Use one of: given, nil, nothing-new, withheld, suspended, unknown."

STATEMENTS = {
    "duplicate-id.csv": (
        4,
        "The id 'good.1' is taken. Give this statement an id of its own; to correct the other one, name it under "
        "'corrects'.",
    ),
    "corrects-itself.csv": (
        3,
        "'bad.1' corrects 'bad.1', which is not in the record. Name the statement that it replaces.",
    ),
    "corrects-unknown.csv": (
        3,
        "'bad.1' corrects 'nobody.1', which is not in the record. Name the statement that it replaces.",
    ),
    "unknown-author.csv": (
        3,
        "No author 'ATLANTIS' is registered ('bad.1'). Correct the name, or add it to parties.toml.",
    ),
    "unknown-party.csv": (
        3,
        "'USA;ATLANTIS' names a party that is not registered ('bad.1'). Use ids of parties.toml, with ';' between "
        "several.",
    ),
    "unknown-source.csv": (
        3,
        "No source 'nowhere' is registered ('bad.1'). Correct the name, or add it to sources.toml.",
    ),
    "unknown-measure.csv": (
        3,
        "No measure 'unicorns' is registered ('bad.1'). Correct the name, or add it to measures.toml.",
    ),
    "bad-date.csv": (3, f"'2018-02-30' under 'on' of 'bad.1' is no date. {EDTF}"),
    "ends-before-begins.csv": (
        3,
        "'bad.1' ends (2018-01-01) before it begins (2018-02-05). Correct 'on' or 'until'.",
    ),
    "value-for-withheld.csv": (
        3,
        "The report 'bad.1' is 'withheld' but has the value 5. Only 'given' and 'nil' carry a value: unknown is never "
        "zero.",
    ),
    "given-without-value.csv": (3, f"The report 'bad.1' is 'given' but has no value. {FILL}"),
    "nil-not-zero.csv": (3, "The report 'bad.1' declares nil but gives 5. Nil is 0."),
    "float-for-count.csv": (
        3,
        "'1549.5' is no whole number, and 'warheads' is counted ('bad.1'). Write an integer.",
    ),
    "infinity.csv": (3, "'inf' is no number ('bad.1'). Write it with a decimal point and without a unit."),
    "not-a-number.csv": (3, "'NaN' is no number ('bad.1'). Write it with a decimal point and without a unit."),
    "unit-in-number.csv": (3, "'300 kg' is no number ('bad.1'). Write it with a decimal point and without a unit."),
    "upper-case-id.csv": (
        3,
        "The id 'Bad.One' is not of the form a.b-c. Use lower-case letters, digits, dots and hyphens.",
    ),
    "unknown-silence.csv": (3, f"'secret' is no 'silence' ('bad.1'). {SILENT}"),
    "unknown-basis.csv": (
        3,
        "'rumour' is no 'basis' ('bad.1'). Use one of: seen, computed, inferred, unconfirmed.",
    ),
}


def book_with_table(folder: Path, name: str) -> Casebook:
    """Open a casebook whose only statements are a hostile file, under the name reports.csv."""
    write_book(folder)
    (folder / SUBJECT).mkdir()
    shutil.copy(HOSTILE / name, folder / SUBJECT / "reports.csv")
    return open_casebook(folder, public=False)


def ids(book: Casebook) -> list[str]:
    return sorted(book.record.frame["id"].to_list())


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_a_faulty_statement_is_left_out_and_takes_no_other_down(tmp_path: Path, name: str) -> None:
    line, text = STATEMENTS[name]
    book = book_with_table(tmp_path / "book", name)
    assert errors(book.problems) == [f"book/arms/reports.csv:{line}: error: {text}"]
    assert ids(book) == GOOD


TABLES = [path.name for path in sorted(HOSTILE.glob("*.csv"))]


@pytest.mark.parametrize("name", TABLES)
def test_no_hostile_table_takes_the_good_rows_down(tmp_path: Path, name: str) -> None:
    book = book_with_table(tmp_path / "book", name)
    kept = [id for id in ids(book) if id in GOOD]
    assert kept == ([] if name in ("empty.csv", "header-only.csv") else GOOD)
    assert all(problem.remedy for problem in book.problems)


def test_the_year_zero_is_reported(tmp_path: Path) -> None:
    book = book_with_table(tmp_path / "book", "year-zero.csv")
    assert errors(book.problems) == [f"book/arms/reports.csv:3: error: '0000' under 'on' of 'bad.1' is no date. {EDTF}"]
    assert ids(book) == GOOD


def test_statements_that_correct_each_other_are_reported(tmp_path: Path) -> None:
    book = book_with_table(tmp_path / "book", "circular-corrects.csv")
    assert [(p.line, p.severity) for p in book.problems] == [(3, "error"), (4, "error")]
    assert ids(book) == GOOD


SOURCES = {
    "not-utf8.toml": (1, "The file is not UTF-8 text. Save it as UTF-8."),
    "blocked-source.toml": (
        8,
        "The address https://www.leaks.example/cable is on the block list: leaked documents. Cite another source.",
    ),
    "address-without-host.toml": (8, "'example.org/a' is no web address. Write it as https://..."),
    "unknown-tier.toml": (
        8,
        "'rumour' is no tier. Use one of: primary, official, scholarly, press, unconfirmed.",
    ),
    "duplicate-id.toml": (
        8,
        "The source 'good' is in the register already. Remove this one, or give it an id of its own.",
    ),
    "missing-field.toml": (
        8,
        "The entry 'bad' is not valid: Object missing required field `address`. See docs/casebook-format.md for the "
        "fields.",
    ),
    "unknown-field.toml": (
        8,
        "The entry 'bad' is not valid: Object contains unknown field `colour`. See docs/casebook-format.md for the "
        "fields.",
    ),
    "date-not-text.toml": (
        8,
        "The entry '1991-12-26' is not valid: Expected `str`, got `date` - at `$.id`. See docs/casebook-format.md for "
        "the fields.",
    ),
}


def book_with_sources(folder: Path, name: str) -> Casebook:
    """Open a casebook with a second register of sources, which is hostile."""
    write_book(folder, blocked=[blocked()], statements={"reports": [report("USA", "5", "2018", id="good.1")]})
    shutil.copy(HOSTILE / name, folder / SUBJECT / "sources.toml")
    return open_casebook(folder, public=False)


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_faulty_entry_is_reported_where_it_stands(tmp_path: Path, name: str) -> None:
    line, text = SOURCES[name]
    book = book_with_sources(tmp_path / "book", name)
    assert errors(book.problems) == [f"book/arms/sources.toml:{line}: error: {text}"]
    assert ids(book) == ["good.1"]


def test_a_broken_register_is_reported_at_its_line(tmp_path: Path) -> None:
    book = book_with_sources(tmp_path / "book", "broken.toml")
    assert len(book.problems) == 1
    assert str(book.problems[0]).startswith("book/arms/sources.toml:8: error: The file is no TOML: ")
    assert str(book.problems[0]).endswith("Mend that line.")
    assert ids(book) == ["good.1"]


@pytest.mark.parametrize("name", sorted(set(SOURCES) - {"not-utf8.toml"}))
def test_the_good_entry_beside_a_faulty_one_stays(tmp_path: Path, name: str) -> None:
    sources = book_with_sources(tmp_path / "book", name).record.registers.sources
    assert sources["good"].address == "https://example.org/a"


def test_an_address_that_cannot_be_split_is_reported(tmp_path: Path) -> None:
    book = book_with_sources(tmp_path / "book", "address-broken.toml")
    assert [problem.line for problem in book.problems] == [8]


def test_a_comment_after_a_header_does_not_move_the_lines(tmp_path: Path) -> None:
    book = book_with_sources(tmp_path / "book", "comment-after-header.toml")
    assert [problem.line for problem in book.problems] == [8]


@pytest.mark.parametrize("name", ["single-brackets.toml", "misspelt-table.toml"])
def test_a_table_that_the_register_has_not_is_reported(tmp_path: Path, name: str) -> None:
    assert book_with_sources(tmp_path / "book", name).problems


def test_a_file_whose_name_says_no_kind_is_reported(tmp_path: Path) -> None:
    book = small_book(tmp_path / "book", statements={"notes": [report("USA", "5", "2018")]})
    assert errors(book.problems) == [
        "book/arms/notes.csv:1: error: The file's name does not say which kind of statement it holds. "
        "Name it acts.csv, reports-2018.csv and so on."
    ]


def test_a_folder_that_is_not_there_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(DetenteError, match=r"There is no casebook folder '.*none'. Start one with: detente new DIR"):
        open_casebook(tmp_path / "none", public=False)


def test_an_empty_folder_is_an_empty_casebook(tmp_path: Path) -> None:
    book = open_casebook(tmp_path, public=False)
    assert book.problems == ()
    assert book.record.frame.height == 0
    assert list(book.record.registers.sources) == ["unconfirmed"]


def test_an_overlay_adds_and_does_not_replace(tmp_path: Path) -> None:
    first = write_book(tmp_path / "first", statements={"reports": [report("USA", "5", "2018", id="one")]})
    second = tmp_path / "second"
    write_table(second / SUBJECT / "reports.csv", [report("USA", "6", "2019", id="two", source="more")])
    write_toml(second / "sources.toml", {"source": [source("more"), source("src", "https://example.org/else")]})
    book = open_casebook(first, second, public=False)
    assert errors(book.problems) == [
        "second/sources.toml:8: error: The source 'src' is in the register already. "
        "Remove this one, or give it an id of its own."
    ]
    assert ids(book) == ["one", "two"]
    assert book.record.registers.sources["src"].address == "https://example.org/text"


def test_a_register_may_be_split_over_files(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book")
    write_toml(folder / "sources-more.toml", {"source": [source("more")]})
    assert "more" in open_casebook(folder, public=False).record.registers.sources


def test_a_casebook_may_lie_in_a_folder_named_cases(tmp_path: Path) -> None:
    book = small_book(tmp_path / "cases" / "book", statements={"reports": [report("USA", "5", "2018", id="one")]})
    assert ids(book) == ["one"]


def test_cases_are_no_statements(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book")
    write_table(folder / "cases" / "reports.csv", [report("USA", "5", "2018")])
    book = open_casebook(folder, public=False)
    assert book.problems == ()
    assert ids(book) == []


def test_the_issue_is_that_of_the_row_else_of_the_instrument_else_of_the_folder(tmp_path: Path) -> None:
    rows = [
        report("USA", "5", "2018-01", id="by.folder"),
        report("USA", "5", "2018-02", id="by.instrument", instrument="pact"),
        report("USA", "5", "2018-03", id="by.itself", issue="other", instrument="pact"),
    ]
    issues = [{"id": id, "title": {"en": id, "ru": id}, "ministries": []} for id in (SUBJECT, "other", "third")]
    book = clean_book(tmp_path, issues=issues, treaties=[treaty("pact", issue="third")], statements={"reports": rows})
    found = dict(book.record.frame.select("id", "issue").iter_rows())
    assert found == {"by.folder": SUBJECT, "by.instrument": "third", "by.itself": "other"}


def test_a_record_knows_where_a_statement_stands(tmp_path: Path) -> None:
    rows = [report("USA", "5", "2018", id="one"), report("USA", "6", "2019", id="two")]
    record = clean_book(tmp_path / "book", statements={"reports": rows}).record
    row = record.statement("two")
    assert row is not None
    assert record.place(row) == "book/arms/reports.csv:3"
    assert (row["value"], row["count"]) == ("6", 6)
    assert "until" not in row
    assert record.statement("three") is None


def test_statements_of_a_kind_are_in_the_order_of_their_days(tmp_path: Path) -> None:
    rows = [
        report("USA", "5", "2018-03-01", id="c"),
        report("USA", "5", "2018-02", id="b"),
        report("USA", "5", "2018-02-28", id="a", known="2019"),
    ]
    record = clean_book(tmp_path, statements={"reports": rows}).record
    assert record.by_kind("report")["id"].to_list() == ["b", "a", "c"]
    assert record.by_kind("act").height == 0


def test_the_digest_is_of_names_and_bytes(tmp_path: Path) -> None:
    def digest(folder: Path, value: str) -> str:
        return small_book(folder / "book", statements={"reports": [report("USA", value, "2018")]}).record.digest

    one, same, other = digest(tmp_path / "1", "5"), digest(tmp_path / "2", "5"), digest(tmp_path / "3", "6")
    assert one == same
    assert one != other


def test_several_kinds_are_one_record(tmp_path: Path) -> None:
    statements = {"acts": signed_and_in_force("2011"), "reports": [report("USA", "5", "2018")]}
    book = clean_book(tmp_path, treaties=[treaty()], statements=statements)
    assert book.record.frame["kind"].value_counts().sort("kind").rows() == [("act", 2), ("report", 1)]


def test_many_faults_come_at_once(tmp_path: Path) -> None:
    rows = [report("ATLANTIS", "x", "soon", id="UP"), act("ratify", "2018", "USA", source="none", id="fine")]
    book = small_book(tmp_path / "book", statements={"reports": rows[:1], "acts": rows[1:]})
    assert len(errors(book.problems)) == 8
    assert list(book.problems) == sorted(book.problems)


def test_a_link_that_leads_nowhere_is_passed_over(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book", statements={"reports": [report("USA", "5", "2018", id="one")]})
    (folder / SUBJECT / "acts.csv").symlink_to(folder / "loop.csv")
    (folder / "loop.csv").symlink_to(folder / SUBJECT / "acts.csv")
    assert ids(open_casebook(folder, public=False)) == ["one"]


def test_a_faulty_toml_is_reported_at_the_line_of_its_parser() -> None:
    problems: list[Problem] = []
    assert read_toml(b"a = 1\n\nb = [\n", "x.toml", problems) == {}
    assert (problems[0].line, problems[0].file, problems[0].severity) == (3, "x.toml", "error")


def test_a_typed_entry_names_the_field_that_is_wrong() -> None:
    problems: list[Problem] = []
    raw = {"id": "m", "title": {"en": "m", "ru": "m"}, "unit": 5, "number": []}
    assert typed(raw, Measure, "x.toml", 7, problems) is None
    assert problems[0].what == "The entry 'm' is not valid: Expected `str`, got `int` - at `$.unit`."
    assert problems[0].line == 7


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)))
def test_no_bytes_raise_as_toml(data: bytes) -> None:
    problems: list[Problem] = []
    tables = read_toml(data, "x.toml", problems)
    assert isinstance(tables, dict)
    assert not (tables and problems)


@settings(max_examples=200, deadline=None)
@given(st.text("[]{}=\"'\n.#ab01-:T+einf", max_size=40))
def test_no_near_toml_raises(text: str) -> None:
    problems: list[Problem] = []
    assert isinstance(read_toml(text.encode(), "x.toml", problems), dict)


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["id", "title", "unit", "number", "else"]), JUNK))
def test_no_entry_raises(raw: dict[str, object]) -> None:
    problems: list[Problem] = []
    entry = typed(raw, Measure, "x.toml", 1, problems)
    assert (entry is None) == bool(problems)
    assert entry is None or isinstance(msgspec.to_builtins(entry), dict)
