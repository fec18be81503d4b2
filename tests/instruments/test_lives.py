from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import Table
from builders import instrument
from builders import term
from detente.instruments.lives import Act
from detente.instruments.lives import Life
from detente.instruments.lives import departure
from detente.instruments.lives import live
from detente.instruments.lives import moment
from detente.record.dates import add_period


def day(text: str) -> date:
    return date.fromisoformat(text)


def act(verb: str, on: str, party: str = "", effect: str = "", period: str = "") -> Act:
    return Act(f"{verb}.{on}", "pact", verb, party, day(on), day(effect or on), period, party or "USA")


SIGNED = (act("sign", "2010-04-08", "USA"), act("sign", "2010-04-08", "RUS"))
IN_FORCE = (*SIGNED, act("enter-into-force", "2011-02-05"))
TEN_YEARS: Table = {"duration": "P10Y", "extension": {"at_most": "P5Y"}, "notice": "P3M"}


def life(on: str, *acts: Act, article: Table | None = None, **more: object) -> Life:
    provisions = [] if article is None else [term(**article)]
    ordered = sorted(acts, key=moment)
    return live(instrument("pact", *provisions, **more), ordered, day(on))


def test_of_what_nothing_is_on_record_nothing_is_known() -> None:
    found = life("2018-01-01", article=TEN_YEARS)
    assert (found.opened, found.since, found.ends, found.ended) == (None, None, None, None)
    assert not found.in_force(day("2018-01-01"))
    assert found.days() == {}


def test_a_signature_opens_but_does_not_bring_into_force() -> None:
    found = life("2010-12-31", *SIGNED, article=TEN_YEARS)
    assert found.opened == day("2010-04-08")
    assert found.since is None
    assert found.ends is None


@pytest.mark.parametrize("verb", ["open", "adopt"])
def test_the_first_opening_counts(verb: str) -> None:
    found = life("2000-01-01", act(verb, "1996-09-24"), act("sign", "1996-09-25", "USA"))
    assert found.opened == day("1996-09-24")


def test_entry_into_force_is_on_its_day() -> None:
    assert not life("2011-02-04", *IN_FORCE).in_force(day("2011-02-04"))
    found = life("2011-02-05", *IN_FORCE)
    assert found.in_force(day("2011-02-05"))
    assert found.days() == {"opening": day("2010-04-08"), "entry-into-force": day("2011-02-05")}


def test_a_partys_own_entry_brings_into_force_once() -> None:
    entries = (act("enter-into-force", "1970-03-05", "USA"), act("enter-into-force", "1971-01-01", "DEU"))
    assert life("1980-01-01", *entries).since == day("1970-03-05")


def test_a_political_text_is_in_force_from_its_signature() -> None:
    found = life("1994-12-05", act("sign", "1994-12-05", "USA"), binding="political")
    assert found.since == day("1994-12-05")
    assert life("1994-12-05", act("join", "1994-12-05", "USA"), binding="political").since == day("1994-12-05")
    assert life("1994-12-05", act("join", "1994-12-05", "USA")).since is None


def test_a_term_ends_on_its_boundary_day() -> None:
    before, on = (life(text, *IN_FORCE, article=TEN_YEARS) for text in ("2021-02-04", "2021-02-05"))
    assert (before.ends, before.ended) == (day("2021-02-05"), None)
    assert before.in_force(day("2021-02-04"))
    assert (on.ended, on.how) == (day("2021-02-05"), "term")
    assert not on.in_force(day("2021-02-05"))


def test_a_life_that_has_ended_was_in_force_until_then() -> None:
    found = life("2022-01-01", *IN_FORCE, article=TEN_YEARS)
    assert found.in_force(day("2021-02-04"))
    assert not found.in_force(day("2021-02-05"))
    assert not found.in_force(day("2011-02-04"))


EXTENDED = act("extend", "2021-02-03", period="P5Y")


def test_an_extension_counts_from_the_end_not_from_its_own_day() -> None:
    found = life("2021-02-05", *IN_FORCE, EXTENDED, article=TEN_YEARS)
    assert (found.ends, found.extensions, found.ended) == (day("2026-02-05"), 1, None)


def test_an_extension_is_not_foreseen() -> None:
    assert life("2021-02-02", *IN_FORCE, EXTENDED, article=TEN_YEARS).ends == day("2021-02-05")


