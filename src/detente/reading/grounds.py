"""Grounds: the part of the record that one provision is judged by, and the days on which its finding may change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import date

import polars as pl

from detente.instruments.lives import Act
from detente.instruments.lives import departure
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.instruments.schema import resolve
from detente.instruments.standings import Standings
from detente.record.dates import add_period
from detente.record.load import Record
from detente.record.registers import Registers

__all__ = ["Grounds"]

_KIND = pl.col("kind")


class Grounds:
    """What the record holds for one provision: the statements that an evaluator may read, and their days."""

    def __init__(
        self, record: Record, law: Instrument, provision: Provision, instruments: Mapping[str, Instrument]
    ) -> None:
        self.law = law
        self.provision = provision
        self.instruments = instruments
        mine = record.frame.filter(_about(law, provision).fill_null(value=False))
        # Whoever contests or corrects a statement counts against it, whatever else the two are about.
        ids = mine["id"].to_list()
        against = pl.col("refs").str.split(";").list.set_intersection(pl.lit(ids, pl.List(pl.String))).list.len() > 0
        contested = (_KIND == "position") & pl.col("verb").is_in(["contest", "recognise"]) & against
        more = record.frame.filter((contested | pl.col("corrects").is_in(ids)).fill_null(value=False))
        frame = pl.concat([mine, more.join(mine, on="id", how="anti")])
        self.record = record.narrowed(frame)

    def days(self, standings: Standings, judged: pl.DataFrame, party: str | None) -> list[date]:
        """Return every day, in order and up to that of the standings, on which the finding may change.

        `judged` are the provision's findings on the day of the standings.
        """
        on = standings.view.on
        parties = {party} if party else set(judged["party"].to_list())
        named = {name for each in parties for name in _names(self.record.registers, each, on)}
        found: set[date | None] = {*self._stated(named)}
        asked = judged.filter(pl.col("party").is_in(sorted(named))) if party else judged
        for column in ("from", "until", "deadline", "next_due", "out"):
            found.update(asked[column].to_list())
        for law in self.instruments.values():
            for reader in ("", *standings.readers.get(law.id, ())):
                life = standings.life(law.id, reader)
                found |= {life.opened, life.since, life.ends, life.ended}
                acts = standings.acts(law.id, reader)
                found |= set(_later(law, (a for a in acts if law.membership == "closed" or a.party in named)))
        found |= set(self._lapses(standings))
        found |= set(_successions(self.record.registers))
        return sorted(day for day in found if day and day <= on)

    def _stated(self, named: set[str]) -> set[date]:
        """Return the days of the statements themselves; what others do to a text that is open to all does not count."""
        closed = [law.id for law in self.instruments.values() if law.membership == "closed"]
        own = pl.col("party").str.split(";").list.set_intersection(pl.lit(sorted(named), pl.List(pl.String)))
        mine = (own.list.len() > 0) | pl.col("party").is_null() | pl.col("instrument").is_in(closed)
        rows = self.record.frame.filter((_KIND != "act") | mine)
        return {*rows["on_last"].to_list(), *rows["effect_last"].drop_nulls().to_list()}

    def _lapses(self, standings: Standings) -> Iterator[date]:
        """Yield the days on which evidence grows too old, or the next turn of a cadence goes by."""
        provision = self.provision
        if provision.evidence_within:
            reports = self.record.by_kind("report")["on_last"].unique()
            yield from (add_period(day, provision.evidence_within) for day in reports)
        if provision.kind == "cadence":
            done = self.record.frame.filter(_KIND.is_in(["report", "meeting", "notice"]))
            for first in self._firsts(standings):
                yield from _turns(first, provision, done["on_last"].unique().to_list(), standings.view.on)

    def _firsts(self, standings: Standings) -> set[date]:
        """Return the days from which the turns of the cadence count, in every reading and for every party."""
        found: set[date | None] = set()
        for reader in ("", *standings.readers.get(self.law.id, ())):
            known = standings.life(self.law.id, reader).days()
            for act in standings.acts(self.law.id, reader):
                known.setdefault(f"act:{act.verb}", act.effect)
            for stand in standings.parties(self.law.id, reader).values():
                own = known | ({"bound": stand.since} if stand.since else {})
                first, begins = (resolve(value, own) for value in (self.provision.first, self.provision.from_))
                found.add(first or begins or stand.since)
        return {day for day in found if day}


def _about(law: Instrument, provision: Provision) -> pl.Expr:
    """Return whether a statement may count for or against the provision."""
    measures = [m for m in (provision.measure, *provision.measures) if m]
    texts = [law.id, *([provision.requires] if provision.requires else [])]
    here = pl.col("instrument") == law.id
    told = pl.lit(provision.kind == "notice") | (here & pl.lit(provision.what == "notice"))
    return (
        ((_KIND == "act") & pl.col("instrument").is_in(texts))
        | ((_KIND == "report") & pl.col("measure").is_in(measures))
        | ((_KIND == "concern") & here & (pl.col("provision") == provision.article))
        | ((_KIND == "meeting") & (pl.col("forum") == provision.forum))
        | ((_KIND == "event") & (pl.col("verb") == provision.of))
        | ((_KIND == "notice") & told)
    )


def _names(registers: Registers, party: str, on: date) -> set[str]:
    """Return the ids under which a party acted, and those of the groups that speak for it."""
    now = registers.at(party, on)
    own = {id for id in registers.parties if id == party or registers.at(id, on) == now}
    return {voice for id in own for voice in registers.spokesmen(id)}


def _later(law: Instrument, acts: Iterable[Act]) -> Iterator[date]:
    """Yield the days on which an act works later than it is made: a consent with a delay, a departure."""
    for act in acts:
        if act.verb in law.entry.consent:
            yield add_period(act.effect, law.entry.delay)
        out = departure(law, act)
        if out:
            yield out


def _turns(first: date, provision: Provision, done: list[date], on: date) -> Iterator[date]:
    """Yield the day on which the first turn after each thing done goes by, and that of the first turn of all."""
    turns = [first]
    while turns[-1] <= on:
        turns.append(add_period(first, provision.every, len(turns)))
    yield add_period(first, provision.grace)
    for day in done:
        following = add_period(day, provision.every)
        yield following
        yield add_period(following, provision.grace)
        later = bisect_right(turns, day)
        if later < len(turns):
            yield add_period(turns[later], provision.grace)


def _successions(registers: Registers) -> Iterator[date]:
    """Yield the days from which one party carries on the acts of another: 1991-12-26 for RUS after SUN."""
    return (date.fromisoformat(p.from_) for p in registers.parties.values() if p.continues and len(p.from_) == 10)
