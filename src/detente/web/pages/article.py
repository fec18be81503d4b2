"""One article: what it requires, what was found on the day, and how the finding changed, party by party."""

from __future__ import annotations

from typing import Final

import msgspec

from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.obligations.finding import STATE_WORDS
from detente.reading.answers import FindingRow
from detente.reading.articles import ArticleAnswer
from detente.reading.articles import article as article_on
from detente.record.registers import Words
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import missing
from detente.web.pages.asked import near
from detente.web.pages.asked import party_asked
from detente.web.pages.instrument import clause
from detente.web.pages.instrument import law_asked
from detente.web.pages.instrument import outcomes
from detente.web.pictures.levels import draw_levels

__all__ = ["article"]

_NAMED: Final = 40
"""So many parties are offered by name; the others by the field."""


class Choice(msgspec.Struct, frozen=True):
    """A party whose history can be asked for."""

    party: str
    address: str
    chosen: bool


def article(ask: Ask, id: str, article: str) -> Page:
    """Return the page of one article; of many parties one is asked for, before any history is worked out."""
    law = law_asked(ask, id)
    provision = _provision(law, article)
    party = party_asked(ask, ask.parameter("party"), "party") if ask.parameter("party") else ""
    answer = article_on(ask.reading, law.id, provision.article, party)
    shown = bool(answer.row.parties) and (bool(party) or not answer.many)
    if shown:
        past = ask.desk.history(ask.chosen, law.id, provision.article, party)
        answer = msgspec.structs.replace(answer, history=past.rows)
    registers = ask.desk.registers
    begun = {row.party: row.from_ for row in reversed(answer.history)}
    # Who carries on another's acts comes after it: the Soviet Union, then Russia.
    rows = sorted(answer.history, key=lambda row: (registers.at(row.party, answer.on), begun[row.party]))
    words = {code: text.get(ask.language) for code, text in STATE_WORDS.items()}
    parties = list(dict.fromkeys(f.party for f in _all(ask, law, answer)))
    return Page(
        template="article.html",
        title=Words(f"{law.short.en} {provision.article}", f"{law.short.ru} {provision.article}"),
        answer=answer,
        rows=answer.history,
        stamp=answer.stamp,
        context={
            "answer": answer,
            "law": law,
            "provision": provision,
            "clause": clause(ask, law, answer.row),
            "outcomes": outcomes(answer.findings if party or not answer.many else answer.row.findings, registers),
            "source": ask.desk.registers.sources.get(provision.source),
            "measure": ask.desk.registers.measures.get(provision.measure),
            "picture": draw_levels(rows, provision, answer.on, words.__getitem__),
            "choices": _choices(ask, parties, party) if answer.many or party else [],
            "more_parties": max(len(parties) - _NAMED, 0),
            "history_shown": shown,
        },
    )


def _provision(law: Instrument, article: str) -> Provision:
    """Return the article that an address names; 404 with those near it."""
    found = law.find(article)
    if found is not None:
        return found
    names = [p.article for p in law.provision]
    likely = near(article, names) or [name for name in names if name.split(".")[0] == article.split(".")[0]][:5]
    listed = ", ".join(likely) or ", ".join(names[:8])
    raise missing(
        Words(f"{law.short.en} has no article “{article[:40]}” in the record.",
              f"В записях нет статьи «{article[:40]}» ({law.short.ru})."),
        Words(f"It has, for example: {listed}.", f"Есть, например: {listed}."),
    )  # fmt: skip


def _all(ask: Ask, law: Instrument, answer: ArticleAnswer) -> list[FindingRow]:
    """Return the findings of every party, those first of whom a reader would ask."""
    found = answer.findings
    if answer.party:
        found = article_on(ask.reading, law.id, answer.row.article).findings
    spoken = {f.party for f in answer.row.findings}
    return sorted(found, key=lambda f: (f.party not in spoken, f.party))


def _choices(ask: Ask, parties: list[str], chosen: str) -> list[Choice]:
    others = {k: v for k, v in ask.more.items() if k != "party"}
    address = ask.request.path
    return [
        Choice(
            party,
            ask.links.changed(address, others if party == chosen else {**others, "party": party}),
            party == chosen,
        )
        for party in parties[:_NAMED]
    ]
