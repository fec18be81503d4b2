"""Several days judged in one pass give what each gives alone, on the shipped record."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import pytest

from detente.consultation.sitting import Sitting
from detente.consultation.ties import count_all
from detente.consultation.ties import count_ties
from detente.instruments.standings import Standings
from detente.obligations.judge import findings
from detente.obligations.judge import findings_by_day
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.reading import Reading
from detente.record.timeline import View

DAYS = ("2009-12-04", "2009-12-05", "2011-02-05", "2018-07-10", "2019-08-02", "2022-09-01", "2023-02-28", "2026-02-05")


@pytest.fixture(scope="module")
def casebook() -> Casebook:
    return open_casebook()


@pytest.mark.parametrize("spoken_only", [True, False])
def test_days_together_are_the_days_alone(casebook: Casebook, spoken_only: bool) -> None:
    days = [date.fromisoformat(day) for day in (DAYS if spoken_only else DAYS[::3])]
    each = [Standings(View(casebook.record, day), casebook.instruments) for day in days]
    together = findings_by_day(casebook.provisions, each, spoken_only).partition_by("day", as_dict=True)
    for standings in each:
        alone = findings(casebook.provisions, standings, spoken_only)
        assert together[standings.view.on,].drop("day").equals(alone, null_equal=True), standings.view.on


def test_every_finding_has_an_id_of_its_own(casebook: Casebook) -> None:
    rows = Reading(casebook, date(2018, 7, 10)).all_findings.select("id", "author")
    assert rows["id"].is_unique().all()
    assert rows["author"].n_unique() > 5


@pytest.mark.parametrize("pair", [("USA", "RUS"), ("IND", "PAK")])
def test_ties_of_many_years_are_those_of_each_year_alone(casebook: Casebook, pair: tuple[str, str]) -> None:
    def sitting_on(day: date) -> Sitting:
        return Reading(casebook, day).sitting(*pair)

    days = [date(year, 12, 31) for year in (1971, 1988, 1990, 1991, 1992, 2005, 2014)]
    assert count_all(days, sitting_on) == [count_ties(sitting_on(day)) for day in days]


def test_findings_stand_in_the_order_of_provision_party_and_author(casebook: Casebook) -> None:
    rows = Reading(casebook, date(2014, 4, 1)).spoken_findings
    numbers = {(i.id, p.article): n for n, (i, p) in enumerate(casebook.provisions.rows)}
    order = [(numbers[i, p], party, author) for i, p, party, author in rows.select(
        "instrument", "provision", "party", "author"
    ).iter_rows()]  # fmt: skip
    assert order == sorted(order)
    assert all(len(list(group)) == 1 for _, group in groupby(order))
