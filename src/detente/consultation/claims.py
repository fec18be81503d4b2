"""Public claims, tested and not repeated: each measure that the record holds gives its own answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
import polars as pl

from detente.consultation.forums import ForumState
from detente.consultation.sitting import Sitting
from detente.consultation.ties import Ties
from detente.consultation.ties import count_all
from detente.record.dates import add_period
from detente.record.dates import counts_from
from detente.record.dates import days_between
from detente.record.registers import Claim
from detente.record.registers import Words

__all__ = ["MEASURE_WORDS", "VERDICT_WORDS", "Answer", "Tested", "test_claim"]

VERDICT_WORDS = {
    "holds": Words("holds", "подтверждается"),
    "does not hold": Words("does not hold", "не подтверждается"),
    "cannot tell": Words("cannot tell", "установить нельзя"),
}
"""What a measure may say of a claim."""

MEASURE_WORDS = {
    "ties": Words("live ties", "действующие связи"),
    "treaties-in-force": Words("treaties in force between the two", "действующие двусторонние договоры"),
    "negotiations": Words("negotiations", "переговоры"),
    "first time": Words("first time", "впервые"),
    "term": Words("term of the instrument", "срок действия"),
}
"""The measures that are computed and stand in no register."""


class Answer(msgspec.Struct):
    """What one measure says of a claim."""

    measure: str
    verdict: str
    value: str
    compared: str
    why: Words


class Tested(msgspec.Struct):
    """A claim with who said it by that day, and the answer by each measure; answers may differ."""

    id: str
    text: Words
    said: list[dict[str, str]]
    answers: list[Answer]


_SittingOn = Callable[[date], Sitting]


def test_claim(claim: Claim, sitting_on: _SittingOn, on: date) -> Tested:
    """Return the claim tested on a day against every measure that its register entry names."""
    sitting = sitting_on(on)
    rows = sitting.view.of("claim").filter(pl.col("topic") == claim.id)
    said = [
        {"statement": id, "author": author, "on": when, "en": en or "", "ru": ru or ""}
        for id, author, when, en, ru in rows.select("id", "spoken_by", "on", "en", "ru").iter_rows()
    ]
    tests = {"worst-since": _worst_since, "none-under-way-for": _none_under_way, "ends-within": _ends_within}
    test = tests.get(claim.test)
    return Tested(claim.id, claim.text, said, test(claim, sitting_on, on) if test else [])


def _worst_since(claim: Claim, sitting_on: _SittingOn, on: date) -> list[Answer]:
    """Compare the day with every 31 December since the claim's year, by each measure: lower is worse, or farther."""
    since = counts_from(claim.since)
    days = [day for year in range(since.year, on.year) if since <= (day := date(year, 12, 31)) < on]
    answers: list[Answer] = []
    series: dict[date, Ties] = {}
    for measure in claim.measures:
        if measure in ("ties", "treaties-in-force"):
            series = series or {ties.on: ties for ties in count_all([*days, on], sitting_on)}
            values = {day: t.total if measure == "ties" else len(t.treaties) for day, t in series.items()}
            answers.append(_lowest(measure, values, on))
        else:
            answers += _farthest(measure, sitting_on(on), since)
    return answers


def _lowest(measure: str, values: dict[date, int], on: date) -> Answer:
    now = values[on]
    # What had not yet been built cannot have been lost: compare from the first year that had any.
    earlier = {day: value for day, value in values.items() if day != on}
    lower = {day: value for day, value in earlier.items() if value <= now}
    if not earlier:
        return Answer(measure, "cannot tell", str(now), "", Words("Nothing to compare with.", "Сравнивать не с чем."))
    day, least = min(earlier.items(), key=lambda pair: (pair[1], pair[0]))
    years = len({d.year for d in lower})
    why = Words(
        f"{now} on {on}; as low or lower at the end of {years} of {len(earlier)} years, lowest {least} ({day.year}).",
        f"{now} на {on}; годы, на конец которых было столько же или меньше: {years} из {len(earlier)}; "
        f"наименьшее значение — {least} ({day.year}).",
    )
    return Answer(measure, "does not hold" if lower else "holds", str(now), f"{least} ({day.year})", why)


