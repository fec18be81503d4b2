"""What was heard of each party, in the order of the days: made once for a state of knowledge, asked for any day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date
from typing import NamedTuple

import polars as pl

from detente.record.statements import KINDS
from detente.record.timeline import Knowledge

__all__ = ["Heard", "Series", "Sign", "heard"]


class Sign(NamedTuple):
    """One statement as the sign that somebody was heard of."""

    day: date
    id: str
    kind: str
    verb: str
    author: str
    on: str


class Series:
    """Signs in the order of their days."""

    def __init__(self, signs: list[Sign]) -> None:
        self._signs = sorted(signs)
        self._days = [sign.day for sign in self._signs]

    def until(self, on: date) -> list[Sign]:
        """Return the signs whose day has come, oldest first."""
        return self._signs[: bisect_right(self._days, on)]

    def last(self, on: date) -> Sign | None:
        """Return the last sign whose day has come."""
        at = bisect_right(self._days, on)
        return self._signs[at - 1] if at else None


class Heard(NamedTuple):
    """Four series by party."""

    words: dict[str, Series]
    """Every statement by the party, and every act that is told in its name."""
    own: dict[str, Series]
    """Its reports on itself."""
    told: dict[str, Series]
    """The reports of others on it; what is told of several at once is no account of any of them."""
    tells: dict[str, Series]
    """Its reports on others."""


def heard(knowledge: Knowledge) -> Heard:
    """Return what is heard of every party, on whatever day."""
    words, own, told, tells = (defaultdict[str, list[Sign]](list) for _ in range(4))
    for kind in KINDS:
        rows = knowledge.of(kind).frame
        cells = rows.select("on_last", "id", "kind", pl.col("verb").fill_null(""), "author", "on", "party")
        for *sign, named in cells.iter_rows():
            said = Sign(*sign)
            parties = named.split(";") if named else []
            words[said.author].append(said)
            if kind == "act":
                for party in parties:
                    if party != said.author:
                        words[party].append(said)
            elif kind == "report":
                if said.author in parties:
                    own[said.author].append(said)
                else:
                    tells[said.author].append(said)
                if len(parties) == 1 and parties[0] != said.author:
                    told[parties[0]].append(said)
    return Heard(*({party: Series(signs) for party, signs in of.items()} for of in (words, own, told, tells)))
