"""The track of an instrument: what was done to it day by day, and what may and must come next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import polars as pl

from detente.consultation.commitments import open_commitments
from detente.consultation.said import Said
from detente.consultation.wording import listed
from detente.consultation.wording import period_words
from detente.instruments.lives import Act
from detente.instruments.lives import departure
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.instruments.schema import resolve
from detente.instruments.standings import HELD
from detente.instruments.standings import Stand
from detente.reading.answers import StatusRow
from detente.reading.reading import Reading
from detente.record.dates import add_period
from detente.record.registers import Words

__all__ = ["Coming", "Contest", "Step", "coming", "spans", "track"]

_ENDS = ("expire", "terminate", "supersede", "complete", "withdraw")
_NAMED = 12


class Contest(msgspec.Struct, kw_only=True):
    """Who contests an act, and the statement in which it does."""

    author: str
    statement: str


class Step(msgspec.Struct, kw_only=True):
    """One step of the track: an act on record, or a day that the text and its acts make."""

    day: date
    """The day on which it works."""
    kind: str
    """`act`; computed: `begins`, `ends` (provisions), `end` (the instrument), `out` (a departure takes effect)."""
    verb: str
    """The verb of the act; for `end` what ended it."""
    parties: list[str]
    """Whose act it is, under the name of the day; none where it is the whole instrument's."""
    author: str
    on: str
    """The day on which it was done, as the record writes it."""
    takes_effect: date | None
    """Where a departure or another act works later than it is made."""
    period: str
    articles: list[str]
    says: Words
    statement: str
    reading: str
    """"" where it counts in the common reading; else the author who alone tells it so."""
    counts: bool
    """Whether it counts in the reading that was asked for."""
    contested: list[Contest]


class Coming(msgspec.Struct, kw_only=True):
    """What must come on a day, or may come, by the terms of the instrument."""

    must: bool
    day: date | None
    kind: str
    provision: str
    parties: list[str]
    title: Words
    readings: list[str]
    """In whose readings alone it is so; none where it is so in the common one."""


def track(reading: Reading, law: Instrument, rows: Iterable[StatusRow]) -> list[Step]:
    """Return the steps up to the day in their order, computed ones among those on record."""
    steps = list(_acts(reading, law))
    made = {(step.day, party) for step in steps for party in step.parties or [""] if step.verb in _ENDS}
    for row in rows:
        # The end stands on record as an act, or follows from the term or from a departure.
        if row.ended and not any(day == row.ended for day, _ in made):
            steps += [_computed(row.ended, "end", verb=row.how, reading=row.reading)]
    steps += [
        _computed(out, "out", parties=[party], reading=reading.reader)
        for party, out in _departures(reading, law)
        if (out, party) not in made
    ]
    life = reading.standing.life(law.id, reading.reader)
    for day, kind, articles in _turning(reading, law):
        if day <= reading.on and life.since and life.since < day and (life.ended is None or day < life.ended):
            steps.append(_computed(day, kind, articles=articles, reading=reading.reader))
    return sorted(steps, key=lambda step: (step.day, _place(step), step.parties))


_ORDER = ("open", "adopt", "sign", "join", "ratify", "accede", "succeed", "accept", "enter-into-force")


def _place(step: Step) -> int:
    """Return where a step stands among those of one day: signed, consented, in force, the rest, the end."""
    if step.kind == "act":
        return _ORDER.index(step.verb) if step.verb in _ORDER else len(_ORDER)
    return len(_ORDER) + (2 if step.kind in ("end", "out") else 1)


def _acts(reading: Reading, law: Instrument) -> Iterator[Step]:
    standing, registers = reading.standing, reading.view.registers
    common = {act.id: act for act in standing.acts(law.id)}
    counted = {act.id: act for act in standing.acts(law.id, reading.reader)}
    rows = reading.view.of("act").filter(pl.col("instrument") == law.id)
    for row in rows.iter_rows(named=True):
        id, on = row["id"], row["on_last"]
        parties = [registers.at(party, on) for party in row["party"].split(";")] if row["party"] else []
        works = row["effect_last"] if row["effect_last"] and row["effect_last"] > on else None
        yield Step(
            day=on,
            kind="act",
            verb=row["verb"],
            parties=parties,
            author=row["spoken_by"],
            on=row["on"],
            takes_effect=works or _leaves(law, common.get(id) or counted.get(id)),
            period=row["period"] or "",
            articles=[],
            says=Words(row["en"] or "", row["ru"] or row["en"] or ""),
            statement=id,
            reading="" if id in common else row["author"],
            counts=id in counted,
            contested=[Contest(author=a, statement=s) for a, s in standing.contested.get(id, {}).items()],
        )


def _leaves(law: Instrument, act: Act | None) -> date | None:
    """Return the day on which a notice of withdrawal takes effect, where that is later than the notice."""
    out = departure(law, act) if act else None
    return out if act and out and out > act.on else None


