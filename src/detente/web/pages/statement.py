"""One statement: every field in words, its source and place, who cites it, and what rests on it on the day."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import msgspec

from detente.errors import DetenteError
from detente.reading.answers import FindingRow
from detente.reading.browse import Statement
from detente.reading.statement import StatementAnswer
from detente.reading.statement import statement as statement_of
from detente.record.dates import span
from detente.record.registers import Words
from detente.record.statements import DATED
from detente.record.statements import KINDS
from detente.rendering.labels import LEVELS
from detente.rendering.labels import SOURCE_WORDS
from detente.rendering.statement_words import BASIS_WORDS
from detente.rendering.statement_words import FIELD_WORDS
from detente.rendering.statement_words import KIND_WORDS
from detente.rendering.statement_words import TIER_WORDS
from detente.rendering.statement_words import verb_words
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import missing
from detente.web.pages.filters import value_words
from detente.web.pages.lines import lines
from detente.web.pages.lines import subject

__all__ = ["statement"]

_LINKED: Final = {"instrument": "instrument", "forum": "forum", "issue": "issue", "author": "party", "source": "source"}
"""The columns whose value has a page of its own."""

_TOLD_APART: Final = ("id", "en", "ru", "source", "basis", "corrects", "refs")
"""The columns that stand elsewhere on the page."""

_MOST_PARTIES: Final = 8


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the row: its name and value in words, as the record writes it, and where it leads."""

    label: str
    words: list[tuple[str, str]]
    """Each part of the value with its address, or none."""
    raw: str
    """The value as it is written, where the words are not the same."""
    note: str
    column: str


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """Findings on one provision in one state that rest on the statement."""

    instrument: str
    instrument_address: str
    provision: str
    state: str
    count: int
    parties: list[tuple[str, str]]
    """The parties, with the way to how each was computed; the first few of many."""


def statement(ask: Ask, id: str) -> Page:
    """Return the page of a statement, also of one that does not count on the day: it says why not."""
    try:
        answer = statement_of(ask.neutral, id, ask.chosen.between, ask.chosen.horizon)
    except DetenteError as fault:
        raise _unknown(id, fault) from fault
    row = answer.statement
    about = [text for text, _ in subject(ask, row)]
    author = value_words(ask.desk, "author", row.author)
    title = "; ".join([row.on, *about])
    return Page(
        template="statement.html",
        title=Words(f"{author.en}: {title}", f"{author.ru}: {title}"),
        answer=answer,
        stamp=answer.stamp,
        context={
            "answer": answer,
            "row": row,
            "days": (span(row.on).last - ask.chosen.on).days,
            "heading": _heading(ask, answer, about),
            "said": _said(ask, row),
            "fields": [_field(ask, answer, name) for name in _columns(answer)],
            "source": ask.desk.registers.sources.get(row.source),
            "tier": TIER_WORDS.get(row.tier),
            "basis": BASIS_WORDS.get(row.basis, Words(row.basis, row.basis)),
            "corrects": lines(ask, answer.corrects),
            "corrected_by": lines(ask, answer.corrected_by),
            "cited_by": lines(ask, answer.cited_by),
            "refers_to": lines(ask, answer.refers_to),
            "before": lines(ask, answer.before),
            "after": lines(ask, answer.after),
            "rests": _rests(ask, answer.findings),
            "thread_address": ask.links.to("statements", **_thread(answer)),
            "tier_word": SOURCE_WORDS.get(row.tier, Words(row.tier, row.tier)),
        },
    )


def _unknown(id: str, fault: DetenteError) -> Exception:
    shown = id[:80]
    what = Words(f"The record holds no statement “{shown}”.", f"В записях нет записи с кодом «{shown}».")
    near = fault.remedy.removeprefix("Did you mean ").rstrip("?.") if fault.remedy.startswith("Did") else ""
    if near:
        return missing(what, Words(f"Did you mean {near}?", f"Возможно, имелось в виду: {near}."), "", id)
    return missing(what, Words("Look for it among the statements.", "Поищите на странице «Записи»."), "", id)


