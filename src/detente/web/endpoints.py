"""The table of the API: every question with its parameters and the shape of its answer.

The addresses, the OpenAPI document and the readable page are all made from this table, so that they cannot differ.
"""

from __future__ import annotations

from typing import Final

from detente.consultation.item import Agenda
from detente.reading import answers
from detente.reading.browse import StatementsAnswer
from detente.reading.checked import checked
from detente.reading.diff import diff
from detente.reading.due import due
from detente.reading.explain import explain
from detente.reading.findings import findings
from detente.reading.history import history
from detente.reading.meetings import claims
from detente.reading.meetings import forums
from detente.reading.meetings import ties
from detente.reading.show import show
from detente.reading.stamp import StampAnswer
from detente.reading.stamp import stamp
from detente.reading.status import status
from detente.record.dates import day
from detente.record.registers import Words
from detente.web.kinds import CLAIM
from detente.web.kinds import DAY
from detente.web.kinds import DAYS
from detente.web.kinds import FORUM
from detente.web.kinds import ID
from detente.web.kinds import INSTRUMENT
from detente.web.kinds import PAIR
from detente.web.kinds import PARTY
from detente.web.kinds import PERIOD
from detente.web.kinds import PROVISION
from detente.web.kinds import Kind
from detente.web.questions import Call
from detente.web.questions import Endpoint
from detente.web.questions import Parameter
from detente.web.statements_asked import FILTERS
from detente.web.statements_asked import statements

__all__ = ["ENDPOINTS"]


_ON = Parameter(
    name="on", kind=DAY, examples=("2018-07-10",),
    summary=Words("The day; today (UTC) if left out.", "День; если не указан — сегодня (UTC)."),
)  # fmt: skip
_KNOWN_BY = Parameter(
    name="known_by", kind=DAY, examples=("2018-07-31",),
    summary=Words("Only what was publicly known by that day.", "Только то, что было известно на этот день."),
)  # fmt: skip
_ACCORDING_TO = Parameter(
    name="according_to", kind=PARTY, examples=("RUS", "USA"),
    summary=Words("The reading of one author.", "Прочтение одного автора."),
)  # fmt: skip
_BETWEEN = Parameter(
    name="between", kind=PAIR, examples=("USA,RUS", "USA,IRN"),
    summary=Words("The two parties; USA,RUS if left out.", "Две стороны; если не указаны — USA,RUS."),
)  # fmt: skip
_HORIZON = Parameter(
    name="horizon", kind=PERIOD, examples=("3y", "18m"),
    summary=Words("How far to look ahead; 3y if left out.", "На какой срок вперёд; если не указан — 3y."),
)  # fmt: skip
_WITHIN = Parameter(
    name="within", kind=PERIOD, examples=("18m", "90d"),
    summary=Words("How far to look ahead; 18m if left out.", "На какой срок вперёд; если не указан — 18m."),
)  # fmt: skip
_PARTY = Parameter(
    name="party", kind=PARTY, examples=("RUS", "USA"),
    summary=Words("One party, by its code or name.", "Одна сторона: код или название."),
)  # fmt: skip
_INSTRUMENT = Parameter(
    name="instrument", kind=INSTRUMENT, examples=("new-start", "inf"),
    summary=Words("One instrument, by its id or short title.", "Одна договорённость: обозначение или название."),
)  # fmt: skip
_FORUM = Parameter(
    name="forum", kind=FORUM, examples=("bcc",),
    summary=Words("One forum, with its groups.", "Один форум с его группами."),
)  # fmt: skip
_CLAIM = Parameter(
    name="claim", kind=CLAIM, examples=("worst-since-1962",),
    summary=Words("One claim.", "Одно утверждение."),
)  # fmt: skip


def _needed(name: str, kind: Kind, en: str, ru: str, *examples: str) -> Parameter:
    return Parameter(name=name, kind=kind, summary=Words(en, ru), examples=examples, required=True)


