"""Rules of the second section: what ends, what falls due and what is owed by either of the two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from detente.consultation.commitments import open_commitments
from detente.consultation.commitments import overdue
from detente.consultation.commitments import unanswered_offers
from detente.consultation.item import Item
from detente.consultation.item import slug
from detente.consultation.said import earliest
from detente.consultation.said import grouped
from detente.consultation.sitting import Found
from detente.consultation.sitting import Sitting
from detente.consultation.sitting import quotes
from detente.consultation.sitting import told
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
    since = sitting.on - _GAP_LOOKS_BACK
    replaced = {old for id, i in sitting.instruments.items() if sitting.in_force(id) for old in i.replaces}
    for id, instrument in sitting.shared.items():
        life = sitting.standings.life(id)
        ended = life.ended
        if not ended or life.since is None or ended > sitting.on or ended < since:
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
    return quotes(sitting.positions_on(instrument, party)[-3:])


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
    rows = [
        f for f in _common(sitting) if f.kind == "cadence" and f.next_due is not None and f.next_due <= sitting.until
    ]
    for (id, article), group in grouped(rows, lambda f: (f.instrument, f.provision)).items():
        instrument = sitting.instruments[id]
        provision = instrument.find(article)
        first = group[0]
        if provision is None:
            continue
        every = every_words(provision.every)
        yield Item(
            id=f"due.{id}.{slug(article)}",
            section="due",
            rule="turn",
            issue=instrument.issue,
            title=say("turn.title", short=instrument.short, what=provision.title, until=first.next_due),
            why=say("turn.why", every=every, article=article, seen=first.seen or say("turn.none")),
            instrument=id,
            provision=article,
            since=first.seen,
            until=first.next_due,
            level="experts",
            accounts={f.party: {"state": f.state, "last": f.seen.isoformat() if f.seen else None} for f in group},
            evidence=[e for f in group for e in f.evidence],
        )


def _common(sitting: Sitting) -> Iterator[Found]:
    """Yield what the two meet and do not meet under the instruments of both, by the common reading."""
    return (f for f in sitting.findings if not f.author and f.party in sitting.pair and f.instrument in sitting.shared)


def unmet(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every provision that one of the two does not meet by the common reading."""
    for found in _common(sitting):
        if found.state != "not met" or found.kind == "cadence":
            continue
        instrument = sitting.instruments[found.instrument]
        yield Item(
            id=f"due.{found.instrument}.{slug(found.provision)}.{found.party.lower()}",
            section="due",
            rule="unmet",
            issue=instrument.issue,
            title=say("unmet.title", short=instrument.short, article=found.provision, party=sitting.name(found.party)),
            why=say("unmet.why", reason=REASONS[found.reason]),
            instrument=found.instrument,
            provision=found.provision,
            since=found.from_,
            until=found.until,
            level="senior-officials",
            accounts={found.party: {"value": found.value, "limit": found.limit, "state": found.state}},
            evidence=found.evidence,
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
    since = sitting.on - _GAP_LOOKS_BACK
    rows = [s for s in open_commitments(sitting.view) if s.party in sitting.pair and s.on_last >= since]
    by_topic = grouped(rows, lambda s: s.topic)
    together = {topic for topic, group in by_topic.items() if {s.party for s in group} == set(sitting.pair)}
    rows = [
        s
        for s in rows
        if s.topic in together
        or s.instrument in sitting.shared
        or (s.instrument is None and s.issue in sitting.own_issues)
    ]
    for issue, group in grouped(rows, lambda s: s.issue).items():
        late = len({s.topic for s in group if overdue(s, sitting.on)})
        yield Item(
            id=f"due.{issue}.commitments",
            section="due",
            rule="commitments",
            issue=str(issue),
            title=say("commitments.title", count=len({s.topic for s in group})),
            why=say(
                "commitments.why",
                overdue=say("commitments.overdue", count=late) if late else Words("", ""),
                what=told(group),
            ),
            since=earliest(s.on_last for s in group),
            until=earliest(s.due_last for s in group),
            accounts={p: {"says": quotes(s for s in group if s.party == p)} for p in sitting.pair},
            evidence=list(dict.fromkeys(s.id for s in group)),
            level="ministers",
        )


def offers(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an issue with the proposals of the last two years that the other has not answered."""
    rows = unanswered_offers(sitting.view, sitting.pair, sitting.on - _OFFERS_LOOK_BACK)
    for issue, group in grouped((s for s in rows if s.issue in sitting.own_issues), lambda s: s.issue).items():
        yield Item(
            id=f"due.{issue}.offers",
            section="due",
            rule="offers",
            issue=str(issue),
            title=say("offers.title", count=len(group)),
            why=say("offers.why", what=told(group)),
            since=earliest(s.on_last for s in group),
            accounts={p: {"says": quotes(s for s in group if s.author == p)} for p in sitting.pair},
            evidence=[s.id for s in group],
            level="leaders",
        )


RULES = (terms, leaving, unmet, turns, offers, commitments, pending, gaps)
