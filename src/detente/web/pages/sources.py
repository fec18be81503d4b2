"""Sources: where every value was found, how good each is, and what rests on it; and the hosts that none may lie on."""

from __future__ import annotations

from urllib.parse import quote_plus

import msgspec

from detente.reading.browse import Facet
from detente.reading.sources import SORTS
from detente.reading.sources import SourceQuery
from detente.reading.sources import SourceRow
from detente.reading.sources import source_rows
from detente.reading.sources import sources as sources_of
from detente.record.registers import Words
from detente.record.statements import TIERS
from detente.rendering.data import as_csv
from detente.rendering.labels import SOURCE_WORDS
from detente.rendering.statement_words import TIER_WORDS
from detente.web.chosen import Fault
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.facets import Choices
from detente.web.pages.facets import choices
from detente.web.pages.lists import Chip
from detente.web.pages.lists import Stem
from detente.web.pages.lists import leaves
from detente.web.pages.lists import number
from detente.web.pages.lists import page_asked
from detente.web.pages.lists import refuse

__all__ = ["sources", "tier_words"]


class Entry(msgspec.Struct, frozen=True):
    """One source with the addresses of what rests on it."""

    row: SourceRow
    address: str
    statements: str
    host: str


def sources(ask: Ask) -> Page:
    """Return the page of the register; all that match as CSV."""
    query = _query(ask)
    answer = sources_of(ask.neutral, query)
    sorting = {"sort": query.sort} if query.sort != "used" else {}
    stem = Stem(ask.links, "sources", {**query.filters(), **sorting})
    return Page(
        template="sources.html",
        title=Words("Sources", "Источники"),
        answer=answer,
        table=lambda: as_csv(source_rows(ask.neutral, query), answer.stamp, ask.language),
        stamp=answer.stamp,
        context={
            "answer": answer,
            "query": query,
            "entries": [_entry(ask, row) for row in answer.sources],
            "chips": [_chip(ask, stem, name, value) for name, value in query.filters().items()],
            "facets": [c for facet in answer.facets if (c := _choices(ask, stem, facet, query))],
            "leaves": leaves(stem, query.page, answer.size, answer.total),
            "sorts": [(name, _sorted_by(stem, name), name == query.sort) for name in SORTS],
            "everything": stem.bare,
            "only_unused": stem.also(unused="yes"),
            "hidden": {**ask.chosen.parameters(), **{k: v for k, v in stem.given.items() if k != "text"}},
            "number": lambda value: number(value, ask.language),
            "tiers": [(tier, TIER_WORDS[tier]) for tier in TIERS],
        },
    )


def _query(ask: Ask) -> SourceQuery:
    faults: list[Fault] = []
    given = {name: ask.parameter(name) for name in ("tier", "publisher", "text", "unused", "sort")}
    for name, allowed in (("tier", TIERS), ("sort", SORTS), ("unused", ("yes",))):
        if given[name] and given[name] not in allowed:
            listed = ", ".join(allowed)
            what = Words(f"“{given[name]}” is no value of “{name}”.", f"«{given[name]}» — не значение «{name}».")
            faults.append(Fault(name, given[name], what, Words(f"Use: {listed}.", f"Допустимо: {listed}.")))
    page = page_asked(ask, faults)
    refuse(faults)
    return SourceQuery(**{name: value for name, value in given.items() if value}, page=page)


def _entry(ask: Ask, row: SourceRow) -> Entry:
    return Entry(
        row=row,
        address=ask.links.to("source", row.source),
        statements=ask.links.to("statements", source=row.source),
        host=row.address.partition("://")[2].partition("/")[0].removeprefix("www."),
    )


_LABELS = {
    "tier": Words("Tier", "Уровень"),
    "publisher": Words("Publisher", "Издатель"),
    "text": Words("Words", "Слова"),
    "unused": Words("Nothing rests on it", "На нём ничего не основано"),
}


def tier_words(tier: str, language: str) -> str:
    """Return a tier in words."""
    return SOURCE_WORDS[tier].get(language) if tier in SOURCE_WORDS else tier


def _chip(ask: Ask, stem: Stem, name: str, value: str) -> Chip:
    shown = tier_words(value, ask.language) if name == "tier" else value
    shown = Words("yes", "да").get(ask.language) if name == "unused" else shown
    return Chip(_LABELS[name].get(ask.language), shown, stem.without(name))


def _choices(ask: Ask, stem: Stem, facet: Facet, query: SourceQuery) -> Choices | None:
    if getattr(query, facet.name) or len(facet.values) < 2:
        return None
    return choices(
        facet,
        _LABELS[facet.name].get(ask.language),
        ask.language,
        lambda value: tier_words(value, ask.language) if facet.name == "tier" else value,
        lambda value: f"{stem.without()}&{facet.name}={quote_plus(value)}",
    )


def _sorted_by(stem: Stem, name: str) -> str:
    return stem.without("sort") if name == "used" else stem.also(sort=name)
