from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from detente.errors import Problem
from detente.record.statements import KINDS
from detente.record.tables import kind_of_file
from detente.record.tables import plain_sheet
from detente.record.tables import read_sheets
from detente.record.tables import read_table

HOSTILE = Path(__file__).parent.parent / "fixtures" / "hostile"
GOOD = ["good.1", "good.2"]
COLUMNS = b"id,author,on,known,source,basis,measure,party,silence,value\n"


def read(name: str) -> tuple[pl.DataFrame, list[Problem]]:
    return read_table((HOSTILE / name).read_bytes(), "report", name)


def ids(frame: pl.DataFrame) -> list[str]:
    return frame["id"].to_list() if "id" in frame.columns else []


UNCLOSED = "A quotation mark is not closed on its line. Close it; a cell holds no line break."
RAGGED = "Quote every cell that holds a comma, and close every quotation mark."
FAULTY = [
    ("unclosed-quote.csv", 3, UNCLOSED),
    ("not-utf8.csv", 3, "The line is not UTF-8 text. Save the file as 'CSV UTF-8'."),
    ("ragged-long.csv", 3, f"The line has 12 cells, the header 10. {RAGGED}"),
    ("duplicate-column.csv", 1, "The header names the column 'value' twice. Keep one; the second is not read."),
    ("line-break-in-cell.csv", 3, UNCLOSED),
]


@pytest.mark.parametrize(("name", "line", "text"), FAULTY, ids=[name for name, _, _ in FAULTY])
def test_a_faulty_line_is_reported_and_takes_no_other_down(name: str, line: int, text: str) -> None:
    frame, problems = read(name)
    assert [i for i in ids(frame) if i in GOOD] == GOOD
    assert str(problems[0]) == f"{name}:{line}: error: {text}"


@pytest.mark.parametrize("name", ["unclosed-quote.csv", "not-utf8.csv", "ragged-long.csv"])
def test_a_faulty_line_is_one_problem_and_not_in_the_frame(name: str) -> None:
    frame, problems = read(name)
    assert len(problems) == 1
    assert ids(frame) == GOOD
    assert frame["line"].to_list() == [2, 4]


def test_a_line_break_in_a_cell_costs_its_own_two_lines_alone() -> None:
    frame, problems = read("line-break-in-cell.csv")
    assert [problem.line for problem in problems] == [3, 4]
    assert frame["line"].to_list() == [2, 5]


def test_of_a_column_that_stands_twice_the_first_is_read() -> None:
    frame, _ = read("duplicate-column.csv")
    assert frame["value"].to_list() == ["5", "5"]


@pytest.mark.parametrize("name", ["bom.csv", "crlf.csv"])
def test_what_a_spreadsheet_writes_is_fine(name: str) -> None:
    frame, problems = read(name)
    assert problems == []
    assert ids(frame) == GOOD
    assert frame["value"].to_list() == ["5", "5"]
    assert frame["line"].to_list() == [2, 3]


def test_an_empty_file_is_a_problem() -> None:
    frame, problems = read("empty.csv")
    assert frame.is_empty()
    assert [str(p) for p in problems] == ["empty.csv:1: error: The file is empty. Give it a header line."]


@pytest.mark.parametrize("data", [b"", b"\n\n", b" \r\n", b"\xef\xbb\xbf"])
def test_a_file_of_nothing_but_space_is_empty(data: bytes) -> None:
    assert read_table(data, "report", "x.csv")[1][0].what == "The file is empty."


def test_a_header_alone_is_fine() -> None:
    frame, problems = read("header-only.csv")
    assert problems == []
    assert frame.height == 0


def test_an_unknown_column_is_reported_and_left_out() -> None:
    frame, problems = read("unknown-column.csv")
    assert ids(frame) == GOOD
    assert "colour" not in frame.columns
    assert str(problems[0]).startswith(
        "unknown-column.csv:1: error: A report has no column 'colour'. Its columns are: id"
    )


