"""Issues: under each heading of the agenda, the texts in force, the forums that meet and what is open."""

from __future__ import annotations

import msgspec

from detente.reading.issues import IssueRow
from detente.reading.issues import issues as issues_of
from detente.record.registers import Words
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.lines import Line
from detente.web.pages.lines import lines
from detente.web.pages.lists import number

__all__ = ["issues"]


class Entry(msgspec.Struct, frozen=True):
    """One issue with its last statement in words."""

    row: IssueRow
    last: Line | None
    statements: str


class IssueLine(msgspec.Struct, frozen=True, kw_only=True):
    """One issue as a row of a spreadsheet."""

    issue: str
    title: Words
    ministries: list[str]
    instruments: int
    in_force: int
    forums: int
    alive: int
    concerns: int
    dispute: int
    due: int
    common: int
    statements: int
    last_statement: str
    last_on: str


def issues(ask: Ask) -> Page:
    """Return the page of all issues, in the order of the register."""
    answer = issues_of(ask.reading, ask.chosen.between, ask.chosen.horizon)
    shown = [_entry(ask, row) for row in answer.issues]
    return Page(
        template="issues.html",
        title=Words(f"Issues on {answer.on}", f"Темы на {answer.on}"),
        answer=answer,
        rows=[_line(row) for row in answer.issues],
        stamp=answer.stamp,
        context={
            "answer": answer,
            "entries": shown,
            "in_force": sum(row.in_force for row in answer.issues),
            "concerns": sum(row.concerns for row in answer.issues),
            "items": sum(sum(row.items.values()) for row in answer.issues),
            "number": lambda value: number(value, ask.language),
        },
    )


def _entry(ask: Ask, row: IssueRow) -> Entry:
    last = lines(ask, [row.last])[0] if row.last else None
    return Entry(row, last, ask.links.to("statements", issue=row.issue))


def _line(row: IssueRow) -> IssueLine:
    return IssueLine(
        issue=row.issue, title=row.title, ministries=row.ministries, instruments=row.instruments,
        in_force=row.in_force, forums=row.forums, alive=row.alive, concerns=row.concerns,
        dispute=row.items["dispute"], due=row.items["due"], common=row.items["common"], statements=row.statements,
        last_statement=row.last.statement if row.last else "", last_on=row.last.on if row.last else "",
    )  # fmt: skip
