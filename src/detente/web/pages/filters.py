"""The filters over statements as they stand in an address: read, checked against the record, and told in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from typing import Final

from detente.errors import DetenteError
from detente.reading.browse import CORRECTED
from detente.reading.browse import ORDERS
from detente.reading.browse import SORTS
from detente.reading.browse import Query
from detente.reading.reading import party_named
from detente.record.registers import Registers
from detente.record.registers import Words
from detente.record.statements import KINDS
from detente.record.statements import SILENCES
from detente.rendering.statement_words import FIELD_WORDS
from detente.rendering.statement_words import KIND_WORDS
from detente.rendering.statement_words import MANY_WORDS
from detente.rendering.statement_words import SILENCE_WORDS
from detente.rendering.statement_words import verb_words
from detente.web.chosen import Fault
from detente.web.desk import Desk
from detente.web.page import Ask
from detente.web.pages.lists import number
from detente.web.pages.lists import page_asked
from detente.web.pages.lists import refuse

__all__ = ["query_of", "sentence", "value_words"]

_CHOICES: Final = {
    "kind": tuple(KINDS),
    "verb": tuple(dict.fromkeys(verb for kind in KINDS.values() for verb in kind.verbs)),
    "silence": SILENCES,
    "corrected": CORRECTED,
    "sort": SORTS,
    "order": ORDERS,
}
_FREE: Final = ("provision", "item", "topic", "text")
_YEAR: Final = re.compile(r"[0-9]{4}")
_MOST_NEAR: Final = 5


def query_of(ask: Ask) -> Query:
    """Return what the address asks for; refuse it with everything that is wrong with it."""
    faults: list[Fault] = []
    given: dict[str, Any] = {name: ask.parameter(name) for name in _FREE}
    for name, allowed in _CHOICES.items():
        given[name] = _choice(name, ask.parameter(name), allowed, faults)
    for name in ("author", "party"):
        given[name] = _party(ask, name, faults)
    for name, register in _registers(ask.desk).items():
        given[name] = _registered(name, ask.parameter(name), register, faults)
    given["year"] = _year(ask.parameter("year"), faults)
    given["page"] = page_asked(ask, faults)
    refuse(faults)
    return Query(**{name: value for name, value in given.items() if value})


def _choice(name: str, text: str, allowed: tuple[str, ...], faults: list[Fault]) -> str:
    if text and text not in allowed:
        label = FIELD_WORDS.get(name, Words(name, name))
        what = Words(f"“{text}” is no value of “{label.en}”.", f"«{text}» — нет такого значения («{label.ru}»).")
        listed = ", ".join(allowed)
        faults.append(Fault(name, text, what, Words(f"Use one of: {listed}.", f"Допустимы: {listed}.")))
    return text


def _party(ask: Ask, name: str, faults: list[Fault]) -> str:
    """Return a party by its code or name as it is called on the day; one that another continues may be meant itself."""
    text = ask.parameter(name)
    registers, on = ask.desk.registers, ask.chosen.on
    if not text or text.upper() in registers.continued(on):
        return text.upper()
    try:
        return party_named(registers, text, on)
    except DetenteError:
        what = Words(f"“{text}” is no party of the record.", f"В записях нет стороны «{text}».")
        near = _near(text, {p.id: p.name for p in registers.parties.values()})
        faults.append(Fault(name, text, what, near or _CODES))
        return ""


_CODES = Words("Write a code (USA, RUS, IAEA) or a name; the page of parties lists all.",
               "Укажите код (USA, RUS, IAEA) или название; все стороны — на странице «Стороны».")  # fmt: skip


def _registers(desk: Desk) -> dict[str, Mapping[str, Words]]:
    registers = desk.registers
    return {
        "issue": {id: entry.title for id, entry in registers.issues.items()},
        "instrument": {id: law.short for id, law in desk.casebook.instruments.items()},
        "forum": {id: entry.title for id, entry in registers.forums.items()},
        "measure": {id: entry.title for id, entry in registers.measures.items()},
        "source": {id: Words(entry.title, entry.title) for id, entry in registers.sources.items()},
    }


def _registered(name: str, text: str, entries: Mapping[str, Words], faults: list[Fault]) -> str:
    """Return the id of an entry by its id or title."""
    if not text or text in entries:
        return text
    wanted = text.casefold()
    for id, title in entries.items():
        if wanted in (id, title.en.casefold(), title.ru.casefold()):
            return id
    what = Words(f"The record holds no {name} “{text}”.", f"В записях нет «{text}» ({FIELD_WORDS[name].ru.lower()}).")
    remedy = Words("Take the filter off, or choose from the lists beside the statements.",
                   "Снимите фильтр или выберите из списков рядом с записями.")  # fmt: skip
    faults.append(Fault(name, text, what, _near(text, entries) or remedy))
    return ""


def _near(text: str, entries: Mapping[str, Words]) -> Words | None:
    wanted = text.casefold().replace(" ", "-")
    words = text.casefold()
    near = [id for id, title in entries.items()
            if wanted in id.casefold() or words in title.en.casefold() or words in title.ru.casefold()]  # fmt: skip
    listed = ", ".join(sorted(near)[:_MOST_NEAR])
    return Words(f"Did you mean {listed}?", f"Возможно, имелось в виду: {listed}.") if near else None


def _year(text: str, faults: list[Fault]) -> int | None:
    if not text or _YEAR.fullmatch(text):
        return int(text) if text else None
    what = Words(f"“{text}” is no year.", f"«{text}» — не год.")
    faults.append(Fault("year", text, what, Words("Write four digits, such as 2018.", "Напишите четыре цифры: 2018.")))
    return None


def value_words(desk: Desk, name: str, value: str) -> Words:
    """Return the value of a filter in words: a party's name, an instrument's short title, what a verb means."""
    registers = desk.registers
    look: dict[str, Callable[[], Words | None]] = {
        "kind": lambda: KIND_WORDS.get(value),
        "verb": lambda: verb_words("", value),
        "silence": lambda: SILENCE_WORDS.get(value),
        "corrected": lambda: _CORRECTED_WORDS.get(value),
        "author": lambda: _name(registers, value),
        "party": lambda: _name(registers, value),
        "issue": lambda: registers.issues[value].title if value in registers.issues else None,
        "instrument": lambda: desk.casebook.instruments[value].short if value in desk.casebook.instruments else None,
        "forum": lambda: registers.forums[value].title if value in registers.forums else None,
        "measure": lambda: registers.measures[value].title if value in registers.measures else None,
        "source": lambda: _source(registers, value),
        "topic": lambda: registers.topic(value),
    }
    return (look[name]() if name in look else None) or Words(value, value)


_CORRECTED_WORDS = {
    "yes": Words("those replaced are shown as well", "показаны и заменённые"),
    "only": Words("only those replaced by a correction", "только заменённые исправлением"),
}


def _name(registers: Registers, party: str) -> Words | None:
    entry = registers.parties.get(party)
    return entry.name if entry else None


def _source(registers: Registers, id: str) -> Words | None:
    source = registers.sources.get(id)
    if source is None:
        return None
    told = f"{source.publisher}: {source.title}" if source.publisher else source.title
    return Words(told, told)


_EN: Final = {
    "verb": " ({})", "author": " by {}", "party": " about {}", "instrument": " on {}", "provision": ", article {}",
    "issue": " under the issue “{}”", "forum": " of the {}", "measure": " of “{}”", "item": " for {}",
    "topic": " on the thread {}", "source": " from “{}”", "silence": " ({})", "year": " true in {}",
    "text": " with the words “{}”", "corrected": "; {}",
}  # fmt: skip
_RU: Final = {
    "verb": " ({})", "author": "; автор — {}", "party": "; сторона — {}", "instrument": "; договорённость — {}",
    "provision": ", статья {}", "issue": "; тема — «{}»", "forum": "; форум — {}", "measure": "; показатель — «{}»",
    "item": " ({})", "topic": "; сюжет — {}", "source": "; источник — «{}»", "silence": " ({})",
    "year": "; год — {}", "text": "; со словами «{}»", "corrected": "; {}",
}  # fmt: skip
_ORDER_WORDS: Final = {
    ("on", "newest"): Words("newest first", "сначала новые"),
    ("on", "oldest"): Words("oldest first", "сначала старые"),
    ("known", "newest"): Words("those known last first", "по дню сведений, сначала новые"),
    ("known", "oldest"): Words("those known first at the top", "по дню сведений, сначала старые"),
}


def sentence(desk: Desk, query: Query, total: int) -> Words:
    """Return what a list holds, in one plain sentence: '312 reports by Russia on New START, newest first'."""
    set_ = query.filters()
    many, one = MANY_WORDS[query.kind], KIND_WORDS.get(query.kind, Words("statement", "запись"))
    told = {name: value_words(desk, name, set_[name]) for name in _EN if name in set_}
    if "verb" in told:
        told["verb"] = verb_words(query.kind, query.verb)
    order = _ORDER_WORDS[query.sort, query.order]
    noun = one.en if total == 1 else many.en
    english = "".join(_EN[name].format(words.en) for name, words in told.items())
    russian = "".join(_RU[name].format(words.ru) for name, words in told.items())
    return Words(
        f"{number(total, 'en')} {noun}{english}, {order.en}.",
        f"{many.ru[0].upper()}{many.ru[1:]}: {number(total, 'ru')}{russian}; {order.ru}.",
    )
