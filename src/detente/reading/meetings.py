"""Forums, ties and claims as answers: who still meets, and what is said of it in public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from functools import partial

import msgspec

from detente.consultation.claims import test_claim
from detente.consultation.ties import count_ties
from detente.errors import DetenteError
from detente.reading.answers import ClaimsAnswer
from detente.reading.answers import ForumRow
from detente.reading.answers import ForumsAnswer
from detente.reading.answers import TiesAnswer
from detente.reading.answers import TiesYear
from detente.reading.reading import Reading
from detente.reading.year_ends import YearEnds
from detente.record.dates import counts_from

__all__ = ["claims", "forums", "ties"]

_FIRST_YEAR = 1963


def forums(reading: Reading, forum: str | None = None, party: str | None = None, to_come: bool = False) -> ForumsAnswer:
    """Return the forums on the day: all that had been chartered, one by id, or those of a party.

    With `to_come` those that the record holds and that were not chartered by the day are there too.
    """
    register = reading.casebook.record.registers.forums
    if forum and forum not in register:
        near = sorted(f for f in register if forum.casefold() in f or f in forum.casefold())
        hint = f"Did you mean {', '.join(near[:5])}?" if near else "List them with: detente forums"
        raise DetenteError(f"The record holds no forum '{forum}'.", hint)
    member = reading.party(party) if party else ""
    rows: list[ForumRow] = []
    for id, state in reading.forum_states.items():
        entry = register[id]
        if forum and id != forum and entry.umbrella != forum:
            continue
        if not forum and state.state == "not yet" and not to_come:
            continue
        if member and member not in {reading.view.at(m) for m in entry.members}:
            continue
        rows.append(
            ForumRow(
                forum=id,
                title=entry.title,
                kind=entry.kind,
                state=state.state,
                since=state.since,
                chartered=state.chartered,
                umbrella=entry.umbrella,
                cadence=entry.cadence,
                level=entry.level,
                scope=entry.scope,
                issues=list(entry.issues),
                sessions=state.sessions,
                last=state.last,
                next=state.next,
                chairs=[
                    {k: str(v) for k, v in msgspec.to_builtins(c).items() if v}
                    for c in (state.chairs or entry.co_chairs)
                ],
                evidence=state.evidence,
            )
        )
    rows.sort(key=lambda row: (row.forum != forum, row.state, row.umbrella, row.forum))
    return ForumsAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        asked=forum or "",
        forums=rows,
    )


def ties(
    reading: Reading,
    a: str,
    b: str,
    first: int = _FIRST_YEAR,
    tell: Callable[[int, int], None] = lambda done, all: None,
    past: YearEnds | None = None,
) -> TiesAnswer:
    """Return the live ties of a pair at the end of every year from `first`, and on the reading's day.

    `past` is what was looked at before for the same pair and knowledge day, if anything was.
    """
    sitting = reading.sitting(a, b)
    past = past or YearEnds(reading.casebook, reading.known_by, a, b)
    ends = [date(year, 12, 31) for year in range(first, reading.on.year)]
    past.look(ends, tell)
    years = [
        TiesYear(
            on=found.on,
            instruments=found.instruments,
            treaties=found.treaties,
            forums=found.forums,
            exchanges=found.exchanges,
            total=found.total,
        )
        for found in (*(past(day).ties for day in ends), count_ties(sitting))
    ]
    return TiesAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        between=sitting.pair,
        years=years,
    )


def claims(
    reading: Reading,
    claim: str | None = None,
    tell: Callable[[int, int], None] = lambda done, all: None,
    past_of: Callable[[str, str], YearEnds] | None = None,
) -> ClaimsAnswer:
    """Return the public claims (or one), each tested on the day against every measure that the record holds.

    `past_of` gives what was looked at before for a pair, as known on the reading's knowledge day.
    """
    register = reading.casebook.record.registers.claims
    if claim and claim not in register:
        raise DetenteError(f"No claim '{claim}' is registered.", f"Registered are: {', '.join(register)}.")
    past_of = past_of or cache(partial(YearEnds, reading.casebook, reading.known_by))
    chosen = [register[claim]] if claim else list(register.values())
    tested = []
    for number, entry in enumerate(chosen, 1):
        if len(entry.between) == 2:
            a, b = entry.between
            past = past_of(a, b)
            since = counts_from(entry.since).year if entry.since else reading.on.year
            past.look([date(year, 12, 31) for year in range(since, reading.on.year)])
            tested.append(test_claim(entry, reading.sitting(a, b), past))
        tell(number, len(chosen))
    return ClaimsAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        claims=tested,
    )