def _computed(day: date, kind: str, **known: Any) -> Step:  # noqa: ANN401 - the fields of a step
    empty: dict[str, Any] = {
        "verb": "", "parties": [], "author": "", "on": day.isoformat(), "takes_effect": None, "period": "",
        "articles": [], "says": Words("", ""), "statement": "", "reading": "", "counts": True, "contested": [],
    }  # fmt: skip
    return Step(day=day, kind=kind, **{**empty, **known})


def _departures(reading: Reading, law: Instrument) -> Iterator[tuple[str, date]]:
    for stand in reading.standing.parties(law.id, reading.reader).values():
        if stand.standing == "out" and stand.since:
            yield stand.party, stand.since


def _anchors(reading: Reading, law: Instrument, reader: str) -> dict[str, date]:
    """Return the days from which dated provisions count in a reading."""
    days = reading.standing.life(law.id, reader).days()
    for act in reading.standing.acts(law.id, reader):
        if act.effect <= reading.on:
            days.setdefault(f"act:{act.verb}", act.effect)
    return days


def spans(reading: Reading, law: Instrument, reader: str) -> dict[str, tuple[date | None, date | None]]:
    """Return from when until when each article binds by its own dates, where it has any."""
    days = _anchors(reading, law, reader)
    dated = {p.article: (resolve(p.from_, days), resolve(p.until, days)) for p in law.provision if p.from_ or p.until}
    return {article: span for article, span in dated.items() if any(span)}


def _turning(reading: Reading, law: Instrument, reader: str | None = None) -> list[tuple[date, str, list[str]]]:
    """Return the days on which articles begin to bind or cease to, with the articles."""
    found: dict[tuple[date, str], list[str]] = defaultdict(list)
    term = law.term()
    for article, span in spans(reading, law, reading.reader if reader is None else reader).items():
        for day, kind in zip(span, ("begins", "ends"), strict=True):
            if day and not (term and article == term.article):
                found[day, kind].append(article)
    return [(day, kind, articles) for (day, kind), articles in sorted(found.items())]


def coming(
    reading: Reading, law: Instrument, rows: Sequence[StatusRow], findings: pl.DataFrame, bodies: Iterable[str]
) -> list[Coming]:
    """Return what must come, soonest first, then what may come; each once, with the readings that have it."""
    found: list[Coming] = []
    for row in rows:
        if row.in_force:
            found += [*_ends(reading, law, row), *_begun(reading, law, row), *_may(reading, law, row)]
    found += [*_leaving(reading, law), *_turns(law, findings, reading, rows)]
    found += [*_sessions(reading, bodies), *_promised(reading, law), *_pending(reading, law)]
    first: dict[tuple[object, ...], Coming] = {}
    for each in found:
        known = first.setdefault((each.kind, each.day, each.provision, *each.parties), each)
        if known.readings:
            known.readings = [*dict.fromkeys([*known.readings, *each.readings])]
    return sorted(first.values(), key=lambda c: (not c.must, c.day is None, c.day or date.max, c.kind, c.provision))


def _coming(kind: str, day: date | None, title: Words, **known: Any) -> Coming:  # noqa: ANN401 - fields of Coming
    plain: dict[str, Any] = {"must": True, "provision": "", "parties": [], "readings": []}
    return Coming(kind=kind, day=day, title=title, **{**plain, **known})


def _ends(reading: Reading, law: Instrument, row: StatusRow) -> Iterator[Coming]:
    term = law.term()
    if not row.ends:
        return
    known = {"provision": term.article if term else "", "readings": [row.reading] if row.reading else []}
    if term and term.renewal:
        again = period_words(term.renewal)
        title = Words(f"The term is renewed for {again.en} unless notice is given",
                      f"Срок продлевается на {again.ru}, если не сделано уведомление")  # fmt: skip
        yield _coming("renewal", row.ends, title, **known)
        return
    if any(stand.until == row.ends for stand in _departing(reading, law)):
        title = Words("With the withdrawal the instrument itself ends",
                      "Вместе с выходом прекращает действие сама договорённость")  # fmt: skip
        yield _coming("term", row.ends, title, **known)
        return
    yield _coming("term", row.ends, Words("Its term ends", "Истекает срок действия"), **known)
    life = reading.standing.life(law.id, row.reading)
    if term and term.extension and life.extensions < term.extension.times:
        longer = period_words(term.extension.at_most)
        last = add_period(row.ends, term.extension.at_most)
        title = (
            Words(f"One extension of up to {longer.en} is open, to {last} at the latest",
                  f"Возможно одно продление на срок до {longer.ru}, не далее {last}")
            if term.extension.times == 1
            else Words(f"An extension of up to {longer.en} is open, to {last} at the latest",
                       f"Возможно продление на срок до {longer.ru}, не далее {last}")
        )  # fmt: skip
        yield _coming("extension", None, title, must=False, **known)


