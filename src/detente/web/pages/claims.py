"""Public claims: who said them and when, and what each measure that the record holds says of them on the day."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from datetime import date
from difflib import get_close_matches

import msgspec
import polars as pl

from detente.consultation.claims import MEASURE_WORDS
from detente.consultation.claims import VERDICT_WORDS
from detente.consultation.claims import Answer
from detente.consultation.claims import Tested
from detente.reading.answers import ClaimsAnswer
from detente.record.registers import Words
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import missing
from detente.web.pictures.series import SeriesPicture
from detente.web.pictures.series import draw_series

__all__ = ["ClaimRow", "claim", "claims"]

_FEW = 3


class ClaimRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one measure says of one claim, as a row of a spreadsheet."""

    claim: str
    text: Words
    said: list[str]
    measure: str
    item: str
    verdict: str
    value: str
    compared: str
    why: Words


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """One author's saying of a claim, in the language of the page where the record has it."""

    statement: str
    author: str
    on: str
    text: str
    language: str
    """The language of the words, where it is not that of the page."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one measure says, or one data release of it, in words."""

    item: str
    verdict: str
    value: str
    compared: str
    why: Words
    picture: SeriesPicture | None


class Measured(msgspec.Struct, frozen=True):
    """A measure with its verdict, or with one for each data release."""

    title: Words
    verdicts: list[Verdict]
    pictures: int


