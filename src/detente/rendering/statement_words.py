"""The words of statements: kinds, verbs, silences, columns, tiers and severities, in English and Russian."""

from __future__ import annotations

from typing import Final

from detente.record.registers import Words

__all__ = [
    "BASIS_WORDS", "FIELD_WORDS", "KIND_WORDS", "MANY_WORDS", "SEVERITY_WORDS", "SILENCE_WORDS", "TIER_WORDS",
    "VERB_WORDS", "verb_words",
]  # fmt: skip

KIND_WORDS: Final = {
    "act": Words("act", "акт"),
    "forum-act": Words("act on a forum", "акт о форуме"),
    "meeting": Words("meeting", "заседание"),
    "report": Words("report", "сообщение о показателе"),
    "notice": Words("notice", "уведомление"),
    "event": Words("event", "событие"),
    "concern": Words("concern", "озабоченность"),
    "position": Words("position", "позиция"),
    "commitment": Words("commitment", "принятое обязательство"),
    "claim": Words("public claim", "публичное утверждение"),
}

MANY_WORDS: Final = {
    "": Words("statements", "записи"),
    "act": Words("acts", "акты"),
    "forum-act": Words("acts on forums", "акты о форумах"),
    "meeting": Words("meetings", "заседания"),
    "report": Words("reports", "сообщения о показателях"),
    "notice": Words("notices", "уведомления"),
    "event": Words("events", "события"),
    "concern": Words("concerns", "озабоченности"),
    "position": Words("positions", "позиции"),
    "commitment": Words("commitments", "принятые обязательства"),
    "claim": Words("public claims", "публичные утверждения"),
}
"""The same in the plural; "" is any kind."""

VERB_WORDS: Final = {
    "open": Words("opened for signature", "открытие для подписания"),
    "adopt": Words("adoption", "принятие"),
    "enter-into-force": Words("entry into force", "вступление в силу"),
    "extend": Words("extension", "продление"),
    "amend": Words("amendment", "изменение"),
    "expire": Words("expiry", "истечение срока"),
    "terminate": Words("termination", "прекращение"),
    "supersede": Words("replacement by another text", "замена другим документом"),
    "complete": Words("completion", "завершение исполнения"),
    "reinstate": Words("reinstatement", "восстановление"),
    "sign": Words("signature", "подписание"),
    "ratify": Words("ratification", "ратификация"),
    "accede": Words("accession", "присоединение"),
    "succeed": Words("succession", "правопреемство"),
    "accept": Words("acceptance", "согласие"),
    "join": Words("joining", "участие"),
    "apply-provisionally": Words("provisional application", "временное применение"),
    "suspend": Words("suspension", "приостановление"),
    "resume": Words("resumption", "возобновление"),
    "give-notice": Words("notice of withdrawal", "уведомление о выходе"),
    "withdraw": Words("withdrawal", "выход или отзыв"),
    "revoke-ratification": Words("revocation of ratification", "отзыв ратификации"),
    "unsign": Words("withdrawal of signature", "отзыв подписи"),
    "charter": Words("charter", "учреждение"),
    "re-charter": Words("renewed charter", "обновление мандата"),
    "appoint": Words("appointment", "назначение"),
    "end": Words("end", "прекращение работы"),
    "launch": Words("launch", "пуск"),
    "exercise": Words("exercise", "учения"),
    "data": Words("data", "данные"),
    "change": Words("change", "изменение данных"),
    "inspection": Words("inspection", "инспекция"),
    "other": Words("other", "иное"),
    "nuclear-test": Words("nuclear test", "ядерное испытание"),
    "missile-launch": Words("missile launch", "пуск ракеты"),
    "space-launch": Words("space launch", "космический пуск"),
    "false-alarm": Words("false alarm", "ложная тревога"),
    "accident": Words("accident", "авария"),
    "incident": Words("incident", "инцидент"),
    "cyber-incident": Words("cyber incident", "инцидент в информационном пространстве"),
    "seizure": Words("seizure", "изъятие"),
    "exhibition": Words("exhibition", "показ"),
    "elimination": Words("elimination", "ликвидация"),
    "delivery": Words("delivery", "поставка"),
    "strike": Words("strike", "удар"),
    "sanction": Words("sanction", "санкция"),
    "decision": Words("decision", "решение"),
    "allege": Words("states a breach", "заявляет о нарушении"),
    "question": Words("raises a doubt", "выражает сомнение"),
    "answer": Words("answers", "отвечает"),
    "concede": Words("concedes", "признаёт"),
    "resolve": Words("holds it resolved", "считает снятым"),
    "vote-yes": Words("votes for", "голосует за"),
    "vote-no": Words("votes against", "голосует против"),
    "vote-abstain": Words("abstains", "воздерживается"),
    "vote-absent": Words("does not vote", "не голосует"),
    "propose": Words("proposal", "предложение"),
    "decline": Words("declines", "отклоняет предложение"),
    "counter": Words("counter-proposal", "встречное предложение"),
    "affirm": Words("affirms", "подтверждает"),
    "reject": Words("rejects", "отвергает"),
    "contest": Words("contests", "оспаривает"),
    "recognise": Words("recognises", "признаёт действительным"),
    "state-jointly": Words("joint statement", "совместное заявление"),
    "undertake": Words("undertakes", "обязуется"),
    "fulfil": Words("fulfilled", "выполнение"),
    "drop": Words("dropped", "отказ от обязательства"),
}
"""The verb of a statement, whatever its kind."""

