"""One statement in full: what it says and rests on, who cites it, what rests on it, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from typing import Final

import msgspec
import polars as pl

from detente.consultation.item import Agenda
from detente.consultation.item import Place
from detente.errors import DetenteError
from detente.obligations.finding import SCHEMA
from detente.reading.answers import FindingRow
from detente.reading.answers import ShowAnswer
from detente.reading.answers import StandingRow
from detente.reading.browse import Query
from detente.reading.browse import Statement
from detente.reading.browse import matching
from detente.reading.browse import statement_row
from detente.reading.reading import Reading
from detente.reading.show import show
from detente.record.registers import Words
from detente.record.statements import DATED

__all__ = ["COUNTS", "ItemRow", "StatementAnswer", "statement", "thread_of"]

COUNTS: Final = ("counts", "not yet known", "not yet true", "replaced")
"""How a statement stands on a day: it counts, or why it does not."""

_NEAR: Final = 4
"""So many statements of the same thread are told before and after."""


class Dates(msgspec.Struct, frozen=True):
    """The days that an approximate date may mean; it counts from the last of them."""

    first: date
    last: date


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """One item of the pair's agenda, by its title."""

    id: str
    section: str
    issue: str
    title: Words


class StatementAnswer(ShowAnswer, kw_only=True):
    """A statement with its source, what it corrects, cites and is cited by, and what rests on it on the day."""

    counts: str
    """One of COUNTS."""
    statement: Statement
    dates: dict[str, Dates]
    """The approximate dates among its cells, with the days that each may mean."""
    corrects: list[Statement]
    """What it replaces, and what that replaced before it."""
    corrected_by: list[Statement]
    """What replaced it, whenever that became known, and what replaced that."""
    refers_to: list[Statement]
    cited_by: list[Statement]
    findings: list[FindingRow]
    """The findings of the day that name it as evidence; an author's own where it differs from the common one."""
    standings: list[StandingRow]
    """How parties stand by this act, in every reading."""
    forums: list[Place]
    """The forums whose state it shows, with that state."""
    between: tuple[str, str]
    items: list[ItemRow]
    """The items of the pair's agenda that name it as evidence."""
    thread: dict[str, str]
    """The filters that find the statements of the same thread."""
    thread_total: int
    before: list[Statement]
    after: list[Statement]


def statement(reading: Reading, id: str, between: tuple[str, str], horizon: str = "P3Y") -> StatementAnswer:
    """Return all that the record holds about one statement; raise DetenteError with near ids.

    It is there also when it does not count on the day: `counts` says why.
    """
    row = reading.casebook.record.statement(id)
    if row is None:
        raise _unknown(reading, id)
    shelf = reading.casebook.shelf
    counts = _counts(reading, row)
    rests = counts == "counts"
    agenda = reading.agenda(*between, horizon) if rests else None
    thread = thread_of(row)
    around = _around(reading, row, thread)
    plain = show(reading, id)
    return StatementAnswer(
        **{name: getattr(plain, name) for name in ShowAnswer.__struct_fields__},
        counts=counts,
        statement=statement_row(reading, row),
        dates=_dates(row),
        corrects=_rows(reading, _chain(id, _earlier(reading))),
        corrected_by=_rows(reading, _chain(id, shelf.corrected(None))),
        refers_to=_rows(reading, str(row.get("refs", "")).split(";")),
        cited_by=_rows(reading, shelf.cited.get(id, [])),
        findings=_findings(reading, id) if rests else [],
        standings=_standings(reading, id) if rests and row["kind"] == "act" else [],
        forums=_forums(reading, id) if rests else [],
        between=(reading.party(between[0]), reading.party(between[1])),
        items=_items(agenda, id) if agenda else [],
        thread=thread.filters(),
        thread_total=around.total,
        before=_rows(reading, around.before),
        after=_rows(reading, around.after),
    )


def _unknown(reading: Reading, id: str) -> DetenteError:
    frame = reading.casebook.record.frame
    near = frame.filter(pl.col("id").str.contains(id.casefold()[:80], literal=True))["id"].head(5).to_list()
    hint = f"Did you mean {', '.join(near)}?" if near else "Look for it among the statements."
    return DetenteError(f"The record holds no statement '{id}'.", hint)


