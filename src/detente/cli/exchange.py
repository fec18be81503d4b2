"""Commands between two sides: notifications with their clocks, proofs released to the other, and proofs taken."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.desk import BookDir
from detente.cli.desk import Casebooks
from detente.cli.offices import opened
from detente.cli.offices import read_file
from detente.cli.options import Format
from detente.cli.options import Lang
from detente.cli.options import Language
from detente.errors import DetenteError
from detente.rendering.data import as_json

__all__ = ["notifications", "release", "take"]

_MAX_PROOF = 4 << 20
"""A proof file is refused unread where it is longer, in bytes."""


@app.command()
def notifications(
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="The day, YYYY-MM-DD. Today if left out.")
    ] = None,
    book: BookDir = Path(),
    casebook: Casebooks = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Notifications of both sides: sent, received, and where the clocks that run from receipt stand."""
    from detente.depositary.answers import NotificationsAnswer  # noqa: PLC0415
    from detente.depositary.clocks import notifications as of_books  # noqa: PLC0415
    from detente.depositary.keep import books_of  # noqa: PLC0415
    from detente.reading.books import had_by  # noqa: PLC0415
    from detente.reading.casebook import open_casebook  # noqa: PLC0415
    from detente.record.dates import day  # noqa: PLC0415
    from detente.rendering.notifications import notifications_text  # noqa: PLC0415

    held = opened(book)
    when = day(on) if on else date.today()
    found = of_books(books_of(held), had_by(held), open_casebook(*(casebook or [])).instruments, when)
    if format is Format.json:
        typer.echo(as_json(NotificationsAnswer(origin=held.origin, on=when, notifications=found)), nl=False)
    else:
        typer.echo(notifications_text(found, when, lang.value), nl=False)


@app.command()
def release(
    id: Annotated[str, typer.Argument(metavar="ID", help="A statement of this book.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="The proof file to write.")],
    disclose: Annotated[
        str, typer.Option("--disclose", metavar="CELLS", help="Withheld cells to disclose, with commas between.")
    ] = "",
    book: BookDir = Path(),
) -> None:
    """Prove a statement to someone, with as many of its withheld cells as you disclose."""
    from detente.depositary.disclosures import parse_disclosure  # noqa: PLC0415
    from detente.depositary.kept import own_log  # noqa: PLC0415
    from detente.depositary.release import release as proof_of  # noqa: PLC0415
    from detente.ledger.folder import write_durably  # noqa: PLC0415
    from detente.reading.books import disclosures_of  # noqa: PLC0415

    held = opened(book)
    written = own_log(held).written.get(id)
    if written is None:
        raise DetenteError(f"This book has no statement '{id}'.", "Name one of its own statements.")
    ours = {d.name: d for d in map(parse_disclosure, disclosures_of(held, held.origin, written.draft))}
    names = list(dict.fromkeys(name.strip() for name in disclose.split(",") if name.strip()))
    strange = [name for name in names if name not in ours]
    if strange:
        what = f"'{id}' withholds no '{strange[0]}'."
        raise DetenteError(what, f"It withholds: {', '.join(ours) or 'nothing'}.")
    write_durably(out, proof_of(held, written.index, [ours[name] for name in names]).encoded())
    typer.echo(f"{id}, entry {written.index} of {held.origin}, is proved by: {out}")
    if ours:
        typer.echo(f"{len(names)} of {len(ours)} withheld cells disclosed.")


@app.command()
def take(
    file: Annotated[Path, typer.Argument(metavar="PROOF", help="A proof file of another side.")],
    of: Annotated[str, typer.Option("--of", metavar="OTHER", help="Whose log it is from, by its name in this book.")],
    book: BookDir = Path(),
) -> None:
    """Check what another side has released, and read the record with the cells that it discloses."""
    from detente.depositary.release import keep_disclosures  # noqa: PLC0415
    from detente.depositary.release import opened_release  # noqa: PLC0415

    held = opened(book)
    other = held.other(of)
    found = opened_release(read_file(file, _MAX_PROOF), other.log_keys, other.origin)
    keep_disclosures(held, of, found)
    typer.echo(f"{found.draft.id}, entry {found.index} of {other.origin}: proved.")
    for name, cell in found.draft.cells.items():
        typer.echo(f"  {name}: {cell}")
    if found.withheld:
        typer.echo(f"{found.withheld} {'cell stays' if found.withheld == 1 else 'cells stay'} withheld.")
