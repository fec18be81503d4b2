"""An agenda as text and as Markdown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from detente.consultation.forums import STATE_WORDS
from detente.consultation.item import SECTIONS
from detente.consultation.item import Agenda
from detente.consultation.item import Item
from detente.consultation.wording import period_words
from detente.record.registers import Registers
from detente.rendering.labels import LEVELS
from detente.rendering.labels import MINISTRIES
from detente.rendering.labels import label
from detente.rendering.text import Page
from detente.rendering.wording import QUOTED
from detente.rendering.wording import account_key
from detente.rendering.wording import account_value
from detente.rendering.wording import said

__all__ = ["agenda_markdown", "agenda_text"]

_BRIEF_QUOTES = 4


def _name(registers: Registers, party: str, language: str) -> str:
    entry = registers.parties.get(party)
    return entry.name.get(language) if entry else party


def _title(agenda: Agenda, registers: Registers, language: str) -> str:
    pair = (" — " if language == "ru" else " - ").join(_name(registers, p, language) for p in agenda.between)
    return f"{label('agenda', language)}: {pair}, {agenda.on}"


def _known(agenda: Agenda, language: str) -> str:
    if agenda.known_by:
        return f"{label('known_by', language)} {agenda.known_by}"
    return label("known_all", language)


def _accounts(item: Item, language: str, full: bool = False) -> Iterator[tuple[str, str]]:
    """Yield (author, sentence) for everything that an item's accounts hold."""
    alike: dict[str, list[str]] = {}
    for author, account in item.accounts.items():
        values = {k: v for k, v in account.items() if k not in QUOTED}
        plain = [f"{account_key(k, language)}: {account_value(v, language)}" for k, v in values.items()]
        if plain:
            alike.setdefault("; ".join(plain), []).append(author)
    for sentence, authors in alike.items():
        yield ", ".join(authors), sentence
    for author, account in item.accounts.items():
        for key in QUOTED:
            quotes = account.get(key) or []
            shown = quotes if full else _last_words(quotes)
            for quote in shown:
                yield author, _quote(quote, key, language)
            if len(quotes) > len(shown):
                yield author, f"({label('more', language, n=len(quotes) - len(shown))})"


def _last_words(quotes: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the last statement on each topic, a few at the most."""
    by_topic = {quote["topic"]: quote for quote in quotes}
    return list(by_topic.values())[-_BRIEF_QUOTES:]


def _quote(quote: dict[str, str], key: str, language: str) -> str:
    lead = "" if key == "says" else f"{label(key, language)} "
    return f"{lead}{quote['on']}: {said(quote, language)}"


def _place(item: Item, registers: Registers, language: str) -> str:
    level = LEVELS[item.level].get(language) if item.level in LEVELS else item.level
    desks = ", ".join(MINISTRIES[m].get(language) for m in item.ministries if m in MINISTRIES)
    who = " / ".join(filter(None, (level, desks)))
    if item.forum is None:
        return who
    forum = registers.forums[item.forum.id]
    return f"{forum.title.get(language)} ({STATE_WORDS[item.forum.state].get(language)}); {who}"


def agenda_text(agenda: Agenda, registers: Registers, language: str, color: bool = False, full: bool = False) -> str:
    """Return the agenda as text of 80 columns; brief, with the last words on disputes, unless `full` is wanted."""
    page = Page(language, color)
    page.heading(_title(agenda, registers, language))
    page.line(f"{_known(agenda, language)}; {label('horizon', language)} {period_words(agenda.horizon).get(language)}")
    page.line(label("order", language))
    number = 0
    numbers: dict[str, int] = {}
    for section in agenda.sections:
        for item in section.items:
            number += 1
            numbers[item.id] = number
    for section in agenda.sections:
        page.section(f"{SECTIONS[section.section].get(language)} ({len(section.items)})")
        if not section.items:
            page.line(label("none", language), 2)
        issue = ""
        for item in section.items:
            if item.issue != issue:
                issue = item.issue
                page.blank()
                page.line(registers.issues[issue].title.get(language).upper(), style="bold")
            _item_text(page, item, numbers, registers, full)
    _ministries_text(page, agenda, numbers)
    if agenda.reach:
        page.section(label("reach", language))
        for words in agenda.reach:
            page.entry("-", words.get(language), 0)
    page.blank()
    if not full:
        page.line(label("fuller", language))
    page.line(f"{label('stamp', language)}: {agenda.stamp}")
    return str(page)


def _item_text(page: Page, item: Item, numbers: dict[str, int], registers: Registers, full: bool) -> None:
    language = page.language
    page.entry(f"{numbers[item.id]:>3}.", item.title.get(language), 0, "bold")
    page.line(item.why.get(language), 5)
    shown = _accounts(item, language, full) if full or item.section == "dispute" else ()
    for author, sentence in shown:
        page.entry(f"{author}", sentence, 5)
    place = _place(item, registers, language)
    if place and (full or item.section != "common"):
        page.entry(f"{label('forum' if item.forum else 'level', language)}:", place, 5)
    if item.covers:
        listed = ", ".join(str(numbers[c]) for c in item.covers if c in numbers)
        page.entry(f"{label('covers', language)}:", listed, 5)
    page.line(f"[{item.id}]", 5, "dim")


def _ministries_text(page: Page, agenda: Agenda, numbers: dict[str, int]) -> None:
    desks: dict[str, list[int]] = defaultdict(list)
    for item in agenda.items():
        if item.level == "leaders":
            desks["leaders"].append(numbers[item.id])
        for ministry in item.ministries:
            if ministry != "leaders":
                desks[ministry].append(numbers[item.id])
    page.section(label("by_ministry", page.language))
    for ministry, words in MINISTRIES.items():
        if desks.get(ministry):
            page.entry(f"{words.get(page.language)}:", ", ".join(map(str, desks[ministry])), 0)


def agenda_markdown(agenda: Agenda, registers: Registers, language: str) -> str:
    """Return the agenda as Markdown."""
    lines = [
        f"# {_title(agenda, registers, language)}",
        "",
        f"{_known(agenda, language)}. {label('order', language)}",
        "",
    ]
    for section in agenda.sections:
        lines += [f"## {SECTIONS[section.section].get(language)}", ""]
        if not section.items:
            lines += [label("none", language), ""]
        issue = ""
        for item in section.items:
            if item.issue != issue:
                issue = item.issue
                lines += [f"### {registers.issues[issue].title.get(language)}", ""]
            lines += _item_markdown(item, registers, language)
    if agenda.reach:
        lines += [f"## {label('reach', language)}", "", *(f"- {w.get(language)}" for w in agenda.reach), ""]
    lines += [f"{label('stamp', language)}: `{agenda.stamp}`", ""]
    return "\n".join(lines)


def _item_markdown(item: Item, registers: Registers, language: str) -> list[str]:
    lines = [f"#### {item.title.get(language)}", "", item.why.get(language), ""]
    lines += [f"- **{author}** {sentence}" for author, sentence in _accounts(item, language)]
    place = _place(item, registers, language)
    if place:
        lines.append(f"- {label('forum' if item.forum else 'level', language)}: {place}")
    if item.covers:
        lines.append(f"- {label('covers', language)}: {', '.join(f'`{c}`' for c in item.covers)}")
    lines += [
        f"- {label('evidence', language)}: {', '.join(f'`{e}`' for e in item.evidence[:12])}",
        f"- `{item.id}`",
        "",
    ]
    return lines
