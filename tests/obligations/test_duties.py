from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from builders import Row
from builders import Table
from builders import act
from builders import article
from builders import clean_book
from builders import limit
from builders import position
from builders import signed_and_in_force
from builders import small_book
from builders import standings
from builders import term
from builders import treaty
from builders import words
from detente.obligations.duties import duties
from detente.reading.casebook import Casebook

IN_FORCE = signed_and_in_force("2011-02-05")


def book(folder: Path, law: Table, *acts: Row, positions: tuple[Row, ...] = ()) -> Casebook:
    statements = {"acts": [*IN_FORCE, *acts], "positions": list(positions)}
    return clean_book(folder, treaties=[law], statements=statements)


def owed(casebook: Casebook, on: str) -> pl.DataFrame:
    return duties(casebook.provisions, standings(casebook, on))


def gates(casebook: Casebook, on: str, party: str = "USA", reader: str = "") -> list[str | None]:
    rows = owed(casebook, on).filter((pl.col("party") == party) & (pl.col("reading") == reader))
    return rows["gate"].to_list()


def bound(casebook: Casebook, on: str) -> set[tuple[str, str]]:
    return set(owed(casebook, on).select("provision", "party").iter_rows())


def test_nothing_is_owed_before_entry_into_force(tmp_path: Path) -> None:
    casebook = book(tmp_path, treaty("pact", limit("II")))
    assert owed(casebook, "2011-02-04").height == 0
    assert bound(casebook, "2011-02-05") == {("II", "USA"), ("II", "RUS")}


def test_an_empty_casebook_owes_nothing(tmp_path: Path) -> None:
    assert owed(clean_book(tmp_path), "2018-01-01").height == 0


def test_a_provision_that_no_obligation_carries_is_not_owed(tmp_path: Path) -> None:
    law = treaty("pact", limit("II"), article("I", "none", why=words("definitions")))
    assert bound(book(tmp_path, law), "2018-01-01") == {("II", "USA"), ("II", "RUS")}


@pytest.mark.parametrize(
    ("binds", "wanted"),
    [
        ("parties", {"USA", "RUS", "GBR"}),
        ("role:nws", {"USA", "RUS"}),
        ("not-role:nws", {"GBR"}),
        (["GBR", "FRA"], {"GBR"}),
        ([], set()),
    ],
)
def test_whom_a_provision_binds(tmp_path: Path, binds: object, wanted: set[str]) -> None:
    law = treaty("pact", limit("II", binds=binds), participants=["USA", "RUS", "GBR"], roles={"nws": ["USA", "SUN"]})
    assert {party for _, party in bound(book(tmp_path, law), "2018-01-01")} == wanted


def test_two_provisions_are_owed_in_their_own_ways(tmp_path: Path) -> None:
    law = treaty("pact", limit("I", binds=["USA"]), limit("II", binds=["RUS"]), limit("III"))
    wanted = {("I", "USA"), ("II", "RUS"), ("III", "USA"), ("III", "RUS")}
    assert bound(book(tmp_path, law), "2018-01-01") == wanted


def test_a_provision_begins_on_its_day_and_ends_on_its_day(tmp_path: Path) -> None:
    casebook = book(tmp_path, treaty("pact", limit("II", **{"from": "2018-02-05", "until": "2019-02-05"})))
    days = ("2018-02-04", "2018-02-05", "2019-02-04", "2019-02-05")
    assert [gates(casebook, on) for on in days] == [["not-begun"], [None], [None], ["provision-ended"]]


def test_an_approximate_bound_counts_from_its_last_day(tmp_path: Path) -> None:
    casebook = book(tmp_path, treaty("pact", limit("II", **{"from": "2018-02"})))
    assert gates(casebook, "2018-02-27") == ["not-begun"]
    assert gates(casebook, "2018-02-28") == [None]


ANCHORED: list[tuple[Table, str, str]] = [
    ({"after": "entry-into-force", "period": "P7Y"}, "2018-02-04", "2018-02-05"),
    ({"after": "opening", "period": "P1Y"}, "2011-04-07", "2011-04-08"),
    ({"after": "bound", "period": "P6M"}, "2011-08-04", "2011-08-05"),
    ({"after": "act:amend", "period": "P30D"}, "2015-01-30", "2015-01-31"),
]


