"""What an article requires, in words: its kind, its numbers, what it counts from, and how sure the text is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from detente.consultation.wording import every_words
from detente.consultation.wording import period_words
from detente.instruments.schema import Anchor
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.reading.casebook import Casebook
from detente.record.registers import Words
from detente.rendering.kinds import OBLIGATION_KINDS
from detente.rendering.statement_words import verb_words

__all__ = [
    "BASES",
    "FORMS",
    "KINDS",
    "binding_words",
    "brief_requirement",
    "dates_words",
    "figure_words",
    "requirement",
]

KINDS: Final = OBLIGATION_KINDS

FORMS: Final = {
    "treaty": Words("treaty", "договор"),
    "agreement": Words("agreement", "соглашение"),
    "protocol": Words("protocol", "протокол"),
    "memorandum": Words("memorandum", "меморандум"),
    "arrangement": Words("arrangement", "договорённость"),
    "joint-statement": Words("joint statement", "совместное заявление"),
    "plan": Words("plan of action", "план действий"),
    "resolution": Words("resolution", "резолюция"),
    "initiative": Words("initiative", "инициатива"),
}

BASES: Final = {
    "seen": Words("checked against its source", "сверено с источником"),
    "inferred": Words("worked out from its source", "выведено из источника"),
    "computed": Words("computed", "вычислено"),
    "unconfirmed": Words("text not confirmed", "текст не подтверждён"),
}

_DIGITS: Final = re.compile(r"[0-9]+(?:[.][0-9]+)?")


def figure_words(value: float | str | None) -> Words:
    """Return a number, or a text with numbers such as `<= 1550`, as each language writes it; empty for none."""
    text = "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
    told = _DIGITS.sub(_thousands, text).replace("<=", "≤").replace(">=", "≥")
    return Words(told, told.replace(",", "\u00a0").replace(".", ","))


def _thousands(number: re.Match[str]) -> str:
    whole, point, rest = number.group().partition(".")
    return f"{int(whole):,}{point}{rest}"


def requirement(provision: Provision, law: Instrument, casebook: Casebook) -> Words:
    """Return what an article requires in one clause; empty where its title says all there is."""
    parts = list(_PARTS[provision.kind](provision, law, casebook)) if provision.kind in _PARTS else []
    return Words("; ".join(p.en for p in parts), "; ".join(p.ru for p in parts))


def brief_requirement(provision: Provision, law: Instrument, casebook: Casebook) -> Words:
    """Return the same beside the article's title: of a number, the number alone."""
    if provision.kind not in ("limit", "quota"):
        return requirement(provision, law, casebook)
    measure = casebook.record.registers.measures.get(provision.measure)
    amount = _number(provision)
    unit = f" ({measure.unit})" if measure else ""
    every = every_words(provision.per) if provision.per else Words("", "")
    return Words(f"{amount.en}{unit} {every.en}".strip(), f"{amount.ru} {every.ru}".strip())


def _limit(provision: Provision, law: Instrument, casebook: Casebook) -> Iterator[Words]:
    yield _amount(provision, casebook)
    if provision.evidence_within:
        within = period_words(provision.evidence_within)
        yield Words(f"a report is evidence for {within.en}", f"сообщение служит основанием в течение: {within.ru}")


def _quota(provision: Provision, law: Instrument, casebook: Casebook) -> Iterator[Words]:
    yield _amount(provision, casebook)
    if provision.per:
        yield every_words(provision.per)


def _amount(provision: Provision, casebook: Casebook) -> Words:
    measure = casebook.record.registers.measures.get(provision.measure)
    title = measure.title if measure else Words(provision.measure, provision.measure)
    item = f" ({provision.item})" if provision.item else ""
    amount = _number(provision)
    return Words(f"{title.en}{item}: {amount.en}", f"{title.ru}{item}: {amount.ru}")


def _number(provision: Provision) -> Words:
    low, high = figure_words(provision.at_least), figure_words(provision.at_most)
    if provision.at_most is None:
        return Words(f"at least {low.en}", f"не менее {low.ru}")
    if provision.at_least is None:
        return Words(f"at most {high.en}", f"не более {high.ru}")
    return Words(f"{low.en} to {high.en}", f"от {low.ru} до {high.ru}")


def _adherence(provision: Provision, law: Instrument, casebook: Casebook) -> Iterator[Words]:
    required = casebook.instruments.get(provision.requires)
    if required:
        yield Words(f"{required.short.en} must be in force for the party",
                    f"для стороны должна действовать договорённость: {required.short.ru}")  # fmt: skip
    if provision.act:
        act = verb_words("act", provision.act)
        yield Words(f"required act: {act.en}", f"требуемый акт: {act.ru}")
    if provision.within and provision.within != "P0D":
        within = period_words(provision.within)
        yield Words(f"within {within.en}", f"срок: {within.ru}")


