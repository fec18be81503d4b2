"""Compare two days, or two states of knowledge of one: what stands otherwise, before and after side by side."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

import msgspec
import polars as pl
from dateutil.relativedelta import relativedelta

from detente.reading.answers import Change
from detente.reading.answers import DiffAnswer
from detente.reading.reading import FIRST_DAY
from detente.record.registers import Words
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.chosen import day_given
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import today
from detente.web.pages.changes import KINDS
from detente.web.pages.changes import Bearing
from detente.web.pages.changes import Group
from detente.web.pages.changes import Row
from detente.web.pages.changes import Subject
from detente.web.pages.changes import gathered
from detente.web.pages.changes import subject
from detente.web.pages.chips import Chip
from detente.web.pages.chips import chips
from detente.web.pages.chips import issue_chips
from detente.web.pages.day import last_summit

__all__ = ["KIND_WORDS", "compare"]

KIND_WORDS: Final = {
    "instrument": Words("Texts", "Договорённости"),
    "standing": Words("Standings of parties", "Статус сторон"),
    "finding": Words("Findings", "Оценки"),
    "forum": Words("Forums", "Форумы"),
}

_FIXED: Final = date(2018, 7, 10)
_BRIEF: Final = 15
_BRIEF_SHARES: Final = {"instrument": 6, "standing": 3, "finding": 3, "forum": 3}
"""How many lines of each kind the brief list holds at least, where there are so many."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the page was asked for besides the choice."""

    first: date
    first_known_by: date | None
    usual: str
    """Why the first day is what it is where none was given: `summit` or `year`."""
    what: str
    issue: str
    ours: bool
    brief: bool


class Block(msgspec.Struct, frozen=True):
    """The changes of one kind."""

    what: str
    title: Words
    count: int
    groups: list[Group]


class Quick(msgspec.Struct, frozen=True, kw_only=True):
    """A first day that readers often want."""

    text: Words
    day: date
    address: str
    chosen: bool


class Source(msgspec.Struct, frozen=True):
    """A statement as evidence in a line: its id, its day and who made it."""

    id: str
    on: str
    author: str


def compare(ask: Ask) -> Page:
    """Return the page of what stands otherwise on the chosen day than on the first."""
    asked = _asked(ask)
    first = msgspec.structs.replace(ask.chosen, on=asked.first, known_by=asked.first_known_by)
    answer = ask.desk.changes(first, ask.chosen)
    reading = ask.reading
    pair = ask.desk.pair(ask.chosen)
    told = [(change, subject(change, reading)) for change in answer.changes]
    bearing = Bearing((ask.desk.reading(first), reading), pair)
    ours = [(change, about) for change, about in told if about in bearing]
    shown = [entry for entry in (ours if asked.ours else told) if _fits(asked, *entry)]
    blocks = [] if asked.brief else _blocks(ask, shown, bearing)
    brief = _brief(ask, ours, bearing) if asked.brief else []
    kept = msgspec.structs.replace(answer, changes=[change for change, _ in shown])
    return Page(
        template="compare.html",
        title=_title(answer),
        answer=kept,
        rows=kept.changes,
        stamp=answer.stamp,
        context={
            "answer": answer,
            "asked": asked,
            "pair": pair,
            "same_day": answer.first == answer.on,
            "same": answer.first == answer.on and answer.first_known_by == answer.known_by,
            "count": len(shown),
            "all_count": len(told),
            "ours_count": len(ours),
            "blocks": blocks,
            "brief": brief,
            "sources": _sources(ask, blocks, brief),
            "full": ask.links.to("compare", **_only({"first": str(asked.first), "first_known_by": _text(asked)})),
            "quick": _quick(ask, asked),
            "narrow": _narrow(ask, asked, told, ours),
            "days": abs((answer.on - answer.first).days),
        },
    )


def _title(answer: DiffAnswer) -> Words:
    if answer.first == answer.on:
        return Words(f"What was learnt of {answer.on}", f"Что стало известно о дне {answer.on}")
    return Words(f"What changed from {answer.first} to {answer.on}", f"Что изменилось с {answer.first} по {answer.on}")


def _only(parameters: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value}


def _text(asked: Asked) -> str:
    return asked.first_known_by.isoformat() if asked.first_known_by else ""


def _asked(ask: Ask) -> Asked:
    """Return what was asked for; refuse it with everything that is wrong with it."""
    faults: list[Fault] = []
    first = day_given("first", ask.parameter("first"), faults)
    known = day_given("first_known_by", ask.parameter("first_known_by"), faults)
    allowed = {"what": KINDS, "issue": tuple(ask.desk.registers.issues), "only": ("pair",), "brief": ("yes",)}
    given = {name: ask.parameter(name) for name in allowed}
    for name, values in allowed.items():
        if given[name] and given[name] not in values:
            what = Words(f"“{given[name]}” is no value of “{name}”.", f"«{given[name]}» — не значение «{name}».")
            listed = ", ".join(values)
            faults.append(Fault(name, given[name], what, Words(f"Use: {listed}.", f"Допустимо: {listed}.")))
    if faults:
        raise FaultyRequest(faults)
    summit = None if first else last_summit(ask)
    year_before = max(ask.chosen.on - relativedelta(years=1), FIRST_DAY)
    return Asked(
        first=first or summit or year_before, first_known_by=known or ask.chosen.known_by,
        usual="" if first else "summit" if summit else "year",
        what=given["what"], issue=given["issue"], ours=bool(given["only"]), brief=bool(given["brief"]),
    )  # fmt: skip


