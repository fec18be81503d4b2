"""Sources: the register with what rests on each, the hosts that none may lie on, and one source in full."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from typing import Final

import msgspec

from detente.errors import DetenteError
from detente.reading.answers import Answer
from detente.reading.browse import Facet
from detente.reading.browse import FacetValue
from detente.reading.browse import Query
from detente.reading.browse import Statement
from detente.reading.browse import browse
from detente.reading.browse import matching
from detente.reading.casebook import Casebook
from detente.reading.reading import Reading
from detente.reading.shelf import folded
from detente.record.registers import Blocked
from detente.record.registers import Source
from detente.record.rules import blocking
from detente.record.statements import TIERS

__all__ = [
    "SIZE", "SORTS", "BlockedRow", "SourceAnswer", "SourceQuery", "SourceRow", "SourcesAnswer", "TextRow", "source",
    "source_rows", "sources",
]  # fmt: skip

SIZE: Final = 100
"""The sources on one page."""

SORTS: Final = ("used", "tier", "publisher")
_LATEST: Final = 20
_MOST_VALUES: Final = 100


class SourceQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which sources are asked for; an empty filter asks for all."""

    tier: str = ""
    publisher: str = ""
    text: str = ""
    """Looked for as it is written, in id, title, publisher and address."""
    unused: str = ""
    """`yes`: only those on which nothing rests."""
    sort: str = "used"
    page: int = 1

    def filters(self) -> dict[str, str]:
        """Return the filters that are set, by name."""
        names = ("tier", "publisher", "text", "unused")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


class SourceRow(msgspec.Struct, kw_only=True):
    """One entry of the register, and how much rests on it."""

    source: str
    title: str
    publisher: str
    address: str
    tier: str
    place: str
    statements: int
    """The statements that count on the day, as known on the knowledge day."""
    all_statements: int
    """Every statement of the record, whatever its day."""
    instruments: int
    """The instruments of which it gives the text, or a provision."""
    entries: int
    """The parties and forums of the registers that cite it."""


class BlockedRow(msgspec.Struct, kw_only=True):
    """A host on which no source may lie, and why."""

    host: str
    reason: str
    place: str


class SourcesAnswer(Answer, kw_only=True):
    """One page of the sources that were asked for, their total, the counts of tiers and publishers, the block list."""

    filters: dict[str, str]
    sort: str
    total: int
    unused: int
    """How many of those found have nothing resting on them."""
    page: int
    pages: int
    size: int
    facets: list[Facet]
    sources: list[SourceRow]
    blocked: list[BlockedRow]


class TextRow(msgspec.Struct, kw_only=True):
    """An instrument that a source gives: the text itself, or some of its articles."""

    instrument: str
    whole: bool
    articles: list[str]


class SourceAnswer(Answer, kw_only=True):
    """One source and what rests on it."""

    source: SourceRow
    blocked: str
    """Why its host is on the block list; "" where it is not."""
    kinds: list[FacetValue]
    """The statements that count on the day, by kind."""
    texts: list[TextRow]
    parties: list[str]
    forums: list[str]
    latest: list[Statement]
    """Those that count on the day, the last first."""


