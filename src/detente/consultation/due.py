"""Rules of the second section: what ends, what falls due and what is owed by either of the two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl
from dateutil.relativedelta import relativedelta

from detente.consultation.commitments import open_commitments
from detente.consultation.commitments import unanswered_offers
from detente.consultation.item import Item
from detente.consultation.item import slug
from detente.consultation.sitting import Sitting
from detente.consultation.sitting import earliest
from detente.consultation.wording import ago
from detente.consultation.wording import every_words
from detente.consultation.wording import period_words
from detente.consultation.wording import say
from detente.obligations.finding import REASONS
from detente.record.dates import days_between
from detente.record.registers import Words

__all__ = ["RULES"]

_GAP_LOOKS_BACK = relativedelta(years=10)
_OFFERS_LOOK_BACK = relativedelta(years=2)


def terms(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every instrument of both whose own term ends within the horizon."""
    for id, instrument in sitting.shared.items():
        life, term = sitting.standings.life(id), instrument.term()
        if not (term and life.ends and sitting.on < life.ends <= sitting.until and life.in_force(sitting.on)):
            continue
        if term.renewal or any(sitting.standings.of(id, p).standing == "leaving" for p in sitting.pair):
            continue
        left = term.extension.times - life.extensions if term.extension else 0
        extension = say("term.used")
        if term.extension and left > 0:
            key = "term.open" if left == 1 else "term.several"
            extension = say(key, years=period_words(term.extension.at_most))
        yield Item(
            id=f"due.{id}.term",
            section="due",
            rule="term",
            issue=instrument.issue,
            title=say("term.title", short=instrument.short, until=life.ends),
            why=say("term.why", days=days_between(sitting.on, life.ends), article=term.article, extension=extension),
            instrument=id,
            provision=term.article,
            since=life.since,
            until=life.ends,
            level="leaders",
            accounts={
                p: {
                    "standing": sitting.standings.of(id, p, p).standing,
                    "extensions_left": max(left, 0),
                    "in_force": sitting.standings.life(id, p).in_force(sitting.on),
                    "says": _said(sitting, id, p),
                }
                for p in sitting.pair
            },
            evidence=life.evidence,
        )


