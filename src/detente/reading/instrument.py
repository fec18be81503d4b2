"""An instrument on a day: how it stands, its track, its articles with their findings, reports, concerns and bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import msgspec
import polars as pl

from detente.instruments.schema import Instrument
from detente.reading.answers import Answer
from detente.reading.answers import FindingRow
from detente.reading.answers import ForumRow
from detente.reading.answers import StandingRow
from detente.reading.answers import StatusRow
from detente.reading.articles import ArticleRow
from detente.reading.articles import article_rows
from detente.reading.meetings import forums
from detente.reading.reading import Reading
from detente.reading.status import status
from detente.reading.track import Coming
from detente.reading.track import Step
from detente.reading.track import coming
from detente.reading.track import track
from detente.record.registers import Words

__all__ = ["Case", "Declaration", "InstrumentAnswer", "Said", "Topic", "instrument"]


class Declaration(msgspec.Struct, kw_only=True):
    """The latest report on one measure of one party by one author."""

    measure: str
    title: Words
    unit: str
    item: str
    party: str
    author: str
    value: str
    silence: str
    on: str
    statement: str
    source: str
    articles: list[str]
    """The articles that are judged by it."""


class Said(msgspec.Struct, kw_only=True):
    """One statement of a concern: raised, answered, resolved or withdrawn."""

    statement: str
    on: str
    verb: str
    author: str
    provision: str
    says: Words


class Case(msgspec.Struct, kw_only=True):
    """What one author holds against one party on a topic, and whether it still does."""

    author: str
    party: str
    state: str
    """`open`, `resolved` or `withdrawn`."""
    since: date
    until: date | None
    answered: date | None


class Topic(msgspec.Struct, kw_only=True):
    """A topic on which concerns were raised under the instrument, with all that was said of it."""

    topic: str
    open: bool
    articles: list[str]
    cases: list[Case]
    statements: list[Said]


class InstrumentAnswer(Answer, kw_only=True):
    """One instrument on the day."""

    id: str
    title: Words
    short: Words
    issue: str
    form: str
    binding: str
    membership: str
    depositary: list[str]
    authority: str
    part_of: str
    parts: list[str]
    replaces: list[str]
    replaced_by: list[str]
    source: str
    checked: str
    roll: str
    note: Words
    statements: int
    """How many statements of the record are about it and count on the day."""
    status: list[StatusRow]
    track: list[Step]
    coming: list[Coming]
    standings: list[StandingRow]
    articles: list[ArticleRow]
    declarations: list[Declaration]
    concerns: list[Topic]
    bodies: list[ForumRow]


def instrument(reading: Reading, id: str) -> InstrumentAnswer:
    """Return what the record holds of an instrument on the day; raise DetenteError with near names."""
    law = reading.instrument(id)
    stands = status(reading, law.id)
    judged = reading.findings_on(law.id)
    shown = [FindingRow(**row) for row in reading.findings(law.id).drop("issue", "standing").iter_rows(named=True)]
    bodies = _bodies(reading, law)
    others = reading.casebook.instruments.values()
    return InstrumentAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        id=law.id,
        title=law.title,
        short=law.short,
        issue=law.issue,
        form=law.form,
        binding=law.binding,
        membership=law.membership,
        depositary=list(law.depositary),
        authority=law.authority,
        part_of=law.part_of,
        parts=[other.id for other in others if other.part_of == law.id],
        replaces=list(law.replaces),
        replaced_by=[other.id for other in others if law.id in other.replaces],
        source=law.source,
        checked=law.checked,
        roll=law.roll,
        note=law.note,
        statements=_count(reading, law),
        status=stands.instruments,
        track=track(reading, law, stands.instruments),
        coming=coming(reading, law, stands.instruments, judged, [body.forum for body in bodies]),
        standings=stands.standings,
        articles=article_rows(reading, law, shown),
        declarations=_declarations(reading, law),
        concerns=_concerns(reading, law),
        bodies=bodies,
    )


def _count(reading: Reading, law: Instrument) -> int:
    frame = reading.casebook.record.frame
    rows = frame.filter((pl.col("instrument") == law.id) & (pl.col("on_last") <= reading.on))
    return rows.filter(pl.col("known_last") <= reading.known_by).height if reading.known_by else rows.height


def _bodies(reading: Reading, law: Instrument) -> list[ForumRow]:
    """Return the forums whose charter names the instrument, its own body first."""
    named = {f.id for f in reading.view.registers.forums.values() if law.id in f.instruments} | {law.body}
    rows = [row for row in forums(reading).forums if row.forum in named]
    return sorted(rows, key=lambda row: row.forum != law.body)


def _declarations(reading: Reading, law: Instrument) -> list[Declaration]:
    """Return the latest report by measure, item, party and author, those that an article is judged by first."""
    articles: dict[str, list[str]] = defaultdict(list)
    for provision in law.provision:
        for measure in filter(None, (provision.measure, *provision.measures)):
            articles[measure].append(provision.article)
    registered = reading.view.registers.measures
    order = {measure: place for place, measure in enumerate(articles)}
    rows = reading.view.of("report").filter(
        (pl.col("instrument") == law.id) | pl.col("measure").is_in(list(articles))
    )  # fmt: skip
    last = rows.group_by("measure", "item", "party", "author", maintain_order=True).last()
    wanted = ["measure", "item", "party", "author", "value", "silence", "on", "id", "source"]
    found = []
    for measure, item, party, author, value, silence, on, id, source in last.select(wanted).iter_rows():
        entry = registered.get(measure)
        found.append(
            Declaration(
                measure=measure, title=entry.title if entry else Words(measure, measure),
                unit=entry.unit if entry else "", item=item or "", party=party, author=author, value=value or "",
                silence=silence, on=on, statement=id, source=source, articles=articles.get(measure, []),
            )
        )  # fmt: skip
    found.sort(
        key=lambda d: (order.get(d.measure, len(order)), d.measure, d.item, d.party, d.author != d.party, d.author)
    )
    return found


_RAISED = ("allege", "question")
_CLOSED = {"resolve": "resolved", "withdraw": "withdrawn"}


def _concerns(reading: Reading, law: Instrument) -> list[Topic]:
    """Return the topics on which concerns were raised under the instrument, those still open first."""
    rows = reading.view.of("concern").filter(pl.col("instrument") == law.id)
    by_topic: dict[str, list[Said]] = defaultdict(list)
    raised: dict[str, list[tuple[str, str, str, date]]] = defaultdict(list)
    answers: dict[tuple[str, str], list[date]] = defaultdict(list)
    wanted = ["topic", "id", "on", "on_last", "verb", "author", "spoken_by", "party", "provision", "en", "ru"]
    for topic, id, on, day, verb, author, voice, parties, article, en, ru in rows.select(wanted).iter_rows():
        says = Words(en or topic, ru or en or topic)
        said = Said(statement=id, on=on, verb=verb, author=voice, provision=article or "", says=says)
        by_topic[topic].append(said)
        if verb in ("answer", "concede"):
            answers[topic, author].append(day)
        else:
            raised[topic] += [(author, party, verb, day) for party in parties.split(";")]
    topics = [_topic(t, said, list(_cases(raised[t], t, answers))) for t, said in by_topic.items()]
    return sorted(topics, key=lambda t: (not t.open, -len(t.statements), t.topic))


def _topic(topic: str, said: list[Said], cases: list[Case]) -> Topic:
    articles = list(dict.fromkeys(s.provision for s in said if s.provision))
    still = any(case.state == "open" for case in cases)
    return Topic(topic=topic, open=still, articles=articles, cases=cases, statements=said)


def _cases(
    raised: Iterable[tuple[str, str, str, date]], topic: str, answers: dict[tuple[str, str], list[date]]
) -> Iterable[Case]:
    threads: dict[tuple[str, str], list[tuple[str, date]]] = defaultdict(list)
    for author, party, verb, day in raised:
        threads[author, party].append((verb, day))
    for (author, party), told in threads.items():
        verb, last = told[-1]
        yield Case(
            author=author,
            party=party,
            state="open" if verb in _RAISED else _CLOSED.get(verb, "open"),
            since=told[0][1],
            until=None if verb in _RAISED else last,
            answered=max(answers.get((topic, party), []), default=None),
        )