@pytest.mark.parametrize(("anchor", "before", "on"), ANCHORED, ids=[anchor["after"] for anchor, _, _ in ANCHORED])
def test_a_bound_may_count_from_another_day(tmp_path: Path, anchor: Table, before: str, on: str) -> None:
    amended = act("amend", "2015-01-01")
    begins = book(tmp_path / "1", treaty("pact", limit("II", **{"from": anchor})), amended)
    assert [gates(begins, text) for text in (before, on)] == [["not-begun"], [None]]
    ends = book(tmp_path / "2", treaty("pact", limit("II", until=anchor)), amended)
    assert [gates(ends, text) for text in (before, on)] == [[None], ["provision-ended"]]


def test_the_first_act_of_a_verb_is_the_anchor(tmp_path: Path) -> None:
    law = treaty("pact", limit("II", **{"from": {"after": "act:amend"}}))
    casebook = book(tmp_path, law, act("amend", "2015-01-01"), act("amend", "2016-01-01"))
    assert owed(casebook, "2018-01-01")["from"].unique().to_list() == [date(2015, 1, 1)]


GATES: list[tuple[str, Table, list[Row], str]] = [
    ("suspended", {}, [act("suspend", "2015-01-01", "USA")], "2015-01-01"),
    ("party-out", {"participants": ["USA", "RUS", "GBR"]}, [act("withdraw", "2015-01-01", "USA")], "2015-01-01"),
    ("instrument-ended", {}, [act("terminate", "2015-01-01")], "2015-01-01"),
]


@pytest.mark.parametrize(("gate", "more", "acts", "on"), GATES, ids=[name for name, _, _, _ in GATES])
def test_a_gate_closes_on_its_day(tmp_path: Path, gate: str, more: Table, acts: list[Row], on: str) -> None:
    casebook = book(tmp_path, treaty("pact", limit("II"), **more), *acts)
    assert gates(casebook, "2014-12-31") == [None]
    assert gates(casebook, on) == [gate]


def test_who_leaves_while_suspended_is_still_suspended(tmp_path: Path) -> None:
    acts = [act("suspend", "2019-02-02", "USA"), act("give-notice", "2019-02-02", "USA", id="notice")]
    casebook = book(tmp_path, treaty("pact", limit("II"), term(notice="P6M")), *acts)
    assert gates(casebook, "2019-03-01") == ["suspended", "suspended"]


def test_who_leaves_still_owes(tmp_path: Path) -> None:
    casebook = book(tmp_path, treaty("pact", limit("II"), term(notice="P6M")), act("give-notice", "2019-02-02", "USA"))
    assert gates(casebook, "2019-03-01") == [None, None]


def test_a_contested_act_gives_duties_of_another_reading(tmp_path: Path) -> None:
    acts = (act("suspend", "2023-02-28", "RUS", id="suspension"),)
    contest = (position("USA", "contest", "2023-03-01", "suspension"),)
    casebook = book(tmp_path, treaty("pact", limit("II")), *acts, positions=contest)
    assert gates(casebook, "2023-03-01", "RUS") == ["suspended"]
    assert gates(casebook, "2023-03-01", "RUS", "USA") == [None]
    assert gates(casebook, "2023-03-01", "RUS", "GBR") == []


def test_numbers_are_those_of_the_measure(tmp_path: Path) -> None:
    law = treaty("pact", limit("I", at_most=1550), limit("II", measure="mass", at_most=300, at_least=0.5))
    frame = book(tmp_path, law).provisions.frame
    assert frame["at_most_count"].to_list() == [1550, None]
    assert frame["at_most_quantity"].to_list() == [None, 300.0]
    assert frame["at_least_quantity"].to_list() == [None, 0.5]


def test_the_frame_of_provisions_depends_on_no_day(tmp_path: Path) -> None:
    casebook = book(tmp_path, treaty("pact", limit("I"), limit("II")))
    assert casebook.provisions is casebook.provisions
    assert casebook.provisions.frame["provision"].to_list() == ["I", "II"]
    assert casebook.provisions.frame["row"].to_list() == [0, 1]


def test_a_provision_of_no_known_kind_is_reported_and_owed_by_nobody_as_met(tmp_path: Path) -> None:
    statements = {"acts": IN_FORCE}
    casebook = small_book(tmp_path, treaties=[treaty("pact", article("II", "promise"))], statements=statements)
    assert [problem.severity for problem in casebook.problems] == ["error"]
