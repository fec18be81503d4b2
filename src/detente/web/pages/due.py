"""Due: what ends, begins or falls due within a time, as a list by month with a calendar of each."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from collections import defaultdict
from datetime import date

import msgspec
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format

from detente.consultation.item import Item
from detente.errors import DetenteError
from detente.reading.answers import DueRow
from detente.reading.due import due as due_answer
from detente.reading.overdue import overdue
from detente.reading.reading import as_period
from detente.record.dates import add_period
from detente.record.registers import Words
from detente.rendering.calendar import due_calendar
from detente.rendering.kinds import DUE_KINDS
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.asked import choice
from detente.web.pages.asked import issue_asked
from detente.web.pages.asked import party_asked
from detente.web.pages.chips import Chip
from detente.web.pages.chips import chips
from detente.web.pages.chips import issue_chips

__all__ = ["due", "months_of"]


class Cell(msgspec.Struct, frozen=True):
    """A day in the calendar of a month: 0 outside it; how much falls on it."""

    day: int
    on: str
    count: int


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that falls due."""

    row: DueRow
    days: int
    forum: str
    first_of_day: bool


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A month in which something falls due."""

    id: str
    name: str
    weeks: list[list[Cell]]
    entries: list[Entry]


class Late(msgspec.Struct, frozen=True):
    """An item that is overdue, and for how many days."""

    item: Item
    days: int


def due(ask: Ask) -> Page:
    """Return the page of what falls due, filtered by party, issue and kind."""
    issue = issue_asked(ask)
    kind = choice(ask, "kind", ask.parameter("kind"), DUE_KINDS)
    name = ask.parameter("party")
    party = party_asked(ask, name, "party") if name else ""
    within = _within(ask)
    whole = due_answer(ask.reading, within, party or None)
    of_kind = [row for row in whole.due if not kind or row.kind == kind]
    of_issue = [row for row in whole.due if not issue or row.issue == issue]
    answer = msgspec.structs.replace(whole, due=[row for row in of_kind if not issue or row.issue == issue])
    pair = ask.desk.pair(ask.chosen)
    late = [item for item in overdue(ask.reading, *pair, ask.chosen.horizon) if _bears(item, issue, party)]
    return Page(
        template="due.html",
        title=Words(f"Due from {answer.on}", f"Сроки с {answer.on}"),
        answer=answer,
        rows=answer.due,
        calendar=lambda language: due_calendar(answer, language),
        stamp=answer.stamp,
        context={
            "answer": answer,
            "until": add_period(answer.on, as_period(within)),
            "within": within,
            "months": months_of(ask, answer.due),
            "weekdays": [str(WEEKDAYS_ABBR[n]) for n in range(7)],
            "late": [] if kind else [Late(item, (answer.on - item.until).days) for item in late if item.until],
            "pair": pair,
            "party": party,
            "kind_chips": _kind_chips(ask, of_issue, kind),
            "issue_chips": issue_chips(ask, [row.issue for row in of_kind], issue),
            "party_chips": _party_chip(ask, name, party),
            "others_kept": [(k, v) for k, v in ask.more.items() if k not in ("party", "within")],
        },
    )


def _within(ask: Ask) -> str:
    """Return how far the page looks ahead: the reader's horizon, unless the page was asked for another."""
    text = ask.parameter("within") or ask.chosen.horizon
    try:
        as_period(text)
    except DetenteError:
        what = Words(f"“{text}” is no length of time.", f"«{text}» — не срок.")
        remedy = Words("Write 3y, 18m or 90d.", "Напишите, например, 3y (годы), 18m (месяцы) или 90d (дни).")
        raise FaultyRequest([Fault("within", text, what, remedy)]) from None
    return text


def _bears(item: Item, issue: str, party: str) -> bool:
    return (not issue or item.issue == issue) and (not party or party in item.accounts)


def _kind_chips(ask: Ask, rows: list[DueRow], chosen: str) -> list[Chip]:
    counts = Counter(row.kind for row in rows)
    found = [(k, words.get(ask.language), counts[k]) for k, words in DUE_KINDS.items() if counts[k] or k == chosen]
    return chips(ask, "kind", found, chosen)


def _party_chip(ask: Ask, name: str, party: str) -> list[Chip]:
    """Return the chip of the party by which the page is filtered, to take it off."""
    if not party:
        return []
    return chips(ask, "party", [(name, ask.desk.registers.parties[party].name.get(ask.language), None)], name)


def months_of(ask: Ask, rows: list[DueRow]) -> list[Month]:
    """Return the months in which something falls due, in order, each with its calendar and its list."""
    forums = {forum.title: forum.id for forum in ask.desk.registers.forums.values()}
    by_month: dict[tuple[int, int], list[DueRow]] = defaultdict(list)
    for row in rows:
        by_month[row.day.year, row.day.month].append(row)
    found = []
    for (year, month), mine in by_month.items():
        seen: set[date] = set()
        entries = []
        for row in mine:
            forum = forums.get(row.title, "") if row.kind == "session" else ""
            entries.append(
                Entry(row=row, days=(row.day - ask.chosen.on).days, forum=forum, first_of_day=row.day not in seen)
            )
            seen.add(row.day)
        name = date_format(date(year, month, 1), "F Y", use_l10n=False)
        found.append(Month(id=f"{year:04}-{month:02}", name=name, weeks=_weeks(year, month, mine), entries=entries))
    return found


def _weeks(year: int, month: int, rows: list[DueRow]) -> list[list[Cell]]:
    counts = Counter(row.day for row in rows)
    return [
        [Cell(d, f"{year:04}-{month:02}-{d:02}" if d else "", counts[date(year, month, d)] if d else 0) for d in week]
        for week in Calendar().monthdayscalendar(year, month)
    ]
