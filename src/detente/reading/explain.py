"""Explain: the trace of a finding or of an agenda item, from the provision to the sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import polars as pl

from detente.consultation.forums import STATE_WORDS as FORUM_WORDS
from detente.consultation.item import Item
from detente.consultation.placing import PREFERENCES
from detente.errors import DetenteError
from detente.instruments.schema import Provision
from detente.instruments.standings import STANDING_WORDS
from detente.obligations.finding import REASONS
from detente.obligations.finding import STATE_WORDS
from detente.reading.answers import ExplainAnswer
from detente.reading.evidence import evidence
from detente.reading.reading import Reading
from detente.record.registers import Words

__all__ = ["explain", "parameters"]


def explain(reading: Reading, id: str, between: tuple[str, str], horizon: str = "P3Y") -> ExplainAnswer:
    """Return how a finding (`new-start/II.1(b)/RUS`, `...@USA`) or an agenda item was computed."""
    if "/" in id:
        return _finding(reading, id)
    items = reading.agenda(*between, horizon).items()
    for item in items:
        if item.id == id:
            return _item(reading, item)
    near = [i.id for i in items if id in i.id or i.id in id][:5]
    hint = (
        f"Did you mean {', '.join(near)}?"
        if near
        else f"See: detente agenda --between {','.join(between)} --on {reading.on}"
    )
    raise DetenteError(f"The agenda of {reading.on} has no item '{id}'.", hint)


def _finding(reading: Reading, id: str) -> ExplainAnswer:
    rows = reading.all_findings.filter(pl.col("id") == id)
    if not rows.height:
        stem, _, author = id.partition("@")
        if author and reading.all_findings.filter(pl.col("id") == stem).height:
            rows = reading.all_findings.filter(pl.col("id") == stem)
        else:
            near = reading.all_findings.filter(pl.col("id").str.starts_with(id.split("/")[0] + "/"))["id"].to_list()[:5]
            hint = f"For example: {', '.join(near)}." if near else "List them with: detente findings"
            raise DetenteError(f"There is no finding '{id}' on {reading.on}.", hint)
    row = rows.row(0, named=True)
    provision = reading.casebook.instruments[row["instrument"]].find(row["provision"])
    state = STATE_WORDS[row["state"]]
    reason = REASONS[row["reason"]]
    cells = parameters(provision)
    return ExplainAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=row["author"] or None,
        stamp=reading.stamp,
        id=row["id"],
        title=provision.title if provision else Words("", ""),
        result=Words(f"{state.en}: {reason.en}", f"{state.ru}: {reason.ru}"),
        steps=list(_steps(reading, row)),
        provision=cells,
        evidence=evidence(reading.casebook, [*row["evidence"], *([row["stand_act"]] if row["stand_act"] else [])]),
    )


def parameters(provision: Provision | None) -> dict[str, Any]:
    """Return what the article's entry in `treaty.toml` says, without what it leaves unsaid."""
    if provision is None:
        return {}
    unsaid = msgspec.to_builtins(Provision(article="", title=Words("", ""), kind=""))
    return {k: v for k, v in msgspec.to_builtins(provision).items() if v != unsaid.get(k)}


def _steps(reading: Reading, row: dict[str, Any]) -> Iterator[Words]:
    """Yield the steps of the evaluation in words, each with its numbers."""
    party, author = row["party"], row["author"]
    instrument = reading.casebook.instruments[row["instrument"]]
    since = row["stand_since"]
    standing = STANDING_WORDS[row["standing"]]
    yield Words(
        f"{party} stands to {instrument.short.en} as: {standing.en}" + (f", since {since}." if since else "."),
        f"{party}, {instrument.short.ru}: {standing.ru}" + (f", с {since}." if since else "."),
    )
    if author:
        yield Words(f"According to {author}.", f"По данным: {author}.")
    if row["from"]:
        yield Words(f"The provision binds from {row['from']}.", f"Положение действует с {row['from']}.")
    if row["gate"]:
        gate = REASONS[row["gate"]]
        yield Words(f"It does not bind now: {gate.en}.", f"Сейчас оно не действует: {gate.ru}.")
    yield from _kind_steps(row)


def _kind_steps(row: dict[str, Any]) -> Iterator[Words]:
    value, limit = row["value"], row["limit"]
    if row["reported_on"]:
        yield Words(
            f"{row['reporter']} reported {value or 'no value'} as of {row['reported_on']} ({row['measure']}).",
            f"{row['reporter']} сообщает: {value or 'нет значения'} на {row['reported_on']} ({row['measure']}).",
        )
    if value and limit:
        sign = {"met": "holds", "not met": "does not hold"}.get(row["state"], "is not applied")
        sign_ru = {"met": "верно", "not met": "неверно"}.get(row["state"], "не применяется")
        yield Words(f"{value} {limit}: {sign}.", f"{value} {limit}: {sign_ru}.")
    told = (
        (
            "event_day",
            "The last event that calls for a notice: {}.",
            "Последнее событие, требующее уведомления: {}.",
        ),
        ("last_day", "Last day for the notice: {}.", "Последний день для уведомления: {}."),
        ("told", "Notice given on {}.", "Уведомление сделано {}."),
        ("deadline", "Last day for it: {}.", "Последний день: {}."),
        ("turn", "The last turn that must be done: {}.", "Последний наступивший срок: {}."),
        ("seen", "Done last on {}.", "Последний раз выполнено {}."),
        ("next_due", "Next due on {}.", "Следующий срок {}."),
        ("ends", "The term ends on {}.", "Срок истекает {}."),
        ("out", "Departure takes effect on {}.", "Выход вступает в силу {}."),
    )
    for column, en, ru in told:
        if row[column]:
            yield Words(en.format(row[column]), ru.format(row[column]))


def _item(reading: Reading, item: Item) -> ExplainAnswer:
    instrument = reading.casebook.instruments.get(item.instrument)
    provision = instrument.find(item.provision) if instrument and item.provision else None
    steps = [
        Words(f"Put on the agenda by the rule '{item.rule}'.", f"Внесено по правилу «{item.rule}»."),
        item.why,
    ]
    if item.forum:
        forum = reading.casebook.record.registers.forums[item.forum.id]
        state = FORUM_WORDS[item.forum.state]
        steps.append(
            Words(
                f"Forum: {forum.title.en} ({state.en}). A forum is looked for in this order: "
                + "; ".join(w.en for w, _ in PREFERENCES)
                + ".",
                f"Форум: {forum.title.ru} ({state.ru}). Форум ищется в таком порядке: "
                + "; ".join(w.ru for w, _ in PREFERENCES)
                + ".",
            )
        )
    if item.covers:
        steps.append(
            Words(
                f"Its charter covers: {', '.join(item.covers)}.",
                f"Мандат охватывает: {', '.join(item.covers)}.",
            )
        )
    return ExplainAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        id=item.id,
        title=item.title,
        result=item.why,
        steps=steps,
        provision=parameters(provision),
        evidence=evidence(reading.casebook, item.evidence),
    )
