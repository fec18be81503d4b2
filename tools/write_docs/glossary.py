"""The tables of words in two languages, most of them for the glossary."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from detente.consultation import forums
from detente.consultation.item import SECTIONS
from detente.instruments.schema import OBLIGATIONS
from detente.instruments.standings import STANDING_WORDS
from detente.instruments.standings import STANDINGS
from detente.obligations.finding import STATE_WORDS
from detente.record.registers import Words
from detente.record.statements import SILENCES
from detente.rendering.kinds import OBLIGATION_KINDS
from detente.rendering.labels import LEVELS as LEVEL_WORDS
from tools.write_docs.markdown import doc
from tools.write_docs.markdown import table

__all__ = [
    "KIND_WORDS",
    "forum_state_table",
    "level_table",
    "obligation_table",
    "section_table",
    "silence_table",
    "standing_table",
    "state_table",
]

KIND_WORDS: Final = OBLIGATION_KINDS
"""The kinds of obligation, in words."""

_STANDING_MEANS: Final = {
    "none": "no act of the party is on record",
    "signatory": "signed, and not yet consented to be bound",
    "contracting": "consented to be bound; it is not yet in force for the party (VCLT 2.1(f))",
    "provisional": "applies it provisionally",
    "bound": "its obligations bind",
    "suspended": "suspended its participation; its duties do not apply while that lasts",
    "leaving": "gave notice of withdrawal, which has not taken effect; still bound",
    "out": "left, or was released",
    "ended": "the instrument ended while the party was in it",
}

_STATE_MEANS: Final = {
    "met": "the evidence shows that it is met",
    "not met": "the evidence, or the author's open concern, shows that it is not met",
    "not yet due": "the time for it has not come",
    "not applicable": "it does not bind now: ended, out or suspended",
    "cannot tell": "evidence is missing, and the finding names what",
}

_FORUM_MEANS: Final = {
    "not yet": "no charter and no session by that day",
    "alive": "met within the time that the register allows, or needs no sessions",
    "lapsed": "silent for longer than the register allows; nobody said so",
    "suspended": "suspended by a statement, or with its umbrella",
    "ended": "ended by a statement, or with its umbrella",
}

_SILENCE_WORDS: Final = {
    "given": Words("a value is given", "значение дано"),
    "nil": Words("declared none; the value is 0", "объявлено отсутствие; значение 0"),
    "nothing-new": Words("declared that nothing changed", "объявлено, что изменений нет"),
    "withheld": Words("owed and not given", "причиталось и не предоставлено"),
    "suspended": Words("not given because participation is suspended", "не предоставлено: участие приостановлено"),
    "unknown": Words("nobody on record knows; never zero", "неизвестно; никогда не ноль"),
}


def _words_table(words: dict[str, Words], means: dict[str, str]) -> str:
    return table(("word", "in Russian", "meaning"), ((f"`{k}`", words[k].ru, means[k]) for k in words))


def standing_table() -> str:
    """Return the standings of a party."""
    return _words_table({name: STANDING_WORDS[name] for name in STANDINGS}, _STANDING_MEANS)


def state_table() -> str:
    """Return the states of a finding."""
    return _words_table(STATE_WORDS, _STATE_MEANS)


def forum_state_table() -> str:
    """Return the states of a forum."""
    return _words_table(forums.STATE_WORDS, _FORUM_MEANS)


def silence_table() -> str:
    """Return what a statement without a value may mean."""
    rows = ((f"`{name}`", _SILENCE_WORDS[name].ru, _SILENCE_WORDS[name].en) for name in SILENCES)
    return table(("word", "in Russian", "meaning"), rows)


def obligation_table() -> str:
    """Return the kinds of obligation."""
    rows = ((f"`{k}`", KIND_WORDS[k].ru, doc(import_module(f"detente.obligations.{k}"))) for k in OBLIGATIONS)
    return table(("word", "in Russian", "meaning"), rows)


def level_table() -> str:
    """Return the levels of representation."""
    return table(("word", "in Russian"), ((f"`{k}`", w.ru) for k, w in LEVEL_WORDS.items()))


def section_table() -> str:
    """Return the sections of an agenda."""
    return table(("section", "in Russian"), ((w.en, w.ru) for w in SECTIONS.values()))