def test_an_extended_term_ends_on_its_boundary_day() -> None:
    assert life("2026-02-04", *IN_FORCE, EXTENDED, article=TEN_YEARS).ended is None
    assert life("2026-02-05", *IN_FORCE, EXTENDED, article=TEN_YEARS).ended == day("2026-02-05")


def test_extensions_add_up() -> None:
    more = act("extend", "2025-01-01", period="P1Y")
    found = life("2025-06-01", *IN_FORCE, EXTENDED, more, article=TEN_YEARS)
    assert (found.ends, found.extensions) == (day("2027-02-05"), 2)


def test_what_has_no_term_is_extended_from_the_act() -> None:
    found = life("2021-06-01", *IN_FORCE, EXTENDED)
    assert found.ends == day("2026-02-03")


def test_an_unlimited_term_has_no_end() -> None:
    found = life("2100-01-01", *IN_FORCE, article={"duration": "", "notice": "P6M"})
    assert (found.ends, found.ended) == (None, None)


def test_a_renewal_goes_on_of_itself() -> None:
    renewed: Table = {"duration": "P5Y", "renewal": "P5Y"}
    assert life("2016-02-04", *IN_FORCE, article=renewed).ends == day("2016-02-05")
    found = life("2016-02-05", *IN_FORCE, article=renewed)
    assert (found.ends, found.ended) == (day("2021-02-05"), None)
    assert life("2033-01-01", *IN_FORCE, article=renewed).ends == day("2036-02-05")


def test_a_fixed_end_is_that_of_the_text() -> None:
    fixed: Table = {"until": "2012-12-31", "duration": "P10Y"}
    assert life("2012-12-30", *IN_FORCE, article=fixed).ended is None
    assert life("2012-12-31", *IN_FORCE, article=fixed).ended == day("2012-12-31")


def test_a_fixed_end_may_be_approximate() -> None:
    assert life("2013-01-01", *IN_FORCE, article={"until": "2012-12"}).ended == day("2012-12-31")


def test_a_fixed_end_may_count_from_another_day() -> None:
    until = {"after": "entry-into-force", "period": "P3Y"}
    assert life("2015-01-01", *IN_FORCE, article={"until": until}).ended == day("2014-02-05")


@pytest.mark.parametrize("verb", ["expire", "terminate", "supersede", "complete"])
def test_an_act_of_the_whole_ends_it(verb: str) -> None:
    ended = act(verb, "2015-06-01")
    assert life("2015-05-31", *IN_FORCE, ended, article=TEN_YEARS).ended is None
    found = life("2015-06-01", *IN_FORCE, ended, article=TEN_YEARS)
    assert (found.ended, found.how) == (day("2015-06-01"), verb)
    assert found.evidence[-1] == ended.id


def test_the_first_end_counts() -> None:
    found = life("2022-01-01", *IN_FORCE, act("terminate", "2015-06-01"), act("supersede", "2016-01-01"))
    assert (found.ended, found.how) == (day("2015-06-01"), "terminate")


def test_what_ended_is_not_extended() -> None:
    found = life("2022-01-01", *IN_FORCE, act("terminate", "2015-06-01"), EXTENDED, article=TEN_YEARS)
    assert (found.extensions, found.ended) == (0, day("2015-06-01"))


def test_the_term_ends_it_before_an_act_that_comes_later() -> None:
    found = life("2022-01-01", *IN_FORCE, act("terminate", "2021-06-01"), article=TEN_YEARS)
    assert (found.ended, found.how) == (day("2021-02-05"), "term")


def test_what_ended_may_be_reinstated() -> None:
    back = act("reinstate", "2016-01-01")
    found = life("2016-01-01", *IN_FORCE, act("terminate", "2015-06-01"), back)
    assert (found.since, found.ended, found.how) == (day("2016-01-01"), None, "")


def test_an_act_counts_from_its_effect() -> None:
    later = act("terminate", "2015-01-01", effect="2015-06-01")
    assert life("2015-05-31", *IN_FORCE, later).ended is None
    assert life("2015-06-01", *IN_FORCE, later).ended == day("2015-06-01")


SIX_MONTHS: Table = {"duration": "", "notice": "P6M"}
NOTICE = act("give-notice", "2019-02-02", "USA")


def test_an_instrument_of_two_ends_when_one_is_out() -> None:
    running = life("2019-08-01", *IN_FORCE, NOTICE, article=SIX_MONTHS)
    assert (running.ends, running.ended) == (day("2019-08-02"), None)
    gone = life("2019-08-02", *IN_FORCE, NOTICE, article=SIX_MONTHS)
    assert (gone.ended, gone.how) == (day("2019-08-02"), "withdraw")
    assert gone.evidence[-1] == NOTICE.id


