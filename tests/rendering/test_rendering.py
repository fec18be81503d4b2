"""Every rendering of every answer: it fits the page, says states in words, and loses nothing on the way."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from datetime import timedelta
from functools import cache
from typing import Any
from typing import NamedTuple

import msgspec
import polars as pl
import pytest
from icalendar import Calendar

from detente.consultation.forums import STATE_WORDS as FORUM_WORDS
from detente.consultation.item import Agenda
from detente.instruments.standings import STANDING_WORDS
from detente.obligations.finding import STATE_WORDS
from detente.reading.answers import FindingRow
from detente.reading.answers import FindingsAnswer
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.diff import diff
from detente.reading.due import due
from detente.reading.explain import explain
from detente.reading.history import history
from detente.reading.meetings import claims
from detente.reading.meetings import forums
from detente.reading.meetings import ties
from detente.reading.reading import Reading
from detente.reading.show import show
from detente.reading.status import status
from detente.rendering import pages
from detente.rendering.agenda import agenda_markdown
from detente.rendering.agenda import agenda_text
from detente.rendering.calendar import agenda_calendar
from detente.rendering.calendar import due_calendar
from detente.rendering.data import as_csv
from detente.rendering.data import as_json
from detente.rendering.text import WIDTH
from detente.rendering.text import Page

DAYS = ["1972-06-01", "2018-07-10", "2023-07-01", "2026-01-15"]
LANGUAGES = ["en", "ru"]


@cache
def book() -> Casebook:
    return open_casebook()


@cache
def read(on: str) -> Reading:
    return Reading(book(), date.fromisoformat(on))


@cache
def agenda(on: str) -> Agenda:
    return read(on).agenda("USA", "RUS")


def findings(on: str, instrument: str | None = None) -> FindingsAnswer:
    rows = read(on).findings(instrument).drop("issue", "standing")
    return FindingsAnswer(
        on=read(on).on, known_by=None, according_to=None, stamp=read(on).stamp,
        findings=[FindingRow(**row) for row in rows.iter_rows(named=True)],
    )  # fmt: skip


def _any_finding(on: str) -> str:
    rows = read(on).all_findings.sort(pl.col("evidence").list.len(), descending=True)
    return str(rows.row(0, named=True)["id"])


class Face(NamedTuple):
    """A question and the page that shows its answer."""

    answer: Callable[[str], Any]
    text: Callable[[Any, str], str]


FACES: dict[str, Face] = {
    "agenda": Face(agenda, lambda a, lang: agenda_text(a, book().record.registers, lang)),
    "agenda-full": Face(agenda, lambda a, lang: agenda_text(a, book().record.registers, lang, full=True)),
    "status": Face(lambda on: status(read(on)), pages.status_text),
    "status-one": Face(lambda on: status(read(on), "npt"), pages.status_text),
    "status-party": Face(lambda on: status(read(on), party="USA"), pages.status_text),
    "findings": Face(lambda on: findings(on, "jcpoa"), pages.findings_text),
    "findings-all": Face(
        lambda on: findings(on, "new-start"), lambda a, lang: pages.findings_text(a, lang, every=True)
    ),
    "explain": Face(lambda on: explain(read(on), _any_finding(on), ("USA", "RUS")), pages.explain_text),
    "explain-item": Face(lambda on: explain(read(on), agenda(on).items()[0].id, ("USA", "RUS")), pages.explain_text),
    "due": Face(lambda on: due(read(on), "3y"), pages.due_text),
    "diff": Face(lambda on: diff(read("1972-06-01"), read(on)), pages.diff_text),
    "forums": Face(lambda on: forums(read(on)), pages.forums_text),
    "forum": Face(lambda on: forums(read(on), "bpc"), pages.forums_text),
    "show-party": Face(lambda on: show(read(on), "USA"), pages.show_text),
    "show-instrument": Face(lambda on: show(read(on), "jcpoa"), pages.show_text),
    "show-forum": Face(lambda on: show(read(on), "bpc"), pages.show_text),
}
SLOW: dict[str, Face] = {
    "history": Face(lambda on: history(read(on), "new-start", "II.1(b)"), pages.history_text),
    "ties": Face(lambda on: ties(read(on), "USA", "RUS", read(on).on.year - 2), pages.ties_text),
    "claims": Face(lambda on: claims(read(on), "new-start-ends-within-three-years"), pages.claims_text),
}
BOTH = [(name, on) for name in FACES for on in DAYS] + [(name, "2018-07-10") for name in SLOW]


@cache
def answered(name: str, on: str) -> Any:
    return {**FACES, **SLOW}[name].answer(on)


@pytest.mark.parametrize(("name", "on"), BOTH)
def test_every_page_fits_eighty_columns_in_both_languages_and_has_its_stamp(name: str, on: str) -> None:
    answer = answered(name, on)
    for language in LANGUAGES:
        text = {**FACES, **SLOW}[name].text(answer, language)
        lines = text.splitlines()
        assert [line for line in lines if len(line) > WIDTH] == []
        assert "\x1b" not in text
        assert all(line == line.rstrip() for line in lines)
        assert re.search(r"\[/?(bold|dim|cyan|italic)", text) is None
        assert answer.stamp in " ".join(text.split())
        assert text.endswith("\n")
    russian = {**FACES, **SLOW}[name].text(answer, "ru")
    assert re.search("[а-яё]{4}", russian)


@pytest.mark.parametrize(("name", "on"), BOTH)
def test_json_goes_there_and_back(name: str, on: str) -> None:
    answer = answered(name, on)
    text = as_json(answer)
    assert as_json(msgspec.json.decode(text, type=type(answer))) == text
    assert as_json(msgspec.json.decode(text.encode(), type=type(answer))) == as_json(answer)
    assert msgspec.json.decode(text)["version"] >= 1


def test_an_agenda_decoded_is_the_same_agenda() -> None:
    assert (
        msgspec.json.decode(as_json(agenda("2018-07-10")), type=Agenda).items()[0].id
        == agenda("2018-07-10").items()[0].id
    )


def test_states_are_said_in_the_words_of_the_language() -> None:
    page = {lang: pages.findings_text(answered("findings-all", "2018-07-10"), lang, every=True) for lang in LANGUAGES}
    states = {f.state for f in answered("findings-all", "2018-07-10").findings}
    for state in states:
        for lang in LANGUAGES:
            assert STATE_WORDS[state].get(lang).split()[0] in page[lang]
    assert not re.search(r"\b(not met|cannot tell|not yet due)\b", page["ru"])
    standings = pages.status_text(answered("status-party", "2023-07-01"), "ru")
    assert "suspended" not in standings
    assert "bound" not in standings
    silent = pages.forums_text(answered("forums", "2018-07-10"), "ru")
    assert not re.search(r"\b(alive|lapsed|suspended|ended)\b", silent)
    for words in (*FORUM_WORDS.values(), *STANDING_WORDS.values(), *STATE_WORDS.values()):
        assert re.search("[а-яё]", words.ru)


STATES = r"\b(not met|cannot tell|bound|suspended|alive|lapsed|holds|does not hold|in force)\b"


@pytest.mark.parametrize("name", ["diff", "history", "ties", "due", "status", "forum"])
def test_a_russian_page_says_no_state_in_english(name: str) -> None:
    text = {**FACES, **SLOW}[name].text(answered(name, "2018-07-10"), "ru")
    plain = " ".join(word for word in text.split() if "-" not in word and "." not in word)
    assert re.findall(STATES, plain) == []


def test_a_verdict_is_said_in_the_language_of_the_page() -> None:
    text = pages.claims_text(answered("claims", "2018-07-10"), "ru")
    assert not re.search(r"\b(holds|does not hold|cannot tell)\b", text)


def test_a_standing_is_explained_in_the_language_of_the_page() -> None:
    answer = explain(read("2018-07-10"), "new-start/II.1(b)/RUS", ("USA", "RUS"))
    assert "bound" not in answer.steps[0].ru
    item = explain(read("2018-07-10"), "due.new-start.term", ("USA", "RUS"))
    assert not any("(alive)" in step.ru for step in item.steps)


def test_colour_adds_nothing_but_colour() -> None:
    plain = agenda_text(agenda("2018-07-10"), book().record.registers, "en", color=False)
    coloured = agenda_text(agenda("2018-07-10"), book().record.registers, "en", color=True)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert "\x1b[" in coloured
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


def test_text_from_a_casebook_is_no_markup() -> None:
    page = Page("en", color=True)
    page.line("[bold]x[/bold] :smile: [/]")
    page.entry("[1]", "[red]y", 0)
    page.table(("what",), [("[blink]z",)])
    page.heading("[link=x]h")
    for words in ("[bold]x[/bold] :smile: [/]", "[1]", "[red]y", "[blink]z", "[link=x]h"):
        assert words in str(page)


@pytest.mark.parametrize("mark", ["x" * 100, "x" * 79])
def test_a_long_mark_loses_nothing(mark: str) -> None:
    page = Page("en")
    page.entry(mark, "text", 5)
    assert "".join(str(page).split()) == f"{mark}text"
    assert max(map(len, str(page).splitlines())) <= WIDTH


def test_a_long_word_is_folded_and_not_cut() -> None:
    page = Page("en")
    page.line("y" * 200, 5)
    page.table(("what", "before", "after"), [("a" * 90, "b" * 90, "c")])
    text = str(page)
    assert text.count("y") == 200
    assert text.count("b") == 90
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= WIDTH


@pytest.mark.parametrize("on", DAYS)
def test_markdown_has_every_item(on: str) -> None:
    for language in LANGUAGES:
        text = agenda_markdown(agenda(on), book().record.registers, language)
        for item in agenda(on).items():
            assert f"- `{item.id}`" in text
            assert f"#### {item.title.get(language)}" in text
        assert f"`{agenda(on).stamp}`" in text
        assert [line for line in text.splitlines() if line.startswith("# ")] == [text.splitlines()[0]]


def test_the_text_of_the_agenda_has_every_item_once_and_numbers_them() -> None:
    text = agenda_text(agenda("2018-07-10"), book().record.registers, "en")
    ids = re.findall(r"^     \[([^\]]+)\]$", text, re.MULTILINE)
    assert ids == [item.id for item in agenda("2018-07-10").items()]
    assert [int(n) for n in re.findall(r"^ *(\d+)\. ", text, re.MULTILINE)] == list(range(1, len(ids) + 1))


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_csv_is_read_back_with_its_stamp(on: str, language: str) -> None:
    tables: dict[str, list[msgspec.Struct]] = {
        "status": answered("status", on).instruments,
        "standings": answered("status-party", on).standings,
        "forums": answered("forums", on).forums,
        "due": answered("due", on).due,
    }
    for name, rows in tables.items():
        frame = pl.read_csv(io.StringIO(as_csv(rows, read(on).stamp, language)), infer_schema=False)
        assert frame.height == len(rows), name
        assert frame.columns[-1] == "stamp"
        assert frame["stamp"].unique().to_list() == [read(on).stamp]
        assert frame.columns[:-1] == list(msgspec.to_builtins(rows[0]))
        for column in frame.columns:
            assert not frame[column].fill_null("").str.contains("{", literal=True).any(), (name, column)
    assert as_csv([], "stamp") == ""


def test_a_long_table_whose_first_hundred_rows_have_no_value_is_csv() -> None:
    rows = findings("2018-07-10").findings
    text = as_csv(rows, "stamp")
    assert pl.read_csv(io.StringIO(text), infer_schema=False).height == len(rows)


def _events(text: str) -> list[dict[str, Any]]:
    return [dict(event) for event in Calendar.from_ical(text).walk("VEVENT")]


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_calendars_hold_whole_days_and_are_the_same_bytes_each_time(on: str, language: str) -> None:
    for text, again, days in (
        (
            agenda_calendar(agenda(on), language),
            agenda_calendar(agenda(on), language),
            [i.until for i in agenda(on).items() if i.until and i.until >= agenda(on).on],
        ),
        (
            due_calendar(answered("due", on), language),
            due_calendar(answered("due", on), language),
            [row.day for row in answered("due", on).due],
        ),
    ):
        assert text == again
        assert read(on).stamp in text.replace("\r\n ", "")
        events = _events(text)
        assert sorted(event["DTSTART"].dt for event in events) == sorted(days)
        for event in events:
            assert type(event["DTSTART"].dt) is date
            assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)
            assert event["SUMMARY"]
        uids = [str(event["UID"]) for event in events]
        assert len(uids) == len(set(uids)), sorted(u for u in uids if uids.count(u) > 1)
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
