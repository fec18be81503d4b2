"""Casebooks laid over the public one: what they add and correct, what they may not, and what they cannot break."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from builders import SUBJECT
from builders import Row
from builders import Table
from builders import article
from builders import claim
from builders import errors
from builders import forum
from builders import issue
from builders import limit
from builders import meeting
from builders import report
from builders import signed_and_in_force
from builders import statement
from builders import term
from builders import treaty
from builders import write_book
from builders import write_table
from builders import write_toml
from detente.errors import DetenteError
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.meetings import claims
from detente.reading.reading import Reading

AGGREGATE = "new-start.rus.2018-02-05.deployed-warheads"
CELLS = (
    "id",
    "author",
    "on",
    "known",
    "source",
    "basis",
    "measure",
    "party",
    "value",
    "silence",
    "corrects",
    "instrument",
)


def read(book: Casebook, on: str = "2018-07-10") -> Reading:
    return Reading(book, date.fromisoformat(on))


def own(book: Casebook, folder: Path) -> list[str]:
    """Return the errors of a folder that was laid over the shipped record."""
    return errors(p for p in book.problems if p.file.startswith(f"{folder.name}/"))


@cache
def public_warheads() -> Row:
    rows = open_casebook().record.by_kind("report")
    row = next(r for r in rows.to_dicts() if r["author"] == "RUS" and r["on"] == "2018-02-05" and r["value"] == "1444")
    return {k: str(row[k]) for k in CELLS if row.get(k) is not None}


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DetenteError, match="no casebook folder"):
        open_casebook(tmp_path / "nowhere")
    file = write_table(tmp_path / "acts.csv", [{"id": "a"}])
    with pytest.raises(DetenteError, match="no casebook folder"):
        open_casebook(file)


def test_an_empty_folder_adds_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    assert errors(open_casebook(tmp_path, public=False).problems) == []
    assert open_casebook(tmp_path, public=False).record.frame.height == 0


def test_a_user_corrects_a_public_statement_from_the_day_on_which_it_is_known(tmp_path: Path) -> None:
    public = public_warheads()
    mine = {**public, "id": "mine.correction", "value": "1600", "corrects": public["id"], "known": "2018-09-01"}
    write_table(tmp_path / "strategic-arms" / "reports.csv", [mine])
    book = open_casebook(tmp_path)
    assert own(book, tmp_path) == []

    def value(known: str) -> str:
        rows = Reading(book, date(2018, 10, 1), date.fromisoformat(known)).findings("new-start", "RUS").to_dicts()
        return next(str(r["value"]) for r in rows if r["provision"] == "II.1(b)" and r["author"] == "")

    assert value("2018-08-31") == "1444"
    assert value("2018-09-01") == "1600"
    assert book.record.statement(public["id"]) is not None


def test_what_is_there_already_is_refused_and_the_public_one_is_kept(tmp_path: Path) -> None:
    public = public_warheads()
    write_table(tmp_path / "strategic-arms" / "reports.csv", [{**public, "value": "1"}])
    law = tmp_path / "instruments" / "new_start" / "treaty.toml"
    write_toml(law, treaty("new-start", issue="strategic-arms", source="unconfirmed"))
    write_toml(tmp_path / "parties.toml", {"party": [{"id": "USA", "kind": "state", "name": {"en": "x", "ru": "x"}}]})
    write_toml(tmp_path / "forums.toml", {"forum": [forum("bcc", source="unconfirmed")]})
    book = open_casebook(tmp_path)
    told = "\n".join(errors(book.problems))
    for what in (f"The id '{public['id']}' is taken", "instrument 'new-start' is in the record already"):
        assert what in told
    for what in ("party 'USA' is in the register already", "forum 'bcc' is in the register already"):
        assert what in told
    original = book.record.statement(public["id"])
    assert original is not None
    assert original["value"] == "1444"
    assert book.instruments["new-start"].find("II.1(b)") is not None
    assert book.record.registers.parties["USA"].name.en != "x"


def test_two_overlays_are_laid_in_order(tmp_path: Path) -> None:
    public = public_warheads()
    first = {**public, "id": "mine.first", "value": "1600", "corrects": public["id"]}
    second = {**public, "id": "mine.second", "value": "1500", "corrects": "mine.first"}
    write_table(tmp_path / "a" / "strategic-arms" / "reports.csv", [first])
    write_table(tmp_path / "b" / "strategic-arms" / "reports.csv", [second])
    book = open_casebook(tmp_path / "a", tmp_path / "b")
    assert own(book, tmp_path / "a") == own(book, tmp_path / "b") == []
    rows = read(book).findings("new-start", "RUS").to_dicts()
    assert [r["value"] for r in rows if r["provision"] == "II.1(b)"] == ["1500"]


def test_a_casebook_may_lie_below_a_folder_that_is_named_cases(tmp_path: Path) -> None:
    write_table(tmp_path / "cases" / "mine" / "dialogue" / "positions.csv", [_position()])
    book = open_casebook(tmp_path / "cases" / "mine", public=False)
    assert book.record.files == ["mine/dialogue/positions.csv"]


def _position(**more: str) -> Row:
    cells = {"verb": "affirm", "topic": "mine", "source": "unconfirmed", "basis": "unconfirmed", "en": "en", "ru": "ru"}
    return {**statement("mine.position", "USA", "2018-01-01"), **cells, **more}


def _law(*provisions: Table, **more: object) -> Table:
    base: Table = {"issue": SUBJECT, "source": "unconfirmed"}
    return treaty("mine", *provisions, **{**base, **more})


def _signed(folder: Path) -> None:
    rows = [
        {**statement("mine.signed", "USA", "2010-01-01"), "verb": "sign", "instrument": "mine", "party": "USA;RUS"},
        {**statement("mine.force", "USA", "2011-01-01"), "verb": "enter-into-force", "instrument": "mine"},
    ]
    write_table(folder / SUBJECT / "acts.csv", [{**r, "source": "unconfirmed", "basis": "unconfirmed"} for r in rows])


def _measured(**more: object) -> Table:
    return article("II", "limit", **{"measure": "warheads", "at_most": 1550, "evidence_within": "P1Y", **more})


LAWS: dict[str, Table] = {
    "no-evidence-within": _law(_measured(evidence_within="")),
    "bad-evidence-within": _law(_measured(evidence_within="one year")),
    "unknown-measure": _law(limit(measure="nothing")),
    "unknown-kind": _law(article("I", "wish")),
    "bad-cadence": _law(
        article("I", "cadence", what="report", measures=["warheads"], every="6 months", first="2011-01-01")
    ),
    "cadence-without-first": _law(article("I", "cadence", what="report", measures=["warheads"], every="P6M")),
    "cadence-of-no-time": _law(
        article("I", "cadence", what="report", measures=["warheads"], every="P0D", first="2011-01-01")
    ),
    "bad-grace": _law(
        article("I", "cadence", what="report", measures=["warheads"], every="P6M", first="2011-01-01", grace="soon")
    ),
    "bad-term": _law(term(duration="ten years")),
    "bad-renewal": _law(term(duration="P1Y", renewal="always")),
    "renewal-of-no-time": _law(term(duration="P1Y", renewal="P0D")),
    "approximate-end": _law(term(until="2021-02")),
    "bad-notice": _law(term(notice="soon")),
    "bad-extension": _law(term(duration="P15Y", extension={"at_most": "long"})),
    "bad-from": _law(_measured(**{"from": "some day"})),
    "bad-anchor": _law(_measured(**{"from": {"after": "never", "period": "P1Y"}})),
    "bad-anchor-period": _law(_measured(**{"from": {"after": "entry-into-force", "period": "later"}})),
    "bad-delay": _law(_measured(), entry={"delay": "later"}),
    "unknown-issue": _law(_measured(), issue="weather"),
    "unknown-party": _law(_measured(), participants=["USA", "RUS", "ATLANTIS"]),
    "unknown-role": _law(_measured(binds="role:none")),
    "unknown-body": _law(_measured(), body="nobody"),
    "unknown-forum": _law(article("I", "cadence", what="meeting", forum="nobody", every="P6M", first="2011-01-01")),
    "article-twice": _law(_measured(), _measured()),
    "bad-within": _law(article("I", "adherence", requires="pact", within="soon")),
    "adherence-to-nothing": _law(article("I", "adherence", requires="nothing", within="P1Y")),
    "bad-notice-period": _law(article("I", "notice", of="missile-launch", timing="before", period="a day")),
    "replaces-nothing": _law(_measured(), replaces=["nothing"], part_of="nothing"),
    "bad-binding": _law(_measured(), binding="perhaps", membership="some", roll="no"),
    "unknown-concerns": _law(_measured(), concerns=["ATLANTIS"], depositary=["ATLANTIS"], authority="NOBODY"),
}
"""Treaties that are wrong; whatever is wrong with one, everything else must still be answered."""

ENDLESS = 3
"""Seconds after which a computation is taken to have no end."""


@contextmanager
def with_an_end() -> Iterator[None]:
    """Raise TimeoutError where the body does not come to an end."""

    def ring(number: int, frame: FrameType | None) -> NoReturn:
        raise TimeoutError(f"no end after {ENDLESS} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(ENDLESS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sound casebook under those that are broken; small, since every one of them is opened anew."""
    return write_book(
        tmp_path_factory.mktemp("base"),
        issues=[issue(), issue("dialogue")],
        treaties=[treaty("pact", limit(), term(duration="P20Y"))],
        forums=[forum("sound", issues=["arms"])],
        statements={
            "acts": signed_and_in_force("2011-02-05"),
            "reports": [report("USA", "1600", "2018-02-05")],
            "meetings": [meeting("sound", "2018-01-01")],
        },
    )