def _said(ask: Ask, row: Statement) -> list[tuple[str, str]]:
    """Return the words in both languages, that of the page first."""
    tongues = ("ru", "en") if ask.language == "ru" else ("en", "ru")
    return [(tongue, text) for tongue in tongues if (text := row.text.get(tongue))]


def _thread(answer: StatementAnswer) -> dict[str, str]:
    return {**answer.thread, "order": "oldest"}


def _heading(ask: Ask, answer: StatementAnswer, about: list[str]) -> str:
    """Return what was done and on what: 'report: Deployed warheads'."""
    row, language = answer.statement, ask.language
    kind = KIND_WORDS.get(row.kind, Words(row.kind, row.kind)).get(language)
    done = f"{kind}: {verb_words(row.kind, row.verb).get(language)}" if row.verb else kind
    told = [done, *about]
    return " · ".join(told)


def _columns(answer: StatementAnswer) -> list[str]:
    """Return the columns that are filled, in the order in which the record has them."""
    known = ("kind", *KINDS[answer.what].columns) if answer.what in KINDS else tuple(answer.fields)
    return [name for name in known if name in answer.fields and name not in _TOLD_APART]


def _field(ask: Ask, answer: StatementAnswer, name: str) -> Field:
    raw = str(answer.fields[name])
    parts = raw.split(";") if name == "party" else [raw]
    words = [_words(ask, answer, name, part) for part in parts]
    shown = ", ".join(text for text, _ in words)
    return Field(
        label=FIELD_WORDS[name].get(ask.language) if name in FIELD_WORDS else name,
        words=words,
        raw=raw if raw != shown else "",
        note=_note(ask, answer, name),
        column=name,
    )


def _words(ask: Ask, answer: StatementAnswer, name: str, value: str) -> tuple[str, str]:
    language, to = ask.language, ask.links.to
    if name == "verb":
        return verb_words(answer.what, value).get(language), ""
    if name == "level":
        return LEVELS.get(value, Words(value, value)).get(language), ""
    if name == "value":
        return answer.statement.value or value, ""
    text = value_words(ask.desk, name, value).get(language)
    if name in _LINKED:
        return text, to(_LINKED[name], value)
    if name == "party":
        return text, to("party", value)
    if name in ("measure", "topic", "kind"):
        return text, to("statements", **{name: value})
    return text, ""


def _note(ask: Ask, answer: StatementAnswer, name: str) -> str:
    """Return what an approximate date means by the rules."""
    dates = answer.dates.get(name)
    if name not in DATED or dates is None:
        return ""
    return Words(
        f"a day from {dates.first} to {dates.last}; it counts from {dates.last}, the last day that it may mean",
        f"день с {dates.first} по {dates.last}; считается с {dates.last} — последнего возможного дня",
    ).get(ask.language)


def _rests(ask: Ask, findings: list[FindingRow]) -> list[Rest]:
    """Return the findings by provision and state: one line for hundreds of parties."""
    grouped: dict[tuple[str, str, str], list[FindingRow]] = defaultdict(list)
    for row in findings:
        grouped[row.instrument, row.provision, row.state].append(row)
    laws, language = ask.desk.casebook.instruments, ask.language
    return [
        Rest(
            instrument=laws[instrument].short.get(language),
            instrument_address=ask.links.to("instrument", instrument),
            provision=provision,
            state=state,
            count=len(rows),
            parties=[(_party(ask, row), ask.links.to("computed", row.id)) for row in rows[:_MOST_PARTIES]],
        )
        for (instrument, provision, state), rows in grouped.items()
    ]


def _party(ask: Ask, row: FindingRow) -> str:
    """Return the party of a finding, with the author where it is one author's account."""
    name = value_words(ask.desk, "party", row.party).get(ask.language)
    return f"{name} ({_ACCOUNT.get(ask.language).format(row.author)})" if row.author else name


_ACCOUNT = Words("according to {}", "по данным: {}")
