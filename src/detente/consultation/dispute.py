"""Rules of the first section: what the two see differently, and what one holds against the other."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator

from dateutil.relativedelta import relativedelta

from detente.consultation.item import Item
from detente.consultation.item import slug
from detente.consultation.said import Said
from detente.consultation.said import earliest
from detente.consultation.said import grouped
from detente.consultation.sitting import Found
from detente.consultation.sitting import Sitting
from detente.consultation.sitting import quotes
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
    named = [sitting.view.at(p) for p in (*sitting.pair, *law.participants, *law.concerns)]
    parties = [p for p in dict.fromkeys(named) if sitting.standings.of(instrument, p, reader).standing != "none"]
    contested = sitting.standings.contested
    voices = (contested.get(act.id, {}) for act in sitting.standings.acts(instrument))
    said = {authors[reader] for authors in voices if reader in authors}
    return {
        "in_force": life.in_force(sitting.on),
        "ended": life.ended.isoformat() if life.ended else None,
        "standing": {p: sitting.standings.of(instrument, p, reader).standing for p in parties},
        "says": quotes(sitting.stated(said)),
    }


def concerns(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an instrument (or issue) for the concerns of one of the two about the other."""
    for under, group in grouped(sitting.open_concerns, lambda s: s.under).items():
        yield _concerns_item(sitting, str(under), group)


def _concerns_item(sitting: Sitting, under: str, group: list[Said]) -> Item:
    instrument = sitting.instruments.get(under)
    registers = sitting.registers
    title = instrument.short if instrument else registers.issues[under].title
    topics = list(dict.fromkeys(s.topic or "" for s in group))
    answers = [
        s
        for s in sitting.concerns_of_the_two
        if s.under == under and s.topic in topics and s.verb in ("answer", "concede")
    ]
    accounts = {
        party: {
            "raises": quotes(s for s in group if s.author == party),
            "answers": quotes(s for s in answers if s.author == party),
        }
        for party in sitting.pair
    }
    return Item(
        id=f"dispute.{under}.concerns",
        section="dispute",
        rule="concerns",
        issue=group[0].issue or "",
        title=say("concerns.title", short=title),
        why=say(
            "concerns.why", count=len(topics), since=group[0].on, topics=listed(map(sitting.registers.topic, topics))
        ),
        instrument=under if instrument else "",
        provision=_only(s.provision for s in group),
        since=earliest(s.on_last for s in group),
        accounts=accounts,
        evidence=[s.id for s in (*group, *answers)],
        level="senior-officials",
    )


def _only(values: Iterable[str | None]) -> str:
    """Return the one value that is there, or "" where there are none or several."""
    found = {value for value in values if value is not None}
    return found.pop() if len(found) == 1 else ""


def accounts(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every provision of which the two hold different findings by their own numbers."""
    rows = [
        f
        for f in sitting.findings
        if f.instrument in sitting.shared
        and f.author in ("", *sitting.pair)
        and f.state in ("met", "not met", "cannot tell")
        and f.reason not in ("concern", "doubt", "answered")
        and f.kind != "undertaking"
    ]
    voiced = {f.subject for f in rows if f.author and f.value is not None}
    for (id, article, party), held in grouped((f for f in rows if f.subject in voiced), lambda f: f.subject).items():
        if set(sitting.standings.readers.get(id, ())) & set(sitting.pair):
            continue  # the whole instrument stands otherwise for one of the two: that is an item of its own
        own = {author: _held(held, author) for author in sitting.pair}
        told = {author: {"value": f.value, "limit": f.limit, "state": f.state} for author, f in own.items() if f}
        values = [t["value"] for t in told.values()]
        if len({(t["value"], t["state"]) for t in told.values()}) < len(sitting.pair) or None in values:
            continue
        instrument = sitting.instruments[id]
        yield Item(
            id=f"dispute.{id}.{slug(article)}.{party.lower()}",
            section="dispute",
            rule="accounts",
            issue=instrument.issue,
            title=say("accounts.title", short=instrument.short, article=article, party=sitting.name(party)),
            why=say("accounts.why"),
            instrument=id,
            provision=article,
            since=None,
            accounts=told,
            evidence=list(dict.fromkeys(id for f in own.values() if f for id in f.evidence)),
            level="experts",
        )


def _held(rows: list[Found], author: str) -> Found | None:
    """Return the finding that an author holds: its own, else the common one."""
    own = (f for name in (author, "") for f in rows if f.author == name)
    return next(own, None)


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
    return quotes([s for s in sitting.positions_on(instrument, party) if s.issue == issue][-2:])


def positions(sitting: Sitting) -> Iterator[Item]:
    """Yield one item a topic on which the last words of the two, in the last five years, are opposite."""
    a, b = sitting.pair
    stated = (s for s in sitting.positions(sitting.on - _RECENT) if s.verb in _STATED)
    last = {(s.topic, s.author): s for s in stated}
    valid = (s for s in last.values() if s.until_last is None or s.until_last > sitting.on)
    for topic, group in grouped(valid, lambda s: s.topic).items():
        verbs = {s.author: s.verb for s in group}
        if OPPOSITE.get(verbs.get(a, "")) != verbs.get(b, "-") and OPPOSITE.get(verbs.get(b, "")) != verbs.get(a, "-"):
            continue
        yield Item(
            id=f"dispute.{group[0].issue}.{topic}",
            section="dispute",
            rule="positions",
            issue=group[0].issue or "",
            title=say("positions.title", topic=sitting.registers.topic(str(topic))),
            why=say("positions.why"),
            instrument=_only(s.instrument for s in group),
            since=max(s.on_last for s in group),
            accounts={p: {"says": quotes(s for s in group if s.author == p)} for p in sitting.pair},
            evidence=[s.id for s in group],
            level="senior-officials",
        )


def held_by_others(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an instrument for what others hold against either of the two."""
    rows = [
        f
        for f in sitting.findings
        if f.instrument in sitting.shared
        and f.party in sitting.pair
        and f.author not in ("", *sitting.pair)
        and f.reason in ("concern", "doubt")
    ]
    for id, group in grouped(rows, lambda f: f.instrument).items():
        instrument = sitting.instruments[id]
        by_author = grouped(group, lambda f: f.author)
        articles = list(dict.fromkeys(f.provision for f in group))
        yield Item(
            id=f"dispute.{id}.others",
            section="dispute",
            rule="others",
            issue=instrument.issue,
            title=say("others.title", short=instrument.short),
            why=say("others.why", authors=listed([sitting.name(a) for a in by_author]), articles=", ".join(articles)),
            instrument=id,
            provision=articles[0] if len(articles) == 1 else "",
            since=earliest(f.since for f in group),
            accounts={author: {f"{f.party} {f.provision}": f.state for f in own} for author, own in by_author.items()},
            evidence=[e for f in group for e in f.evidence],
            level="senior-officials",
        )


RULES = (contested, concerns, accounts, apart, positions, held_by_others)
