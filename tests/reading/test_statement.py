"""One statement: whether it counts, its chains, who cites it, what rests on it, and its neighbours."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from builders import act
from builders import clean_book
from builders import limit
from builders import meeting
from builders import position
from builders import report
from builders import signed_and_in_force
from builders import treaty
from detente.errors import DetenteError
from detente.reading.casebook import open_casebook
from detente.reading.reading import Reading
from detente.reading.show import show
from detente.reading.statement import Dates
from detente.reading.statement import statement
from detente.record.dates import span

DAY = date(2018, 7, 10)
PAIR = ("USA", "RUS")


@cache
def shipped() -> Reading:
    return Reading(open_casebook(), DAY)


def test_a_report_is_what_a_finding_and_an_item_rest_on() -> None:
    answer = statement(shipped(), "new-start.rus.2018-02-05.launchers", PAIR)
    assert answer.counts == "counts"
    assert [(f.id, f.state) for f in answer.findings] == [("new-start/II.1(c)/RUS", "met")]
    assert [item.id for item in answer.items] == ["common.new-start.limits"]
    assert answer.statement.value == "779 launchers and bombers"
    assert re.fullmatch(r"casebook/strategic-arms/reports-\S+\.csv:\d+", answer.statement.place)


def test_what_rests_on_a_statement_is_all_that_names_it_as_evidence() -> None:
    every = shipped().all_findings.filter(pl.col("evidence").list.len() > 0)
    ids = every.select("evidence").explode("evidence")["evidence"].unique().sort().to_list()
    agenda = shipped().agenda(*PAIR)
    shown = shipped().findings()
    assert len(ids) > 200
    for id in ids[::40]:
        answer = statement(shipped(), id, PAIR)
        expected = shown.filter(pl.col("evidence").list.contains(id))["id"].to_list()
        assert sorted(f.id for f in answer.findings) == sorted(expected), id
        assert [i.id for i in answer.items] == [i.id for i in agenda.items() if id in i.evidence], id


def test_an_act_shows_how_its_party_stands_by_it() -> None:
    answer = statement(shipped(), "jcpoa.usa.2018-05-08.withdraw", PAIR)
    assert [(s.party, s.standing) for s in answer.standings] == [("USA", "out")]
    assert {i.id for i in answer.items} >= {"dispute.jcpoa.apart"}


def test_who_cites_it_are_the_statements_that_refer_to_it() -> None:
    answer = statement(shipped(), "bpc.suspend.2014-03", PAIR)
    frame = shipped().casebook.record.frame
    citing = frame.filter(pl.col("refs").str.split(";").list.contains("bpc.suspend.2014-03"))["id"].to_list()
    assert sorted(s.statement for s in answer.cited_by) == sorted(citing)
    assert len(citing) == 20
    assert all(s.statement in citing for s in answer.cited_by)
    back = statement(shipped(), citing[0], PAIR)
    assert [s.statement for s in back.refers_to] == ["bpc.suspend.2014-03"]
    assert [(f.id, f.state) for f in answer.forums] == [("bpc", "suspended")]


def test_an_approximate_day_is_a_span_that_counts_from_its_last_day() -> None:
    answer = statement(shipped(), "bpc.suspend.2014-03", PAIR)
    march = Dates(date(2014, 3, 1), date(2014, 3, 31))
    assert answer.dates == {"on": march, "known": march}
    assert statement(shipped().at(date(2014, 3, 30)), "bpc.suspend.2014-03", PAIR).counts == "not yet true"
    assert statement(shipped().at(date(2014, 3, 31)), "bpc.suspend.2014-03", PAIR).counts == "counts"


def test_what_is_not_yet_known_is_shown_and_nothing_rests_on_it() -> None:
    reading = Reading(shipped().casebook, DAY, date(2018, 1, 1))
    answer = statement(reading, "new-start.rus.2018-02-05.launchers", PAIR)
    assert answer.counts == "not yet known"
    assert (answer.findings, answer.items, answer.standings, answer.forums) == ([], [], [], [])
    assert answer.before
    assert all(span(s.known).last <= date(2018, 1, 1) for s in answer.before)


def test_neighbours_stand_before_and_after_on_the_same_thread() -> None:
    answer = statement(shipped(), "inf.usa.2014-07.9m729-allegation", PAIR)
    assert answer.thread == {"topic": "9m729"}
    assert "inf.rus.2014-07-30.9m729-answer" in [s.statement for s in answer.after]
    assert all(s.topic == "9m729" for s in (*answer.before, *answer.after))
    days = [s.on for s in answer.after]
    assert days == sorted(days)
    assert len(answer.after) <= 4 < answer.thread_total


def test_the_json_of_show_is_part_of_it() -> None:
    plain = show(shipped(), "inf.usa.2014-07.9m729-allegation")
    answer = statement(shipped(), "inf.usa.2014-07.9m729-allegation", PAIR)
    for name in plain.__struct_fields__:
        assert getattr(answer, name) == getattr(plain, name)


def test_a_correction_and_its_chain(tmp_path: Path) -> None:
    first = report("USA", "1600", "2018-06-01")
    second = report("USA", "1500", "2018-06-01", id="second", corrects=first["id"], known="2018-08-01")
    third = report("USA", "1400", "2018-06-01", id="third", corrects="second", known="2018-09-01")
    doubt = position("RUS", "contest", "2018-06-02", first["id"])
    acts = signed_and_in_force("2011-02-05")
    book = clean_book(
        tmp_path / "book", treaties=[treaty("pact", limit("II"))],
        statements={"acts": acts, "reports": [first, second, third], "positions": [doubt]},
    )  # fmt: skip
    now = Reading(book, DAY)
    answer = statement(now, first["id"], PAIR)
    assert answer.counts == "replaced"
    assert [s.statement for s in answer.corrected_by] == ["second", "third"]
    assert [s.statement for s in statement(now, "third", PAIR).corrects] == ["second", first["id"]]
    assert [s.statement for s in answer.cited_by] == [doubt["id"]]
    then = Reading(book, DAY, DAY)
    assert statement(then, first["id"], PAIR).counts == "counts"
    assert [f.party for f in statement(then, first["id"], PAIR).findings] == ["USA"]
    assert statement(then, "third", PAIR).counts == "not yet known"


def test_the_threads_of_acts_meetings_and_signatures(tmp_path: Path) -> None:
    acts = [*signed_and_in_force("2011-02-05"), act("suspend", "2015-01-01", "RUS"), act("resume", "2016-01-01", "RUS")]
    meetings = [meeting("bcc", "2017-01-01"), meeting("bcc", "2018-01-01")]
    book = clean_book(tmp_path / "book", treaties=[treaty("pact", limit("II"))],
                      statements={"acts": acts, "meetings": meetings})  # fmt: skip
    reading = Reading(book, DAY)
    resumed = statement(reading, "pact.rus.resume.2016-01-01", PAIR)
    assert [s.statement for s in resumed.before][-1] == "pact.rus.suspend.2015-01-01"
    assert [s.statement for s in statement(reading, "bcc.2018-01-01", PAIR).before] == ["bcc.2017-01-01"]
    signed = statement(reading, "pact.usa-rus.sign.2010-04-08", PAIR)
    assert signed.thread == {"kind": "act", "instrument": "pact"}


def test_the_pair_is_told_as_it_is_called_on_the_day() -> None:
    before = shipped().at(date(1986, 10, 10))
    assert statement(before, "new-start.rus.2018-02-05.launchers", PAIR).between == ("USA", "SUN")
    assert statement(before, "test.usa.1968-05-08.68067", PAIR).between == ("USA", "SUN")


def test_an_unknown_id_is_refused_with_near_ones() -> None:
    with pytest.raises(DetenteError) as fault:
        statement(shipped(), "bpc.suspend", PAIR)
    assert "bpc.suspend.2014-03" in fault.value.remedy
    with pytest.raises(DetenteError) as fault:
        statement(shipped(), "npt", PAIR)
    assert "npt" in fault.value.what
