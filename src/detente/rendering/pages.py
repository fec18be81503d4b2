"""Every answer but the agenda as text of 80 columns."""

from __future__ import annotations

from collections import Counter
from datetime import date

from detente.consultation.claims import MEASURE_WORDS
from detente.consultation.claims import VERDICT_WORDS
from detente.consultation.forums import STATE_WORDS as FORUM_WORDS
from detente.instruments.standings import STANDING_WORDS
from detente.obligations.finding import REASONS
from detente.obligations.finding import STATE_WORDS
from detente.reading.answers import Answer
from detente.reading.answers import Change
from detente.reading.answers import ClaimsAnswer
from detente.reading.answers import DiffAnswer
from detente.reading.answers import DueAnswer
from detente.reading.answers import Evidence
from detente.reading.answers import ExplainAnswer
from detente.reading.answers import FindingRow
from detente.reading.answers import FindingsAnswer
from detente.reading.answers import ForumRow
from detente.reading.answers import ForumsAnswer
from detente.reading.answers import HistoryAnswer
from detente.reading.answers import ShowAnswer
from detente.reading.answers import StatusAnswer
from detente.reading.answers import StatusRow
from detente.reading.answers import TiesAnswer
from detente.record.registers import Words
from detente.rendering.labels import ACT_WORDS
from detente.rendering.labels import LEVELS
from detente.rendering.labels import SOURCE_WORDS
from detente.rendering.labels import label
from detente.rendering.text import Page

__all__ = [
    "claims_text", "diff_text", "due_text", "explain_text", "findings_text", "forums_text", "history_text",
    "show_text", "status_text", "ties_text",
]  # fmt: skip

_MOST = 60


def _day(day: date | None) -> str:
    return day.isoformat() if day else "-"


def _foot(page: Page, answer: Answer) -> str:
    page.blank()
    page.line(f"{label('stamp', page.language)}: {answer.stamp}", style="dim")
    return str(page)


def _head(page: Page, title: str, answer: Answer) -> None:
    language = page.language
    page.heading(f"{title}, {answer.on}")
    told = [f"{label('known_by', language)} {answer.known_by}"] if answer.known_by else []
    told += [f"{label('according_to', language)} {answer.according_to}"] if answer.according_to else []
    if told:
        page.line("; ".join(told))
    page.blank()


def _state(row: StatusRow, language: str) -> str:
    if row.in_force:
        return label("in_force", language)
    return f"{label('ended', language)} {_day(row.ended)}" if row.ended else label("not_in_force", language)


