"""Ties: what counts as a live link between two parties, and what does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from builders import Table
from builders import act
from builders import article
from builders import forum
from builders import meeting
from builders import report
from builders import signed_and_in_force
from builders import treaty
from consultation.pair_builder import make
from consultation.pair_builder import reading
from detente.consultation.ties import Ties
from detente.consultation.ties import count_all
from detente.consultation.ties import count_ties
from detente.errors import DetenteError
from detente.reading.casebook import Casebook
from detente.reading.meetings import ties

FORCE = signed_and_in_force("2011-02-05")
SIX = ["USA", "RUS", "GBR", "FRA", "DEU", "IRN"]


def count(book: Casebook, on: str = "2018-07-10") -> Ties:
    return count_ties(reading(book, on).sitting("USA", "RUS"))


def test_a_text_in_force_for_both_is_a_tie_from_its_day(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact")], acts=[*FORCE, act("suspend", "2020-01-01", "RUS")])
    assert count(book, "2011-02-04").total == 0
    assert count(book, "2011-02-05").instruments == ["pact"]
    assert count(book, "2011-02-05").treaties == ["pact"]
    assert count(book, "2020-01-01").total == 0


@pytest.mark.parametrize(
    ("more", "instruments", "treaties"),
    [
        ({"binding": "political"}, ["pact"], []),
        ({"participants": SIX}, ["pact"], ["pact"]),
        ({"participants": [*SIX, "SUN"]}, [], []),
        ({"membership": "open"}, [], []),
    ],
)
def test_only_closed_texts_of_six_at_the_most_are_ties(
    tmp_path: Path, more: Table, instruments: list[str], treaties: list[str]
) -> None:
    acts = [act("accede", "2010-04-08", "USA;RUS"), act("enter-into-force", "2011-02-05")]
    found = count(make(tmp_path, [treaty("pact", **more)], acts=acts))
    assert (found.instruments, found.treaties) == (instruments, treaties)


@pytest.mark.parametrize(
    ("more", "forums"),
    [
        ({}, ["bcc"]),
        ({"members": SIX}, ["bcc"]),
        ({"members": [*SIX, "IAEA"]}, []),
        ({"kind": "track-two"}, []),
        ({"members": ["USA", "GBR"]}, []),
        ({"lapses_after": "P1M"}, []),
    ],
)
def test_a_body_that_meets_is_a_tie(tmp_path: Path, more: Table, forums: list[str]) -> None:
    book = make(tmp_path, forums=[forum(**more)], meetings=[meeting("bcc", "2018-05-01")])
    assert count(book).forums == forums


def _exchange() -> Table:
    cadence = {"what": "report", "measures": ["warheads"], "every": "P6M", "first": "2011-03-01", "grace": "P30D"}
    return treaty("pact", article("VII", "cadence", **cadence))


def test_an_exchange_is_a_tie_while_both_keep_it(tmp_path: Path) -> None:
    both = [report(p, "1", on) for p in ("USA", "RUS") for on in ("2018-03-01", "2018-09-01")]
    book = make(tmp_path / "a", [_exchange()], acts=FORCE, reports=both)
    assert count(book, "2019-03-30").exchanges == ["pact VII"]
    assert count(book, "2019-03-31").exchanges == []
    assert count(book, "2018-07-10").total == 2
    one = [r for r in both if r["author"] == "USA"]
    assert count(make(tmp_path / "b", [_exchange()], acts=FORCE, reports=one)).exchanges == []
    withheld = [*one, report("RUS", "", "2018-03-01")]
    assert count(make(tmp_path / "c", [_exchange()], acts=FORCE, reports=withheld)).exchanges == []


def test_ties_by_year_are_those_of_the_ends_of_years_and_of_the_day(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact")], acts=FORCE)
    read = reading(book, "2012-07-10")
    days = [*(date(year, 12, 31) for year in range(2009, 2012)), read.on]
    found = count_all(days, lambda day: read.at(day).sitting("USA", "RUS"))
    assert [(str(t.on), t.total) for t in found] == [
        ("2009-12-31", 0), ("2010-12-31", 0), ("2011-12-31", 1), ("2012-07-10", 1),
    ]  # fmt: skip
    heard: list[tuple[int, int]] = []
    answer = ties(read, "RUS", "USA", 2009, lambda done, all: heard.append((done, all)))
    assert [(y.on, y.instruments, y.total) for y in answer.years] == [(t.on, t.instruments, t.total) for t in found]
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert answer.between == ("RUS", "USA")


def test_a_party_has_no_ties_with_itself(tmp_path: Path) -> None:
    read = reading(make(tmp_path, [treaty("pact")], acts=FORCE), "2012-07-10")
    with pytest.raises(DetenteError, match="one party"):
        ties(read, "RUS", "SUN")
