"""A casebook made up for measuring: its shape is that of the shipped one, its size is asked for.

The rows are pseudo-random and the same on every run; no statement in it is about the world.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from pathlib import Path

__all__ = ["Shape", "write_casebook"]

_START = date(1960, 1, 1)
_DAYS = 24_000
_PARTIES = 24
_INSTRUMENTS = 20
_SOURCES = 200
_MEASURES = 30
_TOPICS = 200
_ISSUES = ("arms", "testing", "energy", "dialogue")
_FILES_OF = {"act": 6, "report": 12, "event": 8, "position": 8, "concern": 4}
_SHARE = {"act": 0.15, "report": 0.35, "event": 0.2, "position": 0.25, "concern": 0.05}
_VERBS = {
    "act": ("sign", "ratify", "accede", "suspend", "resume", "withdraw"),
    "event": ("nuclear-test", "missile-launch", "accident", "inspection", "elimination"),
    "position": ("vote-yes", "vote-no", "vote-abstain", "propose", "affirm", "reject"),
    "concern": ("allege", "question", "answer", "resolve"),
}
_SPINE = ("id", "author", "on", "known", "instrument", "party")
_HEADERS = {
    "act": (*_SPINE, "verb", "effect", "source", "basis", "corrects", "refs", "en", "ru"),
    "report": (*_SPINE, "measure", "item", "value", "silence", "source", "basis", "corrects", "refs", "en", "ru"),
    "event": (*_SPINE, "verb", "place", "measure", "value", "source", "basis", "corrects", "refs", "en", "ru"),
    "position": (*_SPINE, "verb", "topic", "source", "basis", "corrects", "refs", "en", "ru"),
    "concern": (*_SPINE, "provision", "verb", "topic", "source", "basis", "corrects", "refs", "en", "ru"),
}
_EN = "Stated in the exchange of data, as published"
_RU = "Сообщено при обмене данными согласно статье, по опубликованному тексту"


@dataclass(frozen=True)
class Shape:
    """How many statements, and what share of them is broken or a later correction of another."""

    statements: int
    broken: float = 0.0
    corrections: float = 0.0
    seed: int = 1963


def write_casebook(folder: Path, shape: Shape) -> list[Path]:
    """Write a casebook into `folder` and return its statement files."""
    _write_registers(folder)
    made = random.Random(shape.seed)
    files: list[Path] = []
    for number, (kind, share) in enumerate(_SHARE.items()):
        count = shape.statements - sum(int(shape.statements * s) for s in list(_SHARE.values())[1:])
        count = count if number == 0 else int(shape.statements * share)
        rows = list(_rows(kind, count, shape, made))
        parts = _FILES_OF[kind]
        for part in range(parts):
            issue = _ISSUES[part % len(_ISSUES)]
            path = folder / issue / f"{kind}s-{part:02}.csv"
            _write_csv(path, _HEADERS[kind], rows[part::parts])
            files.append(path)
    return files


def _rows(kind: str, count: int, shape: Shape, made: random.Random) -> Iterator[dict[str, str]]:
    """Yield the rows of one kind; the shares are spread evenly, so that a tiny casebook has some too."""
    ids: list[str] = []
    for n in range(count):
        row = _row(kind, n, made)
        if ids and made.random() < 0.1:
            row["refs"] = ";".join({made.choice(ids), ids[-1]})
        if ids and _falls(n, shape.corrections):
            row["corrects"] = made.choice(ids)
            row["known"] = (_START + timedelta(days=_DAYS + made.randrange(700))).isoformat()
        if _falls(n, shape.broken):
            _break(row, made)
        else:
            ids.append(row["id"])
        yield row


def _falls(n: int, share: float) -> bool:
    return int((n + 1) * share) > int(n * share)


def _row(kind: str, n: int, made: random.Random) -> dict[str, str]:
    day = _START + timedelta(days=made.randrange(_DAYS))
    party = _party(made.randrange(_PARTIES))
    instrument = made.randrange(_INSTRUMENTS)
    number = made.randrange(5000)
    row = {
        "id": f"{kind}.{party.lower()}.{day}.{n:06}",
        "author": party if made.random() < 0.8 else _party(made.randrange(_PARTIES)),
        "on": _approximate(day, made),
        "known": (day + timedelta(days=made.randrange(200))).isoformat(),
        "instrument": _instrument(instrument),
        "party": party if made.random() < 0.9 else f"{party};{_party(made.randrange(_PARTIES))}",
        "source": f"src.{made.randrange(_SOURCES):03}",
        "basis": made.choice(("seen", "seen", "seen", "computed", "inferred")),
        "en": f"{_EN} ({number})." if made.random() < 0.47 or kind == "concern" else "",
        "measure": f"measure-{made.randrange(_MEASURES):02}",
        "item": made.choice(("", "", "type-a", "type-b", "type-c")),
        "silence": "given",
        "value": str(number),
        "topic": f"topic-{made.randrange(_TOPICS):03}",
        "place": f"Site {made.randrange(50)}",
        "provision": "II",
    }
    row["ru"] = f"{_RU} ({number})." if row["en"] and (made.random() < 0.4 or kind == "concern") else ""
    if kind in _VERBS:
        row["verb"] = made.choice(_VERBS[kind])
    if kind == "report" and made.random() < 0.15:
        row["silence"], row["value"] = made.choice(("withheld", "suspended", "nothing-new")), ""
    if kind == "act" and row["verb"] == "withdraw":
        row["effect"] = (day + timedelta(days=90)).isoformat()
    return row


def _approximate(day: date, made: random.Random) -> str:
    """Return the day as the shipped record writes days: mostly to the day, else month, year, `~` or a span."""
    chance = made.random()
    if chance < 0.86:
        return day.isoformat()
    if chance < 0.90:
        return f"{day:%Y-%m}"
    if chance < 0.97:
        return f"{day:%Y}"
    if chance < 0.98:
        return f"{day:%Y-%m}~"
    return f"{day.year}/{day.year + made.randrange(1, 4)}"


def _break(row: dict[str, str], made: random.Random) -> None:
    """Put into a row one of the faults that people make."""
    column, text = made.choice(
        (("on", "last summer"), ("author", "NOBODY"), ("source", ""), ("id", row["id"].upper()), ("basis", "heard")),
    )
    row[column] = text


def _party(n: int) -> str:
    return f"P{n:02}"


def _instrument(n: int) -> str:
    return f"treaty-{n:02}"


def _write_csv(path: Path, header: tuple[str, ...], rows: Iterable[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, header, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_registers(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    parties = (f'[[party]]\nid = "{_party(n)}"\nkind = "state"\nname = {_words(_party(n))}\n' for n in range(_PARTIES))
    issues = (f'[[issue]]\nid = "{i}"\ntitle = {_words(i)}\nministries = ["foreign"]\n' for i in _ISSUES)
    sources = (
        f'[[source]]\nid = "src.{n:03}"\naddress = "https://records.example/{n}"\npublisher = "Archive"\n'
        f'title = "Document {n}"\ntier = "{("primary", "official", "scholarly")[n % 3]}"\n'
        for n in range(_SOURCES)
    )
    measures = (
        f'[[measure]]\nid = "measure-{n:02}"\ntitle = {_words(f"Measure {n}")}\nunit = "units"\n'
        f'number = "{"quantity" if n % 5 == 0 else "count"}"\n'
        for n in range(_MEASURES)
    )
    for name, entries in (("parties", parties), ("issues", issues), ("sources", sources), ("measures", measures)):
        (folder / f"{name}.toml").write_text("\n".join(entries), encoding="utf-8")
    for n in range(_INSTRUMENTS):
        _write_instrument(folder / "instruments" / _instrument(n).replace("-", "_"), n)


def _write_instrument(folder: Path, n: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = f"""id = "{_instrument(n)}"
issue = "{_ISSUES[n % len(_ISSUES)]}"
title = {_words(f"Treaty {n}")}
short = {_words(f"Treaty {n}")}
form = "treaty"
binding = "legal"
membership = "open"
source = "src.000"

[[provision]]
article = "II"
title = {_words("Limit")}
kind = "limit"
measure = "measure-{n:02}"
at_most = {1000 + 100 * n}
evidence_within = "P1Y"
"""
    (folder / "treaty.toml").write_text(text, encoding="utf-8")


def _words(text: str) -> str:
    return f'{{ en = "{text}", ru = "{text}" }}'
