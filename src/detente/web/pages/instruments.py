"""All instruments of a day, by issue: what is in force and until when, in each reading that differs."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from detente.reading.answers import DueAnswer
from detente.reading.answers import DueRow
from detente.reading.answers import StandingRow
from detente.reading.answers import StatusAnswer
from detente.reading.answers import StatusRow
from detente.reading.status import status
from detente.record.registers import Registers
from detente.record.registers import Words
from detente.rendering.calendar import due_calendar
from detente.rendering.provisions import FORMS
from detente.rendering.statement_words import verb_words
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.asked import choice
from detente.web.pages.asked import issue_asked
from detente.web.pages.asked import party_asked
from detente.web.pages.chips import Chip
from detente.web.pages.chips import chips
from detente.web.pages.chips import issue_chips

__all__ = ["STATES", "Shown", "ending_words", "instruments", "shown_readings", "state_of", "voices"]

STATES: Final = {
    "in-force": Words("in force", "действует"),
    "not-yet": Words("not in force yet", "ещё не вступило в силу"),
    "ended": Words("ended", "прекращено"),
}


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """How an instrument stands in one reading, or in several that agree."""

    readers: list[str]
    """Whose reading it is; none where it is the common one.  A group stands for its members."""
    row: StatusRow
    state: str
    ending: Words
    """What ended it, in words."""
    act: Words
    """The last act in words."""
    actor: str


class Stand(msgspec.Struct, frozen=True):
    """How a party stands: the standing, since when, and in whose reading where the row does not say."""

    standing: str
    since: date | None
    readers: list[str]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One instrument of the list."""

    id: str
    title: Words
    short: Words
    form: Words
    shown: list[Shown]
    standings: list[list[Stand]]
    """How the party that was asked for stands in each of these readings."""


class Group(msgspec.Struct, frozen=True):
    """The instruments of one issue."""

    issue: str
    lines: list[Line]


def instruments(ask: Ask) -> Page:
    """Return the page of all instruments that had been opened by the day, filtered by issue, state and party."""
    issue, state = issue_asked(ask), choice(ask, "state", ask.parameter("state"), STATES)
    party = party_asked(ask, ask.parameter("party"), "party") if ask.parameter("party") else ""
    answer = status(ask.reading, party=party or None)
    all_of = _by_instrument(answer.instruments)
    in_state = {id: rows for id, rows in all_of.items() if not state or state in map(state_of, rows)}
    of_issue = {id: rows for id, rows in all_of.items() if not issue or rows[0].issue == issue}
    chosen = {id: rows for id, rows in in_state.items() if id in of_issue}
    kept = msgspec.structs.replace(
        answer,
        instruments=[row for row in answer.instruments if row.instrument in chosen],
        standings=[row for row in answer.standings if row.instrument in chosen],
    )
    total = len(ask.desk.casebook.instruments)
    return Page(
        template="instruments.html",
        title=Words(f"Instruments on {answer.on}", f"Договорённости на {answer.on}"),
        answer=kept,
        rows=kept.instruments,
        calendar=lambda language: due_calendar(_expiries(kept), language),
        stamp=kept.stamp,
        context={
            "groups": _groups(ask, chosen, kept, party),
            "count": len(chosen),
            "opened": len(all_of),
            "later": 0 if party else total - len(all_of),
            "in_force": sum("in-force" in map(state_of, rows) for rows in chosen.values()),
            "disputed": sum(len(rows) > 1 for rows in chosen.values()),
            "party": party,
            "state": state,
            "issue_chips": issue_chips(ask, (rows[0].issue for rows in in_state.values()), issue),
            "state_chips": _state_chips(ask, of_issue.values(), state),
            "states": STATES,
            "others_kept": [(k, v) for k, v in ask.more.items() if k != "party"],
            "without_party": ask.links.changed(ask.request.path, {k: v for k, v in ask.more.items() if k != "party"}),
        },
    )


def _by_instrument(rows: Iterable[StatusRow]) -> dict[str, list[StatusRow]]:
    found: dict[str, list[StatusRow]] = defaultdict(list)
    for row in rows:
        found[row.instrument].append(row)
    return dict(found)


def state_of(row: StatusRow) -> str:
    """Return how an instrument stands as a whole: in force, not in force yet, or ended."""
    if row.in_force:
        return "in-force"
    return "ended" if row.ended else "not-yet"


def ending_words(row: StatusRow) -> Words:
    """Return what ended an instrument: its term, or an act; empty where it has not ended."""
    if not row.ended:
        return Words("", "")
    if row.how == "term":
        return Words("its term ran out", "истёк срок действия")
    return verb_words("act", row.how) if row.how else Words("", "")


