"""What changed between two days, or between two states of knowledge of one day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from detente.consultation.forums import STATE_WORDS
from detente.instruments.lives import Life
from detente.instruments.standings import STANDING_WORDS
from detente.obligations.finding import STATE_WORDS as FINDING_WORDS
from detente.reading.answers import Change
from detente.reading.answers import DiffAnswer
from detente.reading.reading import Reading
from detente.record.registers import Words

__all__ = ["diff"]


def diff(before: Reading, after: Reading) -> DiffAnswer:
    """Return how instruments, standings, findings and forums stand otherwise in the second reading."""
    changes = [
        *_lives(before, after),
        *_standings(before, after),
        *_findings(before, after),
        *_forums(before, after),
    ]
    known = set(before.statements()["id"])
    new = sum(id not in known for id in after.statements()["id"])
    return DiffAnswer(
        on=after.on,
        known_by=after.known_by,
        according_to=after.according_to,
        stamp=after.stamp,
        first=before.on,
        first_known_by=before.known_by,
        statements=new,
        changes=changes,
    )


def _life_words(life: Life, on: date) -> Words:
    if life.in_force(on):
        ends = Words(f", ends {life.ends}", f", истекает {life.ends}") if life.ends else Words("", "")
        return Words(f"in force{ends.en}", f"действует{ends.ru}")
    return Words("ended", "прекращено") if life.ended else Words("not in force", "не действует")


def _lives(before: Reading, after: Reading) -> Iterator[Change]:
    for id, instrument in after.casebook.instruments.items():
        for reader in ("", *after.standing.readers.get(id, ())):
            new = after.standing.life(id, reader)
            was, now = _life_words(before.standing.life(id, reader), before.on), _life_words(new, after.on)
            if was != now:
                name = f"{id}@{reader}" if reader else id
                evidence = new.evidence[-2:]
                yield Change(
                    what="instrument", id=name, title=instrument.short, before=was, after=now, evidence=evidence
                )


def _standings(before: Reading, after: Reading) -> Iterator[Change]:
    key = ["instrument", "party", "reading"]
    earlier = before.standings()
    was = earlier.select(*key, pl.col("standing").alias("was"))
    common = earlier.filter(pl.col("reading") == "").select("instrument", "party", pl.col("standing").alias("common"))
    joined = after.standings().join(was, on=key, how="left").join(common, on=["instrument", "party"], how="left")
    # A reading that has parted since is held against what was common before.
    joined = joined.with_columns(pl.coalesce("was", "common").alias("was"))
    moved = joined.filter(pl.col("standing") != pl.col("was").fill_null("none"))
    instruments = after.casebook.instruments
    for row in moved.iter_rows(named=True):
        name = f"{row['instrument']}/{row['party']}" + (f"@{row['reading']}" if row["reading"] else "")
        yield Change(
            what="standing",
            id=name,
            title=instruments[row["instrument"]].short,
            before=STANDING_WORDS[row["was"] or "none"],
            after=STANDING_WORDS[row["standing"]],
            evidence=[row["act"]] if row["act"] else [],
        )


def _findings(before: Reading, after: Reading) -> Iterator[Change]:
    was = before.findings().select("id", pl.col("state").alias("was"), pl.col("value").alias("was_value"))
    joined = after.findings().join(was, on="id", how="left")
    changed = pl.col("was").is_not_null() & (pl.col("state") != pl.col("was"))
    moved = joined.filter(changed | (pl.col("was").is_null() & (pl.col("author") != "")))
    instruments = after.casebook.instruments
    for row in moved.iter_rows(named=True):
        provision = instruments[row["instrument"]].find(row["provision"])
        yield Change(
            what="finding",
            id=row["id"],
            title=provision.title if provision else Words(row["provision"], row["provision"]),
            before=_told(row["was"], row["was_value"]),
            after=_told(row["state"], row["value"]),
            evidence=row["evidence"],
        )


def _told(state: str | None, value: str | None) -> Words:
    if state is None:
        return Words("-", "-")
    word = FINDING_WORDS[state]
    number = f" ({value})" if value else ""
    return Words(word.en + number, word.ru + number)


def _forums(before: Reading, after: Reading) -> Iterator[Change]:
    forums = after.casebook.record.registers.forums
    for id, new in after.forum_states.items():
        old = before.forum_states[id]
        if old.state != new.state:
            yield Change(
                what="forum",
                id=id,
                title=forums[id].title,
                before=STATE_WORDS[old.state],
                after=STATE_WORDS[new.state],
                evidence=new.evidence,
            )
