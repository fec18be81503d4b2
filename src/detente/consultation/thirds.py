"""Rules about others: third parties' duties under the two's instruments, and texts that one made with a third."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
from dateutil.relativedelta import relativedelta

from detente.consultation.item import Item
from detente.consultation.sitting import Sitting
from detente.consultation.sitting import earliest
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
    rows = sitting.findings.filter(
        pl.col("instrument").is_in(list(sitting.shared))
        & ~pl.col("party").is_in(list(sitting.pair))
        & pl.col("state").is_in(["met", "not met"])
        & (pl.col("kind") != "term")
    )
    for (id,), group in rows.group_by(["instrument"], maintain_order=True):
        instrument = sitting.instruments[str(id)]
        if not sitting.in_force(str(id)):
            continue
        if instrument.concerns or (instrument.membership == "closed" and len(instrument.participants) <= _FEW):
            concerned = {sitting.registers.at(p, sitting.on) for p in instrument.concerns or instrument.participants}
            for (party,), own in group.group_by(["party"], maintain_order=True):
                judged = _one_each(own)
                told = instrument.authority and instrument.authority in own["reporter"]
                if party in concerned and ("not met" in judged["state"] or told):
                    yield _third(sitting, instrument, str(party), own, judged)
        elif (held := group.filter(pl.col("reason") == "concern")).height:
            yield _thirds(sitting, instrument, held)


def _one_each(group: pl.DataFrame) -> pl.DataFrame:
    """Return one row a provision: not met where any author holds it not met."""
    return group.sort(pl.col("state") != "not met", maintain_order=True).unique(
        "provision", keep="first", maintain_order=True
    )


def _thirds(sitting: Sitting, instrument: Instrument, held: pl.DataFrame) -> Item:
    """Return the one item for everybody whom somebody holds not to meet an instrument open to all."""
    names = [
        Words(f"{name.en} {article} ({author})", f"{name.ru} {article} ({author})")
        for party, article, author in held.select("party", "provision", "author").iter_rows()
        for name in [sitting.name(party)]
    ]
    return Item(
        id=f"due.{instrument.id}.others",
        section="due",
        rule="third",
        issue=instrument.issue,
        title=say("thirds.title", short=instrument.short),
        why=say("thirds.why", names=listed(names, 8)),
        instrument=instrument.id,
        since=earliest(held["since"]),
        level="senior-officials",
        accounts={
            str(author): dict.fromkeys(own["party"].unique(maintain_order=True), "not met")
            for (author,), own in held.group_by(["author"], maintain_order=True)
        },
        evidence=list(dict.fromkeys(e for cell in held["evidence"] for e in cell)),
    )


def _third(sitting: Sitting, instrument: Instrument, party: str, group: pl.DataFrame, judged: pl.DataFrame) -> Item:
    not_met = judged.filter(pl.col("state") == "not met")
    voices = sorted(
        {a or r for a, r in group.select("author", pl.coalesce("reporter", "author")).iter_rows() if a or r}
    )
    seen = group["reported_on"].drop_nulls().max() or "-"
    accounts = {
        voice: {
            state: rows["provision"].to_list()
            for (state,), rows in group.filter(
                (pl.col("author") == voice) | ((pl.col("author") == "") & (pl.col("reporter") == voice))
            ).group_by(["state"], maintain_order=True)
        }
        for voice in voices
    }
    section = "due" if not_met.height else "common"
    return Item(
        id=f"{section}.{instrument.id}.{party.lower()}",
        section=section,
        rule="third",
        issue=instrument.issue,
        title=say("third.title", party=sitting.name(party), short=instrument.short),
        why=say(
            "third.why",
            not_met=not_met.height,
            all=judged.height,
            met=judged.height - not_met.height,
            by=", ".join(voices) or "-",
            seen=str(seen),
        ),
        instrument=instrument.id,
        since=earliest(group["since"]),
        level="ministers",
        accounts=accounts,
        evidence=list(dict.fromkeys(e for cell in group["evidence"] for e in cell)),
    )


def recent_texts(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every text made within the last year by one of the two, with what it promises."""
    for id, instrument in sitting.near.items():
        life = sitting.standings.life(id)
        made = life.opened or life.since
        if not made or not (sitting.on - _TEXTS_LOOK_BACK <= made <= sitting.on) or life.ended:
            continue
        parties = [sitting.registers.at(p, sitting.on) for p in instrument.participants]
        if instrument.issue not in {i.issue for i in sitting.shared.values()}:
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
