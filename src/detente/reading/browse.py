"""Browse: the statements that count on a day, by any filter, with the counts of what one may ask for next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from typing import Final

import msgspec
import polars as pl

from detente.reading.answers import Answer
from detente.reading.answers import Evidence
from detente.reading.evidence import evidence_of
from detente.reading.reading import Reading
from detente.reading.shelf import FACETS
from detente.reading.shelf import folded
from detente.record.registers import Words

__all__ = ["CORRECTED", "ORDERS", "SIZE", "SORTS", "Facet", "FacetValue", "Query", "Statement", "StatementsAnswer",
           "browse", "matching", "newest", "statement_row", "statements_csv"]  # fmt: skip

SIZE: Final = 50
"""The statements on one page."""

SORTS: Final = ("on", "known")
ORDERS: Final = ("newest", "oldest")
CORRECTED: Final = ("yes", "only")
"""`yes`: those that a later statement corrects are listed too; `only`: nothing but those."""

_MOST_VALUES: Final = 100
"""So many values of a facet are told, the rest counted."""


class Query(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked for; an empty filter asks for everything."""

    kind: str = ""
    verb: str = ""
    author: str = ""
    party: str = ""
    issue: str = ""
    instrument: str = ""
    provision: str = ""
    forum: str = ""
    measure: str = ""
    item: str = ""
    topic: str = ""
    source: str = ""
    silence: str = ""
    year: int | None = None
    """The year of `on`; an approximate date counts from its last day."""
    text: str = ""
    """Looked for as it is written, in the id and in both languages, whatever the size of its letters."""
    corrected: str = ""
    sort: str = "on"
    order: str = "newest"
    page: int = 1

    def filters(self) -> dict[str, str]:
        """Return the filters that are set, by name."""
        given = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("sort", "order", "page")}
        return {name: str(value) for name, value in given.items() if value}


class FacetValue(msgspec.Struct, frozen=True):
    """One value and how many of the statements found have it."""

    value: str
    count: int


class Facet(msgspec.Struct, frozen=True):
    """The values that one column takes among the statements found: the most frequent first, years latest first."""

    name: str
    values: list[FacetValue]
    more: int
    """How many further values there are."""


class Statement(Evidence, kw_only=True):
    """One statement, as a list shows it; empty where the record has nothing."""

    text: Words
    """Its own words; `says` tells the measure or the act where it has none."""
    issue: str
    verb: str
    instrument: str
    provision: str
    parties: list[str]
    forum: str
    measure: str
    item: str
    topic: str
    silence: str
    corrects: str
    corrected_by: list[str]


class StatementsAnswer(Answer, kw_only=True):
    """One page of the statements that were asked for, their total, and the counts of what could be asked next."""

    filters: dict[str, str]
    sort: str
    order: str
    total: int
    replaced: int
    """How many more match that a later statement corrects; they are listed with `corrected=yes`."""
    page: int
    pages: int
    size: int
    facets: list[Facet]
    statements: list[Statement]


