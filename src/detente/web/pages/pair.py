"""Two parties compared: what holds both, who meets it, what each says, and where the accounts differ."""

from __future__ import annotations

import re
from collections import Counter
from collections import defaultdict
from datetime import date
from typing import Final

import msgspec

from detente.reading.answers import FindingRow
from detente.reading.answers import ForumRow
from detente.reading.pair import Apart
from detente.reading.pair import CommonText
from detente.reading.pair import Differing
from detente.reading.pair import OneSided
from detente.reading.pair import PairAnswer
from detente.reading.pair import Topic
from detente.reading.pair import VoteElsewhere
from detente.reading.pair import pair as pair_answer
from detente.record.registers import Words
from detente.rendering.statement_words import verb_words
from detente.web.chosen import Chosen
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.desk import desk
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import today
from detente.web.pages.asked import issue_asked
from detente.web.pages.asked import party_asked
from detente.web.pages.chips import issue_chips
from detente.web.pictures.ties import TiesPicture
from detente.web.pictures.ties import draw_ties
from detente.web.pictures.votes import draw_votes

__all__ = ["CommonLine", "pair"]

_SHOWN: Final = 15
"""So many topics are open; the others are one step away."""

_STATES: Final = ("met", "not met", "cannot tell", "not yet due", "not applicable")


class Otherwise(msgspec.Struct, frozen=True):
    """How the two stand in the reading of some authors, unlike the common reading."""

    readers: list[str]
    standings: tuple[str, str]


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument that holds both, with the count of each one's findings by state."""

    text: CommonText
    apart: list[Otherwise]
    counts: tuple[list[tuple[str, int]], list[tuple[str, int]]]
    unspoken: int
    """Undertakings of the text of which nobody has spoken."""


class One(msgspec.Struct, frozen=True):
    """An instrument that holds one of the two."""

    text: OneSided
    apart: list[Otherwise]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one said last on a topic, with its verb in words."""

    verb: Words
    on: str
    says: Words
    statement: str
    times: int


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A topic with both sides' last words beside each other."""

    topic: Topic
    name: Words
    sides: tuple[Said | None, Said | None]


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """A vote outside the Assembly, in words."""

    vote: VoteElsewhere
    name: Words
    words: tuple[Words, Words]


class CommonLine(msgspec.Struct, frozen=True, kw_only=True):
    """One provision that binds both as a row of a spreadsheet, with the finding on each."""

    instrument: str
    title: Words
    issue: str
    provision: str
    kind: str
    first: str
    first_standing: str
    first_state: str
    first_value: str
    second: str
    second_standing: str
    second_state: str
    second_value: str
    limit: str


def pair(ask: Ask, a: str, b: str) -> Page:
    """Return the page of two parties compared."""
    first, second = party_asked(ask, a), party_asked(ask, b)
    if first == second:
        raise _one_party(ask, a, b)
    issue = issue_asked(ask)
    whole = pair_answer(ask.reading, first, second, ask.chosen.horizon)
    answer = _narrowed(whole, issue) if issue else whole
    both = [topic for topic in answer.topics if all(topic.positions)]
    registers = ask.desk.registers
    names = [registers.parties[party].name for party in answer.between]
    return Page(
        template="pair.html",
        title=Words(f"{names[0].en} and {names[1].en}", f"{names[0].ru} и {names[1].ru}"),
        answer=answer,
        rows=[line for text in answer.common for line in _lines(answer, text)],
        stamp=answer.stamp,
        context={
            "answer": answer,
            "pair": answer.between,
            "asked": [name for name in (a.strip().upper(), b.strip().upper()) if _is_other(ask, name, answer)],
            "issue_chips": issue_chips(ask, _issues(whole), issue),
            "commons": _by_issue(answer.common),
            "open_to_both": [_one(text) for text in answer.one_sided if text.membership != "closed"],
            "others_texts": [_one(text) for text in answer.one_sided if text.membership == "closed"],
            "topics": [_spoken(topic) for topic in both[:_SHOWN]],
            "earlier": [_spoken(topic) for topic in both[_SHOWN:]],
            "alone": [_alone(answer, n) for n in (0, 1)],
            "votes": draw_votes(answer.votes),
            "elsewhere": [_elsewhere(vote) for vote in answer.votes_elsewhere],
            "differing": [row for row in answer.differing if row.party in answer.between],
            "about_others": _about_others(answer.differing, answer.between),
            "forums": _by_state(answer.forums),
            "ties": _ties(ask, answer),
            "ties_address": ask.links.changed(ask.request.path, {**ask.more, "ties": "years"}) + "#ties",
        },
    )


def _one_party(ask: Ask, a: str, b: str) -> FaultyRequest:
    what = Words(
        f"“{a}” and “{b}” are one party on {ask.chosen.on}.", f"«{a}» и «{b}» на {ask.chosen.on} — одна сторона."
    )
    remedy = Words("Name two, for example USA and RUS.", "Назовите две, например USA и RUS.")
    return FaultyRequest([Fault("", f"{a}, {b}", what, remedy)])


def _is_other(ask: Ask, asked: str, answer: PairAnswer) -> bool:
    return asked in ask.desk.registers.parties and asked not in answer.between


