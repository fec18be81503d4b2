"""Rules of the third section: what both hold, said together, and still do together."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from detente.consultation.item import Item
from detente.consultation.said import earliest
from detente.consultation.said import grouped
from detente.consultation.sitting import Found
from detente.consultation.sitting import Sitting
from detente.consultation.sitting import quotes
from detente.consultation.wording import listed
from detente.consultation.wording import say
from detente.record.dates import add_period
from detente.record.registers import Words

__all__ = ["RULES"]

_RECENT = relativedelta(years=10)
_ROUND = 25
_VOTES_LAST = relativedelta(years=3)
_YEAR = 366
_VOTES = ("vote-yes", "vote-no", "vote-abstain")
_LONE = ("track-two",)


def bound(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an issue with the instruments that hold for both in the reading of each of the two."""
    by_issue: dict[str, list[str]] = defaultdict(list)
    for id, instrument in sitting.shared.items():
        if sitting.both_bound(id) and sitting.in_force(id):
            by_issue[instrument.issue].append(id)
    for issue, ids in by_issue.items():
        shorts = [sitting.instruments[id].short for id in ids]
        argued = [sitting.instruments[id].short for id in ids if id in sitting.disputed]
        yield Item(
            id=f"common.{issue}.instruments",
            section="common",
            rule="bound",
            issue=issue,
            title=say("bound.title", names=listed(shorts, 4)),
            why=say(
                "bound.why", names=listed(shorts), argued=say("bound.argued", names=listed(argued)) if argued else ""
            ),
            instrument=ids[0] if len(ids) == 1 else "",
            since=_since(sitting, ids),
            accounts={p: {id: sitting.standings.of(id, p).standing for id in ids} for p in sitting.pair},
            evidence=[a for id in ids for p in sitting.pair if (a := sitting.standings.of(id, p).act)],
            level="experts",
        )


def _since(sitting: Sitting, ids: list[str]) -> date | None:
    days = [s for id in ids for p in sitting.pair if (s := sitting.standings.of(id, p).since)]
    return min(days, default=None)


