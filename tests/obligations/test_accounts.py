from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from builders import Row
from builders import clean_book
from builders import concern
from builders import finding
from builders import limit
from builders import position
from builders import report
from builders import signed_and_in_force
from builders import standings
from builders import treaty
from builders import verdict
from detente.obligations.accounts import concern_accounts
from detente.obligations.accounts import latest_reports
from detente.reading.casebook import Casebook


def book(folder: Path, *reports: Row, authority: str = "", **statements: list[Row]) -> Casebook:
    law = treaty("pact", limit("II"), authority=authority)
    every = {"acts": signed_and_in_force("2011-02-05"), "reports": list(reports), **statements}
    return clean_book(folder, treaties=[law], statements=every)


ON = "2018-07-10"
OWN = report("USA", "1500", "2018-02-01", id="own")
RIVAL = report("USA", "1600", "2018-02-01", author="RUS", id="rival")
BODY = report("USA", "1700", "2018-02-01", author="IAEA", id="body")
REFUSED = position("RUS", "contest", "2018-03-01", "own")


def held(casebook: Casebook, author: str, on: str = ON) -> tuple[str | None, str | None]:
    found = finding(casebook, on, author=author)
    return (found["value"], found["reporter"]) if found else (None, None)


def test_the_common_account_is_what_the_subject_declared(tmp_path: Path) -> None:
    casebook = book(tmp_path, OWN, RIVAL, BODY, authority="IAEA")
    assert held(casebook, "") == ("1500", "USA")
    assert verdict(casebook, ON) == ("met", "within")


def test_an_authors_own_report_goes_before_the_subjects(tmp_path: Path) -> None:
    casebook = book(tmp_path, OWN, RIVAL, BODY, authority="IAEA")
    assert held(casebook, "RUS") == ("1600", "RUS")
    assert verdict(casebook, ON, author="RUS") == ("not met", "beyond")


def test_an_old_account_of_another_gives_way_to_what_the_subject_declared(tmp_path: Path) -> None:
    newer = report("USA", "1500", "2019-01-01", id="newer")
    casebook = book(tmp_path, RIVAL, newer)
    assert held(casebook, "RUS", "2019-01-31") == ("1600", "RUS")
    assert held(casebook, "RUS", "2019-02-01") == ("1500", "USA")


def test_an_old_account_of_ones_own_is_told_to_be_old(tmp_path: Path) -> None:
    casebook = book(tmp_path, OWN, BODY, authority="IAEA")
    assert verdict(casebook, "2019-02-01") == ("cannot tell", "stale")


def test_the_body_that_is_named_speaks_where_the_subject_is_silent(tmp_path: Path) -> None:
    assert held(book(tmp_path / "1", BODY, authority="IAEA"), "") == ("1700", "IAEA")
    assert held(book(tmp_path / "2", BODY), "") == (None, None)


def test_a_body_that_is_not_named_has_an_account_of_its_own(tmp_path: Path) -> None:
    casebook = book(tmp_path, OWN, BODY)
    assert held(casebook, "") == ("1500", "USA")
    assert held(casebook, "IAEA") == ("1700", "IAEA")


def test_a_contested_report_is_passed_over_by_who_contests_it(tmp_path: Path) -> None:
    with_body = book(tmp_path / "1", OWN, BODY, authority="IAEA", positions=[REFUSED])
    assert held(with_body, "") == ("1500", "USA")
    assert held(with_body, "RUS") == ("1700", "IAEA")
    without = book(tmp_path / "2", OWN, positions=[REFUSED])
    assert held(without, "RUS") == (None, None)
    assert verdict(without, ON, author="RUS") == ("cannot tell", "no-report")
    assert finding(without, ON, author="GBR") == {}


def test_a_contest_counts_from_its_day(tmp_path: Path) -> None:
    casebook = book(tmp_path, OWN, positions=[REFUSED])
    assert finding(casebook, "2018-02-28", author="RUS") == {}
    assert verdict(casebook, "2018-03-01", author="RUS") == ("cannot tell", "no-report")


def test_a_report_that_is_recognised_counts_again(tmp_path: Path) -> None:
    casebook = book(tmp_path, OWN, positions=[REFUSED, position("RUS", "recognise", "2018-04-01", "own")])
    assert verdict(casebook, "2018-03-31", author="RUS") == ("cannot tell", "no-report")
    assert finding(casebook, "2018-04-01", author="RUS") == {}


def test_a_group_contests_a_report_for_its_members(tmp_path: Path) -> None:
    casebook = book(tmp_path, OWN, positions=[position("E3", "contest", "2018-03-01", "own")])
    for voice in ("E3", "FRA"):
        assert verdict(casebook, ON, author=voice) == ("cannot tell", "no-report")


