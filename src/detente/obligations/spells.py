"""Spells: how everybody stands, and what is owed, over a time; each with the days between which that holds.

What is owed on a day is a duty; a spell is the same duty on many days, as long as nothing of it changes but the
day.  Whether it binds on a day, and whether it is met, is for that day to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from typing import TypeVar

import polars as pl

from detente.instruments.standings import Outlook
from detente.instruments.standings import Standings
from detente.obligations.duties import OWED
from detente.obligations.duties import Provisions
from detente.obligations.duties import bound_by
from detente.obligations.duties import counted
from detente.obligations.duties import resolved
from detente.record.timeline import Knowledge

__all__ = ["OF_A_DAY", "Basis", "Walk", "basis", "lasting", "owed"]

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")

Walk = list[tuple[date, date, Mapping[str, Outlook]]]
"""How one instrument stands, by reading: from a day, inclusive, until another, exclusive, step by step."""

_TIME = {"begins": pl.Date(), "beyond": pl.Date()}
_LATER, _SOONER = pl.max_horizontal("begins", "begins_too"), pl.min_horizontal("beyond", "beyond_too")


OF_A_DAY = ("row", "party", "day")
"""What names a day on which the findings of a provision and party may change."""


class Basis(NamedTuple):
    """What spells rest on, from one day until another: what evaluators may look at to tell the days that count."""

    begun: Standings
    """The standings of the first day."""
    beyond: date
    walks: Mapping[str, Walk]
    stands: pl.DataFrame
    """Every standing in every reading, with the days between which it is held."""

    @property
    def knowledge(self) -> Knowledge:
        """What is known, on every day of the time."""
        return self.begun.view.knowledge


def basis(standings_on: Callable[[date], Standings], instruments: Iterable[str], first: date, beyond: date) -> Basis:
    """Return how some instruments stand from a day until another, between which all parties keep their names."""
    walks = {id: list(_steps(standings_on, id, first, beyond)) for id in instruments}
    return Basis(standings_on(first), beyond, walks, _stands(walks))


def _steps(
    standings_on: Callable[[date], Standings], instrument: str, first: date, beyond: date
) -> Iterator[tuple[date, date, Mapping[str, Outlook]]]:
    day = first
    while day < beyond:
        outlook, until = standings_on(day).outlook(instrument)
        until = min(until, beyond)
        yield day, until, outlook
        day = until


def lasting(
    walk: Walk, look: Callable[[str, Outlook], Mapping[_Key, _Value]]
) -> Iterator[tuple[_Key, _Value, date, date]]:
    """Yield what `look` sees in each reading once for all steps on which it is the same, with its days."""
    held: dict[_Key, tuple[_Value, date]] = {}
    end = date.min
    for begins, end_of_step, outlook in walk:
        found = {key: value for reading, told in outlook.items() for key, value in look(reading, told).items()}
        for key in [key for key, (value, _) in held.items() if key not in found or found[key] != value]:
            yield key, *held.pop(key), begins
        for key, value in found.items():
            held.setdefault(key, (value, begins))
        end = end_of_step
    for key, (value, since) in held.items():
        yield key, value, since, end


def _stands(walks: Mapping[str, Walk]) -> pl.DataFrame:
    rows = [
        (id, reading, party, s.standing, s.suspended, s.since, s.until, s.act, begins, beyond)
        for id, walk in walks.items()
        for (reading, party), s, begins, beyond in lasting(
            walk, lambda reading, told: {(reading, party): stand for party, stand in told.stands.items()}
        )
    ]
    schema = {
        "instrument": pl.String(), "reading": pl.String(), "party": pl.String(), "standing": pl.String(),
        "suspended": pl.Date(), "stand_since": pl.Date(), "stand_until": pl.Date(), "stand_act": pl.String(), **_TIME,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def owed(provisions: Provisions, over: Basis, spoken: pl.DataFrame) -> pl.DataFrame:
    """Return what every party owes as long as it is the same, in every reading, but for what nobody has spoken of.

    Columns are those of `duties` without the day and what it tells (`gate`), and `begins` and `beyond`.
    """
    stands = over.stands.filter(pl.col("standing").is_in(OWED)).rename({n: f"{n}_too" for n in _TIME})
    rows = _dated(provisions, over.walks, spoken).join(stands, on=["instrument", "reading"])
    rows = rows.join(spoken, on=["instrument", "provision", "party"], how="left")
    undertaking = pl.col("kind") == "undertaking"
    begins = pl.when(undertaking).then(pl.max_horizontal(_LATER, "said")).otherwise(_LATER)
    rows = rows.filter(~undertaking | pl.col("said").is_not_null())
    rows = rows.with_columns(begins.alias("begins"), _SOONER.alias("beyond")).filter(
        pl.col("begins") < pl.col("beyond")
    )
    members = provisions.members(over.begun.view)
    return counted(bound_by(rows.drop("begins_too", "beyond_too", "said"), members))


def _dated(provisions: Provisions, walks: Mapping[str, Walk], spoken: pl.DataFrame) -> pl.DataFrame:
    """Return the provisions of which somebody may be asked, with the days that they count from, in every reading."""
    said = set(spoken.select("instrument", "provision").iter_rows())
    rows: list[tuple[object, ...]] = []
    for id, numbered in provisions.numbered.items():
        asked = [n for n in numbered if n[1].kind != "undertaking" or (id, n[1].article) in said]
        for reading, known, begins, beyond in lasting(walks[id], lambda reading, told: {reading: told.days}):
            rows += [(row, reading, *(fixed or resolved(p, known)), begins, beyond) for row, p, fixed in asked]
    schema = {
        "row": pl.UInt32(), "reading": pl.String(), "from": pl.Date(), "until": pl.Date(), "first": pl.Date(), **_TIME,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").join(provisions.carried, on="row")