def _fits(asked: Asked, change: Change, about: Subject) -> bool:
    return (not asked.what or change.what == asked.what) and (not asked.issue or asked.issue in about.issues)


def _blocks(ask: Ask, shown: list[tuple[Change, Subject]], bearing: Bearing) -> list[Block]:
    blocks = []
    for what in KINDS:
        found = [entry for entry in shown if entry[0].what == what]
        if found:
            groups = gathered(found, bearing, ask.desk.registers.issues)
            blocks.append(Block(what, KIND_WORDS[what], len(found), groups))
    return blocks


def _brief(ask: Ask, ours: list[tuple[Change, Subject]], bearing: Bearing) -> list[Row]:
    """Return some lines on what weighs most for the pair: each kind has its share, and what is left over goes round.

    What follows from another line is left out: a standing that ended with its text, a finding that a
    suspension or an end made inapplicable.
    """
    ended = {about.instrument for change, about in ours if change.what == "instrument"}
    lines: dict[str, list[Row]] = {}
    for what in _BRIEF_SHARES:
        found = [entry for entry in ours if entry[0].what == what and not _follows(*entry, ended)]
        groups = gathered(found, bearing, ask.desk.registers.issues)
        rows = [row for group in groups for row in (*group.shown, *group.folded)]
        lines[what] = sorted(rows, key=lambda row: _distance(ask, row.subject, bearing))
    take = {what: min(share, len(lines[what])) for what, share in _BRIEF_SHARES.items()}
    for what, rows in lines.items():
        take[what] += min(_BRIEF - sum(take.values()), len(rows) - take[what])
    return [row for what, rows in lines.items() for row in rows[: take[what]]]


def _distance(ask: Ask, about: Subject, bearing: Bearing) -> int:
    """Return how far a change lies from the two: their own texts and forums first, then those of many."""
    if about.forum:
        return len(ask.desk.registers.forums[about.forum].members) > len(bearing.names)
    law = ask.desk.casebook.instruments[about.instrument]
    return 0 if law.id in bearing.shared and law.membership == "closed" else 1 if law.id in bearing.shared else 2


def _follows(change: Change, about: Subject, ended: set[str]) -> bool:
    if change.what == "standing":
        return about.instrument in ended
    return change.what == "finding" and change.after.en.startswith("not applicable")


def _sources(ask: Ask, blocks: list[Block], brief: list[Row]) -> dict[str, Source]:
    """Return the day and author of every statement that is shown as evidence, in one look at the record."""
    rows = [row for block in blocks for group in block.groups for row in (*group.shown, *group.folded)]
    wanted = {id for row in (*rows, *brief) for id in row.evidence[-2:]}
    frame = ask.desk.casebook.record.frame
    found = frame.filter(pl.col("id").is_in(list(wanted))).select("id", "on", "author")
    return {id: Source(id, on, author) for id, on, author in found.iter_rows()}


def _quick(ask: Ask, asked: Asked) -> list[Quick]:
    """Return the first days that readers often want, with their addresses."""
    on = ask.chosen.on
    summit, known_by = last_summit(ask), ask.chosen.known_by
    learnt = on if on < (known_by or today()) else None
    days = [
        (Words("the last summit", "последняя встреча на высшем уровне"), summit, None),
        (Words("one year before", "годом ранее"), _before(on, 1), None),
        (Words("ten years before", "десятью годами ранее"), _before(on, 10), None),
        (Words("before the summit of Helsinki", "перед встречей в Хельсинки"), _FIXED if on != _FIXED else None, None),
        (Words("what was learnt of this day since", "что стало известно об этом дне позже"), learnt, learnt),
    ]
    path = ask.request.path
    filters = {k: v for k, v in ask.more.items() if k in ("what", "issue", "only")}
    found = []
    for text, day, known in days:
        if day is None:
            continue
        given = {"first": day.isoformat(), **({"first_known_by": known.isoformat()} if known else {}), **filters}
        chosen = (asked.first, asked.first_known_by) == (day, known or ask.chosen.known_by)
        found.append(Quick(text=text, day=day, address=ask.links.changed(path, given), chosen=chosen))
    return found


def _before(on: date, years: int) -> date | None:
    return on - relativedelta(years=years) if on.year - years >= FIRST_DAY.year else None


def _narrow(
    ask: Ask, asked: Asked, told: list[tuple[Change, Subject]], ours: list[tuple[Change, Subject]]
) -> dict[str, list[Chip]]:
    """Return the filters as chips, each with the number of changes that it leaves under the others."""
    pool = ours if asked.ours else told
    kinds = Counter(c.what for c, about in pool if not asked.issue or asked.issue in about.issues)
    issues = [issue for c, about in pool if asked.what in ("", c.what) for issue in about.issues]
    words = [(what, KIND_WORDS[what].get(ask.language), kinds[what]) for what in KINDS if kinds[what]]
    both = Words("only what bears on one of the two", "только то, что касается одной из двух сторон")
    left = sum(_fits(asked, *entry) for entry in ours)
    return {
        "what": chips(ask, "what", words, asked.what),
        "only": chips(ask, "only", [("pair", both.get(ask.language), left)], "pair" if asked.ours else ""),
        "issue": issue_chips(ask, issues, asked.issue),
    }
