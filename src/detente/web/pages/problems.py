"""Problems: everything that loading and checking the casebook found, each with its place and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from itertools import groupby
from typing import Final
from urllib.parse import quote_plus

import msgspec

from detente.errors import Problem
from detente.reading.browse import Facet
from detente.reading.browse import FacetValue
from detente.reading.checked import checked
from detente.record.registers import Words
from detente.rendering.statement_words import SEVERITY_WORDS
from detente.web.chosen import Fault
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.pages.facets import Choices
from detente.web.pages.facets import choices
from detente.web.pages.lists import Chip
from detente.web.pages.lists import Stem
from detente.web.pages.lists import leaves
from detente.web.pages.lists import number
from detente.web.pages.lists import page_asked
from detente.web.pages.lists import refuse

__all__ = ["fault_of", "problems"]

_SIZE: Final = 50

_NAMED: Final = re.compile(r"'([^']*)'")
_BRACKETED: Final = re.compile(r"\([^()]*\)")
_NUMBER: Final = re.compile(r"\b[0-9][0-9.,:-]*\b")
_PLAIN: Final = re.compile(r"[^a-z]+")
_ID: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)+")
"""What an id in a message looks like; `what` names statements and sources so."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One problem: its place, and its message with what it names as links."""

    place: str
    what: list[tuple[str, str]]
    """Parts of the message, each with an address or none."""
    remedy: str


class Sort(msgspec.Struct, frozen=True, kw_only=True):
    """Problems that say the same of different rows."""

    message: str
    count: int
    """How many there are in the whole list, not only on this page."""
    told: list[Told]


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """The problems of one severity on the page."""

    severity: str
    words: str
    count: int
    sorts: list[Sort]


def fault_of(problem: Problem) -> str:
    """Return the message without what it says of one row: names, brackets and numbers are left out."""
    general = _NAMED.sub("'…'", problem.what)
    return _NUMBER.sub("…", _BRACKETED.sub("(…)", general))


def _key(message: str) -> str:
    """Return a kind of message as it stands in an address."""
    return _PLAIN.sub("-", message.casefold()).strip("-")[:80]


def problems(ask: Ask) -> Page:
    """Return the page of the problems that match: the worst first, those that say the same together."""
    faults: list[Fault] = []
    every = ask.desk.casebook.problems
    given = _given(ask, every, faults)
    page = page_asked(ask, faults)
    refuse(faults)
    found = sorted((p for p in every if _fits(p, given)), key=lambda p: (_RANK[p.severity], fault_of(p), p))
    stem = Stem(ask.links, "problems", given)
    start = (page - 1) * _SIZE
    return Page(
        template="problems.html",
        title=Words("Problems", "Замечания"),
        answer=checked(ask.desk.casebook, found if given else None),
        rows=found,
        context={
            "counts": {severity: sum(p.severity == severity for p in found) for severity in _RANK},
            "total": len(found),
            "everywhere": len(every),
            "levels": _levels(ask, found, found[start : start + _SIZE]),
            "chips": [_chip(ask, stem, every, name, value) for name, value in given.items()],
            "facets": [c for facet in _facets(found) if (c := _choices(ask, stem, facet, given))],
            "leaves": leaves(stem, page, _SIZE, len(found)),
            "everything": stem.bare,
            "number": lambda value: number(value, ask.language),
        },
    )


_RANK: Final = {"error": 0, "warning": 1, "note": 2}


def _given(ask: Ask, every: Sequence[Problem], faults: list[Fault]) -> dict[str, str]:
    """Return the filters that are set; tell of each that names nothing."""
    known: dict[str, Iterable[str]] = {
        "severity": _RANK,
        "file": {*ask.desk.casebook.record.files, *(p.file for p in every)},
        "fault": {_key(fault_of(p)) for p in every},
    }
    found = {}
    for name, values in known.items():
        text = ask.parameter(name)
        if text and text not in values:
            listed = ", ".join(sorted(values)[:5]) or "-"
            what = Words(f"No problem has the {name} “{text}”.", f"Замечаний с таким значением нет ({name}): «{text}».")
            remedy = Words(f"For example: {listed}. Or take the filter off.",
                           f"Например: {listed}. Или снимите фильтр.")  # fmt: skip
            faults.append(Fault(name, text, what, remedy))
        elif text:
            found[name] = text
    return found


