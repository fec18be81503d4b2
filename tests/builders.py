"""Small casebooks from Python values: what a test needs of a record, and nothing else.

`small_book` writes a casebook of a few parties, one source, one issue and what the test adds, and opens it.
Rows are dictionaries; `act`, `report`, `position` ... fill in the cells that every statement must have.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import rtoml

from detente.errors import Problem
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.instruments.standings import Standings
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.reading import Reading
from detente.record.timeline import View

Table = dict[str, Any]
Row = dict[str, str]

SUBJECT = "arms"
"""The one issue of a small casebook, and its folder."""


def words(en: str) -> Table:
    return {"en": en, "ru": en}


def party(id: str, kind: str = "state", **more: object) -> Table:
    return {"id": id, "kind": kind, "name": words(id.title()), **more}


PARTIES: tuple[Table, ...] = (
    party("USA"),
    party("RUS", **{"from": "1991-12-26"}, continues="SUN"),
    party("SUN", until="1991-12-26"),
    party("GBR"),
    party("FRA"),
    party("DEU"),
    party("IRN"),
    party("E3", "group", members=["GBR", "FRA", "DEU"]),
    party("IAEA", "body"),
    party("FAS", "institute"),
)


def source(id: str = "src", address: str = "https://example.org/text", **more: object) -> Table:
    return {"id": id, "address": address, "publisher": "Publisher", "title": "Title", "tier": "primary", **more}


def measure(id: str, number: str = "count", **more: object) -> Table:
    return {"id": id, "title": words(id), "unit": id, "number": number, **more}


MEASURES: tuple[Table, ...] = (measure("warheads"), measure("inspections"), measure("mass", "quantity"))


def issue(id: str = SUBJECT, **more: object) -> Table:
    return {"id": id, "title": words(id), "ministries": ["foreign"], **more}


def forum(id: str = "bcc", **more: object) -> Table:
    base: Table = {"id": id, "title": words(id), "kind": "commission", "members": ["USA", "RUS"], "level": "experts"}
    return {**base, "source": "src", "lapses_after": "P1Y", **more}


def claim(id: str = "worst", **more: object) -> Table:
    return {"id": id, "text": words(id), "test": "worst-since", **more}


def blocked(host: str = "leaks.example", reason: str = "leaked documents") -> Table:
    return {"host": host, "reason": reason}


def treaty(id: str = "pact", *provisions: Table, **more: object) -> Table:
    """Return a closed bilateral treaty of the USA and Russia; `more` replaces any field."""
    base: Table = {
        "id": id, "issue": SUBJECT, "title": words(id), "short": words(id), "form": "treaty", "binding": "legal",
        "membership": "closed", "participants": ["USA", "RUS"], "source": "src",
    }  # fmt: skip
    return {**base, **more, "provision": list(provisions)}


def article(article: str, kind: str, **more: object) -> Table:
    return {"article": article, "title": words(article), "kind": kind, **more}


def limit(article_: str = "II", **more: object) -> Table:
    return article(article_, "limit", **{"measure": "warheads", "at_most": 1550, "evidence_within": "P1Y", **more})


def term(article_: str = "XIV", **more: object) -> Table:
    return article(article_, "term", **more)


def instrument(id: str = "pact", *provisions: Table, **more: object) -> Instrument:
    """Return an instrument as the program reads it, without a file."""
    return msgspec.convert(treaty(id, *provisions, **more), Instrument, strict=False)


def provision(kind: str = "limit", **more: object) -> Provision:
    return msgspec.convert(article("I", kind, **more), Provision, strict=False)


def statement(id: str, author: str, on: str, **more: str) -> Row:
    """Return a row with the cells that no statement may leave empty; publicly known on its own day."""
    return {"id": id, "author": author, "on": on, "known": on, "source": "src", "basis": "seen", **more}


def act(verb: str, on: str, party: str = "", **more: str) -> Row:
    """Return an act, by its own party unless `author` says otherwise."""
    instrument = more.pop("instrument", "pact")
    id = more.pop("id", ".".join(part.lower() for part in (instrument, party.replace(";", "-"), verb, on) if part))
    author = more.pop("author", party.split(";")[0] or "USA")
    return statement(id, author, on, verb=verb, instrument=instrument, party=party, **more)


def report(party: str, value: str, on: str, **more: str) -> Row:
    """Return a report of `warheads` by the party itself; an empty value is a `withheld` one."""
    measure, author = more.pop("measure", "warheads"), more.pop("author", party.split(";")[0])
    silence = more.pop("silence", "given" if value else "withheld")
    id = more.pop("id", f"{measure}.{author.lower()}.{party.lower().replace(';', '-')}.{on}")
    return statement(id, author, on, measure=measure, party=party, value=value, silence=silence, **more)


def position(author: str, verb: str, on: str, refs: str, **more: str) -> Row:
    id = more.pop("id", f"position.{author.lower()}.{verb}.{on}")
    return statement(id, author, on, verb=verb, topic="topic", refs=refs, **more)


def concern(author: str, verb: str, on: str, party: str, provision: str = "II", **more: str) -> Row:
    topic, instrument = more.pop("topic", "doubt"), more.pop("instrument", "pact")
    id = more.pop("id", f"concern.{topic}.{author.lower()}.{verb}.{on}")
    cells = {"verb": verb, "topic": topic, "party": party, "instrument": instrument, "provision": provision}
    return statement(id, author, on, **cells, en="en", ru="ru", **more)


def event(party: str, on: str, verb: str = "missile-launch", **more: str) -> Row:
    id = more.pop("id", f"event.{party.lower()}.{on}")
    return statement(id, more.pop("author", party), on, verb=verb, party=party, **more)


def notice(party: str, on: str, verb: str = "launch", **more: str) -> Row:
    id = more.pop("id", f"notice.{party.lower()}.{on}")
    return statement(id, more.pop("author", party), on, verb=verb, party=party, **more)


def meeting(forum: str, on: str, **more: str) -> Row:
    return statement(more.pop("id", f"{forum}.{on}"), "USA", on, forum=forum, **more)


def signed_and_in_force(on: str, signed: str = "2010-04-08", instrument: str = "pact") -> list[Row]:
    """Return the acts by which a closed treaty is signed and enters into force."""
    return [
        act("sign", signed, "USA;RUS", instrument=instrument),
        act("enter-into-force", on, instrument=instrument),
    ]


def write_table(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as a CSV file; a column is there where any row fills it."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_toml(path: Path, tables: Table) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rtoml.dumps(_flat_first(tables)), encoding="utf-8")
    return path


def _flat_first(value: Any) -> Any:
    """Order a table's values so that TOML can write it: plain ones before tables."""
    if isinstance(value, Mapping):
        ordered = sorted(value.items(), key=lambda pair: _nested(pair[1]))
        return {key: _flat_first(item) for key, item in ordered}
    if isinstance(value, list | tuple):
        return [_flat_first(item) for item in value]
    return value


