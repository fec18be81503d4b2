"""Both languages are whole: every message has its Russian, and no words stand in a template outside of gettext."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment
from tools import words

TEMPLATES = sorted((words.WEB / "templates").rglob("*.html"))
_SPOKEN = ("title", "aria-label", "placeholder", "alt", "aria-valuetext", "content")
_LETTERS = re.compile(r"[A-Za-zА-Яа-я]{2,}")
_NAMES = {"Détente", "English", "Русский"}
"""Words that are the same in every language, or that name one in itself."""


class _Spoken(HTMLParser):
    """Gathers what a reader would read or hear of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style", "code", "pre")
        names = dict(attrs)
        self.found += [value or "" for name, value in attrs if name in _SPOKEN and names.get("name") not in _META]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style", "code", "pre")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


_META = ("viewport", "htmx-config")


def spoken(template: str) -> list[str]:
    """Return the words that a template says by itself: its text with every expression and comment taken out."""
    tokens = Environment().lex(template)
    plain, inside = [], False
    for _line, kind, value in tokens:
        if kind in ("variable_begin", "block_begin"):
            inside = True
            plain.append(" ")
        elif kind in ("variable_end", "block_end"):
            inside = False
        elif kind == "data" and not inside:
            plain.append(value)
    parser = _Spoken()
    parser.feed("".join(plain))
    text = " ".join(parser.found)
    for name in _NAMES:
        text = text.replace(name, " ")
    return _LETTERS.findall(text)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_message_is_translated_and_compiled(language: str) -> None:
    assert list(words.check(language)) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_by_itself(template: Path) -> None:
    assert spoken(template.read_text(encoding="utf-8")) == []


def test_words_outside_of_gettext_are_found() -> None:
    assert spoken('<p title="Hello there">{{ _("fine") }} and {# not this #} this</p>') == [
        "Hello", "there", "and", "this",
    ]  # fmt: skip


def test_an_untranslated_message_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    more = words.gathered()
    more.add("A message that nobody has translated")
    monkeypatch.setattr(words, "gathered", lambda: more)
    assert "ru: not translated: 'A message that nobody has translated'" in list(words.check("ru"))