def _notice(provision: Provision, law: Instrument, casebook: Casebook) -> Iterator[Words]:
    event, length = verb_words("event", provision.of), _hours(provision.period)
    if provision.timing == "before":
        yield Words(f"{length.en} before each: {event.en}", f"за {length.ru} до события: {event.ru}")
    else:
        yield Words(f"within {length.en} after each: {event.en}", f"в течение {length.ru} после события: {event.ru}")
    if provision.clock == "receipt":
        yield Words("the clock starts at receipt", "срок идёт с получения")


def _hours(period: str) -> Words:
    if period.startswith("PT") and period.endswith("H"):
        return Words(f"{period[2:-1]} hours", f"{period[2:-1]} ч")
    return period_words(period)


def _cadence(provision: Provision, law: Instrument, casebook: Casebook) -> Iterator[Words]:
    registers = casebook.record.registers
    every = every_words(provision.every)
    if provision.forum in registers.forums:
        title = registers.forums[provision.forum].title
        yield Words(f"{title.en} meets {every.en}", f"{title.ru}: заседания {every.ru}")
    elif provision.measures:
        titles = [registers.measures[m].title for m in provision.measures if m in registers.measures]
        yield Words(f"report {every.en}: {', '.join(t.en for t in titles)}",
                    f"сообщение {every.ru}: {', '.join(t.ru for t in titles)}")  # fmt: skip
    else:
        yield Words(f"notification {every.en}", f"уведомление {every.ru}")
    if provision.grace != "P0D":
        grace = period_words(provision.grace)
        yield Words(f"{grace.en} of grace", f"допустимая задержка: {grace.ru}")


def _term(provision: Provision, law: Instrument, casebook: Casebook) -> Iterator[Words]:
    if provision.duration:
        lasts = period_words(provision.duration)
        yield Words(f"lasts {lasts.en}", f"срок действия: {lasts.ru}")
    elif not provision.until:
        yield Words("no end by term", "бессрочно")
    if provision.extension:
        longer, times = period_words(provision.extension.at_most), provision.extension.times
        once = Words(f"one extension of up to {longer.en}", f"одно продление на срок до {longer.ru}")
        often = Words(f"extensions of up to {longer.en} each", f"продления, каждое на срок до {longer.ru}")
        yield once if times == 1 else often
    if provision.renewal:
        again = period_words(provision.renewal)
        yield Words(f"renewed for {again.en} at a time", f"возобновляется каждый раз на {again.ru}")
    if provision.notice:
        notice = period_words(provision.notice)
        yield Words(f"notice of withdrawal: {notice.en}", f"уведомление о выходе за срок: {notice.ru}")


_PARTS: Final = {
    "limit": _limit, "quota": _quota, "adherence": _adherence, "notice": _notice, "cadence": _cadence, "term": _term,
}  # fmt: skip

_ANCHORS: Final = {
    "entry-into-force": Words("entry into force", "вступления в силу"),
    "opening": Words("its opening", "открытия к подписанию"),
    "bound": Words("the day on which the party is bound", "дня, когда сторона становится участником"),
}


def dates_words(value: str | Anchor, day: date | None) -> Words:
    """Return a day of an article as its text counts it: `2018-02-05 (7 years after entry into force)`."""
    if not isinstance(value, Anchor):
        text = day.isoformat() if day else value
        return Words(text, text)
    verb = verb_words("act", value.after.removeprefix("act:"))
    start = _ANCHORS.get(value.after) or Words(f"the act: {verb.en}", f"акта: {verb.ru}")
    if not any(c in value.period for c in "123456789"):
        told = Words(f"from {start.en}", f"с {start.ru}")
    else:
        length = period_words(value.period)
        told = Words(f"{length.en} after {start.en}", f"{length.ru} после {start.ru}")
    return Words(f"{day} ({told.en})", f"{day} ({told.ru})") if day else told


def binding_words(provision: Provision, law: Instrument, casebook: Casebook) -> Words:
    """Return whom an article binds: all parties, those it names, or all but those."""
    binds, parties = provision.binds, casebook.record.registers.parties
    if binds == "parties":
        return Words("every party", "все участники")
    named = binds if isinstance(binds, tuple) else law.roles.get(binds.removeprefix("not-").removeprefix("role:"), ())
    names = [parties[p].name if p in parties else Words(p, p) for p in named]
    if len(names) > _LISTED:
        told = Words(f"{len(names)} parties named in the text", f"названные в тексте стороны ({len(names)})")
    else:
        told = Words(", ".join(n.en for n in names), ", ".join(n.ru for n in names))
    if isinstance(binds, str) and binds.startswith("not-"):
        return Words(f"every party but {told.en}", f"все участники, кроме: {told.ru}")
    return told


_LISTED: Final = 8
