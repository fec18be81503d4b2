"""Every file of the folder of hostile inputs, named for its defect, is refused in words that name the defect."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import DetenteError
from detente.errors import Problem
from detente.ledger.escrow.answers import checked
from detente.ledger.escrow.answers import format_of
from detente.ledger.escrow.checking import check_opening
from detente.ledger.escrow.commitment import read_commitment
from detente.ledger.escrow.declaration import read_declaration
from detente.ledger.escrow.draw import read_draw_file
from detente.ledger.escrow.files import read_bytes
from detente.ledger.escrow.request import read_request
from detente.ledger.escrow.rows import MAX_PROBLEMS
from detente.ledger.escrow.secret import read_secret
from ledger.escrow.made import FORM
from ledger.escrow.made import SITES
from ledger.escrow.made import declared

FOLDER: Final = Path(__file__).parent.parent / "fixtures" / "escrow"
COMMITMENT: Final = read_commitment((FOLDER / "commitment.json").read_bytes(), "commitment")

OPENINGS = {
    "another-commitment": "about the commitment 000000000000",
    "another-format": "the format is",
    "audit-path-of-a-thousand": "at most 63 hashes",
    "audit-path-too-long": "too long",
    "audit-path-too-short": "too short",
    "children-in-the-innermost-rank": "innermost rank",
    "cut-off": "truncated",
    "dummy-with-fields": "says that it is a dummy",
    "empty": "truncated",
    "empty-list-below": "not in order",
    "field-is-a-list": "got `array`",
    "field-missing": "fields are not kind, serial",
    "field-too-many": "fields are not kind, serial",
    "fields-and-hash": "both its fields and a hash",
    "fields-missing": "neither its fields",
    "hash-in-capitals": "64 digits",
    "hash-too-short": "64 digits",
    "hash-with-spaces": "64 digits",
    "higher-level-alone": "a lower level is not",
    "item-below-a-closed-facility": "a dummy or not opened",
    "item-below-a-dummy": "a dummy or not opened",
    "list-with-one-missing-and-no-audit-path": "no audit path",
    "member-twice": "not canonical",
    "member-twice-inside": "not canonical",
    "member-unknown": "unknown field",
    "nested-too-deeply": "does not have the form",
    "no-audit-path": "no audit path",
    "no-root-below": "root of the list below it is missing",
    "nodes-nested-too-deeply": "does not have the form",
    "not-canonical": "not canonical",
    "not-canonical-inside": "not canonical",
    "not-utf-8": "does not have the form",
    "number-too-large": "larger than canonical JSON",
    "salt-missing": "neither its fields",
    "slot-is-a-fraction": "got `float`",
    "slot-negative": "not in order",
    "slot-of-another": "another root",
    "slot-out-of-range": "not in order",
    "slot-shown-twice": "shown twice",
    "slots-out-of-order": "not in order",
    "too-few-parts": "has 1 parts, not 2",
    "wrong-salt": "another root",
    "wrong-value": "another root",
}
COMMITMENTS = {
    "another-algorithm": "Give a file of the format",
    "another-format": "the format is",
    "field-twice": "opened twice",
    "field-with-a-quote-in-its-name": "no name of a field",
    "inner-rank-before-outer": "in which it stands",
    "level-of-unknown-rank": "no rank",
    "not-json": "does not have the form",
    "previous-is-no-hash": "no hash",
    "rank-twice": "named twice",
    "rank-without-level": "No level opens",
    "ranks-missing": "0 ranks",
    "root-is-no-hash": "no hash",
    "width-is-huge": "power of two",
    "width-is-no-power-of-two": "power of two",
    "width-is-zero": "power of two",
    "widths-missing": "1 widths",
}
REQUESTS = {
    "another-commitment": "about the commitment 111111111111",
    "another-format": "the format is",
    "day-is-none": "does not have the form",
    "level-too-high": "no level or no node",
    "level-zero": "no level or no node",
    "no-nodes": "no level or no node",
    "node-is-no-place": "no place",
    "node-outside-the-form": "no slot @9",
    "node-with-leading-zero": "no place",
}
DRAWS = {
    "another-format": "the format is",
    "more-than-there-are": "129 cannot be drawn out of 128",
    "nonce-is-no-hash": "64 digits",
    "none-to-draw": "0 cannot be drawn",
    "one-party-twice": "two parties",
    "opening-with-one-commitment": "length 2",
    "place-is-none": "no list of places",
    "place-listed-twice": "listed twice",
    "three-parties": "length 2",
    "under-is-no-place": "not said what is drawn from",
    "unknown-kind": "Invalid value",
    "widths-of-zero": "out of bounds",
    "widths-without-end": "cannot be drawn",
}
DECLARATIONS = {
    "empty": ("empty.toml:1:", "'declarer' is missing"),
    "field-is-a-fraction": ("toml:35:", "Write it as text"),
    "field-is-a-list": ("toml:35:", "Write it as text"),
    "field-missing": ("toml:35:", "has no 'serial'"),
    "field-too-long": ("toml:35:", "4,097 characters"),
    "field-unknown": ("toml:35:", "'colour'"),
    "id-missing": ("toml:35:", "has no id"),
    "id-twice": ("toml:35:", "twice in one list"),
    "id-with-a-slash": ("toml:35:", "without space or slash"),
    "level-of-unknown-rank": ("toml:11:", "'ship', which is no rank"),
    "no-declarer": ("toml:1:", "'declarer' is missing"),
    "no-width": ("toml:6:", "'site' has no width"),
    "not-toml": ("toml:21:", "no TOML"),
    "not-utf-8": ("toml:1:", "UTF-8"),
    "number-too-large": ("toml:35:", "Write it as text"),
    "rank-without-level": ("toml:11:", "No level opens"),
    "rows-in-another-folder": ("toml:1:", "beside this one"),
    "rows-not-there": ("toml:1:", "nowhere.csv"),
    "sheet-with-a-field-of-another-rank": ("csv:2:", "has no field kind"),
    "sheet-with-a-quote-left-open": ("csv:2:", "no CSV"),
    "sheet-with-a-row-of-nothing": ("csv:2:", "names no node"),
    "sheet-with-a-short-row": ("csv:2:", "3 cells, not 7"),
    "sheet-with-wrong-columns": ("csv:1:", "Write the columns"),
    "sheet-without-the-row-above": ("csv:2:", "no row above"),
    "site-is-no-list": ("toml:7:", "Write [[site]]"),
    "unknown-table": ("toml:57:", "'ship' means nothing"),
    "width-is-no-power-of-two": ("toml:6:", "power of two"),
    "width-too-small": ("toml:6:", "Write item = 2"),
}


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        ("openings", OPENINGS),
        ("commitments", COMMITMENTS),
        ("requests", REQUESTS),
        ("draws", DRAWS),
        ("declarations", DECLARATIONS),
    ],
)
def test_every_file_has_its_words(folder: str, told: dict[str, object]) -> None:
    assert {path.stem for path in (FOLDER / folder).iterdir()} == set(told)


def _file(folder: str, name: str) -> bytes:
    return (FOLDER / folder / f"{name}.json").read_bytes()


def test_the_opening_that_they_were_made_from_is_good() -> None:
    seen, problems = check_opening(COMMITMENT, (FOLDER / "opening.json").read_bytes(), "x")
    assert problems == []
    assert len(seen) == 10


@pytest.mark.parametrize("name", OPENINGS)
def test_a_hostile_opening_shows_nothing(name: str) -> None:
    try:
        seen, problems = check_opening(COMMITMENT, _file("openings", name), "x")
    except DetenteError as fault:
        told = str(fault)
    else:
        assert seen == []
        told = " ".join(map(str, problems))
    assert OPENINGS[name] in told


@pytest.mark.parametrize("name", COMMITMENTS)
def test_a_hostile_commitment_is_refused(name: str) -> None:
    with pytest.raises(DetenteError) as fault:
        read_commitment(_file("commitments", name), "x")
    assert COMMITMENTS[name] in str(fault.value)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_hostile_request_is_refused(name: str) -> None:
    with pytest.raises(DetenteError) as fault:
        read_request(COMMITMENT, _file("requests", name), "x")
    assert REQUESTS[name] in str(fault.value)


@pytest.mark.parametrize("name", DRAWS)
def test_a_hostile_file_of_a_draw_is_refused(name: str) -> None:
    with pytest.raises(DetenteError) as fault:
        read_draw_file(_file("draws", name), "x")
    assert DRAWS[name] in str(fault.value)


@pytest.mark.parametrize("name", DECLARATIONS)
def test_a_faulty_declaration_is_refused_with_its_line(name: str) -> None:
    declaration, problems = read_declaration(FOLDER / "declarations" / f"{name}.toml")
    assert declaration is None
    place, words = DECLARATIONS[name]
    assert any(place in str(problem) and words in str(problem) for problem in problems), problems


def test_twenty_faults_are_reported_together(tmp_path: Path) -> None:
    wrong = SITES.replace("serial", "number").replace('purpose = "storage"', "purpose = 1.5")
    file = tmp_path / "d.toml"
    file.write_text(FORM + wrong, "utf-8")
    _, problems = read_declaration(file)
    assert len(problems) == 8
    assert len({problem.line for problem in problems}) == 5
    assert problems == sorted(problems)


def test_a_file_of_faults_ends_somewhere(tmp_path: Path) -> None:
    file = tmp_path / "d.toml"
    file.write_text(FORM + '[[site]]\nid = "/"\nname = "x"\n' * (MAX_PROBLEMS + 100), "utf-8")
    _, problems = read_declaration(file)
    assert len(problems) == MAX_PROBLEMS


def test_a_sheet_declares_the_same_as_tables(tmp_path: Path) -> None:
    rows = [
        "site,facility,item,name,purpose,kind,serial",
        "kesh,,,Kesh Plateau,,,",
        "kesh,k1,,,storage,,",
        "kesh,k1,1,,,canister,IPD-0001",
        "kesh,k1,2,,,canister,IPD-0002",
        "kesh,k2,,,maintenance,,",
        "orlo,,,Orlo Bay,,,",
        "orlo,o1,,,storage,,",
        "orlo,o1,3,,,launcher,IPD-0003",
    ]
    tables = declared(tmp_path)
    (tmp_path / "rows.csv").write_text("\ufeff" + "\n".join(rows) + "\n", "utf-8")
    sheet = declared(tmp_path, 'rows = "rows.csv"\n' + FORM)
    assert sheet == tables


def test_a_day_is_written_as_text(tmp_path: Path) -> None:
    declaration = declared(tmp_path, FORM + SITES.replace('"IPD-0003"', "2031-01-01"))
    assert declaration.rows[2].contents[1][2] == b'{"kind":"launcher","serial":"2031-01-01"}'


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DetenteError, match="can be read"):
        read_declaration(tmp_path / "nowhere.toml")
    file = tmp_path / "large"
    file.write_bytes(bytes(11))
    with pytest.raises(DetenteError, match="more than 10 bytes"):
        read_bytes(file, 10)


_TOML = st.text(alphabet='[]="\n. abcdsiteorlvw0123456789', max_size=200)


@given(st.text(max_size=200) | _TOML | st.tuples(st.just(FORM), _TOML).map("".join))
def test_any_text_is_a_declaration_or_faulty(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    file.write_bytes(text.encode())
    declaration, problems = read_declaration(file)
    assert (declaration is None) == bool(problems)
    assert all(isinstance(problem, Problem) and problem.remedy for problem in problems)


@given(st.lists(st.lists(st.text(alphabet='kesh1,"\n\x00é', max_size=6), max_size=8), max_size=8))
def test_any_sheet_is_a_declaration_or_faulty(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "fuzzed.csv").write_text(
        "site,facility,item,name,purpose,kind,serial\n" + "\n".join(map(",".join, cells)), "utf-8"
    )
    file = folder / "sheet.toml"
    file.write_text('rows = "fuzzed.csv"\n' + FORM, "utf-8")
    declaration, problems = read_declaration(file)
    assert (declaration is None) == bool(problems)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_file_of_an_escrow_or_refused(data: bytes) -> None:
    def reads() -> None:
        read_commitment(data, "x")

    for read in (
        reads,
        lambda: read_secret(data, "x"),
        lambda: read_request(COMMITMENT, data, "x"),
        lambda: checked(COMMITMENT, {"x": data}),
        lambda: format_of(data, "x"),
    ):
        with pytest.raises(DetenteError):
            read()
