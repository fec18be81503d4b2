"""Checking register entries: what their types cannot say; a faulty entry is reported where it stands and left out."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from typing import Any
from typing import Final

from detente.errors import Problem
from detente.record.dates import EDTF_REMEDY
from detente.record.dates import period
from detente.record.dates import span
from detente.record.registers import Claim
from detente.record.registers import CoChair
from detente.record.registers import Forum
from detente.record.registers import Measure
from detente.record.registers import Party
from detente.record.registers import Registers
from detente.record.registers import Source
from detente.record.statements import LEVELS
from detente.record.statements import TIERS

__all__ = ["COMPUTED", "check_entries"]

_PARTY_KINDS: Final = ("state", "body", "group", "institute", "press")
_FORUM_KINDS: Final = (
    "summit", "ministerial", "commission", "working-group", "sub-group", "negotiation", "dialogue", "conference",
    "centre", "committee", "track-two",
)  # fmt: skip
_NUMBERS: Final = ("count", "quantity")
_NEEDED_BY: Final[dict[str, tuple[str, ...]]] = {
    "worst-since": ("since",),
    "none-under-way-for": (),
    "ends-within": ("instrument", "within"),
}
"""The tests of a claim, and what each cannot do without."""

COMPUTED: Final = ("ties", "treaties-in-force")
"""The measures of a claim that are computed, and so stand in no register."""

_Fault = tuple[str, str]
"""What is wrong, and what to do."""


def check_entries(registers: Registers) -> list[Problem]:
    """Take every faulty entry out of the registers, and return what is wrong with each.

    What names an entry that is left out is faulty too.
    """
    tables: tuple[tuple[str, dict[str, Any], Callable[[Any, Registers], Iterator[_Fault]]], ...] = (
        ("party", registers.parties, _party),
        ("source", registers.sources, _source),
        ("measure", registers.measures, _measure),
        ("forum", registers.forums, _forum),
        ("claim", registers.claims, _claim),
    )
    problems: list[Problem] = []
    for table, entries, faults in tables:
        while faulty := {key: found for key, entry in entries.items() if (found := list(faults(entry, registers)))}:
            for key, found in faulty.items():
                del entries[key]
                file, line = registers.places.get(f"{table} {key}", (f"{table}.toml", 0))
                problems += [Problem(file, line, "error", what, remedy) for what, remedy in found]
    return problems


def _party(party: Party, registers: Registers) -> Iterator[_Fault]:
    yield from _choice(party.id, "kind", party.kind, _PARTY_KINDS)
    yield from _dates(party.id, party)
    parties = registers.parties
    yield from _names(party.id, "party", (*party.members, party.continues), parties, "parties.toml")
    before, seen = party.continues, {party.id}
    while before in parties and before not in seen:
        seen.add(before)
        before = parties[before].continues
    if before == party.id:
        yield f"The party '{party.id}' continues itself by way of '{party.continues}'.", "Correct 'continues'."


def _source(source: Source, registers: Registers) -> Iterator[_Fault]:
    if source.tier not in TIERS:
        yield f"'{source.tier}' is no tier.", f"Use one of: {', '.join(TIERS)}."


def _measure(measure: Measure, registers: Registers) -> Iterator[_Fault]:
    yield from _choice(measure.id, "number", measure.number, _NUMBERS)


def _forum(forum: Forum, registers: Registers) -> Iterator[_Fault]:
    yield from _choice(forum.id, "kind", forum.kind, _FORUM_KINDS)
    yield from _choice(forum.id, "level", forum.level, LEVELS)
    yield from _period(forum.id, "cadence", forum.cadence)
    yield from _period(forum.id, "lapses_after", forum.lapses_after)
    if forum.cadence and not any(_parts(forum.cadence)):
        yield f"The 'cadence' of '{forum.id}' has no length ({forum.cadence}).", "Write P1Y, P6M or the like."
    chairs = [chair.party for chair in forum.co_chairs]
    yield from _names(forum.id, "party", (*forum.members, *chairs), registers.parties, "parties.toml")
    yield from _names(forum.id, "forum", (forum.umbrella,), registers.forums, "forums.toml")
    yield from _names(forum.id, "issue", forum.issues, registers.issues, "issues.toml")
    for chair in forum.co_chairs:
        yield from _dates(forum.id, chair)


def _claim(claim: Claim, registers: Registers) -> Iterator[_Fault]:
    yield from _choice(claim.id, "test", claim.test, tuple(_NEEDED_BY))
    for name in _NEEDED_BY.get(claim.test, ()):
        if not getattr(claim, name):
            yield f"The claim '{claim.id}' has no '{name}'.", f"Every {claim.test} needs '{name}'."
    yield from _date(claim.id, "since", claim.since)
    yield from _period(claim.id, "within", claim.within)
    yield from _names(claim.id, "party", claim.between, registers.parties, "parties.toml")
    measures = [measure for measure in claim.measures if measure not in COMPUTED]
    yield from _names(claim.id, "measure", measures, registers.measures, "measures.toml")


def _choice(id: str, name: str, value: str, allowed: tuple[str, ...]) -> Iterator[_Fault]:
    if value not in allowed:
        yield f"'{value}' is no '{name}' ('{id}').", f"Use one of: {', '.join(allowed)}."


def _names(id: str, what: str, named: Collection[str], known: Collection[str], where: str) -> Iterator[_Fault]:
    for name in named:
        if name and name not in known:
            yield f"No {what} '{name}' is registered ('{id}').", f"Correct the name, or add it to {where}."


def _dates(id: str, entry: Party | CoChair) -> Iterator[_Fault]:
    yield from _date(id, "from", entry.from_)
    yield from _date(id, "until", entry.until)


def _date(id: str, name: str, text: str) -> Iterator[_Fault]:
    try:
        if text:
            span(text)
    except ValueError:
        yield f"'{text}' under '{name}' of '{id}' is no date.", EDTF_REMEDY


def _period(id: str, name: str, text: str) -> Iterator[_Fault]:
    try:
        if text:
            period(text)
    except ValueError as fault:
        yield f"{fault} ('{name}' of '{id}').", "Write P10Y, P6M, P45D or PT24H."


def _parts(text: str) -> tuple[int, ...]:
    try:
        return period(text)
    except ValueError:
        return (1,)  # what is no period is told as such
