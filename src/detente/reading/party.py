"""One party on a day: its standing to everything, what it declared and what it owes, by every account."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

import msgspec
import polars as pl

from detente.consultation.commitments import open_commitments
from detente.consultation.commitments import overdue
from detente.instruments.standings import HELD
from detente.reading.answers import Answer
from detente.reading.answers import Evidence
from detente.reading.answers import FindingRow
from detente.reading.answers import ForumRow
from detente.reading.evidence import evidence_of
from detente.reading.heard import heard
from detente.reading.held import OpenConcern
from detente.reading.held import held
from detente.reading.meetings import forums
from detente.reading.parties import PartyRow
from detente.reading.parties import head
from detente.reading.parties import party_row
from detente.reading.reading import Reading
from detente.record.dates import days_between
from detente.record.registers import Words

__all__ = ["Declared", "OpenCommitment", "OpenConcern", "PartyAnswer", "PartyStanding", "party"]

_LATEST = 10
_OPEN = ("not met", "cannot tell")


class PartyStanding(msgspec.Struct, kw_only=True):
    """How the party stands to one instrument in one reading ("" = the common one), and the act behind it."""

    instrument: str
    title: Words
    issue: str
    reading: str
    standing: str
    since: date | None
    until: date | None
    in_force: bool
    deed: str
    """The verb of the act; "" where the standing rests on the text itself."""
    act: str


class Declared(msgspec.Struct, kw_only=True):
    """The last report on a measure: a value, or the kind of silence about it."""

    measure: str
    title: Words
    issue: str
    instrument: str
    about: str
    author: str
    on: str
    days: int
    silence: str
    value: str
    unit: str
    item: str
    statement: str


class OpenCommitment(msgspec.Struct, kw_only=True):
    """What a party undertook and has neither fulfilled nor dropped."""

    topic: str
    issue: str
    instrument: str
    on: str
    due: str
    overdue: bool
    says: Words
    statement: str


class PartyAnswer(Answer, kw_only=True):
    """A party as the record holds it on a day."""

    asked: str
    """The party asked for; on a day on which another is in its place, the answer is of that one."""
    exists: bool
    party: PartyRow
    continued_by: str
    standings: list[PartyStanding]
    declarations: list[Declared]
    """By the party on itself."""
    accounts: list[Declared]
    """By others on the party."""
    tells: list[Declared]
    """By the party on others."""
    states: dict[str, int]
    """How many provisions have each state in the reading; undertakings that nobody has spoken of are left out."""
    findings: list[FindingRow]
    """Every reading of each provision that is not met, or of which none can tell, in at least one."""
    concerns_about: list[OpenConcern]
    concerns_by: list[OpenConcern]
    concerns_past: int
    """Open threads about texts that have ended, not heard of for five years: not listed."""
    commitments: list[OpenCommitment]
    forums: list[ForumRow]
    statements: list[Evidence]
    """The latest by the party, without votes."""


def party(reading: Reading, id: str) -> PartyAnswer:
    """Return a party on the day; asked for one that another continues, or is continued by, that on the day."""
    found = reading.party(id)
    registers = reading.casebook.record.registers
    entry = registers.parties[found]
    day = reading.on.isoformat()
    about, by, past = _concerns(reading, found)
    states, findings = _findings(reading, found)
    own, told, tells = _reports(reading, found)
    standings = _standings(reading, found)
    common = (s for s in standings if reading.according_to or not s.reading)
    held = sum(s.standing in HELD for s in common)
    return PartyAnswer(
        **head(reading), asked=id.strip().upper(),
        exists=(not entry.from_ or entry.from_ <= day) and (not entry.until or day < entry.until),
        party=party_row(reading, found, held),
        continued_by=next((p.id for p in registers.parties.values() if p.continues == found), ""),
        standings=standings, declarations=own, accounts=told, tells=tells,
        states=states, findings=findings, concerns_about=about, concerns_by=by, concerns_past=past,
        commitments=_commitments(reading, found), forums=forums(reading, party=found).forums,
        statements=_latest(reading, found),
    )  # fmt: skip


def _standings(reading: Reading, party: str) -> list[PartyStanding]:
    """Return the standings by issue in the order of the issues register, then by title."""
    instruments = reading.casebook.instruments
    rows = reading.standings(party=party)
    deeds = dict(
        reading.view.of("act").select("id", "verb").filter(pl.col("id").is_in(rows["act"].implode())).iter_rows()
    )
    issues = {id: n for n, id in enumerate(reading.casebook.record.registers.issues)}
    found = [
        PartyStanding(
            instrument=row["instrument"],
            title=law.short,
            issue=law.issue,
            reading=row["reading"],
            standing=row["standing"],
            since=row["since"],
            until=row["until"],
            in_force=reading.standing.life(law.id, row["reading"]).in_force(reading.on),
            deed=deeds.get(row["act"], ""),
            act=row["act"],
        )
        for row in rows.iter_rows(named=True)
        for law in [instruments[row["instrument"]]]
    ]
    return sorted(found, key=lambda s: (issues.get(s.issue, len(issues)), s.title.en, s.reading))


def _reports(reading: Reading, party: str) -> tuple[list[Declared], list[Declared], list[Declared]]:
    """Return the last reports by the party on itself, by others on it, and by it on others.

    Of a total and its parts, reported together, the total is shown.
    """
    mine = pl.col("author") == party
    rows = reading.view.of("report").filter(mine | pl.col("party").str.contains(party, literal=True))
    rows = rows.with_columns(pl.col("party").str.split(";").alias("parties"))
    on_it = pl.col("parties").list.contains(party)
    rows = rows.with_columns(pl.when(on_it & mine).then(pl.lit(party)).otherwise("party").alias("about"))
    alone = pl.col("parties").list.len() == 1
    rows = rows.filter(mine | (on_it & alone))
    rows = rows.sort("on_last", pl.col("item").is_null(), maintain_order=True)
    last = rows.unique(["measure", "author", "about"], keep="last", maintain_order=True)
    declared = [_declared(reading, row) for row in last.iter_rows(named=True)]
    issues = {id: n for n, id in enumerate(reading.casebook.record.registers.issues)}
    declared.sort(key=lambda d: (issues.get(d.issue, len(issues)), d.instrument or "~", d.title.en, d.author, d.about))
    own = [d for d in declared if d.author == party and d.about == party]
    told = [d for d in declared if d.author != party]
    return own, told, [d for d in declared if d.author == party and d.about != party]


def _declared(reading: Reading, row: dict[str, Any]) -> Declared:
    measure = reading.casebook.record.registers.measures.get(row["measure"])
    return Declared(
        measure=row["measure"],
        title=measure.title if measure else Words(row["measure"], row["measure"]),
        issue=row["issue"] or "", instrument=row["instrument"] or "", about=row["about"], author=row["author"],
        on=row["on"], days=days_between(row["on_last"], reading.on), silence=row["silence"],
        value=row["value"] or "", unit=measure.unit if measure else "", item=row["item"] or "", statement=row["id"],
    )  # fmt: skip


def _findings(reading: Reading, party: str) -> tuple[dict[str, int], list[FindingRow]]:
    """Return how many provisions have each state, and every reading of those that somewhere are open."""
    rows = reading.spoken_findings.select(FindingRow.__struct_fields__).filter(pl.col("party") == party)
    by_provision: dict[tuple[str, str], list[FindingRow]] = defaultdict(list)
    for row in rows.iter_rows(named=True):
        by_provision[row["instrument"], row["provision"]].append(FindingRow(**row))
    states: Counter[str] = Counter()
    found: list[FindingRow] = []
    for readings in by_provision.values():
        shown = readings_shown(readings, reading.reader)
        states.update(row.state for row in shown[:1])
        if any(row.state in _OPEN for row in shown):
            found += shown
    return dict(states), found


def readings_shown(rows: Iterable[FindingRow], reader: str) -> list[FindingRow]:
    """Return the findings on one provision that a reading shows, the one that counts first.

    According to an author: its own, else the common one.  Neutral: the common one, and each that differs from
    it in state or value.
    """
    by_author = {row.author: row for row in rows}
    common = by_author.get("")
    if reader:
        held = by_author.get(reader, common)
        return [held] if held else []
    apart = (r for r in by_author.values() if common is None or (r.state, r.value) != (common.state, common.value))
    return [*([common] if common else []), *apart]


def _concerns(reading: Reading, party: str) -> tuple[list[OpenConcern], list[OpenConcern], int]:
    """Return the open concerns about the party and by it, the last said first, and how many are history."""
    now, past = held(reading)
    about, by = [c for c in now if c.about == party], [c for c in now if c.author == party]
    return about, by, sum(party in (concern.author, concern.about) for concern in past)


def _commitments(reading: Reading, party: str) -> list[OpenCommitment]:
    """Return what the party owes, the overdue first, then by the day on which it falls due."""
    rows = [said for said in open_commitments(reading.view) if said.party == party]
    rows.sort(key=lambda said: (not overdue(said, reading.on), said.due_last or date.max, said.on_last, said.id))
    return [
        OpenCommitment(
            topic=said.topic or "",
            issue=said.issue or "",
            instrument=said.instrument or "",
            on=said.on,
            due=said.due_last.isoformat() if said.due_last else "",
            overdue=overdue(said, reading.on),
            says=Words(said.en or said.topic or "", said.ru or said.en or said.topic or ""),
            statement=said.id,
        )
        for said in rows
    ]


def _latest(reading: Reading, party: str) -> list[Evidence]:
    """Return the latest statements by the party, newest first; acts in its name told by others are theirs."""
    signs = reading.view.knowledge.kept(heard).words.get(party)
    said = reversed(signs.until(reading.on)) if signs else iter(())
    ids = [s.id for s in islice((s for s in said if s.author == party and not s.verb.startswith("vote-")), _LATEST)]
    rows = reading.casebook.record.frame.filter(pl.col("id").is_in(ids))
    cells = {row["id"]: {k: v for k, v in row.items() if v is not None} for row in rows.iter_rows(named=True)}
    return [evidence_of(reading.casebook, cells[id]) for id in ids]