def test_a_huge_cell_is_read_whole() -> None:
    frame, problems = read("huge-cell.csv")
    assert problems == []
    assert frame["value"].str.len_bytes().to_list() == [1, 140000, 1]


def test_a_line_with_too_few_cells_is_reported() -> None:
    frame, problems = read("ragged-short.csv")
    assert [str(p) for p in problems] == [f"ragged-short.csv:3: error: The line has 9 cells, the header 10. {RAGGED}"]
    assert ids(frame) == GOOD


def test_a_quotation_mark_that_is_not_closed_on_the_last_line_is_reported() -> None:
    _, problems = read("unclosed-quote-at-end.csv")
    assert [str(p) for p in problems] == [f"unclosed-quote-at-end.csv:4: error: {UNCLOSED}"]


def test_a_nul_byte_is_reported() -> None:
    frame, problems = read("nul-byte.csv")
    assert ids(frame) == GOOD
    assert [problem.line for problem in problems] == [3]


@pytest.mark.parametrize("byte", [1, 7, 11, 12, 27, 31, 127])
def test_a_control_character_costs_its_own_line_alone(byte: int) -> None:
    data = b"id,author\na,USA\nb,U" + bytes([byte]) + b"SA\nc,RUS\n"
    frame, problems = read_table(data, "act", "acts.csv")
    assert ids(frame) == ["a", "c"]
    assert [(p.line, p.what) for p in problems] == [(3, f"The line holds the control character U+{byte:04X}.")]


def test_blank_lines_are_no_rows() -> None:
    frame, problems = read("blank-lines.csv")
    assert problems == []
    assert ids(frame) == GOOD
    assert frame["line"].to_list() == [2, 4]


def test_a_column_that_stands_twice_but_for_a_space_is_reported() -> None:
    frame, problems = read("duplicate-column-by-a-space.csv")
    assert ids(frame) == GOOD
    assert "twice" in problems[0].what


def test_a_huge_cell_beside_a_faulty_line_is_not_an_unclosed_one() -> None:
    frame, problems = read("huge-cell-and-ragged.csv")
    assert [i for i in ids(frame) if i in GOOD] == GOOD
    assert UNCLOSED not in [f"{p.what} {p.remedy}" for p in problems]


def test_a_column_named_line_is_reported() -> None:
    _, problems = read_table(COLUMNS.replace(b"value", b"line") + b"a,,,,,,,,,\n", "report", "x.csv")
    assert problems


def test_spaces_around_a_column_name_do_not_matter() -> None:
    frame, problems = read_table(COLUMNS.replace(b"author", b" author ") + b"a,USA,,,,,,,,\n", "report", "x.csv")
    assert problems == []
    assert frame["author"].to_list() == ["USA"]


def test_old_line_ends_are_read() -> None:
    data = (HOSTILE / "crlf.csv").read_bytes().replace(b"\r\n", b"\r")
    assert ids(read_table(data, "report", "x.csv")[0]) == GOOD


def test_an_empty_cell_is_null_by_both_ways() -> None:
    fast, _ = read_table(COLUMNS + b"a,USA,,,,,,,,\n", "report", "x.csv")
    slow, _ = read_table(COLUMNS + b"a,USA,,,,,,,,\n" + b"b,x\xff,,,,,,,,\n", "report", "x.csv")
    assert fast["on"].to_list() == slow["on"].to_list() == [None]


PLAIN = st.text("abc ,'\"é?", max_size=6).filter(lambda text: text.strip() != "")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PLAIN, PLAIN), min_size=1, max_size=5))
def test_both_ways_read_the_same_rows(rows: list[tuple[str, str]]) -> None:
    quoted = ["{},{}".format(*(f'"{cell.replace(chr(34), 2 * chr(34))}"' for cell in row)) for row in rows]
    clean = ("id,en\n" + "\n".join(quoted) + "\n").encode()
    fast, _ = read_table(clean, "report", "x.csv")
    slow, problems = read_table(clean + b"\xff,x\n", "report", "x.csv")
    assert [problem.line for problem in problems] == [len(rows) + 2]
    assert fast.rows() == slow.rows()
    assert fast["en"].to_list() == [en for _, en in rows]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(sorted(KINDS)))
