"""The question for statements: the filters of the page of statements as parameters of the API."""

from __future__ import annotations

from typing import Final

from detente.reading.browse import CORRECTED
from detente.reading.browse import ORDERS
from detente.reading.browse import SORTS
from detente.reading.browse import Query
from detente.reading.browse import StatementsAnswer
from detente.reading.browse import browse
from detente.record.registers import Words
from detente.record.statements import KINDS
from detente.record.statements import SILENCES
from detente.web.kinds import FORUM
from detente.web.kinds import INSTRUMENT
from detente.web.kinds import ISSUE
from detente.web.kinds import MEASURE
from detente.web.kinds import PAGE
from detente.web.kinds import PARTY
from detente.web.kinds import SOURCE
from detente.web.kinds import TEXT
from detente.web.kinds import YEAR
from detente.web.kinds import Kind
from detente.web.kinds import one_of
from detente.web.questions import Call
from detente.web.questions import Parameter

__all__ = ["FILTERS", "statements"]

_VERBS: Final = tuple(dict.fromkeys(verb for kind in KINDS.values() for verb in kind.verbs))


def _filter(name: str, kind: Kind, en: str, ru: str, *examples: str) -> Parameter:
    return Parameter(name=name, kind=kind, summary=Words(en, ru), examples=examples)


FILTERS: Final = (
    _filter("kind", one_of(KINDS), "One kind of statement.", "Один вид записей.", "report", "concern"),
    _filter("verb", one_of(_VERBS), "What is done by it.", "Что им совершается.", "sign", "ratify"),
    _filter("author", PARTY, "Who says it, or a group for it.", "Автор или группа от его имени.", "RUS"),
    _filter("party", PARTY, "Whom it is about.", "О ком оно.", "USA"),
    _filter("issue", ISSUE, "Under which issue.", "По какой теме.", "strategic-arms"),
    _filter("instrument", INSTRUMENT, "On which instrument.", "По какой договорённости.", "new-start"),
    _filter("provision", TEXT, "On which article.", "По какой статье.", "II.1(b)"),
    _filter("forum", FORUM, "Of which forum.", "Какого форума.", "bcc"),
    _filter("measure", MEASURE, "Of which measure.", "По какому показателю.", "deployed-warheads"),
    _filter("item", TEXT, "On which item.", "О каком предмете.", "ss-25"),
    _filter("topic", TEXT, "On which thread of accusations and answers.", "По какому сюжету.", "9m729"),
    _filter("source", SOURCE, "From which source.", "Из какого источника.", "sa.new-start-text"),
    _filter("silence", one_of(SILENCES), "Which kind of silence it is.", "Какой это вид молчания.", "withheld"),
    _filter("year", YEAR, "Of which year it is true.", "К какому году относится запись.", "2018"),
    _filter("text", TEXT, "Words that its id or text holds.", "Слова из обозначения или текста.", "9M729"),
    _filter(
        "corrected", one_of(CORRECTED), "Also (yes), or only (only), those that a later one corrects.",
        "Также (yes) или только (only) исправленные позднее.", "yes",
    ),
    _filter("sort", one_of(SORTS), "By the day of which it is true, or since when it is known.",
            "По дню, к которому относится, или по дню сведений.", "known"),
    _filter("order", one_of(ORDERS), "Newest or oldest first.", "Сначала новые или старые.", "oldest"),
    _filter("page", PAGE, "Which page of fifty.", "Какая страница по пятьдесят.", "1", "2"),
)  # fmt: skip


def statements(call: Call) -> StatementsAnswer:
    """Return the page of statements that match, as the page of statements shows it."""
    given = {p.name: call.given[p.name] for p in FILTERS if p.name in call.given}
    numbers = {name: int(given.pop(name)) for name in ("year", "page") if name in given}
    for name in ("author", "party"):
        if name in given:
            given[name] = _party(call, given[name])
    if "instrument" in given:
        given["instrument"] = call.neutral.instrument(given["instrument"]).id
    query = Query(
        **given,
        year=numbers.get("year"),
        page=numbers.get("page", 1),
    )
    return browse(call.neutral, query)


def _party(call: Call, text: str) -> str:
    """Return the code on the day; one that another continues may be meant itself."""
    code = text.upper()
    return code if code in call.desk.registers.continued(call.on) else call.neutral.party(text)