def _nested(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list | tuple) and any(_nested(v) for v in value))


def write_book(
    folder: Path,
    *,
    parties: Iterable[Table] = PARTIES,
    sources: Iterable[Table] = (source(),),
    issues: Iterable[Table] = (issue(),),
    measures: Iterable[Table] = MEASURES,
    forums: Iterable[Table] = (forum(),),
    claims: Iterable[Table] = (),
    blocked: Iterable[Table] = (),
    treaties: Iterable[Table] = (),
    statements: Mapping[str, Sequence[Row]] | None = None,
) -> Path:
    """Write a casebook folder: `statements` by file stem (`acts`, `reports-2018`)."""
    registers = {
        "party": ("parties", parties), "source": ("sources", sources), "issue": ("issues", issues),
        "measure": ("measures", measures), "forum": ("forums", forums), "claim": ("claims", claims),
        "blocked": ("blocked", blocked),
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for table, (stem, entries) in registers.items():
        write_toml(folder / f"{stem}.toml", {table: list(entries)})
    for text in treaties:
        write_toml(folder / "instruments" / text["id"].replace("-", "_") / "treaty.toml", text)
    for stem, rows in (statements or {}).items():
        if rows:
            write_table(folder / SUBJECT / f"{stem}.csv", rows)
    return folder


def small_book(folder: Path, **parts: Any) -> Casebook:
    """Write a casebook (see `write_book`) and open it without the shipped one."""
    return open_casebook(write_book(folder, **parts), public=False)


def clean_book(folder: Path, **parts: Any) -> Casebook:
    """Write and open a casebook that must be without an error."""
    book = small_book(folder, **parts)
    assert errors(book.problems) == []
    return book


def errors(problems: Iterable[Problem]) -> list[str]:
    return [str(problem) for problem in problems if problem.severity == "error"]


def standings(book: Casebook, on: str, known_by: str = "") -> Standings:
    view = View(book.record, date.fromisoformat(on), date.fromisoformat(known_by) if known_by else None)
    return Standings(view, book.instruments)


def reading(book: Casebook, on: str, according_to: str | None = None) -> Reading:
    return Reading(book, date.fromisoformat(on), None, according_to)


def finding(book: Casebook, on: str, provision: str = "II", party: str = "USA", author: str = "") -> Table:
    """Return the one finding of a provision for a party according to an author; {} where there is none."""
    rows = reading(book, on).all_findings.to_dicts()
    key = {"provision": provision, "party": party, "author": author}
    found = [row for row in rows if {name: row[name] for name in key} == key]
    assert len(found) <= 1
    return found[0] if found else {}


def verdict(book: Casebook, on: str, provision: str = "II", party: str = "USA", author: str = "") -> tuple[str, str]:
    """Return (state, reason) of `finding`."""
    found = finding(book, on, provision, party, author)
    return (found["state"], found["reason"]) if found else ("", "")
