"""Year ends: what is looked at for ties alone is what a whole reading gives, and each year is looked at once."""

from __future__ import annotations

from datetime import date

import pytest

from detente.consultation.claims import negotiating
from detente.consultation.ties import count_ties
from detente.reading import Casebook
from detente.reading import Reading
from detente.reading import open_casebook
from detente.reading import year_ends
from detente.reading.meetings import claims
from detente.reading.meetings import ties
from detente.reading.year_ends import YearEnds


@pytest.fixture(scope="module")
def casebook() -> Casebook:
    return open_casebook()


@pytest.mark.parametrize("known_by", [None, date(2014, 1, 1)])
@pytest.mark.parametrize("year", [1963, 1977, 1991, 2002, 2012, 2021])
def test_a_year_end_is_what_a_whole_reading_gives(casebook: Casebook, year: int, known_by: date | None) -> None:
    day = date(year, 12, 31)
    sitting = Reading(casebook, day, known_by).sitting("USA", "RUS")
    found = YearEnds(casebook, known_by, "USA", "RUS")(day)
    assert found.ties == count_ties(sitting)
    assert found.negotiating == negotiating(sitting)


def test_years_once_looked_at_serve_every_later_day(casebook: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    past = YearEnds(casebook, None, "USA", "RUS")
    first = ties(Reading(casebook, date(2018, 7, 10)), "USA", "RUS", 2010, past=past)
    monkeypatch.setattr(year_ends, "count_all", lambda days, *_: pytest.fail(f"{days} are looked at again"))
    again = ties(Reading(casebook, date(2018, 7, 16)), "USA", "RUS", 2010, past=past)
    assert again.years[:-1] == first.years[:-1]


def test_a_series_holds_the_values_that_the_answer_names(casebook: Casebook) -> None:
    answer = claims(Reading(casebook, date(2018, 7, 10)), "worst-since-cold-war").claims[0]
    by_measure = {found.measure: found for found in answer.answers}
    told = by_measure["ties"].series
    assert [point.on for point in told] == [*(f"{y}-12-31" for y in range(1991, 2018)), "2018-07-10"]
    assert str(int(told[-1].value)) == by_measure["ties"].value
    least = min(told[:-1], key=lambda point: (point.value, point.on))
    assert by_measure["ties"].compared == f"{least.value:.0f} ({least.on[:4]})"
    release = by_measure["unga-distance (2025-07-all)"]
    assert release.item == "2025-07-all"
    assert f"{release.series[-1].value:.2f}" == release.value
    for point in release.series:
        row = casebook.record.statement(point.statement)
        assert row is not None
        assert (row["on"], row["quantity"]) == (point.on, point.value)
