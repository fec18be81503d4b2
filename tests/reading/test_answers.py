"""What the faces ask a reading: due, diff, history, explain, show, status, forums, and the running of cases."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import detente
from builders import Table
from builders import act
from builders import article
from builders import clean_book
from builders import concern
from builders import forum
from builders import issue
from builders import limit
from builders import meeting
from builders import position
from builders import report
from builders import signed_and_in_force
from builders import statement
from builders import term
from builders import treaty
from detente.errors import DetenteError
from detente.reading.answers import DueRow
from detente.reading.answers import HistoryAnswer
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.cases import Case
from detente.reading.cases import run_case
from detente.reading.diff import diff
from detente.reading.due import due
from detente.reading.explain import explain
from detente.reading.history import history
from detente.reading.reading import Reading
from detente.reading.show import show
from detente.reading.status import status

FORCE = signed_and_in_force("2011-02-05")
LAW = treaty(
    "pact",
    limit("II", **{"from": {"after": "entry-into-force", "period": "P7Y"}, "until": "2020-01-01"}),
    article("VII", "cadence", what="report", measures=["warheads"], every="P6M", first="2011-03-01", grace="P30D"),
    article("VIII", "adherence", act="amend", within="P9Y"),
    term(duration="P10Y", extension={"at_most": "P5Y", "times": 1}, notice="P3M"),
)


@cache
def shipped() -> Casebook:
    return open_casebook()


def small(folder: Path, *treaties: Table, **statements: list[dict[str, str]]) -> Casebook:
    return clean_book(
        folder,
        issues=[issue(), issue("dialogue")],
        treaties=treaties or (LAW,),
        statements={"acts": FORCE, **statements},
    )


def read(book: Casebook, on: str, known: str = "", author: str | None = None) -> Reading:
    return Reading(book, date.fromisoformat(on), date.fromisoformat(known) if known else None, author)


def rows(book: Casebook, on: str, within: str, kind: str, party: str | None = None) -> list[DueRow]:
    return [row for row in due(read(book, on), within, party).due if row.kind == kind]


@pytest.mark.parametrize(
    ("kind", "day", "provision"),
    [
        ("term", "2021-02-05", "XIV"),
        ("begins", "2018-02-05", "II"),
        ("ends", "2020-01-01", "II"),
        ("turn", "2018-10-01", "VII"),
    ],
)
def test_each_kind_of_day_is_due_in_a_half_open_window(tmp_path: Path, kind: str, day: str, provision: str) -> None:
    book, last = small(tmp_path), date.fromisoformat(day)
    start = date.fromordinal(last.toordinal() - 100).isoformat()
    found = rows(book, start, "101d", kind)
    assert [(row.day, row.provision, row.instrument) for row in found if row.day == last] == [(last, provision, "pact")]
    assert [row for row in rows(book, start, "100d", kind) if row.day == last] == []


def test_a_renewal_and_a_departure_are_due(tmp_path: Path) -> None:
    renewed = small(tmp_path / "a", treaty("pact", term(duration="P5Y", renewal="P5Y")))
    assert [str(row.day) for row in rows(renewed, "2018-01-01", "P4Y", "renewal")] == ["2021-02-05"]
    left = small(tmp_path / "b", acts=[*FORCE, act("give-notice", "2018-06-01", "USA")])
    assert [(str(row.day), row.parties) for row in rows(left, "2018-06-01", "1y", "departure")] == [
        ("2018-09-01", ["USA"])
    ]
    assert rows(left, "2018-06-01", "92d", "departure") == []
    assert [str(row.day) for row in rows(left, "2018-09-01", "1y", "departure")] == ["2018-09-01"]
    assert rows(left, "2018-09-02", "1y", "departure") == []


def test_a_deadline_a_commitment_and_an_announced_session_are_due(tmp_path: Path) -> None:
    promise = statement("deed", "USA", "2018-01-01", verb="undertake", topic="deed", party="USA;RUS", due="2018-12-31")
    planned = {**meeting("bcc", "2018-11-01"), "known": "2018-06-01"}
    law = treaty("pact", article("VIII", "adherence", act="amend", within="P9Y"))
    book = small(tmp_path, law, commitments=[promise], meetings=[planned])
    assert [(str(r.day), r.parties) for r in rows(book, "2018-12-31", "1d", "commitment")] == [
        ("2018-12-31", ["RUS", "USA"])
    ]
    assert rows(book, "2019-01-01", "1y", "commitment") == []
    assert [str(r.day) for r in rows(book, "2018-06-01", "1y", "session")] == ["2018-11-01"]
    assert rows(book, "2018-05-31", "1y", "session") == []
    assert [(str(r.day), r.parties) for r in rows(book, "2019-06-01", "1y", "deadline")] == [
        ("2020-02-05", ["RUS", "USA"])
    ]


def test_what_is_due_is_in_order_and_of_one_party_if_asked(tmp_path: Path) -> None:
    promise = statement("deed", "USA", "2018-01-01", verb="undertake", topic="deed", party="USA", due="2018-12-31")
    book = small(tmp_path, commitments=[promise])
    days = [row.day for row in due(read(book, "2018-01-01"), "5y").due]
    assert days == sorted(days)
    assert [r.title.en for r in rows(book, "2018-01-01", "2y", "commitment", "rus")] == []
    assert len(rows(book, "2018-01-01", "2y", "commitment", "USA")) == 1
    with pytest.raises(DetenteError):
        due(read(book, "2018-01-01"), party="Atlantis")


def test_diff_tells_what_changed_between_two_days(tmp_path: Path) -> None:
    reports = [report("USA", "1600", "2018-06-01"), report("RUS", "1400", "2018-06-01")]
    acts = [*FORCE, act("suspend", "2018-07-01", "RUS")]
    book = clean_book(
        tmp_path, issues=[issue()], treaties=[LAW], forums=[forum()],
        statements={"acts": acts, "reports": reports, "meetings": [meeting("bcc", "2017-07-01")]},
    )  # fmt: skip
    answer = diff(read(book, "2018-05-31"), read(book, "2018-07-10"))
    changes = {(c.what, c.id): (c.before.en, c.after.en) for c in answer.changes}
    assert changes["standing", "pact/RUS"] == ("bound", "suspended")
    assert changes["finding", "pact/II/USA"] == ("cannot tell", "not met (1600)")
    assert changes["finding", "pact/II/RUS"][1].startswith("not applicable")
    assert changes["forum", "bcc"] == ("alive", "lapsed")
    assert answer.statements == 3
    assert (str(answer.first), str(answer.on)) == ("2018-05-31", "2018-07-10")
    assert diff(read(book, "2018-07-10"), read(book, "2018-07-10")).changes == []


def test_diff_tells_the_life_of_a_text(tmp_path: Path) -> None:
    book = small(tmp_path, acts=[*FORCE, act("extend", "2021-02-03", period="P5Y")])
    assert _life(book, "2011-02-04", "2011-02-05") == ("not in force", "in force, ends 2021-02-05")
    assert _life(book, "2021-02-02", "2021-02-03") == ("in force, ends 2021-02-05", "in force, ends 2026-02-05")
    assert _life(book, "2026-02-04", "2026-02-05") == ("in force, ends 2026-02-05", "ended")


def _life(book: Casebook, one: str, two: str) -> tuple[str, str]:
    changes = diff(read(book, one), read(book, two)).changes
    change = next(c for c in changes if (c.what, c.id) == ("instrument", "pact"))
    return change.before.en, change.after.en


def test_diff_of_two_knowledge_days_tells_what_was_learnt(tmp_path: Path) -> None:
    late = {**concern("USA", "allege", "2018-03-01", "RUS"), "known": "2019-07-28"}
    book = small(tmp_path, concerns=[late])
    answer = diff(read(book, "2018-07-10", "2019-01-01"), read(book, "2018-07-10", "2020-01-01"))
    assert [(c.id, c.after.en) for c in answer.changes] == [("pact/II/RUS@USA", "not met")]
    assert answer.statements == 1
    assert (str(answer.first_known_by), str(answer.known_by)) == ("2019-01-01", "2020-01-01")


def test_a_reading_in_which_nothing_moved_is_no_change(tmp_path: Path) -> None:
    suspension = act("suspend", "2018-07-01", "RUS")
    contest = position("USA", "contest", "2018-07-02", suspension["id"])
    book = small(tmp_path, acts=[*FORCE, suspension], positions=[contest])
    changes = diff(read(book, "2018-06-01"), read(book, "2018-07-10")).changes
    assert "pact/RUS@USA" not in [c.id for c in changes if c.what == "standing"]


HISTORIES = [("new-start", "II.1(b)"), ("inf", "VI.1(a)")]


@cache
def past(instrument: str, article_: str) -> HistoryAnswer:
    return history(read(shipped(), "2026-06-01"), instrument, article_)


@pytest.mark.parametrize(("instrument", "article_"), HISTORIES)
def test_the_periods_of_a_history_are_half_open_and_do_not_overlap(instrument: str, article_: str) -> None:
    answer = past(instrument, article_)
    threads: dict[tuple[str, str], list[tuple[date, date | None]]] = {}
    for row in answer.rows:
        threads.setdefault((row.party, row.author), []).append((row.from_, row.until))
    assert {party for party, _ in threads} >= {"USA", "RUS"}
    for periods in threads.values():
        for begin, end in periods:
            assert end is None or begin < end
        for (_, end), (begin, _) in pairwise(periods):
            assert end is not None
            assert end <= begin
    common = [periods for (_, author), periods in threads.items() if author == ""]
    for periods in common:
        assert all(one[1] == two[0] for one, two in pairwise(periods))


@pytest.mark.parametrize(("instrument", "article_"), HISTORIES)
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(on=st.dates(date(1987, 1, 1), date(2026, 6, 1)))
def test_a_history_equals_the_findings_of_any_day(instrument: str, article_: str, on: date) -> None:
    told = {
        (row.party, row.author): (row.state, row.reason, row.value)
        for row in past(instrument, article_).rows
        if row.from_ <= on and (row.until is None or on < row.until)
    }
    frame = Reading(shipped(), on).all_findings.to_dicts()
    found = {
        (r["party"], r["author"]): (r["state"], r["reason"], r["value"])
        for r in frame
        if (r["instrument"], r["provision"]) == (instrument, article_)
    }
    assert told == found


def test_a_history_of_one_party_hears_of_its_progress_and_ends_on_the_day(tmp_path: Path) -> None:
    book = small(tmp_path, reports=[report("USA", "1600", "2018-06-01"), report("USA", "1500", "2018-09-01")])
    heard: list[tuple[int, int]] = []
    answer = history(read(book, "2018-12-01"), "PACT", "II", "usa", lambda done, all: heard.append((done, all)))
    assert {row.party for row in answer.rows} == {"USA"}
    assert [(str(r.from_), str(r.until), r.state) for r in answer.rows] == [
        ("2011-02-05", "2018-02-05", "not yet due"),
        ("2018-02-05", "2018-06-01", "cannot tell"),
        ("2018-06-01", "2018-09-01", "not met"),
        ("2018-09-01", "None", "met"),
    ]
    assert heard[-1][0] == heard[-1][1] == len(heard)
    later = history(read(book, "2022-01-01"), "pact", "II", "USA").rows
    assert [(str(r.from_), r.state, r.reason) for r in later[4:]] == [
        ("2019-09-01", "cannot tell", "stale"),
        ("2020-01-01", "not applicable", "provision-ended"),
        ("2021-02-05", "not applicable", "instrument-ended"),
    ]


@pytest.mark.parametrize(("instrument", "article_"), [("pact", "XX"), ("nothing", "II")])
def test_a_history_of_nothing_is_refused(tmp_path: Path, instrument: str, article_: str) -> None:
    with pytest.raises(DetenteError):
        history(read(small(tmp_path), "2018-07-10"), instrument, article_)


def test_explain_shows_the_arithmetic_the_provision_and_the_source(tmp_path: Path) -> None:
    book = small(tmp_path, reports=[report("USA", "1600", "2018-06-01")])
    answer = explain(read(book, "2018-07-10"), "pact/II/USA", ("USA", "RUS"))
    steps = [step.en for step in answer.steps]
    assert "1600 <= 1550: does not hold." in steps
    assert "The provision binds from 2018-02-05." in steps
    assert "USA reported 1600 as of 2018-06-01 (warheads)." in steps
    assert answer.result.en.startswith("not met: ")
    assert answer.provision["at_most"] == 1550
    assert {e.address for e in answer.evidence} == {"https://example.org/text"}
    assert answer.evidence[0].place.endswith("arms/reports.csv:2")
    assert all(step.ru for step in answer.steps)


def test_explain_an_authors_finding(tmp_path: Path) -> None:
    reports = [report("USA", "1500", "2018-06-01"), report("USA", "1700", "2018-06-02", author="RUS")]
    book = small(tmp_path, reports=reports)
    answer = explain(read(book, "2018-07-10"), "pact/II/USA@RUS", ("USA", "RUS"))
    assert answer.according_to == "RUS"
    assert "According to RUS." in [step.en for step in answer.steps]
    assert "1700 <= 1550: does not hold." in [step.en for step in answer.steps]
    common = explain(read(book, "2018-07-10"), "pact/II/USA@GBR", ("USA", "RUS"))
    assert common.according_to is None
    assert common.id == "pact/II/USA"


def test_explain_an_item_of_the_agenda(tmp_path: Path) -> None:
    book = clean_book(
        tmp_path,
        issues=[issue()],
        treaties=[LAW],
        forums=[forum(issues=["arms"])],
        statements={
            "acts": FORCE,
            "reports": [report("USA", "1600", "2018-06-01")],
            "meetings": [meeting("bcc", "2018-05-01")],
        },
    )
    answer = explain(read(book, "2018-07-10"), "due.pact.ii.usa", ("USA", "RUS"))
    assert answer.steps[0].en == "Put on the agenda by the rule 'unmet'."
    assert any("A forum is looked for in this order" in step.en for step in answer.steps)
    assert [e.statement for e in answer.evidence] == ["warheads.usa.usa.2018-06-01"]


@pytest.mark.parametrize(
    ("id", "hint"),
    [
        ("pact/II", "pact/II/"),
        ("pact/XX/USA", "pact/II/"),
        ("nothing/I/USA", "detente findings"),
        ("due.pact", "due.pact.vii"),
        ("zzz", "detente agenda"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_near_names(tmp_path: Path, id: str, hint: str) -> None:
    with pytest.raises(DetenteError) as fault:
        explain(read(small(tmp_path), "2018-07-10"), id, ("USA", "RUS"))
    assert hint in fault.value.remedy


@pytest.mark.parametrize(
    ("id", "what"),
    [
        ("pact.usa-rus.sign.2010-04-08", "act"),
        ("USA", "party"),
        ("usa", "party"),
        ("arms", "issue"),
        ("pact", "instrument"),
        ("bcc", "forum"),
        ("src", "source"),
    ],
)
def test_show_each_kind_of_thing(tmp_path: Path, id: str, what: str) -> None:
    book = small(tmp_path, meetings=[meeting("bcc", "2018-05-01")])
    answer = show(read(book, "2018-07-10"), id)
    assert answer.what == what
    assert answer.id.casefold() == id.casefold()
    assert answer.title.en
    assert answer.title.ru
    assert all(v not in ("", None, [], {}, ()) for v in answer.fields.values())
    if what not in ("act",):
        assert answer.related


def test_show_a_statement_with_what_corrects_and_answers_it(tmp_path: Path) -> None:
    first = report("USA", "1600", "2018-06-01")
    second = report("USA", "1500", "2018-06-01", id="second", corrects=first["id"])
    contest = position("RUS", "contest", "2018-06-02", first["id"])
    answer = show(read(small(tmp_path, reports=[first, second], positions=[contest]), "2018-07-10"), first["id"])
    assert {e.statement for e in answer.related} == {"second", contest["id"]}
    assert answer.fields["file"].endswith("arms/reports.csv:2")


def test_show_tells_a_meeting_s_place_and_the_line_of_its_row(tmp_path: Path) -> None:
    answer = show(read(small(tmp_path, meetings=[meeting("bcc", "2018-06-01", place="Geneva")]), "2018-07-10"),
                  "bcc.2018-06-01")  # fmt: skip
    assert answer.fields["place"] == "Geneva"
    assert answer.fields["file"].endswith("arms/meetings.csv:2")


def test_show_nothing_is_refused_with_near_names(tmp_path: Path) -> None:
    book = small(tmp_path)
    with pytest.raises(DetenteError) as fault:
        show(read(book, "2018-07-10"), "usa-rus.sign")
    assert "pact.usa-rus.sign.2010-04-08" in fault.value.remedy
    with pytest.raises(DetenteError):
        show(read(book, "2018-07-10"), "zzz")


def test_status_has_a_row_an_instrument_and_one_for_each_reading_that_differs(tmp_path: Path) -> None:
    end = act("terminate", "2018-01-01")
    contest = position("RUS", "contest", "2018-01-02", end["id"])
    book = small(tmp_path, acts=[*FORCE, end], positions=[contest])
    found = {row.reading: (row.in_force, row.days_left) for row in status(read(book, "2018-07-10")).instruments}
    assert found == {"": (False, None), "RUS": (True, 941)}
    assert [r.reading for r in status(read(book, "2018-07-10", author="RUS"), "pact").instruments] == ["RUS"]
    assert status(read(book, "2017-12-31"), party="GBR").instruments == []
    row = status(read(book, "2018-01-01")).instruments[0]
    assert (str(row.ended), row.how, row.last_act, row.last_act_on) == (
        "2018-01-01",
        "terminate",
        "terminate",
        "2018-01-01",
    )


def _case(**cells: object) -> Case:
    base: Table = {"name": "a case", "source": "src", "on": "2018-07-10", "provision": "II", "party": "USA"}
    return Case(**{**base, **cells})


@pytest.mark.parametrize(
    ("expect", "differs"),
    [
        ({"state": "not met", "value": 1600, "limit": 1550}, {}),
        ({"standing": "bound", "in_force": True, "ends": "2021-02-05"}, {}),
        ({"state": "met"}, {"state": ("met", "not met")}),
        ({"value": 1601}, {"value": (1601, "1600")}),
        ({"standing": "out"}, {"standing": ("out", "bound")}),
        ({"nonsense": 1}, {"nonsense": (1, None)}),
    ],
)
def test_a_case_tells_what_came_out_otherwise(tmp_path: Path, expect: Table, differs: Table) -> None:
    book = small(tmp_path, reports=[report("USA", "1600", "2018-06-01")])
    assert run_case(book, "pact", tmp_path, _case(expect=expect)) == differs


def test_a_case_may_bring_facts_of_its_own_and_leaves_no_trace(tmp_path: Path) -> None:
    book = small(tmp_path)
    given_row = {
        "kind": "report",
        "author": "USA",
        "on": "2018-06-01",
        "measure": "warheads",
        "party": "USA",
        "value": 1700,
        "silence": "given",
    }
    case = _case(given=(given_row,), expect={"state": "not met", "value": 1700})
    assert run_case(book, "pact", tmp_path, case) == {}
    assert run_case(book, "pact", tmp_path, _case(expect={"state": "cannot tell"})) == {}
    with pytest.raises(ValueError, match="no whole number"):
        run_case(book, "pact", tmp_path, _case(given=({**given_row, "value": "many"},), expect={}))


def test_a_case_without_a_source_or_a_treaty_fails(tmp_path: Path) -> None:
    book = small(tmp_path)
    assert "source" in run_case(book, "pact", tmp_path, _case(source="nowhere", expect={}))
    assert "instrument" in run_case(book, "nothing", tmp_path, _case(expect={}))


def test_a_counting_case_calls_the_treatys_own_rule() -> None:
    folder = Path(detente.__file__).parent / "instruments" / "new_start"
    items = {"deployed_icbm_warheads": 1}
    case = Case(
        name="c", source="sa.new-start-text", on="2018-02-05", expect={"value": 0}, count="nothing", given_items=items
    )
    with pytest.raises(AttributeError):
        run_case(shipped(), "new-start", folder, case)
