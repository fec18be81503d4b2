"""The tables of words in two languages, most of them for the glossary."""

from __future__ import annotations

from typing import Final

from detente.rendering.glossary import Term
from detente.rendering.glossary import entries
from detente.rendering.kinds import OBLIGATION_KINDS
from tools.write_docs.markdown import table

__all__ = ["KIND_WORDS", "word_table"]

KIND_WORDS: Final = OBLIGATION_KINDS
"""The kinds of obligation, in words."""


def word_table(name: str) -> str:
    """Return one list of the glossary: each word, the same in Russian, and what it means where that is said."""
    rows = list(entries(name))
    if any(term.means.en for term in rows):
        return table(("word", "in Russian", "meaning"), ((_word(t), t.word.ru, t.means.en or t.word.en) for t in rows))
    return table(("word", "in Russian"), ((_word(t), t.word.ru) for t in rows))


def _word(term: Term) -> str:
    return f"`{term.code}`" if term.code else term.word.en