@pytest.fixture(scope="module")
def public_ids(base: Path) -> list[str]:
    return agenda_ids(open_casebook(base, public=False))


def agenda_ids(book: Casebook) -> list[str]:
    return [item.id for item in read(book).agenda("USA", "RUS").items()]


@pytest.mark.parametrize("fault", LAWS)  # fmt: skip
def test_a_broken_treaty_never_takes_the_rest_down(
    tmp_path: Path, base: Path, fault: str, public_ids: list[str]
) -> None:
    write_toml(tmp_path / "instruments" / "mine" / "treaty.toml", LAWS[fault])
    _signed(tmp_path)
    with with_an_end():
        ids = agenda_ids(open_casebook(base, tmp_path, public=False))
    assert set(public_ids) <= set(ids)


FORUMS: dict[str, Table] = {
    "bad-lapse": forum("mine", lapses_after="never"),
    "bad-cadence": forum("mine", cadence="often"),
    "bad-chair": forum("mine", co_chairs=[{"party": "USA", "from": "some day"}]),
    "unknown-umbrella": forum("mine", umbrella="nothing"),
    "unknown-member": forum("mine", members=["USA", "RUS", "ATLANTIS"]),
    "unknown-issue": forum("mine", issues=["weather"]),
    "unknown-kind": forum("mine", kind="party", level="cooks"),
    "unknown-ministry": forum("mine", ministries=["silly-walks"], issues=[SUBJECT], lapses_after="P1D"),
}


