"""Rules of the first section: what the two see differently, and what one holds against the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from dateutil.relativedelta import relativedelta

from detente.consultation.item import Item
from detente.consultation.item import slug
from detente.consultation.sitting import Sitting
from detente.consultation.sitting import earliest
from detente.consultation.wording import ago
from detente.consultation.wording import listed
from detente.consultation.wording import say
from detente.instruments.standings import HELD

__all__ = ["OPPOSITE", "RULES"]

OPPOSITE = {
    "accept": "decline",
    "decline": "accept",
    "affirm": "reject",
    "reject": "affirm",
    "propose": "reject",
    "vote-yes": "vote-no",
    "vote-no": "vote-yes",
}
_RECENT = relativedelta(years=5)
_STATED = ("propose", "accept", "decline", "counter", "affirm", "reject")


def contested(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every instrument that stands differently in the readings of the two."""
    for id in sitting.standings.readers:
        instrument = sitting.instruments[id]
        voices = [party for party in sitting.pair if party in sitting.standings.readers[id]]
        if id not in sitting.shared or not voices or len(voices) == len(sitting.pair):
            continue
        authors = {a.author for a in sitting.standings.acts(id) if a.id in sitting.standings.contested}
        readers = _without_members(sitting, {*sitting.pair, *sitting.standings.readers[id], *authors})
        accounts = {reader: _reading(sitting, id, reader) for reader in readers}
        if accounts[sitting.pair[0]]["standing"] == accounts[sitting.pair[1]]["standing"] and (
            accounts[sitting.pair[0]]["in_force"] == accounts[sitting.pair[1]]["in_force"]
        ):
            continue
        acts = [act.id for act in sitting.standings.acts(id) if act.id in sitting.standings.contested]
        said = {s for act in acts for s in sitting.standings.contested[act].values()}
        first = min(act.on for act in sitting.standings.acts(id) if act.id in acts)
        yield Item(
            id=f"dispute.{id}.standing",
            section="dispute",
            rule="contested",
            issue=instrument.issue,
            title=say("contested.title", short=instrument.short),
            why=say("contested.why"),
            instrument=id,
            since=first,
            accounts=accounts,
            evidence=[*acts, *sorted(said)],
            level="leaders",
        )


def _without_members(sitting: Sitting, readers: set[str]) -> list[str]:
    """Return the readers in order, without those for whom a group among them speaks already."""
    parties = sitting.registers.parties
    spoken_for = {member for reader in readers if reader in parties for member in parties[reader].members}
    return sorted(reader for reader in readers if reader in sitting.pair or reader not in spoken_for)


def _reading(sitting: Sitting, instrument: str, reader: str) -> dict[str, object]:
    life = sitting.standings.life(instrument, reader)
    law = sitting.instruments[instrument]
    named = [sitting.registers.at(p, sitting.on) for p in (*sitting.pair, *law.participants, *law.concerns)]
    parties = [p for p in dict.fromkeys(named) if sitting.standings.of(instrument, p, reader).standing != "none"]
    said = {
        statement
        for act, authors in sitting.standings.contested.items()
        if reader in authors and any(a.id == act for a in sitting.standings.acts(instrument))
        for statement in [authors[reader]]
    }
    rows = sitting.view.of("position").filter(pl.col("id").is_in(sorted(said)))
    return {
        "in_force": life.in_force(sitting.on),
        "ended": life.ended.isoformat() if life.ended else None,
        "standing": {p: sitting.standings.of(instrument, p, reader).standing for p in parties},
        "says": sitting.quotes(rows),
    }


