"""The judge: every duty goes to the evaluator of its kind, and authors' own accounts are laid over the result."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from detente.instruments.standings import Standings
from detente.obligations import adherence
from detente.obligations import cadence
from detente.obligations import limit
from detente.obligations import notice
from detente.obligations import quota
from detente.obligations import term
from detente.obligations import undertaking
from detente.obligations.accounts import concerns_by_day
from detente.obligations.accounts import spoken
from detente.obligations.accounts import with_authors
from detente.obligations.duties import Provisions
from detente.obligations.duties import duties
from detente.obligations.finding import SCHEMA
from detente.obligations.finding import finding_id
from detente.obligations.spells import Basis

__all__ = ["findings", "findings_by_day", "judged_by_day", "turns"]

_EXTRA = {
    "report": pl.String(), "reported_on": pl.String(), "reporter": pl.String(), "count": pl.Int64(),
    "quantity": pl.Float64(), "by_act": pl.String(), "deadline": pl.Date(), "event": pl.String(),
    "event_day": pl.Date(), "notice_id": pl.String(), "told": pl.Date(), "last_day": pl.Date(), "turn": pl.Date(),
    "next_due": pl.Date(), "seen": pl.Date(), "seen_id": pl.String(), "ends": pl.Date(), "out": pl.Date(),
    "left_by": pl.String(),
}  # fmt: skip
"""What evaluators add for the trace; null where a kind has no such thing."""

_PROVISION = ("issue", "limit", "requires", "act", "of", "forum", "every", "grace", "evidence_within")
"""What a finding shows of its provision besides what every duty carries."""


class _Gathering(NamedTuple):
    """Kinds that rest on the same evidence: what they need of their provisions, what gathers it, and when it turns."""

    kinds: tuple[str, ...]
    needs: tuple[str, ...]
    gather: Callable[[pl.DataFrame, Sequence[Standings]], pl.DataFrame]
    turns: Callable[[pl.DataFrame, Basis], list[pl.DataFrame]] = lambda spells, over: []
    """The days (row, party, day) on which it may change besides those of reports, concerns and the duty itself."""


def findings(provisions: Provisions, standings: Standings, spoken_only: bool = False) -> pl.DataFrame:
    """Return every finding on the day of the standings: provision x party x author.

    The common reading has the author "".  A row is there for another author only where that author has an
    account of its own, contests a statement, or raised a concern.  With `spoken_only` the undertakings about
    which no concern was ever raised are left out: nobody can tell, and they are nine findings in ten.
    """
    return findings_by_day(provisions, [standings], spoken_only).drop("day")


def findings_by_day(provisions: Provisions, standings: Sequence[Standings], spoken_only: bool = False) -> pl.DataFrame:
    """Return the findings of several days at once, each under its `day`.

    All the standings must have the same knowledge: one casebook, one knowledge day, one time's names.
    """
    knowledge = standings[0].view.knowledge
    concerns = concerns_by_day(knowledge, [each.view.on for each in standings])
    owed = duties(provisions, *standings, spoken=knowledge.kept(spoken) if spoken_only else None, apart=True)
    return judged_by_day(provisions, owed, concerns, standings).drop("row")


def judged_by_day(
    provisions: Provisions, owed: pl.DataFrame, concerns: pl.DataFrame, standings: Sequence[Standings]
) -> pl.DataFrame:
    """Return the findings on what is owed, each under its `day` and with the `row` of its provision."""
    owed = with_authors(owed, concerns, standings)
    empty = pl.DataFrame(schema={"duty": pl.UInt32(), "state": pl.String(), "reason": pl.String(), **_EXTRA})
    parts = [empty]
    for gathering in _GATHERINGS:
        rows = owed.filter(pl.col("kind").is_in(gathering.kinds))
        if not rows.height:
            continue
        rows = rows.join(provisions.columns(*gathering.needs), on="row") if gathering.needs else rows
        gathered = gathering.gather(rows, standings)
        for kind in gathering.kinds:
            same = gathered if len(gathering.kinds) == 1 else gathered.filter(pl.col("kind") == kind)
            judged = _JUDGES[kind](same)
            parts.append(judged.select([c for c in empty.columns if c in judged.columns]))
    every = pl.concat(parts, how="diagonal_relaxed")
    return _finished(_overlaid(owed.join(every, on="duty", maintain_order="left"), concerns), provisions)


def turns(provisions: Provisions, spells: pl.DataFrame, over: Basis) -> Iterator[pl.DataFrame]:
    """Yield the days (row, party, day) on which the evidence of an obligation turns, kind by kind."""
    for gathering in _GATHERINGS:
        rows = spells.filter(pl.col("kind").is_in(gathering.kinds))
        rows = rows.join(provisions.columns(*gathering.needs), on="row") if gathering.needs else rows
        yield from gathering.turns(rows, over)


_GATHERINGS = (
    _Gathering(
        ("limit", "quota"),
        ("evidence_within", "at_most_count", "at_least_count", "at_most_quantity", "at_least_quantity"),
        limit.gather,
    ),
    _Gathering(("adherence",), ("requires", "act", "within"), adherence.gather, adherence.turns),
    _Gathering(("notice",), ("of", "timing", "period", "clock", "issue"), notice.gather, notice.turns),
    _Gathering(("cadence",), ("what", "every", "grace", "measures", "forum"), cadence.gather, cadence.turns),
    _Gathering(("term",), (), term.gather, term.turns),
    _Gathering(("undertaking",), (), undertaking.gather),
)

_JUDGES: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "limit": limit.judge,
    "quota": quota.judge,
    "adherence": adherence.judge,
    "notice": lambda rows: notice.judge(rows).rename({"notice": "notice_id"}),
    "cadence": cadence.judge,
    "term": term.judge,
    "undertaking": undertaking.judge,
}
"""The seven kinds of obligation; how each is judged, frames in and frames out, stands in its own file."""


def _overlaid(rows: pl.DataFrame, concerns: pl.DataFrame) -> pl.DataFrame:
    """Lay gates and concerns over the evaluators' states.

    A duty that does not bind now cannot be broken; an author's open concern is that author's account; an
    answer stands only where nothing else could be told.
    """
    rows = rows.join(
        concerns, on=["day", "instrument", "provision", "party", "author"], how="left", maintain_order="left"
    )
    grave = pl.col("gravity").fill_null(0)
    unknown = pl.col("state") == "cannot tell"
    # A departure is judged by its notice even after the instrument or the party's part in it has ended.
    left = (pl.col("kind") == "term") & pl.col("out").is_not_null()
    gone = pl.col("gate").is_in(["instrument-ended", "party-out", "suspended", "provision-ended"]) & ~left
    waits = (pl.col("gate") == "not-begun") & ~left
    state = (
        pl.when(waits).then(pl.lit("not yet due"))
        .when(gone).then(pl.lit("not applicable"))
        .when(grave == 3).then(pl.lit("not met"))
        .when(grave == 2).then(pl.lit("cannot tell"))
        .when((grave == 1) & unknown).then(pl.lit("met"))
        .otherwise("state")
    )  # fmt: skip
    reason = (
        pl.when(waits | gone).then("gate")
        .when(grave == 3).then(pl.lit("concern"))
        .when(grave == 2).then(pl.lit("doubt"))
        .when((grave == 1) & unknown).then(pl.lit("answered"))
        .otherwise("reason")
    )  # fmt: skip
    return rows.with_columns(state.alias("state"), reason.alias("reason"))


def _finished(rows: pl.DataFrame, provisions: Provisions) -> pl.DataFrame:
    """Return the day and the columns of a findings frame first, the trace's columns after them."""
    rows = rows.join(provisions.columns(*_PROVISION), on="row", maintain_order="left")
    scalars = [pl.col(c) for c in ("report", "by_act", "event", "notice_id", "seen_id", "left_by")]
    rows = rows.with_columns(
        finding_id().alias("id"),
        pl.coalesce("concern_since", "stand_since").alias("since"),
        pl.when(pl.col("state") == "not yet due").then(pl.coalesce("deadline", "from", "next_due", "ends"))
        .otherwise(pl.coalesce("until", "next_due", "ends", "stand_until"))
        .alias("until"),
        pl.coalesce(pl.col("count").cast(pl.String), _number("quantity")).alias("value"),
        _evidence(scalars).alias("evidence"),
    )  # fmt: skip
    trace = ["measure", "item", "gate", "from", *_EXTRA, "requires", "act", "of", "forum", "every", "grace",
             "evidence_within", "reading", "stand_since", "stand_act"]  # fmt: skip
    return rows.select("day", "row", *SCHEMA, *trace)


def _evidence(columns: list[pl.Expr]) -> pl.Expr:
    """Return the ids of the statements behind each finding: what the evaluator used, then the concerns.

    Joined as text and split again: over tens of thousands of rows, many times faster than joining lists.
    """
    told = pl.concat_str([*columns, pl.col("concerns").list.join(";")], separator=";", ignore_nulls=True)
    return told.replace("", None).str.split(";").fill_null(pl.lit([], dtype=pl.List(pl.String)))


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.strip_suffix(".0")