@pytest.mark.parametrize("fault", FORUMS)
def test_a_broken_forum_never_takes_the_rest_down(
    tmp_path: Path, base: Path, fault: str, public_ids: list[str]
) -> None:
    write_toml(tmp_path / "forums.toml", {"forum": [{**FORUMS[fault], "source": "unconfirmed"}]})
    row = {
        **statement("mine.session", "USA", "2018-01-01"),
        "forum": "mine",
        "source": "unconfirmed",
        "basis": "unconfirmed",
    }
    write_table(tmp_path / "dialogue" / "meetings.csv", [row])
    assert set(public_ids) <= set(agenda_ids(open_casebook(base, tmp_path, public=False)))


CLAIMS: dict[str, Table] = {
    "no-since": claim("mine", between=["USA", "RUS"], measures=["ties"]),
    "bad-since": claim("mine", between=["USA", "RUS"], measures=["ties"], since="long ago"),
    "unknown-instrument": claim("mine", test="ends-within", between=["USA", "RUS"], instrument="nothing", within="P3Y"),
    "bad-within": claim("mine", test="ends-within", between=["USA", "RUS"], instrument="pact", within="soon"),
    "unknown-party": claim("mine", between=["USA", "ATLANTIS"], measures=["ties"], since="2017-01-01"),
    "unknown-test": claim("mine", test="best", between=["USA", "RUS"]),
    "unknown-measure": claim("mine", between=["USA", "RUS"], measures=["love"], since="2017-01-01"),
}


@pytest.mark.parametrize("fault", CLAIMS)
def test_a_broken_claim_is_told_and_never_takes_the_rest_down(tmp_path: Path, base: Path, fault: str) -> None:
    write_toml(tmp_path / "claims.toml", {"claim": [CLAIMS[fault]]})
    read_on = read(open_casebook(base, tmp_path, public=False))
    try:
        claims(read_on, "mine")
    except DetenteError:
        return


PARTIES: dict[str, Table] = {
    "bad-from": {"from": "some day", "continues": "YUG"},
    "bad-until": {"until": "some day"},
    "unknown-members": {"members": ["NOBODY"]},
    "continues-nobody": {"from": "2000-01-01", "continues": "NOBODY"},
}


@pytest.mark.parametrize("fault", PARTIES)
def test_a_broken_party_never_takes_the_rest_down(
    tmp_path: Path, base: Path, fault: str, public_ids: list[str]
) -> None:
    party = {"id": "ATL", "kind": "state", "name": {"en": "Atlantis", "ru": "Атлантида"}, **PARTIES[fault]}
    write_toml(tmp_path / "parties.toml", {"party": [party]})
    assert agenda_ids(open_casebook(base, tmp_path, public=False)) == public_ids


def test_broken_files_of_every_kind_leave_the_good_rows_in(tmp_path: Path) -> None:
    (tmp_path / "dialogue").mkdir()
    (tmp_path / "sources.toml").write_text("[[source", encoding="utf-8")
    (tmp_path / "measures.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "dialogue" / "letters.csv").write_text("id\n1\n", encoding="utf-8")
    (tmp_path / "dialogue" / "acts.csv").write_text("", encoding="utf-8")
    good, bad = _position(), _position(id="mine.bad", author="ATLANTIS")
    write_table(tmp_path / "dialogue" / "positions.csv", [bad, good])
    book = open_casebook(tmp_path)
    assert book.record.statement("mine.position") is not None
    assert book.record.statement("mine.bad") is None
    assert len(own(book, tmp_path)) == 5
    assert read(book).agenda("USA", "RUS").items()
