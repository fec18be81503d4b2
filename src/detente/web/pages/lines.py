"""One statement as a line of a list: finished words and addresses, the same on every page that lists statements."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from detente.reading.browse import Statement
from detente.record.dates import span
from detente.record.registers import Words
from detente.rendering.labels import SOURCE_WORDS
from detente.rendering.statement_words import KIND_WORDS
from detente.rendering.statement_words import SILENCE_WORDS
from detente.rendering.statement_words import verb_words
from detente.web.page import Ask

__all__ = ["Line", "lines", "subject"]

_MOST_NAMES = 4


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One statement in words, with the addresses of what it names."""

    id: str
    address: str
    on: str
    days: int
    """How far the day from which it counts lies from the chosen one."""
    known: str
    """Since when it was known; empty where that is the same as `on`."""
    author: str
    author_address: str
    kind: str
    verb: str
    subject: list[tuple[str, str]]
    """What it is about: the text and article, the forum, the measure, the thread; each with an address or none."""
    about: str
    """The parties that it is about, other than the author."""
    text: str
    language: str
    """The language of the words, where it is not that of the page."""
    value: str
    publisher: str
    source_address: str
    tier: str
    corrects: tuple[str, str] | None
    corrected_by: list[tuple[str, str]]


def lines(ask: Ask, statements: Iterable[Statement]) -> list[Line]:
    """Return statements as lines, in their order."""
    return [_line(ask, statement) for statement in statements]


def _line(ask: Ask, row: Statement) -> Line:
    language, to = ask.language, ask.links.to
    others = [name for name in row.parties if name != row.author]
    said = row.text.get(language)
    return Line(
        id=row.statement,
        address=to("statement", row.statement),
        on=row.on,
        days=(span(row.on).last - ask.chosen.on).days,
        known=row.known if row.known != row.on else "",
        author=_party(ask, row.author),
        author_address=to("party", row.author),
        kind=KIND_WORDS[row.kind].get(language) if row.kind in KIND_WORDS else row.kind,
        verb=verb_words(row.kind, row.verb).get(language) if row.verb else "",
        subject=subject(ask, row),
        about=_named(ask, others),
        text=said or row.text.en or row.text.ru,
        language="" if said or not (row.text.en or row.text.ru) else ("en" if row.text.en else "ru"),
        value=_value(row, language),
        publisher=row.publisher,
        source_address=to("source", row.source),
        tier=SOURCE_WORDS[row.tier].get(language) if row.tier in SOURCE_WORDS else row.tier,
        corrects=(row.corrects, to("statement", row.corrects)) if row.corrects else None,
        corrected_by=[(id, to("statement", id)) for id in row.corrected_by],
    )


def subject(ask: Ask, row: Statement) -> list[tuple[str, str]]:
    """Return what a statement is about, each part with the address of its page, or of the statements about it."""
    language, to, registers = ask.language, ask.links.to, ask.desk.registers
    found: list[tuple[str, str]] = []
    law = ask.desk.casebook.instruments.get(row.instrument)
    if law:
        article = f" {row.provision}" if row.provision else ""
        found.append((law.short.get(language) + article, to("instrument", law.id)))
    forum = registers.forums.get(row.forum)
    if forum:
        found.append((forum.title.get(language), to("forum", forum.id)))
    measure = registers.measures.get(row.measure)
    if measure:
        item = f" ({row.item})" if row.item else ""
        found.append((measure.title.get(language) + item, to("statements", measure=measure.id)))
    if row.topic and not measure:
        found.append((registers.topic(row.topic).get(language), to("statements", topic=row.topic)))
    return found


def _value(row: Statement, language: str) -> str:
    """Return the number with its unit; where none was given, the kind of silence in words."""
    if row.silence in ("", "given"):
        return row.value
    words = SILENCE_WORDS.get(row.silence, Words(row.silence, row.silence)).get(language)
    return f"{row.value} ({words})" if row.silence == "nil" and row.value != "nil" else words


def _party(ask: Ask, id: str) -> str:
    entry = ask.desk.registers.parties.get(id)
    return entry.name.get(ask.language) if entry else id


def _named(ask: Ask, parties: list[str]) -> str:
    names = [_party(ask, id) for id in parties[:_MOST_NAMES]]
    rest = len(parties) - len(names)
    more = {"en": f" and {rest} more", "ru": f" и ещё {rest}"}[ask.language] if rest else ""
    return ", ".join(names) + more