def _begun(reading: Reading, law: Instrument, row: StatusRow) -> Iterator[Coming]:
    """Yield the days to come on which articles begin to bind or cease to, before the instrument ends."""
    words = {"begins": Words("begins to bind", "начинает действовать"), "ends": Words("ends", "прекращает действие")}
    for day, kind, articles in _turning(reading, law, row.reading):
        if reading.on < day and (row.ends is None or day < row.ends):
            names = ", ".join(articles)
            title = Words(f"{names}: {words[kind].en}", f"{names}: {words[kind].ru}")
            yield _coming(
                kind,
                day,
                title,
                provision=articles[0] if len(articles) == 1 else names,
                readings=[row.reading] if row.reading else [],
            )


def _may(reading: Reading, law: Instrument, row: StatusRow) -> Iterator[Coming]:
    term = law.term()
    if not term or not term.notice:
        return
    notice, out = period_words(term.notice), add_period(reading.on, term.notice)
    title = Words(
        f"A party may withdraw on notice of {notice.en}; given on this day, it would take effect on {out}",
        f"Сторона может выйти, уведомив за срок: {notice.ru}; уведомление этого дня вступило бы в силу {out}",
    )
    yield _coming(
        "notice", None, title, must=False, provision=term.article, readings=[row.reading] if row.reading else []
    )


def _leaving(reading: Reading, law: Instrument) -> Iterator[Coming]:
    title = Words("Its withdrawal takes effect", "Выход вступает в силу")
    for stand in _departing(reading, law):
        yield _coming("departure", stand.until, title, parties=[stand.party])


def _departing(reading: Reading, law: Instrument) -> list[Stand]:
    stands = reading.standing.parties(law.id, reading.reader).values()
    return [stand for stand in stands if stand.standing == "leaving" and stand.until]


def _turns(law: Instrument, findings: pl.DataFrame, reading: Reading, stand: Iterable[StatusRow]) -> Iterator[Coming]:
    """Yield the next turn of what comes again and the last days for what is still to be done, while it binds."""
    last_day = {article: until for article, (_, until) in spans(reading, law, reading.reader).items()}
    end = max((row.ends or date.max for row in stand if row.in_force), default=date.min)
    live = findings.filter((pl.col("author") == "") & (pl.col("state") != "not applicable"))
    due = live.filter((pl.col("kind") == "cadence") & (pl.col("next_due") > reading.on))
    last = live.filter((pl.col("state") == "not yet due") & (pl.col("deadline") > reading.on))
    for kind, column, rows in (("turn", "next_due", due), ("deadline", "deadline", last)):
        groups = rows.group_by(column, "provision", maintain_order=True).agg(pl.col("party").unique().sort())
        for day, article, parties in groups.iter_rows():
            if day > min(end, last_day.get(article) or date.max):
                continue
            few = parties if len(parties) <= _NAMED else []
            yield _coming(kind, day, _title(law.find(article)), provision=article, parties=few)


def _title(provision: Provision | None) -> Words:
    return provision.title if provision else Words("", "")


def _sessions(reading: Reading, bodies: Iterable[str]) -> Iterator[Coming]:
    rows = reading.view.announced("meeting").filter(pl.col("forum").is_in(list(bodies)))
    forums = reading.view.registers.forums
    for forum, day in rows.select("forum", "on_last").iter_rows():
        title = forums[forum].title
        yield _coming("session", day, Words(f"Announced: {title.en}", f"Объявлено: {title.ru}"))


def _promised(reading: Reading, law: Instrument) -> Iterator[Coming]:
    promises: dict[str, list[Said]] = defaultdict(list)
    for said in open_commitments(reading.view):
        if said.instrument == law.id and said.due_last and said.due_last >= reading.on:
            promises[said.topic or ""].append(said)
    for topic, made in promises.items():
        title = Words(made[0].en or topic, made[0].ru or made[0].en or topic)
        yield _coming("commitment", made[0].due_last, title, parties=sorted({s.party for s in made if s.party}))


def _pending(reading: Reading, law: Instrument) -> Iterator[Coming]:
    """Yield what is open to those who signed: consent, and with it the entry into force."""
    life = reading.standing.life(law.id, reading.reader)
    if life.ended or not life.opened:
        return
    stands: Mapping[str, Any] = reading.standing.parties(law.id, reading.reader)
    waiting = sorted(p for p, stand in stands.items() if stand.standing == "signatory")
    if life.since is None:
        held = sum(stand.standing in (*HELD, "contracting") for stand in stands.values())
        title = Words(f"Entry into force; consents on record: {held}", f"Вступление в силу; согласий в записях: {held}")
        yield _coming("force", None, title, must=False)
    if waiting and law.binding == "legal":
        names = listed(waiting, _NAMED)
        title = Words(f"Signed and not yet consented to be bound: {names.en}",
                      f"Подписали, согласия на обязательность пока нет: {names.ru}")  # fmt: skip
        yield _coming("consent", None, title, must=False, parties=waiting)
