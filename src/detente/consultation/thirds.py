"""Rules about others: third parties' duties under the two's instruments, and texts that one made with a third."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from typing import Final

from dateutil.relativedelta import relativedelta

from detente.consultation.item import Item
from detente.consultation.said import earliest
from detente.consultation.said import grouped
from detente.consultation.sitting import Found
from detente.consultation.sitting import Sitting
from detente.consultation.wording import ago
from detente.consultation.wording import listed
from detente.consultation.wording import say
from detente.instruments.schema import Instrument
from detente.record.registers import Words

__all__ = ["RULES"]

_TEXTS_LOOK_BACK = relativedelta(years=1)
_FEW: Final = 12
"""An instrument of so many parties names each of them; in a larger one only accounts of somebody single one out."""


def third_parties(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every third party whose duties under an instrument of the two somebody has judged.

    Where an instrument names its few parties, or governs somebody's conduct, each has an item; in one that is
    open to all only those are named whom somebody holds not to meet it, in one item.
    """
    rows = [
        f
        for f in sitting.findings
        if f.instrument in sitting.shared
        and f.party not in sitting.pair
        and f.state in ("met", "not met")
        and f.kind != "term"
    ]
    for id, group in grouped(rows, lambda f: f.instrument).items():
        instrument = sitting.instruments[id]
        if not sitting.in_force(id):
            continue
        if instrument.concerns or (instrument.membership == "closed" and len(instrument.participants) <= _FEW):
            concerned = {sitting.view.at(p) for p in instrument.concerns or instrument.participants}
            for party, own in grouped(group, lambda f: f.party).items():
                told = instrument.authority and any(f.reporter == instrument.authority for f in own)
                if party in concerned and (told or any(f.state == "not met" for f in own)):
                    yield _third(sitting, instrument, party, own)
        elif held := [f for f in group if f.reason == "concern"]:
            yield _thirds(sitting, instrument, held)


def _thirds(sitting: Sitting, instrument: Instrument, held: list[Found]) -> Item:
    """Return the one item for everybody whom somebody holds not to meet an instrument open to all."""
    names = [
        Words(f"{name.en} {f.provision} ({f.author})", f"{name.ru} {f.provision} ({f.author})")
        for f in held
        for name in [sitting.name(f.party)]
    ]
    return Item(
        id=f"due.{instrument.id}.others",
        section="due",
        rule="third",
        issue=instrument.issue,
        title=say("thirds.title", short=instrument.short),
        why=say("thirds.why", names=listed(names, 8)),
        instrument=instrument.id,
        since=earliest(f.since for f in held),
        level="senior-officials",
        accounts={
            author: dict.fromkeys((f.party for f in own), "not met")
            for author, own in grouped(held, lambda f: f.author).items()
        },
        evidence=list(dict.fromkeys(e for f in held for e in f.evidence)),
    )


def _third(sitting: Sitting, instrument: Instrument, party: str, group: list[Found]) -> Item:
    # A provision is not met where any author holds it not met.
    judged = {f.provision for f in group}
    not_met = {f.provision for f in group if f.state == "not met"}
    voices = sorted({voice for f in group for voice in (f.author or f.reporter,) if voice})
    seen = max((f.reported_on for f in group if f.reported_on), default="-")
    section = "due" if not_met else "common"
    return Item(
        id=f"{section}.{instrument.id}.{party.lower()}",
        section=section,
        rule="third",
        issue=instrument.issue,
        title=say("third.title", party=sitting.name(party), short=instrument.short),
        why=say(
            "third.why",
            not_met=len(not_met),
            all=len(judged),
            met=len(judged) - len(not_met),
            by=", ".join(voices) or "-",
            seen=seen,
        ),
        instrument=instrument.id,
        since=earliest(f.since for f in group),
        level="ministers",
        accounts={voice: _by_state(f for f in group if (f.author or f.reporter) == voice) for voice in voices},
        evidence=list(dict.fromkeys(e for f in group for e in f.evidence)),
    )


def _by_state(rows: Iterable[Found]) -> dict[str, list[str]]:
    return {state: [f.provision for f in own] for state, own in grouped(rows, lambda f: f.state).items()}


def recent_texts(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every text made within the last year by one of the two, with what it promises."""
    since, issues = sitting.on - _TEXTS_LOOK_BACK, {i.issue for i in sitting.shared.values()}
    for id, instrument in sitting.near.items():
        life = sitting.standings.life(id)
        made = life.opened or life.since
        if not made or not (since <= made <= sitting.on) or life.ended:
            continue
        parties = [sitting.view.at(p) for p in instrument.participants]
        if instrument.issue not in issues:
            continue
        promises = [p.title for p in instrument.provision if p.kind not in ("none", "term")]
        both = all(p in parties for p in sitting.pair)
        if not promises or not parties:
            continue
        yield Item(
            id=f"{'common' if both else 'due'}.{id}.text",
            section="common" if both else "due",
            rule="texts",
            issue=instrument.issue,
            title=say("texts.title", short=instrument.short, since=made),
            why=say(
                "texts.why",
                parties=listed([sitting.name(p) for p in parties]),
                ago=ago(made, sitting.on),
                promises=listed(promises, 4),
            ),
            instrument=id,
            since=made,
            level="leaders",
            evidence=life.evidence[:2],
            accounts={p: {"standing": sitting.standings.of(id, p).standing} for p in parties},
        )


RULES = (third_parties, recent_texts)