class Named(msgspec.Struct, frozen=True):
    """A measure under a verdict; where its data releases differ, those that give this verdict."""

    title: Words
    releases: int
    """How many data releases give it, where all do so alike; else 0."""
    items: list[str]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One claim, finished: its sayings, and the verdicts by what they say."""

    id: str
    text: Words
    said: list[Saying]
    measures: list[Measured]
    by_verdict: list[tuple[str, list[Named]]]
    """The measures under each verdict."""
    counts: list[tuple[str, int]]
    """How many answers there are of each verdict that any gives."""
    first_said: date | None
    """The first day on which anybody on record said it, if none had by the day of the page."""


class Year(msgspec.Struct, frozen=True):
    """One row of the table of values: a year, or the day itself, and the value of each measure with its statement."""

    on: str
    cells: list[tuple[str, str]]


def claims(ask: Ask) -> Page:
    """Return the page of all claims, each with the verdict of every measure."""
    answer = ask.desk.claims(ask.chosen)
    lines = [_line(ask, tested) for tested in answer.claims]
    return Page(
        template="claims.html",
        title=Words("Public claims, tested", "Публичные утверждения: проверка"),
        answer=answer,
        rows=_rows(answer),
        stamp=answer.stamp,
        context={"lines": lines, "verdicts": VERDICT_WORDS, "few": _FEW, "parted": sum(_parts(line) for line in lines)},
    )


def claim(ask: Ask, id: str) -> Page:
    """Return the page of one claim: every saying, every verdict, and the values over time."""
    register = ask.desk.registers.claims
    if id not in register:
        raise missing(
            Words(f"No claim “{id[:60]}” is registered.", f"Утверждения «{id[:60]}» в реестре нет."), _near(ask, id)
        )
    whole = ask.desk.claims(ask.chosen)
    answer = msgspec.structs.replace(whole, claims=[tested for tested in whole.claims if tested.id == id])
    line = _line(ask, answer.claims[0])
    registered = register[id]
    return Page(
        template="claim.html",
        title=registered.text,
        answer=answer,
        rows=_rows(answer),
        stamp=answer.stamp,
        context={
            "line": line,
            "claim": registered,
            "verdicts": VERDICT_WORDS,
            "columns": [(m.title, v) for m in line.measures for v in m.verdicts if v.picture],
            "years": _years(answer.claims[0].answers),
            "parts": _parts(line),
            "others": [(other.id, other.text) for other in register.values() if other.id != id],
        },
    )


def _near(ask: Ask, id: str) -> Words:
    register = ask.desk.registers.claims
    found = [name for name in register if id and id in name] or get_close_matches(id[:60], register, n=3, cutoff=0.4)
    listed = ", ".join(found or register)
    if found:
        return Words(f"Did you mean {listed}?", f"Возможно, имелось в виду: {listed}.")
    return Words(f"Registered are: {listed}.", f"В реестре есть: {listed}.")


def _parts(line: Line) -> bool:
    """Return whether the measures that can tell do not agree."""
    return len([code for code, _ in line.counts if code != "cannot tell"]) > 1


def _line(ask: Ask, tested: Tested) -> Line:
    by_measure: dict[str, list[Answer]] = defaultdict(list)
    for answer in tested.answers:
        by_measure[answer.measure.removesuffix(f" ({answer.item})")].append(answer)
    counts = Counter(answer.verdict for answer in tested.answers)
    measures = [_measured(ask, name, answers) for name, answers in by_measure.items()]
    return Line(
        id=tested.id, text=tested.text, said=[_saying(ask, said) for said in tested.said], measures=measures,
        by_verdict=[(code, [n for m in measures if (n := _named(m, code))]) for code in VERDICT_WORDS],
        counts=[(code, counts[code]) for code in VERDICT_WORDS if counts[code]],
        first_said=None if tested.said else _first_said(ask, tested.id),
    )  # fmt: skip


def _measured(ask: Ask, name: str, answers: list[Answer]) -> Measured:
    registered = ask.desk.registers.measures.get(name)
    words = MEASURE_WORDS.get(name) or (registered.title if registered else Words(name, name))
    verdicts = [_verdict(answer) for answer in answers]
    return Measured(words, verdicts, sum(verdict.picture is not None for verdict in verdicts))


def _named(measure: Measured, code: str) -> Named | None:
    giving = [verdict.item for verdict in measure.verdicts if verdict.verdict == code]
    if not giving:
        return None
    alike = len(giving) == len(measure.verdicts)
    return Named(measure.title, len(giving) if alike and len(giving) > 1 else 0, [] if alike else giving)


def _saying(ask: Ask, said: dict[str, str]) -> Saying:
    own = said[ask.language]
    return Saying(
        statement=said["statement"], author=said["author"], on=said["on"], text=own or said["en"] or said["ru"],
        language="" if own else "en" if said["en"] else "ru",
    )  # fmt: skip


def _verdict(answer: Answer) -> Verdict:
    return Verdict(
        item=answer.item, verdict=answer.verdict, value=answer.value, compared=answer.compared, why=answer.why,
        picture=draw_series(answer),
    )  # fmt: skip


def _first_said(ask: Ask, id: str) -> date | None:
    frame = ask.desk.casebook.record.by_kind("claim")
    found: date | None = frame.filter(pl.col("topic") == id)["on_last"].min()  # type: ignore[assignment]
    return found


def _years(answers: list[Answer]) -> list[Year]:
    """Return the values of every series side by side, a row a year; the day itself is the last of its year."""
    series = [answer.series for answer in answers if answer.series]
    shown = [{point.on[:4]: point for point in points} for points in series]
    years = sorted({year for points in shown for year in points})
    found = []
    for year in years:
        points = [known.get(year) for known in shown]
        day = max((point.on for point in points if point), key=len)
        cells = [(f"{p.value:g}", p.statement) if p else ("", "") for p in points]
        found.append(Year(day if day[4:] != "-12-31" else year, cells))
    return found


def _rows(answer: ClaimsAnswer) -> list[ClaimRow]:
    return [
        ClaimRow(
            claim=tested.id, text=tested.text, said=[said["statement"] for said in tested.said], measure=found.measure,
            item=found.item, verdict=found.verdict, value=found.value, compared=found.compared, why=found.why,
        )
        for tested in answer.claims
        for found in tested.answers
    ]  # fmt: skip
