"""The picture of a finding over time: a value in steps against its limit, and the states as bands, party by party."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from detente.instruments.schema import Provision
from detente.reading.answers import HistoryRow
from detente.web.pictures.bars import Tick

__all__ = ["Band", "LevelsPicture", "Panel", "draw_levels"]

_WIDTH: Final = 720
_LEFT, _RIGHT = 56, 12
_LABELS: Final = 134
"""The room on the right for the names of the lines, where there are lines."""

_STEPS: Final = 150
"""The height of the part with the value; there is none where no value is told."""

_TOP: Final = 24
_BAND, _GAP = 22, 15
_FOOT: Final = 22
_LETTER: Final = 6.2
"""The width of a letter: a word is written into a band only where there is room for it."""

_DASHES: Final = 4


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A state that held for a time."""

    state: str
    x: float
    width: float
    text: str
    begins: date
    ends: date | None


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """The states of one party over time in one account, or in several that agree."""

    party: str
    authors: list[str]
    """Whose account it is; none for the common reading."""
    y: float
    segments: list[Segment]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One account of the value: a path of steps, drawn with a dash of its own."""

    author: str
    dash: int
    path: str
    y: float
    """The height of its last step."""
    last: str
    notes: list[Note]
    """Where an author tells another value than the common one: what it is."""


class Note(msgspec.Struct, frozen=True):
    """A value written into the picture."""

    x: float
    y: float
    text: str


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the end of a line: whose account it is and its last value, or the limit."""

    author: str | None
    """None for the limit."""
    y: float
    text: str


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """The picture of one party; of all together where there are bands alone."""

    party: str
    height: float
    base: float
    """The foot of the part with the value; the top where there is none."""
    lines: list[Line]
    labels: list[Label]
    limits: list[Tick]
    levels: list[Tick]
    bands: list[Band]
    foot: float


class LevelsPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template needs to draw: a panel for each party, all over the same years."""

    width: int
    left: float
    right: float
    years: list[Tick]
    day: float
    panels: list[Panel]
    from_zero: bool
    valued: bool


class _Scale:
    """Days across, values up."""

    def __init__(self, first: date, last: date, span: tuple[float, float], right: float) -> None:
        low, high = span
        self._first, self._low = first, low
        self._step = (right - _LEFT) / max((last - first).days, 1)
        self._rise = (_STEPS - 12) / (high - low or 1)

    def x(self, day: date) -> float:
        return round(_LEFT + (day - self._first).days * self._step, 1)

    def y(self, value: float) -> float:
        return round(_TOP + _STEPS - 6 - (value - self._low) * self._rise, 1)


def draw_levels(
    rows: Sequence[HistoryRow], provision: Provision, on: date, word: Callable[[str], str]
) -> LevelsPicture | None:
    """Return the picture of a history until the day; `word` says a state in the language of the page."""
    if not rows:
        return None
    first = min(row.from_ for row in rows)
    limits = [float(n) for n in (provision.at_most, provision.at_least) if n is not None]
    values = [float(row.value or 0) for row in rows if _told(row)]
    valued = bool(limits and values)
    span = _range([*values, *limits]) if valued else (0.0, 1.0)
    right = _WIDTH - (_LABELS if valued else _RIGHT)
    scale = _Scale(first, on, span, right)
    by_party: dict[str, list[HistoryRow]] = {}
    for row in rows:
        by_party.setdefault(row.party, []).append(row)
    parts = list(by_party.items()) if valued else [("", list(rows))]
    return LevelsPicture(
        width=_WIDTH,
        left=_LEFT,
        right=right,
        years=_years(scale, first, on, right),
        day=scale.x(on),
        panels=[_panel(scale, party, own, limits if valued else [], span, on, word) for party, own in parts],
        from_zero=span[0] == 0,
        valued=valued,
    )


def _told(row: HistoryRow) -> bool:
    """Return whether a value is told that is still evidence; one that is too old is not drawn on."""
    return bool(row.value) and row.reason not in ("stale", "withheld", "no-report")


def _range(numbers: list[float]) -> tuple[float, float]:
    """Return the values at the foot and at the top: from zero, unless all lie close together far above it."""
    low, high = min(numbers), max(numbers)
    margin = (high - low) * 0.12 or max(abs(high), 1) * 0.12
    return (max(low - margin, 0) if low > high / 2 else 0.0), high + margin


def _panel(
    scale: _Scale,
    party: str,
    rows: list[HistoryRow],
    limits: list[float],
    span: tuple[float, float],
    on: date,
    word: Callable[[str], str],
) -> Panel:
    valued = bool(limits) and any(_told(row) for row in rows)
    base = _TOP + _STEPS if valued else _TOP - 12
    lines = list(_lines(scale, rows, on)) if valued else []
    bands = _bands(scale, rows, base, on, word)
    foot = base + len(bands) * (_BAND + _GAP)
    return Panel(
        party=party,
        height=foot + _FOOT,
        base=base,
        lines=lines,
        labels=_labels(scale, lines, limits) if valued else [],
        limits=[Tick(scale.y(n), f"{n:,g}") for n in limits] if valued else [],
        levels=[Tick(scale.y(n), f"{n:,g}") for n in _levels(*span)] if valued else [],
        bands=bands,
        foot=foot,
    )


def _lines(scale: _Scale, rows: Sequence[HistoryRow], on: date) -> Iterator[Line]:
    """Yield a line for the common reading, and one for each author who ever told another value."""
    by_author: dict[str, list[HistoryRow]] = {}
    for row in rows:
        by_author.setdefault(row.author, []).append(row)
    common = by_author.get("", [])
    apart = {a: own for a, own in by_author.items() if a == "" or not _same_value(own, common)}
    for dash, (author, own) in enumerate(sorted(apart.items())):
        line = _line(scale, own, author, dash % _DASHES, on)
        if line:
            yield msgspec.structs.replace(line, notes=_notes(scale, own, common) if author else [])


def _notes(scale: _Scale, rows: Iterable[HistoryRow], common: Sequence[HistoryRow]) -> list[Note]:
    """Return an author's values where they are not the common ones, each once."""
    found: list[Note] = []
    before = ""
    for row in rows:
        told = row.value or ""
        if _told(row) and told != before and not _same_value([row], common):
            found.append(Note(scale.x(row.from_) + 2, scale.y(float(told)) - 4, f"{float(told):,g}"))
        before = told
    return found


