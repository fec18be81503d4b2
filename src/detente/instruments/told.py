"""What is told of acts, on whatever day: the part of the standings that depends on no day.

Others may give another account of what a party did itself.  Such an account counts in its author's reading, and in
the common one only where the party's own act is not on record.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from datetime import date

import msgspec
import polars as pl

from detente.instruments.lives import Act
from detente.instruments.lives import moment
from detente.record.registers import Registers
from detente.record.timeline import Knowledge

__all__ = ["Told", "deed", "told", "told_acts"]

_DEEDS = {
    "sign": "sign", "ratify": "consent", "accede": "consent", "succeed": "consent", "accept": "consent",
    "give-notice": "leave", "withdraw": "leave",
}  # fmt: skip
"""What a party alone can do; others may give another account of it."""


class Told(msgspec.Struct):
    """The acts that are told, by instrument, and the days on which what is told may be read otherwise."""

    acts: dict[str, list[Act]]
    """The acts that count in common, by instrument, in their order."""
    accounts: dict[str, list[Act]]
    """The accounts of others that give way to a party's own act, by instrument."""
    by_id: dict[str, list[Act]]
    contests: list[tuple[str, str, str, str | None]]
    """Who contests or recognises what, in order of the day: (id, verb, author, refs)."""
    contest_days: list[date]
    turns: list[date]
    """The days on which a party begins or ceases to exist."""
    _days: dict[str, list[date]] = {}
    _turns: dict[str, list[date]] = {}

    def days_of(self, instrument: str) -> list[date]:
        """Return the days, in order, on which an act on an instrument is made or takes effect."""
        if instrument not in self._days:
            acts = [*self.acts.get(instrument, ()), *self.accounts.get(instrument, ())]
            self._days[instrument] = sorted({day for act in acts for day in (act.on, act.effect)})
        return self._days[instrument]

    def turns_of(self, instrument: str) -> list[date]:
        """Return the days, in order, on which an instrument may be read by others or otherwise."""
        if instrument not in self._turns:
            self._turns[instrument] = self._turns_of(instrument)
        return self._turns[instrument]

    def _turns_of(self, instrument: str) -> list[date]:
        acts, accounts = self.acts.get(instrument, ()), self.accounts.get(instrument, ())
        own = {act.id: act.on for act in acts}
        days = [*self.turns, *(act.on for act in accounts)]
        for day, (*_, refs) in zip(self.contest_days, self.contests, strict=True):
            targets = own.keys() & (refs or "").split(";")
            days += [day, *(own[target] for target in targets)] if targets else []
        return sorted(set(days))


def told(knowledge: Knowledge) -> Told:
    """Return what is told of acts by all that is known."""
    acts, accounts = _acts_by_instrument(knowledge)
    by_id: dict[str, list[Act]] = defaultdict(list)
    for act in (act for held in acts.values() for act in held):
        by_id[act.id].append(act)
    contests = knowledge.of("position").frame.filter(pl.col("verb").is_in(["contest", "recognise"]))
    parties = knowledge.registers.parties.values()
    return Told(
        acts,
        accounts,
        by_id,
        contests.select("id", "verb", "author", "refs").rows(),
        contests["on_last"].to_list(),
        sorted(_reached(day) for party in parties for day in (party.from_, party.until) if day),
    )


def _reached(text: str) -> date:
    """Return the first day that is not before a day as the registers write it."""
    last = date.max.toordinal()
    number = bisect_left(range(1, last), text, key=lambda ordinal: date.fromordinal(ordinal).isoformat())
    return date.fromordinal(number + 1)


def _acts_by_instrument(knowledge: Knowledge) -> tuple[dict[str, list[Act]], dict[str, list[Act]]]:
    """Return the acts that count in common, and the accounts of others that give way to a party's own act.

    Depositaries and lists may date a state's act otherwise, and others may count a notice otherwise: such an
    account counts in its author's reading, and in the common one where the party's own act is not on record,
    whatever its day.  A group speaks for its members.
    """
    rows = knowledge.of("act").frame.select(
        "id", "instrument", "verb", pl.col("party").fill_null(""), "on_last",
        pl.coalesce("effect_last", "on_last"), pl.col("period").fill_null(""), "author",
    )  # fmt: skip
    own: dict[str, list[Act]] = defaultdict(list)
    told: dict[str, list[Act]] = defaultdict(list)
    done: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for id, instrument, verb, parties, on, effect, period, author in rows.iter_rows():
        account = _is_account(knowledge.registers, author, parties, verb)
        for party in parties.split(";"):
            act = Act(id, instrument, verb, party, on, max(on, effect), period, author)
            (told if account else own)[instrument].append(act)
            if party and verb in _DEEDS and not account:
                done[instrument].add(deed(act))
    for instrument, accounts in told.items():
        own[instrument] += [act for act in accounts if deed(act) not in done[instrument]]
        told[instrument] = [act for act in accounts if deed(act) in done[instrument]]
    for acts in own.values():
        acts.sort(key=moment)
    return dict(own), {instrument: accounts for instrument, accounts in told.items() if accounts}


def told_acts(knowledge: Knowledge, instrument: str) -> list[Act]:
    """Return every act that is told of an instrument, on whatever day and in whatever reading."""
    every = knowledge.kept(told)
    return [*every.acts.get(instrument, ()), *every.accounts.get(instrument, ())]


def deed(act: Act) -> tuple[str, str]:
    """Return what an act does, whoever tells it: a consent may be told as a ratification or an accession."""
    return act.party, _DEEDS.get(act.verb, act.verb)


def _is_account(registers: Registers, author: str, parties: str, verb: str) -> bool:
    """Return whether an act is somebody else's account of what a party did itself."""
    if not parties or author in parties.split(";") or verb not in _DEEDS:
        return False
    party = registers.parties.get(author)
    return party is not None and party.kind != "group"
