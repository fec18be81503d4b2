"""Rules of the second section: what ends, what falls due, what is owed, and where nobody meets any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl
from dateutil.relativedelta import relativedelta

from detente.consultation.commitments import open_commitments
from detente.consultation.commitments import unanswered_offers
from detente.consultation.forums import STATE_WORDS
from detente.consultation.item import Item
from detente.consultation.sitting import Sitting
from detente.consultation.wording import ago
from detente.consultation.wording import listed
from detente.consultation.wording import say
from detente.consultation.wording import span_words
from detente.instruments.schema import Instrument
from detente.obligations.finding import REASONS
from detente.record.dates import add_period
from detente.record.dates import days_between
from detente.record.dates import period
from detente.record.registers import Words

__all__ = ["RULES"]

_GAP_LOOKS_BACK = relativedelta(years=10)
_OFFERS_LOOK_BACK = relativedelta(years=2)
_TEXTS_LOOK_BACK = relativedelta(years=1)
_FEW = 12
"""An instrument of so many parties names each of them; in a larger one only accounts of somebody single one out."""


def terms(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every instrument of both whose own term ends within the horizon."""
    for id, instrument in sitting.shared.items():
        life, term = sitting.standings.life(id), instrument.term()
        if not (term and life.ends and sitting.on < life.ends <= sitting.until and life.in_force(sitting.on)):
            continue
        if term.renewal or any(sitting.standings.of(id, p).standing == "leaving" for p in sitting.pair):
            continue
        left = term.extension.times - life.extensions if term.extension else 0
        extension = (
            say("term.open", years=_years(term.extension.at_most))
            if term.extension and left > 0
            else say("term.used")
        )
        yield Item(
            id=f"due.{id}.term", section="due", rule="term", issue=instrument.issue,
            title=say("term.title", short=instrument.short, until=life.ends),
            why=say("term.why", days=days_between(sitting.on, life.ends), article=term.article, extension=extension),
            instrument=id, provision=term.article, since=life.since, until=life.ends, level="leaders",
            accounts={
                p: {"standing": sitting.standings.of(id, p, p).standing, "extensions_left": max(left, 0),
                    "in_force": sitting.standings.life(id, p).in_force(sitting.on)}
                for p in sitting.pair
            },
            evidence=life.evidence,
        )  # fmt: skip


def _years(text: str) -> Words:
    months, days, _ = period(text)
    start = date(2000, 1, 1)
    return span_words(start, add_period(start, f"P{months}M{days}D"))


