"""Rules of the third section: what both hold, said together, and still do together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import polars as pl
from dateutil.relativedelta import relativedelta

from detente.consultation.item import Item
from detente.consultation.sitting import Sitting
from detente.consultation.sitting import earliest
from detente.consultation.wording import listed
from detente.consultation.wording import say
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
    rows = sitting.findings.filter(
        (pl.col("kind") == "limit")
        & pl.col("party").is_in(list(sitting.pair))
        & (pl.col("author") == "")
        & pl.col("value").is_not_null()
        & (pl.col("reason").is_in(["within", "beyond"]))
    )
    for (id,), group in rows.group_by(["instrument"], maintain_order=True):
        met = group.filter(pl.col("state") == "met")
        if met["party"].n_unique() != 2 or met.height != group.height or _alleged(sitting, str(id)):
            continue
        instrument = sitting.instruments[str(id)]
        numbers = [
            f"{party} {article}: {value} ({limit}, {on})"
            for party, article, value, limit, on in met.select(
                "party", "provision", "value", "limit", "reported_on"
            ).iter_rows()
        ]
        yield Item(
            id=f"common.{id}.limits",
            section="common",
            rule="within",
            issue=instrument.issue,
            title=say("within.title", short=instrument.short),
            why=say("within.why", numbers="; ".join(numbers)),
            instrument=str(id),
            provision=str(met["provision"][0]) if met["provision"].n_unique() == 1 else "",
            since=max(met["from"].drop_nulls().to_list(), default=None),
            level="experts",
            accounts={
                p: {
                    "findings": met.filter(pl.col("party") == p)
                    .select("provision", "value", "limit", "state")
                    .to_dicts()
                }
                for p in sitting.pair
            },
            evidence=[e for cell in met["evidence"] for e in cell],
        )


def _alleged(sitting: Sitting, instrument: str) -> bool:
    """Return whether one of the two holds that a limit of the instrument is not met."""
    rows = sitting.findings.filter(
        (pl.col("instrument") == instrument) & (pl.col("kind") == "limit") & (pl.col("state") == "not met")
    )
    return rows.filter(pl.col("author").is_in(list(sitting.pair))).height > 0


def joint(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an issue with what the two have said together in the last ten years."""
    rows = sitting.view.of("position").filter(
        (pl.col("verb") == "state-jointly")
        & pl.col("author").is_in(list(sitting.pair))
        & (pl.col("on_last") >= sitting.on - _RECENT)
    )
    both = rows.group_by("topic").agg(pl.col("author").n_unique().alias("n")).filter(pl.col("n") == 2)
    rows = rows.filter(pl.col("topic").is_in(both["topic"].to_list()))
    for (issue,), group in rows.group_by(["issue"], maintain_order=True):
        last = group.row(-1, named=True)
        latest = Words(f"{last['on']}: {last['en'] or last['topic']}", f"{last['on']}: {last['ru'] or last['topic']}")
        yield Item(
            id=f"common.{issue}.statements",
            section="common",
            rule="joint",
            issue=str(issue),
            title=say("joint.title", count=group["topic"].n_unique()),
            why=say("joint.why", latest=latest),
            since=earliest(group["on_last"]),
            level="leaders",
            accounts={p: {"says": sitting.quotes(group.filter(pl.col("author") == p))} for p in sitting.pair},
            evidence=group["id"].to_list(),
        )


def votes(sitting: Sitting) -> Iterator[Item]:
    """Yield how often the two voted alike in the last year of votes that the record holds."""
    rows = sitting.view.of("position").filter(
        pl.col("verb").is_in(_VOTES)
        & pl.col("author").is_in(list(sitting.pair))
        & pl.col("topic").str.starts_with("unga.")
    )
    rows = rows.filter(pl.col("on_last") >= sitting.on - _VOTES_LAST)
    if not rows.height:
        return
    rows = rows.with_columns(pl.col("on_last").dt.year().alias("year"))
    rows = rows.filter(pl.col("year") == pl.col("year").max())
    pairs = (
        rows.group_by("topic", maintain_order=True)
        .agg(
            pl.col("verb").n_unique().alias("verbs"),
            pl.col("author").n_unique().alias("authors"),
            pl.col("id"),
            pl.col("issue").first(),
        )
        .filter(pl.col("authors") == 2)
    )
    alike = pairs.filter(pl.col("verbs") == 1)
    if not pairs.height:
        return
    yield Item(
        id=f"common.{pairs['issue'][0]}.votes",
        section="common",
        rule="votes",
        issue=pairs["issue"][0],
        title=say("votes.title", alike=alike.height, all=pairs.height),
        why=say("votes.why", year=rows["year"][0]),
        since=earliest(rows["on_last"]),
        until=None,
        level="experts",
        accounts={
            p: dict(rows.filter(pl.col("author") == p)["verb"].value_counts(sort=True).iter_rows())
            for p in sitting.pair
        },
        evidence=[id for cell in alike["id"] for id in cell],
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
            marked = day + relativedelta(years=years)
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
    near = years > 0 and abs((day + relativedelta(years=years) - on).days) <= _YEAR
    return years if near else 0


RULES = (bound, within, joint, votes, alive, anniversaries)
