"""One source: its address, how good it is, and all that rests on it."""

from __future__ import annotations

from detente.errors import DetenteError
from detente.reading.sources import source as source_of
from detente.record.registers import Words
from detente.rendering.statement_words import MANY_WORDS
from detente.rendering.statement_words import TIER_WORDS
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import missing
from detente.web.pages.lines import lines
from detente.web.pages.lists import number
from detente.web.pages.sources import tier_words

__all__ = ["source"]


def source(ask: Ask, id: str) -> Page:
    """Return the page of a source; its statements as CSV are those of the list of statements."""
    try:
        answer = source_of(ask.neutral, id)
    except DetenteError as fault:
        raise _unknown(ask, id) from fault
    row = answer.source
    kinds = [
        (
            MANY_WORDS.get(kind.value, Words(kind.value, kind.value)),
            number(kind.count, ask.language),
            ask.links.to("statements", source=id, kind=kind.value),
        )
        for kind in answer.kinds
    ]
    return Page(
        template="source.html",
        title=Words(row.title, row.title),
        answer=answer,
        stamp=answer.stamp,
        context={
            "answer": answer,
            "row": row,
            "tier": tier_words(row.tier, ask.language),
            "tier_meaning": TIER_WORDS.get(row.tier),
            "kinds": kinds,
            "lines": lines(ask, answer.latest),
            "all_address": ask.links.to("statements", source=id),
            "publisher_address": ask.links.to("sources", publisher=row.publisher) if row.publisher else "",
            "number": lambda value: number(value, ask.language),
        },
    )


def _unknown(ask: Ask, id: str) -> Exception:
    shown, wanted = id[:80], id.casefold()[:80]
    near = ", ".join([known for known in ask.desk.registers.sources if wanted in known][:5])
    what = Words(f"The record holds no source “{shown}”.", f"В записях нет источника «{shown}».")
    if near:
        return missing(what, Words(f"Did you mean {near}?", f"Возможно, имелось в виду: {near}."), "", id)
    return missing(what, Words("Look for it among the sources.", "Поищите на странице «Источники»."), "", id)
