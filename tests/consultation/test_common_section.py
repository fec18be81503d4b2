"""In common, third parties and silence: neighbours in which the item must not stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import Row
from builders import Table
from builders import act
from builders import article
from builders import concern
from builders import forum
from builders import limit
from builders import meeting
from builders import report
from builders import signed_and_in_force
from builders import term
from builders import treaty
from consultation.pair_builder import agenda
from consultation.pair_builder import forum_act
from consultation.pair_builder import ids
from consultation.pair_builder import make
from consultation.pair_builder import only
from consultation.pair_builder import says

FORCE = signed_and_in_force("2011-02-05")


def test_a_text_is_in_common_while_both_are_bound(tmp_path: Path) -> None:
    acts = [*FORCE, act("suspend", "2015-03-01", "RUS"), act("resume", "2016-03-01", "RUS")]
    book = make(tmp_path, [treaty("pact", term(duration="P10Y"))], acts=acts)
    found = ["common.arms.instruments"]
    assert ids(book, "2011-02-04", "bound") == []
    assert ids(book, "2011-02-05", "bound") == found
    assert ids(book, "2015-03-01", "bound") == []
    assert ids(book, "2016-03-01", "bound") == found
    assert ids(book, "2021-02-04", "bound") == found
    assert ids(book, "2021-02-05", "bound") == []


def test_a_text_that_does_not_hold_in_one_sides_reading_is_not_in_common(tmp_path: Path) -> None:
    suspension = act("suspend", "2015-03-01", "RUS")
    contest = says("USA", "contest", "2015-03-01", refs=suspension["id"])
    book = make(tmp_path, [treaty("pact")], acts=[*FORCE, suspension], positions=[contest])
    assert ids(book, "2018-07-10", "bound") == []


def test_what_is_in_common_and_disputed_says_so(tmp_path: Path) -> None:
    rows = [concern("USA", "allege", "2018-03-01", "RUS")]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, concerns=rows)
    assert "In dispute between the two all the same: pact." in only(book, "2018-07-10", "bound").why.en
    assert "dispute" not in only(book, "2018-02-28", "bound").why.en


@pytest.mark.parametrize(
    ("usa", "rus", "found"), [("1550", "1550", True), ("1550", "1551", False), ("1550", "", False)]
)
def test_limits_are_in_common_if_both_are_within(tmp_path: Path, usa: str, rus: str, found: bool) -> None:
    reports = [report("USA", usa, "2018-02-05"), report("RUS", rus, "2018-02-05")]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, reports=reports)
    assert ids(book, "2018-07-10", "within") == (["common.pact.limits"] if found else [])


def test_limits_are_not_in_common_if_one_article_is_beyond_or_one_side_alleges_a_breach(tmp_path: Path) -> None:
    reports = [report(p, "1500", "2018-02-05") for p in ("USA", "RUS")]
    laws = [treaty("pact", limit(), limit("III", at_most=1000))]
    assert ids(make(tmp_path / "a", laws, acts=FORCE, reports=reports), "2018-07-10", "within") == []
    rows = [concern("USA", "allege", "2018-03-01", "RUS")]
    book = make(tmp_path / "b", [treaty("pact", limit())], acts=FORCE, reports=reports, concerns=rows)
    assert ids(book, "2018-02-28", "within") == ["common.pact.limits"]
    assert ids(book, "2018-03-01", "within") == []


def test_numbers_too_old_are_not_in_common(tmp_path: Path) -> None:
    reports = [report(p, "1500", "2018-02-05") for p in ("USA", "RUS")]
    book = make(tmp_path, [treaty("pact", limit())], acts=FORCE, reports=reports)
    assert ids(book, "2019-02-04", "within") == ["common.pact.limits"]
    assert ids(book, "2019-02-05", "within") == []


def test_a_joint_statement_needs_both_and_is_remembered_for_ten_years(tmp_path: Path) -> None:
    rows = [says(p, "state-jointly", "2013-06-17") for p in ("USA", "RUS")]
    book = make(tmp_path / "a", positions=rows)
    assert ids(book, "2023-06-17", "joint") == ["common.arms.statements"]
    assert ids(book, "2023-06-18", "joint") == []
    assert ids(make(tmp_path / "b", positions=rows[:1]), "2018-07-10", "joint") == []
    other = [rows[0], says("RUS", "state-jointly", "2013-06-17", "another")]
    assert ids(make(tmp_path / "c", positions=other), "2018-07-10", "joint") == []


def _vote(party: str, verb: str, topic: str = "unga.73.50", on: str = "2018-12-05") -> Row:
    return says(party, verb, on, topic)


def test_votes_are_counted_over_the_last_year_on_record(tmp_path: Path) -> None:
    rows = [
        _vote("USA", "vote-no", "unga.72.1", "2017-12-04"),
        _vote("RUS", "vote-no", "unga.72.1", "2017-12-04"),
        _vote("USA", "vote-no"),
        _vote("RUS", "vote-no"),
        _vote("USA", "vote-no", "unga.73.51"),
        _vote("RUS", "vote-yes", "unga.73.51"),
        _vote("USA", "vote-yes", "unga.73.52"),
        _vote("RUS", "vote-absent", "unga.73.52"),
        _vote("GBR", "vote-yes", "unga.73.53"),
    ]
    book = make(tmp_path, positions=rows)
    assert only(book, "2018-12-04", "votes").title.en == "UN General Assembly: 1 of 1 votes alike"
    item = only(book, "2018-12-05", "votes")
    assert item.title.en == "UN General Assembly: 1 of 2 votes alike"
    assert item.accounts["RUS"] == {"vote-no": 1, "vote-yes": 1}
    assert only(book, "2020-01-01", "votes").title.en == "UN General Assembly: 1 of 2 votes alike"


def test_votes_elsewhere_or_of_one_only_are_no_item(tmp_path: Path) -> None:
    assert ids(make(tmp_path / "a", positions=[_vote("USA", "vote-no")]), "2019-01-01", "votes") == []
    rows = [_vote("USA", "vote-no", "unsc.1"), _vote("RUS", "vote-no", "unsc.1")]
    assert ids(make(tmp_path / "b", positions=rows), "2019-01-01", "votes") == []


@pytest.mark.parametrize(
    ("more", "found"),
    [({}, True), ({"kind": "track-two"}, False), ({"members": ["USA", "GBR"]}, False), ({"issues": []}, False)],
)
def test_a_body_of_both_that_meets_is_in_common(tmp_path: Path, more: dict[str, object], found: bool) -> None:
    book = make(
        tmp_path, forums=[forum("bcc", **{"issues": ["arms"], **more})], meetings=[meeting("bcc", "2018-05-01")]
    )
    assert ids(book, "2018-07-10", "alive") == (["common.arms.forums"] if found else [])


def test_a_body_that_fell_silent_is_in_common_no_more(tmp_path: Path) -> None:
    book = make(tmp_path, forums=[forum(issues=["arms"])], meetings=[meeting("bcc", "2018-05-01")])
    assert ids(book, "2018-04-30", "alive") == []
    assert ids(book, "2019-04-30", "alive") == ["common.arms.forums"]
    assert ids(book, "2019-05-01", "alive") == []


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2018-07-01", ["common.pact.anniversary-opening"]),
        ("2020-03-05", ["common.pact.anniversary-force"]),
        ("1993-07-01", ["common.pact.anniversary-opening"]),
        ("2010-07-01", []),
        ("2016-06-01", []),
        ("1970-03-05", []),
    ],
)
def test_round_anniversaries_of_a_text_that_binds_both(tmp_path: Path, on: str, found: list[str]) -> None:
    acts = [act("open", "1968-07-01"), act("accede", "1970-01-01", "USA;SUN"), act("enter-into-force", "1970-03-05")]
    book = make(tmp_path, [treaty("pact", membership="open", participants=[])], acts=acts)
    assert ids(book, on, "anniversary") == found


@pytest.mark.parametrize("on", ["2017-09-01", "2019-05-01"])
def test_an_anniversary_is_on_the_agenda_within_a_year_of_it(tmp_path: Path, on: str) -> None:
    acts = [act("open", "1968-07-01"), act("accede", "1970-01-01", "USA;SUN"), act("enter-into-force", "1990-03-05")]
    book = make(tmp_path, [treaty("pact", membership="open", participants=[])], acts=acts)
    assert ids(book, on, "anniversary") == ["common.pact.anniversary-opening"]


def test_no_anniversary_of_a_text_that_one_has_left(tmp_path: Path) -> None:
    acts = [
        act("open", "1968-07-01"),
        act("accede", "1970-01-01", "USA;SUN"),
        act("enter-into-force", "1970-03-05"),
        act("withdraw", "2018-01-01", "USA"),
    ]
    book = make(tmp_path, [treaty("pact", membership="open", participants=[])], acts=acts)
    assert ids(book, "2018-07-01", "anniversary") == []


def _plan(**more: object) -> Table:
    law: Table = {"participants": ["USA", "RUS", "IRN"], "authority": "IAEA", **more}
    return treaty("pact", limit(binds=["IRN"], at_most=300), article("VI", "undertaking", binds=["IRN"]), **law)


PLAN = [act("sign", "2010-01-01", "USA;RUS;IRN"), act("enter-into-force", "2011-01-01")]


@pytest.mark.parametrize(("value", "found"), [("300", "common.pact.irn"), ("301", "due.pact.irn")])
def test_a_third_party_under_a_text_of_the_two_is_judged_by_the_body_that_it_names(
    tmp_path: Path, value: str, found: str
) -> None:
    book = make(tmp_path, [_plan()], acts=PLAN, reports=[report("IRN", value, "2018-05-01", author="IAEA")])
    assert ids(book, "2018-04-30", "third") == []
    item = only(book, "2018-07-10", "third")
    assert item.id == found
    assert set(item.accounts) == {"IAEA"}


def test_a_third_party_within_by_its_own_account_alone_is_no_item(tmp_path: Path) -> None:
    own = [report("IRN", "300", "2018-05-01")]
    assert ids(make(tmp_path / "a", [_plan()], acts=PLAN, reports=own), "2018-07-10", "third") == []
    beyond = [report("IRN", "301", "2018-05-01")]
    book = make(tmp_path / "b", [_plan(authority="")], acts=PLAN, reports=beyond)
    assert ids(book, "2018-07-10", "third") == ["due.pact.irn"]


def test_a_third_partys_duties_end_with_the_text(tmp_path: Path) -> None:
    reports = [report("IRN", "301", "2018-05-01", author="IAEA")]
    book = make(tmp_path, [_plan()], acts=[*PLAN, act("terminate", "2018-06-01")], reports=reports)
    assert ids(book, "2018-05-31", "third") == ["due.pact.irn"]
    assert ids(book, "2018-06-01", "third") == []


def test_under_a_text_of_one_alone_third_parties_are_not_the_twos(tmp_path: Path) -> None:
    law = _plan(participants=["USA", "IRN"])
    acts = [act("sign", "2010-01-01", "USA;IRN"), act("enter-into-force", "2011-01-01")]
    book = make(tmp_path, [law], acts=acts, reports=[report("IRN", "301", "2018-05-01", author="IAEA")])
    assert ids(book, "2018-07-10", "third") == []


def test_in_an_open_text_only_those_are_named_whom_somebody_holds_not_to_meet_it(tmp_path: Path) -> None:
    law = treaty("pact", limit(), membership="open", participants=[])
    acts = [act("accede", "2010-01-01", "USA;RUS;IRN;FRA"), act("enter-into-force", "2011-01-01")]
    rows = [concern("GBR", "allege", "2018-03-01", "IRN"), concern("GBR", "question", "2018-03-01", "FRA", topic="two")]
    book = make(tmp_path, [law], acts=acts, concerns=rows)
    item = only(book, "2018-07-10", "third")
    assert item.id == "due.pact.others"
    assert item.accounts == {"GBR": {"IRN": "not met"}}
    assert ids(book, "2018-02-28", "third") == []


def _paper(**more: object) -> Table:
    return treaty("paper", limit(), **{"participants": ["USA", "IRN"], "binding": "political", **more})


SIGNED = act("sign", "2018-06-12", "USA;IRN", instrument="paper")


def test_a_text_that_one_made_is_on_the_agenda_for_a_year(tmp_path: Path) -> None:
    book = make(tmp_path, [treaty("pact"), _paper()], acts=[*FORCE, SIGNED])
    assert ids(book, "2018-06-11", "texts") == []
    assert ids(book, "2018-06-12", "texts") == ["due.paper.text"]
    assert ids(book, "2019-06-12", "texts") == ["due.paper.text"]
    assert ids(book, "2019-06-13", "texts") == []


def test_a_text_that_both_made_is_in_common(tmp_path: Path) -> None:
    signed = act("sign", "2018-06-12", "USA;RUS", instrument="paper")
    book = make(tmp_path, [_paper(participants=["USA", "RUS"])], acts=[signed])
    assert ids(book, "2018-07-10", "texts") == ["common.paper.text"]


@pytest.mark.parametrize(
    "law", [_paper(issue="other"), {**_paper(), "provision": []}, _paper(participants=["GBR", "IRN"])]
)
def test_a_text_on_another_issue_without_promises_or_of_others_is_no_item(tmp_path: Path, law: Table) -> None:
    signed = act("sign", "2018-06-12", ";".join(law["participants"]), instrument="paper")
    assert ids(make(tmp_path, [treaty("pact"), law], acts=[*FORCE, signed]), "2018-07-10", "texts") == []


def test_a_recent_text_that_has_ended_is_no_item(tmp_path: Path) -> None:
    ended = act("terminate", "2018-07-01", instrument="paper")
    book = make(tmp_path, [treaty("pact"), _paper()], acts=[*FORCE, SIGNED, ended])
    assert ids(book, "2018-07-10", "texts") == []


TALKS = forum("talks", kind="negotiation")


def test_no_item_while_a_negotiation_of_the_two_is_alive(tmp_path: Path) -> None:
    acts = [forum_act("charter", "2009-05-01", "talks"), forum_act("end", "2010-04-08", "talks")]
    book = make(tmp_path, [treaty("pact")], [TALKS], acts=FORCE, forum_acts=acts)
    assert ids(book, "2009-05-01", "negotiation") == []
    assert ids(book, "2010-04-07", "negotiation") == []
    assert ids(book, "2010-04-08", "negotiation") == ["due.dialogue.negotiation"]
    item = only(book, "2011-07-10", "negotiation")
    assert "ended 2010-04-08" in item.why.en
    assert item.issue == "dialogue"


def test_a_suspended_negotiation_was_suspended_on_the_day_of_its_suspension(tmp_path: Path) -> None:
    acts = [forum_act("charter", "2021-07-28", "talks"), forum_act("suspend", "2022-02-25", "talks")]
    book = make(tmp_path, forums=[TALKS], forum_acts=acts, meetings=[meeting("talks", "2022-01-10")])
    item = only(book, "2022-07-10", "negotiation")
    assert str(item.since) == "2022-02-25"
    assert "was suspended 2022-02-25" in item.why.en


def test_a_lapsed_negotiation_is_told_by_its_last_session(tmp_path: Path) -> None:
    book = make(tmp_path, forums=[TALKS], meetings=[meeting("talks", "2020-08-18")])
    assert ids(book, "2021-08-17", "negotiation") == []
    item = only(book, "2021-08-18", "negotiation")
    assert str(item.since) == "2020-08-18"
    assert "fell silent 2020-08-18" in item.why.en


def test_no_negotiation_ever_is_said_only_of_two_that_share_a_text(tmp_path: Path) -> None:
    assert ids(make(tmp_path / "a"), "2018-07-10", "negotiation") == []
    item = only(make(tmp_path / "b", [treaty("pact")], acts=FORCE), "2018-07-10", "negotiation")
    assert "holds no negotiation" in item.why.en
    assert item.since is None


def test_a_negotiation_with_others_is_no_negotiation_of_the_two(tmp_path: Path) -> None:
    wide = forum("talks", kind="negotiation", members=["USA", "RUS", "GBR"])
    book = make(tmp_path, [treaty("pact")], [wide], acts=FORCE, meetings=[meeting("talks", "2018-05-01")])
    assert "holds no negotiation" in only(book, "2018-07-10", "negotiation").why.en


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "negotiation"},
        {"kind": "sub-group"},
        {"kind": "ministerial"},
        {"kind": "track-two"},
        {"members": ["USA", "RUS", "GBR"]},
        {"members": ["USA"]},
        {"issues": []},
    ],
)
def test_bodies_that_are_not_listed_as_silent(tmp_path: Path, more: dict[str, object]) -> None:
    body = forum("bcc", **{"issues": ["arms"], **more})
    book = make(tmp_path, forums=[body], meetings=[meeting("bcc", "2016-05-01")])
    assert ids(book, "2018-07-10", "silent") == []


def test_a_silent_body_is_listed_for_ten_years(tmp_path: Path) -> None:
    book = make(tmp_path, forums=[forum(issues=["arms"])], meetings=[meeting("bcc", "2016-05-01")])
    assert ids(book, "2017-04-30", "silent") == []
    assert ids(book, "2017-05-01", "silent") == ["due.forum.bcc"]
    assert ids(book, "2027-05-01", "silent") == ["due.forum.bcc"]
    assert ids(book, "2027-05-02", "silent") == []


def test_a_body_suspended_with_its_umbrella_says_so(tmp_path: Path) -> None:
    bodies = [forum("above", issues=["arms"]), forum(issues=["arms"], umbrella="above")]
    acts = [forum_act("charter", "2013-07-06", "above"), forum_act("suspend", "2014-03-31", "above")]
    book = make(tmp_path, forums=bodies, forum_acts=acts, meetings=[meeting("bcc", "2014-01-01")])
    item = next(i for i in agenda(book, "2018-07-10").items() if i.id == "due.forum.bcc")
    assert "with above" in item.why.en
    assert str(item.since) == "2014-03-31"
    assert "above.suspend.2014-03-31" in item.evidence


def test_a_silent_body_names_its_last_chairs(tmp_path: Path) -> None:
    chairs = [{"party": "USA", "office": "Department", "ministry": "energy", "person": "A"}]
    body = forum(issues=["arms"], co_chairs=chairs)
    book = make(tmp_path, forums=[body], meetings=[meeting("bcc", "2016-05-01")])
    assert only(book, "2018-07-10", "silent").accounts == {
        "USA": {"office": "Department", "ministry": "energy", "person": "A"}
    }
