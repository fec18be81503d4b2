"""Changes between two days: under one party's later name, and from and to a reading that parts from the common one."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from builders import clean_book
from builders import concern
from builders import issue
from builders import limit
from builders import signed_and_in_force
from builders import treaty
from detente.reading import Casebook
from detente.reading import Reading
from detente.reading import open_casebook
from detente.reading.answers import DiffAnswer
from detente.reading.diff import diff


@cache
def shipped() -> Casebook:
    return open_casebook()


def changes_of(answer: DiffAnswer, what: str) -> dict[str, tuple[str, str]]:
    return {c.id: (c.before.en, c.after.en) for c in answer.changes if c.what == what}


def test_what_the_soviet_union_held_russia_has_not_begun() -> None:
    answer = diff(Reading(shipped(), date(1986, 10, 10)), Reading(shipped(), date(1992, 6, 1)))
    standings = changes_of(answer, "standing")
    assert "abm/RUS" not in standings
    assert standings["inf/RUS"] == ("none", "bound")
    assert standings["pnet/RUS"] == ("signatory", "bound")


def test_a_finding_that_parts_is_held_against_what_was_common() -> None:
    answer = diff(Reading(shipped(), date(2021, 6, 16)), Reading(shipped(), date(2023, 6, 1)))
    findings = changes_of(answer, "finding")
    assert findings["new-start/II.1(b)/RUS"] == ("met (1456)", "not applicable")
    assert findings["new-start/II.1(b)/RUS@USA"] == ("met (1456)", "cannot tell")


def test_no_change_is_told_twice_and_none_is_no_change() -> None:
    answer = diff(Reading(shipped(), date(2018, 7, 10)), Reading(shipped(), date(2023, 6, 1)))
    told = [(c.what, c.id) for c in answer.changes]
    assert len(told) == len(set(told)) > 500
    assert [c.id for c in answer.changes if c.what != "finding" and c.before == c.after] == []


def test_a_reading_that_rejoins_the_common_one_is_a_change(tmp_path: Path) -> None:
    raised = concern("USA", "allege", "2018-03-01", "RUS")
    settled = {**concern("USA", "resolve", "2018-06-01", "RUS"), "id": "settled"}
    book = clean_book(
        tmp_path, issues=[issue()], treaties=[treaty("pact", limit("II"))],
        statements={"acts": signed_and_in_force("2011-02-05"), "concerns": [raised, settled]},
    )  # fmt: skip
    answer = diff(Reading(book, date(2018, 5, 1)), Reading(book, date(2018, 7, 10)))
    before = changes_of(diff(Reading(book, date(2018, 2, 1)), Reading(book, date(2018, 5, 1))), "finding")
    assert before["pact/II/RUS@USA"] == ("cannot tell", "not met")
    assert changes_of(answer, "finding")["pact/II/RUS@USA"] == ("not met", "cannot tell")
