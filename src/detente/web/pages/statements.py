"""Statements: all that the record holds, by any filter, with the counts of what one may ask for next."""

from __future__ import annotations

from functools import cache
from typing import Final
from urllib.parse import quote_plus

from markupsafe import Markup

from detente.reading.browse import Facet
from detente.reading.browse import Query
from detente.reading.browse import StatementsAnswer
from detente.reading.browse import browse
from detente.reading.browse import newest
from detente.reading.browse import statements_csv
from detente.record.registers import Words
from detente.rendering.statement_words import FIELD_WORDS
from detente.web.desk import desk
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.facets import Choices
from detente.web.pages.facets import choices
from detente.web.pages.feed import news_feed
from detente.web.pages.filters import query_of
from detente.web.pages.filters import sentence
from detente.web.pages.filters import value_words
from detente.web.pages.lines import lines
from detente.web.pages.lists import Chip
from detente.web.pages.lists import Stem
from detente.web.pages.lists import leaves
from detente.web.pages.lists import number

__all__ = ["statements"]

_SHOWN: Final = 6
_FOLDED: Final = 30
"""So many values of a facet are shown, and so many more when it is opened; further ones are reached by narrowing."""

_ORDER: Final = ("kind", "author", "party", "issue", "instrument", "year", "verb", "forum", "measure", "topic",
                 "silence", "source")  # fmt: skip


def statements(ask: Ask) -> Page:
    """Return the page of statements that match; the whole list as CSV, the page as JSON, the news as Atom."""
    query = query_of(ask)
    answer = browse(ask.neutral, query)
    stem = Stem(ask.links, "statements", {**query.filters(), **_sorting(query)})
    told = sentence(ask.desk, query, answer.total)
    return Page(
        template="statements.html",
        title=Words("Statements", "Записи"),
        answer=answer,
        table=lambda: statements_csv(ask.neutral, query),
        feed=lambda language: news_feed(
            ask, "statements", newest(ask.neutral, query), _FEED.get(language), told.get(language)
        ),
        stamp=answer.stamp,
        context={
            "answer": answer,
            "query": query,
            "sentence": told,
            "lines": lines(ask, answer.statements),
            "chips": _chips(ask, query, stem),
            "facets": [c for f in _arranged(answer) if (c := _choices(ask, f, query, answer.total))],
            "leaves": leaves(stem, query.page, answer.size, answer.total),
            "sorts": _sorts(query, stem),
            "everything": stem.bare,
            "with_replaced": stem.also(corrected="yes"),
            "hidden": {**ask.chosen.parameters(), **_elsewhere(query), **_sorting(query)},
            "number": lambda value: number(value, ask.language),
            "label": FIELD_WORDS,
            "instrument_list": _instrument_list(ask.language),
        },
    )


_FEED = Words("Détente: statements that became known", "Détente: новые записи")


@cache
def _instrument_list(language: str) -> Markup:
    """Return the texts for the field that takes one; the same for every page."""
    laws = sorted(desk().casebook.instruments.values(), key=lambda law: law.short.get(language))
    options = (Markup('<option value="{}">{}</option>').format(law.id, law.short.get(language)) for law in laws)
    return Markup('<datalist id="instruments">{}</datalist>').format(Markup("").join(options))


def _sorting(query: Query) -> dict[str, str]:
    """Return how the list is sorted, where that is not the usual."""
    usual = Query()
    return {name: getattr(query, name) for name in ("sort", "order") if getattr(query, name) != getattr(usual, name)}


_FIELDS: Final = ("text", "author", "instrument", "year")


def _elsewhere(query: Query) -> dict[str, str]:
    """Return the filters that have no field in the form, so that it keeps them."""
    return {name: value for name, value in query.filters().items() if name not in _FIELDS}


def _chips(ask: Ask, query: Query, stem: Stem) -> list[Chip]:
    def chip(name: str, value: str) -> Chip:
        words = value_words(ask.desk, name, value)
        return Chip(FIELD_WORDS[name].get(ask.language), words.get(ask.language), stem.without(name))

    return [chip(name, value) for name, value in query.filters().items()]


def _sorts(query: Query, stem: Stem) -> list[tuple[str, str, bool]]:
    """Return the four orders: a name, the address, and whether it is the present one."""
    usual = Query()
    found = []
    for sort, order in (("on", "newest"), ("on", "oldest"), ("known", "newest"), ("known", "oldest")):
        wanted = {k: v for k, v in (("sort", sort), ("order", order)) if v != getattr(usual, k)}
        plain = stem.without("sort", "order")
        address = plain + "".join(f"&{k}={v}" for k, v in wanted.items())
        found.append((f"{sort}-{order}", address, (sort, order) == (query.sort, query.order)))
    return found


def _arranged(answer: StatementsAnswer) -> list[Facet]:
    facets = {facet.name: facet for facet in answer.facets}
    return [facets[name] for name in _ORDER]


def _choices(ask: Ask, facet: Facet, query: Query, total: int) -> Choices | None:
    """Return a facet as links; None where it is chosen already, or would leave every statement."""
    if getattr(query, facet.name) or not facet.values:
        return None
    if len(facet.values) == 1 and facet.values[0].count == total:
        return None
    stem = Stem(ask.links, "statements", {**query.filters(), **_sorting(query)}).without("page")
    return choices(
        facet,
        FIELD_WORDS[facet.name].get(ask.language),
        ask.language,
        lambda value: value_words(ask.desk, facet.name, value).get(ask.language),
        lambda value: f"{stem}&{facet.name}={quote_plus(value)}",
        _SHOWN,
        _FOLDED,
    )
