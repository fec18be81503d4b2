"""Sources: what rests on each against plain Python over the same files; filters, order, the block list."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import detente
from builders import blocked
from builders import report
from builders import small_book
from builders import source as source_entry
from builders import treaty
from detente.errors import DetenteError
from detente.reading.browse import FacetValue
from detente.reading.casebook import open_casebook
from detente.reading.reading import Reading
from detente.reading.sources import SIZE
from detente.reading.sources import SourceQuery
from detente.reading.sources import source
from detente.reading.sources import source_rows
from detente.reading.sources import sources
from detente.record.dates import span
from detente.record.statements import TIERS

DAY = date(2018, 7, 10)


@cache
def shipped() -> Reading:
    return Reading(open_casebook(), DAY)


@cache
def cited() -> tuple[Counter[str], Counter[str]]:
    """Count the statements of every source: in all, and those whose day has come."""
    ever, now = Counter[str](), Counter[str]()
    for path in (Path(detente.__file__).parent / "casebook").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                ever[row["source"]] += 1
                now[row["source"]] += span(row["on"]).last <= DAY
    return ever, now


def test_what_rests_on_each_source_is_what_cites_it() -> None:
    ever, now = cited()
    rows = source_rows(shipped(), SourceQuery())
    assert len(rows) == len(shipped().casebook.record.registers.sources) > 1500
    for row in rows:
        assert (row.all_statements, row.statements) == (ever[row.source], now[row.source]), row.source


def test_the_most_used_stand_first_in_pages() -> None:
    first, second = sources(shipped(), SourceQuery()), sources(shipped(), SourceQuery(page=2))
    counts = [row.statements for row in (*first.sources, *second.sources)]
    assert counts == sorted(counts, reverse=True)
    assert len(first.sources) == SIZE
    assert first.pages == -(-first.total // SIZE)
    assert sources(shipped(), SourceQuery(page=first.pages + 1)).sources == []


@pytest.mark.parametrize("tier", TIERS)
def test_a_tier_is_counted_and_found(tier: str) -> None:
    register = shipped().casebook.record.registers.sources.values()
    expected = sum(entry.tier == tier for entry in register)
    assert sources(shipped(), SourceQuery(tier=tier)).total == expected > 0
    facet = sources(shipped(), SourceQuery()).facets[0]
    assert FacetValue(tier, expected) in facet.values


def test_words_and_publishers_are_found_whatever_the_size_of_letters() -> None:
    found = source_rows(shipped(), SourceQuery(text="NEW start", publisher="US Department of Defense"))
    assert found
    for row in found:
        assert row.publisher == "US Department of Defense"
        assert "new start" in f"{row.source} {row.title} {row.publisher} {row.address}".lower()
    assert source_rows(shipped(), SourceQuery(text=".*")) == []


def test_unused_are_those_on_which_nothing_at_all_rests() -> None:
    ever, _ = cited()
    answer = sources(shipped(), SourceQuery(unused="yes"))
    assert answer.total == answer.unused == sources(shipped(), SourceQuery()).unused > 0
    for row in answer.sources:
        assert ever[row.source] == 0
        assert all(law.source != row.source for law in shipped().casebook.instruments.values())


def test_the_block_list_has_its_reasons() -> None:
    rows = {row.host: row for row in sources(shipped(), SourceQuery()).blocked}
    assert rows["wikileaks.org"].reason == "publishes leaked classified documents"
    assert rows["wikileaks.org"].place.startswith("casebook/blocked.toml:")


def test_one_source_shows_all_that_rests_on_it() -> None:
    answer = source(shipped(), "sa.new-start-text")
    law = shipped().casebook.instruments["new-start"]
    text = next(row for row in answer.texts if row.instrument == "new-start")
    assert text.whole
    assert text.articles == [p.article for p in law.provision if p.source == "sa.new-start-text"]
    roll_calls = source(shipped(), "np.unvotes")
    assert roll_calls.kinds == [FacetValue("position", cited()[1]["np.unvotes"])]
    assert len(roll_calls.latest) == 20
    assert all(row.source == "np.unvotes" for row in roll_calls.latest)


def test_a_source_on_the_block_list_says_why(tmp_path: Path) -> None:
    book = small_book(
        tmp_path / "book", blocked=[blocked("leaks.example", "leaked documents")],
        sources=[source_entry(), source_entry("other", address="https://www.leaks.example/other")],
        treaties=[treaty("pact")], statements={"reports": [report("USA", "1", "2018-01-01")]},
    )  # fmt: skip
    reading = Reading(book, DAY)
    assert source(reading, "src").blocked == ""
    assert source(reading, "other").blocked == "leaked documents"
    assert [r.source for r in source_rows(reading, SourceQuery(unused="yes"))] == ["other", "unconfirmed"]
    assert source(reading, "src").forums == ["bcc"]


def test_an_unknown_source_is_refused_with_near_ones() -> None:
    with pytest.raises(DetenteError) as fault:
        source(shipped(), "new-start-text")
    assert "sa.new-start-text" in fault.value.remedy