def _instruments(answer: StatusAnswer, language: str) -> list[tuple[str, ...]]:
    """Return a row an instrument, and one for all readers who see it in the same other way."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for row in answer.instruments:
        state = _state(row, language)
        if row.days_left is not None:
            left = label("days_left", language, n=row.days_left)
            state = f"{state}, {label('until', language)} {_day(row.ends)} ({left})"
        cells = (row.instrument, state, f"{row.last_act_on} {_act(row.last_act, language)}")
        rows.setdefault(cells, []).append(row.reading)
    return [(_with_readers(cells[0], readers), *cells[1:]) for cells, readers in rows.items()]


def _act(told: str, language: str) -> str:
    verb, _, party = told.partition(" ")
    words = ACT_WORDS.get(verb)
    return f"{words.get(language) if words else verb} {party}".strip()


def _with_readers(name: str, readers: list[str]) -> str:
    return f"{name} @{', '.join(readers)}" if any(readers) else name


def _standings(answer: StatusAnswer, language: str) -> list[tuple[str, ...]]:
    rows: dict[tuple[str, ...], list[str]] = {}
    for s in answer.standings:
        cells = (s.instrument, s.party, STANDING_WORDS[s.standing].get(language), _day(s.since), _day(s.until))
        rows.setdefault(cells, []).append(s.reading)
    return [(*cells, ", ".join(filter(None, readers))) for cells, readers in rows.items()]


def status_text(answer: StatusAnswer, language: str, color: bool = False) -> str:
    """Return instruments and, where one or a party is asked for, standings."""
    page = Page(language, color)
    _head(page, label("standings", language), answer)
    if not answer.instruments:
        page.line(label("nothing", language))
        return _foot(page, answer)
    page.table(("instrument", "state", "last_act"), _instruments(answer, language), wide="state")
    few = len({s.instrument for s in answer.standings}) == 1 or len({s.party for s in answer.standings}) == 1
    if few and answer.standings:
        page.section(label("standings", language))
        page.table(("instrument", "party", "standing", "since", "until", "reading"), _standings(answer, language))
    return _foot(page, answer)


def findings_text(answer: FindingsAnswer, language: str, color: bool = False, every: bool = False) -> str:
    """Return findings, an instrument at a time.

    Undertakings about which nobody raised a concern are counted, not listed, unless `every` is wanted.
    """
    page = Page(language, color)
    _head(page, label("findings", language), answer)
    shown = [f for f in answer.findings if every or f.reason not in _QUIET]
    instruments = dict.fromkeys(f.instrument for f in shown)
    if len(instruments) > 1 and not every and len({f.party for f in shown}) > 1:
        _counts(page, shown)
        page.blank()
        page.line(label("which", language))
        return _foot(page, answer)
    for instrument in instruments:
        page.section(instrument)
        rows = [_finding_cells(f, language) for f in shown if f.instrument == instrument]
        page.table(("provision", "party", "author", "value", "state"), rows, wide="state")
    if not answer.findings:
        page.line(label("nothing", language))
    elif len(shown) < len(answer.findings):
        page.blank()
        page.line(label("quiet", language, n=len(answer.findings) - len(shown)))
    return _foot(page, answer)


def _counts(page: Page, shown: list[FindingRow]) -> None:
    """Write how many findings of each state an instrument has."""
    states = ("met", "not met", "not yet due", "cannot tell")
    counted: dict[str, Counter[str]] = {}
    for f in shown:
        counted.setdefault(f.instrument, Counter())[f.state] += 1
    rows = [(name, *(str(count[state] or "-") for state in states)) for name, count in counted.items()]
    page.table(("instrument", *(f"count-{state}" for state in states)), rows)


_QUIET = ("no-concern", "instrument-ended", "party-out")


def _finding_cells(f: FindingRow, language: str) -> tuple[str, ...]:
    number = " ".join(filter(None, (f.value, f.limit))) or "-"
    state = f"{STATE_WORDS[f.state].get(language)}: {REASONS[f.reason].get(language)}"
    return f.provision, f.party, f.author or "-", number, state


def _evidence(page: Page, rows: list[Evidence]) -> None:
    for e in rows[:_MOST]:
        page.entry("-", f"{e.on} {e.author}: {e.says.get(page.language)}" + (f" [{e.value}]" if e.value else ""), 0)
        page.line(f"{e.statement} ({e.place})", 2, "dim")
        source = f"{e.publisher}, {e.address}" if e.address else e.source
        grade = ", ".join(SOURCE_WORDS[w].get(page.language) for w in (e.tier, e.basis) if w in SOURCE_WORDS)
        page.line(f"{source} ({grade})", 2, "dim")
    if len(rows) > _MOST:
        page.line(label("more", page.language, n=len(rows) - _MOST))


def _parameter(value: object, language: str) -> str:
    if isinstance(value, dict) and set(value) == {"en", "ru"}:
        return str(value[language])
    if isinstance(value, dict):
        return " ".join(str(v) for v in value.values())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def explain_text(answer: ExplainAnswer, language: str, color: bool = False) -> str:
    """Return a trace: the provision, the steps, the result, the statements and their sources."""
    page = Page(language, color)
    _head(page, answer.id, answer)
    page.line(answer.title.get(language), style="bold")
    page.section(label("steps", language))
    for number, step in enumerate(answer.steps, 1):
        page.entry(f"{number}.", step.get(language), 0)
    page.section(label("result", language))
    page.line(answer.result.get(language))
    if answer.provision:
        page.section(label("provision", language))
        for key, value in answer.provision.items():
            page.entry(f"{key}:", _parameter(value, language), 0)
    page.section(label("evidence", language))
    _evidence(page, answer.evidence)
    return _foot(page, answer)


def due_text(answer: DueAnswer, language: str, color: bool = False) -> str:
    """Return what falls due, by day."""
    page = Page(language, color)
    _head(page, f"{label('due', language)} ({label('within', language)} {answer.within})", answer)
    if not answer.due:
        page.line(label("nothing", language))
    for row in answer.due:
        parties = f" ({', '.join(row.parties)})" if row.parties else ""
        page.entry(row.day.isoformat(), row.title.get(language) + parties, 0)
    return _foot(page, answer)


_KINDS_OF_CHANGE = {
    "instrument": Words("Instruments", "Договорённости"),
    "standing": Words("Standings", "Статус сторон"),
    "finding": Words("Findings", "Оценки"),
    "forum": Words("Forums", "Форумы"),
}
_FEW = 4


def _changes(changes: list[Change], language: str) -> list[tuple[str, str, str]]:
    """Return a row a change; many alike about one instrument are one row with their number."""
    alike: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        key = (change.id.split("/")[0], change.before.get(language), change.after.get(language))
        alike.setdefault(key, []).append(change)
    rows: list[tuple[str, str, str]] = []
    for (stem, before, after), group in alike.items():
        if len(group) > _FEW:
            rows.append((f"{stem} ({label('so_many', language, n=len(group))})", before, after))
        else:
            rows += [(change.id, before, after) for change in group]
    return rows


def diff_text(answer: DiffAnswer, language: str, color: bool = False) -> str:
    """Return what changed, a kind at a time."""
    page = Page(language, color)
    first = f"{answer.first}" + (
        f" ({label('known_by', language)} {answer.first_known_by})" if answer.first_known_by else ""
    )
    last = f"{answer.on}" + (f" ({label('known_by', language)} {answer.known_by})" if answer.known_by else "")
    page.heading(label("changes", language, a=first, b=last))
    page.line(label("new_statements", language, n=answer.statements))
    for what, words in _KINDS_OF_CHANGE.items():
        changes = [c for c in answer.changes if c.what == what]
        if changes:
            page.section(f"{words.get(language)} ({len(changes)})")
            page.table(("what", "before", "after"), _changes(changes, language))
    return _foot(page, answer)


def history_text(answer: HistoryAnswer, language: str, color: bool = False) -> str:
    """Return the finding over time, a party and author at a time."""
    page = Page(language, color)
    _head(page, f"{answer.instrument} {answer.provision}", answer)
    page.line(answer.title.get(language))
    who = ("", "-")
    rows: list[tuple[str, ...]] = []

    def write() -> None:
        if rows:
            page.section(who[0] + (f" @{who[1]}" if who[1] else f" ({label('common', language)})"))
            page.table(("since", "until", "state", "value", "limit", "reason"), rows, wide="reason")

    for row in answer.rows:
        if (row.party, row.author) != who:
            write()
            rows, who = [], (row.party, row.author)
        rows.append(
            (
                _day(row.from_),
                _day(row.until),
                STATE_WORDS[row.state].get(language),
                row.value or "-",
                row.limit or "-",
                REASONS[row.reason].get(language),
            )
        )
    write()
    if not answer.rows:
        page.line(label("nothing", language))
    return _foot(page, answer)


def forums_text(answer: ForumsAnswer, language: str, color: bool = False) -> str:
    """Return forums as a list, or one in full."""
    page = Page(language, color)
    _head(page, label("forums", language), answer)
    listed = answer.forums
    if answer.asked and listed:
        _forum(page, listed[0])
        listed = listed[1:]
    rows = [(row.forum, FORUM_WORDS[row.state].get(language), _day(row.since), _day(row.last)) for row in listed]
    if rows:
        page.table(("forum", "state", "since", "last"), rows)
    elif not answer.forums:
        page.line(label("nothing", language))
    return _foot(page, answer)


def _forum(page: Page, row: ForumRow) -> None:
    language = page.language
    page.heading(row.title.get(language))
    level = LEVELS[row.level].get(language) if row.level in LEVELS else row.level
    cells = (
        (
            label("state", language),
            f"{FORUM_WORDS[row.state].get(language)} ({label('since', language)} {_day(row.since)})",
        ),
        (label("scope", language), row.scope.get(language)),
        (label("level", language), level),
        (label("last", language), f"{_day(row.last)} ({row.sessions} {label('sessions', language)})"),
        (label("covers", language), ", ".join(row.issues)),
    )
    for name, text in cells:
        if text:
            page.entry(f"{name}:", text, 0)
    for chair in row.chairs:
        told = ", ".join(v for k, v in chair.items() if k in ("person", "office", "ministry", "from", "until"))
        page.entry(f"{label('chairs', language)} {chair['party']}:", told, 0)
    for id in row.evidence:
        page.entry("-", id, 2)
    page.blank()


def ties_text(answer: TiesAnswer, language: str, color: bool = False) -> str:
    """Return the ties by year, with a bar for each; the numbers stand beside it."""
    page = Page(language, color)
    _head(page, f"{label('ties', language)}: {' - '.join(answer.between)}", answer)
    most = max((y.total for y in answer.years), default=0) or 1
    rows = [
        (
            _day(y.on),
            f"{len(y.instruments)} ({len(y.treaties)})",
            str(len(y.forums)),
            str(len(y.exchanges)),
            str(y.total),
            "#" * round(24 * y.total / most),
        )
        for y in answer.years
    ]
    page.table(("year", "in_law", "forums", "exchanges", "total", "bar"), rows)
    return _foot(page, answer)


def claims_text(answer: ClaimsAnswer, language: str, color: bool = False) -> str:
    """Return each claim, who said it, and the answer of each measure."""
    page = Page(language, color)
    _head(page, label("claims", language), answer)
    for claim in answer.claims:
        page.section(claim.text.get(language))
        page.line(f"[{claim.id}]", style="dim")
        said = [f"{s['author']} {s['on']}" for s in claim.said]
        page.entry(f"{label('said_by', language)}:", ", ".join(said) or label("not_said", language), 0)
        for a in claim.answers:
            name = MEASURE_WORDS[a.measure].get(language) if a.measure in MEASURE_WORDS else a.measure
            page.entry(f"{name}:", f"{VERDICT_WORDS[a.verdict].get(language)}. {a.why.get(language)}", 2)
    return _foot(page, answer)


def show_text(answer: ShowAnswer, language: str, color: bool = False) -> str:
    """Return one thing's fields and the statements about it."""
    page = Page(language, color)
    _head(page, f"{answer.what} {answer.id}", answer)
    page.line(answer.title.get(language), style="bold")
    for key, value in answer.fields.items():
        if key in ("en", "ru", "provision") and not isinstance(value, str):
            value = f"{len(value)}"
        page.entry(f"{key}:", _parameter(value, language), 0)
    if answer.related:
        page.section(f"{label('related', language)} ({len(answer.related)})")
        _evidence(page, answer.related)
    return _foot(page, answer)
