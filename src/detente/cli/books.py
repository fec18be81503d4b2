"""Commands about casebooks themselves: check one, start one, and the demonstration."""

from __future__ import annotations

import os
import sys
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.app import progress
from detente.cli.options import Format
from detente.cli.options import Lang
from detente.cli.options import Language
from detente.errors import DetenteError
from detente.reading import Reading
from detente.reading import open_casebook
from detente.reading.casebook import shown_name
from detente.reading.cases import run_all_cases
from detente.reading.checked import checked
from detente.record.dates import day
from detente.rendering.agenda import agenda_text
from detente.rendering.data import as_json

__all__ = ["check", "demo", "new"]

_SHOWN = 200


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A casebook; the shipped one if left out.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
    notes: Annotated[bool, typer.Option("--notes", help="Also list notes, such as weak sources.")] = False,
    cases: Annotated[bool, typer.Option("--cases", help="Also run the cases of every treaty folder.")] = False,
) -> None:
    """Validate a casebook: every fault at once, with file and line and what to do. Exit code 1 if there is an error."""
    casebook = open_casebook(*([folder] if folder else []))
    problems = list(casebook.problems)
    if folder:
        problems = [p for p in problems if p.file.startswith(f"{shown_name(folder)}/")]
    if cases:
        with progress("cases") as tell:
            problems += run_all_cases(casebook, folder, tell)
    answer = checked(casebook, problems)
    if format is Format.json:
        typer.echo(as_json(answer), nl=False)
    else:
        told = [p for p in problems if notes or p.severity != "note"]
        for problem in told:
            typer.echo(str(problem))
        typer.echo(
            f"{answer.statements} statements, {answer.instruments} instruments: {answer.errors} errors, "
            f"{answer.warnings} warnings, {answer.notes} notes"
        )
    if answer.errors:
        raise typer.Exit(1)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")],
) -> None:
    """Start a casebook of your own, laid over the public one."""
    if folder.exists():
        raise DetenteError(f"'{folder}' exists already.", "Name a new folder; nothing was changed.")
    template = files("detente") / "template"
    for source in sorted(Path(str(template)).rglob("*")):
        target = folder / source.relative_to(str(template))
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    typer.echo(f"Started a casebook in {folder}.")
    typer.echo(f"Next: edit it, then run: detente check {folder}")
    typer.echo(f"      and: detente agenda --casebook {folder} --between USA,RUS")


@app.command()
def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Then open the record in a browser, until Ctrl-C.")] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    lang: Lang = Language.en,
) -> None:
    """The US-Russian agenda as of 2018-07-10, from the shipped casebook, and what to try next."""
    read = Reading(open_casebook(), day("2018-07-10"))
    answer = read.agenda("USA", "RUS")
    typer.echo(agenda_text(answer, read.casebook.record.registers, lang.value), nl=False)
    _second_act(lang.value)
    typer.echo(_NEXT[lang.value])
    if serve:
        # A process that has computed must not be copied for the workers of a server, so that a fresh one takes over.
        sys.stdout.flush()
        command = [sys.executable, "-m", "detente", "serve", "--host", "localhost", "--port", str(port)]
        os.execv(sys.executable, command)


def _second_act(language: str) -> None:
    # Signatures need libraries that take longer to import than the agenda to compute.
    from detente.cli.second_act import second_act  # noqa: PLC0415

    with TemporaryDirectory(prefix="detente-") as folder:
        for line in second_act(Path(folder), language):
            typer.echo(line)


_NEXT = {
    "en": """
Try next (in .venv/bin if you came by make):
  detente agenda --between USA,RUS --on 2026-01-15
  detente explain 'new-start/II.1(b)/RUS' --on 2018-07-10
  detente status unscr-2231 --on 2025-11-01
  detente history new-start 'II.1(b)' --party RUS
  detente claims worst-since-1962 --on 2018-07-10
  detente new my-casebook
  detente serve
""",
    "ru": """
Что попробовать дальше (в .venv/bin, если вы пришли через make):
  detente agenda --between USA,RUS --on 2026-01-15 --lang ru
  detente explain 'new-start/II.1(b)/RUS' --on 2018-07-10 --lang ru
  detente status unscr-2231 --on 2025-11-01 --lang ru
  detente history new-start 'II.1(b)' --party RUS --lang ru
  detente claims worst-since-1962 --on 2018-07-10 --lang ru
  detente new my-casebook
  detente serve
""",
}
