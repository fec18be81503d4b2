"""The stops of a track: the steps of an instrument as a reader goes through them, many of one kind put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Final

import msgspec

from detente.consultation.wording import ago
from detente.reading.instrument import InstrumentAnswer
from detente.reading.track import Step
from detente.record.registers import Words
from detente.rendering.provisions import figure_words
from detente.rendering.statement_words import verb_words

__all__ = ["Stop", "stops"]

_CONSENTS: Final = ("sign", "join", "ratify", "accede", "succeed", "accept", "apply-provisionally")
_MANY: Final = 18
"""More acts of consent than these are put together, from one other step to the next."""


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One stop: what happened on a day, or what many parties did in some years."""

    number: int
    day: date
    last: date
    """The same day, or the last of the years'."""
    passed: Words
    """How long ago it was."""
    title: Words
    kind: str
    steps: list[Step]
    parties: list[str]
    """Of a departure that takes effect: whose it is."""
    articles: list[str]
    counts: list[tuple[Words, int]]
    """Of some years: how many of each act; empty where all that was told of it are accounts of others."""
    apart: bool
    """Whether somebody contests it, or it counts in one reading alone."""


def stops(answer: InstrumentAnswer) -> list[Stop]:
    """Return the stops of the track in their order, numbered."""
    many = sum(step.verb in _CONSENTS for step in answer.track) > _MANY
    found: list[Stop] = []
    for consents, run in groupby(answer.track, key=lambda step: many and step.verb in _CONSENTS):
        steps = list(run)
        found += [_span(answer, steps)] if consents and len(steps) > 1 else _days(answer, steps)
    return [msgspec.structs.replace(stop, number=number) for number, stop in enumerate(found, 1)]


def _days(answer: InstrumentAnswer, steps: Iterable[Step]) -> Iterator[Stop]:
    """Yield a stop for each act of a day; several parties that do the same are one stop."""
    for (day, kind, verb), same in groupby(steps, key=lambda s: (s.day, s.kind, s.verb)):
        together = list(same)
        yield Stop(
            number=0,
            day=day,
            last=day,
            passed=ago(day, answer.on),
            title=_title(kind, verb, together),
            kind=kind,
            steps=[s for s in together if s.kind == "act"],
            parties=[party for step in together for party in step.parties] if kind == "out" else [],
            articles=together[0].articles,
            counts=[],
            apart=any(s.contested or s.reading or not s.counts for s in together),
        )


def _title(kind: str, verb: str, steps: list[Step]) -> Words:
    if kind == "act":
        return verb_words("act", verb)
    count = len(steps[0].articles)
    return {
        "begins": _articles_words(count, "begin"),
        "ends": _articles_words(count, "end"),
        "end": Words("It ends: its term ran out", "Прекращение: истёк срок действия")
        if verb == "term"
        else Words("It ends", "Прекращение действия"),
        "out": Words("Withdrawal takes effect", "Выход вступает в силу"),
    }[kind]


def _articles_words(count: int, what: str) -> Words:
    number = figure_words(count)
    if what == "begin":
        one, many = "An article begins to bind", f"{number.en} articles begin to bind"
        return Words(one if count == 1 else many, f"Начинают действовать статьи: {number.ru}")
    one, many = "An article ends", f"{number.en} articles end"
    return Words(one if count == 1 else many, f"Прекращают действовать статьи: {number.ru}")


def _span(answer: InstrumentAnswer, steps: list[Step]) -> Stop:
    """Return one stop for the signatures and consents of some years; others' accounts of them are not counted."""
    counts: dict[str, int] = defaultdict(int)
    for step in steps:
        counts[step.verb] += 0 if step.reading else max(len(step.parties), 1)
    first, last = steps[0].day, steps[-1].day
    years = str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    return Stop(
        number=0,
        day=first,
        last=last,
        passed=ago(first, answer.on),
        title=Words(years, years),
        kind="span",
        steps=steps,
        parties=[],
        articles=[],
        counts=[(verb_words("act", verb), n) for verb, n in sorted(counts.items(), key=lambda c: -c[1]) if n],
        apart=False,
    )
