"""Claims: tested and not repeated; the answer differs by measure, by data release and by what was known."""

from __future__ import annotations

import csv
import io
from datetime import date

import msgspec
import pytest
from django.test import Client
from reading_pages import data_of
from reading_pages import page_of
from reading_pages import valid
from reading_pages import words_of

from detente.reading import Reading
from detente.reading.answers import ClaimsAnswer
from detente.reading.meetings import claims
from detente.reading.year_ends import YearEnds
from detente.rendering.data import as_json
from detente.web.desk import desk
from detente.web.pictures.series import draw_series

WORST = "/en/claims/worst-since-cold-war/?on=2026-11-24"


@pytest.fixture(scope="module")
def answer() -> ClaimsAnswer:
    casebook = desk().casebook
    past = YearEnds(casebook, None, "USA", "RUS")
    return claims(Reading(casebook, date(2026, 11, 24)), past_of=lambda a, b: past)


def test_the_data_are_those_of_the_command_line(client: Client, answer: ClaimsAnswer) -> None:
    assert client.get("/en/claims.json?on=2026-11-24").content.decode() == as_json(answer)
    one = msgspec.json.decode(client.get("/en/claims/worst-since-1962.json?on=2026-11-24").content, type=ClaimsAnswer)
    assert one.claims == [claim for claim in answer.claims if claim.id == "worst-since-1962"]


def test_the_table_puts_every_measure_under_its_verdict(client: Client, answer: ClaimsAnswer) -> None:
    text = page_of(client, "/en/claims/?on=2026-11-24")
    table = words_of(text)
    for claim in answer.claims:
        assert claim.text.en in table
    # Of five data releases one alone makes 2023 the farthest year since the Cold War.
    assert "General Assembly votes (2025-07-legacy) live ties" in table
    assert "(2025-07-all, 2025-07-all-p05, 2025-07-all-p95, 2025-07-fp)" in table
    assert "On this day they do so for 2 claims" in text


def test_every_verdict_stands_with_its_value_and_why(client: Client, answer: ClaimsAnswer) -> None:
    text = page_of(client, WORST)
    told = words_of(text)
    claim = next(claim for claim in answer.claims if claim.id == "worst-since-cold-war")
    assert len(claim.answers) == 7
    for found in claim.answers:
        assert found.why.en in told
    assert "2025-07-legacy holds 3.03 3.03 (2023)" in told
    assert "The measures answer differently: holds – 1; does not hold – 6." in told


def test_who_said_it_is_linked_and_stands_in_its_own_words(client: Client, answer: ClaimsAnswer) -> None:
    text = page_of(client, WORST)
    claim = next(claim for claim in answer.claims if claim.id == "worst-since-cold-war")
    for said in claim.said:
        assert f"/en/statements/{said['statement']}/?on=2026-11-24" in text
    assert "упали до самой низкой точки" in page_of(client, WORST.replace("/en/", "/ru/"))


def test_a_claim_not_yet_said_names_the_day_when_it_was(client: Client) -> None:
    text = page_of(client, "/en/claims/worst-since-1973/?on=2016-10-13")
    assert "Nobody on record had said it by this day." in text
    assert "/en/claims/worst-since-1973/?on=2016-10-14" in text


def test_what_was_not_yet_released_cannot_tell(client: Client) -> None:
    address = "/en/claims/worst-since-1962.json?on=2018-07-10"
    verdicts = {
        known: {a["measure"]: a["verdict"] for a in data_of(client, address + more)["claims"][0]["answers"]}
        for known, more in (("all", ""), ("then", "&known_by=2018-07-10"))
    }
    assert verdicts["then"]["unga-distance"] == "cannot tell"
    assert verdicts["all"]["unga-distance (2025-07-all)"] == "does not hold"


def test_the_picture_is_drawn_from_the_values_that_were_compared(answer: ClaimsAnswer) -> None:
    claim = next(claim for claim in answer.claims if claim.id == "worst-since-cold-war")
    ties = next(found for found in claim.answers if found.measure == "ties")
    picture = draw_series(ties)
    assert picture is not None
    points = [tuple(map(float, pair.split(","))) for pair in picture.line.split()]
    assert len(points) == len(ties.series) == 36
    assert picture.now.text == ties.value
    assert (points[-1][0], points[-1][1]) == (picture.at, picture.now.at)
    highest = min(range(len(points)), key=lambda n: points[n][1])
    assert ties.series[highest].value == picture.most.value == max(point.value for point in ties.series)
    term = next(found for claim in answer.claims for found in claim.answers if found.measure == "term")
    assert draw_series(term) is None


def test_the_numbers_behind_the_pictures_link_to_their_statements(client: Client, answer: ClaimsAnswer) -> None:
    text = page_of(client, WORST)
    release = next(f for claim in answer.claims for f in claim.answers if claim.id == "worst-since-cold-war" and f.item)
    for point in release.series:
        assert f"/en/statements/{point.statement}/" in text
        assert f">{point.value:g}</a>" in text


def test_the_rows_of_the_spreadsheet_are_the_answers(client: Client, answer: ClaimsAnswer) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/ru/claims.csv?on=2026-11-24").content.decode())))
    told = [(claim.id, found.measure, found.why.ru) for claim in answer.claims for found in claim.answers]
    assert [(row["claim"], row["measure"], row["why"]) for row in rows] == told


def test_an_unknown_claim_names_near_ones_in_both_languages(client: Client) -> None:
    assert "worst-since-1962" in page_of(client, "/en/claims/worst-since-1963/?on=2018-07-10", 404)
    text = page_of(client, f"/ru/claims/{'x' * 2000}/?on=2018-07-10", 404)
    assert "В реестре есть: worst-since-1962" in text
    assert len(text) < 10_000


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", ["claims/", "claims/worst-since-1962/", "claims/no-talks-under-way/"])
@pytest.mark.parametrize("choice", ["on=2026-11-24", "on=1985-01-01&known_by=1985-01-01", "on=1900-01-01"])
def test_the_pages_are_valid_html(client: Client, language: str, path: str, choice: str) -> None:
    valid(page_of(client, f"/{language}/{path}?{choice}"))
