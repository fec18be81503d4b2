from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from builders import Row
from builders import Table
from builders import act
from builders import article
from builders import clean_book
from builders import concern
from builders import finding
from builders import limit
from builders import meeting
from builders import position
from builders import reading
from builders import report
from builders import signed_and_in_force
from builders import term
from builders import treaty
from builders import verdict
from detente.obligations.finding import SCHEMA
from detente.obligations.finding import STATES
from detente.reading.casebook import Casebook

IN_FORCE = signed_and_in_force("2011-02-05")
FINE = report("USA", "1500", "2018-02-01", id="fine")
BROKEN = report("USA", "1600", "2018-02-01", id="broken")
ON = "2018-07-10"


def book(
    folder: Path,
    *provisions: Table,
    acts: Sequence[Row] = (),
    law: Mapping[str, object] | None = None,
    **rows: Sequence[Row],
) -> Casebook:
    text = treaty("pact", *(provisions or (limit("II"),)), **(law or {}))
    return clean_book(folder, treaties=[text], statements={"acts": [*IN_FORCE, *acts], **rows})


class Gate(NamedTuple):
    """A way in which a duty does not bind now, whatever the evidence says."""

    acts: tuple[Row, ...]
    provision: Table
    law: Table
    state: str
    reason: str


GATES = [
    Gate((act("terminate", "2018-03-01"),), limit("II"), {}, "not applicable", "instrument-ended"),
    Gate((act("suspend", "2018-03-01", "USA"),), limit("II"), {}, "not applicable", "suspended"),
    Gate(
        (act("withdraw", "2018-03-01", "USA"),),
        limit("II"),
        {"participants": ["USA", "RUS", "GBR"]},
        "not applicable",
        "party-out",
    ),
    Gate((), limit("II", until="2018-03-01"), {}, "not applicable", "provision-ended"),
    Gate((), limit("II", **{"from": "2018-12-31"}), {}, "not yet due", "not-begun"),
]


@pytest.mark.parametrize("gate", GATES, ids=[gate.reason for gate in GATES])
def test_a_duty_that_does_not_bind_now_cannot_be_broken(tmp_path: Path, gate: Gate) -> None:
    alleged = concern("RUS", "allege", "2018-02-15", "USA")
    casebook = book(tmp_path, gate.provision, acts=gate.acts, law=gate.law, reports=[BROKEN], concerns=[alleged])
    assert verdict(casebook, ON) == (gate.state, gate.reason)
    assert verdict(casebook, ON, author="RUS") == (gate.state, gate.reason)


@pytest.mark.parametrize("gate", GATES[:4], ids=[gate.reason for gate in GATES[:4]])
def test_a_gate_closes_on_its_day_and_not_before(tmp_path: Path, gate: Gate) -> None:
    casebook = book(tmp_path, gate.provision, acts=gate.acts, law=gate.law, reports=[BROKEN])
    assert verdict(casebook, "2018-02-28") == ("not met", "beyond")
    assert verdict(casebook, "2018-03-01") == (gate.state, gate.reason)


def test_the_notice_of_leaving_is_judged_after_the_party_is_out(tmp_path: Path) -> None:
    casebook = book(tmp_path, term("II", notice="P6M"), acts=[act("withdraw", "2018-03-01", "USA")])
    assert verdict(casebook, ON) == ("not met", "notice-short")


CONCERNS = [
    ("allege", "not met", "concern"),
    ("question", "cannot tell", "doubt"),
]


@pytest.mark.parametrize(("verb", "state", "reason"), CONCERNS)
def test_an_open_concern_is_its_authors_account(tmp_path: Path, verb: str, state: str, reason: str) -> None:
    raised = concern("RUS", verb, "2018-03-01", "USA", id="raised")
    casebook = book(tmp_path, reports=[FINE], concerns=[raised])
    assert verdict(casebook, "2018-02-28", author="RUS") == ("", "")
    assert verdict(casebook, ON, author="RUS") == (state, reason)
    assert verdict(casebook, ON) == ("met", "within")
    assert "raised" in finding(casebook, ON, author="RUS")["evidence"]
    assert str(finding(casebook, ON, author="RUS")["since"]) == "2018-03-01"


@pytest.mark.parametrize("verb", ["resolve", "withdraw"])
def test_a_concern_that_is_resolved_is_no_account(tmp_path: Path, verb: str) -> None:
    raised = [concern("RUS", "allege", "2018-03-01", "USA"), concern("RUS", verb, "2018-04-01", "USA")]
    casebook = book(tmp_path, reports=[FINE], concerns=raised)
    assert verdict(casebook, "2018-03-31", author="RUS") == ("not met", "concern")
    assert verdict(casebook, "2018-04-01", author="RUS") == ("", "")


def answered(folder: Path, *reports: Row) -> tuple[str, str]:
    rows = [concern("RUS", "allege", "2018-03-01", "USA"), concern("USA", "answer", "2018-04-01", "RUS")]
    return verdict(book(folder, reports=reports, concerns=rows), ON, author="USA")


def test_an_answer_stands_where_nothing_else_could_be_told(tmp_path: Path) -> None:
    assert answered(tmp_path / "1") == ("met", "answered")
    withheld = report("USA", "", "2018-02-01", silence="withheld")
    assert answered(tmp_path / "2", withheld) == ("met", "answered")