def _farthest(measure: str, sitting: Sitting, since: date) -> list[Answer]:
    """Compare the last value of each data release with its greatest since the claim's year."""
    wanted = {*sitting.pair, *(sitting.registers.at(p, since) for p in sitting.pair)}
    rows = sitting.view.of("report").filter(
        (pl.col("measure") == measure) & (pl.col("on_last") >= since) & pl.col("quantity").is_not_null()
    )
    rows = rows.filter(
        pl.col("party").map_elements(lambda cell: set(cell.split(";")) <= wanted, return_dtype=pl.Boolean)
    )
    answers: list[Answer] = []
    for (item,), group in rows.group_by(["item"], maintain_order=True):
        last = group.row(-1, named=True)
        top = group.sort("quantity").row(-1, named=True)
        holds = top["on"] == last["on"]
        now, greatest = f"{last['quantity']:.2f}", f"{top['quantity']:.2f} ({top['on']})"
        why = Words(
            f"Distance {now} in {last['on']}; greatest since {since.year}: {greatest}.",
            f"Расстояние {now} ({last['on']}); наибольшее с {since.year}: {greatest}.",
        )
        name = f"{measure} ({item})" if item else measure
        answers.append(
            Answer(
                name,
                "holds" if holds else "does not hold",
                f"{last['quantity']:.2f}",
                f"{top['quantity']:.2f} ({top['on']})",
                why,
            )
        )
    return answers or [
        Answer(measure, "cannot tell", "", "", Words("The record holds no value.", "В записях нет значений."))
    ]


def _negotiations(sitting: Sitting) -> list[ForumState]:
    found = (f for f in sitting.sitting_forums.values() if f.kind == "negotiation" and sitting.bilateral(f))
    return [sitting.forum_states[f.id] for f in found]


def _none_under_way(claim: Claim, sitting_on: _SittingOn, on: date) -> list[Answer]:
    """No negotiation of the two is alive; and, if a period is given, there was one somewhere in that time before."""
    sitting = sitting_on(on)
    states = _negotiations(sitting)
    living = [s.id for s in states if s.state == "alive"]
    heard = [s.last or s.since for s in states if s.last or s.since]
    last = max((d for d in heard if d), default=None)
    if not states:
        return [
            Answer(
                "negotiations",
                "cannot tell",
                "",
                "",
                Words("No negotiation is on record.", "Переговоров в записях нет."),
            )
        ]
    if living:
        names = ", ".join(living)
        why = Words(f"Under way: {names}.", f"Ведутся: {names}.")
        return [Answer("negotiations", "does not hold", names, "", why)]
    why = Words(
        f"None is alive; the last was heard of on {last}.", f"Переговоры не ведутся; последние сведения о них — {last}."
    )
    answers = [Answer("negotiations", "holds", "0", str(last), why)]
    if claim.since and last:
        answers.append(_first_time(claim, sitting_on, on))
    return answers


def _first_time(claim: Claim, sitting_on: _SittingOn, on: date) -> Answer:
    """Test "for the first time in decades": at every year's end since the claim's day one was under way."""
    since = counts_from(claim.since)
    days = [date(year, 12, 31) for year in range(since.year, on.year)]
    without = [day.year for day in days if not any(s.state == "alive" for s in _negotiations(sitting_on(day)))]
    years = ", ".join(map(str, without)) or "-"
    why = Words(
        f"Years since {since.year} that ended without one: {years}.",
        f"Годы с {since.year}, завершившиеся без переговоров: {years}.",
    )
    return Answer("first time", "does not hold" if without else "holds", str(len(without)), years, why)


def _ends_within(claim: Claim, sitting_on: _SittingOn, on: date) -> list[Answer]:
    """The instrument's own term, as extended so far, ends within the claimed time."""
    life = sitting_on(on).standings.life(claim.instrument)
    if life.ends is None or not life.in_force(on):
        why = Words(
            "It has no end in sight, or is not in force.",
            "Срок не определён или договорённость не действует.",
        )
        return [Answer("term", "cannot tell", "", "", why)]
    bound = add_period(on, claim.within)
    left = days_between(on, life.ends)
    why = Words(f"It ends on {life.ends}, {left} days on.", f"Срок истекает {life.ends}, через {left} дн.")
    return [Answer("term", "holds" if life.ends < bound else "does not hold", str(life.ends), str(bound), why)]
