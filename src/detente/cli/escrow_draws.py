"""What the commands of a joint draw do; loaded when one of them is called."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer

from detente.cli.escrow_steps import opened_by
from detente.cli.escrow_steps import read_commitment_file
from detente.cli.escrow_steps import read_files
from detente.cli.escrow_steps import tell_written
from detente.cli.options import Format
from detente.cli.options import Language
from detente.errors import DetenteError
from detente.ledger.escrow import answers
from detente.ledger.escrow.draw import DrawNonce
from detente.ledger.escrow.draw import DrawOpening
from detente.ledger.escrow.draw import DrawPromise
from detente.ledger.escrow.draw import DrawSession
from detente.ledger.escrow.draw import Slots
from detente.ledger.escrow.draw import all_slots
from detente.ledger.escrow.draw import begin_draw
from detente.ledger.escrow.draw import open_nonce
from detente.ledger.escrow.draw import promise
from detente.ledger.escrow.draw import read_draw_file
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.files import read_bytes
from detente.ledger.escrow.files import write_new
from detente.ledger.escrow.form import Path as NodePath
from detente.ledger.escrow.outcome import sample_bytes
from detente.ledger.escrow.view import place_of
from detente.record.dates import day
from detente.rendering import escrow as pages
from detente.rendering.data import as_json

__all__ = ["draw_begin", "draw_commit", "draw_reveal", "draw_sample"]


def _session(path: Path) -> DrawSession:
    session = read_draw_file(read_bytes(path), str(path))
    if not isinstance(session, DrawSession):
        raise DetenteError(f"{path}: the file is no session of a draw.", "Give what detente escrow draw begin wrote.")
    return session


def draw_begin(
    commitment: Path, openings: list[Path], parties: list[str], number: int, rank: str, under: str, before: str,
    out: Path, format: Format, lang: Language,
) -> None:  # fmt: skip
    """Write the session of a draw."""
    if len(parties) != 2:
        raise DetenteError("A draw is between two parties.", "Write --party A --party B.")
    found = read_commitment_file(commitment)
    view = opened_by(found, openings)
    above = place_of(view, under)
    among: Slots | list[NodePath] = all_slots(found, rank, above)
    if openings:
        depth = found.form.order.index(rank) + 1
        among = [path for path in view.real() if len(path) == depth and path[: len(above)] == above]
        if not among:
            raise DetenteError(f"No {rank} under {under} was opened.", "Leave --opened out to draw from all slots.")
    session = begin_draw(found, (parties[0], parties[1]), number, among, day(before))
    write_new(out, canonical(session) + b"\n")
    tell_written("session", out, format, lang)


def draw_commit(session: Path, party: str, nonce: Path, out: Path, format: Format, lang: Language) -> None:
    """Write a nonce and the commitment to it."""
    kept, given = promise(_session(session), party)
    if out.exists():
        raise DetenteError(f"'{out}' exists already.", "Name another file with --out; nothing was changed.")
    write_new(nonce, canonical(kept) + b"\n", secret=True)
    write_new(out, canonical(given) + b"\n")
    tell_written("nonce", nonce, format, lang)
    if format is Format.text:
        tell_written("commitment to a nonce", out, format, lang)


def draw_reveal(session: Path, nonce: Path, promises: list[Path], out: Path, format: Format, lang: Language) -> None:
    """Write the opening of a nonce."""
    kept = read_draw_file(read_bytes(nonce), str(nonce))
    if not isinstance(kept, DrawNonce):
        raise DetenteError(
            f"{nonce}: the file is no nonce.", "Give what detente escrow draw commit wrote with --nonce."
        )
    given = []
    for path in promises:
        one = read_draw_file(read_bytes(path), str(path))
        if not isinstance(one, DrawPromise):
            raise DetenteError(f"{path}: the file is no commitment to a nonce.", "Give those of both parties.")
        given.append(one)
    write_new(out, canonical(open_nonce(_session(session), kept, given)) + b"\n")
    tell_written("opening of a nonce", out, format, lang)


def draw_sample(
    session: Path, files: list[Path], on: str | None, out: Path | None, format: Format, lang: Language
) -> None:
    """Say what became of a draw; the exit code is 1 where there is no sample."""
    found = read_files([session, *files])
    when = day(on) if on else date.today()
    agreed = _session(session)
    results = answers.outcomes(found, when)
    if len(results) != 1:
        raise DetenteError("More than one session is among the files.", "Ask about one draw at a time.")
    (result,) = results
    if result.drawn and out:
        parts = [read_draw_file(data, name) for name, data in found.items()]
        openings = [part for part in parts if isinstance(part, DrawOpening)]
        write_new(out, sample_bytes(agreed, openings, result.drawn))
    answer = answers.DrawAnswer(when, result)
    typer.echo(as_json(answer) if format is Format.json else pages.draw_text(answer, lang.value), nl=False)
    if not result.drawn:
        raise typer.Exit(1)