_OF_KIND: Final = {
    ("act", "withdraw"): Words("withdrawal", "выход"),
    ("act", "accept"): Words("acceptance", "принятие"),
    ("act", "other"): Words("other", "иное"),
    ("concern", "withdraw"): Words("takes the charge back", "отзывает обвинение"),
    ("notice", "other"): Words("of another kind", "иного рода"),
    ("event", "other"): Words("of another kind", "иного рода"),
    ("event", "sanction"): Words("sanctions", "санкции"),
}  # fmt: skip
"""Verbs that mean something of their own in a kind."""

SILENCE_WORDS: Final = {
    "given": Words("a value is given", "значение дано"),
    "nil": Words("declared none", "объявлено отсутствие"),
    "nothing-new": Words("declared that nothing changed", "объявлено, что изменений нет"),
    "withheld": Words("owed and withheld", "причиталось и не предоставлено"),
    "suspended": Words("not given: participation is suspended", "не предоставлено: участие приостановлено"),
    "unknown": Words("unknown, which is never zero", "неизвестно; это не ноль"),
}

BASIS_WORDS: Final = {
    "seen": Words("the source states it", "указано в источнике"),
    "computed": Words("worked out from numbers that the source states", "вычислено по числам источника"),
    "inferred": Words("it follows from what the source states", "следует из сказанного в источнике"),
    "unconfirmed": Words("no source was found yet", "источник пока не найден"),
}
"""How the casebook came to a row."""

TIER_WORDS: Final = {
    "primary": Words("the treaty text, and the parties' own official data",
                     "тексты договорённостей и официальные данные самих сторон"),
    "official": Words("other official publications", "другие официальные публикации"),
    "scholarly": Words("research institutes, journals, datasets", "научные институты, журналы, наборы данных"),
    "press": Words("news agencies, newspapers, broadcasters", "информационные агентства, газеты, телерадиокомпании"),
    "unconfirmed": Words("still to be replaced by a better one", "подлежит замене лучшим источником"),
}  # fmt: skip
"""What each tier of sources is."""

SEVERITY_WORDS: Final = {
    "error": Words("error: left out of the record", "ошибка: в записи не вошло"),
    "warning": Words("warning: kept, and to be looked at", "предупреждение: вошло, но требует внимания"),
    "note": Words("note: kept, and could be better", "замечание: вошло, но может быть улучшено"),
}

FIELD_WORDS: Final = {
    "id": Words("Id", "Код записи"),
    "kind": Words("Kind", "Вид"),
    "verb": Words("What was done", "Что сделано"),
    "author": Words("Author", "Автор"),
    "on": Words("True on", "Верно на"),
    "until": Words("Until", "До"),
    "known": Words("Known since", "Известно с"),
    "year": Words("Year", "Год"),
    "issue": Words("Issue", "Тема"),
    "instrument": Words("Text", "Договорённость"),
    "provision": Words("Article", "Статья"),
    "party": Words("Party", "Сторона"),
    "forum": Words("Forum", "Форум"),
    "level": Words("Level", "Уровень"),
    "place": Words("Place", "Место"),
    "topic": Words("Thread", "Сюжет"),
    "measure": Words("Measure", "Показатель"),
    "item": Words("Item", "Предмет учёта"),
    "silence": Words("Given or not", "Дано или нет"),
    "value": Words("Value", "Значение"),
    "effect": Words("Takes effect", "Действует с"),
    "period": Words("For how long", "На срок"),
    "event_on": Words("Of the event on", "О событии"),
    "received": Words("Received", "Получено"),
    "due": Words("To be done by", "Выполнить до"),
    "refs": Words("Refers to", "Ссылается на"),
    "corrects": Words("Corrects", "Исправляет"),
    "corrected": Words("Corrected", "Исправлено"),
    "source": Words("Source", "Источник"),
    "basis": Words("How it was come to", "Как установлено"),
    "file": Words("In the casebook", "В собрании записей"),
    "text": Words("Words", "Слова"),
    "en": Words("In English", "По-английски"),
    "ru": Words("In Russian", "По-русски"),
}  # fmt: skip
"""The columns of the record, and the filters over them."""


def verb_words(kind: str, verb: str) -> Words:
    """Return what a verb means in a statement of a kind; the verb itself where it has no words."""
    return _OF_KIND.get((kind, verb)) or VERB_WORDS.get(verb) or Words(verb, verb)
