"""A reading: a day, a knowledge day, an author's view and the rules; everything is computed when asked for."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import polars as pl

from detente.consultation.agenda import make_agenda
from detente.consultation.forums import ForumState
from detente.consultation.forums import forum_states
from detente.consultation.item import Agenda
from detente.consultation.sitting import Sitting
from detente.errors import DetenteError
from detente.instruments.schema import Instrument
from detente.instruments.standings import Standings
from detente.obligations.duties import Provisions
from detente.obligations.finding import SCHEMA
from detente.obligations.judge import findings
from detente.reading.casebook import Casebook
from detente.record.dates import period
from detente.record.registers import Registers
from detente.record.timeline import View

__all__ = ["FIRST_DAY", "LAST_DAY", "RULES_VERSION", "Reading", "as_period", "party_named"]

RULES_VERSION = 1
"""Raised whenever the same record would give another answer; part of every stamp."""


FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2999, 12, 31)
"""The days that can be read: rules look ten years back and a horizon ahead, and calendars end."""


class Reading:
    """One view of a casebook.  Nothing derived is stored: two readings with one stamp answer alike."""

    def __init__(
        self, casebook: Casebook, on: date, known_by: date | None = None, according_to: str | None = None
    ) -> None:
        if not FIRST_DAY <= on <= LAST_DAY:
            what = f"The day {on} lies outside the calendar that the record can look at."
            raise DetenteError(what, f"Choose a day from {FIRST_DAY} to {LAST_DAY}.")
        self.casebook = casebook
        self.on = on
        self.known_by = known_by
        self.according_to = self.party(according_to) if according_to else None
        self.view = View(casebook.record, on, known_by)
        self.standing = Standings(self.view, casebook.instruments)
        self._judged: dict[str, pl.DataFrame] = {}
        self._agenda: tuple[tuple[str, str, str], Agenda] | None = None

    @property
    def stamp(self) -> str:
        """One line that names the record, the rules, the day and the knowledge day."""
        known = self.known_by.isoformat() if self.known_by else "all"
        digest = self.casebook.record.digest[:12]
        return f"casebook {digest} rules {RULES_VERSION} on {self.on} known {known}"

    @property
    def reader(self) -> str:
        """The author whose reading this is; "" for the neutral view."""
        return self.according_to or ""

    def at(self, on: date, known_by: date | None = None) -> Reading:
        """Return the same casebook read on another day."""
        return Reading(self.casebook, on, known_by, self.according_to)

    @cached_property
    def forum_states(self) -> dict[str, ForumState]:
        """How every forum stands."""
        return forum_states(self.view)

    @cached_property
    def all_findings(self) -> pl.DataFrame:
        """Every finding in every reading, with the columns of the trace."""
        return findings(self.casebook.provisions, self.standing)

    @cached_property
    def spoken_findings(self) -> pl.DataFrame:
        """The findings that can come up between parties: all but the undertakings that nobody has spoken of."""
        kept = self.casebook.courses.on(self.view)
        return findings(self.casebook.provisions, self.standing, spoken_only=True) if kept is None else kept

    def findings_on(self, instrument: str) -> pl.DataFrame:
        """Return every finding on one instrument, in every reading, as `all_findings` has them; only it is judged."""
        if "all_findings" in self.__dict__:
            return self.all_findings.filter(pl.col("instrument") == instrument)
        if instrument not in self._judged:
            own = Provisions({instrument: self.casebook.instruments[instrument]}, self.casebook.record.registers)
            self._judged[instrument] = findings(own, self.standing)
        return self._judged[instrument]

    def _spoken(self) -> pl.DataFrame:
        """Return `spoken_findings` when a rule first asks for findings: ties and forums need none of them."""
        return self.spoken_findings

    def findings(self, instrument: str | None = None, party: str | None = None) -> pl.DataFrame:
        """Return findings, one row a provision, party and author.

        According to an author: that author's own finding where it differs, else the common one.  Neutral: the
        common one, and beside it each author's that differs in state or value.
        """
        rows = self.findings_on(self.instrument(instrument).id) if instrument else self.all_findings
        if party:
            rows = rows.filter(pl.col("party") == self.party(party))
        key = ["instrument", "provision", "party"]
        if self.according_to:
            chosen = rows.filter(pl.col("author").is_in(["", self.according_to]))
            rows = chosen.sort("author").unique(key, keep="last", maintain_order=True).sort("id")
        else:
            common = (
                rows.filter(pl.col("author") == "")
                .select(*key, "state", "value")
                .rename({"state": "common_state", "value": "common_value"})
            )
            joined = rows.join(common, on=key, how="left")
            same = (pl.col("state") == pl.col("common_state")) & pl.col("value").eq_missing(pl.col("common_value"))
            rows = joined.filter((pl.col("author") == "") | ~same.fill_null(value=False))
        return rows.select(SCHEMA)

    def standings(self, instrument: str | None = None, party: str | None = None) -> pl.DataFrame:
        """Return standings, one row an instrument, party and reading.

        According to an author: that author's reading.  Neutral: the common reading (""), and beside it each
        reading in which the party stands otherwise.
        """
        rows = self.standing.frame
        if instrument:
            rows = rows.filter(pl.col("instrument") == self.instrument(instrument).id)
        if party:
            rows = rows.filter(pl.col("party") == self.party(party))
        if self.according_to:
            own = pl.col("reading") == self.according_to
            ids = [i for i, readers in self.standing.readers.items() if self.according_to in readers]
            rows = rows.filter(own | ((pl.col("reading") == "") & ~pl.col("instrument").is_in(ids)))
        else:
            same = ["instrument", "party", "standing", "since"]
            common = rows.filter(pl.col("reading") == "")
            apart = rows.filter(pl.col("reading") != "").join(common, on=same, how="anti", nulls_equal=True)
            rows = pl.concat([common, apart])
        return rows.sort("instrument", "party", "reading")

    def statements(self, kind: str | None = None) -> pl.DataFrame:
        """Return the statements that count on the day, of one kind or of all."""
        kinds = [kind] if kind else self.casebook.record.frame["kind"].unique().sort().to_list()
        return pl.concat([self.view.of(k) for k in kinds]) if kinds else self.casebook.record.frame

    def sitting(self, a: str, b: str, horizon: str = "P3Y") -> Sitting:
        """Return what the agenda's rules read for a pair."""
        first, second = self.party(a), self.party(b)
        if first == second:
            raise DetenteError(f"'{a}' and '{b}' are one party on {self.on}.", "Name two, for example USA,RUS.")
        return Sitting(self.standing, self._spoken, self.forum_states, (first, second), as_period(horizon))

    def agenda(self, a: str, b: str, horizon: str = "P3Y") -> Agenda:
        """Return the agenda of two parties, looking ahead as far as the horizon.

        The last one is remembered: what rests on one statement after another is asked of the same agenda.
        """
        asked = (self.party(a), self.party(b), as_period(horizon))
        last = self._agenda
        if last is None or last[0] != asked:
            last = self._agenda = (asked, make_agenda(self.sitting(a, b, horizon), self.stamp))
        return last[1]

    def instrument(self, id: str) -> Instrument:
        """Return an instrument by its id or short title; raise DetenteError with near names."""
        found = self.casebook.instruments
        if id in found:
            return found[id]
        wanted = id.casefold()
        for instrument in found.values():
            if wanted in (instrument.id, instrument.short.en.casefold(), instrument.short.ru.casefold()):
                return instrument
        near = [i for i in found if wanted.replace(" ", "-") in i or i in wanted.replace(" ", "-")]
        hint = f"Did you mean {', '.join(sorted(near)[:5])}?" if near else "List them with: detente status"
        raise DetenteError(f"The record holds no instrument '{id}'.", hint)

    def party(self, id: str) -> str:
        """Return the id of a party by its code or name, as it existed on the day; raise DetenteError."""
        return party_named(self.casebook.record.registers, id, self.on)


