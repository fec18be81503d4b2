"""Help: what the pages are, how to read a day, every word of the program, how to cite, subscribe and ask for data.

The texts are kept as Markdown, one file a language with the same sections; the tables of words are those of the
program itself.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from markupsafe import escape

from detente.reading.stamp import StampAnswer
from detente.reading.stamp import stamp
from detente.record.registers import Words
from detente.rendering.glossary import LISTS
from detente.rendering.glossary import Term
from detente.rendering.glossary import entries
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.lists import number

__all__ = ["Part", "help_page", "parts_of"]

_TABLE: Final = re.compile(r"<!-- words: ([a-z-]+) -->")
_ID: Final = re.compile(r"\s*\{#([a-z-]+)\}$")
_LINK: Final = re.compile(r'href="(page|form):([a-z.]+)"')
_CODE: Final = re.compile(r"`([^`]+)`")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the help: a text as HTML, or the name of a list of words to stand there."""

    html: str = ""
    words: str = ""


class Heading(msgspec.Struct, frozen=True):
    """A section of the help: its id, the same in every language, and its title."""

    id: str
    title: str


class WordRow(msgspec.Struct, frozen=True, kw_only=True):
    """One word of the program as a row of a spreadsheet."""

    list: str
    code: str
    word_en: str
    word_ru: str
    means_en: str
    means_ru: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A word with its meaning in both languages."""

    code: str
    word: Words
    means_en: Markup
    means_ru: Markup


def help_page(ask: Ask) -> Page:
    """Return the help in the language of the page; its answer is what every other answer is computed from."""
    headings, parts = parts_of(ask.language)
    answer: StampAnswer = stamp(ask.neutral)
    counts = {"statements": answer.statements, "instruments": answer.instruments}
    counts["sources"] = len(ask.desk.registers.sources)
    return Page(
        template="help.html",
        title=Words("Help", "Справка"),
        answer=answer,
        rows=_rows(),
        stamp=answer.stamp,
        context={
            "headings": headings,
            "parts": [(Markup(_linked(ask, part.html)), _words(part.words)) for part in parts],
            "counts": {name: number(count, ask.language) for name, count in counts.items()},
        },
    )


@cache
def _rows() -> list[WordRow]:
    return [
        WordRow(
            list=name, code=term.code, word_en=term.word.en, word_ru=term.word.ru, means_en=term.means.en,
            means_ru=term.means.ru,
        )
        for name in ("terms", *LISTS)
        for term in entries(name)
    ]  # fmt: skip


@cache
def parts_of(language: str) -> tuple[list[Heading], list[Part]]:
    """Return the sections of the help in a language, and its text cut at the lists of words."""
    text = (files("detente.web") / "help" / f"{language}.md").read_text("utf-8")
    reader = MarkdownIt("commonmark")
    tokens = reader.parse(text)
    headings = [_named(tokens, at) for at, token in enumerate(tokens) if token.type == "heading_open"]
    parts, begun = [], 0
    for at, token in enumerate(tokens):
        table = _TABLE.fullmatch(token.content.strip()) if token.type == "html_block" else None
        if table:
            parts += [Part(html=_html(reader, tokens[begun:at])), Part(words=table[1])]
            begun = at + 1
    parts.append(Part(html=_html(reader, tokens[begun:])))
    return headings, [part for part in parts if part.html or part.words]


def _html(reader: MarkdownIt, tokens: list[Token]) -> str:
    return str(reader.renderer.render(tokens, reader.options, {}))


def _named(tokens: list[Token], at: int) -> Heading:
    """Take the id from the end of a heading and give it to its element."""
    inline = tokens[at + 1]
    found = _ID.search(inline.content)
    if found is None:
        raise ValueError(f"the heading '{inline.content}' of the help has no id")
    title = inline.content[: found.start()]
    tokens[at].attrSet("id", found[1])
    inline.children = [Token("text", "", 0, content=title)]
    return Heading(found[1], title)


def _linked(ask: Ask, html: str) -> str:
    """Return a text with the addresses of its pages, which keep what the reader chose."""

    def address(found: re.Match[str]) -> str:
        name, _, form = found[2].partition(".")
        if name == "api":
            return f'href="{reverse("api")}"'
        return f'href="{escape(ask.links.to(name, form=form))}"'

    return _LINK.sub(address, html)


@cache
def _words(name: str) -> list[Entry]:
    return [_entry(term) for term in entries(name)] if name else []


def _entry(term: Term) -> Entry:
    """Return a word with its meaning; its code is shown where it is not the English word itself."""
    means = [_marked(term.means.get(language)) for language in ("en", "ru")]
    code = term.code if term.code not in ("", term.word.en) else ""
    return Entry(code=code, word=term.word, means_en=means[0], means_ru=means[1])


def _marked(text: str) -> Markup:
    """Return a meaning with its codes as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))
