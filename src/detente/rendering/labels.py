"""The fixed words of every rendering, in English and Russian."""

from __future__ import annotations

from typing import Final

from detente.record.registers import Words

__all__ = ["ACCOUNT_WORDS", "ACT_WORDS", "COLUMNS", "LEVELS", "MINISTRIES", "SOURCE_WORDS", "label"]

_LABELS: Final = {
    "agenda": Words("Agenda", "Повестка дня"),
    "on": Words("on", "на"),
    "known_by": Words("as known on", "по сведениям на"),
    "known_all": Words("all that the record holds", "все сведения в записях"),
    "according_to": Words("according to", "по данным"),
    "horizon": Words("looking ahead", "горизонт"),
    "none": Words("(none)", "(нет)"),
    "why": Words("Why", "Почему"),
    "forum": Words("Forum", "Форум"),
    "level": Words("Level", "Уровень"),
    "says": Words("says", "заявляет"),
    "evidence": Words("Evidence", "Основание"),
    "covers": Words("Covers", "Охватывает"),
    "since": Words("since", "с"),
    "until": Words("until", "до"),
    "reach": Words("Where the record does not reach", "Чего в записях нет"),
    "order": Words(
        "Order: by issue, then by rule, then by day. Nothing is scored.",
        "Порядок: по темам, затем по правилам, затем по дням. Оценок нет.",
    ),
    "fuller": Words(
        "More: --full for every account; detente explain ID for the trace of an item.",
        "Подробнее: --full — все заявления; detente explain ID — ход вычисления.",
    ),
    "by_ministry": Words("Who would take it up", "Кому поручить"),
    "stamp": Words("Stamp", "Метка"),
    "more": Words("and {n} more", "и ещё {n}"),
    "in_force": Words("in force", "действует"),
    "not_in_force": Words("not in force", "не действует"),
    "ended": Words("ended", "прекращено"),
    "days_left": Words("{n} days left", "осталось {n} дн."),
    "no_end": Words("no end by term", "бессрочно"),
    "standings": Words("Standings", "Статус сторон"),
    "findings": Words("Findings", "Оценки"),
    "due": Words("Due", "Сроки"),
    "within": Words("within", "в пределах"),
    "changes": Words("Changes from {a} to {b}", "Изменения с {a} по {b}"),
    "new_statements": Words("{n} statements more", "новых записей: {n}"),
    "history": Words("History", "История"),
    "forums": Words("Forums", "Форумы"),
    "ties": Words("Live ties", "Действующие связи"),
    "claims": Words("Public claims, tested", "Публичные утверждения: проверка"),
    "said_by": Words("Said by", "Кем сказано"),
    "not_said": Words("(not yet said by that day)", "(к этому дню ещё не сказано)"),
    "provision": Words("Provision", "Положение"),
    "steps": Words("Steps", "Шаги"),
    "result": Words("Result", "Итог"),
    "sources": Words("Sources", "Источники"),
    "last": Words("last session", "последнее заседание"),
    "scope": Words("Scope", "Предмет"),
    "chairs": Words("Co-chairs", "Сопредседатели"),
    "common": Words("common reading", "общее прочтение"),
    "related": Words("Statements", "Записи"),
    "raises": Words("raises", "озабоченность"),
    "answers": Words("answers", "ответ"),
    "standing": Words("standing", "статус"),
    "nothing": Words("Nothing on record for this question.", "По этому вопросу записей нет."),
    "which": Words(
        "Name an instrument or a party to see the findings themselves; --all lists every one.",
        "Чтобы увидеть сами оценки, назовите договорённость или сторону; --all покажет все.",
    ),
    "state": Words("State", "Состояние"),
    "so_many": Words("{n} of them", "всего {n}"),
    "quiet": Words(
        "Not listed: {n} without a concern on record, or ended; --all lists them.",
        "Не показано: {n} без озабоченностей или прекративших действие; --all покажет.",
    ),
    "sessions": Words("sessions", "засед."),
    "total": Words("total", "всего"),
}