def _narrowed(answer: PairAnswer, issue: str) -> PairAnswer:
    """Return the answer with what bears on one issue; ties and votes of the Assembly are of the two as a whole."""
    texts = {text.instrument for text in answer.common if text.issue == issue}
    texts |= {text.instrument for text in answer.one_sided if text.issue == issue}
    return msgspec.structs.replace(
        answer,
        common=[row for row in answer.common if row.issue == issue],
        one_sided=[row for row in answer.one_sided if row.issue == issue],
        topics=[row for row in answer.topics if row.issue == issue],
        votes_elsewhere=[row for row in answer.votes_elsewhere if row.issue == issue],
        differing=[row for row in answer.differing if row.instrument in texts],
        disputes=[row for row in answer.disputes if row.issue == issue],
        forums=[row for row in answer.forums if issue in row.issues],
    )


def _issues(answer: PairAnswer) -> list[str]:
    return [*(t.issue for t in answer.common), *(t.issue for t in answer.topics), *(i.issue for i in answer.disputes)]


def _common(text: CommonText) -> Common:
    judged = {p.article for p in text.provisions if p.kind == "undertaking"}
    return Common(
        text=text,
        apart=_otherwise(text.apart),
        counts=(_counted(text, 0), _counted(text, 1)),
        unspoken=max(text.kinds.get("undertaking", 0) - len(judged), 0),
    )


def _one(text: OneSided) -> One:
    return One(text, _otherwise(text.apart))


def _otherwise(rows: list[Apart]) -> list[Otherwise]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        found[row.standings].append(row.reader)
    return [Otherwise(readers, standings) for standings, readers in found.items()]


def _by_issue(texts: list[CommonText]) -> list[tuple[str, list[Common]]]:
    found: dict[str, list[Common]] = defaultdict(list)
    for text in texts:
        found[text.issue].append(_common(text))
    return list(found.items())


def _counted(text: CommonText, side: int) -> list[tuple[str, int]]:
    counts = Counter(found.state for p in text.provisions if (found := p.findings[side]))
    return [(state, counts[state]) for state in _STATES if counts[state]]


def _lines(answer: PairAnswer, text: CommonText) -> list[CommonLine]:
    def cell(row: FindingRow | None) -> tuple[str, str]:
        return (row.state, row.value or "") if row else ("", "")

    return [
        CommonLine(
            instrument=text.instrument,
            title=text.title,
            issue=text.issue,
            provision=p.article,
            kind=p.kind,
            first=answer.between[0],
            first_standing=text.standings[0],
            first_state=cell(p.findings[0])[0],
            first_value=cell(p.findings[0])[1],
            second=answer.between[1],
            second_standing=text.standings[1],
            second_state=cell(p.findings[1])[0],
            second_value=cell(p.findings[1])[1],
            limit=next((f.limit for f in p.findings if f and f.limit), ""),
        )
        for p in text.provisions
    ]


def _name(topic: str) -> Words:
    """Return the title of a topic; a code without one as it can be read: `iaea board 2022-06-08`."""
    if topic in desk().registers.topics:
        return desk().registers.topic(topic)
    plain = _JOINTS.sub(" ", topic)
    return Words(plain, plain)


_JOINTS: Final = re.compile(r"(?<![0-9])[-.]|-(?![0-9])")


def _spoken(topic: Topic) -> Spoken:
    sides = [
        Said(verb=verb_words("position", p.verb), on=p.on, says=p.says, statement=p.statement, times=p.times)
        if p
        else None
        for p in topic.positions
    ]
    return Spoken(topic=topic, name=_name(topic.topic), sides=(sides[0], sides[1]))


def _alone(answer: PairAnswer, side: int) -> list[Spoken]:
    """Return the topics on which one has spoken and the other has not."""
    return [_spoken(t) for t in answer.topics if t.positions[side] and not t.positions[1 - side]]


def _elsewhere(vote: VoteElsewhere) -> Elsewhere:
    a, b = (verb_words("position", verb) for verb in vote.votes)
    return Elsewhere(vote=vote, name=_name(vote.topic), words=(a, b))


def _about_others(rows: list[Differing], pair: tuple[str, str]) -> list[tuple[str, str, int]]:
    """Return of which others the two hold different findings: (instrument, party, how many provisions)."""
    counts = Counter((row.instrument, row.party) for row in rows if row.party not in pair)
    return [(instrument, party, n) for (instrument, party), n in counts.items()]


def _by_state(rows: list[ForumRow]) -> dict[str, list[ForumRow]]:
    found: dict[str, list[ForumRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.last or date.min, row.forum), reverse=True):
        found[row.state].append(row)
    return {state: found[state] for state in ("alive", "suspended", "lapsed", "ended") if found[state]}


def _ties(ask: Ask, answer: PairAnswer) -> TiesPicture | None:
    """Return the picture of ties for the pair that the reader has chosen, or where it was asked for.

    Sixty years of ties take some seconds the first time; nobody should wait for them unasked.
    """
    if set(answer.between) != set(ask.desk.pair(ask.chosen)) and ask.parameter("ties") != "years":
        return None
    chosen: Chosen = ask.chosen
    if set(answer.between) != set(ask.desk.pair(ask.chosen)):
        chosen = msgspec.structs.replace(chosen, between=answer.between)
    return draw_ties(ask.desk.ties(chosen, today()), chosen.on)