def test_an_answer_does_not_undo_ones_own_number(tmp_path: Path) -> None:
    assert answered(tmp_path / "1", BROKEN) == ("not met", "beyond")
    assert answered(tmp_path / "2", FINE) == ("met", "within")


def test_what_is_conceded_is_not_met_in_ones_own_account(tmp_path: Path) -> None:
    conceded = concern("USA", "concede", "2018-04-01", "RUS")
    casebook = book(tmp_path, reports=[FINE], concerns=[conceded])
    assert verdict(casebook, ON, author="USA") == ("not met", "concern")
    assert verdict(casebook, ON) == ("met", "within")


def test_a_contested_suspension_gives_two_findings(tmp_path: Path) -> None:
    casebook = book(
        tmp_path,
        acts=[act("suspend", "2018-03-01", "USA", id="suspension")],
        reports=[FINE],
        positions=[position("RUS", "contest", "2018-03-02", "suspension")],
    )
    assert verdict(casebook, ON) == ("not applicable", "suspended")
    assert verdict(casebook, ON, author="RUS") == ("met", "within")
    assert verdict(casebook, ON, party="RUS", author="RUS") == ("", "")


def test_an_authors_reading_is_its_own_finding_else_the_common_one(tmp_path: Path) -> None:
    raised = concern("RUS", "allege", "2018-03-01", "USA")
    casebook = book(tmp_path, reports=[FINE], concerns=[raised])

    def read(author: str | None) -> list[tuple[str, str, str]]:
        return reading(casebook, ON, author).findings().select("party", "author", "state").rows()

    assert read(None) == [("RUS", "", "cannot tell"), ("USA", "", "met"), ("USA", "RUS", "not met")]
    assert read("RUS") == [("RUS", "", "cannot tell"), ("USA", "RUS", "not met")]
    assert read("GBR") == [("RUS", "", "cannot tell"), ("USA", "", "met")]


def test_a_neutral_reading_does_not_say_the_same_twice(tmp_path: Path) -> None:
    agrees = report("USA", "1500", "2018-02-01", author="RUS")
    casebook = book(tmp_path, reports=[FINE, agrees])
    assert reading(casebook, ON).findings(party="USA")["author"].to_list() == [""]
    assert verdict(casebook, ON, author="RUS") == ("met", "within")


ALL_KINDS = (
    limit("I"),
    article("II", "adherence", act="ratify"),
    article("III", "notice", of="missile-launch", timing="before", period="PT24H"),
    article("IV", "cadence", what="meeting", forum="bcc", every="P6M", first="2012-01-01"),
    article("V", "quota", measure="inspections", at_most=18, per="P1Y"),
    article("VI", "undertaking"),
    term("VII", duration="P10Y"),
)


def test_every_kind_goes_to_its_evaluator(tmp_path: Path) -> None:
    casebook = book(tmp_path, *ALL_KINDS, reports=[FINE], meetings=[meeting("bcc", "2018-05-01")])
    found = reading(casebook, ON).findings(party="USA")
    assert found.select("provision", "kind", "state", "reason").rows() == [
        ("I", "limit", "met", "within"),
        ("II", "adherence", "cannot tell", "no-act"),
        ("III", "notice", "not yet due", "no-event"),
        ("IV", "cadence", "met", "held"),
        ("V", "quota", "cannot tell", "no-report"),
        ("VI", "undertaking", "cannot tell", "no-concern"),
        ("VII", "term", "not yet due", "runs"),
    ]


def test_without_a_word_of_evidence_nothing_is_met(tmp_path: Path) -> None:
    states = reading(book(tmp_path, *ALL_KINDS), ON).all_findings["state"]
    assert states.len() == 14
    assert set(states) == {"cannot tell", "not yet due"}


def test_a_findings_frame_has_its_columns_and_states(tmp_path: Path) -> None:
    casebook = book(tmp_path, *ALL_KINDS, reports=[FINE])
    frame = reading(casebook, ON).all_findings
    assert tuple(frame.columns[: len(SCHEMA)]) == SCHEMA
    assert set(frame["state"]) <= set(STATES)
    assert frame["id"].is_unique().all()
    assert frame["reason"].null_count() == 0


def test_nothing_owed_is_no_finding(tmp_path: Path) -> None:
    frame = reading(clean_book(tmp_path / "1"), ON).all_findings
    assert frame.height == 0
    assert tuple(frame.columns[: len(SCHEMA)]) == SCHEMA
    assert reading(book(tmp_path / "2"), "2011-02-04").all_findings.height == 0


def test_the_same_record_gives_the_same_findings(tmp_path: Path) -> None:
    raised = concern("RUS", "allege", "2018-03-01", "USA")
    first, second = (
        reading(book(tmp_path / name / "book", *ALL_KINDS, reports=[FINE], concerns=[raised]), ON).all_findings
        for name in ("1", "2")
    )
    assert first.equals(second)


def test_the_ids_of_findings(tmp_path: Path) -> None:
    casebook = book(tmp_path, reports=[FINE, report("USA", "1600", "2018-02-01", author="RUS", id="rival")])
    assert set(reading(casebook, ON).all_findings["id"]) == {"pact/II/RUS", "pact/II/USA", "pact/II/USA@RUS"}
