"""All parties of a day: who exists, how many instruments hold each, and how long each has been silent."""

from __future__ import annotations

from collections import Counter
from typing import Final

import msgspec
from django.http import HttpRequest
from django.http import HttpResponse
from django.http import HttpResponseRedirect

from detente.reading.parties import PartiesAnswer
from detente.reading.parties import PartyRow
from detente.reading.parties import parties as all_parties
from detente.record.registers import Words
from detente.rendering.kinds import PARTY_KINDS
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.asked import choice
from detente.web.pages.asked import party_asked
from detente.web.pages.chips import Chip
from detente.web.pages.chips import chips

__all__ = ["PartyLine", "parties", "two_chosen"]

_ORDERS: Final = ("name", "instruments", "silence")
_ORDER_WORDS: Final = {
    "name": Words("by name", "по названию"),
    "instruments": Words("most instruments first", "сначала связанные наибольшим числом договорённостей"),
    "silence": Words("longest silent first", "сначала молчащие дольше всех"),
}


class PartyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One party as a row of a spreadsheet."""

    party: str
    kind: str
    name: Words
    iso_numeric: int | None
    cow: str
    from_: str = msgspec.field(name="from")
    until: str
    continues: str
    members: list[str]
    held: int
    declared_on: str
    silent_days: int | None
    declared: str
    told_on: str
    told_by: str
    heard_on: str
    heard_days: int | None


def parties(ask: Ask) -> Page:
    """Return the page of all parties that exist on the day, filtered by kind and text."""
    kind = choice(ask, "kind", ask.parameter("kind"), PARTY_KINDS)
    order = choice(ask, "order", ask.parameter("order"), _ORDERS) or "name"
    text = ask.parameter("text")
    everybody = all_parties(ask.reading)
    named = [row for row in everybody.parties if _holds(row, text.casefold())]
    rows = _ordered([row for row in named if not kind or row.kind == kind], order, ask.language)
    answer = msgspec.structs.replace(everybody, parties=rows)
    return Page(
        template="parties.html",
        title=Words(f"Parties on {answer.on}", f"Стороны на {answer.on}"),
        answer=answer,
        rows=[_line(row) for row in rows],
        stamp=answer.stamp,
        context={
            "answer": answer,
            "states": [row for row in rows if row.kind == "state"],
            "others": [row for row in rows if row.kind != "state"],
            "total": len(everybody.parties),
            "order_words": _ORDER_WORDS[order],
            "text": text,
            "kind_chips": _kind_chips(ask, named, kind),
            "order_chips": chips(
                ask, "order", [(o, _ORDER_WORDS[o].get(ask.language), None) for o in _ORDERS if o != order], ""
            ),
            "silent": _silent(answer),
            "others_kept": [(k, v) for k, v in ask.more.items() if k != "text"],
        },
    )


def _holds(row: PartyRow, text: str) -> bool:
    told = f"{row.party} {row.cow} {row.iso_numeric or ''} {row.name.en} {row.name.ru}"
    return not text or text in told.casefold()


def _ordered(rows: list[PartyRow], order: str, language: str) -> list[PartyRow]:
    rows = sorted(rows, key=lambda row: (row.kind != "state", row.name.get(language).casefold()))
    if order == "instruments":
        rows.sort(key=lambda row: (row.kind != "state", -row.held))
    elif order == "silence":
        rows.sort(
            key=lambda row: (row.kind != "state", row.declared is None, -(row.declared.days if row.declared else 0))
        )
    return rows


def _kind_chips(ask: Ask, rows: list[PartyRow], chosen: str) -> list[Chip]:
    counts = Counter(row.kind for row in rows)
    found = [(k, words.get(ask.language), counts[k]) for k, words in PARTY_KINDS.items() if counts[k] or k == chosen]
    return chips(ask, "kind", found, chosen)


def _silent(answer: PartiesAnswer) -> int:
    """Return how many states have no report on themselves on record."""
    return sum(row.declared is None for row in answer.parties if row.kind == "state")


def _line(row: PartyRow) -> PartyLine:
    declared, told, heard = row.declared, row.told, row.heard
    return PartyLine(
        party=row.party, kind=row.kind, name=row.name, iso_numeric=row.iso_numeric or None, cow=row.cow,
        from_=row.from_, until=row.until, continues=row.continues, members=row.members, held=row.held,
        declared_on=declared.on if declared else "", silent_days=declared.days if declared else None,
        declared=declared.statement if declared else "", told_on=told.on if told else "",
        told_by=told.author if told else "", heard_on=heard.on if heard else "",
        heard_days=heard.days if heard else None,
    )  # fmt: skip


def two_chosen(request: HttpRequest) -> HttpResponse:
    """Send a reader who named two parties in the form to the page that compares them."""
    ask = Ask(request)
    a, b = (party_asked(ask, ask.parameter(name), name) for name in ("a", "b"))
    return HttpResponseRedirect(ask.links.pair(a, b))