def test_of_two_departures_the_first_ends_it() -> None:
    other = act("give-notice", "2019-03-04", "RUS")
    found = life("2020-01-01", *IN_FORCE, NOTICE, other, article=SIX_MONTHS)
    assert found.ended == day("2019-08-02")


def test_a_notice_is_taken_back_until_it_takes_effect() -> None:
    back = act("resume", "2019-08-01", "USA")
    assert life("2020-01-01", *IN_FORCE, NOTICE, back, article=SIX_MONTHS).ended is None
    late = act("resume", "2019-08-02", "USA")
    assert life("2020-01-01", *IN_FORCE, NOTICE, late, article=SIX_MONTHS).ended == day("2019-08-02")


def test_another_party_takes_no_notice_back() -> None:
    back = act("resume", "2019-08-01", "RUS")
    assert life("2020-01-01", *IN_FORCE, NOTICE, back, article=SIX_MONTHS).ended == day("2019-08-02")


@pytest.mark.parametrize("verb", ["give-notice", "withdraw"])
def test_a_notice_with_a_stated_effect_is_taken_back_too(verb: str) -> None:
    stated = act(verb, "2019-02-02", "USA", effect="2019-08-02")
    back = act("resume", "2019-06-01", "USA")
    assert life("2020-01-01", *IN_FORCE, stated, back, article=SIX_MONTHS).ended is None


@pytest.mark.parametrize(
    "more", [{"participants": ["USA", "RUS", "GBR"]}, {"membership": "open"}, {"membership": "all"}]
)
def test_an_instrument_of_more_goes_on_without_one(more: Table) -> None:
    assert life("2020-01-01", *IN_FORCE, NOTICE, article=SIX_MONTHS, **more).ended is None


def test_a_departure_before_the_terms_end_ended_it() -> None:
    leaving = act("give-notice", "2014-02-05", "USA")
    found = life("2022-01-01", *IN_FORCE, leaving, article=TEN_YEARS)
    assert (found.ended, found.how) == (day("2014-05-05"), "withdraw")


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (act("withdraw", "2001-12-13", "USA"), "2001-12-13"),
        (act("withdraw", "2001-12-13", "USA", effect="2002-06-13"), "2002-06-13"),
        (act("give-notice", "2001-12-13", "USA"), "2002-06-13"),
        (act("give-notice", "2001-12-13", "USA", effect="2002-07-01"), "2002-07-01"),
        (act("suspend", "2001-12-13", "USA"), ""),
        (act("revoke-ratification", "2001-12-13", "USA"), ""),
    ],
)
def test_when_a_departure_takes_effect(made: Act, wanted: str) -> None:
    found = departure(instrument("pact", term(**SIX_MONTHS)), made)
    assert found == (day(wanted) if wanted else None)


def test_a_notice_under_a_text_that_says_no_period_has_no_day() -> None:
    assert departure(instrument(), NOTICE) is None
    assert departure(instrument("pact", term()), NOTICE) is None


def test_the_evidence_of_a_life_is_its_own() -> None:
    first, second = life("2012-01-01", *IN_FORCE), life("2010-12-31", *SIGNED)
    assert first.evidence == ["enter-into-force.2011-02-05"]
    assert second.evidence == []


DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@given(DAYS, st.integers(1, 20), st.lists(st.integers(1, 5), max_size=3), DAYS)
def test_a_term_and_its_extensions_are_half_open(start: date, years: int, more: list[int], on: date) -> None:
    acts = [act("enter-into-force", start.isoformat())]
    acts += [act("extend", start.isoformat(), period=f"P{number}Y") for number in more]
    end = add_period(start, f"P{years}Y")
    for number in more:
        end = add_period(end, f"P{number}Y")
    found = life(on.isoformat(), *acts, article={"duration": f"P{years}Y"})
    assert found.in_force(on) == (start <= on < end)
    assert found.ended == (end if end <= on else None)


@given(DAYS, st.integers(1, 10), DAYS)
def test_a_renewed_term_always_ends_later(start: date, years: int, on: date) -> None:
    found = life(
        on.isoformat(),
        act("enter-into-force", start.isoformat()),
        article={"duration": f"P{years}Y", "renewal": f"P{years}Y"},
    )
    assert found.in_force(on) == (start <= on)
    assert found.ends is None or found.ends > on
