"""Two parties compared on a day: what holds both, what each says, how they voted, where their accounts differ."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import polars as pl

from detente.consultation.dispute import OPPOSITE
from detente.consultation.item import Item
from detente.consultation.sitting import Sitting
from detente.consultation.ties import count_ties
from detente.instruments.schema import Instrument
from detente.instruments.standings import HELD
from detente.reading.answers import Answer
from detente.reading.answers import FindingRow
from detente.reading.answers import ForumRow
from detente.reading.meetings import forums
from detente.reading.parties import head
from detente.reading.party import readings_shown
from detente.reading.reading import Reading
from detente.record.registers import Words

__all__ = [
    "Apart",
    "CommonProvision",
    "CommonText",
    "Differing",
    "OneSided",
    "PairAnswer",
    "Position",
    "TiesNow",
    "Topic",
    "VoteElsewhere",
    "VoteYear",
    "pair",
]  # fmt: skip

_VOTES = ("vote-yes", "vote-no", "vote-abstain")
_JOINT = "state-jointly"


class CommonProvision(msgspec.Struct, kw_only=True):
    """A provision that binds both, with the finding on each; None where nothing was judged of one."""

    article: str
    kind: str
    title: Words
    findings: tuple[FindingRow | None, FindingRow | None]


class Apart(msgspec.Struct, kw_only=True):
    """How the two stand in the reading of an author who reads it otherwise."""

    reader: str
    standings: tuple[str, str]


class CommonText(msgspec.Struct, kw_only=True):
    """An instrument that holds both."""

    instrument: str
    title: Words
    issue: str
    binding: str
    membership: str
    standings: tuple[str, str]
    since: tuple[date | None, date | None]
    apart: list[Apart]
    kinds: dict[str, int]
    """Provisions by kind, as the text has them."""
    provisions: list[CommonProvision]
    """Those judged; undertakings of which nobody has spoken are not."""


class OneSided(msgspec.Struct, kw_only=True):
    """An instrument that holds one of the two and not the other."""

    instrument: str
    title: Words
    issue: str
    membership: str
    holds: str
    standings: tuple[str, str]
    since: date | None
    apart: list[Apart]


class Position(msgspec.Struct, kw_only=True):
    """The last word of one on a topic, and how often it has spoken on it."""

    verb: str
    on: str
    says: Words
    statement: str
    times: int


class Topic(msgspec.Struct, kw_only=True):
    """A topic on which at least one of the two has taken a position; votes are apart."""

    topic: str
    issue: str
    instrument: str
    last: date
    relation: str
    """`jointly`, `opposite`, or "" where the last words are neither."""
    positions: tuple[Position | None, Position | None]


class VoteYear(msgspec.Struct, kw_only=True):
    """The recorded votes of a year in the UN General Assembly in which both took part."""

    year: int
    both: int
    alike: int
    opposite: int
    """One voted for and the other against."""


class VoteElsewhere(msgspec.Struct, kw_only=True):
    """A vote of both in another body."""

    topic: str
    issue: str
    on: str
    votes: tuple[str, str]
    statements: tuple[str, str]


class Differing(msgspec.Struct, kw_only=True):
    """A provision of which the two hold different findings, about one of them or about a third."""

    instrument: str
    title: Words
    provision: str
    party: str
    findings: tuple[FindingRow | None, FindingRow | None]


class TiesNow(msgspec.Struct, kw_only=True):
    """The live ties of the two on the day."""

    instruments: list[str]
    treaties: list[str]
    forums: list[str]
    exchanges: list[str]
    total: int


class PairAnswer(Answer, kw_only=True):
    """Two parties compared."""

    between: tuple[str, str]
    common: list[CommonText]
    one_sided: list[OneSided]
    topics: list[Topic]
    votes: list[VoteYear]
    votes_elsewhere: list[VoteElsewhere]
    differing: list[Differing]
    """About the two themselves first, then about others."""
    disputes: list[Item]
    """The first section of their agenda."""
    forums: list[ForumRow]
    ties: TiesNow


def pair(reading: Reading, a: str, b: str, horizon: str = "P3Y") -> PairAnswer:
    """Return two parties compared, in the chosen reading; raise DetenteError where they are one."""
    sitting = reading.sitting(a, b, horizon)
    agenda = reading.agenda(a, b, horizon)
    held = count_ties(sitting)
    common, one_sided = _texts(reading, sitting)
    years, elsewhere = _votes(sitting)
    sat_in = {row.forum: row for row in forums(reading).forums}
    return PairAnswer(
        **head(reading),
        between=sitting.pair,
        common=common,
        one_sided=one_sided,
        topics=list(_topics(sitting)),
        votes=years,
        votes_elsewhere=elsewhere,
        differing=_differing(reading, sitting),
        disputes=agenda.sections[0].items,
        forums=[sat_in[id] for id in sitting.sitting_forums if id in sat_in],
        ties=TiesNow(
            instruments=held.instruments,
            treaties=held.treaties,
            forums=held.forums,
            exchanges=held.exchanges,
            total=held.total,
        ),
    )


def _texts(reading: Reading, sitting: Sitting) -> tuple[list[CommonText], list[OneSided]]:
    judged = _judged(reading, sitting.pair)
    common: list[CommonText] = []
    one_sided: list[OneSided] = []
    for id, law in reading.casebook.instruments.items():
        if not reading.standing.life(id, reading.reader).in_force(reading.on):
            continue
        stands = [reading.standing.of(id, party, reading.reader) for party in sitting.pair]
        held = [stand.standing in HELD for stand in stands]
        both = (stands[0].standing, stands[1].standing)
        if all(held):
            common.append(
                CommonText(
                    instrument=id,
                    title=law.short,
                    issue=law.issue,
                    binding=law.binding,
                    membership=law.membership,
                    standings=both,
                    since=(stands[0].since, stands[1].since),
                    apart=list(_apart(reading, sitting, id)),
                    kinds=dict(Counter(p.kind for p in law.provision if p.kind != "none")),
                    provisions=list(_provisions(law, judged.get(id, {}), sitting.pair, reading.reader)),
                )
            )
        elif any(held):
            holds = held.index(True)
            one_sided.append(
                OneSided(instrument=id, title=law.short, issue=law.issue, membership=law.membership,
                         holds=sitting.pair[holds], standings=both, since=stands[holds].since,
                         apart=list(_apart(reading, sitting, id)))
            )  # fmt: skip
    order = {issue: n for n, issue in enumerate(sitting.registers.issues)}
    common.sort(key=lambda text: (order.get(text.issue, len(order)), text.title.en))
    one_sided.sort(key=lambda text: (order.get(text.issue, len(order)), text.title.en))
    return common, one_sided


def _apart(reading: Reading, sitting: Sitting, instrument: str) -> Iterator[Apart]:
    """Yield how the two stand in each reading that differs from the common one; none where an author was chosen."""
    if reading.reader:
        return
    common = tuple(reading.standing.of(instrument, party).standing for party in sitting.pair)
    for reader in reading.standing.readers.get(instrument, ()):
        a, b = (reading.standing.of(instrument, party, reader).standing for party in sitting.pair)
        if (a, b) != common:
            yield Apart(reader=reader, standings=(a, b))


_Judged = dict[str, dict[tuple[str, str], list[FindingRow]]]


def _judged(reading: Reading, pair: tuple[str, str]) -> _Judged:
    """Return every reading of every finding on the two: instrument -> (article, party) -> findings."""
    rows = reading.spoken_findings.filter(pl.col("party").is_in(list(pair))).select(FindingRow.__struct_fields__)
    found: _Judged = defaultdict(lambda: defaultdict(list))
    for row in rows.iter_rows(named=True):
        found[row["instrument"]][row["provision"], row["party"]].append(FindingRow(**row))
    return found


def _provisions(
    law: Instrument, judged: dict[tuple[str, str], list[FindingRow]], pair: tuple[str, str], reader: str
) -> Iterator[CommonProvision]:
    for provision in law.provision:
        shown = [readings_shown(judged.get((provision.article, party), []), reader)[:1] for party in pair]
        a, b = (rows[0] if rows else None for rows in shown)
        if a or b:
            yield CommonProvision(
                article=provision.article, kind=provision.kind, title=provision.title, findings=(a, b)
            )


def _topics(sitting: Sitting) -> Iterator[Topic]:
    """Yield the topics, those on which both have spoken first, then the latest first."""
    rows = sitting.view.of("position").filter(
        pl.col("author").is_in(list(sitting.pair)) & ~pl.col("verb").str.starts_with("vote-")
    )
    last = rows.group_by("topic", "author", maintain_order=True).agg(
        pl.len().alias("times"),
        pl.col("id", "verb", "on", "on_last", "en", "ru", "issue", "instrument").last(),
    )
    topics: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in last.iter_rows(named=True):
        topics[row["topic"]][row["author"]] = row
    order = sorted(
        topics.items(), key=lambda t: (len(t[1]) < 2, -max(r["on_last"] for r in t[1].values()).toordinal(), t[0])
    )
    for topic, said in order:
        rows_of = [said.get(party) for party in sitting.pair]
        latest = max(said.values(), key=lambda row: row["on_last"])
        yield Topic(
            topic=topic, issue=latest["issue"] or "", instrument=latest["instrument"] or "", last=latest["on_last"],
            relation=_relation(rows_of), positions=(_position(rows_of[0]), _position(rows_of[1])),
        )  # fmt: skip


def _rank(item: tuple[str, dict[str, dict[str, Any]]]) -> tuple[bool, int, str]:
    topic, said = item
    last: date = max(row["on_last"] for row in said.values())
    return len(said) < 2, -last.toordinal(), topic


def _relation(said: list[dict[str, Any] | None]) -> str:
    a, b = (row["verb"] if row else "" for row in said)
    if a == b == _JOINT:
        return "jointly"
    return "opposite" if a and b and (OPPOSITE.get(a) == b or OPPOSITE.get(b) == a) else ""


def _position(row: dict[str, Any] | None) -> Position | None:
    if row is None:
        return None
    says = Words(row["en"] or row["topic"], row["ru"] or row["en"] or row["topic"])
    return Position(verb=row["verb"], on=row["on"], says=says, statement=row["id"], times=row["times"])


def _votes(sitting: Sitting) -> tuple[list[VoteYear], list[VoteElsewhere]]:
    a, b = sitting.pair
    rows = sitting.view.of("position").filter(pl.col("verb").is_in(_VOTES) & pl.col("author").is_in([a, b]))
    of = {p: rows.filter(pl.col("author") == p).unique("topic", keep="last", maintain_order=True) for p in (a, b)}
    both = of[a].join(of[b], on="topic", suffix="_b", maintain_order="left")
    assembly = both.filter(pl.col("topic").str.starts_with("unga."))
    against = (
        pl.col("verb").is_in(_VOTES[:2]) & pl.col("verb_b").is_in(_VOTES[:2]) & (pl.col("verb") != pl.col("verb_b"))
    )
    years = assembly.group_by(pl.col("on_last").dt.year().alias("year")).agg(
        pl.len().alias("both"),
        (pl.col("verb") == pl.col("verb_b")).sum().alias("alike"),
        against.sum().alias("opposite"),
    )
    elsewhere = both.filter(~pl.col("topic").str.starts_with("unga.")).sort("on_last", descending=True)
    wanted = ("topic", "issue", "on", "verb", "verb_b", "id", "id_b")
    return [VoteYear(**row) for row in years.sort("year").iter_rows(named=True)], [
        VoteElsewhere(topic=topic, issue=issue or "", on=on, votes=(verb, verb_b), statements=(id, id_b))
        for topic, issue, on, verb, verb_b, id, id_b in elsewhere.select(wanted).iter_rows()
    ]


def _differing(reading: Reading, sitting: Sitting) -> list[Differing]:
    """Return the provisions of which each of the two holds another state or value."""
    pair = sitting.pair
    rows = reading.spoken_findings.filter(pl.col("author").is_in(["", *pair]))
    key = ["instrument", "provision", "party"]
    voiced = rows.filter(pl.col("author") != "").select(key).unique()
    rows = rows.join(voiced, on=key, how="semi").select(FindingRow.__struct_fields__)
    by_key: dict[tuple[str, str, str], dict[str, FindingRow]] = defaultdict(dict)
    for row in rows.iter_rows(named=True):
        by_key[row["instrument"], row["provision"], row["party"]][row["author"]] = FindingRow(**row)
    found = []
    for (instrument, provision, party), held in by_key.items():
        a, b = (held.get(author, held.get("")) for author in pair)
        if _told(a) != _told(b):
            law = sitting.instruments[instrument]
            article = law.find(provision)
            title = article.title if article else Words(provision, provision)
            found.append(
                Differing(instrument=instrument, title=title, provision=provision, party=party, findings=(a, b))
            )
    return sorted(found, key=lambda d: d.party not in pair)


def _told(row: FindingRow | None) -> tuple[str, str | None] | None:
    return (row.state, row.value) if row else None
