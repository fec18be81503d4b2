"""Two parties compared: common texts, positions, votes and differing accounts, held against files and agenda."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

import pytest

from detente.errors import DetenteError
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.pair import PairAnswer
from detente.reading.pair import pair
from detente.reading.reading import Reading
from reading.raw import rows_of


@cache
def shipped() -> Casebook:
    return open_casebook()


@cache
def compared(a: str, b: str, on: str, author: str = "") -> PairAnswer:
    return pair(Reading(shipped(), date.fromisoformat(on), according_to=author or None), a, b)


def test_what_holds_both_and_what_holds_one() -> None:
    answer = compared("USA", "RUS", "2018-07-10")
    both = {text.instrument for text in answer.common}
    one = {text.instrument: text for text in answer.one_sided}
    assert {"npt", "new-start", "inf"} <= both
    assert "jcpoa" not in both
    assert one["jcpoa"].holds == "RUS"
    assert one["jcpoa"].standings == ("out", "bound")
    assert not both & set(one)


def test_a_suspended_text_holds_one_and_its_readings_are_told() -> None:
    text = next(t for t in compared("USA", "RUS", "2023-06-01").one_sided if t.instrument == "new-start")
    assert (text.holds, text.standings) == ("USA", ("bound", "suspended"))
    assert {a.reader: a.standings for a in text.apart}["USA"] == ("bound", "bound")
    assert "new-start" in {t.instrument for t in compared("USA", "RUS", "2023-06-01", "USA").common}


def test_who_meets_a_common_provision() -> None:
    """New START II.1: both were within the limits by the data of 2018."""
    text = next(t for t in compared("USA", "RUS", "2018-07-10").common if t.instrument == "new-start")
    central = {p.article: p for p in text.provisions if p.article.startswith("II.1")}
    assert sorted(central) == ["II.1(a)", "II.1(b)", "II.1(c)"]
    for provision in central.values():
        assert [(f.party, f.state) for f in provision.findings if f] == [("USA", "met"), ("RUS", "met")]
    assert [f.value for f in central["II.1(b)"].findings if f] == ["1350", "1444"]


def _votes(year: int) -> tuple[int, int]:
    """Return how many votes of a year both took part in, and in how many they voted alike, by the files alone."""
    cast: dict[str, dict[str, str]] = {}
    for row in rows_of("positions"):
        counted = row["verb"] in ("vote-yes", "vote-no", "vote-abstain") and row["topic"].startswith("unga.")
        if counted and row["on"].startswith(str(year)):
            cast.setdefault(row["topic"], {})[{"SUN": "RUS"}.get(row["author"], row["author"])] = row["verb"]
    both = [votes for votes in cast.values() if {"USA", "RUS"} <= set(votes)]
    return len(both), sum(votes["USA"] == votes["RUS"] for votes in both)


@pytest.mark.parametrize("year", [1946, 1961, 1985, 1999, 2017])
def test_votes_of_a_year_are_counted_as_in_the_files(year: int) -> None:
    found = {vote.year: (vote.both, vote.alike) for vote in compared("USA", "RUS", "2023-06-01").votes}
    assert found.get(year, (0, 0)) == _votes(year)


def test_votes_after_the_day_are_not_counted() -> None:
    assert max(vote.year for vote in compared("USA", "RUS", "1986-10-10").votes) <= 1986


def test_votes_of_a_body_other_than_the_assembly_are_told_one_by_one() -> None:
    """On 26 May 2022 the Council did not adopt a resolution on the DPRK: the US for, Russia against."""
    vote = next(v for v in compared("USA", "RUS", "2023-06-01").votes_elsewhere if v.topic == "unsc.2022-05-26")
    assert vote.votes == ("vote-yes", "vote-no")


def test_positions_stand_side_by_side_with_the_last_word_of_each() -> None:
    topics = {topic.topic: topic for topic in compared("USA", "RUS", "2023-06-01").topics}
    joint = topics["nuclear-war-cannot-be-won"]
    assert joint.relation == "jointly"
    assert all(p and p.on == "2022-01-03" for p in joint.positions)
    assert topics["npt-review-2022-document"].relation == "opposite"
    said = Counter(
        row["author"]
        for row in rows_of("positions", topic="new-start-suspension")
        if row["on"] <= "2023-06-01" and row["author"] in ("USA", "RUS")
    )
    suspension = topics["new-start-suspension"]
    assert [p.times for p in suspension.positions if p] == [said["USA"], said["RUS"]]


def test_topics_of_both_come_before_those_of_one() -> None:
    alone = [None in topic.positions for topic in compared("USA", "IRN", "2025-11-01").topics]
    assert alone == sorted(alone)
    assert any(alone)


def test_differing_findings_are_of_both_authors_and_really_differ() -> None:
    answer = compared("USA", "RUS", "2018-07-10")
    inf = next(d for d in answer.differing if (d.instrument, d.provision, d.party) == ("inf", "IV.1", "RUS"))
    assert [f.state for f in inf.findings if f] == ["not met", "met"]
    for row in answer.differing:
        a, b = row.findings
        assert (a and (a.state, a.value)) != (b and (b.state, b.value))


def test_the_disputes_are_those_of_the_agenda() -> None:
    agenda = Reading(shipped(), date(2018, 7, 10)).agenda("USA", "RUS")
    assert compared("USA", "RUS", "2018-07-10").disputes == agenda.sections[0].items


def test_the_order_of_the_two_is_the_readers() -> None:
    there, back = compared("USA", "IRN", "2018-07-10"), compared("IRN", "USA", "2018-07-10")
    assert there.between == ("USA", "IRN")
    assert back.between == ("IRN", "USA")
    assert [t.standings for t in there.common] == [t.standings[::-1] for t in back.common]
    assert there.ties == back.ties


def test_common_forums_are_those_in_which_both_sit() -> None:
    forums = {row.forum: row.state for row in compared("USA", "RUS", "2018-07-10").forums}
    assert forums["bpc"] == "suspended"
    assert "us-dprk-summits" not in forums
    assert all(state != "not yet" for state in forums.values())


def test_one_party_cannot_be_compared_with_itself() -> None:
    with pytest.raises(DetenteError, match="one party"):
        pair(Reading(shipped(), date(2018, 7, 10)), "RUS", "SUN")
