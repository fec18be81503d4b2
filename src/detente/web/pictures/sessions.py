"""The picture of a forum in time: when it was at work by its charters, and every session as a stroke."""

from __future__ import annotations

from datetime import date

import msgspec

from detente.reading.forum import ForumAnswer
from detente.record.dates import counts_from
from detente.web.pictures.bars import Tick

__all__ = ["SessionsPicture", "draw_sessions"]

_WIDTH, _HEIGHT = 720, 84
_LEFT, _RIGHT, _TOP, _BASE = 6, 6, 12, 54
_LABELS = 14
_BEGIN = ("charter", "re-charter", "resume")
_STOP = ("suspend", "end")


class Band(msgspec.Struct, frozen=True):
    """A time in which the forum was at work, or suspended."""

    kind: str
    x: float
    width: float


class Stroke(msgspec.Struct, frozen=True):
    """One session."""

    x: float
    planned: bool


class SessionsPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template needs to draw."""

    width: int
    height: int
    top: float
    base: float
    bands: list[Band]
    strokes: list[Stroke]
    years: list[Tick]
    mark: float
    on: date
    first: int
    last: int


def draw_sessions(answer: ForumAnswer) -> SessionsPicture | None:
    """Return the picture; None where nothing had happened by the day."""
    days = [counts_from(act.on) for act in answer.acts] + [s.day for s in (*answer.held, *answer.planned)]
    if not days:
        return None
    begin, end = date(min(days).year, 1, 1), date(max([*days, answer.on]).year, 12, 31)
    scale = (_WIDTH - _LEFT - _RIGHT) / max((end - begin).days, 1)

    def at(day: date) -> float:
        return round(_LEFT + (day - begin).days * scale, 1)

    bands = [
        Band(kind, at(start), round(max((stop - start).days * scale, 1.5), 1)) for kind, start, stop in _spans(answer)
    ]
    every = max(-(-(end.year - begin.year + 1) // _LABELS), 1)
    every = next((n for n in (1, 2, 5, 10) if n >= every), 10)
    marked = [year for year in range(begin.year, end.year + 1) if year % every == 0]
    sessions = [*answer.held, *answer.planned]
    return SessionsPicture(
        width=_WIDTH, height=_HEIGHT, top=_TOP, base=_BASE, bands=bands,
        strokes=[Stroke(at(session.day), session.planned) for session in sessions],
        years=[Tick(at(date(year, 1, 1)), str(year)) for year in marked], mark=at(answer.on), on=answer.on,
        first=begin.year, last=end.year,
    )  # fmt: skip


def _spans(answer: ForumAnswer) -> list[tuple[str, date, date]]:
    """Return when the forum was at work and when it was suspended, by its acts and by its state on the day."""
    found: list[tuple[str, date, date]] = []
    kind, start = "", answer.on
    acts = [(counts_from(act.on), act.verb) for act in answer.acts]
    if answer.forum.chartered and not any(verb in _BEGIN for _, verb in acts):
        acts.insert(0, (answer.forum.chartered, "charter"))
    for day, verb in acts:
        if verb == "appoint":
            continue
        if kind:
            found.append((kind, start, day))
        kind = "work" if verb in _BEGIN else "suspended" if verb == "suspend" else ""
        start = day
    state, since = answer.forum.state, answer.forum.since
    if kind == "work" and state in ("suspended", "lapsed", "ended") and since and since > start:
        found.append((kind, start, since))
        kind, start = ("suspended" if state == "suspended" else ""), since
    if kind:
        found.append((kind, start, answer.on))
    return [(name, begin, end) for name, begin, end in found if end > begin]
