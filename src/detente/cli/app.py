"""The commands, each a question to a reading and a rendering of its answer."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import According
from detente.cli.options import Between
from detente.cli.options import Books
from detente.cli.options import CalendarFormat
from detente.cli.options import Format
from detente.cli.options import KnownBy
from detente.cli.options import Lang
from detente.cli.options import Language
from detente.cli.options import On
from detente.cli.options import Party
from detente.cli.options import TableFormat
from detente.cli.options import pair
from detente.cli.options import reading
from detente.errors import DetenteError
from detente.reading.diff import diff as diff_of
from detente.reading.due import due as due_of
from detente.reading.explain import explain as explain_of
from detente.reading.findings import findings as findings_of
from detente.reading.history import history as history_of
from detente.reading.meetings import claims as claims_of
from detente.reading.meetings import forums as forums_of
from detente.reading.meetings import ties as ties_of
from detente.reading.show import show as show_of
from detente.reading.status import status as status_of
from detente.record.dates import day
from detente.rendering import pages
from detente.rendering.agenda import agenda_markdown
from detente.rendering.agenda import agenda_text
from detente.rendering.calendar import agenda_calendar
from detente.rendering.calendar import due_calendar
from detente.rendering.data import as_csv
from detente.rendering.data import as_json

__all__ = ["app", "progress", "run"]

app = typer.Typer(
    name="detente",
    help="What was promised, declared and done, what holds on any day according to each side, and what to talk about.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_Tell = Callable[[int, int], None]


class AgendaFormat(str, Enum):
    """Renderings of an agenda."""

    text = "text"
    json = "json"
    md = "md"
    ics = "ics"


def run() -> None:
    """Run the command line; a request that cannot be answered ends with what to do and exit code 2."""
    try:
        app()
    except DetenteError as fault:
        typer.echo(f"detente: {fault.what}\n         {fault.remedy}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    finally:
        # Python would look through everything once more before it ends.
        gc.freeze()


def _write(text: str) -> None:
    typer.echo(text, nl=not text.endswith("\n"))


def _color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


@contextmanager
def progress(what: str) -> Iterator[_Tell]:
    """Yield a function that hears of the progress; it is shown on stderr, and only to a person."""
    if not sys.stderr.isatty():
        yield lambda done, all: None
        return
    # Rich costs as much to import as a record to load, so that it comes only when something is drawn.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what)
        yield lambda done, all: bar.update(task, completed=done, total=all)


@app.command()
def agenda(
    between: Between = "USA,RUS",
    on: On = None,
    known_by: KnownBy = None,
    horizon: Annotated[str, typer.Option("--horizon", metavar="TIME", help="How far to look ahead: 3y, 18m.")] = "3y",
    format: Annotated[AgendaFormat, typer.Option("--format", help="text, json, md or ics.")] = AgendaFormat.text,
    full: Annotated[bool, typer.Option("--full", help="Every account of every item, with all its statements.")] = False,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """The agenda of the next meeting of two parties."""
    read = reading(on, known_by, None, casebook)
    answer = read.agenda(*pair(between), horizon)
    registers = read.casebook.record.registers
    if format is AgendaFormat.json:
        _write(as_json(answer))
    elif format is AgendaFormat.md:
        _write(agenda_markdown(answer, registers, lang.value))
    elif format is AgendaFormat.ics:
        _write(agenda_calendar(answer, lang.value))
    else:
        _write(agenda_text(answer, registers, lang.value, _color(), full))


@app.command()
def status(
    instrument: Annotated[str | None, typer.Argument(metavar="[INSTRUMENT]", help="One instrument.")] = None,
    party: Party = None,
    on: On = None,
    known_by: KnownBy = None,
    according_to: According = None,
    format: Annotated[TableFormat, typer.Option("--format", help="text, json or csv.")] = TableFormat.text,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """Which instruments are in force, days to expiry, last act, and how parties stand."""
    answer = status_of(reading(on, known_by, according_to, casebook), instrument, party)
    if format is TableFormat.json:
        _write(as_json(answer))
    elif format is TableFormat.csv:
        _write(as_csv(answer.standings if instrument or party else answer.instruments, answer.stamp, lang.value))
    else:
        _write(pages.status_text(answer, lang.value, _color()))


@app.command()
def findings(
    instrument: Annotated[str | None, typer.Argument(metavar="[INSTRUMENT]", help="One instrument.")] = None,
    party: Party = None,
    on: On = None,
    known_by: KnownBy = None,
    according_to: According = None,
    every: Annotated[bool, typer.Option("--all", help="Also list what nobody has raised a concern about.")] = False,
    format: Annotated[TableFormat, typer.Option("--format", help="text, json or csv.")] = TableFormat.text,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """What each party meets and does not meet, according to each author."""
    answer = findings_of(reading(on, known_by, according_to, casebook), instrument, party)
    if format is TableFormat.json:
        _write(as_json(answer))
    elif format is TableFormat.csv:
        _write(as_csv(answer.findings, answer.stamp, lang.value))
    else:
        _write(pages.findings_text(answer, lang.value, _color(), every))


@app.command()
def explain(
    id: Annotated[str, typer.Argument(metavar="ID", help="A finding (new-start/II.1(b)/RUS) or an agenda item.")],
    between: Between = "USA,RUS",
    on: On = None,
    known_by: KnownBy = None,
    horizon: Annotated[str, typer.Option("--horizon", metavar="TIME", help="How far the agenda looks ahead.")] = "3y",
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """The trace of a finding or an agenda item: provision, parameters, statements, sources, arithmetic."""
    answer = explain_of(reading(on, known_by, None, casebook), id, pair(between), horizon)
    _write(as_json(answer) if format is Format.json else pages.explain_text(answer, lang.value, _color()))


@app.command()
def due(
    on: On = None,
    within: Annotated[str, typer.Option("--within", metavar="TIME", help="How far to look ahead: 18m, 3y.")] = "18m",
    party: Party = None,
    known_by: KnownBy = None,
    according_to: According = None,
    format: Annotated[CalendarFormat, typer.Option("--format", help="text, json or ics.")] = CalendarFormat.text,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """What ends, begins or falls due within a time."""
    answer = due_of(reading(on, known_by, according_to, casebook), within, party)
    if format is CalendarFormat.json:
        _write(as_json(answer))
    elif format is CalendarFormat.ics:
        _write(due_calendar(answer, lang.value))
    else:
        _write(pages.due_text(answer, lang.value, _color()))


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="D1", help="The first day.")],
    second: Annotated[str, typer.Argument(metavar="D2", help="The second day.")],
    known_by: Annotated[
        str | None,
        typer.Option("--known-by", metavar="K1[,K2]", help="The knowledge day of both, or of each."),
    ] = None,
    according_to: According = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """What changed between two days; or, with two knowledge days, in what is known of them."""
    known = [day(k.strip()) for k in (known_by or "").split(",") if k.strip()]
    before = reading(first, known[0].isoformat() if known else None, according_to, casebook)
    after = before.at(day(second), known[-1] if known else None)
    answer = diff_of(before, after)
    _write(as_json(answer) if format is Format.json else pages.diff_text(answer, lang.value, _color()))


@app.command()
def history(
    instrument: Annotated[str, typer.Argument(metavar="INSTRUMENT", help="An instrument.")],
    provision: Annotated[str, typer.Argument(metavar="PROVISION", help="An article, such as 'II.1(b)'.")],
    party: Party = None,
    on: On = None,
    known_by: KnownBy = None,
    according_to: According = None,
    format: Annotated[TableFormat, typer.Option("--format", help="text, json or csv.")] = TableFormat.text,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """The finding on one provision over time, by party and author."""
    read = reading(on, known_by, according_to, casebook)
    with progress("days") as tell:
        answer = history_of(read, instrument, provision, party, tell)
    if format is TableFormat.json:
        _write(as_json(answer))
    elif format is TableFormat.csv:
        _write(as_csv(answer.rows, answer.stamp, lang.value))
    else:
        _write(pages.history_text(answer, lang.value, _color()))


@app.command()
def forums(
    forum: Annotated[str | None, typer.Argument(metavar="[FORUM]", help="One forum, with its groups.")] = None,
    party: Party = None,
    on: On = None,
    known_by: KnownBy = None,
    format: Annotated[TableFormat, typer.Option("--format", help="text, json or csv.")] = TableFormat.text,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """Charters, co-chairs, cadence, last session; alive, lapsed, suspended or ended."""
    answer = forums_of(reading(on, known_by, None, casebook), forum, party)
    if format is TableFormat.json:
        _write(as_json(answer))
    elif format is TableFormat.csv:
        _write(as_csv(answer.forums, answer.stamp, lang.value))
    else:
        _write(pages.forums_text(answer, lang.value, _color()))


@app.command()
def ties(
    a: Annotated[str, typer.Argument(metavar="A", help="A party.")] = "USA",
    b: Annotated[str, typer.Argument(metavar="B", help="Another.")] = "RUS",
    on: On = None,
    known_by: KnownBy = None,
    plot: Annotated[Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw them into a file.")] = None,
    format: Annotated[TableFormat, typer.Option("--format", help="text, json or csv.")] = TableFormat.text,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """Live ties between two parties, year by year since 1963."""
    read = reading(on, known_by, None, casebook)
    with progress("years") as tell:
        answer = ties_of(read, a, b, tell=tell)
    if plot:
        # Drawing needs the optional plotting libraries, so that it is loaded only when a picture is wanted.
        from detente.rendering.plot import draw_ties  # noqa: PLC0415

        draw_ties(answer, plot, lang.value)
        typer.echo(f"detente: drawn to {plot}", err=True)
    if format is TableFormat.json:
        _write(as_json(answer))
    elif format is TableFormat.csv:
        _write(as_csv(answer.years, answer.stamp, lang.value))
    else:
        _write(pages.ties_text(answer, lang.value, _color()))


@app.command()
def claims(
    claim: Annotated[str | None, typer.Argument(metavar="[CLAIM]", help="One claim.")] = None,
    on: On = None,
    known_by: KnownBy = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """Public claims, tested against each measure that the record holds."""
    read = reading(on, known_by, None, casebook)
    with progress("claims") as tell:
        answer = claims_of(read, claim, tell)
    _write(as_json(answer) if format is Format.json else pages.claims_text(answer, lang.value, _color()))


@app.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="A statement, party, issue, instrument, forum or source.")],
    on: On = None,
    known_by: KnownBy = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
    lang: Lang = Language.en,
    casebook: Books = None,
) -> None:
    """One thing of the record, with what is said about it."""
    answer = show_of(reading(on, known_by, None, casebook), id)
    _write(as_json(answer) if format is Format.json else pages.show_text(answer, lang.value, _color()))
