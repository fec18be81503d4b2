"""A watched day says for how long an answer holds; what is kept by it is what would be computed anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.instruments.standings import Standings
from detente.instruments.standings import tables
from detente.instruments.watched import Memory
from detente.instruments.watched import Watched
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.record.timeline import View

DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31))
COMPARISONS: tuple[Callable[[date, date], bool], ...] = (
    lambda on, turn: on >= turn,
    lambda on, turn: on > turn,
    lambda on, turn: on <= turn,
    lambda on, turn: on < turn,
    lambda on, turn: turn <= on,
    lambda on, turn: turn < on,
    lambda on, turn: turn >= on,
    lambda on, turn: turn > on,
    lambda on, turn: on == turn,
    lambda on, turn: turn == on,
    lambda on, turn: on != turn,
)


@given(DAYS, st.lists(st.tuples(st.sampled_from(COMPARISONS), DAYS | st.just(date.max)), max_size=8))
def test_a_watched_day_compares_as_the_day_itself(on: date, asked: list[tuple[Callable[..., bool], date]]) -> None:
    watched = Watched.of(on)
    assert [compare(watched, turn) for compare, turn in asked] == [compare(on, turn) for compare, turn in asked]
    assert watched.first <= on < watched.beyond


@given(DAYS, st.lists(st.tuples(st.sampled_from(COMPARISONS), DAYS), min_size=1, max_size=8), DAYS)
def test_within_its_period_every_comparison_comes_out_the_same(
    on: date, asked: list[tuple[Callable[..., bool], date]], other: date
) -> None:
    watched = Watched.of(on)
    told = [compare(watched, turn) for compare, turn in asked]
    last = watched.beyond - timedelta(days=1)
    for day in (watched.first, last, min(max(other, watched.first), last)):
        assert [compare(day, turn) for compare, turn in asked] == told


def test_the_period_begins_on_the_day_and_ends_before_the_next() -> None:
    watched = Watched.of(date(2018, 7, 10))
    assert watched >= date(2018, 7, 10)
    assert not watched > date(2018, 7, 10)
    assert (watched.first, watched.beyond) == (date(2018, 7, 10), date(2018, 7, 11))


def test_what_is_remembered_holds_until_the_day_that_would_change_it() -> None:
    memory, asked = Memory(), list[date]()

    def compute(on: Watched) -> str:
        asked.append(on)
        return "in force" if date(2011, 2, 5) <= on < date(2021, 2, 5) else "not in force"

    days = ("2011-02-04", "2011-02-05", "2015-01-01", "2021-02-04", "2021-02-05", "2026-01-01", "2010-01-01")
    told = [memory.recall("pact", date.fromisoformat(day), compute) for day in days]
    assert told == ["not in force", *["in force"] * 3, *["not in force"] * 3]
    assert [day.isoformat() for day in asked] == ["2011-02-04", "2011-02-05", "2021-02-05"]


def test_what_rests_on_something_remembered_holds_no_longer_than_that() -> None:
    memory = Memory()

    def inner(on: Watched) -> bool:
        return on >= date(2018, 1, 1)

    def outer(on: Watched) -> str:
        return "after" if memory.recall("inner", on, inner) else "before"

    assert memory.recall("outer", date(2017, 12, 31), outer) == "before"
    assert memory.recall("outer", date(2018, 1, 1), outer) == "after"
    assert memory.recall("outer", date(2017, 1, 1), outer) == "before"


@pytest.fixture(scope="module")
def casebook() -> Casebook:
    return open_casebook()


def _told(casebook: Casebook, on: date) -> list[object]:
    standings = Standings(View(casebook.record, on), casebook.instruments)
    keys = [(id, reading) for id in casebook.instruments for reading in ("", *standings.readers.get(id, ()))]
    lives = [(standings.life(*key), standings.days(*key)) for key in keys]
    apart = [table.rows() for table in tables(standings.table_apart(*key) for key in keys if key[1])]
    return [keys, lives, standings.frame.rows(), apart]


def test_what_is_kept_is_what_would_be_computed(casebook: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the day before, of and after acts, all read from one memory and then again without any."""
    acts = casebook.record.by_kind("act")
    turns = sorted({day for day in (*acts["on_last"], *acts["effect_last"]) if day and day.year > 1900})
    near = [turn + timedelta(days=n) for turn in turns[7::61] for n in (0, -1, 1)]
    days = sorted(near, key=lambda day: day.toordinal() * 7919 % 10007)
    kept = [_told(casebook, day) for day in days]
    monkeypatch.setattr(Memory, "recall", lambda self, thing, on, compute: compute(Watched.of(on)))
    for day, told in zip(days, kept, strict=True):
        assert _told(casebook, day) == told, day
