"""Every reason that can be given is given by some test: the tables of the evaluators' tests are collected here."""

from __future__ import annotations

import re
from pathlib import Path

import detente.obligations
from detente.obligations.finding import REASONS
from detente.obligations.finding import SCHEMA
from detente.obligations.finding import STATE_WORDS
from detente.obligations.finding import STATES
from obligations import test_adherence
from obligations import test_cadence
from obligations import test_judge
from obligations import test_limit
from obligations import test_notice
from obligations import test_quota
from obligations import test_term
from obligations import test_undertaking

EVALUATORS = (
    test_adherence, test_cadence, test_limit, test_notice, test_quota, test_term, test_undertaking,
)  # fmt: skip
TESTED = {branch.reason for module in EVALUATORS for branch in module.BRANCHES}
LAID_OVER = {gate.reason for gate in test_judge.GATES} | {reason for *_, reason in test_judge.CONCERNS} | {"answered"}
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def test_every_reason_is_reached_by_a_test() -> None:
    assert set(REASONS) == TESTED | LAID_OVER


def test_every_reason_in_the_source_has_its_words() -> None:
    folder = Path(detente.obligations.__file__).parent
    given = {word for path in folder.glob("*.py") for word in re.findall(r'lit\("([a-z-]+)"\)', path.read_text())}
    assert given - set(STATES) - set(REASONS) <= {"-", "given"}


def test_every_state_is_reached_by_a_test() -> None:
    states = {branch.state for module in EVALUATORS for branch in module.BRANCHES}
    assert states | {gate.state for gate in test_judge.GATES} == set(STATES)


def test_no_reason_is_met_without_evidence() -> None:
    met = {branch.reason for module in EVALUATORS for branch in module.BRANCHES if branch.state == "met"}
    assert met == {"within", "adheres", "on-time", "held", "within-quota", "notice-kept", "all-resolved"}


def test_every_reason_and_state_is_in_both_languages() -> None:
    for words in (*REASONS.values(), *STATE_WORDS.values()):
        assert words.en.isascii()
        assert CYRILLIC.search(words.ru)
    assert set(STATE_WORDS) == set(STATES)


def test_no_two_reasons_say_the_same() -> None:
    assert len({words.en for words in REASONS.values()}) == len(REASONS)
    assert len({words.ru for words in REASONS.values()}) == len(REASONS)


def test_a_findings_columns_stand_once() -> None:
    assert len(set(SCHEMA)) == len(SCHEMA)
