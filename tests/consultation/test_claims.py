"""Public claims: each measure gives its own answer, and silence of the record is no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import Row
from builders import Table
from builders import act
from builders import claim
from builders import clean_book
from builders import forum
from builders import meeting
from builders import report
from builders import signed_and_in_force
from builders import statement
from builders import term
from builders import treaty
from consultation.pair_builder import ISSUES
from consultation.pair_builder import forum_act
from consultation.pair_builder import make
from consultation.pair_builder import reading
from detente.consultation.claims import Tested as Result
from detente.errors import DetenteError
from detente.reading.casebook import Casebook
from detente.reading.meetings import claims

PAIR = ["USA", "RUS"]
WORST = claim(between=PAIR, since="2009-06-01", measures=["ties", "treaties-in-force", "mass"])
FORCE = signed_and_in_force("2011-02-05")


def result(book: Casebook, on: str) -> Result:
    return claims(reading(book, on), "worst").claims[0]


def verdicts(book: Casebook, on: str) -> dict[str, str]:
    return {answer.measure: answer.verdict for answer in result(book, on).answers}


def _distance(on: str, value: str, item: str = "", **more: str) -> Row:
    return report("USA;RUS", value, on, measure="mass", author="FAS", item=item, **more)


def test_the_measures_answer_differently(tmp_path: Path) -> None:
    laws = [treaty("pact"), treaty("paper", binding="political")]
    acts = [
        *FORCE,
        act("sign", "2008-01-01", "USA;RUS", instrument="paper"),
        act("terminate", "2015-01-01"),
        act("sign", "2012-01-01", "USA;RUS", instrument="paper", id="again"),
    ]
    book = make(
        tmp_path, laws, [forum(lapses_after="P20Y")], [WORST], acts=acts, meetings=[meeting("bcc", "2008-05-01")],
        reports=[_distance("2010-12-31", "2.5"), _distance("2015-12-31", "3.5")],
    )  # fmt: skip
    found = verdicts(book, "2016-07-10")
    assert found == {"ties": "does not hold", "treaties-in-force": "does not hold", "mass": "holds"}
    by_measure = {answer.measure: answer for answer in result(book, "2016-07-10").answers}
    assert (by_measure["ties"].value, by_measure["treaties-in-force"].value) == ("2", "0")
    assert by_measure["mass"].value == "3.50"


def test_worst_means_lower_than_at_the_end_of_every_year_since(tmp_path: Path) -> None:
    rows = claim(between=PAIR, since="2011-06-01", measures=["ties"])
    book = make(tmp_path, [treaty("pact")], claims=[rows], acts=[*FORCE, act("terminate", "2015-01-01")])
    assert verdicts(book, "2014-07-10") == {"ties": "does not hold"}
    assert verdicts(book, "2015-07-10") == {"ties": "holds"}
    assert verdicts(book, "2016-07-10") == {"ties": "does not hold"}
    assert "lowest 0 (2015)" in result(book, "2016-07-10").answers[0].why.en


def test_a_distance_is_compared_for_each_release_on_its_own(tmp_path: Path) -> None:
    reports = [
        _distance("2010-12-31", "2.5", "old"), _distance("2015-12-31", "3.5", "old"),
        _distance("2010-12-31", "2.5", "new"), _distance("2015-12-31", "2.4", "new"),
    ]  # fmt: skip
    reports = [{**row, "id": f"r{n}"} for n, row in enumerate(reports)]
    only_mass = claim(between=PAIR, since="2009-06-01", measures=["mass"])
    book = make(tmp_path, claims=[only_mass], reports=reports)
    assert verdicts(book, "2016-07-10") == {"mass (old)": "holds", "mass (new)": "does not hold"}


def test_no_data_is_no_answer(tmp_path: Path) -> None:
    book = make(tmp_path, claims=[claim(between=PAIR, since="2009-06-01", measures=["mass"])])
    answer = result(book, "2016-07-10").answers[0]
    assert (answer.verdict, answer.value) == ("cannot tell", "")
    assert "no value" in answer.why.en
    others = [report("USA;GBR", "3.5", "2015-12-31", measure="mass", author="FAS")]
    book = make(tmp_path / "b", claims=[claim(between=PAIR, since="2009-06-01", measures=["mass"])], reports=others)
    assert verdicts(book, "2016-07-10") == {"mass": "cannot tell"}


def test_with_no_year_to_compare_it_cannot_be_told(tmp_path: Path) -> None:
    book = make(
        tmp_path, [treaty("pact")], claims=[claim(between=PAIR, since="2016-06-01", measures=["ties"])], acts=FORCE
    )
    assert verdicts(book, "2016-07-10") == {"ties": "cannot tell"}


def test_who_said_it_is_told_from_the_day_on_which_it_was_said(tmp_path: Path) -> None:
    said = [statement("said", "RUS", "2018-07-06", topic="worst", en="en", ru="ru")]
    book = clean_book(tmp_path, issues=ISSUES, forums=(), claims=[WORST], statements={"claims": said})
    assert result(book, "2018-07-05").said == []
    assert [(s["author"], s["on"]) for s in result(book, "2018-07-06").said] == [("RUS", "2018-07-06")]


TALKS = claim(test="none-under-way-for", between=PAIR)
BODY = forum("talks", kind="negotiation")
LIFE = [forum_act("charter", "2009-05-01", "talks"), forum_act("end", "2010-04-08", "talks")]


def test_none_under_way_is_tested_by_the_negotiating_bodies_of_the_two(tmp_path: Path) -> None:
    book = make(tmp_path, forums=[BODY], claims=[TALKS], forum_acts=LIFE)
    assert verdicts(book, "2009-07-10") == {"negotiations": "does not hold"}
    assert "Under way: talks" in result(book, "2009-07-10").answers[0].why.en
    assert verdicts(book, "2010-04-08") == {"negotiations": "holds"}


def test_no_negotiation_on_record_is_no_answer(tmp_path: Path) -> None:
    assert verdicts(make(tmp_path, claims=[TALKS]), "2018-07-10") == {"negotiations": "cannot tell"}


def test_for_the_first_time_in_decades_is_an_answer_of_its_own(tmp_path: Path) -> None:
    since = claim(test="none-under-way-for", between=PAIR, since="2008-01-01")
    book = make(tmp_path, forums=[BODY], claims=[since], forum_acts=LIFE)
    assert verdicts(book, "2010-07-10") == {"negotiations": "holds", "first time": "does not hold"}
    assert result(book, "2010-07-10").answers[1].compared == "2008"
    later = claim(test="none-under-way-for", between=PAIR, since="2009-06-01")
    book = make(tmp_path / "b", forums=[BODY], claims=[later], forum_acts=LIFE)
    assert verdicts(book, "2010-07-10") == {"negotiations": "holds", "first time": "holds"}


def _ends(within: str) -> Table:
    return claim(test="ends-within", between=PAIR, instrument="pact", within=within)


@pytest.mark.parametrize(
    ("on", "within", "verdict"),
    [
        ("2018-02-05", "P3Y", "does not hold"),
        ("2018-02-06", "P3Y", "holds"),
        ("2020-10-28", "P100D", "does not hold"),
        ("2020-10-29", "P100D", "holds"),
        ("2021-02-05", "P3Y", "cannot tell"),
        ("2011-02-04", "P3Y", "cannot tell"),
    ],
)
def test_ends_within_is_half_open(tmp_path: Path, on: str, within: str, verdict: str) -> None:
    book = make(tmp_path, [treaty("pact", term(duration="P10Y"))], claims=[_ends(within)], acts=FORCE)
    assert verdicts(book, on) == {"term": verdict}


def test_a_text_without_an_end_cannot_be_told(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact", term())], claims=[_ends("P3Y")], acts=FORCE)
    assert verdicts(book, "2018-07-10") == {"term": "cannot tell"}


def test_an_unregistered_claim_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(DetenteError, match="Registered are: worst"):
        claims(reading(make(tmp_path, claims=[WORST]), "2018-07-10"), "best")