def concerns(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an instrument (or issue) for the concerns of one of the two about the other."""
    for (under,), group in sitting.open_concerns.group_by(["under"], maintain_order=True):
        yield _concerns_item(sitting, str(under), group)


def _concerns_item(sitting: Sitting, under: str, group: pl.DataFrame) -> Item:
    instrument = sitting.instruments.get(under)
    title = instrument.short if instrument else sitting.registers.issues[under].title
    topics = group["topic"].unique(maintain_order=True).to_list()
    spoken = sitting.concerns_of_the_two
    answers = spoken.filter(
        (pl.col("under") == under) & pl.col("topic").is_in(topics) & pl.col("verb").is_in(["answer", "concede"])
    )
    accounts = {
        party: {
            "raises": sitting.quotes(group.filter(pl.col("author") == party)),
            "answers": sitting.quotes(answers.filter(pl.col("author") == party)),
        }
        for party in sitting.pair
    }
    since = earliest(group["on_last"])
    return Item(
        id=f"dispute.{under}.concerns",
        section="dispute",
        rule="concerns",
        issue=group["issue"][0],
        title=say("concerns.title", short=title),
        why=say("concerns.why", count=len(topics), since=group["on"][0], topics=", ".join(topics)),
        instrument=under if instrument else "",
        provision=_only(group["provision"]),
        since=since,
        accounts=accounts,
        evidence=[*group["id"].to_list(), *answers["id"].to_list()],
        level="senior-officials",
    )


def _only(column: pl.Series) -> str:
    values = column.drop_nulls().unique().to_list()
    return str(values[0]) if len(values) == 1 else ""


def accounts(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every provision of which the two hold different findings by their own numbers."""
    pair = list(sitting.pair)
    rows = sitting.findings.filter(
        pl.col("instrument").is_in(list(sitting.shared))
        & pl.col("author").is_in(["", *pair])
        & pl.col("state").is_in(["met", "not met", "cannot tell"])
        & ~pl.col("reason").is_in(["concern", "doubt", "answered"])
        & (pl.col("kind") != "undertaking")
    )
    key = ["instrument", "provision", "party"]
    voiced = rows.filter((pl.col("author") != "") & pl.col("value").is_not_null())
    for (id, article, party), _ in voiced.group_by(key, maintain_order=True):
        if set(sitting.standings.readers.get(str(id), ())) & set(sitting.pair):
            continue  # the whole instrument stands otherwise for one of the two: that is an item of its own
        common = rows.filter(
            (pl.col("instrument") == id) & (pl.col("provision") == article) & (pl.col("party") == party)
        )
        told = {author: _told(common, author) for author in pair}
        if len({(t["value"], t["state"]) for t in told.values()}) < 2 or None in (t["value"] for t in told.values()):
            continue
        instrument = sitting.instruments[str(id)]
        yield Item(
            id=f"dispute.{id}.{slug(str(article))}.{str(party).lower()}",
            section="dispute",
            rule="accounts",
            issue=instrument.issue,
            title=say("accounts.title", short=instrument.short, article=str(article), party=sitting.name(str(party))),
            why=say("accounts.why"),
            instrument=str(id),
            provision=str(article),
            since=None,
            accounts=told,
            evidence=_evidence(common, pair),
            level="experts",
        )


def _held(rows: pl.DataFrame, author: str) -> dict[str, Any]:
    """Return the finding that an author holds: its own, else the common one."""
    own = rows.filter(pl.col("author") == author)
    return (own if own.height else rows.filter(pl.col("author") == "")).row(0, named=True)


def _told(rows: pl.DataFrame, author: str) -> dict[str, Any]:
    row = _held(rows, author)
    return {name: row[name] for name in ("value", "limit", "state")}


def _evidence(rows: pl.DataFrame, authors: list[str]) -> list[str]:
    return list(dict.fromkeys(id for author in authors for id in _held(rows, author)["evidence"]))


def apart(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every instrument in force that one of the two has left while the other is bound."""
    for id, instrument in sitting.shared.items():
        stands = {party: sitting.standings.of(id, party) for party in sitting.pair}
        out = [p for p, s in stands.items() if s.standing == "out"]
        held = [p for p, s in stands.items() if s.standing in (*HELD, "suspended")]
        if len(out) != 1 or len(held) != 1 or not sitting.in_force(id):
            continue
        since = stands[out[0]].since or sitting.on
        yield Item(
            id=f"dispute.{id}.apart",
            section="dispute",
            rule="apart",
            issue=instrument.issue,
            title=say(
                "apart.title", short=instrument.short, inside=sitting.name(held[0]), outside=sitting.name(out[0])
            ),
            why=say(
                "apart.why",
                inside=sitting.name(held[0]),
                outside=sitting.name(out[0]),
                since=since,
                ago=ago(since, sitting.on),
            ),
            instrument=id,
            since=since,
            level="leaders",
            accounts={
                p: {"standing": s.standing, "says": _latest(sitting, instrument.issue, p, id)}
                for p, s in stands.items()
            },
            evidence=[s.act for s in stands.values() if s.act],
        )


def _latest(sitting: Sitting, issue: str, party: str, instrument: str) -> list[dict[str, str]]:
    rows = sitting.view.of("position").filter(
        (pl.col("author") == party) & (pl.col("instrument") == instrument) & (pl.col("issue") == issue)
    )
    return sitting.quotes(rows.tail(2))


def positions(sitting: Sitting) -> Iterator[Item]:
    """Yield one item a topic on which the last words of the two, in the last five years, are opposite."""
    a, b = sitting.pair
    rows = sitting.view.of("position").filter(
        pl.col("author").is_in([a, b]) & pl.col("verb").is_in(_STATED) & (pl.col("on_last") >= sitting.on - _RECENT)
    )
    last = rows.group_by("topic", "author", maintain_order=True).last()
    last = last.filter((pl.col("until_last") > sitting.on).fill_null(value=True))
    for (topic,), group in last.group_by(["topic"], maintain_order=True):
        verbs = dict(group.select("author", "verb").iter_rows())
        if OPPOSITE.get(verbs.get(a, "")) != verbs.get(b, "-") and OPPOSITE.get(verbs.get(b, "")) != verbs.get(
            a, "-"
        ):
            continue
        since = max(group["on_last"].to_list())
        yield Item(
            id=f"dispute.{group['issue'][0]}.{topic}",
            section="dispute",
            rule="positions",
            issue=group["issue"][0],
            title=say("positions.title", topic=listed([str(topic)])),
            why=say("positions.why"),
            instrument=_only(group["instrument"]),
            since=since,
            accounts={p: {"says": sitting.quotes(group.filter(pl.col("author") == p))} for p in sitting.pair},
            evidence=group["id"].to_list(),
            level="senior-officials",
        )


def held_by_others(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an instrument for what others hold against either of the two."""
    rows = sitting.findings.filter(
        pl.col("instrument").is_in(list(sitting.shared))
        & pl.col("party").is_in(list(sitting.pair))
        & ~pl.col("author").is_in(["", *sitting.pair])
        & pl.col("reason").is_in(["concern", "doubt"])
    )
    for (id,), group in rows.group_by(["instrument"], maintain_order=True):
        instrument = sitting.instruments[str(id)]
        authors = group["author"].unique(maintain_order=True).to_list()
        articles = group["provision"].unique(maintain_order=True).to_list()
        yield Item(
            id=f"dispute.{id}.others",
            section="dispute",
            rule="others",
            issue=instrument.issue,
            title=say("others.title", short=instrument.short),
            why=say("others.why", authors=listed([sitting.name(a) for a in authors]), articles=", ".join(articles)),
            instrument=str(id),
            provision=articles[0] if len(articles) == 1 else "",
            since=earliest(group["since"]),
            accounts={
                str(author): {f"{party} {article}": state for party, article, state in own.iter_rows()}
                for author, own in (
                    (a, group.filter(pl.col("author") == a).select("party", "provision", "state")) for a in authors
                )
            },
            evidence=[e for cell in group["evidence"] for e in cell],
            level="senior-officials",
        )


RULES = (contested, concerns, accounts, apart, positions, held_by_others)
