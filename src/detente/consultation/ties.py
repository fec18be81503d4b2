"""Ties: live links between two parties, counted by year; instruments in force, forums that meet, exchanges that run."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date

import msgspec
import polars as pl

from detente.consultation.said import grouped
from detente.consultation.sitting import Sitting
from detente.instruments.schema import Instrument
from detente.instruments.standings import Standings
from detente.obligations.duties import Provisions
from detente.obligations.judge import findings_by_day
from detente.record.registers import Registers

__all__ = ["KINDS", "Ties", "count_all", "count_ties"]

KINDS = ("instruments", "forums", "exchanges")
"""What counts as a tie; each instrument, forum and exchange counts once."""

_NARROW = 6
"""A tie is a link between the two: a text or a body of so many members at the most."""

_UNOFFICIAL = ("track-two",)


class Ties(msgspec.Struct):
    """The live ties of a pair on a day, by name."""

    on: date
    instruments: list[str]
    treaties: list[str]
    """Those of the instruments that bind in law."""
    forums: list[str]
    exchanges: list[str]

    @property
    def total(self) -> int:
        """The number of ties of all kinds."""
        return len(self.instruments) + len(self.forums) + len(self.exchanges)


Kept = frozenset[tuple[str, str, str]]
"""Which party has kept which exchange for its last turn: (instrument, article, party)."""


def count_ties(sitting: Sitting, kept: Kept | None = None) -> Ties:
    """Return the live ties of the sitting's pair on its day.

    An instrument of at most six parties that binds both and is suspended by neither; a forum of at most six
    members that is alive; a report, notice or session that such an instrument requires and that both have
    kept for the last turn.
    """
    held = [
        id
        for id, instrument in sitting.shared.items()
        if _is_narrow(instrument) and sitting.both_bound(id) and sitting.in_force(id)
    ]
    forums = [
        id
        for id, forum in sitting.sitting_forums.items()
        if sitting.forum_states[id].state == "alive" and len(forum.members) <= _NARROW and forum.kind not in _UNOFFICIAL
    ]
    if kept is None:  # nobody has judged many days at once: the sitting's own findings tell
        rows = (f for f in sitting.findings if f.kind in _EXCHANGES and not f.author and f.state == "met")
        kept = frozenset((f.instrument, f.provision, f.party) for f in rows)
    exchanges = [
        f"{id} {provision.article}"
        for id in sitting.instruments
        if id in held
        for provision in sitting.instruments[id].provision
        if provision.kind in _EXCHANGES and all((id, provision.article, party) in kept for party in sitting.pair)
    ]
    treaties = [id for id in held if sitting.instruments[id].binding == "legal"]
    return Ties(sitting.on, held, treaties, forums, exchanges)


_EXCHANGES = ("cadence", "notice")


def _is_narrow(instrument: Instrument) -> bool:
    return instrument.membership == "closed" and len(instrument.participants) <= _NARROW


def exchanges(instruments: Mapping[str, Instrument], registers: Registers) -> Provisions:
    """Return the provisions whose keeping is a tie: the exchanges of texts of few."""
    narrow = {
        id: msgspec.structs.replace(i, provision=tuple(p for p in i.provision if p.kind in _EXCHANGES))
        for id, i in instruments.items()
        if _is_narrow(i)
    }
    return Provisions({id: i for id, i in narrow.items() if i.provision}, registers)


def kept_by_day(provisions: Provisions, standings: Sequence[Standings]) -> dict[date, Kept]:
    """Return which party had kept which exchange on each of several days, judged in one pass for each knowledge."""
    found: dict[date, set[tuple[str, str, str]]] = {each.view.on: set() for each in standings}
    for group in grouped(standings, lambda each: id(each.view.knowledge)).values():
        rows = findings_by_day(provisions, group).filter((pl.col("author") == "") & (pl.col("state") == "met"))
        for day, *exchange in rows.select("day", "instrument", "provision", "party").iter_rows():
            found[day].add(tuple(exchange))
    return {day: frozenset(kept) for day, kept in found.items()}


def count_all(
    days: Sequence[date],
    sitting_on: Callable[[date], Sitting],
    tell: Callable[[int, int], None] = lambda done, all: None,
) -> list[Ties]:
    """Return the ties on several days.  `tell` hears of the progress."""
    sittings = [sitting_on(day) for day in days]
    provisions = exchanges(sittings[0].instruments, sittings[0].registers)
    kept = kept_by_day(provisions, [sitting.standings for sitting in sittings])
    ties: list[Ties] = []
    for number, sitting in enumerate(sittings, 1):
        ties.append(count_ties(sitting, kept[sitting.on]))
        tell(number, len(days))
    return ties
