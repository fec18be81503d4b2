"""How each party stands to each instrument on a day, and how that differs by reading.

An act counts in an author's reading unless that author contests it, or has an account of its own of it.  Only
instruments with such an act have more than the common reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from functools import cached_property

import msgspec
import polars as pl

from detente.instruments.lives import Act
from detente.instruments.lives import Life
from detente.instruments.lives import departure
from detente.instruments.lives import live
from detente.instruments.lives import moment
from detente.instruments.schema import Instrument
from detente.record.dates import add_period
from detente.record.registers import Words
from detente.record.timeline import View

__all__ = ["HELD", "STANDINGS", "STANDING_WORDS", "Stand", "Standings"]

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


_DEEDS = {
    "sign": "sign", "ratify": "consent", "accede": "consent", "succeed": "consent", "accept": "consent",
    "give-notice": "leave", "withdraw": "leave",
}  # fmt: skip
"""What a party alone can do; others may give another account of it."""


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
        self._acts, self._accounts = _acts_by_instrument(view)
        self._lives: dict[tuple[str, str], Life] = {}

    @cached_property
    def contested(self) -> dict[str, dict[str, str]]:
        """Return act or report id -> author who contests it -> the statement in which the author does."""
        rows = self.view.of("position").filter(pl.col("verb").is_in(["contest", "recognise"]))
        found: dict[str, dict[str, str]] = defaultdict(dict)
        parties = self.view.registers.parties
        for id, verb, author, refs in rows.select("id", "verb", "author", "refs").iter_rows():
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
        found: dict[str, set[str]] = defaultdict(set)
        for id, authors in self.contested.items():
            for instrument, acts in self._acts.items():
                if any(act.id == id for act in acts):
                    found[instrument].update(authors)
        for instrument, accounts in self._accounts.items():
            found[instrument].update(act.author for act in accounts)
        return {instrument: tuple(sorted(authors)) for instrument, authors in found.items()}

    def acts(self, instrument: str, reading: str = "") -> Sequence[Act]:
        """Return the acts of an instrument that count in a reading."""
        acts = self._acts.get(instrument, [])
        if not reading:
            return acts
        told = [act for act in self._accounts.get(instrument, []) if act.author == reading]
        otherwise = {_deed(act) for act in told}
        held = [act for act in acts if reading not in self.contested.get(act.id, {}) and _deed(act) not in otherwise]
        return sorted([*held, *told], key=moment)

    def life(self, instrument: str, reading: str = "") -> Life:
        """Return how the instrument as a whole stands in a reading."""
        if reading not in self.readers.get(instrument, ()):
            reading = ""
        key = (instrument, reading)
        if key not in self._lives:
            self._lives[key] = live(self.instruments[instrument], self.acts(*key), self.view.on)
        return self._lives[key]

    @cached_property
    def _stands(self) -> dict[tuple[str, str], dict[str, Stand]]:
        found: dict[tuple[str, str], dict[str, Stand]] = {}
        for id, instrument in self.instruments.items():
            for reading in ("", *self.readers.get(id, ())):
                found[id, reading] = self._fold(instrument, reading)
        return found

    def of(self, instrument: str, party: str, reading: str = "") -> Stand:
        """Return how a party stands to an instrument in a reading."""
        if reading not in self.readers.get(instrument, ()):
            reading = ""
        none = Stand(instrument, party, reading, "none", None, None, "")
        return self._stands.get((instrument, reading), {}).get(party, none)

    def parties(self, instrument: str, reading: str = "") -> dict[str, Stand]:
        """Return every standing to an instrument in a reading, by party."""
        if reading not in self.readers.get(instrument, ()):
            reading = ""
        return self._stands.get((instrument, reading), {})

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Return every standing in every reading; the common reading's name is empty."""
        rows = [
            (s.instrument, s.party, s.reading, s.standing, s.since, s.until, s.act, s.suspended)
            for stands in self._stands.values()
            for s in stands.values()
        ]
        schema = {
            "instrument": pl.String(), "party": pl.String(), "reading": pl.String(), "standing": pl.String(),
            "since": pl.Date(), "until": pl.Date(), "act": pl.String(), "suspended": pl.Date(),
        }  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _fold(self, instrument: Instrument, reading: str) -> dict[str, Stand]:
        life = self.life(instrument.id, reading)
        folds: dict[str, _Fold] = {}
        for act in self.acts(instrument.id, reading):
            if act.party and act.on <= self.view.on:
                _apply(folds.setdefault(act.party, _Fold()), act, instrument, self.view.on)
        for party, state in self._others(instrument, life).items():
            folds.setdefault(party, _Fold(state, life.opened, consent=life.since or life.opened))
        return {
            party: _stand(instrument, life, party, reading, fold, self.view.on)
            for party, fold in folds.items()
            if (fold.state != "none" or fold.act) and not self._gone(party)
        }

    def _gone(self, party: str) -> bool:
        """Return whether a party has ceased to exist, so that it stands to nothing any more."""
        entry = self.view.registers.parties.get(party)
        return entry is not None and bool(entry.until) and entry.until <= self.view.on.isoformat()

    def _others(self, instrument: Instrument, life: Life) -> dict[str, str]:
        """Return the parties whose standing does not rest on an act of their own, and what they begin as."""
        on, registers = self.view.on, self.view.registers
        if life.opened is None and life.since is None:
            return {}
        found = {registers.at(party, on): "signatory" for party in instrument.participants}
        found |= {registers.at(party, on): "contracting" for party in instrument.concerns}
        if instrument.membership == "all":
            states = (p for p in registers.parties.values() if p.kind == "state")
            found |= {p.id: "contracting" for p in states if _exists(p.from_, p.until, on)}
        return found