_FIRST = _needed("first", DAY, "The first day.", "Первый день.", "2018-05-07")
_SECOND = _needed("second", DAY, "The second day.", "Второй день.", "2018-07-10")
_KNOWN_OF_BOTH = Parameter(
    name="known_by", kind=DAYS, examples=("2018-07-31", "2018-05-31,2018-07-31"),
    summary=Words("The knowledge day of both, or of each.", "День сведений: общий или для каждого дня."),
)  # fmt: skip
_EXPLAINED = _needed(
    "id", ID, "A finding, or an item of the agenda.", "Оценка или пункт повестки дня.",
    "new-start/II.1(b)/RUS", "due.new-start.term",
)  # fmt: skip
_SHOWN = _needed(
    "id", ID, "A statement, party, issue, instrument, forum or source.",
    "Запись, сторона, тема, договорённость, форум или источник.", "new-start", "RUS",
)  # fmt: skip
_OF_INSTRUMENT = _needed("instrument", INSTRUMENT, "The instrument.", "Договорённость.", "new-start")
_ARTICLE = _needed("provision", PROVISION, "Its article.", "Его статья.", "II.1(b)")


def _agenda(call: Call) -> Agenda:
    return call.neutral.agenda(*call.pair, call.given.get("horizon", "3y"))


def _explain(call: Call) -> answers.ExplainAnswer:
    return explain(call.neutral, call.given["id"], call.pair, call.given.get("horizon", "3y"))


def _diff(call: Call) -> answers.DiffAnswer:
    known = [day(part) for part in call.given.get("known_by", "").split(",") if part]
    first = call.read(day(call.given["first"]), known[0] if known else None)
    return diff(first, call.read(call.on, known[-1] if known else None))


def _history(call: Call) -> answers.HistoryAnswer:
    return history(call.reading, call.given["instrument"], call.given["provision"], call.text("party"))


def _ties(call: Call) -> answers.TiesAnswer:
    a, b = call.pair
    return ties(call.neutral, a, b, past=call.desk.past(a, b, call.known_by))


def _claims(call: Call) -> answers.ClaimsAnswer:
    desk, known_by = call.desk, call.known_by
    return claims(call.neutral, call.text("claim"), past_of=lambda a, b: desk.past(a, b, known_by))


