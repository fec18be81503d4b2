"""Clocks of notifications: receipt, countersignature, tacit consent, delayed effect, and the day each turns."""

from __future__ import annotations

from datetime import date
from datetime import timedelta

import pytest

from builders import article
from builders import instrument
from depositary.sides import START
from depositary.sides import Side
from depositary.sides import later
from detente.depositary.clocks import Notification
from detente.depositary.clocks import notifications
from detente.depositary.keep import books_of
from detente.ledger.stores import FolderStore
from detente.ledger.sync import sync
from detente.reading.books import had_by

LAW = {
    "pact": instrument(
        "pact",
        article("I", "notice", of="elimination", timing="after", period="P5D", clock="receipt"),
        article("II", "notice", of="exercise", timing="before", period="P30D", clock="receipt", effect="tacit-consent"),
        article("III", "notice", of="exercise", timing="before", period="P1M", clock="receipt", effect="delayed"),
        article("IV", "notice", of="exercise", timing="before", period="P45D", clock="event", effect="delayed"),
    )
}
DAY = START.date()


def _on(days: int) -> date:
    return DAY + timedelta(days=days)


def _notify(side: Side, article: str, **more: str) -> None:
    side.write(
        "notice", {"verb": "change", "party": side.party, "instrument": "pact", "provision": article, **more}, "n"
    )


def _seen(side: Side, on: date) -> Notification:
    (found,) = notifications(books_of(side.book), had_by(side.book), LAW, on)
    return found


def _exchanged(atl: Side, lem: Side, article: str, received: float = 2, **more: str) -> None:
    """Atlantis notifies, and Lemuria logs the receipt so many days later; both then have both books."""
    _notify(atl, article, **more)
    lem.fetch(atl)
    lem.acknowledge(atl, "n", at=later(received))
    atl.fetch(lem)


def test_a_notification_carries_what_the_other_side_must_know(atl: Side, lem: Side) -> None:
    _exchanged(atl, lem, "I", en="A base.", ru="База.", event_on="2026-02-27", refs="lem.before;atl.y")
    for side in (atl, lem):
        found = _seen(side, _on(2))
        assert (found.id, found.author, found.type) == ("atl.n", "ATL", "pact/I")
        assert (found.en, found.ru, found.event_on, found.refs) == (
            "A base.",
            "База.",
            "2026-02-27",
            ("lem.before", "atl.y"),
        )
        assert (found.sent, found.logged, found.received) == (START, START, later(2))
        assert (found.by_receipt, found.state, found.until) == (True, "received", None)


def test_before_the_receipt_it_is_not_received_and_before_its_day_it_is_not_there(atl: Side, lem: Side) -> None:
    _exchanged(atl, lem, "II")
    assert (_seen(lem, _on(1)).state, _seen(lem, _on(1)).received) == ("unreceived", None)
    assert notifications(books_of(lem.book), {}, LAW, _on(-1)) == []


@pytest.mark.parametrize(("article", "before", "after"), [("II", "open", "agreed"), ("III", "pending", "in-effect")])
def test_the_period_runs_from_receipt_and_turns_on_its_last_day(
    atl: Side, lem: Side, article: str, before: str, after: str
) -> None:
    _exchanged(atl, lem, article)
    until = _on(2) + timedelta(days=30) if article == "II" else date(2026, 4, 3)
    for side in (atl, lem):
        assert (_seen(side, until - timedelta(days=1)).state, _seen(side, until).until) == (before, until)
        assert _seen(side, until).state == after


def test_a_clock_that_runs_from_the_event_does_not_ask_when_it_was_received(atl: Side, lem: Side) -> None:
    _exchanged(atl, lem, "IV", event_on="2026-05-01")
    assert (_seen(lem, date(2026, 6, 14)).state, _seen(lem, date(2026, 6, 15)).state) == ("pending", "in-effect")


def test_an_event_on_no_day_leaves_the_clock_to_the_receipt(atl: Side, lem: Side) -> None:
    _exchanged(atl, lem, "IV", event_on="soon")
    assert _seen(lem, _on(3)).until == _on(2) + timedelta(days=45)


def _object(side: Side, at: float, verb: str = "reject", id: str = "o") -> None:
    cells = {"verb": verb, "topic": "n", "refs": "atl.n", "issue": "arms", "on": "2026-03-01"}
    side.submit(side.draft("position", cells, id), now=later(at))


def test_an_objection_in_time_breaks_the_silence(atl: Side, lem: Side) -> None:
    _exchanged(atl, lem, "II")
    _object(lem, 31)
    atl.fetch(lem)
    assert _seen(atl, _on(30)).state == "open"
    assert (_seen(atl, _on(31)).state, _seen(atl, _on(31)).replies) == ("objected", ("lem.o",))
    assert _seen(atl, _on(99)).state == "objected"


@pytest.mark.parametrize("days", [32, 60])
def test_an_objection_after_the_silence_has_ended_comes_too_late(atl: Side, lem: Side, days: int) -> None:
    _exchanged(atl, lem, "II")
    _object(lem, days)
    atl.fetch(lem)
    assert _seen(atl, _on(days)).state == "agreed"


def test_agreement_in_words_and_an_objection_of_ones_own_break_no_silence(atl: Side, lem: Side) -> None:
    _exchanged(atl, lem, "II")
    _object(lem, 5, "accept")
    _object(atl, 6, "reject", "own")
    atl.fetch(lem)
    assert _seen(atl, _on(7)).state == "open"
    assert _seen(atl, _on(7)).replies == ("lem.o", "atl.own")


def test_without_a_receipt_a_countersignature_shows_that_it_was_in_hand(atl: Side, lem: Side) -> None:
    _notify(atl, "II")
    assert _seen(atl, _on(3)).state == "unreceived"
    for at in (3, 40):  # a later countersignature moves no clock
        lem.countersign(atl, later(at))
        sync(atl.book, "lem", FolderStore(lem.book.served), now=later(at))
        lem.fetch(atl)
        for side in (atl, lem):
            found = _seen(side, _on(at))
            assert (found.received, found.by_receipt, found.until) == (later(3), False, _on(33))
    lem.acknowledge(atl, "n", at=later(50))
    assert _seen(lem, _on(49)).received == later(3)


def test_a_countersignature_of_less_than_the_notification_shows_nothing(atl: Side, lem: Side) -> None:
    lem.countersign(atl, later(1))
    atl.fetch(lem)
    _notify(atl, "II")
    assert _seen(atl, _on(9)).state == "unreceived"


def test_the_first_receipt_counts_and_only_the_other_sides(atl: Side, lem: Side) -> None:
    _exchanged(atl, lem, "II")
    own = {"of": "atl.n", "origin": atl.book.origin}
    atl.force(atl.note(atl.draft("receipt", own, "own")), at=later(2.1))
    lem.force(lem.note(lem.draft("receipt", own, "again")), at=later(20))
    atl.fetch(lem)
    lem.fetch(atl)
    for side in (atl, lem):
        assert _seen(side, _on(30)).received == later(2)


def test_under_no_instrument_that_is_known_no_clock_runs(atl: Side, lem: Side) -> None:
    _exchanged(atl, lem, "IX")
    assert (_seen(atl, _on(99)).state, _seen(atl, _on(99)).until) == ("received", None)
