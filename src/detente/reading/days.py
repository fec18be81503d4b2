"""Turning days: the days on which something changed between two parties, so that a reader can step through them."""

from __future__ import annotations

from datetime import date

import polars as pl

from detente.instruments.standings import Standings
from detente.reading.casebook import Casebook
from detente.reading.reading import FIRST_DAY
from detente.reading.reading import party_named
from detente.record.timeline import View

__all__ = ["turning_days"]

_KINDS = ("act", "forum-act", "meeting", "report", "concern", "position", "commitment")
_LATER = date(2100, 1, 1)
"""A day by which every term that runs today has ended."""


def turning_days(casebook: Casebook, a: str, b: str) -> list[date]:
    """Return, in order, every day on which either party acted, spoke or reported, or a text of theirs began or ended.

    Votes are left out (hundreds fall on one day of a session), and so are acts of others to texts of many.
    """
    registers = casebook.record.registers
    pair = (party_named(registers, a, _LATER), party_named(registers, b, _LATER))
    names = {name for party in pair for name in (party, registers.at(party, FIRST_DAY))}
    frame = casebook.record.frame.filter(pl.col("kind").is_in(_KINDS) & ~pl.col("verb").is_in(_VOTES).fill_null(False))
    whole_name = rf"\b({'|'.join(sorted(names))})\b"
    about = pl.col("author").is_in(sorted(names)) | pl.col("party").str.contains(whole_name)
    theirs = frame.filter(about.fill_null(value=False))
    texts = set(theirs.filter(pl.col("kind") == "act")["instrument"].unique()) - {None}
    whole = frame.filter((pl.col("kind") == "act") & pl.col("party").is_null() & pl.col("instrument").is_in(texts))
    moved = pl.concat([theirs, whole])
    days = {*moved["on_last"], *moved["effect_last"]}
    standings = Standings(View(casebook.record, _LATER), {id: casebook.instruments[id] for id in sorted(texts)})
    for id in texts:
        life = standings.life(id, "")
        days |= {life.since, life.ended}
    return sorted(day for day in days if day)


_VOTES = ("vote-yes", "vote-no", "vote-abstain", "vote-absent")
