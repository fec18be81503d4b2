"""What the agenda's rules read: the record, standings, findings and forums as they bear on two parties."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

import polars as pl
from dateutil.relativedelta import relativedelta

from detente.consultation.forums import ForumState
from detente.consultation.forums import sits
from detente.consultation.said import Said
from detente.consultation.said import concerns
from detente.consultation.said import grouped
from detente.consultation.said import positions
from detente.consultation.said import quote
from detente.instruments.schema import Instrument
from detente.instruments.standings import HELD
from detente.instruments.standings import Standings
from detente.record.dates import add_period
from detente.record.registers import Forum
from detente.record.registers import Registers
from detente.record.registers import Words
from detente.record.timeline import View

__all__ = ["Found", "Sitting", "quotes", "told"]

_HISTORY = relativedelta(years=5)


class Found(NamedTuple):
    """One finding, with the cells that the rules go by."""

    instrument: str
    provision: str
    kind: str
    party: str
    author: str
    state: str
    reason: str
    value: str | None
    limit: str | None
    since: date | None
    until: date | None
    from_: date | None
    next_due: date | None
    seen: date | None
    reporter: str | None
    reported_on: str | None
    evidence: list[str]

    @property
    def subject(self) -> tuple[str, str, str]:
        """What it is about: instrument, provision and party."""
        return self.instrument, self.provision, self.party


class Sitting:
    """One pair, one day, one horizon; everything a rule may look at."""

    def __init__(
        self,
        standings: Standings,
        findings: Callable[[], pl.DataFrame],
        forums: Mapping[str, ForumState],
        between: tuple[str, str],
        horizon: str,
    ) -> None:
        self.standings = standings
        self._findings = findings
        self.forum_states = forums
        self.horizon = horizon
        self._bilateral: dict[str, bool] = {}
        view = standings.view
        self.pair = (view.at(between[0]), view.at(between[1]))

    @property
    def view(self) -> View:
        """The statements that count."""
        return self.standings.view

    @property
    def on(self) -> date:
        """The day."""
        return self.view.on

    @property
    def until(self) -> date:
        """The last day that the horizon reaches."""
        return add_period(self.on, self.horizon)

    @property
    def registers(self) -> Registers:
        """The registers."""
        return self.view.registers

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Every instrument."""
        return self.standings.instruments

    @cached_property
    def findings(self) -> list[Found]:
        """Return the findings under the instruments of the two and those of or by the two, where duties bind.

        Of what third parties may still do only what was judged is there: no terms.
        """
        pair = list(self.pair)
        theirs = pl.col("party").is_in(pair) | pl.col("author").is_in(pair)
        judged = pl.col("state").is_in(["met", "not met"]) | pl.col("value").is_not_null()
        others = judged & pl.col("instrument").is_in(list(self.shared)) & (pl.col("kind") != "term")
        rows = self._findings().filter((pl.col("state") != "not applicable") & (theirs | others))
        return [Found(*row) for row in rows.select(c.rstrip("_") for c in Found._fields).iter_rows()]

    def name(self, party: str) -> Words:
        """Return a party's name."""
        entry = self.registers.parties.get(party)
        return entry.name if entry else Words(party, party)

    @cached_property
    def shared(self) -> dict[str, Instrument]:
        """Return the instruments to which both have stood in some way: parties, participants or depositaries."""
        return {id: i for id, i in self.instruments.items() if all(self.touches(i, party) for party in self.pair)}

    @cached_property
    def near(self) -> dict[str, Instrument]:
        """Return the instruments to which at least one of the two has stood."""
        return {id: i for id, i in self.instruments.items() if any(self.touches(i, party) for party in self.pair)}

    @cached_property
    def own_issues(self) -> frozenset[str]:
        """Return the issues on which the two have a text or a body of few members, or a concern, between them."""
        texts = {i.issue for i in self.shared.values() if i.membership == "closed" or set(i.concerns) & set(self.pair)}
        bodies = {issue for f in self.sitting_forums.values() if self.bilateral(f) for issue in f.issues}
        return frozenset({*texts, *bodies, *(s.issue for s in self.open_concerns if s.issue)})

    def touches(self, instrument: Instrument, party: str) -> bool:
        """Return whether a party has stood to an instrument: signed, bound, left, or named in its text."""
        if self.standings.life(instrument.id).opened is None and self.standings.life(instrument.id).since is None:
            return False
        if self.standings.of(instrument.id, party).standing != "none":
            return True
        return any(self.view.at(p) == party for p in (*instrument.participants, *instrument.depositary))

    def both_bound(self, instrument: str) -> bool:
        """Return whether both are bound, in the common reading and in each of the two's own."""
        readings = ("", *self.pair)
        return all(self.standings.of(instrument, p, r).standing in HELD for p in self.pair for r in readings)

    def in_force(self, instrument: str) -> bool:
        """Return whether an instrument is in force in the reading of at least one of the two."""
        return any(self.standings.life(instrument, r).in_force(self.on) for r in ("", *self.pair))

    @cached_property
    def concerns_of_the_two(self) -> list[Said]:
        """Return what the two have raised and answered, oldest first."""
        known = self.view.knowledge.kept(concerns)
        return sorted(s for party in dict.fromkeys(self.pair) for s in known.get(party, ()) if s.on_last <= self.on)

    @cached_property
    def open_concerns(self) -> list[Said]:
        """Return every statement of the threads in which one of the two still holds something against the other."""
        raised = [
            s
            for s in self.concerns_of_the_two
            if s.verb not in ("answer", "concede") and s.party and s.party != s.author and s.topic and s.under
        ]
        last = {_thread(s): s for s in raised}
        still = {thread for thread, s in last.items() if self._still_held(s)}
        return [s for s in raised if _thread(s) in still]

    def _still_held(self, said: Said) -> bool:
        """Return whether the last word of a thread still holds something against one of the two."""
        if said.verb not in ("allege", "question") or said.about not in self.pair:
            return False
        # What was held about a text that has ended is history once nobody has said it again for five years.
        return said.on_last >= self.on - _HISTORY or not (said.instrument and self._is_over(said.instrument))

    def _is_over(self, instrument: str) -> bool:
        """Return whether an instrument has ended, or both have left it."""
        if instrument not in self.instruments:
            return False
        left = (self.standings.of(instrument, party).standing in ("out", "ended") for party in self.pair)
        return bool(self.standings.life(instrument).ended) or all(left)

    def positions(self, since: date = date.min) -> list[Said]:
        """Return what the two have stated since a day, oldest first; votes left out."""
        return self.view.knowledge.kept(positions).of(self.pair, since, self.on)

    def votes(self, since: date) -> list[Said]:
        """Return how the two have voted in the General Assembly since a day, oldest first."""
        return self.view.knowledge.kept(positions).votes(self.pair, since, self.on)

    def positions_on(self, instrument: str, party: str) -> list[Said]:
        """Return what a party has stated about an instrument, oldest first."""
        return self.view.knowledge.kept(positions).on(instrument, party, self.on)

    def stated(self, ids: Iterable[str]) -> list[Said]:
        """Return the positions of these ids, oldest first."""
        known = self.view.knowledge.kept(positions).by_id
        return sorted(known[id] for id in ids if id in known)

    @cached_property
    def disputed(self) -> frozenset[str]:
        """Return the instruments about which the two are in dispute: concerns open, or an act contested by one."""
        contested = (id for id, readers in self.standings.readers.items() if set(readers) & set(self.pair))
        return frozenset({*(s.instrument for s in self.open_concerns if s.instrument), *contested})

    @cached_property
    def sitting_forums(self) -> dict[str, Forum]:
        """Return the forums in which both sit."""
        # A seat that was taken under another name is the same seat.
        names = {p: [name for name in self.registers.parties if self.view.at(name) == p] for p in self.pair}
        sitting = (
            f
            for f in self.registers.forums.values()
            if sits(f, self.pair) or all(any(name in f.members for name in names[p]) for p in self.pair)
        )
        return {f.id: f for f in sitting if not any(self._left(f, p) for p in self.pair)}

    def _left(self, forum: Forum, party: str) -> bool:
        """Return whether a party is out of every instrument that a forum of few serves: it sits there no more."""
        served = [self.standings.of(id, party).standing for id in forum.instruments if id in self.instruments]
        stood = [standing for standing in served if standing != "none"]
        return bool(stood) and all(standing == "out" for standing in stood) and not self.bilateral(forum)

    def bilateral(self, forum: Forum) -> bool:
        """Return whether a forum has no members but the two (and those whom they continue)."""
        if forum.id not in self._bilateral:
            members = {self.view.at(m) for m in forum.members}
            self._bilateral[forum.id] = members == set(self.pair)
        return self._bilateral[forum.id]


def _thread(said: Said) -> tuple[str | None, str | None, str, str | None]:
    return said.under, said.topic, said.author, said.about


def told(rows: Iterable[Said], most: int = 3) -> Words:
    """Return the first few of some statements in one sentence each, the rest counted; one topic is told once."""
    said: list[Words] = []
    for group in grouped(rows, lambda s: s.topic).values():
        first = group[0]
        authors = ", ".join(dict.fromkeys(s.author for s in group))
        en, ru = first.en or first.topic or "", first.ru or first.en or first.topic or ""
        said.append(Words(f"{first.on} {authors}: {en.rstrip('.')}", f"{first.on} {authors}: {ru.rstrip('.')}"))
    rest = len(said) - most
    more = (f"; and {rest} more", f"; и ещё {rest}") if rest > 0 else ("", "")
    return Words("; ".join(w.en for w in said[:most]) + more[0], "; ".join(w.ru for w in said[:most]) + more[1])


def quotes(rows: Iterable[Said]) -> list[dict[str, str]]:
    """Return statements as accounts show them, in their order."""
    return [quote(said) for said in rows]