@pytest.mark.parametrize(
    ("silence", "reason"),
    [("withheld", "withheld"), ("suspended", "silent-suspended"), ("unknown", "silent-unknown")],
)
def test_what_the_subject_withholds_cannot_be_told(tmp_path: Path, silence: str, reason: str) -> None:
    casebook = book(tmp_path, report("USA", "", "2018-02-01", silence=silence))
    assert verdict(casebook, ON) == ("cannot tell", reason)


def test_what_the_subject_withholds_another_may_tell_for_itself(tmp_path: Path) -> None:
    casebook = book(tmp_path, report("USA", "", "2018-02-01", silence="withheld"), RIVAL)
    assert verdict(casebook, ON) == ("cannot tell", "withheld")
    assert verdict(casebook, ON, author="RUS") == ("not met", "beyond")


def test_an_authors_account_is_of_every_party_that_it_speaks_of(tmp_path: Path) -> None:
    casebook = book(tmp_path, report("USA;RUS", "1600", "2018-02-01", author="FAS", id="fas"))
    for party in ("USA", "RUS"):
        assert verdict(casebook, ON, party=party, author="FAS") == ("not met", "beyond")


def accounts(casebook: Casebook, on: str = ON) -> dict[tuple[str, str], int]:
    rows = concern_accounts(standings(casebook, on).view)
    return {
        (author, party): gravity for author, party, gravity in rows.select("author", "party", "gravity").iter_rows()
    }


@pytest.mark.parametrize(
    ("verb", "key", "gravity"),
    [
        ("allege", ("RUS", "USA"), 3),
        ("question", ("RUS", "USA"), 2),
        ("answer", ("RUS", "RUS"), 1),
        ("concede", ("RUS", "RUS"), 3),
    ],
)
def test_the_gravity_of_a_concern(tmp_path: Path, verb: str, key: tuple[str, str], gravity: int) -> None:
    casebook = book(tmp_path, concerns=[concern("RUS", verb, "2018-01-01", "USA")])
    assert accounts(casebook) == {key: gravity}
    assert accounts(casebook, "2017-12-31") == {}


@pytest.mark.parametrize("verb", ["resolve", "withdraw"])
def test_what_is_resolved_is_no_account(tmp_path: Path, verb: str) -> None:
    rows = [concern("RUS", "allege", "2018-01-01", "USA"), concern("RUS", verb, "2018-02-01", "USA")]
    assert accounts(book(tmp_path, concerns=rows)) == {}


def test_a_doubt_may_grow_and_shrink(tmp_path: Path) -> None:
    rows = [concern("RUS", verb, on, "USA") for verb, on in (("question", "2018-01-01"), ("allege", "2018-02-01"))]
    casebook = book(tmp_path, concerns=[*rows, concern("RUS", "question", "2018-03-01", "USA", id="third")])
    key = ("RUS", "USA")
    assert [accounts(casebook, on)[key] for on in ("2018-01-01", "2018-02-01", "2018-03-01")] == [2, 3, 2]


def test_of_several_topics_the_gravest_counts(tmp_path: Path) -> None:
    rows = [
        concern("RUS", "question", "2018-01-01", "USA", topic="one"),
        concern("RUS", "allege", "2018-02-01", "USA", topic="two"),
    ]
    casebook = book(tmp_path, concerns=rows)
    found = concern_accounts(standings(casebook, ON).view).row(0, named=True)
    assert found["gravity"] == 3
    assert sorted(found["concerns"]) == sorted(row["id"] for row in rows)
    assert found["concern_since"] == date(2018, 1, 1)


def test_a_concern_about_no_provision_is_no_account(tmp_path: Path) -> None:
    rows = [concern("RUS", "allege", "2018-01-01", "USA", provision="")]
    assert accounts(book(tmp_path, concerns=rows)) == {}


def test_an_answer_is_filed_under_its_author(tmp_path: Path) -> None:
    rows = [concern("RUS", "allege", "2018-01-01", "USA"), concern("USA", "answer", "2018-02-01", "RUS")]
    assert accounts(book(tmp_path, concerns=rows)) == {("RUS", "USA"): 3, ("USA", "USA"): 1}


def test_the_latest_report_of_each_author(tmp_path: Path) -> None:
    later = report("USA", "1400", "2018-03-01", id="later")
    casebook = book(tmp_path, OWN, later, RIVAL)
    rows = latest_reports(standings(casebook, ON).view)
    assert set(rows.select("author", "report", "count").iter_rows()) == {("USA", "later", 1400), ("RUS", "rival", 1600)}
    before = latest_reports(standings(casebook, "2018-02-28").view)
    assert set(before["report"]) == {"own", "rival"}


def test_the_later_known_of_two_reports_of_a_day_counts(tmp_path: Path) -> None:
    again = report("USA", "1400", "2018-02-01", known="2018-05-01", id="again")
    assert latest_reports(standings(book(tmp_path, OWN, again), ON).view)["report"].to_list() == ["again"]


def test_the_latest_reports_of_an_empty_record(tmp_path: Path) -> None:
    assert latest_reports(standings(clean_book(tmp_path), ON).view).height == 0