def party_named(registers: Registers, id: str, on: date) -> str:
    """Return the id of a party by its code or name, as it existed on `on`; raise DetenteError with near names."""
    name = id.strip().upper()
    if name in registers.parties:
        return registers.at(name, on)
    wanted = id.strip().casefold()
    for party in registers.parties.values():
        if wanted and wanted in (party.name.en.casefold(), party.name.ru.casefold(), party.cow.casefold()):
            return registers.at(party.id, on)
    near = [p.id for p in registers.parties.values() if wanted and wanted in f"{p.name.en} {p.name.ru}".casefold()]
    hint = f"Did you mean {', '.join(near[:5])}?" if near else "Use an ISO 3166 code (USA, RUS) or a name."
    raise DetenteError(f"'{id}' is no party of the record.", hint)


_SHORT = {"y": "P{}Y", "m": "P{}M", "w": "P{}W", "d": "P{}D"}


def as_period(text: str) -> str:
    """Return an ISO 8601 period for `3y`, `18m`, `90d` or an ISO 8601 period; raise DetenteError."""
    number, unit = text[:-1], text[-1:].lower()
    iso = _SHORT[unit].format(number) if number.isdigit() and unit in _SHORT else text.upper()
    try:
        months, days, hours = period(iso)
    except ValueError:
        raise DetenteError(f"'{text}' is no length of time.", "Write 3y, 18m, 90d or P3Y.") from None
    if months > 12 * 1000 or days > 366 * 1000 or hours > 24 * 366 * 1000:
        raise DetenteError(f"'{text}' is longer than the record can look.", "Write at most 1000y.")
    return iso
