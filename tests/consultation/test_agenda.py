"""The agenda of the shipped record on any day: well made, repeatable, alike from both sides, and neutral code."""

from __future__ import annotations

import ast
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import detente
import detente.consultation
from consultation.pair_builder import check
from consultation.pair_builder import unordered
from detente.consultation.wording import listed
from detente.consultation.wording import period_words
from detente.consultation.wording import say
from detente.consultation.wording import span_words
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.record.registers import Words
from detente.rendering.data import as_json

PAIRS = [("USA", "RUS"), ("USA", "CHN"), ("RUS", "CHN"), ("USA", "IRN"), ("IND", "PAK"), ("USA", "PRK"), ("GBR", "FRA")]
DAYS = st.dates(date(1963, 1, 1), date(2026, 12, 31))
SLOW = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@cache
def book() -> Casebook:
    return open_casebook()


@SLOW
@given(DAYS, st.sampled_from(PAIRS), st.sampled_from(["P1M", "P18M", "P3Y"]))
def test_every_agenda_of_the_shipped_record_is_well_made(on: date, pair: tuple[str, str], horizon: str) -> None:
    check(book(), detente.read(on, casebook=book()).agenda(*pair, horizon))


@SLOW
@given(DAYS, st.sampled_from(PAIRS))
def test_the_agenda_is_the_same_from_both_sides(on: date, pair: tuple[str, str]) -> None:
    read = detente.read(on, casebook=book())
    assert unordered(read.agenda(*pair)) == unordered(read.agenda(*reversed(pair)))


@settings(SLOW, max_examples=4)
@given(DAYS, st.sampled_from(PAIRS), DAYS | st.none())
def test_the_same_stamp_gives_the_same_bytes(on: date, pair: tuple[str, str], known: date | None) -> None:
    first = detente.read(on, known, casebook=book()).agenda(*pair)
    again = detente.read(on, known, casebook=book()).agenda(*pair)
    assert first.stamp == again.stamp
    assert as_json(first).encode() == as_json(again).encode()


def test_a_casebook_opened_again_gives_the_same_bytes() -> None:
    first = detente.read("2018-07-10", casebook=book()).agenda("USA", "RUS")
    again = detente.read("2018-07-10", casebook=open_casebook()).agenda("USA", "RUS")
    assert as_json(first) == as_json(again)


def _code() -> list[tuple[str, ast.AST, str]]:
    """Return every string and number of the rules' code that is neither a docstring nor a sentence."""
    found: list[tuple[str, ast.AST, str]] = []
    for path in sorted(Path(detente.consultation.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        inside = [n for call in ast.walk(tree) if _is_words(call) for n in ast.walk(call)]
        skipped = {id(node) for node in inside}
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            for statement in body if isinstance(body, list) else []:
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    skipped.add(id(statement.value))
        found += [
            (path.name, node, str(node.value))
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str | int) and id(node) not in skipped
        ]
    return found


def _is_words(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Words"


def test_the_rules_name_no_party_no_text_and_no_day() -> None:
    names = {*book().instruments, *book().record.registers.parties, *book().record.registers.forums}
    names |= {i.short.en for i in book().instruments.values()}
    faults = []
    for file, node, text in _code():
        words = set(re.findall(r"[A-Za-z0-9.-]+", text)) | {text}
        if words & names - {""}:
            faults.append(f"{file}:{getattr(node, 'lineno', 0)}: {text!r}")
        # A leap year's or a common year's first day serves to measure a period, and stands in `wording` alone.
        if file != "wording.py" and re.search(r"(?<!\d)(19\d\d|20\d\d|2100)(?!\d)", text):
            faults.append(f"{file}:{getattr(node, 'lineno', 0)}: {text!r}")
    assert faults == []


@pytest.mark.parametrize(
    ("start", "end", "en", "ru"),
    [
        ("2018-07-10", "2018-07-10", "0 days", "0 дней"),
        ("2018-07-09", "2018-07-10", "1 day", "1 день"),
        ("2018-07-10", "2021-02-05", "2 years, 6 months", "2 года 6 месяцев"),
        ("2021-02-05", "2018-07-10", "2 years, 6 months", "2 года 6 месяцев"),
        ("2016-02-28", "2017-02-27", "11 months, 30 days", "11 месяцев 30 дней"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(start: str, end: str, en: str, ru: str) -> None:
    assert span_words(date.fromisoformat(start), date.fromisoformat(end)) == Words(en, ru)


@pytest.mark.parametrize(
    ("period", "en"), [("P5Y", "5 years"), ("P6M", "6 months"), ("P18M", "1 year, 6 months"), ("P1D", "1 day")]
)
def test_a_period_is_told_in_words(period: str, en: str) -> None:
    assert period_words(period).en == en


def test_a_list_counts_what_it_does_not_name() -> None:
    assert listed(["a", "b", "c"], 2) == Words("a, b and 1 more", "a, b и ещё 1")
    assert listed(["a", Words("b", "б")]) == Words("a, b", "a, б")
    assert listed([]) == Words("", "")


def test_a_sentence_quotes_braces_as_they_are() -> None:
    assert say("unmet.why", reason="{short}").en == "By the record: {short}."
