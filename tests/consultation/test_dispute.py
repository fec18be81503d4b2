"""In dispute: what must, and what must not, count as a difference between the two."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import Row
from builders import Table
from builders import act
from builders import article
from builders import concern
from builders import limit
from builders import report
from builders import signed_and_in_force
from builders import term
from builders import treaty
from consultation.pair_builder import agenda
from consultation.pair_builder import ids
from consultation.pair_builder import make
from consultation.pair_builder import only
from consultation.pair_builder import says

FORCE = signed_and_in_force("2011-02-05")
SUSPENSION = act("suspend", "2023-02-28", "RUS")
OPEN: Table = {"membership": "open", "participants": []}


def _contest(author: str, verb: str = "contest", on: str = "2023-03-01") -> Row:
    return says(author, verb, on, refs=SUSPENSION["id"], topic=f"suspension-{author.lower()}")


def test_a_contested_act_divides_the_two_from_the_day_of_the_contest_until_it_is_recognised(tmp_path: Path) -> None:
    positions = [_contest("USA"), _contest("USA", "recognise", "2024-01-01")]
    book = make(tmp_path, [treaty("pact")], acts=[*FORCE, SUSPENSION], positions=positions)
    assert ids(book, "2023-02-28", "contested") == []
    assert ids(book, "2023-03-01", "contested") == ["dispute.pact.standing"]
    assert ids(book, "2023-12-31", "contested") == ["dispute.pact.standing"]
    assert ids(book, "2024-01-01", "contested") == []


def test_the_readings_of_a_contested_suspension_stand_side_by_side(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact")], acts=[*FORCE, SUSPENSION], positions=[_contest("USA")])
    accounts = only(book, "2023-07-01", "contested").accounts
    assert accounts["USA"]["standing"] == {"USA": "bound", "RUS": "bound"}
    assert accounts["RUS"]["standing"] == {"USA": "bound", "RUS": "suspended"}
    assert [quote["statement"] for quote in accounts["USA"]["says"]] == [_contest("USA")["id"]]
    assert accounts["RUS"]["says"] == []


@pytest.mark.parametrize("authors", [("USA", "RUS"), ("GBR",), ("E3",)])
def test_an_act_that_both_contest_or_only_others_do_does_not_divide_the_two(
    tmp_path: Path, authors: tuple[str, ...]
) -> None:
    positions = [_contest(author) for author in authors]
    book = make(tmp_path, [treaty("pact")], acts=[*FORCE, SUSPENSION], positions=positions)
    assert ids(book, "2023-07-01", "contested") == []


def test_a_contest_that_changes_nothing_is_no_dispute_about_standing(tmp_path: Path) -> None:
    again = act("ratify", "2012-01-01", "RUS")
    contest = says("USA", "contest", "2012-02-01", refs=again["id"])
    book = make(tmp_path, [treaty("pact")], acts=[*FORCE, again], positions=[contest])
    assert ids(book, "2018-07-10", "contested") == []


def test_a_group_speaks_for_its_members_in_a_dispute(tmp_path: Path) -> None:
    positions = [_contest("USA"), _contest("E3"), _contest("GBR")]
    book = make(tmp_path, [treaty("pact")], acts=[*FORCE, SUSPENSION], positions=positions)
    assert set(only(book, "2023-07-01", "contested").accounts) == {"USA", "RUS", "E3"}


@pytest.mark.parametrize("verb", ["resolve", "withdraw"])
@pytest.mark.parametrize("raised", ["allege", "question"])
def test_a_concern_is_open_from_its_day_until_its_author_lets_it_go(tmp_path: Path, raised: str, verb: str) -> None:
    rows = [concern("USA", raised, "2018-03-01", "RUS"), concern("USA", verb, "2018-09-01", "RUS")]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, concerns=rows)
    assert ids(book, "2018-02-28", "concerns") == []
    assert ids(book, "2018-03-01", "concerns") == ["dispute.pact.concerns"]
    assert ids(book, "2018-08-31", "concerns") == ["dispute.pact.concerns"]
    assert ids(book, "2018-09-01", "concerns") == []


def test_an_answer_stands_beside_the_concern_and_does_not_remove_it(tmp_path: Path) -> None:
    rows = [concern("USA", "allege", "2018-03-01", "RUS"), concern("RUS", "answer", "2018-04-01", "RUS")]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, concerns=rows)
    item = only(book, "2018-07-10", "concerns")
    assert [q["verb"] for q in item.accounts["USA"]["raises"]] == ["allege"]
    assert [q["verb"] for q in item.accounts["RUS"]["answers"]] == ["answer"]
    assert item.accounts["RUS"]["raises"] == []
    assert item.accounts["USA"]["answers"] == []
    assert set(item.evidence) == {rows[0]["id"], rows[1]["id"]}
    assert item.provision == "II"


def test_an_answer_filed_under_the_other_party_is_still_its_authors_own(tmp_path: Path) -> None:
    rows = [concern("USA", "allege", "2018-03-01", "RUS"), concern("RUS", "answer", "2018-04-01", "USA")]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, concerns=rows)
    assert [q["verb"] for q in only(book, "2018-07-10", "concerns").accounts["RUS"]["answers"]] == ["answer"]


def test_a_later_resolve_of_one_topic_leaves_the_other_open(tmp_path: Path) -> None:
    rows = [
        concern("USA", "allege", "2018-03-01", "RUS", topic="one"),
        concern("RUS", "question", "2018-03-02", "USA", topic="two"),
        concern("USA", "resolve", "2018-05-01", "RUS", topic="one"),
    ]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, concerns=rows)
    item = only(book, "2018-07-10", "concerns")
    assert "two" in item.why.en
    assert "one" not in item.why.en.split(": ")[-1]
    assert item.accounts["USA"]["raises"] == []


@pytest.mark.parametrize(("author", "about"), [("GBR", "RUS"), ("USA", "IRN"), ("USA", "USA")])
def test_concerns_of_others_about_others_or_about_oneself_are_none_of_the_two(
    tmp_path: Path, author: str, about: str
) -> None:
    book = make(
        tmp_path, [treaty("pact", limit())], acts=FORCE, concerns=[concern(author, "allege", "2018-03-01", about)]
    )
    assert ids(book, "2018-07-10", "concerns") == []


def test_a_concern_without_an_instrument_stands_under_its_issue(tmp_path: Path) -> None:
    book = make(tmp_path, concerns=[concern("USA", "allege", "2018-03-01", "RUS", "", instrument="")])
    item = only(book, "2018-07-10", "concerns")
    assert (item.id, item.instrument, item.provision) == ("dispute.arms.concerns", "", "")


def test_a_concern_about_an_ended_text_leaves_the_agenda_five_years_after_it_was_last_raised(tmp_path: Path) -> None:
    law = treaty("pact", limit(), term("XIV", duration="P10Y"))
    book = make(tmp_path, [law], acts=FORCE, concerns=[concern("USA", "allege", "2020-06-01", "RUS")])
    assert ids(book, "2025-06-01", "concerns") == ["dispute.pact.concerns"]
    assert ids(book, "2025-06-02", "concerns") == []


def test_a_concern_about_a_text_in_force_does_not_age(tmp_path: Path) -> None:
    book = make(
        tmp_path, [treaty("pact", limit())], acts=FORCE, concerns=[concern("USA", "allege", "2012-06-01", "RUS")]
    )
    assert ids(book, "2050-06-02", "concerns") == ["dispute.pact.concerns"]


def test_equal_accounts_are_no_dispute(tmp_path: Path) -> None:
    reports = [report("RUS", "1500", "2018-02-05"), report("RUS", "1500", "2018-03-01", author="USA")]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, reports=reports)
    assert ids(book, "2018-07-10", "accounts") == []


def test_a_third_authors_account_is_no_dispute_of_the_two(tmp_path: Path) -> None:
    reports = [report("RUS", "1500", "2018-02-05"), report("RUS", "1601", "2018-03-01", author="FAS")]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, reports=reports)
    assert ids(book, "2018-07-10", "accounts") == []


def test_an_account_too_old_to_be_evidence_gives_way_and_ends_the_dispute(tmp_path: Path) -> None:
    reports = [
        report("RUS", "1601", "2018-03-01", author="USA"),
        report("RUS", "1500", "2018-02-05"),
        report("RUS", "1500", "2019-02-05"),
    ]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, reports=reports)
    assert ids(book, "2019-02-28", "accounts") == ["dispute.pact.ii.rus"]
    assert ids(book, "2019-03-01", "accounts") == []


def test_the_dispute_of_accounts_shows_both_values_and_resolves_neither(tmp_path: Path) -> None:
    reports = [report("RUS", "1500", "2018-02-05"), report("RUS", "1601", "2018-03-01", author="USA")]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, reports=reports)
    accounts = only(book, "2018-07-10", "accounts").accounts
    assert (accounts["RUS"]["value"], accounts["RUS"]["state"]) == ("1500", "met")
    assert (accounts["USA"]["value"], accounts["USA"]["state"]) == ("1601", "not met")


def _open_treaty(tmp_path: Path, *acts: Row, **more: object) -> Table:
    return treaty("pact", term(notice="P1Y"), **{**OPEN, **more})


ENTERED = [act("accede", "2010-01-01", "USA;RUS;GBR"), act("enter-into-force", "2011-01-01")]


def test_one_side_is_out_from_the_day_on_which_its_notice_takes_effect(tmp_path: Path) -> None:
    book = make(tmp_path, [_open_treaty(tmp_path)], acts=[*ENTERED, act("give-notice", "2019-05-22", "USA")])
    assert ids(book, "2020-05-21", "apart") == []
    assert ids(book, "2020-05-21", "leaving") == ["due.pact.leaving-usa"]
    item = only(book, "2020-05-22", "apart")
    assert str(item.since) == "2020-05-22"
    assert ids(book, "2020-05-22", "leaving") == []


def test_one_side_that_comes_back_ends_the_difference(tmp_path: Path) -> None:
    acts = [*ENTERED, act("withdraw", "2018-05-08", "USA"), act("accede", "2021-02-19", "USA")]
    book = make(tmp_path, [_open_treaty(tmp_path)], acts=acts)
    assert ids(book, "2021-02-18", "apart") == ["dispute.pact.apart"]
    assert ids(book, "2021-02-19", "apart") == []


def test_both_out_or_never_in_is_no_difference(tmp_path: Path) -> None:
    both = [*ENTERED, act("withdraw", "2018-05-08", "USA"), act("withdraw", "2019-05-08", "RUS")]
    book = make(tmp_path, [_open_treaty(tmp_path)], acts=both)
    assert ids(book, "2019-05-07", "apart") == ["dispute.pact.apart"]
    assert ids(book, "2019-05-08", "apart") == []


def test_a_treaty_of_two_ends_for_both_when_one_leaves(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact", term(notice="P6M"))], acts=[*FORCE, act("give-notice", "2019-02-02", "USA")])
    assert ids(book, "2019-08-02", "apart") == []
    assert ids(book, "2019-08-02", "gap") == ["due.pact.gap"]


OPPOSITES = [("affirm", "reject"), ("accept", "decline"), ("propose", "reject")]


@pytest.mark.parametrize(("one", "other"), [*OPPOSITES, *((b, a) for a, b in OPPOSITES)])
def test_opposite_verbs_on_one_topic_are_a_dispute(tmp_path: Path, one: str, other: str) -> None:
    book = make(tmp_path, positions=[says("USA", one, "2018-01-01"), says("RUS", other, "2018-01-02")])
    assert ids(book, "2018-07-10", "positions") == ["dispute.arms.topic"]


@pytest.mark.parametrize(("one", "other"), [("affirm", "affirm"), ("affirm", "decline"), ("vote-yes", "vote-no")])
def test_other_verbs_are_none(tmp_path: Path, one: str, other: str) -> None:
    book = make(tmp_path, positions=[says("USA", one, "2018-01-01"), says("RUS", other, "2018-01-02")])
    assert ids(book, "2018-07-10", "positions") == []


def test_opposite_positions_on_two_topics_are_no_dispute(tmp_path: Path) -> None:
    rows = [says("USA", "affirm", "2018-01-01", "one"), says("RUS", "reject", "2018-01-01", "two")]
    assert ids(make(tmp_path, positions=rows), "2018-07-10", "positions") == []


def test_opposite_positions_older_than_five_years_leave_the_agenda(tmp_path: Path) -> None:
    book = make(tmp_path, positions=[says("USA", "affirm", "2018-01-01"), says("RUS", "reject", "2018-06-01")])
    assert ids(book, "2023-01-01", "positions") == ["dispute.arms.topic"]
    assert ids(book, "2023-01-02", "positions") == []


def test_a_position_that_has_run_out_is_held_no_more(tmp_path: Path) -> None:
    rows = [says("USA", "affirm", "2018-01-01", until="2018-06-30"), says("RUS", "reject", "2018-01-01")]
    book = make(tmp_path, positions=rows)
    assert ids(book, "2018-06-29", "positions") == ["dispute.arms.topic"]
    assert ids(book, "2018-07-01", "positions") == []


def test_the_last_word_counts(tmp_path: Path) -> None:
    rows = [
        says("USA", "affirm", "2018-01-01"),
        says("RUS", "reject", "2018-01-02"),
        says("RUS", "affirm", "2018-06-01"),
    ]
    book = make(tmp_path, positions=rows)
    assert ids(book, "2018-05-31", "positions") == ["dispute.arms.topic"]
    assert ids(book, "2018-06-01", "positions") == []


@pytest.mark.parametrize("verb", ["allege", "question"])
def test_what_others_hold_against_one_of_the_two_stands_until_they_resolve_it(tmp_path: Path, verb: str) -> None:
    rows = [concern("GBR", verb, "2018-03-01", "RUS"), concern("GBR", "resolve", "2018-09-01", "RUS")]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, concerns=rows)
    assert ids(book, "2018-02-28", "others") == []
    assert ids(book, "2018-03-01", "others") == ["dispute.pact.others"]
    assert ids(book, "2018-09-01", "others") == []
    assert only(book, "2018-03-01", "others").accounts == {
        "GBR": {"RUS II": "not met" if verb == "allege" else "cannot tell"}
    }


def test_what_others_hold_about_a_text_of_one_of_the_two_alone_is_not_shared(tmp_path: Path) -> None:
    law = treaty("paper", limit(), participants=["RUS", "GBR"])
    acts = [
        act("sign", "2010-01-01", "RUS;GBR", instrument="paper"),
        act("enter-into-force", "2011-01-01", instrument="paper"),
    ]
    rows = [concern("GBR", "allege", "2018-03-01", "RUS", instrument="paper")]
    book = make(tmp_path, [law], acts=acts, concerns=rows)
    assert ids(book, "2018-07-10", "others") == []


def test_a_correction_takes_a_concern_off_the_agenda(tmp_path: Path) -> None:
    first = concern("USA", "allege", "2018-03-01", "RUS")
    second = concern("USA", "allege", "2018-03-01", "GBR", id="corrected", corrects=first["id"])
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, concerns=[first, second])
    assert ids(book, "2018-07-10", "concerns") == []


def test_the_knowledge_day_decides_what_is_in_dispute(tmp_path: Path) -> None:
    late = {**concern("USA", "allege", "2008-01-01", "RUS"), "known": "2014-07-28"}
    book = make(
        tmp_path,
        [treaty("pact", limit(), article("VI", "undertaking"))],
        acts=signed_and_in_force("2005-01-01", "2004-01-01"),
        concerns=[late],
    )
    from consultation.pair_builder import reading

    then = reading(book, "2008-06-01", "2013-01-01").agenda("USA", "RUS").items()
    now = reading(book, "2008-06-01", "2015-01-01").agenda("USA", "RUS").items()
    assert "dispute.pact.concerns" not in [item.id for item in then]
    assert "dispute.pact.concerns" in [item.id for item in now]
    assert "dispute.pact.concerns" in [item.id for item in agenda(book, "2008-06-01").items()]