def _fits(problem: Problem, given: dict[str, str]) -> bool:
    return (
        given.get("severity", problem.severity) == problem.severity
        and given.get("file", problem.file) == problem.file
        and ("fault" not in given or _key(fault_of(problem)) == given["fault"])
    )


def _levels(ask: Ask, found: Sequence[Problem], shown: Sequence[Problem]) -> list[Level]:
    """Return the problems of a page by severity, then by kind of message, with their counts in the whole list."""
    counts = Counter((p.severity, fault_of(p)) for p in found)
    by_severity = Counter(p.severity for p in found)
    addresses = _addresses(ask, shown)
    return [
        Level(
            severity=severity,
            words=SEVERITY_WORDS[severity].get(ask.language),
            count=by_severity[severity],
            sorts=[
                Sort(message=fault, count=counts[severity, fault], told=[_told(p, addresses) for p in same])
                for fault, same in groupby(of_level, key=fault_of)
            ],
        )
        for severity, of_level in groupby(shown, key=lambda p: p.severity)
    ]


def _addresses(ask: Ask, shown: Sequence[Problem]) -> dict[str, str]:
    """Return the addresses of what the messages name, where the record has it."""
    named = {name for p in shown for name in _ID.findall(p.what)}
    registers = ask.desk.registers
    found = {name: ask.links.to("source", name) for name in named & registers.sources.keys()}
    rows = ask.desk.casebook.shelf.statements(sorted(named))
    return found | {str(row["id"]): ask.links.to("statement", str(row["id"])) for row in rows}


def _told(problem: Problem, addresses: dict[str, str]) -> Told:
    parts: list[tuple[str, str]] = []
    at = 0
    for match in _ID.finditer(problem.what):
        if match.group() in addresses:
            parts += [(problem.what[at : match.start()], ""), (match.group(), addresses[match.group()])]
            at = match.end()
    parts.append((problem.what[at:], ""))
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return Told(place=place, what=[part for part in parts if part[0]], remedy=problem.remedy)


_LABELS: Final = {
    "severity": Words("Severity", "Важность"),
    "file": Words("File", "Файл"),
    "fault": Words("What is wrong", "Что не так"),
}


def _facets(found: Sequence[Problem]) -> list[Facet]:
    counted = {
        "severity": Counter(p.severity for p in found),
        "fault": Counter(fault_of(p) for p in found),
        "file": Counter(p.file for p in found),
    }
    return [
        Facet(name, [FacetValue(*pair) for pair in sorted(counts.items(), key=lambda c: (-c[1], c[0]))], 0)
        for name, counts in counted.items()
    ]


def _choices(ask: Ask, stem: Stem, facet: Facet, given: dict[str, str]) -> Choices | None:
    if facet.name in given or len(facet.values) < 2:
        return None
    return choices(
        facet,
        _LABELS[facet.name].get(ask.language),
        ask.language,
        lambda value: SEVERITY_WORDS[value].get(ask.language) if facet.name == "severity" else value,
        lambda value: f"{stem.without()}&{facet.name}={quote_plus(_key(value) if facet.name == 'fault' else value)}",
    )


def _chip(ask: Ask, stem: Stem, every: Sequence[Problem], name: str, value: str) -> Chip:
    shown = value
    if name == "severity":
        shown = SEVERITY_WORDS[value].get(ask.language)
    elif name == "fault":
        shown = next(fault_of(p) for p in every if _key(fault_of(p)) == value)
    return Chip(_LABELS[name].get(ask.language), shown, stem.without(name))
