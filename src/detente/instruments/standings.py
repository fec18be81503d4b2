"""How each party stands to each instrument on a day, and how that differs by reading.

An act counts in an author's reading unless that author contests it, or has an account of its own of it.  Only
instruments with such an act have more than the common reading.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple
from typing import TypeVar

import msgspec
import polars as pl

from detente.instruments.lives import Act
from detente.instruments.lives import Life
from detente.instruments.lives import departure
from detente.instruments.lives import live
from detente.instruments.lives import moment
from detente.instruments.schema import Instrument
from detente.instruments.told import deed
from detente.instruments.told import told
from detente.instruments.watched import Memory
from detente.instruments.watched import Watched
from detente.instruments.watched import around
from detente.record.dates import add_period
from detente.record.registers import Words
from detente.record.timeline import Knowledge
from detente.record.timeline import View

__all__ = [
    "HELD",
    "NOBODY",
    "STANDINGS",
    "STANDING_WORDS",
    "Outlook",
    "Stand",
    "Standings",
    "Table",
    "tables",
]

_T = TypeVar("_T")

STANDINGS = (
    "none", "signatory", "contracting", "provisional", "bound", "suspended", "leaving", "out", "ended",
)  # fmt: skip
"""How a party stands; `contracting` has consented before entry into force (VCLT 2.1(f)), `ended` saw the end."""

STANDING_WORDS = {
    "none": Words("none", "не участник"),
    "signatory": Words("signatory", "подписавшая сторона"),
    "contracting": Words("contracting", "договаривающаяся сторона"),
    "provisional": Words("provisional", "временное применение"),
    "bound": Words("bound", "участник"),
    "suspended": Words("suspended", "участие приостановлено"),
    "leaving": Words("leaving", "объявлен выход"),
    "out": Words("out", "вышедшая сторона"),
    "ended": Words("ended", "действие прекращено"),
}

HELD = ("bound", "provisional", "leaving")
"""The standings under which obligations bind."""


class Stand(msgspec.Struct):
    """One party's standing to one instrument in one reading."""

    instrument: str
    party: str
    reading: str
    standing: str
    since: date | None
    until: date | None
    act: str
    suspended: date | None = None


class Outlook(NamedTuple):
    """All that is computed of one instrument in one reading."""

    life: Life
    days: Mapping[str, date]
    stands: Mapping[str, Stand]


class _Fold(msgspec.Struct):
    state: str = "none"
    since: date | None = None
    act: str = ""
    consent: date | None = None
    suspended: date | None = None
    out: date | None = None
    noticed: date | None = None


