from __future__ import annotations

from pathlib import Path

import pytest
import rtoml

from builders import Table
from builders import article
from builders import errors
from builders import forum
from builders import limit
from builders import reading
from builders import report
from builders import signed_and_in_force
from builders import small_book
from builders import term
from builders import treaty
from builders import words
from builders import write_book
from detente.instruments.load import names_of
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook

PACT = "book/instruments/pact/treaty.toml"


def told(folder: Path, *treaties: Table) -> list[str]:
    return [str(problem) for problem in small_book(folder / "book", treaties=treaties).problems]


def test_a_whole_treaty_is_without_a_problem(tmp_path: Path) -> None:
    pact = treaty(
        "pact", limit(), term(), body="bcc", authority="IAEA", depositary=["GBR"], concerns=["IRN"],
        roles={"nws": ["USA", "RUS"]},
    )  # fmt: skip
    assert told(tmp_path, pact) == []


def test_hyphens_of_an_id_are_underscores_of_its_folder(tmp_path: Path) -> None:
    book = small_book(tmp_path / "book", treaties=[treaty("new-pact")])
    assert list(book.instruments) == ["new-pact"]
    assert book.problems == ()


def test_a_folder_of_another_name_is_reported(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book", treaties=[treaty("pact")])
    (folder / "instruments" / "pact").rename(folder / "instruments" / "old")
    (problem,) = open_casebook(folder, public=False).problems
    assert str(problem) == (
        "book/instruments/old/treaty.toml:1: error: The folder 'old' holds the instrument 'pact'. "
        "Name the folder as the id, with underscores."
    )


def test_an_instrument_stands_once(tmp_path: Path) -> None:
    first = write_book(tmp_path / "first", treaties=[treaty("pact", limit("I"))])
    second = tmp_path / "second"
    write_treaty(second, treaty("pact", limit("II")))
    book = open_casebook(first, second, public=False)
    assert errors(book.problems) == [
        "second/instruments/pact/treaty.toml:1: error: The instrument 'pact' is in the record already. "
        "Give this one an id of its own."
    ]
    assert [p.article for p in book.instruments["pact"].provision] == ["I"]


def write_treaty(folder: Path, text: Table | str) -> Path:
    path = folder / "instruments" / "pact" / "treaty.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else rtoml.dumps(text), encoding="utf-8")
    return path


def test_an_instrument_that_is_not_valid_is_left_out_and_takes_no_other_down(tmp_path: Path) -> None:
    book = small_book(tmp_path / "book", treaties=[treaty("bad", form=5, title="title"), treaty("pact")])
    assert list(book.instruments) == ["pact"]
    (problem,) = book.problems
    assert str(problem).startswith("book/instruments/bad/treaty.toml:1: error: The entry 'bad' is not valid: ")


def test_a_treaty_that_is_no_toml_is_left_out(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book", treaties=[treaty("other")])
    write_treaty(folder, 'id = "pact"\nissue = \n')
    book = open_casebook(folder, public=False)
    assert list(book.instruments) == ["other"]
    assert any(str(p).startswith(f"{PACT}:2: error: The file is no TOML") for p in book.problems)


def test_a_treaty_that_is_no_toml_is_one_problem(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book")
    write_treaty(folder, 'id = "pact"\nissue = \n')
    assert len(open_casebook(folder, public=False).problems) == 1


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "book" / "instruments" / "pact" / "treaty.toml").read_text(encoding="utf-8").splitlines()
    return lines.index(text) + 1


def test_a_fault_is_reported_at_its_article(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, treaty("pact", limit("I"), article("II", "adherence"), limit("III")))
    line = line_of(tmp_path, 'article = "II"')
    assert line > 10
    assert problem == (f"{PACT}:{line}: error: The adherence of article II names nothing. Give 'requires' or 'act'.")


def registered(name: str, where: str) -> str:
    return f"error: '{name}' is not registered. Correct the name, or add it to {where}."


UNKNOWN: list[tuple[str, object, str]] = [
    ("issue", "nothing", "issues.toml"), ("source", "nothing", "sources.toml"), ("body", "nothing", "forums.toml"),
    ("participants", ["USA", "nothing"], "parties.toml"), ("concerns", ["nothing"], "parties.toml"),
    ("depositary", ["nothing"], "parties.toml"), ("authority", "nothing", "parties.toml"),
    ("roles", {"nws": ["nothing"]}, "parties.toml"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "where"), UNKNOWN, ids=[field for field, _, _ in UNKNOWN])
def test_a_name_that_no_register_has(tmp_path: Path, field: str, value: object, where: str) -> None:
    assert told(tmp_path, treaty("pact", **{field: value})) == [f"{PACT}:1: {registered('nothing', where)}"]


IN_PROVISIONS: list[tuple[str, object, str]] = [
    ("measure", "nothing", "measures.toml"), ("measures", ["nothing"], "measures.toml"),
    ("forum", "nothing", "forums.toml"), ("source", "nothing", "sources.toml"),
    ("binds", ["USA", "nothing"], "parties.toml"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "where"), IN_PROVISIONS, ids=[field for field, _, _ in IN_PROVISIONS])
def test_a_name_in_a_provision_that_no_register_has(tmp_path: Path, field: str, value: object, where: str) -> None:
    (problem,) = told(tmp_path, treaty("pact", limit("II", **{field: value})))
    line = line_of(tmp_path, 'article = "II"')
    assert problem == f"{PACT}:{line}: {registered('nothing', where)}"


@pytest.mark.parametrize("binds", ["role:nws", "not-role:nws", "everybody"])
def test_a_role_is_defined(tmp_path: Path, binds: str) -> None:
    (problem,) = told(tmp_path, treaty("pact", limit("II", binds=binds)))
    assert problem.endswith(f"error: '{binds}' binds no known role. Define it under [roles].")


@pytest.mark.parametrize("binds", ["role:nws", "not-role:nws"])
def test_a_role_that_is_defined_binds(tmp_path: Path, binds: str) -> None:
    assert told(tmp_path, treaty("pact", limit("II", binds=binds), roles={"nws": ["USA"]})) == []


def test_a_role_without_its_prefix_is_reported(tmp_path: Path) -> None:
    assert told(tmp_path, treaty("pact", limit("II", binds="nws"), roles={"nws": ["USA"]}))


@pytest.mark.parametrize("more", [{"replaces": ["sort"]}, {"part_of": "sort"}, {"requires": "sort"}])
def test_another_instrument_that_is_not_there_is_a_warning(tmp_path: Path, more: Table) -> None:
    pact = treaty("pact", article("II", "adherence", **more)) if "requires" in more else treaty("pact", **more)
    assert told(tmp_path, pact) == [
        f"{PACT}:1: warning: No instrument 'sort' is in the record (named by pact). Correct the id, or add it."
    ]


def test_names_are_those_of_instruments_and_articles(tmp_path: Path) -> None:
    book = small_book(tmp_path, treaties=[treaty("pact", limit("II.1(a)")), treaty("other")])
    names = names_of(book.instruments, book.record.registers)
    assert names.issue_of == {"other": "arms", "pact": "arms"}
    assert names.provisions == {"pact II.1(a)"}
    assert names.issues == {"arms"}


def faulty(folder: Path, *provisions: Table, **more: object) -> Casebook:
    """Open a casebook with a good treaty and one that has a fault in it; the fault must be reported."""
    treaties = [treaty("good", limit()), treaty("pact", *provisions, **more)]
    acts = [row for id in ("good", "pact") for row in signed_and_in_force("2011-02-05", instrument=id)]
    statements = {"acts": acts, "reports": [report("USA", "1500", "2018-02-05")]}
    book = small_book(folder / "book", treaties=treaties, statements=statements)
    assert errors(book.problems)
    return book


FAULTS: list[tuple[str, tuple[Table, ...], Table]] = [
    ("evidence_within", (limit("II", evidence_within="soon"),), {}),
    ("from", (limit("II", **{"from": "soon"}),), {}),
    ("kind", (article("II", "promise"),), {}),
    ("duration", (term("II", duration="soon"),), {}),
    ("every", (article("II", "cadence", what="meeting", forum="bcc", every="often", first="2012"),), {}),
    ("period", (article("II", "notice", of="missile-launch", timing="before", period="soon"),), {}),
    ("twice", (limit("II"), limit("II")), {}),
]
CASES = [pytest.param(provisions, more, id=name) for name, provisions, more in FAULTS]


@pytest.mark.parametrize(("provisions", "more"), CASES)
def test_a_faulty_provision_takes_no_finding_down(tmp_path: Path, provisions: tuple[Table, ...], more: Table) -> None:
    book = faulty(tmp_path, *provisions, **more)
    found = reading(book, "2018-03-01").findings("good", "USA")
    assert found["state"].to_list() == ["met"]


NUMBERS = [float("inf"), float("nan"), 1549.5, -1, 10**30]


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_counted_has_a_whole_limit(tmp_path: Path, number: float) -> None:
    assert told(tmp_path, treaty("pact", limit("II", at_most=number)))


def test_a_quantity_may_have_a_limit_between_whole_numbers(tmp_path: Path) -> None:
    book = small_book(tmp_path, treaties=[treaty("pact", limit("II", measure="mass", at_most=3.67))])
    assert book.problems == ()
    assert book.provisions.frame["at_most_quantity"].to_list() == [3.67]


def test_a_provision_of_kind_none_is_kept_with_its_reason(tmp_path: Path) -> None:
    book = small_book(tmp_path, treaties=[treaty("pact", article("I", "none", why=words("definitions")))])
    assert book.instruments["pact"].provision[0].why.en == "definitions"
    assert book.provisions.frame.height == 0


def test_an_instrument_may_name_a_forum_of_the_casebook(tmp_path: Path) -> None:
    assert told(tmp_path, treaty("pact", body="bcc")) == []
    book = small_book(tmp_path / "2" / "book", forums=[forum("jcic")], treaties=[treaty("pact", body="bcc")])
    assert [str(p) for p in book.problems] == [f"{PACT}:1: {registered('bcc', 'forums.toml')}"]