def sources(reading: Reading, query: SourceQuery) -> SourcesAnswer:
    """Return the page of the register that matches; a page that does not exist is empty."""
    found = source_rows(reading, query)
    start = (query.page - 1) * SIZE
    return SourcesAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        filters=query.filters(),
        sort=query.sort,
        total=len(found),
        unused=sum(map(_is_unused, found)),
        page=query.page,
        pages=max(-(-len(found) // SIZE), 1),
        size=SIZE,
        facets=[_facet("tier", Counter(r.tier for r in found), TIERS), _facet("publisher", _publishers(found))],
        sources=found[start : start + SIZE],
        blocked=[_blocked_row(reading.casebook, entry) for entry in reading.casebook.record.registers.blocked.values()],
    )


def source_rows(reading: Reading, query: SourceQuery) -> list[SourceRow]:
    """Return every source that matches, in the order that is asked for."""
    register = reading.casebook.record.registers.sources
    wanted = folded(query.text)
    chosen = [
        entry
        for entry in register.values()
        if (not query.tier or entry.tier == query.tier)
        and (not query.publisher or entry.publisher == query.publisher)
        and (not wanted or wanted in folded(f"{entry.id}\n{entry.title}\n{entry.publisher}\n{entry.address}"))
    ]
    rows = _rows(reading, chosen)
    rows = [row for row in rows if _is_unused(row)] if query.unused else rows
    return sorted(rows, key=_KEYS[query.sort])


_KEYS: Final[dict[str, Callable[[SourceRow], tuple[object, ...]]]] = {
    "used": lambda row: (-row.statements, -row.all_statements, row.source),
    "tier": lambda row: (TIERS.index(row.tier), row.publisher.casefold(), row.source),
    "publisher": lambda row: (not row.publisher, row.publisher.casefold(), row.source),
}


def _is_unused(row: SourceRow) -> bool:
    return not (row.all_statements or row.instruments or row.entries)


def _rows(reading: Reading, chosen: Iterable[Source]) -> list[SourceRow]:
    casebook = reading.casebook
    now = _counts(matching(reading, Query())["source"].value_counts().iter_rows())
    ever = _counts(casebook.shelf.frame["source"].value_counts().iter_rows())
    texts, entries = _texts(casebook), _entries(casebook)
    return [
        SourceRow(
            source=entry.id,
            title=entry.title,
            publisher=entry.publisher,
            address=entry.address,
            tier=entry.tier,
            place=_place(casebook, f"source {entry.id}"),
            statements=now.get(entry.id, 0),
            all_statements=ever.get(entry.id, 0),
            instruments=len(texts.get(entry.id, ())),
            entries=len(entries.get(entry.id, ())),
        )
        for entry in chosen
    ]


def _counts(pairs: Iterable[tuple[object, ...]]) -> dict[str, int]:
    return {str(value): int(str(count)) for value, count in pairs}


def _place(casebook: Casebook, key: str) -> str:
    file, line = casebook.record.registers.places.get(key, ("", 0))
    return f"{file}:{line}" if file else ""


def _texts(casebook: Casebook) -> dict[str, dict[str, TextRow]]:
    """Return the instruments and articles that each source gives."""
    found: dict[str, dict[str, TextRow]] = defaultdict(dict)

    def of(source: str, instrument: str) -> TextRow:
        return found[source].setdefault(instrument, TextRow(instrument=instrument, whole=False, articles=[]))

    for law in casebook.instruments.values():
        of(law.source, law.id).whole = True
        for provision in law.provision:
            if provision.source:
                of(provision.source, law.id).articles.append(provision.article)
    return found


def _entries(casebook: Casebook) -> dict[str, set[tuple[str, str]]]:
    """Return the parties and forums whose entries cite each source."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    registers = casebook.record.registers
    for party in registers.parties.values():
        if party.source:
            found[party.source].add(("party", party.id))
    for forum in registers.forums.values():
        for cited in (forum.source, *(chair.source for chair in forum.co_chairs)):
            if cited:
                found[cited].add(("forum", forum.id))
    return found


def _publishers(rows: Iterable[SourceRow]) -> Counter[str]:
    return Counter(row.publisher for row in rows if row.publisher)


def _facet(name: str, counts: Counter[str], order: tuple[str, ...] = ()) -> Facet:
    """Return counts in an order that is given, else the most frequent first."""
    ranked = [(value, counts[value]) for value in order if counts[value]] if order else []
    ranked = ranked or sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    values = [FacetValue(*pair) for pair in ranked[:_MOST_VALUES]]
    return Facet(name, values, len(ranked) - len(values))


def _blocked_row(casebook: Casebook, entry: Blocked) -> BlockedRow:
    return BlockedRow(host=entry.host, reason=entry.reason, place=_place(casebook, f"blocked {entry.host}"))


def source(reading: Reading, id: str) -> SourceAnswer:
    """Return one source and what rests on it; raise DetenteError with near ids."""
    casebook = reading.casebook
    entry = casebook.record.registers.sources.get(id)
    if entry is None:
        near = [known for known in casebook.record.registers.sources if id.casefold() in known][:5]
        hint = f"Did you mean {', '.join(near)}?" if near else "Look for it among the sources."
        raise DetenteError(f"The record holds no source '{id}'.", hint)
    resting = browse(reading, Query(source=id))
    kinds = next(facet for facet in resting.facets if facet.name == "kind")
    blocked = blocking([entry], casebook.record.registers).get(entry.id)
    cited_by = sorted(_entries(casebook).get(id, ()))
    return SourceAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        source=_rows(reading, [entry])[0],
        blocked=blocked.reason if blocked else "",
        kinds=kinds.values,
        texts=list(_texts(casebook).get(id, {}).values()),
        parties=[name for kind, name in cited_by if kind == "party"],
        forums=[name for kind, name in cited_by if kind == "forum"],
        latest=resting.statements[:_LATEST],
    )
