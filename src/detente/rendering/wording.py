"""What an account holds, in words: states, standings, numbers and sayings, the same in every rendering."""

from __future__ import annotations

from detente.instruments.standings import STANDING_WORDS
from detente.obligations.finding import STATE_WORDS as FINDING_WORDS
from detente.rendering.labels import ACCOUNT_WORDS
from detente.rendering.labels import label

__all__ = ["QUOTED", "account_key", "account_value", "said", "state_word"]

QUOTED = ("raises", "answers", "says")
"""The parts of an account that are sayings; everything else in it is a value."""


def state_word(value: object, language: str) -> str:
    """Return a state or standing in words; everything else as it is."""
    text = str(value)
    for words in (FINDING_WORDS, STANDING_WORDS):
        if text in words:
            return words[text].get(language)
    return text


def account_key(name: str, language: str) -> str:
    """Return the name of a part of an account in words."""
    words = ACCOUNT_WORDS.get(name) or FINDING_WORDS.get(name)
    return words.get(language) if words else name


def account_value(value: object, language: str) -> str:
    """Return a part of an account in words: truth is `in force`, lists are joined, nothing is a dash."""
    if value is True or value is False:
        return label("in_force" if value else "not_in_force", language)
    if isinstance(value, list):
        return "; ".join(account_value(v, language) for v in value)
    if isinstance(value, dict):
        told = {account_value(v, language) for v in value.values()}
        if len(told) == 1 and len(value) > 2:
            return f"{told.pop()} ({', '.join(map(str, value))})"
        return ", ".join(f"{k} {account_value(v, language)}" for k, v in value.items())
    return "-" if value is None else state_word(value, language)


def said(quote: dict[str, str], language: str) -> str:
    """Return what was said, in the language where the record has it, else in English, else its topic."""
    return quote["ru"] if language == "ru" and quote["ru"] else quote["en"] or quote["topic"]
