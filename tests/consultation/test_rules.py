"""Every rule of the agenda: a small record in which it speaks; neighbours in which it must not are beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import detente.consultation
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
from consultation.pair_builder import make
from consultation.pair_builder import only
from consultation.pair_builder import promise
from consultation.pair_builder import says
from consultation.pair_builder import unordered
from detente.consultation.agenda import RULES
from detente.reading.casebook import Casebook

FORCE = signed_and_in_force("2011-02-05")
ENTRY = "pact.enter-into-force.2011-02-05"


class Sample(NamedTuple):
    """A record, a day, and the one item that the rule then makes."""

    book: Callable[[Path], Casebook]
    on: str
    id: str
    since: str | None
    until: str | None
    level: str
    accounts: set[str]
    evidence: set[str]
    why: str


def _contested(folder: Path) -> Casebook:
    suspended = act("suspend", "2023-02-28", "RUS")
    return make(
        folder,
        [treaty("pact")],
        acts=[*FORCE, suspended],
        positions=[says("USA", "contest", "2023-03-01", refs=suspended["id"], id="void")],
    )


def _concerns(folder: Path) -> Casebook:
    return make(folder, [treaty("pact", limit())], acts=FORCE, concerns=[concern("USA", "allege", "2018-03-01", "RUS")])


def _accounts(folder: Path) -> Casebook:
    reports = [report("RUS", "1500", "2018-02-05"), report("RUS", "1601", "2018-03-01", author="USA")]
    return make(folder, [treaty("pact", limit())], acts=FORCE, reports=reports)


def _apart(folder: Path) -> Casebook:
    acts = [
        act("accede", "2010-01-01", "USA;RUS;GBR"),
        act("enter-into-force", "2011-01-01"),
        act("withdraw", "2018-05-08", "USA"),
    ]
    return make(folder, [treaty("pact", membership="open", participants=[])], acts=acts)


def _positions(folder: Path) -> Casebook:
    return make(folder, positions=[says("USA", "reject", "2018-05-08"), says("RUS", "affirm", "2018-05-09")])


def _others(folder: Path) -> Casebook:
    return make(folder, [treaty("pact", limit())], acts=FORCE, concerns=[concern("GBR", "allege", "2018-03-01", "RUS")])


def _term(folder: Path) -> Casebook:
    law = treaty("pact", term(duration="P10Y", extension={"at_most": "P5Y", "times": 1}))
    return make(folder, [law], acts=FORCE)


def _leaving(folder: Path) -> Casebook:
    withdrawal = act("withdraw", "2019-02-02", "USA", effect="2019-08-02")
    return make(folder, [treaty("pact", term(notice="P6M"))], acts=[*FORCE, withdrawal])


def _suspended(folder: Path) -> Casebook:
    return make(folder, [treaty("pact")], acts=[*FORCE, act("suspend", "2023-02-28", "RUS")])


def _unmet(folder: Path) -> Casebook:
    return make(folder, [treaty("pact", limit())], acts=FORCE, reports=[report("USA", "1551", "2018-02-05")])


def _turn(folder: Path) -> Casebook:
    law = treaty(
        "pact", article("VII", "cadence", what="report", measures=["warheads"], every="P6M", first="2011-03-01")
    )
    reports = [report("USA", "1500", "2018-03-01"), report("RUS", "1500", "2018-03-01")]
    return make(folder, [law], acts=FORCE, reports=reports)


def _offers(folder: Path) -> Casebook:
    return make(folder, [treaty("pact")], acts=FORCE, positions=[says("RUS", "propose", "2017-07-01", en="talks")])


def _commitments(folder: Path) -> Casebook:
    return make(folder, commitments=[promise("USA;RUS", "undertake", "2010-04-13", due="2018-12-31")])


def _pending(folder: Path) -> Casebook:
    return make(
        folder, [treaty("pact")], acts=[act("sign", "2010-04-08", "USA;RUS"), act("ratify", "2010-06-01", "RUS")]
    )


def _gap(folder: Path) -> Casebook:
    return make(folder, [treaty("pact", term(duration="P10Y"))], acts=FORCE)


def _third(folder: Path) -> Casebook:
    law = treaty("pact", limit(binds=["IRN"], at_most=300), participants=["USA", "RUS", "IRN"], authority="IAEA")
    acts = [act("sign", "2010-01-01", "USA;RUS;IRN"), act("enter-into-force", "2011-01-01")]
    return make(folder, [law], acts=acts, reports=[report("IRN", "301", "2018-05-01", author="IAEA")])


def _texts(folder: Path) -> Casebook:
    paper = treaty("paper", limit(), participants=["USA", "IRN"], binding="political")
    return make(
        folder, [treaty("pact"), paper], acts=[*FORCE, act("sign", "2018-06-12", "USA;IRN", instrument="paper")]
    )


def _negotiation(folder: Path) -> Casebook:
    talks = forum("talks", kind="negotiation")
    return make(
        folder,
        forums=[talks],
        meetings=[meeting("talks", "2010-03-26")],
        forum_acts=[forum_act("charter", "2009-05-01", "talks"), forum_act("end", "2010-04-08", "talks")],
    )


def _silent(folder: Path) -> Casebook:
    body = forum(issues=["arms"], ministries=["defence"])
    acts = [forum_act("charter", "2009-07-06"), forum_act("suspend", "2014-03-31")]
    return make(folder, forums=[body], forum_acts=acts, meetings=[meeting("bcc", "2013-11-01")])


def _bound(folder: Path) -> Casebook:
    return make(folder, [treaty("pact")], acts=FORCE)


def _within(folder: Path) -> Casebook:
    reports = [report("USA", "1550", "2018-02-05"), report("RUS", "1444", "2018-02-05")]
    return make(folder, [treaty("pact", limit())], acts=FORCE, reports=reports)


def _joint(folder: Path) -> Casebook:
    return make(
        folder, positions=[says("USA", "state-jointly", "2013-06-17"), says("RUS", "state-jointly", "2013-06-17")]
    )


def _votes(folder: Path) -> Casebook:
    rows = [
        *(says(p, "vote-no", "2018-12-05", "unga.73.50") for p in ("USA", "RUS")),
        says("USA", "vote-no", "2018-12-05", "unga.73.51"),
        says("RUS", "vote-yes", "2018-12-05", "unga.73.51"),
    ]
    return make(folder, positions=rows)


def _alive(folder: Path) -> Casebook:
    return make(folder, forums=[forum(issues=["arms"])], meetings=[meeting("bcc", "2018-05-01")])


def _anniversary(folder: Path) -> Casebook:
    acts = [
        act("open", "1968-07-01"),
        act("accede", "1970-01-01", "USA;SUN"),
        act("enter-into-force", "1970-03-05"),
    ]
    return make(folder, [treaty("pact", membership="open", participants=[])], acts=acts)


SAMPLES: dict[str, Sample] = {
    "contested": Sample(
        _contested, "2023-03-01", "dispute.pact.standing", "2023-02-28", None, "leaders", {"USA", "RUS"},
        {"pact.rus.suspend.2023-02-28", "void"}, "contested by others",
    ),
    "concerns": Sample(
        _concerns, "2018-03-01", "dispute.pact.concerns", "2018-03-01", None, "senior-officials", {"USA", "RUS"},
        {"concern.doubt.usa.allege.2018-03-01"}, "1, the oldest since 2018-03-01: doubt",
    ),
    "accounts": Sample(
        _accounts, "2018-07-10", "dispute.pact.ii.rus", None, None, "experts", {"USA", "RUS"},
        {"warheads.rus.rus.2018-02-05", "warheads.usa.rus.2018-03-01"}, "differ by author",
    ),
    "apart": Sample(
        _apart, "2018-07-10", "dispute.pact.apart", "2018-05-08", None, "leaders", {"USA", "RUS"},
        {"pact.usa.withdraw.2018-05-08", "pact.usa-rus-gbr.accede.2010-01-01"}, "left on 2018-05-08 (2 months, 2 days",
    ),
    "positions": Sample(
        _positions, "2018-07-10", "dispute.arms.topic", "2018-05-09", None, "senior-officials", {"USA", "RUS"},
        {"position.topic.usa.reject.2018-05-08", "position.topic.rus.affirm.2018-05-09"}, "opposite position",
    ),
    "others": Sample(
        _others, "2018-07-10", "dispute.pact.others", "2018-03-01", None, "senior-officials", {"GBR"},
        {"concern.doubt.gbr.allege.2018-03-01"}, "Gbr and not resolved (article II)",
    ),
    "term": Sample(
        _term, "2018-07-10", "due.pact.term", "2011-02-05", "2021-02-05", "leaders", {"USA", "RUS"},
        {ENTRY}, "in 941 days (article XIV). One extension of up to 5 years is open.",
    ),
    "leaving": Sample(
        _leaving, "2019-02-02", "due.pact.leaving-usa", "2019-02-02", "2019-08-02", "leaders", {"USA", "RUS"},
        {"pact.usa.withdraw.2019-02-02"}, "in 181 days",
    ),
    "suspended": Sample(
        _suspended, "2023-02-28", "due.pact.suspended-rus", "2023-02-28", None, "leaders", {"USA", "RUS"},
        {"pact.rus.suspend.2023-02-28"}, "Rus suspended its participation on 2023-02-28",
    ),
    "unmet": Sample(
        _unmet, "2018-07-10", "due.pact.ii.usa", None, None, "senior-officials", {"USA"},
        {"warheads.usa.usa.2018-02-05"}, "beyond the limit",
    ),
    "turn": Sample(
        _turn, "2018-07-10", "due.pact.vii", "2018-03-01", "2018-09-01", "experts", {"USA", "RUS"},
        {"warheads.usa.usa.2018-03-01", "warheads.rus.rus.2018-03-01"}, "every 6 months (article VII)",
    ),
    "offers": Sample(
        _offers, "2018-07-10", "due.arms.offers", "2017-07-01", None, "leaders", {"USA", "RUS"},
        {"position.topic.rus.propose.2017-07-01"}, "2017-07-01 RUS: talks",
    ),
    "commitments": Sample(
        _commitments, "2018-07-10", "due.arms.commitments", "2010-04-13", "2018-12-31", "ministers", {"USA", "RUS"},
        {"commitment.deed.usa-rus.undertake.2010-04-13"}, "neither fulfilled nor dropped",
    ),
    "pending": Sample(
        _pending, "2018-07-10", "due.pact.consent-usa", "2010-04-08", None, "leaders", {"USA", "RUS"},
        {"pact.usa-rus.sign.2010-04-08"}, "Signed 2010-04-08 (8 years, 3 months ago)",
    ),
    "gap": Sample(
        _gap, "2021-02-05", "due.pact.gap", "2021-02-05", None, "leaders", {"USA", "RUS"},
        {ENTRY}, "no instrument in force between the two replaces it",
    ),
    "third": Sample(
        _third, "2018-07-10", "due.pact.irn", "2011-01-01", None, "ministers", {"IAEA"},
        {"warheads.iaea.irn.2018-05-01"}, "1 of 1 provisions judged are not met, 0 are met (IAEA, latest evidence 2018",
    ),
    "texts": Sample(
        _texts, "2018-07-10", "due.paper.text", "2018-06-12", None, "leaders", {"USA", "IRN"},
        {"paper.usa-irn.sign.2018-06-12"}, "Usa, Irn 28 days ago: II",
    ),
    "negotiation": Sample(
        _negotiation, "2018-07-10", "due.dialogue.negotiation", "2010-04-08", None, "leaders", set(),
        {"talks.2010-03-26", "talks.end.2010-04-08", "talks.charter.2009-05-01"}, "the last, talks, ended",
    ),
    "silent": Sample(
        _silent, "2018-07-10", "due.forum.bcc", "2014-03-31", None, "experts", set(),
        {"bcc.suspend.2014-03-31", "bcc.charter.2009-07-06", "bcc.2013-11-01"}, "suspended for 4 years, 3 months",
    ),
    "bound": Sample(
        _bound, "2018-07-10", "common.arms.instruments", "2011-02-05", None, "experts", {"USA", "RUS"},
        {"pact.usa-rus.sign.2010-04-08"}, "pact.",
    ),
    "within": Sample(
        _within, "2018-07-10", "common.pact.limits", None, None, "experts", {"USA", "RUS"},
        {"warheads.usa.usa.2018-02-05", "warheads.rus.rus.2018-02-05"}, "USA II: 1550 (<= 1550, 2018-02-05)",
    ),
    "joint": Sample(
        _joint, "2018-07-10", "common.arms.statements", "2013-06-17", None, "leaders", {"USA", "RUS"},
        {"position.topic.usa.state-jointly.2013-06-17", "position.topic.rus.state-jointly.2013-06-17"}, "2013-06-17",
    ),
    "votes": Sample(
        _votes, "2018-12-31", "common.arms.votes", "2018-12-05", None, "experts", {"USA", "RUS"},
        {"position.unga.73.50.usa.vote-no.2018-12-05", "position.unga.73.50.rus.vote-no.2018-12-05"}, "votes of 2018",
    ),
    "alive": Sample(
        _alive, "2018-07-10", "common.arms.forums", "2018-05-01", None, "experts", set(), {"bcc.2018-05-01"},
        "bcc 2018-05-01",
    ),
    "anniversary": Sample(
        _anniversary, "2018-07-10", "common.pact.anniversary-opening", "1968-07-01", "2018-07-01", "leaders", set(),
        {"pact.open.1968-07-01", "pact.enter-into-force.1970-03-05"}, "opening for signature on 1968-07-01",
    ),
}  # fmt: skip
"""One record for each rule; the id, days, level, authors and evidence of the one item that it makes."""


@pytest.mark.parametrize("rule", SAMPLES)
def test_the_rule_makes_exactly_its_item(tmp_path: Path, rule: str) -> None:
    sample = SAMPLES[rule]
    item = only(sample.book(tmp_path), sample.on, rule)
    assert item.id == sample.id
    assert item.section == sample.id.split(".")[0]
    assert (str(item.since) if item.since else None) == sample.since
    assert (str(item.until) if item.until else None) == sample.until
    assert item.level == sample.level
    assert set(item.accounts) == sample.accounts
    assert set(item.evidence) == sample.evidence
    assert sample.why in item.why.en


@pytest.mark.parametrize("rule", SAMPLES)
def test_the_item_is_not_there_before_anything_happened(tmp_path: Path, rule: str) -> None:
    found = agenda(SAMPLES[rule].book(tmp_path), "1963-01-01")
    assert [item.id for item in found.items()] == []


@pytest.mark.parametrize("rule", SAMPLES)
def test_the_other_order_of_the_pair_makes_the_same_item(tmp_path: Path, rule: str) -> None:
    sample = SAMPLES[rule]
    book = sample.book(tmp_path)
    mine, theirs = agenda(book, sample.on), agenda(book, sample.on, pair=("RUS", "USA"))
    assert unordered(mine) == unordered(theirs)


@pytest.mark.parametrize("rule", [r for r in SAMPLES if r not in ("negotiation", "texts")])
def test_a_pair_of_others_has_no_such_item(tmp_path: Path, rule: str) -> None:
    sample = SAMPLES[rule]
    found = agenda(sample.book(tmp_path), sample.on, pair=("FRA", "DEU"))
    assert [item.rule for item in found.items()] == []


def test_every_rule_of_the_agenda_has_a_record_here() -> None:
    folder = Path(detente.consultation.__file__).parent
    named = {rule for path in folder.glob("*.py") for rule in re.findall(r'rule="([a-z]+)"', path.read_text("utf-8"))}
    assert named == set(SAMPLES)
    assert len(RULES) == len({rule.__name__ for rule in RULES})