def voices(readers: Iterable[str], registers: Registers) -> list[str]:
    """Return whose reading it is: a group that reads alike stands for its members."""
    named = [reader for reader in readers if reader]
    spoken_for = {m for reader in named if reader in registers.parties for m in registers.parties[reader].members}
    return [reader for reader in named if reader not in spoken_for]


def shown_readings(rows: Sequence[StatusRow], registers: Registers) -> list[Shown]:
    """Return one entry for each way in which an instrument stands: readings that agree are named together."""
    groups: dict[tuple[object, ...], list[StatusRow]] = defaultdict(list)
    for row in rows:
        groups[row.in_force, row.since, row.ends, row.ended, row.how, row.parties, row.last_act].append(row)
    return [_shown(same, registers) for same in groups.values()]


def _shown(same: list[StatusRow], registers: Registers) -> Shown:
    row = same[0]
    verb, _, actor = row.last_act.partition(" ")
    return Shown(
        readers=voices((each.reading for each in same), registers),
        row=row,
        state=state_of(row),
        ending=ending_words(row),
        act=verb_words("act", verb) if verb else Words("", ""),
        actor=actor,
    )


def _groups(ask: Ask, chosen: dict[str, list[StatusRow]], answer: StatusAnswer, party: str) -> list[Group]:
    """Return the instruments by issue in the order of the register."""
    standings: dict[str, dict[str, StandingRow]] = defaultdict(dict)
    for row in answer.standings if party else ():
        standings[row.instrument][row.reading] = row
    laws, registers = ask.desk.casebook.instruments, ask.desk.registers
    lines: dict[str, list[Line]] = defaultdict(list)
    for id, rows in chosen.items():
        law = laws[id]
        shown = shown_readings(rows, registers)
        form = FORMS.get(law.form, Words(law.form, law.form))
        line = Line(
            id=id, title=law.title, short=law.short, form=form, shown=shown,
            standings=_stands(standings[id], shown, registers),
        )  # fmt: skip
        lines[law.issue].append(line)
    return [
        Group(issue, sorted(lines[issue], key=_order)) for issue in ask.desk.registers.issues if lines.get(issue)
    ]  # fmt: skip


def _stands(rows: dict[str, StandingRow], shown: Sequence[Shown], registers: Registers) -> list[list[Stand]]:
    """Return how the party stands in each row: in the reading of the row, else in the common one.

    A reading in which only the party's own standing differs has no row; it is told in the first.
    """
    told: list[list[Stand]] = []
    for each in shown:
        row = next((rows[r] for r in [*each.readers, each.row.reading, ""] if r in rows), None)
        told.append([Stand(row.standing, row.since, [])] if row else [])
    seen = {row.row.reading for row in shown} | {reader for row in shown for reader in row.readers}
    apart: dict[tuple[str, date | None], list[str]] = defaultdict(list)
    for reading, row in rows.items():
        if reading and reading not in seen and not _spoken_for(reading, seen, registers):
            apart[row.standing, row.since].append(reading)
    told[0] += [Stand(standing, since, voices(r, registers)) for (standing, since), r in apart.items()]
    return told


def _spoken_for(reader: str, others: Iterable[str], registers: Registers) -> bool:
    return any(reader in registers.parties[o].members for o in others if o in registers.parties)


def _order(line: Line) -> tuple[int, date, str]:
    """In force first, the soonest end first; then not yet; then ended, the latest first."""
    row = line.shown[0].row
    if any(shown.state == "in-force" for shown in line.shown):
        return 0, min((s.row.ends for s in line.shown if s.row.ends), default=date.max), line.short.en
    if not row.ended:
        return 1, date.max, line.short.en
    return 2, date.min + (date.max - row.ended), line.short.en


def _state_chips(ask: Ask, instruments: Iterable[list[StatusRow]], chosen: str) -> list[Chip]:
    counts = Counter(state for rows in instruments for state in {state_of(row) for row in rows})
    found = [(s, words.get(ask.language), counts[s]) for s, words in STATES.items() if counts[s] or s == chosen]
    return chips(ask, "state", found, chosen)


def _expiries(answer: StatusAnswer) -> DueAnswer:
    """Return the days on which the instruments in force end by their terms."""
    ending = {
        (row.instrument, row.ends): row for row in reversed(answer.instruments) if row.in_force and row.ends
    }  # fmt: skip
    due = [
        DueRow(
            day=row.ends or answer.on, kind="term", issue=row.issue, instrument=row.instrument, provision="",
            parties=[], title=Words(f"{row.title.en}: its term ends", f"{row.title.ru}: истекает срок действия"),
        )
        for row in sorted(ending.values(), key=lambda row: (row.ends, row.instrument))
    ]  # fmt: skip
    return DueAnswer(
        on=answer.on, known_by=answer.known_by, according_to=answer.according_to, stamp=answer.stamp,
        within="", due=due,
    )  # fmt: skip
