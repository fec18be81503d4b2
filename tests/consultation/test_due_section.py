"""Due: the days on which an item comes, stays and goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import Table
from builders import act
from builders import article
from builders import forum
from builders import limit
from builders import meeting
from builders import report
from builders import signed_and_in_force
from builders import term
from builders import treaty
from consultation.pair_builder import ids
from consultation.pair_builder import make
from consultation.pair_builder import only
from consultation.pair_builder import promise
from consultation.pair_builder import says

FORCE = signed_and_in_force("2011-02-05")
TEN_YEARS = term(duration="P10Y", extension={"at_most": "P5Y", "times": 1}, notice="P3M")


def test_a_term_is_on_the_agenda_from_the_first_day_whose_horizon_reaches_its_end(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact", TEN_YEARS)], acts=FORCE)
    assert ids(book, "2018-02-04", "term") == []
    assert ids(book, "2018-02-05", "term") == ["due.pact.term"]
    assert ids(book, "2021-02-04", "term") == ["due.pact.term"]
    assert ids(book, "2021-02-05", "term") == []
    assert ids(book, "2020-02-04", "term", "P1Y") == []
    assert ids(book, "2020-02-05", "term", "P1Y") == ["due.pact.term"]


def test_on_the_day_on_which_a_term_ends_there_is_a_gap(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact", TEN_YEARS)], acts=FORCE)
    assert ids(book, "2021-02-04", "gap") == []
    assert ids(book, "2021-02-05", "gap") == ["due.pact.gap"]


def test_an_extension_moves_the_end_and_uses_up_the_right(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact", TEN_YEARS)], acts=[*FORCE, act("extend", "2021-02-03", period="P5Y")])
    assert ids(book, "2021-02-05", "gap") == []
    assert ids(book, "2021-02-05", "term") == []
    item = only(book, "2023-02-05", "term")
    assert str(item.until) == "2026-02-05"
    assert "No further extension is open" in item.why.en
    assert item.accounts["USA"]["extensions_left"] == 0
    assert ids(book, "2026-02-05", "gap") == ["due.pact.gap"]


def test_a_term_that_renews_itself_is_no_item(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact", term(duration="P5Y", renewal="P5Y"))], acts=FORCE)
    for day in ("2015-12-31", "2016-02-05", "2021-02-05"):
        assert ids(book, day, "term") == []
        assert ids(book, day, "gap") == []


def test_a_text_of_unlimited_duration_has_no_term_item(tmp_path: Path) -> None:
    assert ids(make(tmp_path, [treaty("pact", term())], acts=FORCE), "2018-07-10", "term") == []


def test_a_notice_of_withdrawal_takes_the_place_of_the_term(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact", TEN_YEARS)], acts=[*FORCE, act("give-notice", "2020-06-01", "USA")])
    assert ids(book, "2020-05-31", "leaving") == []
    assert ids(book, "2020-06-01", "leaving") == ["due.pact.leaving-usa"]
    assert ids(book, "2020-06-01", "term") == []
    assert str(only(book, "2020-06-01", "leaving").until) == "2020-09-01"
    assert ids(book, "2020-08-31", "leaving") == ["due.pact.leaving-usa"]
    assert ids(book, "2020-09-01", "leaving") == []
    assert ids(book, "2020-09-01", "gap") == ["due.pact.gap"]


def test_a_notice_runs_since_the_day_on_which_it_was_given(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact", TEN_YEARS)], acts=[*FORCE, act("give-notice", "2020-06-01", "USA")])
    assert str(only(book, "2020-07-01", "leaving").since) == "2020-06-01"


def test_a_notice_taken_back_is_no_item(tmp_path: Path) -> None:
    acts = [*FORCE, act("give-notice", "2020-06-01", "USA"), act("resume", "2020-08-01", "USA")]
    book = make(tmp_path, [treaty("pact", TEN_YEARS)], acts=acts)
    assert ids(book, "2020-07-31", "leaving") == ["due.pact.leaving-usa"]
    assert ids(book, "2020-08-01", "leaving") == []
    assert ids(book, "2020-10-01", "gap") == []
    assert ids(book, "2020-10-01", "term") == ["due.pact.term"]


def test_a_suspension_stands_until_it_is_lifted_or_the_text_ends(tmp_path: Path) -> None:
    acts = [
        *FORCE,
        act("suspend", "2015-03-01", "RUS"),
        act("resume", "2016-03-01", "RUS"),
        act("suspend", "2020-03-01", "RUS"),
    ]
    book = make(tmp_path, [treaty("pact", TEN_YEARS)], acts=acts)
    suspended = ["due.pact.suspended-rus"]
    assert ids(book, "2015-02-28", "suspended") == []
    assert ids(book, "2015-03-01", "suspended") == suspended
    assert ids(book, "2016-02-29", "suspended") == suspended
    assert ids(book, "2016-03-01", "suspended") == []
    assert ids(book, "2021-02-04", "suspended") == suspended
    assert ids(book, "2021-02-05", "suspended") == []


@pytest.mark.parametrize(("value", "found"), [("1550", []), ("1551", ["due.pact.ii.usa"]), ("", [])])
def test_a_limit_is_unmet_from_one_above_it(tmp_path: Path, value: str, found: list[str]) -> None:
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, reports=[report("USA", value, "2018-02-05")])
    assert ids(book, "2018-07-10", "unmet") == found


def test_a_limit_is_not_unmet_before_it_binds_nor_by_evidence_too_old(tmp_path: Path) -> None:
    law = treaty("pact", limit("II", **{"from": {"after": "entry-into-force", "period": "P7Y"}}))
    book = make(tmp_path, [law], acts=FORCE, reports=[report("USA", "1600", "2017-09-01")])
    assert ids(book, "2018-02-04", "unmet") == []
    assert ids(book, "2018-02-05", "unmet") == ["due.pact.ii.usa"]
    assert ids(book, "2018-08-31", "unmet") == ["due.pact.ii.usa"]
    assert ids(book, "2018-09-01", "unmet") == []


def _exchange(**more: object) -> Table:
    cells = {"what": "report", "measures": ["warheads"], "every": "P6M", "first": "2011-03-01", "grace": "P30D", **more}
    return treaty("pact", article("VII", "cadence", **cells))


def test_a_turn_is_on_the_agenda_when_the_horizon_reaches_its_last_day(tmp_path: Path) -> None:
    book = make(tmp_path, [_exchange()], acts=FORCE, reports=[report("USA", "1", "2018-03-01")])
    assert ids(book, "2018-06-30", "turn", "P3M") == []
    assert ids(book, "2018-07-01", "turn", "P3M") == ["due.pact.vii"]
    assert str(only(book, "2018-07-01", "turn", "P3M").until) == "2018-10-01"
    assert only(book, "2018-07-01", "turn").accounts == {
        "USA": {"state": "met", "last": "2018-03-01"},
        "RUS": {"state": "cannot tell", "last": None},
    }


@pytest.mark.parametrize("acts", [[act("suspend", "2018-01-01", "RUS;USA")], [act("terminate", "2018-01-01")]])
def test_nothing_falls_due_under_a_suspended_or_ended_text(tmp_path: Path, acts: list[dict[str, str]]) -> None:
    assert ids(make(tmp_path, [_exchange()], acts=[*FORCE, *acts]), "2018-07-10", "turn") == []


def test_a_session_counts_from_the_last_one_held(tmp_path: Path) -> None:
    law = treaty("pact", article("XII", "cadence", what="meeting", forum="bcc", every="P6M", first="2011-08-05"))
    book = make(tmp_path, [law], [forum()], acts=FORCE, meetings=[meeting("bcc", "2017-12-01")])
    item = only(book, "2018-05-31", "turn")
    assert (str(item.since), str(item.until)) == ("2017-12-01", "2018-06-01")
    assert {account["state"] for account in item.accounts.values()} == {"met"}
    assert {a["state"] for a in only(book, "2018-06-01", "turn").accounts.values()} == {"cannot tell"}


def test_a_signature_without_consent_is_pending_until_consent_or_the_end(tmp_path: Path) -> None:
    acts = [
        act("sign", "2010-04-08", "USA;RUS"),
        act("ratify", "2011-01-01", "RUS"),
        act("ratify", "2012-01-01", "USA"),
    ]
    book = make(tmp_path, [treaty("pact")], acts=acts)
    assert ids(book, "2010-04-07", "pending") == []
    assert ids(book, "2010-04-08", "pending") == ["due.pact.consent-rus", "due.pact.consent-usa"]
    assert ids(book, "2011-01-01", "pending") == ["due.pact.consent-usa"]
    assert ids(book, "2012-01-01", "pending") == []


def test_a_political_text_needs_no_consent(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact", binding="political")], acts=[act("sign", "2010-04-08", "USA;RUS")])
    assert ids(book, "2018-07-10", "pending") == []


def test_an_ended_text_is_not_pending(tmp_path: Path) -> None:
    acts = [act("sign", "2010-04-08", "USA;RUS"), act("terminate", "2012-01-01")]
    assert ids(make(tmp_path, [treaty("pact")], acts=acts), "2018-07-10", "pending") == []


BOTH = promise("USA;RUS", "undertake", "2010-04-13", due="2018-12-31")


@pytest.mark.parametrize("verb", ["fulfil", "drop"])
def test_a_commitment_is_open_until_the_last_of_them_fulfils_or_drops_it(tmp_path: Path, verb: str) -> None:
    book = make(tmp_path, commitments=[BOTH, promise("USA;RUS", verb, "2018-09-01")])
    assert ids(book, "2010-04-12", "commitments") == []
    assert ids(book, "2010-04-13", "commitments") == ["due.arms.commitments"]
    assert ids(book, "2018-08-31", "commitments") == ["due.arms.commitments"]
    assert ids(book, "2018-09-01", "commitments") == []


def test_a_commitment_that_one_has_fulfilled_is_the_others_alone(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact")], acts=FORCE, commitments=[BOTH, promise("USA", "fulfil", "2018-01-01")])
    item = only(book, "2018-07-10", "commitments")
    assert item.accounts["USA"] == {"says": []}
    assert [q["topic"] for q in item.accounts["RUS"]["says"]] == ["deed"]


def test_a_commitment_is_overdue_from_the_day_after_its_last_day(tmp_path: Path) -> None:
    book = make(tmp_path, commitments=[BOTH])
    assert "overdue" not in only(book, "2018-12-31", "commitments").why.en
    assert "(1 overdue)" in only(book, "2019-01-01", "commitments").why.en


def test_a_commitment_is_remembered_for_ten_years(tmp_path: Path) -> None:
    book = make(tmp_path, commitments=[BOTH])
    assert ids(book, "2020-04-13", "commitments") == ["due.arms.commitments"]
    assert ids(book, "2020-04-14", "commitments") == []


def test_a_commitment_of_one_counts_only_where_the_two_have_something_between_them(tmp_path: Path) -> None:
    alone = [promise("USA", "undertake", "2018-01-01", issue="other", instrument="")]
    assert ids(make(tmp_path / "a", [treaty("pact")], acts=FORCE, commitments=alone), "2018-07-10", "commitments") == []
    own = [promise("USA", "undertake", "2018-01-01")]
    assert ids(make(tmp_path / "b", commitments=own), "2018-07-10", "commitments") == []
    assert ids(make(tmp_path / "c", [treaty("pact")], acts=FORCE, commitments=own), "2018-07-10", "commitments") == [
        "due.arms.commitments"
    ]


def test_a_commitment_of_third_parties_is_none_of_the_two(tmp_path: Path) -> None:
    rows = [promise("IRN;GBR", "undertake", "2018-01-01")]
    assert ids(make(tmp_path, [treaty("pact")], acts=FORCE, commitments=rows), "2018-07-10", "commitments") == []


@pytest.mark.parametrize("verb", ["accept", "decline", "counter", "reject", "propose"])
def test_an_offer_is_answered_by_any_word_of_the_other(tmp_path: Path, verb: str) -> None:
    rows = [says("RUS", "propose", "2017-07-01"), says("USA", verb, "2018-01-01")]
    book = make(tmp_path, [treaty("pact")], acts=FORCE, positions=rows)
    assert ids(book, "2017-06-30", "offers") == []
    assert ids(book, "2017-07-01", "offers") == ["due.arms.offers"]
    assert ids(book, "2017-12-31", "offers") == ["due.arms.offers"]
    assert ids(book, "2018-01-01", "offers") == []


def test_an_affirmation_answers_only_the_offer_that_it_names(tmp_path: Path) -> None:
    offer = says("RUS", "propose", "2017-07-01")
    plain = make(tmp_path / "a", [treaty("pact")], acts=FORCE, positions=[offer, says("USA", "affirm", "2018-01-01")])
    assert ids(plain, "2018-01-01", "offers") == ["due.arms.offers"]
    named = {**says("USA", "affirm", "2018-01-01"), "refs": offer["id"]}
    book = make(tmp_path / "b", [treaty("pact")], acts=FORCE, positions=[offer, named])
    assert ids(book, "2018-01-01", "offers") == []


def test_a_word_before_the_offer_is_no_answer(tmp_path: Path) -> None:
    rows = [says("USA", "decline", "2017-06-01"), says("RUS", "propose", "2017-07-01")]
    book = make(tmp_path, [treaty("pact")], acts=FORCE, positions=rows)
    assert ids(book, "2018-01-01", "offers") == ["due.arms.offers"]


def test_a_vote_or_an_answer_to_another_offer_is_no_answer(tmp_path: Path) -> None:
    rows = [
        says("RUS", "propose", "2017-07-01"),
        says("USA", "vote-no", "2017-12-01"),
        says("USA", "accept", "2017-12-01", "another"),
        says("GBR", "accept", "2017-12-01"),
    ]
    book = make(tmp_path, [treaty("pact")], acts=FORCE, positions=rows)
    assert ids(book, "2018-07-10", "offers") == ["due.arms.offers"]


def test_an_offer_is_open_for_two_years_or_until_it_runs_out(tmp_path: Path) -> None:
    rows = [says("RUS", "propose", "2017-07-01"), says("USA", "propose", "2018-07-01", "brief", until="2018-12-31")]
    book = make(tmp_path, [treaty("pact")], acts=FORCE, positions=rows)
    assert only(book, "2018-12-30", "offers").title.en == "Offers without an answer: 2"
    assert only(book, "2019-01-01", "offers").title.en == "Offers without an answer: 1"
    assert ids(book, "2019-07-01", "offers") == ["due.arms.offers"]
    assert ids(book, "2019-07-02", "offers") == []


def test_an_offer_on_an_issue_that_is_not_the_twos_own_is_none(tmp_path: Path) -> None:
    rows = [says("RUS", "propose", "2018-07-01", issue="other")]
    assert ids(make(tmp_path, [treaty("pact")], acts=FORCE, positions=rows), "2018-07-10", "offers") == []


def test_a_gap_is_remembered_for_ten_years(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact", TEN_YEARS)], acts=FORCE)
    assert ids(book, "2031-02-05", "gap") == ["due.pact.gap"]
    assert ids(book, "2031-02-06", "gap") == []


@pytest.mark.parametrize(
    ("verb", "gap"), [("complete", False), ("supersede", False), ("terminate", True), ("expire", True)]
)
def test_what_was_completed_or_superseded_leaves_no_gap(tmp_path: Path, verb: str, gap: bool) -> None:
    book = make(tmp_path, [treaty("pact", term())], acts=[*FORCE, act(verb, "2017-01-01")])
    assert ids(book, "2016-12-31", "gap") == []
    assert ids(book, "2018-07-10", "gap") == (["due.pact.gap"] if gap else [])


def test_a_successor_in_force_fills_the_gap_and_one_that_is_only_signed_does_not(tmp_path: Path) -> None:
    laws = [treaty("pact", term(duration="P10Y")), treaty("heir", replaces=["pact"])]
    acts = [
        *FORCE,
        act("sign", "2020-04-08", "USA;RUS", instrument="heir"),
        act("enter-into-force", "2022-02-05", instrument="heir"),
    ]
    book = make(tmp_path, laws, acts=acts)
    assert ids(book, "2022-02-04", "gap") == ["due.pact.gap"]
    assert ids(book, "2022-02-05", "gap") == []


@pytest.mark.parametrize("more", [{"part_of": "other"}, {"concerns": ["IRN"]}])
def test_a_protocol_or_a_text_about_a_third_leaves_no_gap(tmp_path: Path, more: dict[str, object]) -> None:
    laws = [treaty("pact", term(duration="P10Y"), **more), treaty("other")]
    assert ids(make(tmp_path, laws, acts=FORCE), "2022-07-10", "gap") == []


def test_a_contested_end_is_a_dispute_and_no_gap(tmp_path: Path) -> None:
    end = act("terminate", "2020-01-01")
    contest = says("RUS", "contest", "2020-01-02", refs=end["id"])
    book = make(tmp_path, [treaty("pact", term())], acts=[*FORCE, end], positions=[contest])
    assert ids(book, "2020-01-01", "gap") == ["due.pact.gap"]
    assert ids(book, "2020-01-02", "gap") == []
    assert ids(book, "2020-01-02", "contested") == ["dispute.pact.standing"]


def test_what_one_had_left_before_leaves_no_gap_between_the_two(tmp_path: Path) -> None:
    law = treaty("pact", term(), membership="open", participants=[])
    acts = [
        act("accede", "2010-01-01", "USA;RUS;GBR"),
        act("enter-into-force", "2011-01-01"),
        act("withdraw", "2015-01-01", "USA"),
        act("terminate", "2017-01-01"),
    ]
    assert ids(make(tmp_path / "a", [law], acts=acts), "2018-07-10", "gap") == []
    kept = [a for a in acts if a["verb"] != "withdraw"]
    assert ids(make(tmp_path / "b", [law], acts=kept), "2018-07-10", "gap") == ["due.pact.gap"]


def test_what_never_entered_into_force_leaves_no_gap(tmp_path: Path) -> None:
    acts = [act("sign", "2010-04-08", "USA;RUS"), act("terminate", "2017-01-01")]
    assert ids(make(tmp_path, [treaty("pact")], acts=acts), "2018-07-10", "gap") == []