def browse(reading: Reading, query: Query) -> StatementsAnswer:
    """Return the page of the statements that count on the day, as known on the knowledge day, and match.

    Those that a known statement corrects are left out unless they are asked for.  A page that does not exist
    is empty; `pages` says how many do.
    """
    found = matching(reading, query)
    start = (query.page - 1) * SIZE
    numbers = _ordered(found, query)[start : start + SIZE]
    return StatementsAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        filters=query.filters(),
        sort=query.sort,
        order=query.order,
        total=found.height,
        replaced=_replaced(reading, query),
        page=query.page,
        pages=max(-(-found.height // SIZE), 1),
        size=SIZE,
        facets=list(_facets(reading, found)),
        statements=_statements(reading, numbers),
    )


def newest(reading: Reading, query: Query, most: int = SIZE) -> list[Statement]:
    """Return the statements that became known last, under the same filters: the news."""
    return _statements(reading, _ordered(matching(reading, query), _BY_NEWS)[:most])


def _replaced(reading: Reading, query: Query) -> int:
    if query.corrected or not reading.casebook.shelf.corrected(reading.known_by):
        return 0
    return matching(reading, msgspec.structs.replace(query, corrected="only")).height


_BY_NEWS = Query(sort="known", order="newest")


def _statements(reading: Reading, numbers: pl.Series) -> list[Statement]:
    return [statement_row(reading, row) for row in reading.casebook.shelf.rows(numbers)]


def statement_row(reading: Reading, row: dict[str, Any]) -> Statement:
    """Return one row of the record as a list shows it."""

    def cell(name: str) -> str:
        return str(row.get(name) or "")

    return Statement(
        **msgspec.structs.asdict(evidence_of(reading.casebook, row)),
        text=Words(cell("en").strip(), cell("ru").strip()),
        issue=cell("issue"),
        verb=cell("verb"),
        instrument=cell("instrument"),
        provision=cell("provision"),
        parties=row["party"].split(";") if row.get("party") else [],
        forum=cell("forum"),
        measure=cell("measure"),
        item=cell("item"),
        topic=cell("topic"),
        silence=cell("silence"),
        corrects=cell("corrects"),
        corrected_by=reading.casebook.shelf.corrected(reading.known_by).get(row["id"], []),
    )


_EQUAL: Final = (
    "kind", "verb", "issue", "instrument", "provision", "forum", "measure", "item", "topic", "source", "silence",
)  # fmt: skip
"""The filters that ask for a cell as it is."""


def matching(reading: Reading, query: Query) -> pl.DataFrame:
    """Return the part of the shelf that matches, oldest first."""
    shelf = reading.casebook.shelf
    wanted = [pl.col("on_last") <= reading.on]
    if reading.known_by is not None:
        wanted.append(pl.col("known_last") <= reading.known_by)
    replaced = list(shelf.corrected(reading.known_by))
    if query.corrected == "only":
        wanted.append(pl.col("id").is_in(replaced))
    elif replaced and not query.corrected:
        wanted.append(~pl.col("id").is_in(replaced))
    wanted += [pl.col(name) == value for name in _EQUAL if (value := getattr(query, name))]
    if query.author:
        wanted.append(pl.col("author").is_in(list(_spoken_as(reading, query.author))))
    if query.party:
        names = set(_spoken_as(reading, query.party))
        cells = [cell for cell, named in shelf.cells_naming.items() if names.intersection(named)]
        wanted.append(pl.col("party").is_in(cells))
    if query.year is not None:
        wanted.append(pl.col("year") == query.year)
    if query.text:
        wanted.append(pl.col("text").str.contains(folded(query.text), literal=True))
    return shelf.frame.filter(wanted)


def _spoken_as(reading: Reading, party: str) -> Iterable[str]:
    """Yield the names under which a party spoke up to the day: RUS spoke as SUN; SUN, once continued, is itself."""
    if party in reading.casebook.record.registers.continued(reading.on):
        return (party,)
    return (party, *(id for id, now in _names_now(reading).items() if now == party and id != party))


def _ordered(found: pl.DataFrame, query: Query) -> pl.Series:
    """Return the row numbers of what was found, in the order that is asked for."""
    if query.sort == "known":
        found = found.select("row", "told").sort("told")
    return found["row"].reverse() if query.order == "newest" else found["row"]


def _facets(reading: Reading, found: pl.DataFrame) -> Iterable[Facet]:
    naming = reading.casebook.shelf.cells_naming
    now = _names_now(reading)
    for name in FACETS:
        counts = found[name].value_counts()
        if name in ("author", "party"):
            by_name = Counter[str]()
            cells = counts.drop_nulls()
            for cell, count in zip(cells[name].cast(pl.String), cells["count"], strict=True):
                for named in {now.get(party, party) for party in naming.get(str(cell), (str(cell),))}:
                    by_name[named] += int(count)
            yield _facet(name, sorted(by_name.items(), key=lambda pair: (-pair[1], pair[0])))
        else:
            # By count, then by code, so that the same record tells the same order; the null is no value.
            ranked = counts.sort("count", pl.col(name).cast(pl.String), descending=[True, False])
            kept = ranked.head(_MOST_VALUES + 1)
            values = [pair for pair in zip(kept[name].to_list(), kept["count"].to_list(), strict=True) if pair[0]]
            yield _facet(name, values, ranked.height - ranked[name].null_count())
    years = found["year"].value_counts()
    yield _facet("year", sorted(zip(map(str, years["year"]), years["count"], strict=True), reverse=True))


def _facet(name: str, ranked: list[tuple[str, int]], all: int | None = None) -> Facet:
    values = [FacetValue(*pair) for pair in ranked[:_MOST_VALUES]]
    return Facet(name, values, (len(ranked) if all is None else all) - len(values))


def _names_now(reading: Reading) -> dict[str, str]:
    """Return the name on the day of every party that has or had another: SUN is RUS after 1991-12-26."""
    registers = reading.casebook.record.registers
    named = {id for party in registers.parties.values() if party.continues for id in (party.id, party.continues)}
    return {id: registers.at(id, reading.on) for id in named}


_CSV: Final = (
    "id", "kind", "author", "on", "until", "known", "issue", "instrument", "provision", "party", "verb", "forum",
    "topic", "measure", "item", "silence", "value", "en", "ru", "place", "level", "effect", "period", "event_on",
    "received", "due", "source", "basis", "corrects", "refs",
)  # fmt: skip


def statements_csv(reading: Reading, query: Query) -> str:
    """Return every statement that matches, in the order asked for, as the record writes it, with its source and place.

    The stamp is the last column, as in every CSV.
    """
    record = reading.casebook.record
    rows = record.frame[_ordered(matching(reading, query), query)]
    sources = record.registers.sources
    corrected = {id: ";".join(by) for id, by in reading.casebook.shelf.corrected(reading.known_by).items()}

    def of_source(field: str) -> pl.Expr:
        cells = [getattr(source, field) for source in sources.values()]
        return pl.col("source").replace_strict(list(sources), cells, default="", return_dtype=pl.String).alias(field)

    files = pl.col("file").replace_strict(range(len(record.files)), record.files, return_dtype=pl.String)
    return rows.select(
        *_CSV,
        pl.col("id").replace_strict(list(corrected), list(corrected.values()), default=None, return_dtype=pl.String)
        .alias("corrected_by"),
        of_source("publisher"), of_source("address"), of_source("tier"),
        files.alias("file"), "line", pl.lit(reading.stamp).alias("stamp"),
    ).write_csv()  # fmt: skip
