"""What the escrow commands do: read files, ask the ledger, write files; loaded when one of them is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from detente.cli.options import Format
from detente.cli.options import Language
from detente.errors import DetenteError
from detente.ledger.escrow import answers
from detente.ledger.escrow.answers import Written
from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.commitment import Escrow
from detente.ledger.escrow.commitment import commit as commit_to
from detente.ledger.escrow.commitment import read_commitment
from detente.ledger.escrow.declaration import Declaration
from detente.ledger.escrow.declaration import read_declaration
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.files import read_bytes
from detente.ledger.escrow.files import write_new
from detente.ledger.escrow.opening import node_path
from detente.ledger.escrow.opening import open_to
from detente.ledger.escrow.outcome import read_sample
from detente.ledger.escrow.renewal import renew as renew_with
from detente.ledger.escrow.renewal import show_stayed
from detente.ledger.escrow.request import ask_to_open
from detente.ledger.escrow.request import paths_of
from detente.ledger.escrow.request import read_request
from detente.ledger.escrow.secret import is_encrypted
from detente.ledger.escrow.secret import read_secret
from detente.ledger.escrow.secret import secret_bytes
from detente.ledger.escrow.view import View
from detente.ledger.escrow.view import place_of
from detente.ledger.escrow.view import view_of
from detente.record.dates import day
from detente.rendering import escrow as pages
from detente.rendering.data import as_json

__all__ = [
    "absent",
    "check",
    "commit",
    "open_nodes",
    "opened_by",
    "read_commitment_file",
    "read_files",
    "renew",
    "request",
    "status",
    "stayed",
]


def read_files(paths: Sequence[Path]) -> dict[str, bytes]:
    """Return the bytes of files by their names; raise DetenteError where one is named twice."""
    found = {str(path): read_bytes(path) for path in paths}
    if len(found) < len(paths):
        raise DetenteError("A file is named twice.", "Name each once.")
    return found


def read_commitment_file(path: Path) -> Commitment:
    """Return the commitment of a file."""
    return read_commitment(read_bytes(path), str(path))


def _passphrase(file: Path | None, confirm: bool) -> str:
    """Return the passphrase: the first line of a file, or what a person types."""
    if file:
        first = read_bytes(file, 4096).decode("utf-8", "replace").splitlines()
        if not first or not first[0]:
            raise DetenteError(f"{file}: the file begins with no passphrase.", "Write it into the first line.")
        return first[0]
    if not sys.stdin.isatty():
        raise DetenteError("There is no one to type a passphrase.", "Give --passphrase-file FILE.")
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True))


def _secret(path: Path, passphrase_file: Path | None) -> Escrow:
    data = read_bytes(path)
    passphrase = _passphrase(passphrase_file, confirm=False) if is_encrypted(data) else None
    return read_secret(data, str(path), passphrase)


def _declaration(path: Path) -> Declaration:
    """Return the declaration of a file; where it is faulty, list every fault and end with code 2."""
    declaration, problems = read_declaration(path)
    if declaration is None:
        for problem in problems:
            typer.echo(str(problem), err=True)
        raise DetenteError(
            f"{path}: {len(problems)} fault(s); nothing was committed to.", "Mend them and run the command again."
        )
    return declaration


def tell_written(kind: str, path: Path, format: Format, lang: Language) -> None:
    written = Written(kind, str(path))
    typer.echo(as_json(written) if format is Format.json else pages.written_text(written, lang.value), nl=False)


def _write_escrow(
    escrow: Escrow, stem: Path, secret: Path | None, out: Path | None, passphrase: str | None
) -> answers.CommitAnswer:
    """Write the secret first: a commitment whose secret was lost can never be opened."""
    ending = ".secret.age" if passphrase else ".secret.json"
    secret = secret or stem.with_name(stem.name + ending)
    out = out or stem.with_name(stem.name + ".commitment.json")
    if out.exists():
        raise DetenteError(f"'{out}' exists already.", "Name another file with --out; nothing was changed.")
    write_new(secret, secret_bytes(escrow, passphrase), secret=True)
    write_new(out, canonical(escrow.commitment) + b"\n")
    return answers.committed(escrow, [Written("secret", str(secret)), Written("commitment", str(out))])


def _tell_commit(answer: answers.CommitAnswer, format: Format, lang: Language) -> None:
    typer.echo(as_json(answer) if format is Format.json else pages.commit_text(answer, lang.value), nl=False)


def commit(
    file: Path, secret: Path | None, out: Path | None, encrypt: bool, passphrase: Path | None,
    format: Format, lang: Language,
) -> None:  # fmt: skip
    """Commit to a declaration."""
    declaration = _declaration(file)
    phrase = _passphrase(passphrase, confirm=True) if encrypt or passphrase else None
    answer = _write_escrow(commit_to(declaration), file.with_suffix(""), secret, out, phrase)
    _tell_commit(answer, format, lang)


def renew(
    old: Path, file: Path, secret: Path | None, out: Path | None, encrypt: bool, passphrase: Path | None,
    format: Format, lang: Language,
) -> None:  # fmt: skip
    """Commit to the next period; the new secret is encrypted like the old one, and with the same passphrase."""
    declaration = _declaration(file)
    phrase = None
    data = read_bytes(old)
    if encrypt or passphrase or is_encrypted(data):
        phrase = _passphrase(passphrase, confirm=not is_encrypted(data))
    escrow = renew_with(read_secret(data, str(old), phrase), declaration)
    _tell_commit(_write_escrow(escrow, file.with_suffix(""), secret, out, phrase), format, lang)


def open_nodes(
    secret: Path, nodes: list[str], level: int | None, out: Path, request: Path | None, sample: Path | None,
    passphrase: Path | None, format: Format, lang: Language,
) -> None:  # fmt: skip
    """Open nodes, or what a request or a sample names."""
    escrow = _secret(secret, passphrase)
    paths = [node_path(escrow, node) for node in nodes]
    if request:
        asked = read_request(escrow.commitment, read_bytes(request), str(request))
        level = asked.level if level is None else level
        paths += paths_of(asked.nodes, str(request))
    if sample:
        found = read_sample(read_bytes(sample), str(sample))
        if found.session.commitment != escrow.commitment.digest:
            raise DetenteError(f"{sample}: the sample is of another commitment.", "Give the secret that belongs to it.")
        paths += paths_of(found.drawn, str(sample))
    if level is None:
        raise DetenteError("It is not said to which level to open.", f"Give --level, 1 to {len(escrow.form.levels)}.")
    write_new(out, open_to(escrow, level, paths))
    tell_written("opening", out, format, lang)


def check(
    commitment: Path, files: list[Path], previous: Path | None, every: bool, format: Format, lang: Language
) -> None:
    """Check openings; the exit code is 1 where something does not match."""
    answer = answers.checked(
        read_commitment_file(commitment), read_files(files), read_commitment_file(previous) if previous else None
    )
    text = as_json(answer) if format is Format.json else pages.check_text(answer, lang.value, every)
    typer.echo(text, nl=False)
    if answer.problems:
        raise typer.Exit(1)


def absent(commitment: Path, files: list[Path], found: list[str], under: str, format: Format, lang: Language) -> None:
    """Say whether an item that was found is declared; the exit code is 1 where an opening does not match."""
    fields = {}
    for one in found:
        key, equals, value = one.partition("=")
        if not equals or key in fields:
            raise DetenteError(
                f"'{one[:80]}' is no field of its own.", "Write --found serial=IPD-0099, each field once."
            )
        fields[key] = value
    answer = answers.absent(read_commitment_file(commitment), read_files(files), fields, under)
    typer.echo(as_json(answer) if format is Format.json else pages.absent_text(answer, lang.value), nl=False)
    if answer.problems:
        raise typer.Exit(1)


def opened_by(commitment: Commitment, openings: list[Path]) -> View:
    """Return what openings show; they must match, since something is built on them."""
    view = view_of(commitment, read_files(openings))
    for problem in view.problems:
        raise DetenteError(f"{problem.file}: {problem.what}", problem.remedy)
    return view


def request(
    commitment: Path, nodes: list[str], openings: list[Path], level: int, party: str, before: str, out: Path,
    format: Format, lang: Language,
) -> None:  # fmt: skip
    """Write a request to open."""
    found = read_commitment_file(commitment)
    view = opened_by(found, openings)
    write_new(out, ask_to_open(found, [place_of(view, node) for node in nodes], level, party, day(before)))
    tell_written("request", out, format, lang)


def stayed(
    old: Path, new: Path, nodes: list[str], out: Path, passphrase: Path | None, format: Format, lang: Language
) -> None:
    """Write the proof of what stayed."""
    write_new(out, show_stayed(_secret(old, passphrase), _secret(new, passphrase), nodes))
    tell_written("proof of what stayed", out, format, lang)


def status(commitment: Path, files: list[Path], on: str | None, format: Format, lang: Language) -> None:
    """Say where an escrow stands."""
    answer = answers.status(read_commitment_file(commitment), read_files(files), day(on) if on else date.today())
    typer.echo(as_json(answer) if format is Format.json else pages.status_text(answer, lang.value), nl=False)