COLUMNS: Final = {
    "instrument": Words("Instrument", "Договорённость"),
    "state": Words("State", "Состояние"),
    "ends": Words("Ends", "Истекает"),
    "parties": Words("Parties", "Сторон"),
    "last_act": Words("Last act", "Последний акт"),
    "party": Words("Party", "Сторона"),
    "standing": Words("Standing", "Статус"),
    "since": Words("Since", "С"),
    "until": Words("Until", "До"),
    "reading": Words("Reading", "Прочтение"),
    "provision": Words("Provision", "Положение"),
    "author": Words("According to", "По данным"),
    "value": Words("Value", "Значение"),
    "limit": Words("Limit", "Уровень"),
    "day": Words("Day", "День"),
    "what": Words("What", "Что"),
    "before": Words("Before", "Было"),
    "after": Words("After", "Стало"),
    "forum": Words("Forum", "Форум"),
    "last": Words("Last", "Последнее"),
    "year": Words("Day", "День"),
    "bar": Words("", ""),
    "count-met": Words("Met", "Выполнено"),
    "count-not met": Words("Not met", "Не выполнено"),
    "count-not yet due": Words("Not yet due", "Срок не наступил"),
    "count-cannot tell": Words("Cannot tell", "Неизвестно"),
    "in_law": Words("Instruments (in law)", "Договорённости (договоры)"),
    "instruments": Words("Instruments", "Договорённости"),
    "forums": Words("Forums", "Форумы"),
    "exchanges": Words("Exchanges", "Обмены"),
    "total": Words("Total", "Всего"),
    "measure": Words("Measure", "Показатель"),
    "verdict": Words("Verdict", "Вывод"),
    "why": Words("Why", "Почему"),
    "reason": Words("Reason", "Причина"),
}

ACCOUNT_WORDS: Final = {
    "standing": Words("standing", "статус"),
    "in_force": Words("in force", "действие"),
    "ended": Words("ended", "прекращено"),
    "extensions_left": Words("extensions left", "осталось продлений"),
    "state": Words("state", "оценка"),
    "last": Words("last", "последнее"),
    "value": Words("value", "значение"),
    "limit": Words("limit", "уровень"),
    "findings": Words("findings", "оценки"),
    "office": Words("office", "должность"),
    "ministry": Words("ministry", "ведомство"),
    "person": Words("person", "лицо"),
    "vote-yes": Words("yes", "за"),
    "vote-no": Words("no", "против"),
    "vote-abstain": Words("abstained", "воздержание"),
}
"""The keys of an item's accounts."""

ACT_WORDS: Final = {
    "open": Words("open", "открыт"), "adopt": Words("adopt", "принят"),
    "enter-into-force": Words("enter-into-force", "вступил в силу"), "extend": Words("extend", "продлён"),
    "amend": Words("amend", "изменён"), "expire": Words("expire", "истёк"),
    "terminate": Words("terminate", "прекращён"), "supersede": Words("supersede", "заменён"),
    "complete": Words("complete", "исполнен"), "reinstate": Words("reinstate", "восстановлен"),
    "sign": Words("sign", "подписание"), "ratify": Words("ratify", "ратификация"),
    "accede": Words("accede", "присоединение"), "succeed": Words("succeed", "правопреемство"),
    "accept": Words("accept", "принятие"), "join": Words("join", "участие"),
    "apply-provisionally": Words("apply-provisionally", "временное применение"),
    "suspend": Words("suspend", "приостановление"), "resume": Words("resume", "возобновление"),
    "give-notice": Words("give-notice", "уведомление о выходе"), "withdraw": Words("withdraw", "выход"),
    "revoke-ratification": Words("revoke-ratification", "отзыв ратификации"),
    "unsign": Words("unsign", "отзыв подписи"),
}  # fmt: skip
"""The verbs of acts; English keeps the verb as the record writes it."""

SOURCE_WORDS: Final = {
    "primary": Words("primary", "первичный"), "official": Words("official", "официальный"),
    "scholarly": Words("scholarly", "научный"), "press": Words("press", "печать"),
    "unconfirmed": Words("unconfirmed", "не подтверждено"), "seen": Words("seen", "указано в источнике"),
    "computed": Words("computed", "вычислено"), "inferred": Words("inferred", "выведено"),
}  # fmt: skip
"""Tiers of sources and bases of rows."""

LEVELS: Final = {
    "leaders": Words("leaders", "лидеры"),
    "ministers": Words("ministers", "министры"),
    "senior-officials": Words("senior officials", "старшие должностные лица"),
    "experts": Words("experts", "эксперты"),
}

MINISTRIES: Final = {
    "leaders": Words("leaders", "лидеры"),
    "foreign": Words("foreign ministries", "внешнеполитические ведомства"),
    "defence": Words("defence ministries", "оборонные ведомства"),
    "energy": Words("energy ministries", "атомные и энергетические ведомства"),
    "security-council": Words("security councils", "советы безопасности"),
    "justice": Words("justice ministries", "ведомства юстиции"),
    "interior": Words("interior ministries", "ведомства внутренних дел"),
}


def label(key: str, language: str, **values: object) -> str:
    """Return a fixed word or phrase in `language`."""
    return _LABELS[key].get(language).format_map(values)