def gaps(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every instrument of both that ended in the last ten years with nothing in its place."""
    replaced = {old for id, i in sitting.instruments.items() if sitting.in_force(id) for old in i.replaces}
    for id, instrument in sitting.shared.items():
        life = sitting.standings.life(id)
        ended = life.ended
        parted = {sitting.standings.of(id, p).standing for p in sitting.pair}
        if not ended or life.since is None or ended > sitting.on or ended < sitting.on - _GAP_LOOKS_BACK:
            continue
        if (
            life.how in ("complete", "supersede")
            or id in replaced
            or instrument.part_of
            or not parted <= {"ended", "out"}
        ):
            continue
        yield Item(
            id=f"due.{id}.gap", section="due", rule="gap", issue=instrument.issue,
            title=say("gap.title", short=instrument.short, since=ended),
            why=say("gap.why", ago=ago(ended, sitting.on)), instrument=id, since=ended, level="leaders",
            accounts={p: {"standing": sitting.standings.of(id, p, p).standing, "says": _said(sitting, id, p)} for p in sitting.pair},
            evidence=life.evidence[-3:],
        )  # fmt: skip


def _said(sitting: Sitting, instrument: str, party: str) -> list[dict[str, str]]:
    rows = sitting.view.of("position").filter(
        (pl.col("author") == party) & (pl.col("instrument") == instrument)
    )
    return sitting.quotes(rows.tail(3))


def leaving(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every notice of withdrawal of one of the two that still runs, and every suspension."""
    for id, instrument in sitting.shared.items():
        for party in sitting.pair:
            stand = sitting.standings.of(id, party)
            if stand.standing == "leaving" and stand.until:
                yield Item(
                    id=f"due.{id}.leaving-{party.lower()}", section="due", rule="leaving", issue=instrument.issue,
                    title=say("leaving.title", short=instrument.short, party=sitting.name(party), until=stand.until),
                    why=say("leaving.why", days=days_between(sitting.on, stand.until)), instrument=id,
                    since=stand.since, until=stand.until, level="leaders",
                    accounts={p: {"standing": sitting.standings.of(id, p).standing} for p in sitting.pair},
                    evidence=[stand.act],
                )  # fmt: skip
            elif stand.standing == "suspended" and stand.suspended and sitting.in_force(id):
                yield Item(
                    id=f"due.{id}.suspended-{party.lower()}", section="due", rule="suspended", issue=instrument.issue,
                    title=say("suspended.title", short=instrument.short, party=sitting.name(party)),
                    why=say("suspended.why", party=sitting.name(party), since=stand.suspended,
                            ago=ago(stand.suspended, sitting.on)),
                    instrument=id, since=stand.suspended, until=stand.until, level="leaders",
                    accounts={p: {"standing": sitting.standings.of(id, p).standing, "says": _said(sitting, id, p)} for p in sitting.pair},
                    evidence=[stand.act],
                )  # fmt: skip


def turns(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every report or session of both that falls due within the horizon, or is overdue."""
    rows = sitting.findings.filter(
        (pl.col("kind") == "cadence") & (pl.col("author") == "") & pl.col("party").is_in(list(sitting.pair))
        & pl.col("instrument").is_in(list(sitting.shared)) & (pl.col("next_due") <= sitting.until)
        & (pl.col("state") != "not applicable")
    )  # fmt: skip
    for (id, article), group in rows.group_by(["instrument", "provision"], maintain_order=True):
        instrument = sitting.instruments[str(id)]
        provision = instrument.find(str(article))
        first = group.row(0, named=True)
        if provision is None:
            continue
        seen = first["seen"] or say("turn.none")
        yield Item(
            id=f"due.{id}.{_slug(str(article))}", section="due", rule="turn", issue=instrument.issue,
            title=say("turn.title", short=instrument.short, what=provision.title, until=first["next_due"]),
            why=say("turn.why", every=say("every", span=_years(provision.every)), article=str(article), seen=seen),
            instrument=str(id), provision=str(article), since=first["seen"], until=first["next_due"], level="experts",
            accounts={p: {"state": s, "last": d.isoformat() if d else None} for p, s, d in group.select("party", "state", "seen").iter_rows()},
            evidence=[e for cell in group["evidence"] for e in cell],
        )  # fmt: skip


def _slug(article: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in article.lower()).strip("-")


def unmet(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every provision that one of the two does not meet by the common reading."""
    rows = sitting.findings.filter(
        (pl.col("author") == "") & (pl.col("state") == "not met") & pl.col("party").is_in(list(sitting.pair))
        & pl.col("instrument").is_in(list(sitting.shared)) & (pl.col("kind") != "cadence")
    )  # fmt: skip
    for row in rows.iter_rows(named=True):
        instrument = sitting.instruments[row["instrument"]]
        yield Item(
            id=f"due.{row['instrument']}.{_slug(row['provision'])}.{row['party'].lower()}", section="due", rule="unmet",
            issue=instrument.issue,
            title=say("unmet.title", short=instrument.short, article=row["provision"], party=sitting.name(row["party"])),
            why=say("unmet.why", reason=REASONS[row["reason"]]), instrument=row["instrument"],
            provision=row["provision"], since=row["from"], until=row["until"], level="senior-officials",
            accounts={row["party"]: {"value": row["value"], "limit": row["limit"], "state": row["state"]}},
            evidence=row["evidence"],
        )  # fmt: skip


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
                id=f"due.{id}.consent-{party.lower()}", section="due", rule="pending", issue=instrument.issue,
                title=say("pending.title", short=instrument.short, party=sitting.name(party)),
                why=say("pending.why", since=since, ago=ago(since, sitting.on)), instrument=id, since=since,
                accounts={p: {"standing": sitting.standings.of(id, p).standing} for p in sitting.pair},
                evidence=[stand.act] if stand.act else life.evidence[:1], level="leaders",
            )  # fmt: skip


def commitments(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an issue with what either of the two, or both, undertook and has not yet done."""
    rows = open_commitments(sitting.view)
    rows = rows.filter(
        pl.col("party").is_in(list(sitting.pair)) & (pl.col("on_last") >= sitting.on - _GAP_LOOKS_BACK)
    )
    for (issue,), group in rows.group_by(["issue"], maintain_order=True):
        overdue = group.filter("overdue")["topic"].n_unique()
        late = say("commitments.overdue", count=overdue) if overdue else Words("", "")
        yield Item(
            id=f"due.{issue}.commitments", section="due", rule="commitments", issue=str(issue),
            title=say("commitments.title", count=group["topic"].n_unique()), why=say("commitments.why", overdue=late),
            since=group["on_last"].min(), until=group["due_last"].drop_nulls().min(),  # type: ignore[arg-type]
            accounts={p: {"says": sitting.quotes(group.filter(pl.col("party") == p))} for p in sitting.pair},
            evidence=group["id"].unique(maintain_order=True).to_list(), level="ministers",
        )  # fmt: skip


def offers(sitting: Sitting) -> Iterator[Item]:
    """Yield one item an issue with the proposals of the last two years that the other has not answered."""
    rows = unanswered_offers(sitting.view, sitting.pair, sitting.on - _OFFERS_LOOK_BACK)
    for (issue,), group in rows.group_by(["issue"], maintain_order=True):
        yield Item(
            id=f"due.{issue}.offers", section="due", rule="offers", issue=str(issue),
            title=say("offers.title", count=group.height), why=say("offers.why"), since=group["on_last"].min(),  # type: ignore[arg-type]
            accounts={p: {"says": sitting.quotes(group.filter(pl.col("author") == p))} for p in sitting.pair},
            evidence=group["id"].to_list(), level="leaders",
        )  # fmt: skip


def third_parties(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every third party whose duties under an instrument of the two somebody has judged."""
    named = [
        id
        for id, i in sitting.near.items()
        if len(i.participants) <= _FEW and i.membership == "closed" or i.concerns
    ]
    singled = (pl.col("author") != "") | (pl.col("party").is_in(_concerned(sitting)))
    rows = sitting.findings.filter(
        pl.col("instrument").is_in(list(sitting.near)) & ~pl.col("party").is_in(list(sitting.pair))
        & pl.col("state").is_in(["met", "not met"]) & (pl.col("instrument").is_in(named) | singled)
        & (pl.col("kind") != "term")
    )  # fmt: skip
    for (id, party), group in rows.group_by(["instrument", "party"], maintain_order=True):
        instrument = sitting.instruments[str(id)]
        judged = _one_each(group)
        not_met = judged.filter(pl.col("state") == "not met")
        if not (not_met.height or instrument.authority):
            continue
        if not sitting.in_force(str(id)):
            continue
        yield _third(sitting, instrument, str(party), group, judged)


def _concerned(sitting: Sitting) -> list[str]:
    return sorted({sitting.registers.at(p, sitting.on) for i in sitting.near.values() for p in i.concerns})


def _one_each(group: pl.DataFrame) -> pl.DataFrame:
    """Return one row a provision: not met where any author holds it not met."""
    return group.sort(pl.col("state") != "not met", maintain_order=True).unique(
        "provision", keep="first", maintain_order=True
    )


def _third(
    sitting: Sitting, instrument: Instrument, party: str, group: pl.DataFrame, judged: pl.DataFrame
) -> Item:
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
        id=f"{section}.{instrument.id}.{party.lower()}", section=section, rule="third", issue=instrument.issue,
        title=say("third.title", party=sitting.name(party), short=instrument.short),
        why=say("third.why", not_met=not_met.height, all=judged.height, met=judged.height - not_met.height,
                by=", ".join(voices) or "-", seen=str(seen)),
        instrument=instrument.id, since=group["since"].min(), level="ministers",  # type: ignore[arg-type]
        accounts=accounts, evidence=list(dict.fromkeys(e for cell in group["evidence"] for e in cell)),
    )  # fmt: skip


def recent_texts(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every text made within the last year by one of the two, with what it promises."""
    for id, instrument in sitting.near.items():
        life = sitting.standings.life(id)
        made = life.opened or life.since
        if not made or not (sitting.on - _TEXTS_LOOK_BACK <= made <= sitting.on) or life.ended:
            continue
        parties = [sitting.registers.at(p, sitting.on) for p in instrument.participants]
        promises = [p.title for p in instrument.provision if p.kind not in ("none", "term")]
        both = all(p in parties for p in sitting.pair)
        if not promises or not parties:
            continue
        yield Item(
            id=f"{'common' if both else 'due'}.{id}.text", section="common" if both else "due", rule="texts",
            issue=instrument.issue, title=say("texts.title", short=instrument.short, since=made),
            why=say("texts.why", parties=listed([sitting.name(p) for p in parties]), ago=ago(made, sitting.on),
                    promises=listed(promises, 4)),
            instrument=id, since=made, level="leaders", evidence=life.evidence[:2],
            accounts={p: {"standing": sitting.standings.of(id, p).standing} for p in parties},
        )  # fmt: skip


def negotiation(sitting: Sitting) -> Iterator[Item]:
    """Yield an item if no negotiating forum of the two alone is alive, with the last one and since when."""
    found = [f for f in sitting.sitting_forums.values() if f.kind == "negotiation" and sitting.bilateral(f)]
    states = [sitting.forum_states[f.id] for f in found]
    if any(s.state == "alive" for s in states):
        return
    past = [s for s in states if s.state in ("ended", "suspended", "lapsed") and s.since]
    if not past:
        if sitting.shared:
            why = say("negotiation.never")
            yield Item(id="due.dialogue.negotiation", section="due", rule="negotiation", issue="dialogue",
                       title=say("negotiation.title"), why=why, level="leaders")  # fmt: skip
        return
    last = max(past, key=lambda s: (s.last or s.since or date.min, s.id))
    since = last.last or last.since
    forum = sitting.registers.forums[last.id]
    yield Item(
        id="due.dialogue.negotiation", section="due", rule="negotiation", issue="dialogue",
        title=say("negotiation.title"),
        why=say("negotiation.why", forum=forum.title, how=say(f"{last.state}.how"), since=since,
                ago=ago(since or sitting.on, sitting.on)),
        since=since, evidence=last.evidence, level="leaders",
    )  # fmt: skip


def silent_forums(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every body of the two alone that is suspended or has lapsed, within ten years or so."""
    for id, forum in sitting.sitting_forums.items():
        state = sitting.forum_states[id]
        if (
            state.state not in ("suspended", "lapsed")
            or not sitting.bilateral(forum)
            or forum.kind in _NOT_LISTED
        ):
            continue
        issues = [
            i
            for i in forum.issues
            if i in sitting.registers.issues and (i != "dialogue" or not forum.umbrella)
        ]
        if not issues or state.since is None or state.since < sitting.on - _GAP_LOOKS_BACK:
            continue
        umbrella = (
            say("silent.umbrella", umbrella=sitting.registers.forums[state.inherited].title)
            if state.inherited
            else Words("", "")
        )
        scope = forum.scope if forum.scope.en else listed([sitting.registers.issues[i].title for i in issues])
        yield Item(
            id=f"due.forum.{id}", section="due", rule="silent", issue="dialogue",
            title=say("silent.title", forum=forum.title, state=STATE_WORDS[state.state], since=state.since),
            why=say("silent.why", scope=scope, state=STATE_WORDS[state.state], ago=span_words(state.since, sitting.on),
                    umbrella=umbrella, last=state.last or say("turn.none")),
            since=state.since, level=forum.level, ministries=forum.ministries,
            accounts={
                c.party: {"office": c.office, "ministry": c.ministry, "person": c.person}
                for c in (state.chairs or forum.co_chairs[-2:])
            },
            evidence=state.evidence,
        )  # fmt: skip


_NOT_LISTED = ("negotiation", "summit", "ministerial", "track-two", "sub-group")

RULES = (
    terms, leaving, unmet, turns, third_parties, offers, commitments, pending, gaps, recent_texts, negotiation,
    silent_forums,
)  # fmt: skip
