"""The day: what two parties have to talk about, what binds both, and how their ties stand in time."""

from __future__ import annotations

from bisect import bisect_left
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import polars as pl

from detente.consultation.item import Agenda
from detente.consultation.item import Item
from detente.instruments.lives import Life
from detente.reading.reading import Reading
from detente.reading.status import held_in
from detente.reading.status import lives
from detente.record.dates import days_between
from detente.record.registers import Words
from detente.record.timeline import Knowledge
from detente.rendering.calendar import agenda_calendar
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import today
from detente.web.pages.accounts import Account
from detente.web.pages.accounts import accounts_of
from detente.web.pictures.ties import draw_ties

__all__ = ["AgendaRow", "Steps", "agenda_row", "day", "steps_from"]

_BEGUN = ("bound", "provisional", "leaving", "suspended", "signatory")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the agenda, finished: numbered, with its accounts in words."""

    number: int
    item: Item
    days: int | None
    """Days until it falls due; negative when it is overdue."""
    accounts: list[Account]
    covers: list[tuple[int, str]]


class Heading(msgspec.Struct, frozen=True):
    """The items of one issue in one section."""

    issue: str
    entries: list[Entry]


class Part(msgspec.Struct, frozen=True):
    """One section of the agenda."""

    section: str
    count: int
    headings: list[Heading]


class AgendaRow(msgspec.Struct, frozen=True, kw_only=True):
    """One item as a row of a spreadsheet."""

    section: str
    issue: str
    id: str
    title: Words
    why: Words
    instrument: str
    provision: str
    since: date | None
    until: date | None
    forum: str
    forum_state: str
    level: str
    evidence: list[str]


class Steps(msgspec.Struct, frozen=True, kw_only=True):
    """Where the day stands among the days on which something changed."""

    before: date | None
    after: date | None
    at: int
    count: int


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument that holds both parties, with the time left to it, in one reading."""

    instrument: str
    reading: str
    ends: date | None
    days_left: int | None
    standings: tuple[str, str]


class Parted(msgspec.Struct, kw_only=True):
    """A standing that some authors read otherwise than the common reading."""

    instrument: str
    party: str
    common: str
    standing: str
    readers: list[str]


def steps_from(days: list[date], on: date) -> Steps:
    """Return the turning days before and after a day; `at` is the number of the last one not after it."""
    before, after = bisect_left(days, on), bisect_right(days, on)
    return Steps(
        before=days[before - 1] if before else None,
        after=days[after] if after < len(days) else None,
        at=max(after - 1, 0),
        count=len(days),
    )


def day(ask: Ask) -> Page:
    """Return the page of a day: the agenda of the two parties, and what stands around it."""
    chosen, neutral = ask.chosen, ask.neutral
    agenda = neutral.agenda(*chosen.between, chosen.horizon)
    numbers = {item.id: number for number, item in enumerate(agenda.items(), 1)}
    return Page(
        template="day.html",
        title=Words(f"Agenda of {chosen.on}", f"Повестка дня на {chosen.on}"),
        answer=agenda,
        rows=[agenda_row(item) for item in agenda.items()],
        calendar=lambda language: agenda_calendar(agenda, language),
        stamp=agenda.stamp,
        context={
            "agenda": agenda,
            "pair": agenda.between,
            "parts": [_part(ask, agenda, section.section, section.items, numbers) for section in agenda.sections],
            "desks": _desks(agenda, numbers),
            **_texts(ask, agenda.between),
            "steps": steps_from(ask.desk.days(chosen), chosen.on),
            "ties": draw_ties(ask.desk.ties(chosen, today()), chosen.on),
            "summit": last_summit(ask),
            "open_all": ask.parameter("open") == "all",
            "more": ask.more,
            "days_json": ask.desk.days_json(chosen),
        },
    )


def agenda_row(item: Item) -> AgendaRow:
    """Return an item as a row of a spreadsheet."""
    return AgendaRow(
        section=item.section, issue=item.issue, id=item.id, title=item.title, why=item.why,
        instrument=item.instrument, provision=item.provision, since=item.since, until=item.until,
        forum=item.forum.id if item.forum else "", forum_state=item.forum.state if item.forum else "",
        level=item.level, evidence=item.evidence,
    )  # fmt: skip


