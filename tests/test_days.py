"""Acceptance on real days: the agenda, computed from the shipped casebook, that an expert of that day would know."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

import detente
from detente.consultation.item import Agenda
from detente.consultation.item import Item
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.reading import Reading


@cache
def book() -> Casebook:
    return open_casebook()


@cache
def reading(on: str, known_by: str | None = None, according_to: str | None = None) -> Reading:
    return detente.read(on, known_by, according_to, casebook=book())


@cache
def agenda(on: str, pair: tuple[str, str] = ("USA", "RUS"), known_by: str | None = None) -> Agenda:
    return reading(on, known_by).agenda(*pair)


def item(on: str, id: str, pair: tuple[str, str] = ("USA", "RUS"), known_by: str | None = None) -> Item:
    found = {i.id: i for i in agenda(on, pair, known_by).items()}
    assert id in found, f"{id} is not on the agenda of {on}; it has {sorted(found)}"
    return found[id]


def ids(on: str, pair: tuple[str, str] = ("USA", "RUS"), known_by: str | None = None) -> set[str]:
    return {i.id for i in agenda(on, pair, known_by).items()}


HELSINKI = "2018-07-10"


def test_new_start_ends_941_days_on_with_one_extension_open() -> None:
    term = item(HELSINKI, "due.new-start.term")
    assert term.until == date(2021, 2, 5)
    assert "941 days" in term.why.en
    assert "941" in term.why.ru
    assert "One extension of up to 5 years is open" in term.why.en
    assert term.forum is not None
    assert (term.forum.id, term.forum.state) == ("bcc", "alive")


def test_both_met_the_limits_of_february_2018() -> None:
    limits = item(HELSINKI, "common.new-start.limits")
    told = {(party, f["provision"]): f["value"] for party in ("USA", "RUS") for f in limits.accounts[party]["findings"]}
    assert told == {
        ("USA", "II.1(a)"): "652", ("USA", "II.1(b)"): "1350", ("USA", "II.1(c)"): "800",
        ("RUS", "II.1(a)"): "527", ("RUS", "II.1(b)"): "1444", ("RUS", "II.1(c)"): "779",
    }  # fmt: skip
    assert limits.since == date(2018, 2, 5)


def test_inf_is_in_dispute_both_ways() -> None:
    inf = item(HELSINKI, "dispute.inf.concerns")
    raised = {party: {q["topic"] for q in account["raises"]} for party, account in inf.accounts.items()}
    assert raised["USA"] == {"9m729"}
    assert raised["RUS"] >= {"mk-41", "target-missiles", "drones"}
    assert all(account["answers"] for account in inf.accounts.values())
    assert "common.inf.limits" not in ids(HELSINKI)


@pytest.mark.parametrize("known_by", ["2010-01-01", "2013-12-31", "2014-07-28"])
def test_before_the_finding_was_known_there_is_no_inf_dispute(known_by: str) -> None:
    assert "dispute.inf.concerns" not in ids(HELSINKI, known_by=known_by)
    assert "dispute.inf.concerns" not in ids("2008-06-01", known_by=known_by)


def test_as_known_in_2015_the_dispute_of_2013_is_there() -> None:
    assert "dispute.inf.concerns" in ids("2014-01-01", known_by="2015-01-01")
    assert "dispute.inf.concerns" not in ids("2014-01-01", known_by="2014-01-01")


def test_no_negotiation_is_under_way_and_since_when() -> None:
    silence = item(HELSINKI, "due.dialogue.negotiation")
    assert silence.since == date(2010, 4, 8)
    assert "8 years, 3 months ago" in silence.why.en


def test_the_npt_is_fifty_and_its_review_conference_is_due() -> None:
    fifty = item(HELSINKI, "common.npt.anniversary-opening")
    assert fifty.since == date(1968, 7, 1)
    assert "50 years" in fifty.title.en
    review = item(HELSINKI, "due.npt.viii-3")
    assert review.forum is not None
    assert review.forum.id == "npt-review"
    assert review.until is not None
    assert date(2020, 1, 1) <= review.until <= date(2021, 7, 1)


def test_article_vi_concerns_are_on_the_agenda() -> None:
    others = item(HELSINKI, "dispute.npt.others")
    assert any("VI" in key for account in others.accounts.values() for key in account)


def test_iran_the_united_states_out_and_iran_within_the_limits() -> None:
    apart = item(HELSINKI, "dispute.jcpoa.apart")
    assert apart.since == date(2018, 5, 8)
    assert apart.accounts["USA"]["standing"] == "out"
    assert apart.accounts["RUS"]["standing"] == "bound"
    iran = item(HELSINKI, "common.jcpoa.irn")
    assert "not met" not in iran.accounts["IAEA"]
    assert len(iran.accounts["IAEA"]["met"]) >= 8


def test_the_middle_east_is_watched() -> None:
    middle_east = {i.id for i in agenda(HELSINKI).items() if i.issue == "middle-east"}
    assert "due.middle-east.commitments" in middle_east


def test_korea_what_singapore_promised() -> None:
    text = item(HELSINKI, "due.singapore-statement-2018.text")
    assert "denuclearization" in text.why.en
    assert "due.unsc-prk-measures.prk" in ids(HELSINKI)


def test_nuclear_terrorism_is_common_ground_and_its_cooperation_lapsed() -> None:
    common = item(HELSINKI, "common.nuclear-terrorism.instruments")
    assert {"cppnm", "cppnm-amendment", "icsant", "gicnt"} <= set(common.accounts["USA"])
    assert "dispute.cyber.concerns" in ids(HELSINKI)


def test_risk_reduction_is_alive_and_common() -> None:
    common = item(HELSINKI, "common.risk-reduction.instruments")
    assert {"incsea", "launch-notification-1988", "nrrc-1987", "major-exercises-1989"} <= set(common.accounts["RUS"])
    living = item(HELSINKI, "common.risk-reduction.forums")
    assert "incsea-reviews" in living.why.en


GROUPS = ("bpc-nuclear-energy-security", "bpc-arms-control", "bpc-counterterrorism")


@pytest.mark.parametrize("group", GROUPS)
def test_the_three_suspended_groups_and_what_would_be_theirs(group: str) -> None:
    silent = item(HELSINKI, f"due.forum.{group}")
    assert silent.forum is not None
    assert silent.forum.state == "suspended"
    assert silent.since is not None
    assert date(2014, 3, 1) <= silent.since <= date(2014, 4, 30)
    covered = {i.issue for i in agenda(HELSINKI).items() if i.id in silent.covers}
    assert covered & {"strategic-arms", "nuclear-terrorism", "nuclear-energy"}
    assert set(silent.accounts) == {"USA", "RUS"}


def test_every_level_has_its_ministry() -> None:
    ministries = {m for i in agenda(HELSINKI).items() for m in i.ministries}
    assert {"leaders", "foreign", "defence", "energy"} <= ministries | {i.level for i in agenda(HELSINKI).items()}


EXPECTED = {
    "1986-10-10": {
        "dispute.abm.concerns",
        "due.testing.offers",
        "due.ttbt.consent-usa",
        "common.risk-reduction.forums",
    },
    "1991-07-30": {"due.cfe.consent-usa", "common.inf.limits", "common.testing.instruments"},
    "2009-07-05": {"due.start-i.term", "common.start-i.limits", "due.npt.viii-3", "due.cfe.suspended-rus"},
    "2014-04-01": {"due.forum.bpc", "due.bpc-charter-2009.suspended-usa", "common.jpoa.irn"},
    "2021-06-15": {"due.jcpoa.irn", "dispute.open-skies.apart", "due.inf.gap", "due.forum.strategic-stability-talks"},
    "2023-03-01": {"due.new-start.suspended-rus", "due.new-start.term", "due.forum.strategic-stability-dialogue-2021"},
    "2026-01-15": {"due.new-start.term", "dispute.new-start.standing", "dispute.unscr-2231.standing"},
    "2026-11-24": {"due.new-start.gap", "due.inf.gap", "due.dialogue.negotiation", "dispute.ctbt.concerns"},
}


@pytest.mark.parametrize(("on", "wanted"), EXPECTED.items())
def test_other_days_are_recognisable(on: str, wanted: set[str]) -> None:
    assert wanted <= ids(on), wanted - ids(on)


def test_a_negotiation_under_way_is_seen() -> None:
    assert "due.dialogue.negotiation" not in ids("2009-07-05")
    assert "due.dialogue.negotiation" not in ids("1986-10-10")


PAIRS = [("USA", "IRN"), ("USA", "PRK"), ("RUS", "GBR"), ("IND", "PAK")]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("on", [HELSINKI, "2025-11-01"])
def test_other_pairs_work_and_say_where_the_record_ends(pair: tuple[str, str], on: str) -> None:
    made = agenda(on, pair)
    assert made.between == pair
    assert made.reach
    assert all(words.en and words.ru for words in made.reach)


def test_india_and_pakistan_have_nothing_of_their_own_on_record() -> None:
    assert any("alone" in words.en for words in agenda(HELSINKI, ("IND", "PAK")).reach)


def test_russia_before_1991_is_the_soviet_union() -> None:
    assert agenda("1986-10-10").between == ("USA", "SUN")
    assert agenda(HELSINKI).between == ("USA", "RUS")


SNAPBACK = "2025-11-01"


@pytest.mark.parametrize("reader", ["RUS", "CHN", "IRN"])
def test_for_some_resolution_2231_has_ended_and_the_measures_with_it(reader: str) -> None:
    standing = reading(SNAPBACK, according_to=reader).standing
    assert standing.life("unscr-2231", reader).ended == date(2025, 10, 18)
    assert not standing.life("unsc-iran-measures", reader).in_force(date(2025, 11, 1))


@pytest.mark.parametrize("reader", ["GBR", "FRA", "DEU", "E3", "USA"])
def test_for_others_the_measures_are_back(reader: str) -> None:
    standing = reading(SNAPBACK, according_to=reader).standing
    assert standing.life("unsc-iran-measures", reader).in_force(date(2025, 11, 1))
    assert standing.life("unsc-iran-measures", reader).since == date(2025, 9, 28)
    assert standing.life("unscr-2231", reader).in_force(date(2025, 11, 1))


def test_new_start_is_suspended_for_one_and_binding_for_the_other() -> None:
    on = "2023-06-01"
    standing = reading(on).standing
    assert standing.of("new-start", "RUS", "RUS").standing == "suspended"
    assert standing.of("new-start", "RUS", "USA").standing == "bound"
    own = reading(on, according_to="USA").findings("new-start", "RUS")
    assert own.filter(own["provision"] == "II.1(b)")["state"].to_list() == ["cannot tell"]
    common = reading(on, according_to="RUS").findings("new-start", "RUS")
    assert common.filter(common["provision"] == "II.1(b)")["state"].to_list() == ["not applicable"]
    disputed = item(on, "dispute.new-start.standing")
    assert set(disputed.accounts) >= {"USA", "RUS"}


def test_the_two_counts_of_launchers_stand_side_by_side() -> None:
    rows = reading("2022-08-15").findings("new-start", "USA")
    launchers = rows.filter(rows["provision"] == "II.1(c)").select("author", "value", "state").rows()
    assert ("", "800", "met") in launchers
    assert ("RUS", "901", "not met") in launchers


def test_the_stamp_names_the_record_the_rules_and_both_days() -> None:
    stamp = agenda(HELSINKI, known_by="2014-06-30").stamp
    assert "on 2018-07-10" in stamp
    assert "known 2014-06-30" in stamp
    assert book().record.digest[:12] in stamp


@pytest.mark.parametrize("on", [HELSINKI, *EXPECTED])
def test_every_item_is_whole(on: str) -> None:
    made = agenda(on)
    items = made.items()
    assert len({i.id for i in items}) == len(items)
    for i in items:
        assert i.title.en, i.id
        assert i.title.ru, i.id
        assert i.why.en, i.id
        assert i.why.ru, i.id
        assert "{" not in i.title.en + i.why.en + i.title.ru + i.why.ru, i.id
        assert i.level, i.id
        for statement in i.evidence:
            assert book().record.statement(statement), (i.id, statement)
        for covered in i.covers:
            assert covered in {x.id for x in items}


def test_the_public_casebook_has_no_error_and_no_warning() -> None:
    assert [str(p) for p in book().problems if p.severity in ("error", "warning")] == []


PUBLISHED = {
    ("RUS", "deployed-delivery-vehicles"): 25, ("RUS", "deployed-warheads"): 112,
    ("USA", "deployed-delivery-vehicles"): -31, ("USA", "deployed-warheads"): -103,
}  # fmt: skip


@pytest.mark.parametrize(("key", "change"), PUBLISHED.items())
def test_the_published_changes_of_half_a_year(key: tuple[str, str], change: int) -> None:
    reports = book().record.by_kind("report")
    rows = reports.filter((reports["party"] == key[0]) & (reports["author"] == key[0]) & (reports["measure"] == key[1]))
    by_day = dict(rows.filter(rows["item"].is_null()).select("on", "count").iter_rows())
    assert by_day["2014-03-01"] - by_day["2013-09-01"] == change


EXCHANGES = {"2011-02-05", "2011-09-01", "2018-02-05", "2018-09-01", "2023-03-01"} | {
    f"{year}-{month}-01" for year in range(2012, 2023) for month in ("03", "09") if year != 2018
}


def test_every_exchange_of_both_sides_is_on_record() -> None:
    reports = book().record.by_kind("report")
    assert len(EXCHANGES) == 25
    for party in ("USA", "RUS"):
        own = reports.filter((reports["party"] == party) & (reports["author"] == party))
        days = set(own.filter(own["measure"] == "deployed-warheads")["on"])
        assert days >= EXCHANGES, EXCHANGES - days
    withheld = reports.filter(
        (reports["party"] == "RUS") & (reports["on"] == "2023-03-01") & (reports["measure"] == "deployed-warheads")
    )
    assert withheld["silence"].to_list() == ["withheld"]


def test_some_sixty_instruments_have_both_titles() -> None:
    assert len(book().instruments) >= 60
    for instrument in book().instruments.values():
        assert instrument.title.en != instrument.title.ru, instrument.id
        assert instrument.short.ru, instrument.id
