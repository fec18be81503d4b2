"""What a finding is: the state of a provision for a party according to an author, with its reason in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from typing import Final
from typing import Protocol
from typing import cast

import polars as pl

from detente.record.registers import Words

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrameT

__all__ = ["REASONS", "SCHEMA", "STATES", "Language", "Rule", "by_day", "finding_id", "judged"]

STATES: Final = ("met", "not met", "not yet due", "not applicable", "cannot tell")

STATE_WORDS: Final = {
    "met": Words("met", "выполнено"),
    "not met": Words("not met", "не выполнено"),
    "not yet due": Words("not yet due", "срок не наступил"),
    "not applicable": Words("not applicable", "неприменимо"),
    "cannot tell": Words("cannot tell", "установить нельзя"),
}

REASONS: Final[dict[str, Words]] = {
    "within": Words("the number held is within the limit", "число в пределах установленного уровня"),
    "beyond": Words("the number held is beyond the limit", "число выходит за установленный уровень"),
    "no-report": Words("no report on the measure is in the record", "в записях нет сообщения о показателе"),
    "stale": Words(
        "the last report is too old to be evidence", "последнее сообщение слишком давнее, чтобы служить основанием"
    ),
    "withheld": Words("the report was withheld", "данные не были предоставлены"),
    "silent-suspended": Words("reporting is suspended", "предоставление данных приостановлено"),
    "silent-unknown": Words("the value is not known", "значение неизвестно"),
    "silent-nothing-new": Words("nothing new was declared", "ничего нового не объявлено"),
    "adheres": Words("the required act is in force", "требуемый акт действует"),
    "no-act": Words("no such act is in the record", "такого акта в записях нет"),
    "not-adhered": Words("the required act is not in force", "требуемый акт не действует"),
    "within-time": Words("the time for it still runs", "срок ещё идёт"),
    "on-time": Words("the last one called for came in time", "последнее требуемое сделано в срок"),
    "late": Words("the last one called for came late", "последнее требуемое сделано с опозданием"),
    "no-notice": Words(
        "an event called for a notice, and none is in the record",
        "событие требовало уведомления, в записях его нет",
    ),
    "no-event": Words("nothing in the record calls for a notice", "в записях ничто не требует уведомления"),
    "same-day": Words("the days are known, not the hours", "известны дни, но не часы"),
    "held": Words("done for the last period", "выполнено за последний период"),
    "none-on-record": Words("none on record for the last period", "за последний период записей нет"),
    "first-not-due": Words("the first one is not due yet", "первый срок ещё не наступил"),
    "within-quota": Words("the number used is within the quota", "использовано в пределах квоты"),
    "over-quota": Words("the number used is over the quota", "использовано сверх квоты"),
    "runs": Words("the term runs", "срок действия идёт"),
    "unlimited": Words("of unlimited duration, no notice given", "бессрочно, уведомления о выходе нет"),
    "notice-kept": Words("the notice required was given", "уведомление о выходе сделано в срок"),
    "notice-short": Words("left without the notice required", "выход без требуемого срока уведомления"),
    "notice-runs": Words("notice of withdrawal is given and runs", "уведомление о выходе сделано, срок идёт"),
    "concern": Words("the author holds that it is not met", "автор считает положение невыполненным"),
    "doubt": Words("the author doubts that it is met", "автор сомневается в выполнении"),
    "answered": Words("the subject's own account: met", "по собственным данным стороны выполнено"),
    "no-concern": Words(
        "no concern is on record; an undertaking is judged by concerns alone",
        "озабоченностей в записях нет; обязательство оценивается только по ним",
    ),
    "all-resolved": Words("every concern on record was resolved", "все озабоченности в записях сняты"),
    "instrument-ended": Words("the instrument has ended", "договорённость прекратила действие"),
    "party-out": Words("the party is out", "сторона вышла"),
    "suspended": Words("the party's participation is suspended", "участие стороны приостановлено"),
    "provision-ended": Words("the provision has ended", "положение прекратило действие"),
    "not-begun": Words("it does not bind yet", "положение пока не действует"),
}
"""Every reason that an evaluator may give, in both languages."""

SCHEMA: Final = (
    "id", "instrument", "provision", "kind", "issue", "party", "author", "state", "reason", "since", "until",
    "value", "limit", "standing", "evidence",
)  # fmt: skip
"""The columns of a findings frame."""


class _Then(Protocol):
    def when(self, condition: pl.Expr, /) -> _When: ...
    def otherwise(self, value: pl.Expr, /) -> pl.Expr: ...


class _When(Protocol):
    def then(self, value: pl.Expr, /) -> _Then: ...


class Language(Protocol):
    """The words for columns that Polars and Narwhals share; a rule is given the one module or the other."""

    Date: type[pl.Date]

    @property
    def col(self) -> Callable[[str], pl.Expr]:
        """The column of a name."""

    @property
    def lit(self) -> Callable[[str | date], pl.Expr]:
        """One value for every row."""

    @property
    def when(self) -> Callable[[pl.Expr], _When]:
        """The first value whose condition holds."""


Rule = Callable[[Language], pl.Expr]
"""An expression over columns; with Narwhals' words it is Narwhals' own, which has the same methods."""

_POLARS = cast(Language, pl)


def judged(frame: IntoDataFrameT, reason: Rule, state: Rule) -> IntoDataFrameT:
    """Return the frame with `reason`, and the `state` that follows from it; works on any frame that Narwhals knows.

    Narwhals speaks Polars, so that a rule is an expression of either.  A Polars frame takes it as its own: to
    translate it costs more than to judge some hundred rows by it.
    """
    if isinstance(frame, pl.DataFrame):
        rows = frame.with_columns(reason(_POLARS).alias("reason")).with_columns(state(_POLARS).alias("state"))
        return cast("IntoDataFrameT", rows)
    return _judged_by_narwhals(frame, reason, state)


def _judged_by_narwhals(frame: IntoDataFrameT, reason: Rule, state: Rule) -> IntoDataFrameT:
    # No command hands in such a frame, and each would wait for the import.
    import narwhals as nw  # noqa: PLC0415

    words = cast(Language, nw)
    others = nw.from_native(frame, eager_only=True).with_columns(reason=cast(nw.Expr, reason(words)))
    return others.with_columns(state=cast(nw.Expr, state(words))).to_native()


def by_day(words: Language, on: date | None) -> pl.Expr:
    """Return the day by which an evaluator judges: one for all rows, or where there is none each row's own."""
    return words.col("day") if on is None else words.lit(on)


def finding_id(author: str = "author") -> pl.Expr:
    """Return the expression for a finding's id: `instrument/provision/party`, `@AUTHOR` where one is meant."""
    stem = pl.concat_str("instrument", "provision", "party", separator="/")
    return pl.when(pl.col(author) == "").then(stem).otherwise(pl.concat_str(stem, author, separator="@"))
