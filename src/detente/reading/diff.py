"""What changed between two days, or between two states of knowledge of one day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from detente.consultation.forums import STATE_WORDS
from detente.instruments.lives import Life
from detente.instruments.standings import STANDING_WORDS
from detente.obligations.finding import STATE_WORDS as FINDING_WORDS
from detente.obligations.finding import finding_id
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
    was, now = _renamed(before.standings(), "reading", after), after.standings()
    for row in _beside(was, now, ["instrument", "party"], "reading", ["standing"]).iter_rows(named=True):
        old = row["was_standing"] or "none"
        if row["standing"] == old:
            continue
        name = f"{row['instrument']}/{row['party']}" + (f"@{row['reading']}" if row["reading"] else "")
        yield Change(
            what="standing",
            id=name,
            title=after.casebook.instruments[row["instrument"]].short,
            before=STANDING_WORDS[old],
            after=STANDING_WORDS[row["standing"]],
            evidence=[row["act"]] if row["act"] else [],
        )


def _findings(before: Reading, after: Reading) -> Iterator[Change]:
    was, now = _renamed(before.findings(), "author", after), after.findings()
    joined = _beside(was, now, ["instrument", "provision", "party"], "author", ["state", "value"])
    held = pl.col("was_state").is_not_null()
    moved = joined.filter((held & (pl.col("state") != pl.col("was_state"))) | (~held & (pl.col("author") != "")))
    instruments = after.casebook.instruments
    for row in moved.with_columns(finding_id().alias("id")).iter_rows(named=True):
        provision = instruments[row["instrument"]].find(row["provision"])
        yield Change(
            what="finding",
            id=row["id"],
            title=provision.title if provision else Words(row["provision"], row["provision"]),
            before=_told(row["was_state"], row["was_value"]),
            after=_told(row["state"], row["value"]),
            evidence=row["evidence"],
        )


def _renamed(rows: pl.DataFrame, reader: str, after: Reading) -> pl.DataFrame:
    """Return what held before under the names of the later day: what the Soviet Union held, Russia has not begun."""
    at = after.casebook.record.registers.at
    names = {name: at(name, after.on) for name in {*rows["party"], *rows[reader]} if name}
    return rows.with_columns(pl.col("party", reader).replace(names))


def _beside(was: pl.DataFrame, now: pl.DataFrame, thing: list[str], reader: str, told: list[str]) -> pl.DataFrame:
    """Return every row of `now` beside what held before in the same reading (`was_...`), else in the common one.

    A reading that parted from the common one before, and no longer does, stands beside what is common now.
    """
    key, now = [*thing, reader], now.with_row_index("at")
    own, common = pl.col(reader) != "", pl.col(reader) == ""
    old = was.select(*key, *(pl.col(name).alias(f"was_{name}") for name in told))
    rejoined = old.filter(own).join(now, on=key, how="anti").select(key)
    back = now.filter(common).drop(reader).join(rejoined, on=thing, how="inner").select(now.columns)
    shared = old.filter(common).drop(reader).rename({f"was_{name}": f"common_{name}" for name in told})
    rows = pl.concat([now, back]).join(old, on=key, how="left").join(shared, on=thing, how="left")
    parted = pl.col(f"was_{told[0]}").is_null()
    return rows.with_columns(
        pl.when(parted).then(f"common_{name}").otherwise(f"was_{name}").alias(f"was_{name}") for name in told
    ).sort("at", reader)


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