def _part(ask: Ask, agenda: Agenda, section: str, items: list[Item], numbers: dict[str, int]) -> Part:
    headings: dict[str, list[Entry]] = defaultdict(list)
    for item in items:
        headings[item.issue].append(
            Entry(
                number=numbers[item.id],
                item=item,
                days=(item.until - agenda.on).days if item.until else None,
                accounts=accounts_of(item, ask.language, ask.chosen.according_to),
                covers=[(numbers[c], c) for c in item.covers if c in numbers],
            )
        )
    return Part(section, len(items), [Heading(issue, entries) for issue, entries in headings.items()])


def _desks(agenda: Agenda, numbers: dict[str, int]) -> dict[str, list[tuple[int, str]]]:
    """Return which items each ministry would take up, leaders first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for item in agenda.items():
        if item.level == "leaders":
            found["leaders"].append((numbers[item.id], item.id))
        for ministry in item.ministries:
            if ministry != "leaders":
                found[ministry].append((numbers[item.id], item.id))
    return dict(sorted(found.items(), key=lambda desk: (desk[0] != "leaders", desk[0])))


def _texts(ask: Ask, pair: tuple[str, str]) -> dict[str, Any]:
    """Return the instruments that hold both, soonest end first, and where readings of them part."""
    reading = ask.reading
    clocks = [
        Clock(instrument=id, reading=reader, ends=life.ends, standings=(both[0], both[1]),
              days_left=days_between(reading.on, life.ends) if life.ends else None)
        for id in reading.casebook.instruments
        for reader, life, both in _held_by_both(reading, id, pair)
    ]  # fmt: skip
    clocks.sort(key=lambda c: (c.ends or date.max, c.instrument))
    return {
        "clocks": [clock for clock in clocks if clock.ends],
        "endless": [clock for clock in clocks if not clock.ends],
        "parted": _parted(ask, pair),
    }


def _held_by_both(reading: Reading, id: str, pair: tuple[str, str]) -> Iterator[tuple[str, Life, list[str]]]:
    """Yield each reading in which an instrument is in force and both have begun to stand to it."""
    stands = {key: stand.standing for key, stand in held_in(reading, id, pair).items() if stand.standing in _BEGUN}
    if not stands:
        return
    for reader, life in lives(reading, id).items():
        both = [found for p in pair if (found := stands.get((p, reader)) or stands.get((p, "")))]
        if len(both) == len(pair) and life.in_force(reading.on):
            yield reader, life, both


def _parted(ask: Ask, pair: tuple[str, str]) -> list[Parted]:
    """Return each party's standing to a text that both have joined, where an author reads it otherwise."""
    standings = ask.neutral.standing
    found: dict[tuple[str, str, str], Parted] = {}
    for id in ask.desk.casebook.instruments:
        common = standings.parties(id)
        for reader in standings.readers.get(id, ()) if all(party in common for party in pair) else ():
            for party, stand in standings.parties(id, reader).items():
                if party not in pair or common[party].standing == stand.standing:
                    continue
                key = (id, party, stand.standing)
                if key not in found:
                    found[key] = Parted(
                        instrument=id, party=party, common=common[party].standing, standing=stand.standing, readers=[]
                    )
                found[key].readers.append(reader)
    return list(found.values())


def last_summit(ask: Ask) -> date | None:
    """Return the day of the last meeting of the two at the level of leaders before the day, if the record has one."""
    pair = set(ask.desk.pair(ask.chosen))
    view = ask.neutral.view
    series = (forum for forum in ask.desk.registers.forums.values() if forum.kind == "summit")
    summits = (forum.id for forum in series if {view.at(member) for member in forum.members} == pair)
    met = view.knowledge.kept(_leaders_met)
    return max((met[id][n - 1] for id in summits if (n := bisect_left(met.get(id, []), view.on))), default=None)


def _leaders_met(knowledge: Knowledge) -> dict[str, list[date]]:
    """Return the days on which leaders have met, in order, by forum."""
    rows = knowledge.of("meeting").frame.filter(pl.col("level").fill_null("leaders") == "leaders")
    found: dict[str, list[date]] = defaultdict(list)
    for forum, on in rows.select("forum", "on_last").iter_rows():
        found[forum].append(on)
    return found