class Standings:
    """Every standing as of a view, in the common reading and in that of each author who contests an act."""

    def __init__(self, view: View, instruments: Mapping[str, Instrument]) -> None:
        self.view = view
        self.instruments = instruments
        self._told = view.knowledge.kept(told)
        self._memory = view.knowledge.kept(_Memories)
        self._acts: dict[tuple[str, str], Sequence[Act]] = {}
        self._lives: dict[tuple[str, str], Life] = {}
        self._days: dict[tuple[str, str], Mapping[str, date]] = {}
        self._stands: dict[tuple[str, str], _Stands] = {}
        self._parties: dict[tuple[str, str], Mapping[str, Stand]] = {}
        self._contests = bisect_right(self._told.contest_days, view.on)
        self._census = bisect_right(self._told.turns, view.on)

    @cached_property
    def contested(self) -> dict[str, dict[str, str]]:
        """Return act or report id -> author who contests it -> the statement in which the author does.

        It is the same, and the same object, from one day on which somebody contests something until the next.
        """
        kept = self._memory.contested
        if self._contests not in kept:
            kept[self._contests] = self._contested()
        return kept[self._contests]

    def _contested(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        parties = self.view.registers.parties
        for id, verb, author, refs in self._told.contests[: self._contests]:
            members = parties[author].members if author in parties else ()
            for target in (refs or "").split(";"):
                for voice in (author, *members):
                    if verb == "contest":
                        found[target][voice] = id
                    else:
                        found[target].pop(voice, None)
        return dict(found)

    @cached_property
    def readers(self) -> dict[str, tuple[str, ...]]:
        """Return the authors whose reading of an instrument may differ: they contest an act, or tell one otherwise."""
        on = self.view.on
        found: dict[str, set[str]] = defaultdict(set)
        for id, authors in self.contested.items():
            for act in self._told.by_id.get(id, ()):
                if act.on <= on:
                    found[act.instrument].update(authors)
        for instrument, accounts in self._told.accounts.items():
            voices = {act.author for act in accounts if act.on <= on}
            if voices:
                found[instrument].update(voices)
        return {instrument: tuple(sorted(authors)) for instrument, authors in found.items()}

    def acts(self, instrument: str, reading: str = "") -> Sequence[Act]:
        """Return the acts of an instrument that count in a reading."""
        key = (instrument, reading)
        if key not in self._acts:
            self._acts[key] = self._held(instrument, reading, self.view.on)
        return self._acts[key]

    def _held(self, instrument: str, reading: str, on: date) -> Sequence[Act]:
        """Return the acts that have been made by `on` and count in a reading, in their order."""
        acts = [act for act in self._told.acts.get(instrument, ()) if act.on <= on]
        if not reading:
            return acts
        accounts = self._told.accounts.get(instrument, ())
        told = [act for act in accounts if act.author == reading and act.on <= on]
        otherwise = {deed(act) for act in told}
        held = [act for act in acts if reading not in self.contested.get(act.id, {}) and deed(act) not in otherwise]
        return sorted([*held, *told], key=moment)

    def life(self, instrument: str, reading: str = "") -> Life:
        """Return how the instrument as a whole stands in a reading."""
        key = (instrument, self._reading(instrument, reading))
        if key not in self._lives:
            self._lives[key] = self._life(key)
        return self._lives[key]

    def _life(self, key: tuple[str, str], on: Watched | None = None) -> Life:
        law = self.instruments[key[0]]
        return self._recall("life", key, lambda day: live(law, self._held(*key, day.plain), day, day.plain), on)

    def days(self, instrument: str, reading: str = "") -> Mapping[str, date]:
        """Return the days that provisions may count from: those of the life, and of the first act of each verb."""
        key = (instrument, self._reading(instrument, reading))
        if key not in self._days:
            self._days[key] = self._days_of(key)
        return self._days[key]

    def _days_of(self, key: tuple[str, str], on: Watched | None = None) -> Mapping[str, date]:
        return self._recall(
            "days", key, lambda day: _days(self._life(key, day), self._held(*key, day.plain), day.plain), on
        )

    def outlook(self, instrument: str) -> tuple[dict[str, Outlook], date]:
        """Return how an instrument stands, by reading, and the day until which all of that holds."""
        day = Watched.of(self.view.on)
        found: dict[str, Outlook] = {}
        for reading in ("", *self.readers.get(instrument, ())):
            key = (instrument, reading)
            stands = self._standing(instrument, reading, day).by_party
            found[reading] = Outlook(self._life(key, day), self._days_of(key, day), stands)
        # Whose readings there are, and what counts in them, may change.
        day.narrow(*around(self._told.turns_of(instrument), day.plain))
        return found, day.beyond

    def _reading(self, instrument: str, reading: str) -> str:
        """Return the reading itself where it may differ, else the common one."""
        return reading if reading in self.readers.get(instrument, ()) else ""

    def _recall(
        self, what: str, key: tuple[str, str], compute: Callable[[Watched], _T], on: Watched | None = None
    ) -> _T:
        """Return what is computed from the acts on the day, or on another day on which it was the same.

        Besides the day, it rests on which parties exist, and in a reading of its own on what is contested of it.
        `compute` may ask for the plain day to tell which acts were made or have taken effect: that is noted here.
        """
        memory = self._memory.of(self.instruments[key[0]])
        world = self._census
        if key[1]:
            world = bisect_right(self._told.turns_of(key[0]), self.view.on)

        def noting(day: Watched) -> _T:
            day.narrow(*around(self._told.days_of(key[0]), day.plain))
            return compute(day)

        return memory.recall((what, key, world), on or self.view.on, noting)

    def _standing(self, instrument: str, reading: str, on: Watched | None = None) -> _Stands:
        key = (instrument, reading)
        if key in self._stands and on is None:
            return self._stands[key]
        law = self.instruments[instrument]

        def stands(day: Watched) -> _Stands:
            common = self._standing(instrument, "", day).by_party if reading else {}
            return _Stands(self._fold(law, reading, day), common)

        self._stands[key] = self._recall("stands", key, stands, on)
        return self._stands[key]

    def of(self, instrument: str, party: str, reading: str = "") -> Stand:
        """Return how a party stands to an instrument in a reading."""
        found = (self._parties.get((instrument, reading)) or self.parties(instrument, reading)).get(party)
        return found or Stand(instrument, party, self._reading(instrument, reading), "none", None, None, "")

    def parties(self, instrument: str, reading: str = "") -> Mapping[str, Stand]:
        """Return every standing to an instrument in a reading, by party."""
        key = (instrument, reading)
        if key not in self._parties:
            known = instrument in self.instruments
            self._parties[key] = (
                self._standing(instrument, self._reading(instrument, reading)).by_party if known else {}
            )
        return self._parties[key]

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Return every standing in every reading; the common reading's name is empty."""
        keys = [(id, reading) for id in self.instruments for reading in ("", *self.readers.get(id, ()))]
        return pl.concat([NOBODY, *tables(self.table(*key) for key in keys)])

    def table(self, instrument: str, reading: str = "") -> Table:
        """Return the rows of `frame` for an instrument in a reading."""
        return self._standing(instrument, reading).whole

    def table_apart(self, instrument: str, reading: str) -> Table:
        """Return the rows of `frame` in which a reading is not, with the same beginning, what is held in common."""
        return self._standing(instrument, reading).apart

    def _fold(self, instrument: Instrument, reading: str, on: Watched) -> dict[str, Stand]:
        life = self._life((instrument.id, reading), on)
        folds: dict[str, _Fold] = {}
        for act in self._held(instrument.id, reading, on.plain):
            if act.party:
                fold = folds.get(act.party)
                if fold is None:
                    fold = folds[act.party] = _Fold()
                _apply(fold, act, instrument, on.plain)
        for party, state in self._others(instrument, life).items():
            folds.setdefault(party, _Fold(state, life.opened, consent=life.since or life.opened))
        return {
            party: _stand(instrument, life, party, reading, fold, on)
            for party, fold in folds.items()
            if (fold.state != "none" or fold.act) and party not in self._gone
        }

    @cached_property
    def _gone(self) -> frozenset[str]:
        """Return the parties that have ceased to exist, so that they stand to nothing any more."""
        today, parties = self.view.on.isoformat(), self.view.registers.parties.values()
        return frozenset(party.id for party in parties if party.until and party.until <= today)

    def _others(self, instrument: Instrument, life: Life) -> dict[str, str]:
        """Return the parties whose standing does not rest on an act of their own, and what they begin as."""
        if life.opened is None and life.since is None:
            return {}
        found = {self.view.at(party): "signatory" for party in instrument.participants}
        found |= {self.view.at(party): "contracting" for party in instrument.concerns}
        if instrument.membership == "all":
            states = (p for p in self.view.registers.parties.values() if p.kind == "state")
            found |= {p.id: "contracting" for p in states if _exists(p.from_, p.until, self.view.on)}
        return found


_COLUMNS: dict[str, pl.DataType] = {
    "instrument": pl.String(), "party": pl.String(), "reading": pl.String(), "standing": pl.String(),
    "since": pl.Date(), "until": pl.Date(), "act": pl.String(), "suspended": pl.Date(),
}  # fmt: skip


NOBODY = pl.DataFrame(schema=_COLUMNS)
"""The frame of no standings."""


class Table:
    """Standings that become a frame when they are first asked for with others (see `tables`)."""

    def __init__(self, stands: Iterable[Stand]) -> None:
        self.stands = tuple(stands)
        self.frame: pl.DataFrame | None = None


def tables(asked: Iterable[Table]) -> list[pl.DataFrame]:
    """Return the frame of each table; those that are not made yet are made as one, since each costs a query."""
    found = list(asked)
    new = list({id(table): table for table in found if table.frame is None}.values())
    stands = (stand for table in new for stand in table.stands)
    rows = [(s.instrument, s.party, s.reading, s.standing, s.since, s.until, s.act, s.suspended) for s in stands]
    made = pl.DataFrame(rows, schema=_COLUMNS, orient="row") if rows else NOBODY
    start = 0
    for table in new:
        table.frame = made.slice(start, len(table.stands))
        start += len(table.stands)
    return [NOBODY if table.frame is None else table.frame for table in found]


class _Stands:
    """How every party stands to one instrument in one reading."""

    def __init__(self, by_party: dict[str, Stand], common: Mapping[str, Stand]) -> None:
        self.by_party = by_party
        self._common = common

    @cached_property
    def whole(self) -> Table:
        return Table(self.by_party.values())

    @cached_property
    def apart(self) -> Table:
        return Table(s for s in self.by_party.values() if not _alike(s, self._common.get(s.party)))


def _alike(one: Stand, other: Stand | None) -> bool:
    beginning = (one.standing, one.since, one.suspended)
    return other is not None and beginning == (other.standing, other.since, other.suspended)


def _days(life: Life, acts: Sequence[Act], on: date) -> dict[str, date]:
    days = life.days()
    for act in acts:
        if act.effect <= on:
            days.setdefault(f"act:{act.verb}", act.effect)
    return days


class _Memories:
    """What is remembered of each instrument; of a text that was replaced by another of its name, nothing."""

    def __init__(self, _: Knowledge) -> None:
        self._known: dict[str, tuple[Instrument, Memory]] = {}
        self.contested: dict[int, dict[str, dict[str, str]]] = {}
        """What is contested, by how many statements on that had come: it depends on no instrument."""

    def of(self, instrument: Instrument) -> Memory:
        law, memory = self._known.get(instrument.id, (None, None))
        if memory is None or law is not instrument:
            memory = Memory()
            self._known[instrument.id] = (instrument, memory)
        return memory


def _exists(since: str, until: str, on: date) -> bool:
    return (not since or since <= on.isoformat()) and (not until or on.isoformat() < until)


def _apply(fold: _Fold, act: Act, instrument: Instrument, on: date) -> None:
    """Move a party's fold by one act that has been made by `on`, even if it takes effect later."""
    out = departure(instrument, act)
    if out:
        fold.out, fold.act, fold.noticed = out, act.id, act.on
        fold.state = fold.state if fold.state != "none" else "signatory"
        return
    if act.effect > on:
        return
    fold.act = act.id
    if act.verb in instrument.entry.consent or act.verb == "enter-into-force":
        delay = "P0D" if act.verb == "enter-into-force" else instrument.entry.delay
        fold.state, fold.since, fold.out = "contracting", add_period(act.effect, delay), None
        fold.consent, fold.suspended = fold.since, None
    elif act.verb == "apply-provisionally" and fold.state in ("none", "signatory"):
        fold.state, fold.since, fold.suspended = "provisional", act.effect, None
    elif act.verb == "sign" and fold.state == "none":
        fold.state, fold.since = "signatory", act.effect
    elif act.verb == "suspend":
        fold.suspended = act.effect
    elif act.verb == "resume":
        fold.suspended = None
        if fold.out and act.effect < fold.out:
            fold.out = None
    elif act.verb == "revoke-ratification":
        fold.state, fold.since = "signatory", act.effect
    elif act.verb == "unsign":
        fold.state, fold.since = "none", act.effect


def _stand(instrument: Instrument, life: Life, party: str, reading: str, fold: _Fold, on: date) -> Stand:
    standing, since, until = fold.state, fold.since, life.ends
    alone = fold.state == "contracting" and life.since is not None and fold.consent is not None
    together = fold.state == "signatory" and instrument.membership != "open" and life.since is not None
    if (alone or together) and life.since is not None and life.since <= on:
        begins = max(life.since, fold.consent) if fold.consent else life.since
        standing, since = ("bound", begins) if begins <= on else ("contracting", fold.since)
    if fold.suspended and standing in ("bound", "provisional"):
        standing, since = "suspended", fold.suspended
    if fold.out:
        gone = fold.out <= on
        standing, since, until = ("out", fold.out, None) if gone else ("leaving", fold.noticed, fold.out)
    elif (
        life.ended
        and life.ended <= on
        and standing in ("bound", "suspended", "contracting", "signatory", "provisional")
    ):
        standing, since, until = "ended", life.ended, None
    return Stand(instrument.id, party, reading, standing, since, until, fold.act, fold.suspended)