def _exists(since: str, until: str, on: date) -> bool:
    return (not since or since <= on.isoformat()) and (not until or on.isoformat() < until)


def _acts_by_instrument(view: View) -> tuple[dict[str, list[Act]], dict[str, list[Act]]]:
    """Return the acts that count in common, and the accounts of others that give way to a party's own act.

    Depositaries and lists may date a state's act otherwise, and others may count a notice otherwise: such an
    account counts in its author's reading, and in the common one where the party's own act is not on record.
    A group speaks for its members.
    """
    rows = view.of("act").select(
        "id", "instrument", "verb", pl.col("party").fill_null(""), "on_last",
        pl.coalesce("effect_last", "on_last"), pl.col("period").fill_null(""), "author",
    )  # fmt: skip
    own: dict[str, list[Act]] = defaultdict(list)
    told: dict[str, list[Act]] = defaultdict(list)
    for id, instrument, verb, parties, on, effect, period, author in rows.iter_rows():
        account = _is_account(view, author, parties, verb)
        for party in parties.split(";"):
            act = Act(id, instrument, verb, party, on, max(on, effect), period, author)
            (told if account else own)[instrument].append(act)
    done = _own_deeds(view) if told else {}
    for instrument, accounts in told.items():
        done_here = done.get(instrument, set())
        own[instrument] += [act for act in accounts if _deed(act) not in done_here]
        told[instrument] = [act for act in accounts if _deed(act) in done_here]
    for acts in own.values():
        acts.sort(key=moment)
    return dict(own), {instrument: accounts for instrument, accounts in told.items() if accounts}


def _own_deeds(view: View) -> dict[str, set[tuple[str, str]]]:
    """Return what each party is on record as having done itself, on whatever day: (party, deed) by instrument."""
    rows = view.known("act").filter(pl.col("verb").is_in(list(_DEEDS)) & pl.col("party").is_not_null())
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for instrument, verb, parties, author in rows.select("instrument", "verb", "party", "author").iter_rows():
        if not _is_account(view, author, parties, verb):
            found[instrument].update((party, _DEEDS[verb]) for party in parties.split(";"))
    return found


def _deed(act: Act) -> tuple[str, str]:
    """Return what an act does, whoever tells it: a consent may be told as a ratification or an accession."""
    return act.party, _DEEDS.get(act.verb, act.verb)


def _is_account(view: View, author: str, parties: str, verb: str) -> bool:
    """Return whether an act is somebody else's account of what a party did itself."""
    if not parties or author in parties.split(";") or verb not in _DEEDS:
        return False
    party = view.registers.parties.get(author)
    return party is not None and party.kind != "group"


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
