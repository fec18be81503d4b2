"""The sentences of the agenda in English and Russian: one template a rule, filled from the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from dateutil.relativedelta import relativedelta

from detente.record.dates import add_period
from detente.record.dates import period
from detente.record.registers import Words

__all__ = ["ago", "every_words", "listed", "period_words", "say", "span_words"]

_SENTENCES: Final[dict[str, Words]] = {
    "contested.title": Words("{short}: how it stands is disputed", "{short}: оспаривается сам статус"),
    "contested.why": Words(
        "An act on this instrument counts for some and is contested by others, so that it stands differently "
        "in each reading.",
        "Акт, касающийся этой договорённости, одни признают, а другие оспаривают, поэтому в разных прочтениях "
        "её статус различен.",
    ),
    "concerns.title": Words("{short}: concerns raised and not resolved", "{short}: неснятые озабоченности"),
    "concerns.why": Words(
        "Raised and not resolved: {count}, the oldest since {since}: {topics}.",
        "Неснятых озабоченностей: {count}, самая давняя — с {since}: {topics}.",
    ),
    "accounts.title": Words(
        "{short} {article}: two accounts of {party}", "{short} {article}: данные расходятся ({party})"
    ),
    "accounts.why": Words(
        "The accounts of this provision differ by author.", "Данные об этом положении у разных авторов расходятся."
    ),
    "apart.title": Words(
        "{short}: {inside} is in, {outside} is out",
        "{short}: одна сторона участвует ({inside}), другая вышла ({outside})",
    ),
    "apart.why": Words(
        "{outside} left on {since} ({ago}); {inside} is still bound.",
        "Сторона, вышедшая {since} ({ago}), — {outside}; сторона, остающаяся связанной, — {inside}.",
    ),
    "others.title": Words(
        "{short}: concerns of others about the two", "{short}: озабоченности третьих сторон в отношении обеих сторон"
    ),
    "others.why": Words(
        "Raised by {authors} and not resolved (article {articles}).",
        "Выражены и не сняты; кем выражены: {authors} (статьи: {articles}).",
    ),
    "thirds.title": Words("{short}: concerns about others", "{short}: озабоченности в отношении третьих сторон"),
    "thirds.why": Words("Held not to be met: {names}.", "Считаются невыполненными: {names}."),
    "positions.title": Words("{topic}: opposite positions", "{topic}: противоположные позиции"),
    "positions.why": Words(
        "Each has taken the opposite position on the same topic.",
        "По одному и тому же вопросу позиции сторон противоположны.",
    ),
    "term.title": Words("{short} ends on {until}", "{short}: срок действия истекает {until}"),
    "term.why": Words(
        "Its term runs out in {days} days (article {article}). {extension}",
        "Срок действия истекает через {days} дн. (статья {article}). {extension}",
    ),
    "term.open": Words("One extension of up to {years} is open.", "Возможно одно продление (на срок до {years})."),
    "term.several": Words(
        "Further extensions of up to {years} each are open.", "Возможны новые продления (каждое на срок до {years})."
    ),
    "term.used": Words("No further extension is open.", "Дальнейшее продление не предусмотрено."),
    "gap.title": Words(
        "{short} ended on {since}, and nothing replaces it", "{short}: действие прекратилось {since}, замены нет"
    ),
    "gap.why": Words(
        "It ended {ago}, and no instrument in force between the two replaces it.",
        "Действие прекратилось {ago}; действующей между сторонами замены нет.",
    ),
    "leaving.title": Words(
        "{party} leaves {short} on {until}", "{short}: выход стороны ({party}) вступает в силу {until}"
    ),
    "leaving.why": Words(
        "Notice of withdrawal was given; it takes effect in {days} days.",
        "Уведомление о выходе сделано; выход вступает в силу через {days} дн.",
    ),
    "suspended.title": Words(
        "{short}: suspension declared by {party}", "{short}: объявлено приостановление участия ({party})"
    ),
    "suspended.why": Words(
        "{party} suspended its participation on {since} ({ago}).",
        "Сторона ({party}) объявила о приостановлении участия {since} ({ago}).",
    ),
    "turn.title": Words("{short}, due by {until}: {what}", "{short}, срок — {until}: {what}"),
    "turn.why": Words(
        "{every} (article {article}); the last on record is of {seen}.",
        "Периодичность: {every} (статья {article}); последнее в записях: {seen}.",
    ),
    "turn.none": Words("none", "нет"),
    "unmet.title": Words("{short} {article}: not met by {party}", "{short} {article}: не выполнено ({party})"),
    "unmet.why": Words("By the record: {reason}.", "По записям: {reason}."),
    "pending.title": Words(
        "{short}: {party} has not consented to be bound", "{short}: согласие на обязательность не выражено ({party})"
    ),
    "pending.why": Words(
        "Signed {since} ({ago}); ratification is outstanding.", "Подписание — {since} ({ago}); ратификации нет."
    ),
    "commitments.title": Words("Open commitments: {count}", "Принятые и ещё не выполненные обязательства: {count}"),
    "commitments.why": Words(
        "Undertaken, and neither fulfilled nor dropped on the record: {what} {overdue}",
        "В записях нет ни выполнения, ни отказа: {what} {overdue}",
    ),
    "commitments.overdue": Words("({count} overdue)", "(просрочено: {count})"),
    "offers.title": Words("Offers without an answer: {count}", "Предложения без ответа: {count}"),
    "offers.why": Words(
        "Proposed by one of the two, and the record holds no answer of the other: {what}",
        "Предложено одной стороной, ответа другой в записях нет: {what}",
    ),
    "third.title": Words("{party} under {short}", "{short}: {party}"),
    "third.why": Words(
        "{not_met} of {all} provisions judged are not met, {met} are met ({by}, latest evidence {seen}).",
        "Оценено положений: {all}; не выполнено: {not_met}, выполнено: {met} ({by}, последние данные — {seen}).",
    ),
    "texts.title": Words("{short}: agreed {since}", "{short}: согласовано {since}"),
    "texts.why": Words("Made by {parties} {ago}: {promises}.", "Стороны: {parties}, {ago}: {promises}."),
    "negotiation.title": Words(
        "No negotiation between the two is under way", "Переговоры между двумя сторонами не ведутся"
    ),
    "negotiation.why": Words(
        "No negotiating forum of the two is alive; the last, {forum}, {how} {since} ({ago}).",
        "Действующих переговорных форумов нет; последний ({forum}) {how} {since} ({ago}).",
    ),
    "negotiation.never": Words(
        "The record holds no negotiation between the two.", "В записях нет переговоров между этими сторонами."
    ),
    "silent.title": Words("{forum}: {state} since {since}", "{forum}: {state} с {since}"),
    "silent.why": Words(
        "Its charter covers {scope}; {state} for {ago}{umbrella}. Last session: {last}.",
        "Предмет по мандату: {scope}; {state} ({ago}){umbrella}. Последнее заседание: {last}.",
    ),
    "silent.umbrella": Words(", with {umbrella}", ", как и вышестоящий форум ({umbrella})"),
    "bound.title": Words("In force for both: {names}", "Действуют для обеих сторон: {names}"),
    "bound.why": Words("{names}. {argued}", "{names}. {argued}"),
    "bound.argued": Words(
        "In dispute between the two all the same: {names}.", "При этом предмет спора между сторонами: {names}."
    ),
    "within.title": Words(
        "{short}: both are within the limits", "{short}: обе стороны в пределах установленных уровней"
    ),
    "within.why": Words("By the last declarations: {numbers}.", "По последним данным: {numbers}."),
    "joint.title": Words("Joint statements: {count}", "Совместные заявления: {count}"),
    "joint.why": Words("Latest: {latest}", "Последнее: {latest}"),
    "votes.title": Words(
        "UN General Assembly: {alike} of {all} votes alike",
        "Генассамблея ООН: голоса совпали в {alike} из {all} голосований",
    ),
    "votes.why": Words(
        "Recorded votes of {year} on this subject in which both took part; the last year that the record holds.",
        "Поимённые голосования {year} года по этой теме с участием обеих сторон; последний год в записях.",
    ),
    "alive.title": Words("Bodies of both that meet: {names}", "Действующие общие форумы: {names}"),
    "alive.why": Words("Last sessions: {lasts}.", "Последние заседания: {lasts}."),
    "anniversary.title": Words("{short}: {years} years since {what}", "{short}: {years} лет {what}"),
    "anniversary.why": Words(
        "{what} on {since}; both are bound by it.",
        "Отсчёт {what}: {since}; договорённость обязательна для обеих сторон.",
    ),
    "anniversary.opening": Words("opening for signature", "со дня открытия к подписанию"),
    "anniversary.force": Words("entry into force", "со дня вступления в силу"),
    "reach.none": Words(
        "The record holds no text, body or concern between {a} and {b} alone: what is not here may still exist.",
        "В записях нет двусторонних договорённостей, органов и озабоченностей ({a}, {b}): это не значит, что их нет.",
    ),
    "reach.votes": Words(
        "UN General Assembly votes are on record up to {until}.",
        "Голосования в Генассамблее ООН внесены по {until}.",
    ),
    "reach.partial": Words(
        "The acts of the parties are complete for {complete} instruments of {all}; elsewhere no act on record "
        "does not mean no act.",
        "Договорённости, по которым акты сторон внесены полностью: {complete} из {all}; по остальным отсутствие "
        "записи не означает отсутствия акта.",
    ),
    "reach.early": Words(
        "{a} and {b} did not both exist on that day: predecessors are named by their own ids.",
        "На тот день существовали не обе стороны ({a}, {b}): предшественники названы своими кодами.",
    ),
    "ago": Words("{span} ago", "{span} назад"),
    "every": Words("every {span}", "раз в {span}"),
    "suspended.how": Words("was suspended", "приостановлен"),
    "ended.how": Words("ended", "завершён"),
    "lapsed.how": Words("fell silent", "прекратил заседания"),
}


def say(key: str, **values: Words | str | int | date | None) -> Words:
    """Return a sentence in both languages; values that are Words go in in their own language."""
    template = _SENTENCES[key]

    def fill(text: str, language: str) -> str:
        cells = {
            k: v.get(language) if isinstance(v, Words) else ("" if v is None else str(v)) for k, v in values.items()
        }
        return text.format_map(cells).strip()

    return Words(fill(template.en, "en"), fill(template.ru, "ru"))


def span_words(start: date, end: date) -> Words:
    """Return the time between two days in its two largest calendar units: 2 years, 7 months."""
    gap = relativedelta(max(start, end), min(start, end))
    parts = [(unit, n) for unit, n in (("year", gap.years), ("month", gap.months), ("day", gap.days)) if n][:2]
    parts = parts or [("day", 0)]
    english = ", ".join(f"{n} {unit if n == 1 else unit + 's'}" for unit, n in parts)
    russian = " ".join(f"{n} {_russian(unit, n)}" for unit, n in parts)
    return Words(english, russian)


_RUSSIAN_UNITS: Final = {
    "year": ("год", "года", "лет"),
    "month": ("месяц", "месяца", "месяцев"),
    "day": ("день", "дня", "дней"),
}
"""Each unit after one, after two to four, and after every other number (Unicode CLDR's one, few, many)."""


def _russian(unit: str, n: int) -> str:
    one, few, many = _RUSSIAN_UNITS[unit]
    if n % 10 == 1 and n % 100 != 11:
        return one
    return few if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else many


def period_words(text: str) -> Words:
    """Return an ISO 8601 period in words: P18M is 1 year, 6 months."""
    months, days, _ = period(text)
    start = date(2001, 1, 1)
    return span_words(start, add_period(start, f"P{months}M{days}D"))


def every_words(text: str) -> Words:
    """Return how often something comes: every year, every 6 months."""
    words = period_words(text)
    single = Words(words.en.removeprefix("1 "), words.ru.removeprefix("1 "))
    return say("every", span=single)


def ago(start: date, end: date) -> Words:
    """Return how long before `end` the day `start` lies, in words."""
    span = span_words(start, end)
    return say("ago", span=span)


def listed(names: Iterable[Words | str], most: int = 0) -> Words:
    """Return names as one list in both languages; after `most` of them the rest is counted."""
    words = [n if isinstance(n, Words) else Words(n, n) for n in names]
    shown = words[:most] if most else words
    rest = len(words) - len(shown)
    more = (f" and {rest} more", f" и ещё {rest}") if rest else ("", "")
    return Words(", ".join(w.en for w in shown) + more[0], ", ".join(w.ru for w in shown) + more[1])
