"""Help: both languages say the same things in the same order, every word of the program is there, links lead on."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.test import Client
from reading_pages import data_of
from reading_pages import links_of
from reading_pages import page_of
from reading_pages import valid
from reading_pages import words_of

import detente.web
from detente.obligations.finding import REASONS
from detente.obligations.finding import STATE_WORDS
from detente.record.statements import KINDS
from detente.record.statements import SILENCES
from detente.rendering.glossary import LISTS
from detente.rendering.glossary import TERMS
from detente.rendering.glossary import entries
from detente.web.desk import desk
from detente.web.frame import NAVIGATION
from detente.web.pages.help import parts_of

TEXTS = Path(detente.web.__file__).parent / "help"
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def shape(language: str) -> list[tuple[str, str]]:
    """Return what stands where in a language: headings by id, lists of words by name, the pages that are linked."""
    text = (TEXTS / f"{language}.md").read_text("utf-8")
    pattern = re.compile(r"\{#([a-z-]+)\}|<!-- words: ([a-z-]+) -->|\]\((?:page|form):([a-z.]+)\)")
    return [(str(found.lastindex), found[found.lastindex or 0]) for found in pattern.finditer(text)]


def test_both_languages_have_the_same_sections_words_and_links() -> None:
    assert shape("en") == shape("ru")
    assert len(shape("en")) > 50
    english, russian = ((TEXTS / f"{language}.md").read_text("utf-8") for language in ("en", "ru"))
    for mark in (r"^## ", r"^- ", r"^\*\*"):
        assert len(re.findall(mark, english, re.MULTILINE)) == len(re.findall(mark, russian, re.MULTILINE)), mark


def test_a_text_is_in_its_own_language() -> None:
    assert not _CYRILLIC.search((TEXTS / "en.md").read_text("utf-8"))
    for line in (TEXTS / "ru.md").read_text("utf-8").splitlines():
        assert not line or line.startswith("<!--") or _CYRILLIC.search(line), line


def test_every_list_of_the_program_stands_in_the_help() -> None:
    shown = {part.words for part in parts_of("en")[1] if part.words}
    assert shown == {"terms", *LISTS}


def test_every_word_has_both_languages() -> None:
    for name in ("terms", *LISTS):
        for term in entries(name):
            assert term.word.en, (name, term)
            assert _CYRILLIC.search(term.word.ru), (name, term)
            assert bool(term.means.en) == bool(term.means.ru), (name, term)
            assert not _CYRILLIC.search(term.means.en + term.word.en), (name, term)
    assert len({term.word.en for term in TERMS}) == len({term.word.ru for term in TERMS}) == len(TERMS)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_words_stand_side_by_side_with_their_meaning(client: Client, language: str) -> None:
    text = words_of(page_of(client, f"/{language}/help/?on=2018-07-10"))
    for name in ("terms", *LISTS):
        for term in entries(name):
            for words in (term.word, term.means):
                assert words.en.replace("`", "") in text
                assert words.ru.replace("`", "") in text
    for code in (*STATE_WORDS, *REASONS, *KINDS, *SILENCES):
        assert code in text


def test_help_leads_to_every_page_and_keeps_the_choice(client: Client) -> None:
    links = links_of(page_of(client, "/en/help/?on=2018-07-10&known_by=2019-01-01"))
    for name, _ in NAVIGATION:
        path = "" if name == "day" else f"{name}/"
        assert f"/en/{path}?on=2018-07-10&known_by=2019-01-01" in links
    assert "/en/due.ics?on=2018-07-10&known_by=2019-01-01" in links
    assert "/en/statements.atom?on=2018-07-10&known_by=2019-01-01" in links
    assert not [link for link in links if link.startswith(("page:", "form:"))]
    for form in ("/en/due.ics", "/en/day.ics", "/en/statements.atom"):
        assert client.get(f"{form}?on=2018-07-10").status_code == 200


def test_every_other_page_finds_how_to_cite_there(client: Client) -> None:
    text = page_of(client, "/ru/help/?on=2018-07-10")
    headings, _ = parts_of("ru")
    assert "cite" in [heading.id for heading in headings]
    for heading in headings:
        assert f'<h2 id="{heading.id}">{heading.title}</h2>' in text
        assert f'<a href="#{heading.id}">{heading.title}</a>' in text


def test_the_record_that_is_served_is_counted(client: Client) -> None:
    text = words_of(page_of(client, "/en/help/?on=2018-07-10"))
    counts = data_of(client, "/en/help.json?on=2018-07-10")
    assert counts["statements"] == desk().casebook.record.frame.height
    assert f"{counts['statements']:,} statements, {counts['instruments']} texts" in text


def test_the_words_are_offered_as_a_spreadsheet(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/en/help.csv?on=2018-07-10").content.decode())))
    assert len(rows) == sum(len(list(entries(name))) for name in ("terms", *LISTS))
    assert {"list": "states", "code": "cannot tell", "word_ru": "установить нельзя"}.items() <= next(
        row for row in rows if row["code"] == "cannot tell"
    ).items()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_is_valid_html(client: Client, language: str) -> None:
    valid(page_of(client, f"/{language}/help/?on=2018-07-10"))