@example(b"id,id\n1,2\n", "act")
@example(b'"\n"', "act")
@example(b"id\n\x00", "act")
@example(b",\n,\n", "act")
@example(b"\xff", "act")
def test_no_bytes_raise(data: bytes, kind: str) -> None:
    frame, _ = read_table(data, kind, "x.csv")
    assert set(frame.columns) <= {*KINDS[kind].columns, "kind", "line"}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([b"id", b"a", b",", b'"', b"\n", b"\r\n", b"\xff", b"\x00", b"2018", b"\xc3"]), max_size=30
    )
)
def test_no_near_csv_raises(parts: list[bytes]) -> None:
    frame, problems = read_table(b"id,author\n" + b"".join(parts), "act", "x.csv")
    assert frame.height or problems or not b"".join(parts).strip()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("acts.csv", "act"),
        ("acts-2018.csv", "act"),
        ("forum-acts.csv", "forum-act"),
        ("reports-new-start.csv", "report"),
        ("positions-unga.csv", "position"),
        ("actsof.csv", None),
        ("act.csv", None),
        ("Acts.csv", None),
        ("notes.csv", None),
    ],
)
def test_the_name_says_the_kind(name: str, kind: str | None) -> None:
    assert kind_of_file(Path("x") / name) == kind


def together(*files: bytes) -> list[pl.DataFrame] | None:
    """Read files together, as they are read where none of them has a fault."""
    plain = [sheet for number, data in enumerate(files) if (sheet := plain_sheet(data, "report", number))]
    assert len(plain) == len(files)
    return read_sheets([sheet for sheet, _ in plain], b"".join(rows for _, rows in plain))


def test_rows_that_are_read_together_know_their_file_and_line() -> None:
    one, two = COLUMNS + b"a,USA,,,,,,,,\nb,USA,,,,,,,,\n", COLUMNS + b"c,RUS,,,,,,,,"
    tables = together(one, two)
    assert tables is not None
    assert [table.select("id", "file", "line", "kind").rows() for table in tables] == [
        [("a", 0, 2, "report"), ("b", 0, 3, "report"), ("c", 1, 2, "report")]
    ]


@pytest.mark.parametrize(
    "row", [b"a,b", b"a,", b"a", b"", b"a,b,c,d", b'a,b,"c', b'a,"b,c', b"a,b,\xff", b'a,"b\n",c'], ids=repr
)
def test_a_fault_in_one_of_many_files_is_noticed(row: bytes) -> None:
    header = b"id,author,on\n"
    assert together(header + b"a,b,c\n", header + row + b"\nd,e,f\n") is None


@pytest.mark.parametrize(
    "data",
    [b"", b"id,author", b"id,author\n", b"id\na\n", b"id,id\na,b\n", b"id,colour\na,b\n", b'"id",on\na,b\n',
     b"id,on\r\na,b\r\n", b"id,on\na,\0\n"],
    ids=repr,
)  # fmt: skip
def test_a_file_that_is_not_plain_is_read_on_its_own(data: bytes) -> None:
    assert plain_sheet(data, "report", 0) is None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.tuples(PLAIN, PLAIN), min_size=1, max_size=3), min_size=1, max_size=4))
def test_files_are_read_together_as_they_are_alone(files: list[list[tuple[str, str]]]) -> None:
    def text(rows: list[tuple[str, str]]) -> bytes:
        quoted = ["{},{}".format(*(f'"{cell.replace(chr(34), 2 * chr(34))}"' for cell in row)) for row in rows]
        return ("id,en\n" + "\n".join(quoted) + "\n").encode()

    tables = together(*(text(rows) for rows in files))
    assert tables is not None
    alone = [read_table(text(rows), "report", "x.csv")[0] for rows in files]
    assert tables[0].select("id", "en", "line").rows() == pl.concat(alone).rows()
