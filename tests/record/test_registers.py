from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from builders import PARTIES
from builders import Table
from builders import claim
from builders import errors
from builders import forum
from builders import party
from builders import small_book
from builders import source
from detente.errors import Problem
from detente.reading import open_casebook
from detente.record.load import typed
from detente.record.registers import CoChair
from detente.record.registers import Forum
from detente.record.registers import Party
from detente.record.registers import Registers
from detente.record.registers import Words


def registers(parties: list[Table]) -> Registers:
    found: dict[str, Party] = {}
    for raw in parties:
        entry = typed(raw, Party, "parties.toml", 1, [])
        assert entry is not None
        found[entry.id] = entry
    return Registers(
        parties=found, sources={}, issues={}, measures={}, forums={}, claims={}, blocked={}, topics={}, places={}
    )


SMALL = registers(list(PARTIES))
CHAIN = [
    party("YUG", until="2003-02-04"),
    party("SCG", **{"from": "2003-02-04"}, until="2006-06-05", continues="YUG"),
    party("SRB", **{"from": "2006-06-05"}, continues="SCG"),
]


@pytest.mark.parametrize(
    ("name", "on", "wanted"),
    [
        ("SUN", "1991-12-25", "SUN"),
        ("SUN", "1991-12-26", "RUS"),
        ("RUS", "1991-12-25", "SUN"),
        ("RUS", "1991-12-26", "RUS"),
        ("USA", "1991-12-25", "USA"),
        ("NEVER", "1991-12-25", "NEVER"),
    ],
)
def test_a_party_has_the_name_of_its_day(name: str, on: str, wanted: str) -> None:
    assert SMALL.at(name, date.fromisoformat(on)) == wanted


def test_a_party_is_continued_from_its_day_on() -> None:
    assert SMALL.continued(date(1991, 12, 25)) == {}
    assert SMALL.continued(date(1991, 12, 26)) == {"SUN": "RUS"}


def test_an_approximate_day_of_continuation_counts_from_its_last_day() -> None:
    parties = registers([party("OLD"), party("NEW", **{"from": "1991-12"}, continues="OLD")])
    assert parties.continued(date(1991, 12, 30)) == {}
    assert parties.continued(date(1991, 12, 31)) == {"OLD": "NEW"}


def test_a_party_that_continues_no_other_is_not_continued() -> None:
    assert registers([party("NEW", **{"from": "1990"})]).continued(date(2000, 1, 1)) == {}


def test_a_chain_of_continuations_is_followed_to_its_end() -> None:
    assert registers(CHAIN).at("YUG", date(2010, 1, 1)) == "SRB"


def test_a_chain_of_continuations_is_followed_to_its_beginning() -> None:
    assert registers(CHAIN).at("SRB", date(2000, 1, 1)) == "YUG"


def test_spokesmen_are_the_author_and_its_groups() -> None:
    assert list(SMALL.spokesmen("FRA")) == ["FRA", "E3"]
    assert list(SMALL.spokesmen("E3")) == ["E3"]
    assert list(SMALL.spokesmen("USA")) == ["USA"]


def test_words_are_equal_in_rank() -> None:
    both = Words("limit", "уровень")
    assert (both.get("en"), both.get("ru")) == ("limit", "уровень")


def test_a_co_chair_has_a_time() -> None:
    raw = forum(co_chairs=[{"party": "USA", "from": "2009-07-06", "until": "2013"}])
    entry = typed(raw, Forum, "forums.toml", 1, [])
    assert entry is not None
    assert entry.co_chairs == (CoChair("USA", from_="2009-07-06", until="2013"),)


@pytest.mark.parametrize("field", ["kind", "name", "id"])
def test_a_party_without_a_needed_field_is_reported(field: str) -> None:
    problems: list[Problem] = []
    raw = {key: value for key, value in party("USA").items() if key != field}
    assert typed(raw, Party, "parties.toml", 3, problems) is None
    assert f"missing required field `{field}`" in problems[0].what


def test_a_register_keeps_where_each_entry_stands(tmp_path: Path) -> None:
    book = small_book(tmp_path / "book", sources=[source("src"), source("more")])
    assert book.record.registers.places["source more"] == ("book/sources.toml", 8)
    assert book.record.registers.places["party USA"] == ("book/parties.toml", 1)


def test_the_source_of_what_has_none_is_always_there(tmp_path: Path) -> None:
    assert small_book(tmp_path).record.registers.sources["unconfirmed"].tier == "unconfirmed"


UNCHECKED: list[tuple[str, dict[str, list[Table]]]] = [
    ("a party's 'from'", {"parties": [party("USA"), party("NEW", **{"from": "soon"}, continues="USA")]}),
    ("a party's 'until'", {"parties": [party("USA", until="soon")]}),
    ("a forum's 'cadence'", {"forums": [forum(cadence="often")]}),
    ("a forum's 'lapses_after'", {"forums": [forum(lapses_after="soon")]}),
    ("a forum's 'members'", {"forums": [forum(members=["USA", "ATLANTIS"])]}),
    ("a forum's 'level'", {"forums": [forum(level="friends")]}),
    ("a claim's 'test'", {"claims": [claim(test="gut-feeling")]}),
    ("a claim's 'since'", {"claims": [claim(since="long ago")]}),
]


@pytest.mark.parametrize("parts", [parts for _, parts in UNCHECKED], ids=[name for name, _ in UNCHECKED])
def test_what_a_register_gets_wrong_is_reported(tmp_path: Path, parts: dict[str, list[Table]]) -> None:
    assert errors(small_book(tmp_path, **parts).problems)


def test_every_topic_of_the_shipped_record_has_a_title_in_both_languages() -> None:
    record = open_casebook().record
    threads = record.frame.filter(pl.col("topic").is_not_null() & ~pl.col("topic").str.starts_with("unga."))
    votes = pl.col("verb").fill_null("").str.starts_with("vote-")
    spoken = threads.filter(~votes & (pl.col("kind") != "claim"))["topic"].unique().to_list()
    assert len(spoken) > 300
    assert sorted(set(spoken) - record.registers.topics.keys()) == []
    titles = [topic.title for topic in record.registers.topics.values()]
    for language in ("en", "ru"):
        told = [title.get(language) for title in titles]
        assert all(told)
        assert len(set(told)) == len(told)


def test_a_topic_without_a_title_is_shown_by_its_id() -> None:
    assert SMALL.topic("quiet-thread") == Words("quiet-thread", "quiet-thread")
