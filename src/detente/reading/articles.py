"""The articles of an instrument on a day: what each requires, the findings on it, and one article in full."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from detente.errors import DetenteError
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.reading.answers import Answer
from detente.reading.answers import Evidence
from detente.reading.answers import FindingRow
from detente.reading.answers import HistoryAnswer
from detente.reading.answers import HistoryRow
from detente.reading.evidence import evidence
from detente.reading.explain import parameters
from detente.reading.reading import Reading
from detente.reading.track import spans
from detente.record.registers import Words

__all__ = ["MANY", "ArticleAnswer", "ArticleRow", "article", "article_rows"]

MANY = 12
"""The findings on more parties than these are counted; those not met or disputed are named."""

_EVIDENCE = 60


class ArticleRow(msgspec.Struct, kw_only=True):
    """One article: what it requires, from when until when, and the findings of the day."""

    article: str
    title: Words
    kind: str
    why: Words
    """Why no obligation carries it, where none does."""
    basis: str
    source: str
    begins: date | None
    ends: date | None
    parameters: dict[str, Any]
    parties: int
    counts: dict[str, int]
    """How many parties stand in each state, in the reading that was asked for (else in the common one)."""
    findings: list[FindingRow]
    """Of few parties all; of many those not met, doubted or told otherwise by an author."""


class ArticleAnswer(Answer, kw_only=True):
    """One article with its findings on the day and over time."""

    instrument: str
    row: ArticleRow
    note: Words
    before: str
    after: str
    party: str
    """The party that was asked for, if one was."""
    findings: list[FindingRow]
    """All of the day, or those of the party."""
    many: bool
    """Whether there are too many parties to show all over time: then one has to be named."""
    history: list[HistoryRow]
    evidence: list[Evidence]


def article_rows(reading: Reading, law: Instrument, findings: Iterable[FindingRow]) -> list[ArticleRow]:
    """Return every article of an instrument with the findings of the day."""
    by_article: dict[str, list[FindingRow]] = defaultdict(list)
    for row in findings:
        by_article[row.provision].append(row)
    dated = spans(reading, law, reading.reader)
    return [_row(p, by_article.get(p.article, []), dated.get(p.article, (None, None))) for p in law.provision]


def _row(provision: Provision, found: list[FindingRow], span: tuple[date | None, date | None]) -> ArticleRow:
    common = _one_each(found)
    many = len(common) > MANY
    return ArticleRow(
        article=provision.article,
        title=provision.title,
        kind=provision.kind,
        why=provision.why,
        basis=provision.basis,
        source=provision.source,
        begins=span[0],
        ends=span[1],
        parameters={k: v for k, v in parameters(provision).items() if k not in _TOLD},
        parties=len(common),
        counts=dict(Counter(row.state for row in common)),
        findings=_named(found) if many else found,
    )


_TOLD = ("article", "title", "kind", "why", "basis", "source", "note")


def _one_each(found: Iterable[FindingRow]) -> list[FindingRow]:
    """Return one finding a party: the common one, else the only one there is."""
    first: dict[str, FindingRow] = {}
    for row in found:
        if row.party not in first or row.author == "":
            first[row.party] = row
    return list(first.values())


def _named(found: list[FindingRow]) -> list[FindingRow]:
    """Return the findings that a reader has to see: not met, doubted, or told otherwise by an author."""
    spoken = {row.party for row in found if row.state == "not met" or row.reason == "doubt"}
    apart = {row.party for row in found if row.author}
    return [row for row in found if row.party in spoken or (row.party in apart and _differs(row, found))]


def _differs(row: FindingRow, found: list[FindingRow]) -> bool:
    """Return whether the accounts of the party differ in their state, not in the day of an act alone."""
    return len({other.state for other in found if other.party == row.party}) > 1


def article(
    reading: Reading, instrument: str, article: str, party: str = "", past: HistoryAnswer | None = None
) -> ArticleAnswer:
    """Return one article; `past` is its history, where it was asked for.  Raise DetenteError with those there are."""
    law = reading.instrument(instrument)
    provision = law.find(article)
    if provision is None:
        near = [p.article for p in law.provision if p.article.split(".")[0] == article.split(".")[0]]
        hint = f"Near it: {', '.join(near)}." if near else f"It has: {', '.join(p.article for p in law.provision)}."
        raise DetenteError(f"{law.short.en} has no article '{article}' in the record.", hint)
    found = [
        FindingRow(**row)
        for row in reading.findings(law.id).drop("issue", "standing").iter_rows(named=True)
        if row["provision"] == provision.article
    ]
    order = [p.article for p in law.provision]
    at = order.index(provision.article)
    row = article_rows(reading, law, found)[at]
    shown = [f for f in found if f.party == party] if party else found
    return ArticleAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        instrument=law.id,
        row=row,
        note=provision.note,
        before=order[at - 1] if at else "",
        after=order[at + 1] if at + 1 < len(order) else "",
        party=party,
        findings=shown,
        many=row.parties > MANY,
        history=past.rows if past else [],
        evidence=evidence(reading.casebook, [id for f in shown for id in f.evidence][:_EVIDENCE]),
    )
