"""Notifications with their clocks, as text in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from detente.depositary.clocks import Notification
from detente.record.registers import Words
from detente.rendering.text import Page

__all__ = ["notifications_text"]

_STATES: Final = {
    "unreceived": Words("not yet received", "ещё не получено"),
    "received": Words("received", "получено"),
    "open": Words("silence until {until} is consent", "молчание до {until} означает согласие"),
    "objected": Words("objected", "заявлено возражение"),
    "agreed": Words("agreed by silence since {until}", "принято молчаливым согласием с {until}"),
    "pending": Words("takes effect on {until}", "вступает в действие {until}"),
    "in-effect": Words("in effect since {until}", "действует с {until}"),
}
_WORDS: Final = {
    "title": Words("Notifications, {on}", "Уведомления, {on}"),
    "none": Words("No notification stands in these books.", "В этих журналах нет уведомлений."),
    "sent": Words("sent {time} UTC by {author}", "отправлено {time} UTC, {author}"),
    "receipt": Words("received {time} UTC", "получено {time} UTC"),
    "had": Words(
        "had at the latest {time} UTC, when the other side countersigned",
        "не позднее {time} UTC, когда другая сторона заверила журнал",
    ),
    "reply-to": Words("in reply to {ids}", "в ответ на {ids}"),
    "event": Words("day of the event: {day}", "день события: {day}"),
    "replies": Words("replies: {ids}", "ответы: {ids}"),
    "files": Words("attached: {names}", "приложено: {names}"),
    "withheld": Words("cells signed and not shown: {count}", "полей подписано, но не показано: {count}"),
}


def notifications_text(found: Sequence[Notification], on: date, language: str) -> str:
    """Return a page of notifications, each with its times and where its clock stands."""

    def say(key: str, **values: object) -> str:
        return _WORDS[key].get(language).format(**values)

    page = Page(language)
    page.heading(say("title", on=on))
    if not found:
        page.line(say("none"))
    for note in found:
        page.blank()
        page.line(f"{note.id}  {note.type}")
        body = (note.en, note.ru) if language == "en" else (note.ru, note.en)
        for text in filter(None, body):
            page.line(text, 2)
        if note.refs:
            page.line(say("reply-to", ids=", ".join(note.refs)), 2)
        if note.event_on:
            page.line(say("event", day=note.event_on), 2)
        page.line(say("sent", time=f"{note.sent:%Y-%m-%d %H:%M}", author=note.author), 2)
        if note.received:
            page.line(say("receipt" if note.by_receipt else "had", time=f"{note.received:%Y-%m-%d %H:%M}"), 2)
        page.line(_STATES[note.state].get(language).format(until=note.until), 2)
        if note.attachments:
            page.line(say("files", names=", ".join(note.attachments)), 2)
        if note.withheld:
            page.line(say("withheld", count=note.withheld), 2)
        if note.replies:
            page.line(say("replies", ids=", ".join(note.replies)), 2)
    return str(page)