def _counts(reading: Reading, row: dict[str, Any]) -> str:
    if reading.known_by is not None and row["known_last"] > reading.known_by:
        return "not yet known"
    if row["on_last"] > reading.on:
        return "not yet true"
    return "replaced" if row["id"] in reading.casebook.shelf.corrected(reading.known_by) else "counts"


def _dates(row: dict[str, Any]) -> dict[str, Dates]:
    found = {name: Dates(row[f"{name}_first"], row[f"{name}_last"]) for name in DATED if row.get(f"{name}_last")}
    return {name: dates for name, dates in found.items() if dates.first != dates.last}


def _rows(reading: Reading, ids: Iterable[str]) -> list[Statement]:
    return [statement_row(reading, row) for row in reading.casebook.shelf.statements(ids)]


def _earlier(reading: Reading) -> dict[str, list[str]]:
    """Return what each statement corrects."""
    return {new: [old] for old, by in reading.casebook.shelf.corrected(None).items() for new in by}


def _chain(id: str, steps: dict[str, list[str]]) -> list[str]:
    """Return all that can be reached from a statement, nearest first."""
    found: list[str] = []
    following = list(steps.get(id, []))
    while following:
        at = following.pop(0)
        if at not in found:
            found.append(at)
            following += steps.get(at, [])
    return found


def _findings(reading: Reading, id: str) -> list[FindingRow]:
    """Return the common findings that rest on a statement, and each author's that differs, as every answer does."""
    # What nobody has spoken of rests on no statement, so that nothing is missed by leaving it out.
    every = reading.spoken_findings
    key = ["instrument", "provision", "party"]
    common = every.filter(pl.col("author") == "").select(*key, "state", "value")
    rows = every.filter(pl.col("evidence").list.contains(id))
    alike = rows.filter(pl.col("author") != "").join(common, on=[*key, "state", "value"], how="semi", nulls_equal=True)
    rows = rows.join(alike.select("id"), on="id", how="anti", maintain_order="left")
    return [FindingRow(**row) for row in rows.select(SCHEMA).drop("issue", "standing").iter_rows(named=True)]


def _standings(reading: Reading, id: str) -> list[StandingRow]:
    rows = reading.standings().filter(pl.col("act") == id).drop("suspended")
    return [StandingRow(**row) for row in rows.iter_rows(named=True)]


def _forums(reading: Reading, id: str) -> list[Place]:
    return [Place(state.id, state.state) for state in reading.forum_states.values() if id in state.evidence]


def _items(agenda: Agenda, id: str) -> list[ItemRow]:
    return [
        ItemRow(id=item.id, section=item.section, issue=item.issue, title=item.title)
        for item in agenda.items()
        if id in item.evidence
    ]


def thread_of(row: dict[str, Any]) -> Query:
    """Return the question that finds the statements of the same thread.

    A topic is a thread; so are the reports of one measure, the acts on one instrument, the meetings of one forum,
    and the events and notices of one kind about one party.
    """
    parties = str(row.get("party", "")).split(";")
    party = parties[0] if len(parties) == 1 else ""
    kind, author = row["kind"], row["author"]
    if row.get("topic"):
        return Query(topic=row["topic"])
    if kind == "report":
        return Query(kind=kind, measure=row["measure"], item=row.get("item", ""), party=party)
    if kind == "act":
        return Query(kind=kind, instrument=row["instrument"], party=party)
    if kind in ("meeting", "forum-act"):
        return Query(forum=row["forum"])
    return Query(kind=kind, verb=row.get("verb", ""), party=party, author="" if party else author)


class _Around(msgspec.Struct, frozen=True):
    total: int
    before: list[str]
    after: list[str]


def _around(reading: Reading, row: dict[str, Any], thread: Query) -> _Around:
    """Return what stands next to a statement in its thread, among the statements that count."""
    found = matching(reading, thread)
    place = (row["on_last"], row["known_last"], row["id"])
    rows = found.select("on_last", "known_last", "id").rows()
    before = [other[2] for other in rows if other < place]
    after = [other[2] for other in rows if other > place]
    return _Around(len(rows), before[-_NEAR:], after[:_NEAR])