def _same_value(rows: Iterable[HistoryRow], common: Sequence[HistoryRow]) -> bool:
    """Return whether an author's value is the common one whenever both are told."""
    return all(
        row.value == other.value
        for row in rows
        for other in common
        if _told(row) and _told(other) and _meet(row, other)
    )


def _meet(row: HistoryRow, other: HistoryRow) -> bool:
    return (other.until is None or row.from_ < other.until) and (row.until is None or other.from_ < row.until)


def _bands(scale: _Scale, rows: Iterable[HistoryRow], base: float, on: date, word: Callable[[str], str]) -> list[Band]:
    """Return the bands under one another; accounts of a party that agree throughout share one."""
    accounts: dict[tuple[str, str], list[HistoryRow]] = {}
    for row in rows:
        accounts.setdefault((row.party, row.author), []).append(row)
    alike: dict[tuple[str, bool, tuple[Segment, ...]], list[str]] = {}
    for (party, author), own in accounts.items():
        segments = tuple(_segments(scale, own, on, word))
        alike.setdefault((party, author == "", segments), []).append(author)
    return [
        Band(
            party=party,
            authors=[author for author in authors if author],
            y=base + _GAP + number * (_BAND + _GAP),
            segments=list(segments),
        )
        for number, ((party, _, segments), authors) in enumerate(alike.items())
    ]


def _line(scale: _Scale, rows: Iterable[HistoryRow], author: str, dash: int, on: date) -> Line | None:
    """Return the steps of one account; where no value is told the line breaks off."""
    path: list[str] = []
    pen: tuple[date | None, float] | None = None
    last = ""
    for row in rows:
        if not _told(row):
            pen = None
            continue
        value = float(row.value or 0)
        begins, ends = scale.x(row.from_), scale.x(row.until or on)
        path.append(f"L{begins} {scale.y(value)}" if pen and pen[0] == row.from_ else f"M{begins} {scale.y(value)}")
        path.append(f"H{ends}")
        pen, last = (row.until, value), f"{value:,g}"
    if not path:
        return None
    return Line(author=author, dash=dash, path="".join(path), y=_last_height(path), last=last, notes=[])


def _last_height(path: list[str]) -> float:
    return float(path[-2].split(" ")[1])


def _labels(scale: _Scale, lines: Iterable[Line], limits: Iterable[float]) -> list[Label]:
    """Return the labels beside the ends of the lines, so far apart that each can be read."""
    wanted = [Label(author=line.author, y=line.y + 4, text=line.last) for line in lines]
    wanted += [Label(author=None, y=scale.y(n) + 4, text=f"{n:,g}") for n in limits]
    placed: list[Label] = []
    for label in sorted(wanted, key=lambda each: each.y):
        above = placed[-1].y + _BETWEEN if placed else 0
        placed.append(msgspec.structs.replace(label, y=round(max(label.y, above), 1)))
    # Those that were pushed below the picture push the others up.
    foot = float(_TOP + _STEPS)
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = msgspec.structs.replace(placed[number], y=min(placed[number].y, foot))
        foot = placed[number].y - _BETWEEN
    return placed


_BETWEEN: Final = 13


def _segments(scale: _Scale, rows: Iterable[HistoryRow], on: date, word: Callable[[str], str]) -> list[Segment]:
    """Return the states of one account; what follows in the same state is one segment, whatever the value."""
    found: list[Segment] = []
    for row in rows:
        ends = row.until or on
        before = found[-1] if found else None
        if before and before.state == row.state and before.ends == row.from_:
            found.pop()
            begins = before.begins
        else:
            begins = row.from_
        x = scale.x(begins)
        width = round(max(scale.x(ends) - x, 1), 1)
        text = word(row.state)
        shown = text if width > len(text) * _LETTER + 8 else ""
        found.append(Segment(state=row.state, x=x, width=width, text=shown, begins=begins, ends=row.until))
    return found


def _levels(low: float, high: float) -> list[float]:
    """Return some three round numbers between the two."""
    rough = (high - low) / 3
    power = 10 ** (len(str(int(rough))) - 1) if rough >= 1 else 0.1
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough) if rough > 0 else 1
    first = -(-low // step) * step
    return [first + n * step for n in range(8) if first + n * step <= high]


def _years(scale: _Scale, first: date, last: date, right: float) -> list[Tick]:
    every = next((n for n in (1, 2, 5, 10, 20) if (last.year - first.year) / n <= 9), 50)
    years = (date(year, 1, 1) for year in range(first.year, last.year + 1) if year % every == 0)
    ticks = (Tick(scale.x(day), str(day.year)) for day in years if day >= first)
    return [tick for tick in ticks if _LEFT <= tick.at <= right - 4]
