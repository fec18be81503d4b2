"""Ties: live links between two parties, counted by year; instruments in force, forums that meet, exchanges that run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
import polars as pl

from detente.consultation.sitting import Sitting
from detente.instruments.schema import Instrument

__all__ = ["EXCHANGES", "KINDS", "Ties", "count_ties", "links", "ties_by_year"]

KINDS = ("instruments", "forums", "exchanges")
"""What counts as a tie; each instrument, forum and exchange counts once."""

_NARROW = 6
"""A tie is a link between the two: a text or a body of so many members at the most."""

_UNOFFICIAL = ("track-two",)

EXCHANGES = ("cadence", "notice")
"""The kinds of obligation that an exchange between two parties rests on."""


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


def links(instrument: Instrument) -> bool:
    """Return whether an instrument is of few enough to be a link between two of them."""
    return instrument.membership == "closed" and len(instrument.participants) <= _NARROW


def count_ties(sitting: Sitting) -> Ties:
    """Return the live ties of the sitting's pair on its day.

    An instrument of at most six parties that binds both and is suspended by neither; a forum of at most six
    members that is alive; a report, notice or session that such an instrument requires and that both have
    kept for the last turn.
    """
    held = [
        id
        for id, instrument in sitting.shared.items()
        if sitting.both_bound(id) and sitting.in_force(id) and links(instrument)
    ]
    forums = [
        id
        for id, forum in sitting.sitting_forums.items()
        if sitting.forum_states[id].state == "alive" and len(forum.members) <= _NARROW and forum.kind not in _UNOFFICIAL
    ]
    rows = sitting.findings.filter(
        pl.col("kind").is_in(EXCHANGES)
        & pl.col("instrument").is_in(held)
        & pl.col("party").is_in(list(sitting.pair))
        & (pl.col("author") == "")
        & (pl.col("state") == "met")
    )
    kept = rows.group_by("instrument", "provision", maintain_order=True).agg(pl.col("party").n_unique().alias("n"))
    kept = kept.filter(pl.col("n") == len(sitting.pair))
    exchanges = [f"{id} {article}" for id, article in kept.select("instrument", "provision").iter_rows()]
    treaties = [id for id in held if sitting.instruments[id].binding == "legal"]
    return Ties(sitting.on, held, treaties, forums, exchanges)


def ties_by_year(first: int, last: date, sitting_on: Callable[[date], Sitting]) -> list[Ties]:
    """Return the ties on 31 December of every year from `first`, and on `last` itself."""
    days = [date(year, 12, 31) for year in range(first, last.year)]
    return [count_ties(sitting_on(day)) for day in (*days, last)]
