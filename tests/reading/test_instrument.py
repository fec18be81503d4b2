"""One instrument on a day: its track, what comes next, its articles, reports and concerns, and an article over time."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from builders import act
from builders import article as article_of
from builders import clean_book
from builders import issue
from builders import limit
from builders import position
from builders import signed_and_in_force
from builders import term
from builders import treaty
from detente.errors import DetenteError
from detente.reading.articles import article
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.history import history
from detente.reading.instrument import InstrumentAnswer
from detente.reading.instrument import instrument
from detente.reading.reading import Reading


@cache
def shipped() -> Casebook:
    return open_casebook()


def read(on: str, author: str | None = None, known: str = "") -> Reading:
    return Reading(shipped(), date.fromisoformat(on), date.fromisoformat(known) if known else None, author)


@cache
def of(id: str, on: str, author: str | None = None) -> InstrumentAnswer:
    return instrument(read(on, author), id)


def told(answer: InstrumentAnswer) -> list[tuple[str, str, str]]:
    """Return the track as (day, what, whose)."""
    return [(str(s.day), s.verb or s.kind, ",".join(s.parties)) for s in answer.track]


def ahead(answer: InstrumentAnswer) -> list[tuple[str, str]]:
    return [(c.kind, str(c.day or "")) for c in answer.coming]


# The track


def test_the_track_of_new_start_is_that_of_its_text_and_its_parties() -> None:
    track = told(of("new-start", "2018-07-10"))
    assert track[:5] == [
        ("2010-04-08", "sign", "RUS"),
        ("2010-04-08", "sign", "USA"),
        ("2011-02-05", "ratify", "RUS"),
        ("2011-02-05", "ratify", "USA"),
        ("2011-02-05", "enter-into-force", ""),
    ]
    # Article II.1: seven years after entry into force.
    limits = next(s for s in of("new-start", "2018-07-10").track if str(s.day) == "2018-02-05")
    assert (limits.kind, limits.articles) == ("begins", ["II.1(a)", "II.1(b)", "II.1(c)"])


def test_parties_are_named_as_they_were_called_on_the_day_of_the_act() -> None:
    assert ("1987-12-08", "sign", "SUN") in told(of("inf", "2018-07-10"))
    assert ("2019-02-02", "suspend", "RUS") in told(of("inf", "2019-03-10"))


def test_a_contested_act_names_who_contests_it_and_does_not_count_for_them() -> None:
    neutral = next(s for s in of("new-start", "2023-06-01").track if s.verb == "suspend")
    assert (str(neutral.day), str(neutral.takes_effect), neutral.counts) == ("2023-02-21", "2023-02-28", True)
    contests = {c.author: c.statement for c in neutral.contested}
    assert contests == {"USA": "new-start.usa.2023-03-15.contest-suspension"}
    assert not next(s for s in of("new-start", "2023-06-01", "USA").track if s.verb == "suspend").counts


def test_before_the_contest_was_known_nobody_contests() -> None:
    answer = instrument(read("2023-03-10", known="2023-03-10"), "new-start")
    assert not next(s for s in answer.track if s.verb == "suspend").contested


def test_an_end_by_term_is_a_step_without_a_statement() -> None:
    last = of("new-start", "2026-11-24").track[-1]
    assert (str(last.day), last.kind, last.verb, last.statement) == ("2026-02-05", "end", "term", "")
    assert of("new-start", "2026-02-04").track[-1].kind != "end"


def test_an_end_on_record_is_not_told_twice() -> None:
    ends = [s for s in of("inf", "2026-11-24").track if str(s.day) == "2019-08-02"]
    assert {s.verb for s in ends} == {"withdraw", "terminate"}
    assert all(s.kind == "act" for s in ends)


def test_another_s_account_of_an_act_is_marked_as_such() -> None:
    other = next(s for s in of("npt", "2018-07-10").track if s.statement == "npt.prk.2003-01-10.three-months")
    assert (other.reading, other.counts) == ("PRESS", False)
    assert of("npt", "2018-07-10", "PRESS").track  # in that reading it counts
    assert next(s for s in of("npt", "2018-07-10", "PRESS").track if s.statement == other.statement).counts


def test_before_it_was_made_an_instrument_has_no_track() -> None:
    answer = of("new-start", "1986-10-10")
    assert (answer.track, answer.coming, answer.standings, answer.declarations) == ([], [], [], [])
    assert len(answer.articles) == len(of("new-start", "2018-07-10").articles)


# What comes next


def test_what_new_start_has_ahead_in_2018() -> None:
    answer = of("new-start", "2018-07-10")
    assert ahead(answer) == [("turn", "2018-10-01"), ("term", "2021-02-05"), ("extension", ""), ("notice", "")]
    extension, notice = answer.coming[2:]
    assert "2026-02-05" in extension.title.en  # Article XIV.2: at most five years more
    assert "2018-10-10" in notice.title.en  # Article XIV.3: three months
    assert [c.must for c in answer.coming] == [True, True, False, False]


def test_once_extended_there_is_no_further_extension() -> None:
    assert "extension" not in dict(ahead(of("new-start", "2023-06-01")))
    assert ("term", "2026-02-05") in ahead(of("new-start", "2023-06-01"))


def test_after_the_end_nothing_comes() -> None:
    assert of("new-start", "2026-11-24").coming == []


def test_notice_of_withdrawal_has_its_day_and_takes_the_treaty_of_two_with_it() -> None:
    answer = of("inf", "2019-03-10")
    assert ("departure", "2019-08-02") in ahead(answer)
    end = next(c for c in answer.coming if c.kind == "term")
    assert (str(end.day), end.title.en) == ("2019-08-02", "With the withdrawal the instrument itself ends")


def test_the_sunsets_of_the_jcpoa_are_those_of_its_annexes() -> None:
    days = {day for kind, day in ahead(of("jcpoa", "2018-07-10")) if kind in ("begins", "ends")}
    # Eight, eight and a half, ten, fifteen, twenty and twenty-five years after Implementation Day, 16 January 2016.
    assert {"2024-01-16", "2024-07-16", "2026-01-16", "2031-01-16", "2036-01-16", "2041-01-16"} <= days


def test_a_turn_that_falls_after_the_end_is_not_ahead() -> None:
    ends = date(2021, 2, 5)
    turns = [c.day for c in of("new-start", "2018-07-10").coming if c.kind == "turn"]
    assert turns
    assert all(day and day < ends for day in turns)


def test_the_ctbt_waits_for_those_who_signed() -> None:
    answer = of("ctbt", "2018-07-10")
    assert {"force", "consent"} <= dict(ahead(answer)).keys()
    waiting = next(c.parties for c in answer.coming if c.kind == "consent")
    assert {"USA", "CHN", "EGY", "IRN", "ISR"} <= set(waiting)  # five of the eight missing of Annex 2 have signed
    assert not {"RUS", "GBR", "FRA", "IND", "PAK", "PRK"} & set(waiting)


def small(folder: Path, *, contested: bool) -> Casebook:
    end = act("terminate", "2015-01-01", "")
    statements = {"acts": [*signed_and_in_force("2011-02-05"), end]}
    if contested:
        statements["positions"] = [position(who, "contest", "2015-02-01", end["id"]) for who in ("USA", "GBR")]
    law = treaty("pact", limit("II"), article_of("V", "undertaking"), term(duration="P10Y", notice="P3M"))
    return clean_book(folder, issues=[issue()], treaties=[law], statements=statements)


def test_what_comes_in_some_readings_alone_names_them_all(tmp_path: Path) -> None:
    answer = instrument(Reading(small(tmp_path / "contested", contested=True), date(2016, 1, 1)), "pact")
    assert [(c.kind, c.readings) for c in answer.coming] == [("term", ["GBR", "USA"]), ("notice", ["GBR", "USA"])]
    assert instrument(Reading(small(tmp_path / "agreed", contested=False), date(2016, 1, 1)), "pact").coming == []


# How it stands


def test_two_readings_of_resolution_2231_stand_side_by_side() -> None:
    rows = {row.reading: row for row in of("unscr-2231", "2025-11-01").status}
    assert (rows[""].in_force, str(rows[""].ended)) == (False, "2025-10-18")
    assert {"USA", "GBR", "FRA", "DEU", "E3"} <= rows.keys()
    assert all(rows[reader].in_force for reader in rows if reader)


def test_russia_is_suspended_in_the_common_reading_and_bound_in_that_of_the_united_states() -> None:
    stands = {(s.party, s.reading): s.standing for s in of("new-start", "2023-06-01").standings}
    assert stands["RUS", ""] == "suspended"
    assert stands["RUS", "USA"] == "bound"
    assert stands["USA", ""] == "bound"


# Articles


def test_articles_stand_in_the_order_of_the_text_with_their_days() -> None:
    rows = of("new-start", "2018-07-10").articles
    law = shipped().instruments["new-start"]
    assert [row.article for row in rows] == [p.article for p in law.provision]
    limit_ = next(row for row in rows if row.article == "II.1(b)")
    assert (str(limit_.begins), limit_.parameters["at_most"], limit_.counts) == ("2018-02-05", 1550, {"met": 2})
    # The aggregate numbers of 5 February 2018, as both sides published them.
    assert {f.party: f.value for f in limit_.findings} == {"RUS": "1444", "USA": "1350"}


def test_an_article_that_no_obligation_carries_says_why() -> None:
    for id in ("new-start", "npt", "inf"):
        for row in of(id, "2018-07-10").articles:
            assert (row.kind == "none") == bool(row.why.en)
            assert not (row.kind == "none" and row.findings)


def test_of_many_parties_the_counts_are_told_and_the_disputed_named() -> None:
    frame = read("2018-07-10").findings("npt")
    for row in of("npt", "2018-07-10").articles:
        common = frame.filter((pl.col("provision") == row.article) & (pl.col("author") == ""))
        assert row.parties == common["party"].n_unique()
        assert row.counts == {s: n for s, n in common["state"].value_counts().iter_rows() if n}
        if row.parties > 12:
            unmet = set(common.filter(pl.col("state") == "not met")["party"])
            assert unmet <= {f.party for f in row.findings}
            assert len(row.findings) < row.parties
    second = next(row for row in of("npt", "2018-07-10").articles if row.article == "II")
    assert {f.party for f in second.findings if f.author == "RUS"} == {"BEL", "DEU", "ITA", "NLD", "TUR"}


def test_the_findings_on_one_instrument_are_those_of_all() -> None:
    whole, one = read("2019-05-05"), read("2019-05-05")
    for id in ("new-start", "inf", "npt", "jcpoa", "unsc-prk-measures", "antarctic-treaty"):
        assert one.findings_on(id).equals(whole.all_findings.filter(pl.col("instrument") == id))
    assert "all_findings" not in one.__dict__


# Declarations and concerns


def test_the_declarations_of_september_2022_and_russia_s_account_of_the_other_side() -> None:
    found = {(d.measure, d.party, d.author): d.value for d in of("new-start", "2022-10-01").declarations if not d.item}
    published = {
        "RUS": {"deployed-delivery-vehicles": "540", "deployed-warheads": "1549", "launchers": "759"},
        "USA": {"deployed-delivery-vehicles": "659", "deployed-warheads": "1420", "launchers": "800"},
    }
    for party, values in published.items():
        for measure, value in values.items():
            assert found[measure, party, party] == value
    assert int(found["launchers", "USA", "RUS"]) - int(found["launchers", "USA", "USA"]) == 101


def test_a_withheld_report_has_no_value() -> None:
    withheld = next(
        d for d in of("new-start", "2023-06-01").declarations if (d.measure, d.party) == ("launchers", "RUS")
    )
    assert (withheld.on, withheld.value, withheld.silence) == ("2023-03-01", "", "withheld")


def test_what_an_article_is_judged_by_comes_first() -> None:
    judged = [bool(d.articles) for d in of("new-start", "2018-07-10").declarations]
    assert judged == sorted(judged, reverse=True)
    assert True in judged
    assert False in judged


def test_concerns_are_told_by_topic_with_their_state() -> None:
    topics = {topic.topic: topic for topic in of("inf", "2018-07-10").concerns}
    missile = topics["9m729"]
    assert missile.open
    assert set(missile.articles) == {"VI.1(a)", "IV.1"}
    assert [(c.author, c.party, c.state, str(c.answered)) for c in missile.cases] == [
        ("USA", "RUS", "open", "2018-03-01")
    ]
    past = topics["ss-23"]
    assert not past.open
    assert [(c.state, str(c.since), str(c.until)) for c in past.cases] == [("resolved", "1990-03-07", "2005-10-01")]
    assert [t.open for t in topics.values()] == sorted((t.open for t in topics.values()), reverse=True)


def test_the_bodies_are_those_whose_charter_names_it_its_own_first() -> None:
    assert next(b.forum for b in of("new-start", "2018-07-10").bodies) == "bcc"
    # The Commission was set up by the treaty itself.
    assert "bcc" not in {b.forum for b in of("new-start", "2010-01-01").bodies}


def test_an_unknown_instrument_is_refused_with_near_names() -> None:
    with pytest.raises(DetenteError) as fault:
        instrument(read("2018-07-10"), "new star")
    assert "new-start" in fault.value.remedy


# One article


def test_one_article_knows_its_neighbours_and_its_evidence() -> None:
    answer = article(read("2018-07-10"), "new-start", "II.1(b)")
    assert (answer.before, answer.after, answer.many) == ("II.1(a)", "II.1(c)", False)
    assert {e.statement for e in answer.evidence} == {id for f in answer.findings for id in f.evidence}
    assert article(read("2018-07-10"), "new-start", "I.1").before == ""


def test_an_article_of_many_parties_gives_those_of_one() -> None:
    answer = article(read("2018-07-10"), "npt", "VI", "USA")
    assert answer.many
    assert {f.party for f in answer.findings} == {"USA"}
    assert {f.author for f in answer.findings} == {"", "MHL"}  # the Marshall Islands' case of 2014


def test_an_unknown_article_is_refused_with_those_near_it() -> None:
    with pytest.raises(DetenteError) as fault:
        article(read("2018-07-10"), "new-start", "II.9")
    assert "II.1(b)" in fault.value.remedy


# Histories: the statements and days that a provision rests on are enough


_PAST = [
    ("new-start", "Part Four.II.2", ""),
    ("incsea", "IX", ""),
    ("launch-notification-1988", "I", ""),
    ("lisbon-protocol", "V", ""),
    ("npt", "III.4(a)", "IRN"),
    ("npt", "X.1", "PRK"),
    ("cppnm", "16.1", "KEN"),
    ("jcpoa", "I.56", ""),
    ("unscr-2231", "4-5", ""),
    ("inf", "XI.5, years 4-8", ""),
    ("start-i", "XVII.2", ""),
]


@cache
def past(id: str, article_: str, party: str) -> list[tuple[date, date | None, tuple[str, str, str, str, str | None]]]:
    rows = history(read("2026-11-24"), id, article_, party or None).rows
    return [(r.from_, r.until, (r.party, r.author, r.state, r.reason, r.value)) for r in rows]


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(on=st.dates(date(1960, 1, 1), date(2026, 11, 24)))
def test_a_history_of_any_kind_of_obligation_equals_the_findings_of_any_day(on: date) -> None:
    reading = Reading(shipped(), on)
    for id, article_, party in _PAST:
        then = {
            held for begins, ends, held in past(id, article_, party) if begins <= on and (ends is None or on < ends)
        }
        frame = reading.findings_on(id).filter(pl.col("provision") == article_)
        if party:
            frame = frame.filter(pl.col("party") == party)
        found = set(frame.select("party", "author", "state", "reason", "value").iter_rows())
        assert then == found, (id, article_)


def test_a_history_is_worked_out_for_a_day_as_it_is_for_a_later_one() -> None:
    on = date(2019, 3, 10)
    early = history(read(on.isoformat()), "inf", "VI.1(a)").rows
    late = [r for r in history(read("2026-11-24"), "inf", "VI.1(a)").rows if r.from_ <= on]
    assert [(r.party, r.author, r.from_, r.state) for r in early] == [
        (r.party, r.author, r.from_, r.state) for r in late
    ]
