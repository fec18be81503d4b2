"""The registers: parties, sources, issues, measures, forums, claims and topics, each entry named once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

import msgspec

from detente.record.dates import counts_from

__all__ = [
    "Blocked",
    "Claim",
    "CoChair",
    "Forum",
    "Issue",
    "Measure",
    "Party",
    "Registers",
    "Source",
    "Topic",
    "Words",
]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in English and Russian, equal in rank."""

    en: str
    ru: str

    def get(self, language: str) -> str:
        """Return the text in `language` (`en` or `ru`)."""
        return self.ru if language == "ru" else self.en


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str


class Party(_Entry, frozen=True, kw_only=True):
    """A state, a body, a group or an institute: whoever may be bound or may state something.

    Parties exist in time; `continues` names the party whose acts this one carries on.
    """

    kind: str
    name: Words
    iso_numeric: int = 0
    cow: str = ""
    cow_number: int = 0
    from_: str = msgspec.field(default="", name="from")
    until: str = ""
    continues: str = ""
    members: tuple[str, ...] = ()
    source: str = ""


class Source(_Entry, frozen=True, kw_only=True):
    """Where a value was found: address, publisher and tier."""

    address: str
    publisher: str
    title: str
    tier: str


class Blocked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A host that no source may cite, and why."""

    host: str
    reason: str


class Issue(_Entry, frozen=True, kw_only=True):
    """A heading of the agenda and the ministries that usually carry it."""

    title: Words
    ministries: tuple[str, ...]


class Measure(_Entry, frozen=True, kw_only=True):
    """What a number counts: a `count` is an integer, a `quantity` a physical amount."""

    title: Words
    unit: str
    number: str


class CoChair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who chairs a forum for one party, by office and ministry, in time."""

    party: str
    office: str = ""
    ministry: str = ""
    person: str = ""
    from_: str = msgspec.field(default="", name="from")
    until: str = ""
    source: str = ""


class Forum(_Entry, frozen=True, kw_only=True):
    """A body in which parties meet; its founding, suspension and end are statements, not fields."""

    title: Words
    kind: str
    members: tuple[str, ...]
    level: str
    source: str
    scope: Words = Words("", "")
    umbrella: str = ""
    issues: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    ministries: tuple[str, ...] = ()
    cadence: str = ""
    lapses_after: str = ""
    co_chairs: tuple[CoChair, ...] = ()


class Claim(_Entry, frozen=True, kw_only=True):
    """A public sentence with a measurable content, and how it is tested."""

    text: Words
    test: str
    between: tuple[str, ...] = ()
    since: str = ""
    measures: tuple[str, ...] = ()
    instrument: str = ""
    within: str = ""


class Topic(_Entry, frozen=True, kw_only=True):
    """The name of a thread of concerns, positions or commitments; neutral: the subject, never who is right."""

    title: Words


class Registers(msgspec.Struct, frozen=True, dict=True):
    """Every register of a casebook, by id."""

    parties: dict[str, Party]
    sources: dict[str, Source]
    issues: dict[str, Issue]
    measures: dict[str, Measure]
    forums: dict[str, Forum]
    claims: dict[str, Claim]
    blocked: dict[str, Blocked]
    topics: dict[str, Topic]
    places: dict[str, tuple[str, int]]
    """Where each entry stands: `source ID` -> (file, line)."""

    def topic(self, id: str) -> Words:
        """Return the title of a topic; its id where none is registered."""
        found = self.topics.get(id)
        return found.title if found else Words(id, id)

    @cached_property
    def _continuations(self) -> dict[str, tuple[str, date]]:
        return {
            party.continues: (party.id, counts_from(party.from_))
            for party in self.parties.values()
            if party.continues and party.from_
        }

    @cached_property
    def _succeeding(self) -> frozenset[str]:
        """The parties that carry on another, or are carried on: all the others have one name at all times."""
        return frozenset({*self._continuations, *(new for new, _ in self._continuations.values())})

    def continued(self, on: date) -> dict[str, str]:
        """Return, for each party that another continues on `on`, the last that does: SUN -> RUS, YUG -> SRB."""
        return {old: self.at(old, on) for old, (_, since) in self._continuations.items() if since <= on}

    def successions(self) -> list[date]:
        """Return the days, in order, from which one party carries on what another did."""
        return sorted({since for _, since in self._continuations.values()})

    def at(self, party: str, on: date) -> str:
        """Return the id under which `party` existed on `on`: RUS before 1991-12-26 is SUN."""
        if party not in self._succeeding:
            return party
        later = {old: new for old, (new, since) in self._continuations.items() if since <= on}
        earlier = {new: old for old, (new, since) in self._continuations.items() if on < since}
        return _end_of(later, _end_of(earlier, party))

    def spokesmen(self, author: str) -> Iterator[str]:
        """Yield `author` and every group that speaks for it."""
        yield author
        for party in self.parties.values():
            if author in party.members:
                yield party.id


def _end_of(steps: dict[str, str], start: str) -> str:
    """Return where a chain of steps ends; one that runs in a circle is left before it comes back."""
    at, seen = start, {start}
    while steps.get(at, start) not in seen:
        at = steps[at]
        seen.add(at)
    return at