ENDPOINTS: Final = (
    Endpoint(
        name="agenda",
        summary=Words("The agenda of the next meeting of two parties.", "Повестка дня следующей встречи двух сторон."),
        parameters=(_BETWEEN, _ON, _KNOWN_BY, _HORIZON),
        answer=Agenda,
        make=_agenda,
    ),
    Endpoint(
        name="status",
        summary=Words(
            "Which instruments are in force, days to expiry, last act, and how parties stand.",
            "Какие договорённости действуют, сколько дней осталось, последний акт и статус сторон.",
        ),
        parameters=(_INSTRUMENT, _PARTY, _ON, _KNOWN_BY, _ACCORDING_TO),
        answer=answers.StatusAnswer,
        make=lambda call: status(call.reading, call.text("instrument"), call.text("party")),
    ),
    Endpoint(
        name="findings",
        summary=Words(
            "What each party meets and does not meet, according to each author.",
            "Что каждая сторона выполняет и чего не выполняет по данным каждого автора.",
        ),
        parameters=(_INSTRUMENT, _PARTY, _ON, _KNOWN_BY, _ACCORDING_TO),
        answer=answers.FindingsAnswer,
        make=lambda call: findings(call.reading, call.text("instrument"), call.text("party")),
    ),
    Endpoint(
        name="explain",
        summary=Words(
            "How a finding or an item of the agenda was computed: provision, parameters, statements, sources.",
            "Как получена оценка или пункт повестки дня: положение, параметры, записи, источники.",
        ),
        parameters=(_EXPLAINED, _BETWEEN, _ON, _KNOWN_BY, _HORIZON),
        answer=answers.ExplainAnswer,
        make=_explain,
    ),
    Endpoint(
        name="due",
        summary=Words(
            "What ends, begins or falls due within a time.", "Что истекает, начинается или наступает в срок."
        ),
        parameters=(_ON, _WITHIN, _PARTY, _KNOWN_BY, _ACCORDING_TO),
        answer=answers.DueAnswer,
        make=lambda call: due(call.reading, call.given.get("within", "18m"), call.text("party")),
    ),
    Endpoint(
        name="diff",
        summary=Words(
            "What changed between two days, or in what was known of them.",
            "Что изменилось между двумя днями или в том, что о них было известно.",
        ),
        parameters=(_FIRST, _SECOND, _KNOWN_OF_BOTH, _ACCORDING_TO),
        answer=answers.DiffAnswer,
        make=_diff,
    ),
    Endpoint(
        name="history",
        summary=Words(
            "The finding on one provision over time, by party and author.",
            "Оценка по одному положению во времени, по сторонам и авторам.",
        ),
        parameters=(_OF_INSTRUMENT, _ARTICLE, _PARTY, _ON, _KNOWN_BY, _ACCORDING_TO),
        answer=answers.HistoryAnswer,
        make=_history,
        heavy=True,
    ),
    Endpoint(
        name="forums",
        summary=Words(
            "Charters, co-chairs, cadence, last session; alive, lapsed, suspended or ended.",
            "Мандаты, сопредседатели, периодичность, последнее заседание и состояние форумов.",
        ),
        parameters=(_FORUM, _PARTY, _ON, _KNOWN_BY),
        answer=answers.ForumsAnswer,
        make=lambda call: forums(call.neutral, call.text("forum"), call.text("party")),
    ),
    Endpoint(
        name="ties",
        summary=Words(
            "Live ties between two parties, year by year since 1963.",
            "Действующие связи двух сторон по годам с 1963 года.",
        ),
        parameters=(_BETWEEN, _ON, _KNOWN_BY),
        answer=answers.TiesAnswer,
        make=_ties,
        heavy=True,
        yearly=True,
    ),
    Endpoint(
        name="claims",
        summary=Words(
            "Public claims, tested against each measure that the record holds.",
            "Публичные утверждения, проверенные по каждому показателю, который есть в записях.",
        ),
        parameters=(_CLAIM, _ON, _KNOWN_BY),
        answer=answers.ClaimsAnswer,
        make=_claims,
        heavy=True,
        yearly=True,
    ),
    Endpoint(
        name="show",
        summary=Words(
            "One thing of the record, with what is said about it.",
            "Одна запись или строка реестра и что о ней сказано.",
        ),
        parameters=(_SHOWN, _ON, _KNOWN_BY),
        answer=answers.ShowAnswer,
        make=lambda call: show(call.neutral, call.given["id"]),
    ),
    Endpoint(
        name="statements",
        summary=Words(
            "The statements that count on the day, by any filter, with the counts of what could be asked next.",
            "Записи, которые учитываются на этот день, с любым фильтром и подсчётом возможных уточнений.",
        ),
        parameters=(*FILTERS, _ON, _KNOWN_BY),
        answer=StatementsAnswer,
        make=statements,
        command=False,
    ),
    Endpoint(
        name="check",
        summary=Words(
            "Every problem found in the casebook that is served, with file, line and what to do.",
            "Все ошибки в открытом собрании записей: файл, строка и что сделать.",
        ),
        parameters=(),
        answer=answers.CheckAnswer,
        make=lambda call: checked(call.desk.casebook),
    ),
    Endpoint(
        name="stamp",
        summary=Words(
            "What answers are computed from: the digest of the record, the rules, the day and the knowledge day.",
            "Из чего вычислены ответы: отпечаток записей, правила, день и день сведений.",
        ),
        parameters=(_ON, _KNOWN_BY),
        answer=StampAnswer,
        make=lambda call: stamp(call.neutral),
        command=False,
    ),
)
"""Every question of the API, in the order of the commands."""
