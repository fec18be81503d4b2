"""Changes as a page shows them: parsed, related to the pair, and gathered into rows that say the same of many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Final

import msgspec
import polars as pl

from detente.reading import Reading
from detente.reading.answers import Change
from detente.record.registers import Registers
from detente.record.registers import Words

__all__ = ["KINDS", "Bearing", "Group", "Row", "Subject", "gathered", "subject"]

KINDS: Final = ("instrument", "standing", "finding", "forum")
"""What can stand otherwise, in the order in which it is shown."""

_SHOWN = 12
"""So many rows of one issue are shown; the others are folded."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What a change is about, read from its id."""

    instrument: str = ""
    provision: str = ""
    party: str = ""
    reader: str = ""
    """The author in whose reading it changed; "" for the common one."""
    forum: str = ""
    issues: tuple[str, ...] = ()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Changes that say the same of one text or forum: for several parties, or of several articles."""

    subject: Subject
    title: Words
    before: Words
    after: Words
    changes: list[tuple[str, Change]]
    """Each change with its article, or "" where it has none."""
    parties: list[str]
    articles: list[tuple[str, str, Words]]
    """Article, the id of its finding where there is one party alone, and what it requires."""
    evidence: list[str]
    ours: bool
    """Whether it concerns one of the pair."""
    readers: list[str] = []
    """The authors in whose readings it changed so; those of `also` beside the common one."""
    also: bool = False


class Group(msgspec.Struct, frozen=True):
    """The rows of one issue; those beyond the first few are folded."""

    issue: str
    count: int
    shown: list[Row]
    folded: list[Row]


def subject(change: Change, reading: Reading) -> Subject:
    """Return what a change is about."""
    registers = reading.casebook.record.registers
    if change.what == "forum":
        forum = registers.forums[change.id]
        return Subject(forum=change.id, issues=tuple(forum.issues))
    if change.what == "instrument":
        instrument, _, reader = change.id.partition("@")
        return Subject(instrument=instrument, reader=reader, issues=_issue(reading, instrument))
    instrument, _, rest = change.id.partition("/")
    provision, _, last = rest.rpartition("/")
    party, _, reader = last.partition("@")
    return Subject(
        instrument=instrument, provision=provision, party=party, reader=reader, issues=_issue(reading, instrument)
    )


def _issue(reading: Reading, instrument: str) -> tuple[str, ...]:
    return (reading.casebook.instruments[instrument].issue,)


class Bearing:
    """What concerns a pair: the texts to which one of the two has stood, and the forums in which one of them sits."""

    def __init__(self, readings: Sequence[Reading], pair: tuple[str, str]) -> None:
        after = readings[-1]
        registers = after.casebook.record.registers
        self.names = frozenset({*pair, *(registers.at(p, r.on) for p in pair for r in readings)})
        touched = {(text, registers.at(name, after.on)) for r in readings for text, name in self._texts(r)}
        self.texts = frozenset(text for text, _ in touched)
        self.shared = frozenset(
            text for text in self.texts if all((text, registers.at(p, after.on)) in touched for p in pair)
        )
        """The texts to which both have stood."""
        self.forums = frozenset(f.id for f in registers.forums.values() if self._named(f.members, registers, readings))

    def _texts(self, reading: Reading) -> Iterable[tuple[str, str]]:
        held = reading.standing.frame.filter(pl.col("party").is_in(list(self.names)) & (pl.col("standing") != "none"))
        yield from held.select("instrument", "party").unique().iter_rows()
        for text in reading.casebook.instruments.values():
            for name in self.names & {*text.participants, *text.depositary}:
                yield text.id, name

    def _named(self, members: Iterable[str], registers: Registers, readings: Sequence[Reading]) -> bool:
        return any(registers.at(member, reading.on) in self.names for member in members for reading in readings)

    def __contains__(self, about: Subject) -> bool:
        """Return whether a change bears on one of the two: its text, its forum, its own standing or its own account."""
        if about.forum:
            return about.forum in self.forums
        if about.party:
            return about.party in self.names or about.reader in self.names
        return about.instrument in self.texts


def gathered(changes: Iterable[tuple[Change, Subject]], bearing: Bearing, issues: Iterable[str]) -> list[Group]:
    """Return changes of one kind as rows under their issue; within an issue what concerns the pair comes first."""
    by_issue: dict[str, list[tuple[Change, Subject]]] = defaultdict(list)
    for change, about in changes:
        by_issue[about.issues[0] if about.issues else ""].append((change, about))
    groups = []
    for issue in (*issues, ""):
        if found := by_issue.get(issue):
            rows = sorted(_of_readers(_rows(found, bearing)), key=lambda row: not row.ours)
            groups.append(Group(issue, len(found), rows[:_SHOWN], rows[_SHOWN:]))
    return groups


def _rows(found: list[tuple[Change, Subject]], bearing: Bearing) -> list[Row]:
    """Return one row for the changes of a text that say the same: first of all parties, then of all their articles."""
    of_parties: dict[tuple[str, ...], list[tuple[Change, Subject]]] = defaultdict(list)
    for change, about in found:
        said = (change.before.en, change.after.en, about.reader, str(about in bearing))
        of_parties[(about.instrument, about.forum, about.provision, *said)].append((change, about))
    of_articles: dict[tuple[object, ...], list[list[tuple[Change, Subject]]]] = defaultdict(list)
    for key, members in of_parties.items():
        parties = tuple(about.party for _, about in members)
        of_articles[(key[0], key[1], *key[3:], parties)].append(members)
    return [_row(lists, bearing) for lists in of_articles.values()]


def _of_readers(rows: list[Row]) -> Iterator[Row]:
    """Yield the rows with one for all readings in which the same changed alike, the common one first."""
    alike: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        about = row.subject
        articles = tuple(article for article, _, _ in row.articles)
        key = (about.instrument, about.forum, articles, tuple(row.parties), row.before, row.after)
        alike[key].append(row)
    for same in alike.values():
        common = next((row for row in same if not row.subject.reader), None)
        readers = [row.subject.reader for row in same if row.subject.reader]
        changes = [entry for row in same for entry in row.changes]
        evidence = list(dict.fromkeys(id for row in same for id in row.evidence))
        yield msgspec.structs.replace(
            common or same[0], readers=readers, also=common is not None, changes=changes, evidence=evidence,
            ours=any(row.ours for row in same),
        )  # fmt: skip


def _row(lists: list[list[tuple[Change, Subject]]], bearing: Bearing) -> Row:
    first, about = lists[0][0]
    parties = [subject.party for _, subject in lists[0] if subject.party]
    articles = [
        (subject.provision, change.id if len(members) == 1 else "", change.title)
        for members in lists
        for change, subject in members[:1]
        if subject.provision
    ]
    changes = [(subject.provision, change) for members in lists for change, subject in members]
    evidence = dict.fromkeys(id for _, change in changes for id in change.evidence)
    return Row(
        subject=about, title=first.title, before=first.before, after=first.after, changes=changes, parties=parties,
        articles=articles, evidence=list(evidence), ours=about in bearing,
    )  # fmt: skip
