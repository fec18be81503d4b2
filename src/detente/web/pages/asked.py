"""What an address or a filter names: parties and forums, found by code or name, or refused with near names."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from detente.errors import DetenteError
from detente.reading.reading import party_named
from detente.record.registers import Words
from detente.web.chosen import LONGEST
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.page import Ask

__all__ = ["choice", "forum_asked", "issue_asked", "near", "party_asked"]

_SHOWN = 40


def party_asked(ask: Ask, name: str, parameter: str = "") -> str:
    """Return the code of a party as it exists on the day: 404 in an address, 400 in a filter (`parameter`)."""
    try:
        return party_named(ask.desk.registers, name[:LONGEST], ask.chosen.on)
    except DetenteError:
        parties = ask.desk.registers.parties
        names = {p.id: p.id for p in parties.values()} | {p.name.get(ask.language): p.id for p in parties.values()}
        found = near(name, names)
        shown = [f"{names[n]} ({parties[names[n]].name.get(ask.language)})" for n in found]
    what = Words(f"“{_short(name)}” is no party of the record.", f"В записях нет стороны «{_short(name)}».")
    raise _refusal(parameter, name, what, _did_you_mean(shown, _ALL_PARTIES))


def forum_asked(ask: Ask, id: str) -> str:
    """Return the id of a registered forum; 404 with near ones."""
    register = ask.desk.registers.forums
    if id in register:
        return id
    what = Words(f"The record holds no forum “{_short(id)}”.", f"В записях нет форума «{_short(id)}».")
    names = {f: f for f in register} | {f.title.get(ask.language): f.id for f in register.values()}
    raise _refusal("", id, what, _did_you_mean([names[n] for n in near(id, names)], _ALL_FORUMS))


def issue_asked(ask: Ask) -> str:
    """Return the issue by which the page is filtered; "" for none."""
    id = ask.parameter("issue")
    return choice(ask, "issue", id, ask.desk.registers.issues)


def choice(ask: Ask, parameter: str, value: str, allowed: Iterable[str]) -> str:
    """Return a filter's value if it is one of those allowed, or empty; 400 naming them."""
    known = list(allowed)
    if not value or value in known:
        return value
    what = Words(f"“{_short(value)}” is no value of “{parameter}”.", f"«{_short(value)}» — не значение «{parameter}».")
    listed = ", ".join(known)
    remedy = Words(f"Choose one of: {listed}.", f"Выберите одно из: {listed}.")
    raise FaultyRequest([Fault(parameter, _short(value), what, remedy)])


def near(name: str, names: Iterable[str], most: int = 5) -> list[str]:
    """Return the names that contain what was written, else those that are spelled alike."""
    wanted = name.strip().casefold()[:_SHOWN]
    known = list(names)
    inside = [n for n in known if wanted and wanted in n.casefold()]
    if inside:
        return sorted(inside, key=lambda n: (len(n), n))[:most]
    folded = {n.casefold(): n for n in known}
    return [folded[n] for n in get_close_matches(wanted, folded, n=most)]


def _did_you_mean(shown: list[str], otherwise: Words) -> Words:
    if not shown:
        return otherwise
    listed = ", ".join(dict.fromkeys(shown))
    return Words(f"Did you mean {listed}? {otherwise.en}", f"Возможно: {listed}. {otherwise.ru}")


def _refusal(parameter: str, given: str, what: Words, remedy: Words) -> FaultyRequest:
    return FaultyRequest([Fault(parameter, _short(given), what, remedy)], status=400 if parameter else 404)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


_ALL_PARTIES = Words(
    "All are on the page Parties; write an ISO 3166 code (USA, RUS) or a name.",
    "Все — на странице «Стороны»; напишите код ISO 3166 (USA, RUS) или название.",
)
_ALL_FORUMS = Words("All are on the page Forums.", "Все — на странице «Форумы».")
