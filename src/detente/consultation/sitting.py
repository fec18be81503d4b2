"""What the agenda's rules read: the record, standings, findings and forums as they bear on two parties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import msgspec
import polars as pl
from dateutil.relativedelta import relativedelta

from detente.consultation.forums import ForumState
from detente.consultation.forums import sits
from detente.instruments.schema import Instrument
from detente.instruments.standings import HELD
from detente.instruments.standings import Standings
from detente.record.dates import add_period
from detente.record.registers import Forum
from detente.record.registers import Registers
from detente.record.registers import Words
from detente.record.timeline import View

__all__ = ["Quote", "Sitting", "earliest"]

_HISTORY = relativedelta(years=5)


class Quote(msgspec.Struct, frozen=True):
    """One statement as an account shows it."""

    statement: str
    verb: str
    on: str
    topic: str
    en: str
    ru: str


class Sitting:
    """One pair, one day, one horizon; everything a rule may look at."""

    def __init__(
        self,
        standings: Standings,
        findings: pl.DataFrame,
        forums: Mapping[str, ForumState],
        between: tuple[str, str],
        horizon: str,
    ) -> None:
        self.standings = standings
        self.findings = findings
        self.forum_states = forums
        self.horizon = horizon
        self._bilateral: dict[str, bool] = {}
        view = standings.view
        self.pair = (view.registers.at(between[0], view.on), view.registers.at(between[1], view.on))

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
        return frozenset({*texts, *bodies, *self.open_concerns["issue"].drop_nulls()})

    def touches(self, instrument: Instrument, party: str) -> bool:
        """Return whether a party has stood to an instrument: signed, bound, left, or named in its text."""
        if self.standings.life(instrument.id).opened is None and self.standings.life(instrument.id).since is None:
            return False
        named = {self.registers.at(p, self.on) for p in (*instrument.participants, *instrument.depositary)}
        return party in named or self.standings.of(instrument.id, party).standing != "none"

    def both_bound(self, instrument: str) -> bool:
        """Return whether both are bound, in the common reading and in each of the two's own."""
        readings = ("", *self.pair)
        return all(self.standings.of(instrument, p, r).standing in HELD for p in self.pair for r in readings)

    def in_force(self, instrument: str) -> bool:
        """Return whether an instrument is in force in the reading of at least one of the two."""
        return any(self.standings.life(instrument, r).in_force(self.on) for r in ("", *self.pair))

    @cached_property
    def concerns_of_the_two(self) -> pl.DataFrame:
        """Return what the two have raised and answered; `under` is the instrument, else the issue."""
        rows = self.view.of("concern").with_columns(pl.col("party").str.split(";")).explode("party")
        rows = rows.filter(pl.col("author").is_in(list(self.pair)))
        # An answer speaks of its own author's conduct, whatever party the row is filed under.
        about = pl.when(pl.col("verb").is_in(["answer", "concede"])).then("author").otherwise("party")
        return rows.with_columns(about.alias("about"), pl.coalesce("instrument", "issue").alias("under"))

    @cached_property
    def open_concerns(self) -> pl.DataFrame:
        """Return every statement of the threads in which one of the two still holds something against the other."""
        raised = self.concerns_of_the_two.filter(
            ~pl.col("verb").is_in(["answer", "concede"]) & (pl.col("party") != pl.col("author"))
        )
        thread = ["under", "topic", "author", "about"]
        last = raised.group_by(thread, maintain_order=True).last()
        still = last.filter(pl.col("verb").is_in(["allege", "question"]) & pl.col("about").is_in(list(self.pair)))
        # What was held about a text that has ended is history once nobody has said it again for five years.
        recent = pl.col("on_last") >= self.on - _HISTORY
        still = still.filter(recent | ~pl.col("instrument").fill_null("").is_in(self._ended))
        return raised.join(still.select(thread), on=thread, how="semi")

    @property
    def _ended(self) -> list[str]:
        """Return the instruments that have ended, or that both have left: what was held about them is history."""
        gone = ("out", "ended")
        return [
            id
            for id in self.instruments
            if self.standings.life(id).ended
            or all(self.standings.of(id, party).standing in gone for party in self.pair)
        ]

    @cached_property
    def disputed(self) -> frozenset[str]:
        """Return the instruments about which the two are in dispute: concerns open, or an act contested by one."""
        contested = (id for id, readers in self.standings.readers.items() if set(readers) & set(self.pair))
        return frozenset({*self.open_concerns["instrument"].drop_nulls(), *contested})

    @cached_property
    def sitting_forums(self) -> dict[str, Forum]:
        """Return the forums in which both sit."""
        members = {f.id: [self.registers.at(m, self.on) for m in f.members] for f in self.registers.forums.values()}
        sitting = (
            f
            for f in self.registers.forums.values()
            if sits(f, self.pair) or all(p in members[f.id] for p in self.pair)
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
            members = {self.registers.at(m, self.on) for m in forum.members}
            self._bilateral[forum.id] = members == set(self.pair)
        return self._bilateral[forum.id]

    def quotes(self, rows: pl.DataFrame) -> list[dict[str, str]]:
        """Return statements as accounts show them, oldest first."""
        return [
            msgspec.to_builtins(Quote(id, verb, on, topic or "", en or "", ru or ""))
            for id, verb, on, topic, en, ru in rows.select("id", "verb", "on", "topic", "en", "ru").iter_rows()
        ]

    def told(self, rows: pl.DataFrame, most: int = 3) -> Words:
        """Return the first few of some statements in one sentence each, the rest counted; one topic is told once."""
        cells = rows.group_by("topic", maintain_order=True).agg(
            pl.col("on").first(),
            pl.col("author").unique(maintain_order=True).str.join(", "),
            pl.coalesce("en", "topic").first(),
            pl.coalesce("ru", "en", "topic").first().alias("ru"),
        )
        said = [
            Words(f"{on} {authors}: {en.rstrip('.')}", f"{on} {authors}: {ru.rstrip('.')}")
            for on, authors, en, ru in cells.select("on", "author", "en", "ru").iter_rows()
        ]
        rest = len(said) - most
        more = (f"; and {rest} more", f"; и ещё {rest}") if rest > 0 else ("", "")
        return Words("; ".join(w.en for w in said[:most]) + more[0], "; ".join(w.ru for w in said[:most]) + more[1])


def earliest(days: pl.Series) -> date | None:
    """Return the first of some days, or None where there is none."""
    return min(days.drop_nulls().to_list(), default=None)
