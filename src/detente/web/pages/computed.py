"""How this was computed: the trace of one finding or agenda item, from its provision to the sources, and its stamp."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

import msgspec
import polars as pl

from detente.consultation.item import Item
from detente.errors import DetenteError
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.reading import Reading
from detente.reading.answers import ExplainAnswer
from detente.reading.explain import explain
from detente.reading.reading import RULES_VERSION
from detente.record.registers import Words
from detente.rendering.provisions import BASES
from detente.rendering.provisions import KINDS
from detente.rendering.provisions import binding_words
from detente.rendering.provisions import dates_words
from detente.rendering.provisions import figure_words
from detente.rendering.provisions import requirement
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import missing
from detente.web.pages.accounts import Account
from detente.web.pages.accounts import accounts_of

__all__ = ["computed"]

_NEAR = 5


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The finding on the same provision and party according to one author ("" = the common reading)."""

    id: str
    author: str
    state: str
    reason: str
    value: Words
    limit: Words
    shown: bool


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """The provision in words: what it requires, of whom, from when until when, and how sure its text is."""

    law: Instrument
    provision: Provision
    address: str
    kind: Words
    requires: Words
    binds: Words
    since: Words | None
    until: Words | None
    first: Words | None
    basis: Words


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows beside the answer: of a finding its other accounts, of an item its place and sayings."""

    item: Item | None
    accounts: list[Told]
    author: str
    party: str
    requirement: Requirement | None
    asked: str
    """The author who was asked for and has no account of its own, if that is so."""
    citation: str
    command: str


def computed(ask: Ask, id: str) -> Page:
    """Return the page of one trace; 404 with near names where the day has no such finding or item."""
    reading, pair = ask.neutral, ask.desk.pair(ask.chosen)
    try:
        answer = explain(reading, id, pair, ask.chosen.horizon)
    except DetenteError as fault:
        raise missing(_unknown(ask, id), _remedy(ask, reading, pair, id)) from fault
    trace = _finding(ask, reading, answer, id) if "/" in id else _item(ask, reading, answer, pair)
    return Page(
        template="computed.html",
        title=_title(ask, answer, trace),
        answer=answer,
        rows=answer.evidence,
        stamp=answer.stamp,
        context={
            "answer": answer,
            "trace": trace,
            "rules": RULES_VERSION,
            "digest": ask.desk.casebook.record.digest,
            "facts": _facts(ask, trace.item) if trace.item else [],
        },
    )


def _facts(ask: Ask, item: Item) -> list[Account]:
    """Return what each author holds on an item; what they said of it stands among the evidence."""
    return [account for account in accounts_of(item, ask.language, ask.chosen.according_to) if account.facts]


def _title(ask: Ask, answer: ExplainAnswer, trace: Trace) -> Words:
    if trace.item or trace.requirement is None:
        return answer.title
    party = ask.desk.registers.parties.get(trace.party)
    name = party.name if party else Words(trace.party, trace.party)
    law, article = trace.requirement.law.short, trace.requirement.provision.article
    return Words(f"{law.en} {article}: {name.en}", f"{law.ru} {article}: {name.ru}")


def _finding(ask: Ask, reading: Reading, answer: ExplainAnswer, asked: str) -> Trace:
    rows = reading.all_findings
    row = rows.filter(pl.col("id") == answer.id).row(0, named=True)
    same = rows.filter(pl.all_horizontal(pl.col(c) == row[c] for c in ("instrument", "provision", "party")))
    accounts = [
        Told(
            id=other["id"], author=other["author"], state=other["state"], reason=other["reason"],
            value=figure_words(other["value"]), limit=figure_words(other["limit"]), shown=other["id"] == answer.id,
        )
        for other in same.sort("author").iter_rows(named=True)
    ]  # fmt: skip
    number = " ".join(filter(None, (row["value"], row["limit"])))
    return Trace(
        item=None, accounts=accounts, author=row["author"], party=row["party"],
        requirement=_requirement(ask, row["instrument"], row["provision"], row["from"]),
        asked=asked.partition("@")[2] if answer.id != asked else "",
        citation=_citation(answer, ", ".join(filter(None, (row["state"], number)))), command=_command(ask, answer),
    )  # fmt: skip


def _item(ask: Ask, reading: Reading, answer: ExplainAnswer, pair: tuple[str, str]) -> Trace:
    item = next(i for i in reading.agenda(*pair, ask.chosen.horizon).items() if i.id == answer.id)
    return Trace(
        item=item, accounts=[], author="", party="",
        requirement=_requirement(ask, item.instrument, item.provision, None), asked="",
        citation=_citation(answer, answer.title.get(ask.language)), command=_command(ask, answer),
    )  # fmt: skip


def _requirement(ask: Ask, instrument: str, article: str, begins: date | None) -> Requirement | None:
    """Return what an article requires in words; `begins` is the day from which it binds the party, if it is known."""
    casebook = ask.desk.casebook
    law = casebook.instruments.get(instrument)
    provision = law.find(article) if law and article else None
    if law is None or provision is None:
        return None
    return Requirement(
        law=law, provision=provision, address=ask.links.article(instrument, article), kind=KINDS[provision.kind],
        requires=requirement(provision, law, casebook), binds=binding_words(provision, law, casebook),
        since=dates_words(provision.from_, begins) if provision.from_ else None,
        until=dates_words(provision.until, None) if provision.until else None,
        first=dates_words(provision.first, None) if provision.first else None,
        basis=BASES.get(provision.basis, Words(provision.basis, provision.basis)),
    )  # fmt: skip


def _citation(answer: ExplainAnswer, said: str) -> str:
    """Return how to cite an answer: the id, what it says, the stamp, and the statements that it rests on."""
    statements = ", ".join(row.statement for row in answer.evidence[:_NEAR])
    more = f" (+{len(answer.evidence) - _NEAR})" if len(answer.evidence) > _NEAR else ""
    return f"{answer.id}, {said}; Détente, {answer.stamp}" + (f"; {statements}{more}" if statements else "")


def _command(ask: Ask, answer: ExplainAnswer) -> str:
    """Return the command that gives the same answer."""
    chosen = ask.chosen
    between = "" if "/" in answer.id else f" --between {','.join(chosen.between)} --horizon {chosen.horizon}"
    known = f" --known-by {chosen.known_by}" if chosen.known_by else ""
    return f"detente explain '{answer.id}' --on {chosen.on}{known}{between}"


def _unknown(ask: Ask, id: str) -> Words:
    shown, on = id[:80], ask.chosen.on
    if "/" in id:
        return Words(f"There is no finding “{shown}” on {on}.", f"На {on} нет оценки «{shown}».")
    return Words(f"The agenda of {on} has no item “{shown}”.", f"В повестке на {on} нет пункта «{shown}».")


def _remedy(ask: Ask, reading: Reading, pair: tuple[str, str], id: str) -> Words:
    """Return near names: of findings those of the same instrument, of items those that are spelled alike."""
    if "/" in id:
        stem = id.split("@")[0].rsplit("/", 1)[0]
        rows = reading.all_findings.filter(pl.col("instrument") == id.split("/")[0])
        close = rows.filter(pl.col("id").str.starts_with(stem + "/"))
        known = (close if close.height else rows)["id"].to_list()
        near = get_close_matches(id[:120], known, n=_NEAR, cutoff=0.5) or known[:_NEAR]
    else:
        known = [item.id for item in reading.agenda(*pair, ask.chosen.horizon).items()]
        inside = [name for name in known if id in name or name in id]
        near = inside[:_NEAR] or get_close_matches(id[:120], known, n=_NEAR, cutoff=0.5)
    listed = ", ".join(near)
    if near:
        return Words(f"Did you mean {listed}?", f"Возможно, имелось в виду: {listed}.")
    return Words(
        "Go from the day to an item, or from an instrument to a finding; or choose another day above.",
        "Перейдите к пункту со страницы дня или к оценке со страницы договорённости; или выберите другой день.",
    )
