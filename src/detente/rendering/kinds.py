"""The words for the kinds of parties, forums, obligations and of what falls due, in English and Russian."""

from __future__ import annotations

from typing import Final

from detente.record.registers import Words

__all__ = ["DUE_KINDS", "FORUM_KINDS", "OBLIGATION_KINDS", "PARTY_KINDS"]

PARTY_KINDS: Final = {
    "state": Words("state", "государство"),
    "body": Words("body", "орган"),
    "group": Words("group", "группа"),
    "institute": Words("institute", "институт"),
    "press": Words("press", "печать"),
}

FORUM_KINDS: Final = {
    "summit": Words("meetings of leaders", "встречи лидеров"),
    "ministerial": Words("meetings of ministers", "встречи министров"),
    "commission": Words("commission", "комиссия"),
    "working-group": Words("working group", "рабочая группа"),
    "sub-group": Words("sub-group", "подгруппа"),
    "negotiation": Words("negotiation", "переговоры"),
    "dialogue": Words("dialogue", "диалог"),
    "conference": Words("conference", "конференция"),
    "centre": Words("centre", "центр"),
    "committee": Words("committee", "комитет"),
    "track-two": Words("track two", "неофициальный диалог"),
}

OBLIGATION_KINDS: Final = {
    "limit": Words("limit", "уровень"),
    "adherence": Words("adherence", "требуемый акт"),
    "notice": Words("notice", "уведомление"),
    "cadence": Words("cadence", "периодичность"),
    "quota": Words("quota", "квота"),
    "term": Words("term", "срок действия"),
    "undertaking": Words("undertaking", "общее обязательство"),
    "none": Words("none", "нет"),
}

DUE_KINDS: Final = {
    "term": Words("term ends", "истечение срока"),
    "renewal": Words("renewal", "продление"),
    "departure": Words("departure", "выход"),
    "begins": Words("begins to bind", "начало действия"),
    "ends": Words("ends", "прекращение действия"),
    "deadline": Words("deadline", "последний день"),
    "turn": Words("turn", "очередной срок"),
    "commitment": Words("commitment", "принятое обязательство"),
    "session": Words("session", "заседание"),
}
