"""The words of statements: every kind, verb, silence, basis, tier and column of the record has its words."""

from __future__ import annotations

import re

from detente.record.statements import BASES
from detente.record.statements import COLUMNS
from detente.record.statements import KINDS
from detente.record.statements import SILENCES
from detente.record.statements import TIERS
from detente.rendering import statement_words
from detente.rendering.statement_words import verb_words

_RUSSIAN = re.compile(r"[а-яё]", re.IGNORECASE)


def test_nothing_of_the_record_is_without_words() -> None:
    assert set(KINDS) == set(statement_words.KIND_WORDS)
    assert {"", *KINDS} == set(statement_words.MANY_WORDS)
    assert set(COLUMNS) <= set(statement_words.FIELD_WORDS)
    assert set(SILENCES) == set(statement_words.SILENCE_WORDS)
    assert set(BASES) == set(statement_words.BASIS_WORDS)
    assert set(TIERS) == set(statement_words.TIER_WORDS)
    for kind in KINDS.values():
        for verb in kind.verbs:
            assert verb in statement_words.VERB_WORDS, (kind.name, verb)


def test_no_words_are_left_over_or_without_russian() -> None:
    verbs = {verb for kind in KINDS.values() for verb in kind.verbs}
    assert set(statement_words.VERB_WORDS) == verbs
    for name in statement_words.__all__:
        table = getattr(statement_words, name)
        for key, words in table.items() if isinstance(table, dict) else ():
            assert words.en, (name, key)
            assert _RUSSIAN.search(words.ru), (name, key)


def test_a_verb_means_what_its_kind_makes_of_it() -> None:
    assert verb_words("act", "withdraw").ru == "выход"
    assert verb_words("concern", "withdraw").ru == "отзывает обвинение"
    assert verb_words("act", "no-such-verb").en == "no-such-verb"
