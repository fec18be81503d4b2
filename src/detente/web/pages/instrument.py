"""One instrument: how it stands, its dated track, its articles with the findings, reports, concerns and bodies."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.reading.answers import DueAnswer
from detente.reading.answers import DueRow
from detente.reading.answers import FindingRow
from detente.reading.answers import StandingRow
from detente.reading.answers import StatusRow
from detente.reading.articles import ArticleRow
from detente.reading.instrument import Declaration
from detente.reading.instrument import InstrumentAnswer
from detente.reading.instrument import Said
from detente.reading.instrument import Topic
from detente.reading.instrument import instrument as instrument_on
from detente.reading.track import Step
from detente.record.registers import Registers
from detente.record.registers import Words
from detente.rendering.calendar import due_calendar
from detente.rendering.provisions import BASES
from detente.rendering.provisions import FORMS
from detente.rendering.provisions import binding_words
from detente.rendering.provisions import brief_requirement
from detente.rendering.provisions import dates_words
from detente.rendering.provisions import figure_words
from detente.rendering.provisions import requirement
from detente.rendering.statement_words import SILENCE_WORDS
from detente.rendering.statement_words import verb_words
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import missing
from detente.web.pages.asked import choice
from detente.web.pages.asked import near
from detente.web.pages.chips import Chip
from detente.web.pages.chips import chips
from detente.web.pages.instruments import shown_readings
from detente.web.pages.instruments import voices
from detente.web.pages.steps import stops
from detente.web.pictures.track import draw_track

__all__ = ["Clause", "Outcome", "clause", "instrument", "law_asked", "outcomes"]

_NAMED: Final = 6
"""So many parties whose standing is disputed are named at the head of the page."""

_FEW: Final = 16
"""So many standings are shown as they are; more are counted."""

_KEPT: Final = {
    "all": Words("all articles", "все статьи"),
    "judged": Words("those with a finding", "с оценкой"),
    "apart": Words("not met, or accounts that differ", "не выполнено или данные расходятся"),
}


_PLAIN: Final = ("within", "beyond", "within-quota", "over-quota")
"""Reasons that the value beside its limit says already."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One finding that several parties share: in one state for one reason, by the same authors."""

    authors: list[str]
    """Who holds it; none where it is the common reading."""
    state: str
    reason: str
    value: Words
    limit: Words
    parties: list[tuple[str, str]]
    """Each party with the id of its finding."""


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """One article, finished for the table."""

    row: ArticleRow
    requires: Words
    brief: Words
    """The same for a table in which the title stands beside it."""
    dates: list[tuple[str, Words]]
    """`from` and `until`, each in words."""
    binds: Words
    basis: Words
    counts: list[tuple[str, int]]
    outcomes: list[Outcome]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a party stands in one reading, or in several that agree."""

    row: StandingRow
    readers: list[str]


class Told(msgspec.Struct, frozen=True):
    """A report with its value as each language writes it."""

    row: Declaration
    value: Words


class Measured(msgspec.Struct, frozen=True):
    """The latest reports on one measure."""

    title: Words
    unit: str
    articles: list[str]
    told: list[Told]


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """A topic of concern: the last word of each author first, everything said after it."""

    topic: Topic
    last: list[Said]
    verbs: dict[str, Words]


def instrument(ask: Ask, id: str) -> Page:
    """Return the page of an instrument on the day."""
    law = law_asked(ask, id)
    answer = instrument_on(ask.reading, law.id)
    kept = choice(ask, "articles", ask.parameter("articles"), _KEPT) or "all"
    both = bool(choice(ask, "texts", ask.parameter("texts"), ("both",)))
    clauses = [clause(ask, law, row) for row in answer.articles]
    track = stops(answer)
    shown = shown_readings(answer.status, ask.desk.registers)
    # Where a reading was chosen, everything is of it; it need not be said each time.
    apart = [[] if ask.chosen.according_to else voices(c.readings, ask.desk.registers) for c in answer.coming]
    ahead = [msgspec.structs.replace(c, readings=r) for c, r in zip(answer.coming, apart, strict=True)]
    standings = _standings(answer.standings, ask.desk.registers)
    return Page(
        template="instrument.html",
        title=Words(f"{law.short.en}, {answer.on}", f"{law.short.ru}, {answer.on}"),
        answer=answer,
        rows=answer.standings,
        calendar=lambda language: due_calendar(_days(answer), language),
        stamp=answer.stamp,
        context={
            "answer": answer,
            "law": law,
            "form": FORMS.get(law.form, Words(law.form, law.form)),
            "source": ask.desk.registers.sources.get(law.source),
            "shown": shown,
            "opened": answer.track[0].day if answer.track else None,
            "track": track,
            "picture": draw_track(answer, track, shown) if answer.track else None,
            "must": [c for c in ahead if c.must],
            "may": [c for c in ahead if not c.must],
            "standings": standings
            if len(standings) <= _FEW
            else [s for _, ways in _differing(standings) for s in ways],
            "all_standings": standings if len(standings) > _FEW else [],
            "differing": _differing(standings)[:_NAMED] if len(shown) == 1 else [],
            "enders": {row.reading: _ender(answer, row) for row in answer.status},
            "standing_counts": _counts(answer.standings),
            "clauses": [c for c in clauses if _fits(c, kept)],
            "clauses_in_all": len(clauses),
            "obligations": sum(c.row.kind != "none" for c in clauses),
            "which": kept,
            "which_words": _KEPT[kept],
            "article_chips": _chips(ask, clauses, kept),
            "both": both,
            "texts": ask.links.changed(ask.request.path, _turned(ask, both)),
            "reports": _reports(answer.declarations, judged=True),
            "other_reports": _reports(answer.declarations, judged=False),
            "silences": SILENCE_WORDS,
            "topics": [_heard(topic) for topic in answer.concerns],
            "open_topics": sum(topic.open for topic in answer.concerns),
        },
    )


def law_asked(ask: Ask, id: str) -> Instrument:
    """Return the instrument that an address names, by id or short title; 404 with near names."""
    laws = ask.desk.casebook.instruments
    if id in laws:
        return laws[id]
    titles = {name: law.id for law in laws.values() for name in (law.id, law.short.en, law.short.ru)}
    wanted = id.casefold()
    for name, found in titles.items():
        if name.casefold() == wanted:
            return laws[found]
    likely = ", ".join(dict.fromkeys(titles[name] for name in near(id, titles)))
    raise missing(
        Words(f"The record holds no instrument “{id[:60]}”.", f"В записях нет договорённости «{id[:60]}»."),
        Words(f"Did you mean {likely}?", f"Возможно: {likely}.") if likely else _ALL,
    )


_ALL: Final = Words("All are on the page Instruments.", "Все — на странице «Договорённости».")


def clause(ask: Ask, law: Instrument, row: ArticleRow) -> Clause:
    """Return an article with its requirement in words and its findings put together."""
    provision = law.find(row.article) or law.provision[0]
    binds = provision.binds != "parties"
    return Clause(
        row=row,
        requires=requirement(provision, law, ask.desk.casebook),
        brief=brief_requirement(provision, law, ask.desk.casebook),
        dates=_dates(provision, row),
        binds=binding_words(provision, law, ask.desk.casebook) if binds else Words("", ""),
        basis=BASES[row.basis] if row.basis != "seen" else Words("", ""),
        counts=sorted(row.counts.items(), key=lambda c: -c[1]),
        outcomes=outcomes(row.findings, ask.desk.registers),
    )


def _dates(provision: Provision, row: ArticleRow) -> list[tuple[str, Words]]:
    given = (("from", provision.from_, row.begins), ("until", provision.until, row.ends))
    # "From entry into force" holds of every article that says nothing of it.
    return [(name, dates_words(value, day)) for name, value, day in given if value and not _plain(value)]


def _plain(value: object) -> bool:
    return getattr(value, "after", "") in ("entry-into-force", "bound") and getattr(value, "period", "") == "P0D"


def outcomes(findings: Iterable[FindingRow], registers: Registers) -> list[Outcome]:
    """Return findings with the parties that share them: the common reading first, then those told otherwise.

    Authors who hold the same of the same parties are named together.
    """
    groups: dict[tuple[str, str, str, str | None, str | None], list[FindingRow]] = defaultdict(list)
    for row in findings:
        groups[row.author, row.state, row.reason, row.value, row.limit].append(row)
    alike: dict[tuple[object, ...], list[list[FindingRow]]] = defaultdict(list)
    for (author, *held), rows in groups.items():
        alike[author == "", *held, *(row.party for row in rows)].append(rows)
    found = [_outcome([rows[0].author for rows in same], same[0], registers) for same in alike.values()]
    return sorted(found, key=lambda o: (bool(o.authors), o.authors))


def _outcome(authors: list[str], rows: list[FindingRow], registers: Registers) -> Outcome:
    row = rows[0]
    plain = bool(row.value) and row.reason in _PLAIN
    return Outcome(
        authors=voices(authors, registers),
        state=row.state,
        reason="" if plain else "open-concern" if row.reason == "doubt" and not row.author else row.reason,
        value=figure_words(row.value),
        limit=figure_words(row.limit),
        parties=[(each.party, each.id) for each in rows],
    )


def _fits(clause: Clause, kept: str) -> bool:
    if kept == "judged":
        return clause.row.parties > 0
    if kept == "apart":
        return _apart(clause)
    return True


def _apart(clause: Clause) -> bool:
    return "not met" in clause.row.counts or any(o.authors or o.state == "not met" for o in clause.outcomes)


def _chips(ask: Ask, clauses: list[Clause], kept: str) -> list[Chip]:
    counts = {name: sum(_fits(c, name) for c in clauses) for name in _KEPT}
    values = [(n, words.get(ask.language), counts[n]) for n, words in _KEPT.items() if n != "all" and counts[n]]
    return chips(ask, "articles", values, kept)


def _turned(ask: Ask, both: bool) -> dict[str, str]:
    """Return the further parameters of the address that shows one language more, or one less."""
    others = {k: v for k, v in ask.more.items() if k != "texts"}
    return others if both else {**others, "texts": "both"}


def _standings(rows: Iterable[StandingRow], registers: Registers) -> list[Standing]:
    """Return standings in the order of the parties; readings in which a party stands alike are named together."""
    groups: dict[tuple[object, ...], list[StandingRow]] = defaultdict(list)
    for row in rows:
        groups[row.party, bool(row.reading), row.standing, row.since, row.until].append(row)
    return [Standing(row=same[0], readers=voices((r.reading for r in same), registers)) for same in groups.values()]


def _ender(answer: InstrumentAnswer, row: StatusRow) -> Step | None:
    """Return the act that ended the instrument in a reading, where an act on record did."""
    acts = (step for step in answer.track if step.kind == "act" and step.verb == row.how and row.ended)
    return next((step for step in acts if row.ended in (step.day, step.takes_effect)), None)


def _differing(standings: Iterable[Standing]) -> list[tuple[str, list[Standing]]]:
    """Return the parties that stand otherwise in some reading, with every way in which they stand."""
    ways: dict[str, list[Standing]] = defaultdict(list)
    for each in standings:
        ways[each.row.party].append(each)
    return [(party, found) for party, found in ways.items() if len({s.row.standing for s in found}) > 1]


def _counts(rows: Iterable[StandingRow]) -> list[tuple[str, int]]:
    """Return how many parties stand in which way, in one reading."""
    first: dict[str, StandingRow] = {}
    for row in rows:
        first.setdefault(row.party, row)
    return Counter(row.standing for row in first.values()).most_common()


def _reports(declarations: Iterable[Declaration], judged: bool) -> list[Measured]:
    """Return the latest reports by measure: those that an article is judged by, or the others."""
    groups: dict[str, list[Declaration]] = defaultdict(list)
    for each in declarations:
        if bool(each.articles) == judged:
            groups[each.measure].append(each)
    return [
        Measured(rows[0].title, rows[0].unit, rows[0].articles, [Told(row, figure_words(row.value)) for row in rows])
        for rows in groups.values()
    ]


def _heard(topic: Topic) -> Heard:
    last = {said.author: said for said in topic.statements}
    verbs = {said.verb: verb_words("concern", said.verb) for said in topic.statements}
    return Heard(topic=topic, last=list(last.values()), verbs=verbs)


def _days(answer: InstrumentAnswer) -> DueAnswer:
    """Return what must come as days of a calendar."""
    due = [
        DueRow(
            day=_day(each.day, answer.on), kind=each.kind, issue=answer.issue, instrument=answer.id,
            provision=each.provision, parties=each.parties,
            title=Words(f"{answer.short.en}: {each.title.en}", f"{answer.short.ru}: {each.title.ru}"),
        )
        for each in answer.coming if each.must and each.day
    ]  # fmt: skip
    return DueAnswer(
        on=answer.on, known_by=answer.known_by, according_to=answer.according_to, stamp=answer.stamp,
        within="", due=due,
    )  # fmt: skip


def _day(day: date | None, on: date) -> date:
    return day or on
