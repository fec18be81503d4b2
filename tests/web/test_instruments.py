"""The list of instruments, one instrument, one article: the same values as the readings, in valid pages."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache
from urllib.parse import quote
from urllib.parse import unquote

import icalendar
import msgspec
import pytest
from django.test import Client
from django.urls import resolve
from django.utils.translation import override
from reading_pages import data_of
from reading_pages import links_of
from reading_pages import page_of
from reading_pages import valid
from reading_pages import words_of

from detente.instruments.schema import Provision
from detente.reading import Reading
from detente.reading.answers import HistoryRow
from detente.reading.articles import article
from detente.reading.history import history
from detente.reading.instrument import instrument
from detente.reading.status import status
from detente.record.registers import Words
from detente.rendering.data import as_json
from detente.web.chosen import Chosen
from detente.web.desk import desk
from detente.web.links import Links
from detente.web.pages.steps import stops
from detente.web.pictures.levels import draw_levels

LIST = "/en/instruments/?on="
DAYS = ("1986-10-10", "2018-07-10", "2023-06-01", "2025-11-01", "2026-11-24")
SEEN = ("new-start", "inf", "npt", "jcpoa", "unscr-2231", "ctbt", "unsc-prk-measures", "islamabad-memorandum-2026")


@cache
def read(on: str, author: str | None = None) -> Reading:
    return Reading(desk().casebook, date.fromisoformat(on), None, author)


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def events_of(client: Client, address: str) -> dict[str, date]:
    calendar = icalendar.Calendar.from_ical(client.get(address).content)
    return {str(e["summary"]): e.decoded("dtstart") for e in calendar.walk("VEVENT")}


# The list


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_list_is_valid_html(client: Client, on: str, language: str) -> None:
    valid(page_of(client, f"/{language}/instruments/?on={on}"))


@pytest.mark.parametrize("on", DAYS)
def test_the_list_links_every_instrument_of_the_day_and_no_other(client: Client, on: str) -> None:
    text = page_of(client, LIST + on)
    listed = {link.split("?")[0] for link in links_of(text) if link.startswith("/en/instruments/")}
    wanted = {f"/en/instruments/{row.instrument}/" for row in status(read(on)).instruments}
    assert listed - {"/en/instruments/"} == wanted
    assert f"{len(wanted)} texts" in words_of(text)


def test_the_list_says_how_many_come_later(client: Client) -> None:
    later = len(desk().casebook.instruments) - len({r.instrument for r in status(read("1986-10-10")).instruments})
    assert f"{later} more texts of the record were made after this day." in words_of(
        page_of(client, LIST + "1986-10-10")
    )


def test_the_clock_of_new_start_in_july_2018(client: Client) -> None:
    words = words_of(page_of(client, LIST + "2018-07-10&issue=strategic-arms"))
    assert "New START treaty in force since 2011-02-05 2021-02-05 in 941 days 2 2011-02-05 entry into force" in words


def test_readings_that_differ_have_rows_of_their_own(client: Client) -> None:
    words = words_of(page_of(client, LIST + "2025-11-01&issue=iran"))
    assert "UNSCR 2231 resolution ended 2025-10-18: termination common reading" in words
    assert "in force since 2015-07-20 reading of France, Germany and the United Kingdom (E3) , United Nations" in words


def test_the_soonest_end_comes_first(client: Client) -> None:
    text = page_of(client, LIST + "2018-07-10&issue=risk-reduction&state=in-force")
    rows = [r for r in status(read("2018-07-10")).instruments if r.issue == "risk-reduction" and r.in_force]
    soonest = min((r for r in rows if r.ends), key=lambda r: r.ends or date.max)
    first = next(link for link in links_of(text) if "/instruments/" in link and "/instruments/?" not in link)
    assert first.startswith(f"/en/instruments/{soonest.instrument}/")


@pytest.mark.parametrize(("state", "holds"), [("in-force", "npt"), ("ended", "start-i"), ("not-yet", "ctbt")])
def test_the_list_by_state(client: Client, state: str, holds: str) -> None:
    data = data_of(client, f"/en/instruments.json?on=2018-07-10&state={state}")
    found = {row["instrument"] for row in data["instruments"]}
    assert holds in found
    assert not found & ({"npt", "start-i", "ctbt"} - {holds})
    assert {row["instrument"] for row in data["standings"]} <= found


def test_the_list_of_a_party_shows_how_it_stands(client: Client) -> None:
    text = page_of(client, LIST + "2023-06-01&party=Russian+Federation&issue=strategic-arms")
    assert "suspended since 2023-02-28; bound since 2011-02-05 reading of United States" in words_of(text)
    wanted = {r.instrument for r in status(read("2023-06-01"), party="RUS").instruments}
    data = data_of(client, "/en/instruments.json?on=2023-06-01&party=RUS")
    assert {row["instrument"] for row in data["instruments"]} == wanted


def test_the_data_of_the_list_are_those_of_the_command_line(client: Client) -> None:
    response = client.get("/en/instruments.json?on=2018-07-10")
    assert response.content.decode() == as_json(status(read("2018-07-10")))


def test_the_list_as_a_table_and_as_a_calendar(client: Client) -> None:
    answer = status(read("2018-07-10"))
    rows = rows_of(client, "/en/instruments.csv?on=2018-07-10")
    assert [row["instrument"] for row in rows] == [row.instrument for row in answer.instruments]
    assert {row["stamp"] for row in rows} == {answer.stamp}
    events = events_of(client, "/en/instruments.ics?on=2018-07-10")
    assert events["New START: its term ends"] == date(2021, 2, 5)
    assert len(events) == len({r.instrument for r in answer.instruments if r.in_force and r.ends})


@pytest.mark.parametrize("wrong", ["state=maybe", "issue=love", "party=Atlantis"])
def test_a_filter_that_is_none_is_refused_with_what_to_write(client: Client, wrong: str) -> None:
    response = client.get(f"/en/instruments.json?on=2018-07-10&{wrong}")
    assert response.status_code == 400
    fault = msgspec.json.decode(response.content)["faults"][0]
    assert fault["given"] == wrong.partition("=")[2]
    assert fault["remedy"]["en"]
    assert fault["remedy"]["ru"]
    assert page_of(client, f"/ru/instruments/?on=2018-07-10&{wrong}", 400)


def test_a_million_characters_are_refused(client: Client) -> None:
    response = client.get("/en/instruments/", {"on": "2018-07-10", "party": "x" * 1_000_000})
    assert response.status_code == 400
    assert len(response.content) < 20_000


def test_an_empty_list_leads_out(client: Client) -> None:
    text = page_of(client, LIST + "1986-10-10&issue=cyber")
    assert "No text of the record fits." in text
    assert "Show all" in text


# One instrument


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("id", SEEN)
def test_the_page_of_an_instrument_is_valid_html(client: Client, id: str, on: str) -> None:
    valid(page_of(client, f"/en/instruments/{id}/?on={on}"))


@pytest.mark.parametrize("id", SEEN)
def test_the_page_in_russian_with_both_texts_is_valid_html(client: Client, id: str) -> None:
    valid(page_of(client, f"/ru/instruments/{id}/?on=2025-11-01&texts=both"))


@pytest.mark.parametrize("id", ["new-start", "npt", "unscr-2231"])
def test_the_data_of_an_instrument_are_the_reading_s(client: Client, id: str) -> None:
    response = client.get(f"/en/instruments/{id}.json?on=2023-06-01")
    assert response.content.decode() == as_json(instrument(read("2023-06-01"), id))


def test_every_step_article_and_party_of_the_answer_is_on_the_page(client: Client) -> None:
    text = page_of(client, "/en/instruments/inf/?on=2019-03-10")
    answer = instrument(read("2019-03-10"), "inf")
    for step in answer.track:
        assert not step.statement or f"/statements/{step.statement}/" in text
    for row in answer.articles:
        assert f"/articles/{quote(row.article, safe='/()@:,~')}/?" in text
    for topic in answer.concerns:
        for said in topic.statements:
            assert f"/statements/{said.statement}/" in text
    for stand in answer.standings:
        assert f"/parties/{stand.party}/" in text
    for body in answer.bodies:
        assert f"/forums/{body.forum}/" in text


def test_a_suspension_that_one_side_contests(client: Client) -> None:
    words = words_of(page_of(client, "/en/instruments/new-start/?on=2023-06-01"))
    assert "Russian Federation : suspended since 2023-02-28 (common reading); bound since 2011-02-05" in words
    assert "Contested by United States" in words
    theirs = words_of(page_of(client, "/en/instruments/new-start/?on=2023-06-01&according_to=USA"))
    assert "Does not count in the reading of United States." in theirs


def test_both_titles_stand_on_the_page(client: Client) -> None:
    text = page_of(client, "/en/instruments/new-start/?on=2018-07-10")
    assert "Договор между Российской Федерацией и Соединёнными Штатами Америки" in text
    assert '<p class="title other" lang="ru">' in text
    assert '<td class="says" lang="ru">' not in text
    assert '<td class="says" lang="ru">Не более 1550' in page_of(
        client, "/en/instruments/new-start/?on=2018-07-10&texts=both"
    )


def test_what_may_and_must_come_is_on_the_page(client: Client) -> None:
    words = words_of(page_of(client, "/en/instruments/new-start/?on=2018-07-10"))
    assert "What must come 2018-10-01 in 83 days" in words
    assert "One extension of up to 5 years is open, to 2026-02-05 at the latest" in words
    events = events_of(client, "/en/instruments/new-start.ics?on=2018-07-10")
    assert events["New START: Its term ends"] == date(2021, 2, 5)


def test_standings_as_a_table(client: Client) -> None:
    rows = rows_of(client, "/en/instruments/npt.csv?on=2018-07-10")
    common = {row["party"]: row["standing"] for row in rows if not row["reading"]}
    assert sum(standing == "bound" for standing in common.values()) == 190
    assert common["PRK"] == "out"


def test_of_many_parties_the_counts_stand_first(client: Client) -> None:
    text = page_of(client, "/en/instruments/npt/?on=2018-07-10")
    assert "bound: 190; out: 1." in words_of(text)
    assert "<details><summary>All 217 standings" in text.replace("\n", "")


def test_articles_can_be_narrowed(client: Client) -> None:
    address = "/en/instruments/new-start/?on=2018-07-10&articles="
    answer = instrument(read("2018-07-10"), "new-start")
    judged = [row.article for row in answer.articles if row.parties]
    text = page_of(client, address + "judged")
    assert text.count('<tr id="art-') == len(judged) < len(answer.articles)
    assert f"Shown: {len(judged)}, those with a finding." in words_of(text)
    assert client.get(address + "zzz").status_code == 400


@pytest.mark.parametrize(
    ("id", "near"), [("new-stat", "new-start"), ("New%20START%20II", "start"), ("x" * 3000, "Instruments"), ("%00", "")]
)
def test_an_unknown_instrument_is_named_in_both_languages(client: Client, id: str, near: str) -> None:
    response = client.get(f"/en/instruments/{id}.json?on=2018-07-10")
    assert response.status_code == 404
    fault = msgspec.json.decode(response.content)["faults"][0]
    assert near in fault["remedy"]["en"]
    assert any("а" <= letter <= "я" for letter in fault["what"]["ru"])
    assert len(page_of(client, f"/ru/instruments/{id}/?on=2018-07-10", 404)) < 20_000


def test_an_instrument_is_found_by_its_short_title(client: Client) -> None:
    assert data_of(client, "/en/instruments/INF%20Treaty.json?on=2018-07-10")["id"] == "inf"


def test_the_choice_is_in_every_link(client: Client) -> None:
    for page in ("", "new-start/", "new-start/articles/II.1(b)/"):
        text = page_of(client, f"/en/instruments/{page}?on=2023-06-01&known_by=2023-07-01&according_to=RUS")
        inside = [link for link in links_of(text) if link.startswith("/en/")]
        assert len(inside) > 20
        for link in inside:
            assert "known_by=2023-07-01" in link, link
            assert "according_to=RUS" in link, link


def test_many_consents_are_put_together_between_other_steps() -> None:
    answer = instrument(read("2018-07-10"), "npt")
    found = stops(answer)
    assert [stop.number for stop in found] == list(range(1, len(found) + 1))
    assert [stop.day for stop in found] == sorted(stop.day for stop in found)
    assert sum(len(stop.steps) for stop in found) == sum(step.kind == "act" for step in answer.track)
    before = next(stop for stop in found if stop.kind == "span")
    assert before.last <= date(1970, 3, 5)
    assert len(found) < 20 < len(answer.track)


# One article


ARTICLES = ["new-start/articles/II.1(c)", "inf/articles/VI.1(a)", "npt/articles/VI", "jcpoa/articles/I.56",
            "new-start/articles/Part%20Four.II.2", "new-start/articles/I.1", "npt/articles/III.4(a)",
            "inf/articles/XI.5,%20years%204-8"]  # fmt: skip


@pytest.mark.parametrize("page", ARTICLES)
@pytest.mark.parametrize("on", DAYS)
def test_the_page_of_an_article_is_valid_html(client: Client, page: str, on: str) -> None:
    valid(page_of(client, f"/en/instruments/{page}/?on={on}"))
    valid(page_of(client, f"/ru/instruments/{page}/?on={on}&party=RUS"))


def test_every_article_of_the_record_has_an_address_of_its_own() -> None:
    named = [(id, p.article) for id, law in desk().casebook.instruments.items() for p in law.provision]
    links = Links(Chosen(on=date(2018, 7, 10)), "en")
    with override("en"):
        for id, name in named:
            wanted = {"id": id, "article": name}
            assert resolve(unquote(links.article(id, name).partition("?")[0])).kwargs == wanted
            assert resolve(f"/en/instruments/{id}/articles/{name}.json").kwargs == {**wanted, "form": "json"}


@pytest.mark.parametrize(
    ("id", "name", "party"), [("new-start", "II.1(c)", ""), ("inf", "VI.1(a)", ""), ("npt", "VI", "USA")]
)
def test_the_data_of_an_article_are_the_reading_s(client: Client, id: str, name: str, party: str) -> None:
    reading = read("2023-12-01")
    past = history(reading, id, name, party or None)
    wanted = article(reading, id, name, party, past)
    query = f"on=2023-12-01{'&party=' + party if party else ''}"
    assert client.get(f"/en/instruments/{id}/articles/{name}.json?{query}").content.decode() == as_json(wanted)
    rows = rows_of(client, f"/en/instruments/{id}/articles/{name}.csv?{query}")
    assert [(r["party"], r["author"], r["from"], r["state"]) for r in rows] == [
        (r.party, r.author, r.from_.isoformat(), r.state) for r in past.rows
    ]


def test_russia_s_account_of_the_american_launchers_is_in_the_picture(client: Client) -> None:
    text = page_of(client, "/en/instruments/new-start/articles/II.1(c)/?on=2023-12-01")
    assert "RUS: 901" in text  # 101 more than the 800 that the United States declared
    assert "limit 800" in text
    assert "according to Russian Federation (RUS)" in text
    assert "according to United States: Russian Federation : cannot tell the report was withheld" in words_of(text)


def test_of_many_parties_one_is_asked_for_before_any_history_is_worked_out(client: Client) -> None:
    text = page_of(client, "/en/instruments/npt/articles/II/?on=2018-07-10")
    assert "It binds many parties: name one" in text
    assert "<svg viewBox" not in text
    assert data_of(client, "/en/instruments/npt/articles/II.json?on=2018-07-10")["history"] == []
    chosen = page_of(client, "/en/instruments/npt/articles/II/?on=2018-07-10&party=DEU")
    assert "according to Russian Federation" in chosen
    assert "<svg viewBox" in chosen


def test_a_party_that_an_article_does_not_bind_is_told(client: Client) -> None:
    text = page_of(client, "/en/instruments/npt/articles/II/?on=2018-07-10&party=USA")
    assert "United States is not bound by it on this day." in text
    assert client.get("/en/instruments/npt/articles/II/?on=2018-07-10&party=Atlantis").status_code == 400


def test_an_article_that_no_obligation_carries_says_why(client: Client) -> None:
    words = words_of(page_of(client, "/en/instruments/new-start/articles/I.1/?on=2018-07-10"))
    assert "none of its own: The general obligation; every particular one stands under its own article." in words
    assert "Over time" not in words


@pytest.mark.parametrize("name", ["II.9", "zzz", "a/b/c", "II.1(b)" * 200])
def test_an_unknown_article_is_refused_with_those_there_are(client: Client, name: str) -> None:
    response = client.get(f"/en/instruments/new-start/articles/{quote(name)}.json?on=2018-07-10")
    assert response.status_code == 404
    fault = msgspec.json.decode(response.content)["faults"][0]
    assert "I.1" in fault["remedy"]["en"]
    assert fault["what"]["ru"] != fault["what"]["en"]


# The picture of an article


def _row(author: str, begins: str, ends: str, state: str, value: str | None, reason: str = "within") -> HistoryRow:
    return HistoryRow(
        party="USA", author=author, state=state, reason=reason, value=value, limit="<= 800",
        from_=date.fromisoformat(begins), until=date.fromisoformat(ends) if ends else None, evidence=[],
    )  # fmt: skip


LIMIT = Provision(article="II", title=Words("t", "т"), kind="limit", measure="m", at_most=800)
TOLD = [
    _row("", "2018-01-01", "2019-01-01", "met", "800"),
    _row("", "2019-01-01", "2020-01-01", "cannot tell", "800", "stale"),
    _row("", "2020-01-01", "", "met", "790"),
    _row("RUS", "2018-01-01", "2019-01-01", "not met", "901", "beyond"),
    _row("GBR", "2018-01-01", "2019-01-01", "met", "800"),
]


def test_a_line_breaks_off_where_the_value_is_no_evidence_and_goes_down_in_steps() -> None:
    picture = draw_levels(TOLD, LIMIT, date(2021, 1, 1), str)
    assert picture
    (panel,) = picture.panels
    common = next(line for line in panel.lines if not line.author)
    assert common.path.count("M") == 2
    first, second = (float(part.split(" ")[1].split("H")[0]) for part in common.path.split("M")[1:])
    limit_at = panel.limits[0].at
    assert first == limit_at  # 800 of 800
    assert second > limit_at  # 790 lies lower


def test_only_an_account_that_differs_is_a_line_of_its_own_with_its_value_beside_it() -> None:
    picture = draw_levels(TOLD, LIMIT, date(2021, 1, 1), str)
    assert picture
    lines = {line.author: line for line in picture.panels[0].lines}
    assert set(lines) == {"", "RUS"}
    assert [note.text for note in lines["RUS"].notes] == ["901"]
    assert lines["RUS"].dash != lines[""].dash
    heights = [label.y for label in picture.panels[0].labels]
    assert all(abs(a - b) >= 13 for a in heights for b in heights if a != b)
    assert len(heights) == 3


def test_bands_hold_the_states_one_after_another_without_a_gap() -> None:
    picture = draw_levels(TOLD, LIMIT, date(2021, 1, 1), str)
    assert picture
    common = next(band for band in picture.panels[0].bands if not band.authors)
    assert [part.state for part in common.segments] == ["met", "cannot tell", "met"]
    for one, two in zip(common.segments, common.segments[1:], strict=False):
        assert one.x + one.width == pytest.approx(two.x, abs=0.2)
    assert common.segments[-1].x + common.segments[-1].width == pytest.approx(picture.right, abs=0.2)


def test_a_history_of_nothing_is_no_picture() -> None:
    assert draw_levels([], LIMIT, date(2021, 1, 1), str) is None