def within(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every instrument whose limits both are judged to meet by the common reading."""
    limits = [f for f in sitting.findings if f.kind == "limit"]
    rows = [
        f
        for f in limits
        if f.party in sitting.pair and not f.author and f.value is not None and f.reason in ("within", "beyond")
    ]
    # What one of the two holds not to be met is no common ground, whoever is meant.
    alleged = {f.instrument for f in limits if f.state == "not met" and f.author in sitting.pair}
    for id, group in grouped(rows, lambda f: f.instrument).items():
        if {f.party for f in group} != set(sitting.pair) or any(f.state != "met" for f in group) or id in alleged:
            continue
        instrument = sitting.instruments[id]
        articles = {f.provision for f in group}
        numbers = [f"{f.party} {f.provision}: {f.value} ({f.limit}, {f.reported_on})" for f in group]
        yield Item(
            id=f"common.{id}.limits",
            section="common",
            rule="within",
            issue=instrument.issue,
            title=say("within.title", short=instrument.short),
            why=say("within.why", numbers="; ".join(numbers)),
            instrument=id,
            provision=group[0].provision if len(articles) == 1 else "",
            since=max((f.from_ for f in group if f.from_), default=None),
            level="experts",
            accounts={p: {"findings": [_number(f) for f in group if f.party == p]} for p in sitting.pair},
            evidence=[e for f in group for e in f.evidence],
        )


def _number(found: Found) -> dict[str, str | None]:
    return {"provision": found.provision, "value": found.value, "limit": found.limit, "state": found.state}


def joint(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an issue with what the two have said together in the last ten years."""
    jointly = [s for s in sitting.positions(sitting.on - _RECENT) if s.verb == "state-jointly"]
    authors = grouped(jointly, lambda s: s.topic)
    both = {topic for topic, group in authors.items() if {s.author for s in group} == set(sitting.pair)}
    for issue, group in grouped((s for s in jointly if s.topic in both), lambda s: s.issue).items():
        last = group[-1]
        latest = Words(f"{last.on}: {last.en or last.topic}", f"{last.on}: {last.ru or last.topic}")
        yield Item(
            id=f"common.{issue}.statements",
            section="common",
            rule="joint",
            issue=str(issue),
            title=say("joint.title", count=len({s.topic for s in group})),
            why=say("joint.why", latest=latest),
            since=earliest(s.on_last for s in group),
            level="leaders",
            accounts={p: {"says": quotes(s for s in group if s.author == p)} for p in sitting.pair},
            evidence=[s.id for s in group],
        )


def votes(sitting: Sitting) -> Iterator[Item]:
    """Yield how often the two voted alike in the last year of votes that the record holds."""
    cast = [s for s in sitting.votes(sitting.on - _VOTES_LAST) if s.verb in _VOTES]
    year = max((s.on_last.year for s in cast), default=0)
    rows = [s for s in cast if s.on_last.year == year]
    pairs = [g for g in grouped(rows, lambda s: s.topic).values() if len({s.author for s in g}) == len(sitting.pair)]
    alike = [group for group in pairs if len({s.verb for s in group}) == 1]
    if not pairs:
        return
    issue = pairs[0][0].issue or ""
    yield Item(
        id=f"common.{issue}.votes",
        section="common",
        rule="votes",
        issue=issue,
        title=say("votes.title", alike=len(alike), all=len(pairs)),
        why=say("votes.why", year=year),
        since=earliest(s.on_last for s in rows),
        until=None,
        level="experts",
        accounts={p: dict(Counter(s.verb for s in rows if s.author == p).most_common()) for p in sitting.pair},
        evidence=[s.id for group in alike for s in group],
    )


def alive(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an issue with the bodies of both that still meet."""
    by_issue: dict[str, list[str]] = defaultdict(list)
    for id, forum in sitting.sitting_forums.items():
        if sitting.forum_states[id].state == "alive" and forum.kind not in _LONE:
            for issue in forum.issues[:1]:
                by_issue[issue].append(id)
    for issue, ids in by_issue.items():
        if issue not in sitting.registers.issues:
            continue
        states = [sitting.forum_states[id] for id in ids]
        titles = [sitting.registers.forums[id].title for id in ids]
        lasts = [f"{s.id} {s.last.isoformat() if s.last else '-'}" for s in states]
        yield Item(
            id=f"common.{issue}.forums",
            section="common",
            rule="alive",
            issue=issue,
            title=say("alive.title", names=listed(titles, 3)),
            why=say("alive.why", lasts=", ".join(lasts)),
            since=min((s.chartered for s in states if s.chartered), default=None),
            level="experts",
            accounts={},
            evidence=[e for s in states for e in s.evidence],
        )


def anniversaries(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every round anniversary, within a year, of an instrument that binds both."""
    for id, instrument in sitting.shared.items():
        life = sitting.standings.life(id)
        if not sitting.both_bound(id):
            continue
        for what, day in (("opening", life.opened), ("force", life.since)):
            years = _nearest_round(day, sitting.on) if day else 0
            if not day or not years or (what == "force" and life.since == life.opened):
                continue
            marked = add_period(day, f"P{years}Y")
            yield Item(
                id=f"common.{id}.anniversary-{what}",
                section="common",
                rule="anniversary",
                issue=instrument.issue,
                title=say("anniversary.title", short=instrument.short, years=years, what=say(f"anniversary.{what}")),
                why=say("anniversary.why", what=say(f"anniversary.{what}"), since=day),
                instrument=id,
                since=day,
                until=marked,
                level="leaders",
                evidence=life.evidence[:2],
            )


def _nearest_round(day: date, on: date) -> int:
    """Return the round number of years since a day whose anniversary lies within a year of `on`; 0 if none does."""
    years = _ROUND * round((on - day).days / 365.25 / _ROUND)
    near = years > 0 and abs((add_period(day, f"P{years}Y") - on).days) <= _YEAR
    return years if near else 0


RULES = (bound, within, joint, votes, alive, anniversaries)