def gaps(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every instrument of both that ended in the last ten years with nothing in its place.

    One that was completed or superseded, whose end is itself disputed, that governs a third party's conduct,
    or that one of the two had left before, leaves no gap between the two.
    """
    replaced = {old for id, i in sitting.instruments.items() if sitting.in_force(id) for old in i.replaces}
    for id, instrument in sitting.shared.items():
        life = sitting.standings.life(id)
        ended = life.ended
        if not ended or life.since is None or ended > sitting.on or ended < sitting.on - _GAP_LOOKS_BACK:
            continue
        if life.how in ("complete", "supersede") or instrument.part_of or instrument.concerns:
            continue
        if id in replaced or len({sitting.standings.life(id, party).ended for party in sitting.pair}) > 1:
            continue
        if not all(_held_to_the_end(sitting, id, party, ended) for party in sitting.pair):
            continue
        yield Item(
            id=f"due.{id}.gap",
            section="due",
            rule="gap",
            issue=instrument.issue,
            title=say("gap.title", short=instrument.short, since=ended),
            why=say("gap.why", ago=ago(ended, sitting.on)),
            instrument=id,
            since=ended,
            level="leaders",
            accounts={
                p: {"standing": sitting.standings.of(id, p, p).standing, "says": _said(sitting, id, p)}
                for p in sitting.pair
            },
            evidence=life.evidence[-3:],
        )


def _said(sitting: Sitting, instrument: str, party: str) -> list[dict[str, str]]:
    rows = sitting.view.of("position").filter((pl.col("author") == party) & (pl.col("instrument") == instrument))
    return sitting.quotes(rows.tail(3))


def _held_to_the_end(sitting: Sitting, instrument: str, party: str, ended: date) -> bool:
    stand = sitting.standings.of(instrument, party)
    return stand.standing == "ended" or (stand.standing == "out" and stand.since is not None and stand.since >= ended)


def leaving(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every notice of withdrawal of one of the two that still runs, and every suspension."""
    for id, instrument in sitting.shared.items():
        for party in sitting.pair:
            stand = sitting.standings.of(id, party)
            if stand.standing == "leaving" and stand.until:
                yield Item(
                    id=f"due.{id}.leaving-{party.lower()}",
                    section="due",
                    rule="leaving",
                    issue=instrument.issue,
                    title=say("leaving.title", short=instrument.short, party=sitting.name(party), until=stand.until),
                    why=say("leaving.why", days=days_between(sitting.on, stand.until)),
                    instrument=id,
                    since=stand.since,
                    until=stand.until,
                    level="leaders",
                    accounts={p: {"standing": sitting.standings.of(id, p).standing} for p in sitting.pair},
                    evidence=[stand.act],
                )
            elif stand.standing == "suspended" and stand.suspended and sitting.in_force(id):
                yield Item(
                    id=f"due.{id}.suspended-{party.lower()}",
                    section="due",
                    rule="suspended",
                    issue=instrument.issue,
                    title=say("suspended.title", short=instrument.short, party=sitting.name(party)),
                    why=say(
                        "suspended.why",
                        party=sitting.name(party),
                        since=stand.suspended,
                        ago=ago(stand.suspended, sitting.on),
                    ),
                    instrument=id,
                    since=stand.suspended,
                    until=stand.until,
                    level="leaders",
                    accounts={
                        p: {"standing": sitting.standings.of(id, p).standing, "says": _said(sitting, id, p)}
                        for p in sitting.pair
                    },
                    evidence=[stand.act],
                )


def turns(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every report or session of both that falls due within the horizon, or is overdue."""
    rows = sitting.findings.filter(
        (pl.col("kind") == "cadence")
        & (pl.col("author") == "")
        & pl.col("party").is_in(list(sitting.pair))
        & pl.col("instrument").is_in(list(sitting.shared))
        & (pl.col("next_due") <= sitting.until)
        & (pl.col("state") != "not applicable")
    )
    for (id, article), group in rows.group_by(["instrument", "provision"], maintain_order=True):
        instrument = sitting.instruments[str(id)]
        provision = instrument.find(str(article))
        first = group.row(0, named=True)
        if provision is None:
            continue
        seen = first["seen"] or say("turn.none")
        every = every_words(provision.every)
        yield Item(
            id=f"due.{id}.{slug(str(article))}",
            section="due",
            rule="turn",
            issue=instrument.issue,
            title=say("turn.title", short=instrument.short, what=provision.title, until=first["next_due"]),
            why=say("turn.why", every=every, article=str(article), seen=seen),
            instrument=str(id),
            provision=str(article),
            since=first["seen"],
            until=first["next_due"],
            level="experts",
            accounts={
                p: {"state": s, "last": d.isoformat() if d else None}
                for p, s, d in group.select("party", "state", "seen").iter_rows()
            },
            evidence=[e for cell in group["evidence"] for e in cell],
        )


def unmet(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every provision that one of the two does not meet by the common reading."""
    rows = sitting.findings.filter(
        (pl.col("author") == "")
        & (pl.col("state") == "not met")
        & pl.col("party").is_in(list(sitting.pair))
        & pl.col("instrument").is_in(list(sitting.shared))
        & (pl.col("kind") != "cadence")
    )
    for row in rows.iter_rows(named=True):
        instrument = sitting.instruments[row["instrument"]]
        yield Item(
            id=f"due.{row['instrument']}.{slug(row['provision'])}.{row['party'].lower()}",
            section="due",
            rule="unmet",
            issue=instrument.issue,
            title=say(
                "unmet.title", short=instrument.short, article=row["provision"], party=sitting.name(row["party"])
            ),
            why=say("unmet.why", reason=REASONS[row["reason"]]),
            instrument=row["instrument"],
            provision=row["provision"],
            since=row["from"],
            until=row["until"],
            level="senior-officials",
            accounts={row["party"]: {"value": row["value"], "limit": row["limit"], "state": row["state"]}},
            evidence=row["evidence"],
        )


def pending(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every legal instrument that one of the two signed and has not consented to."""
    for id, instrument in sitting.shared.items():
        if instrument.binding != "legal":
            continue
        for party in sitting.pair:
            stand, life = sitting.standings.of(id, party), sitting.standings.life(id)
            if stand.standing != "signatory" or life.ended:
                continue
            since = stand.since or life.opened or sitting.on
            yield Item(
                id=f"due.{id}.consent-{party.lower()}",
                section="due",
                rule="pending",
                issue=instrument.issue,
                title=say("pending.title", short=instrument.short, party=sitting.name(party)),
                why=say("pending.why", since=since, ago=ago(since, sitting.on)),
                instrument=id,
                since=since,
                accounts={p: {"standing": sitting.standings.of(id, p).standing} for p in sitting.pair},
                evidence=[stand.act] if stand.act else life.evidence[:1],
                level="leaders",
            )


def commitments(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an issue with what either of the two, or both, undertook and has not yet done."""
    rows = open_commitments(sitting.view)
    rows = rows.filter(pl.col("party").is_in(list(sitting.pair)) & (pl.col("on_last") >= sitting.on - _GAP_LOOKS_BACK))
    together = rows.group_by("topic").agg(pl.col("party").n_unique().alias("n")).filter(pl.col("n") == 2)["topic"]
    rows = rows.filter(
        pl.col("topic").is_in(together.to_list())
        | pl.col("instrument").is_in(list(sitting.shared))
        | (pl.col("instrument").is_null() & pl.col("issue").is_in(list(sitting.own_issues)))
    )
    for (issue,), group in rows.group_by(["issue"], maintain_order=True):
        overdue = group.filter("overdue")["topic"].n_unique()
        late = say("commitments.overdue", count=overdue) if overdue else Words("", "")
        yield Item(
            id=f"due.{issue}.commitments",
            section="due",
            rule="commitments",
            issue=str(issue),
            title=say("commitments.title", count=group["topic"].n_unique()),
            why=say("commitments.why", overdue=late, what=sitting.told(group)),
            since=earliest(group["on_last"]),
            until=earliest(group["due_last"]),
            accounts={p: {"says": sitting.quotes(group.filter(pl.col("party") == p))} for p in sitting.pair},
            evidence=group["id"].unique(maintain_order=True).to_list(),
            level="ministers",
        )


def offers(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an issue with the proposals of the last two years that the other has not answered."""
    rows = unanswered_offers(sitting.view, sitting.pair, sitting.on - _OFFERS_LOOK_BACK)
    rows = rows.filter(pl.col("issue").is_in(list(sitting.own_issues)))
    for (issue,), group in rows.group_by(["issue"], maintain_order=True):
        yield Item(
            id=f"due.{issue}.offers",
            section="due",
            rule="offers",
            issue=str(issue),
            title=say("offers.title", count=group.height),
            why=say("offers.why", what=sitting.told(group)),
            since=earliest(group["on_last"]),
            accounts={p: {"says": sitting.quotes(group.filter(pl.col("author") == p))} for p in sitting.pair},
            evidence=group["id"].to_list(),
            level="leaders",
        )


RULES = (terms, leaving, unmet, turns, offers, commitments, pending, gaps)
