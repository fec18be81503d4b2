"""All forums of a day: which still meet, which fell silent, and which group belongs to which body."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from detente.consultation.forums import STATE_WORDS
from detente.consultation.wording import every_words
from detente.reading.answers import ForumRow
from detente.reading.meetings import forums as all_forums
from detente.record.registers import Words
from detente.rendering.kinds import FORUM_KINDS
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.asked import choice
from detente.web.pages.asked import issue_asked
from detente.web.pages.asked import party_asked
from detente.web.pages.chips import Chip
from detente.web.pages.chips import chips
from detente.web.pages.chips import issue_chips

__all__ = ["ForumLine", "forums", "nested"]

_ORDER: Final = ("alive", "suspended", "lapsed", "ended", "not yet")
_NAMED: Final = 6
"""A forum of so many members shows them by code."""


class Nested(msgspec.Struct, frozen=True, kw_only=True):
    """A forum as a line of the list, below the body to which it belongs."""

    row: ForumRow
    depth: int
    members: list[str]
    count: int
    days: int | None
    """Days since the last session."""
    every: Words | None


class ForumLine(msgspec.Struct, frozen=True, kw_only=True):
    """One forum as a row of a spreadsheet."""

    forum: str
    title: Words
    kind: str
    state: str
    since: date | None
    chartered: date | None
    umbrella: str
    cadence: str
    level: str
    issues: list[str]
    members: list[str]
    sessions: int
    last: date | None
    next: str


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of forums is narrowed by; "" for anything."""

    state: str
    kind: str
    issue: str
    text: str

    def fits(self, row: ForumRow, but: str = "") -> bool:
        """Return whether a forum is listed, one filter (`but`) left aside; one to come only where asked for."""
        named = self.text.casefold() in f"{row.forum} {row.title.en} {row.title.ru}".casefold()
        state = but == "state" or (row.state == self.state if self.state else row.state != "not yet")
        kind = but == "kind" or not self.kind or row.kind == self.kind
        return named and state and kind and (but == "issue" or not self.issue or self.issue in row.issues)


def forums(ask: Ask) -> Page:
    """Return the page of all forums, filtered by state, issue, party, kind and text."""
    filters = Filters(
        state=choice(ask, "state", ask.parameter("state"), STATE_WORDS),
        kind=choice(ask, "kind", ask.parameter("kind"), FORUM_KINDS),
        issue=issue_asked(ask),
        text=ask.parameter("text"),
    )
    given = ask.parameter("party")
    member = party_asked(ask, given, "party") if given else ""
    everything = all_forums(ask.reading, party=member or None, to_come=True)
    lines = nested(ask, [row for row in everything.forums if filters.fits(row)])
    answer = msgspec.structs.replace(everything, forums=[line.row for line in lines])
    return Page(
        template="forums.html",
        title=Words(f"Forums on {answer.on}", f"Форумы на {answer.on}"),
        answer=answer,
        rows=[_line(line) for line in lines],
        stamp=answer.stamp,
        context={
            "lines": lines,
            "party": member,
            "text": filters.text,
            **_all_chips(ask, everything.forums, filters),
            "party_chips": _party_chip(ask, given, member),
            "others_kept": [(k, v) for k, v in ask.more.items() if k not in ("text", "party")],
        },
    )


def _all_chips(ask: Ask, rows: list[ForumRow], filters: Filters) -> dict[str, list[Chip]]:
    """Return the chips of each filter, counting what it would leave under the others."""
    states = Counter(row.state for row in rows if filters.fits(row, but="state"))
    kinds = Counter(row.kind for row in rows if filters.fits(row, but="kind"))
    issues = [issue for row in rows if filters.fits(row, but="issue") for issue in row.issues]
    return {
        "state_chips": _chips(ask, "state", states, STATE_WORDS, _ORDER, filters.state),
        "kind_chips": _chips(ask, "kind", kinds, FORUM_KINDS, FORUM_KINDS, filters.kind),
        "issue_chips": issue_chips(ask, issues, filters.issue),
    }


def _party_chip(ask: Ask, given: str, member: str) -> list[Chip]:
    """Return the chip of the party by which the list is filtered, to take it off."""
    if not member:
        return []
    return chips(ask, "party", [(given, ask.desk.registers.parties[member].name.get(ask.language), None)], given)


def _chips(
    ask: Ask, name: str, counts: Counter[str], words: dict[str, Words], order: Iterable[str], chosen: str
) -> list[Chip]:
    listed = [(v, words[v].get(ask.language), counts[v]) for v in order if counts[v] or v == chosen]
    return chips(ask, name, listed, chosen)


def nested(ask: Ask, rows: list[ForumRow]) -> list[Nested]:
    """Return forums with their groups below them: those at work first, then the last to meet."""
    listed = {row.forum for row in rows}
    below: dict[str, list[ForumRow]] = defaultdict(list)
    for row in sorted(rows, key=_rank):
        below[row.umbrella if row.umbrella in listed else ""].append(row)

    def lines(umbrella: str, depth: int) -> list[Nested]:
        return [line for row in below[umbrella] for line in (_nested(ask, row, depth), *lines(row.forum, depth + 1))]

    return lines("", 0)


def _rank(row: ForumRow) -> tuple[int, int, str]:
    last = row.last or row.chartered or date.min
    return _ORDER.index(row.state), -last.toordinal(), row.forum


def _nested(ask: Ask, row: ForumRow, depth: int) -> Nested:
    registers, on, at = ask.desk.registers, ask.chosen.on, ask.reading.view.at
    members = list(dict.fromkeys(at(m) for m in registers.forums[row.forum].members))
    return Nested(
        row=row,
        depth=depth,
        members=members if len(members) <= _NAMED else [],
        count=len(members),
        days=(on - row.last).days if row.last else None,
        every=every_words(row.cadence) if row.cadence else None,
    )


def _line(line: Nested) -> ForumLine:
    row = line.row
    return ForumLine(
        forum=row.forum, title=row.title, kind=row.kind, state=row.state, since=row.since, chartered=row.chartered,
        umbrella=row.umbrella, cadence=row.cadence, level=row.level, issues=row.issues, members=line.members,
        sessions=row.sessions, last=row.last, next=row.next,
    )  # fmt: skip
