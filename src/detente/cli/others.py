"""Commands between two sides: know each other, countersign, ask for countersignatures, take over the other's log."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.app import progress
from detente.cli.ledger import Form
from detente.cli.ledger import log
from detente.cli.offices import At
from detente.cli.offices import BookFolder
from detente.cli.offices import KeyFile
from detente.cli.offices import Out
from detente.cli.offices import PassphraseFile
from detente.cli.offices import answered
from detente.cli.offices import countersigned_rows
from detente.cli.offices import log_address
from detente.cli.offices import office_keys
from detente.cli.offices import opened
from detente.cli.offices import public_keys
from detente.cli.offices import read_file
from detente.cli.offices import wrong_is_one
from detente.cli.options import Format
from detente.cli.options import Lang
from detente.cli.options import Language
from detente.errors import DetenteError
from detente.reading import log_answers as answers

__all__ = ["log_ask", "log_meet", "sync", "witness"]

Name = Annotated[str, typer.Argument(metavar="OTHER", help="The name that the other side has in this book.")]


@log.command("meet")
def log_meet(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A short name for the other side, such as lemuria.")],
    pub: Annotated[Path, typer.Argument(metavar="FILE.pub", help="Its public file.")],
    at: At = None,
    book: BookFolder = Path("."),
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Know another side from now on: its keys, and where its log is."""
    from detente.ledger.book import Other  # noqa: PLC0415

    keys = public_keys([pub])
    # A folder is remembered with its whole path: the next command may run elsewhere.
    address = str(Path(at).absolute()) if at and "://" not in at else at or ""
    other = Other(origin=keys[0].name, keys=tuple(str(key) for key in keys), address=address)
    opened(book).meet(name, other)
    answered(answers.MetAnswer(origin=other.origin, name=name, address=other.address), format, lang)


@log.command("ask")
def log_ask(
    name: Name,
    at: At = None,
    output: Out = None,
    answer: Annotated[
        Path | None, typer.Option("--answer", metavar="FILE", help="The file that came back to the last request.")
    ] = None,
    old: Annotated[
        int | None, typer.Option("--old", metavar="SIZE", min=0, help="The size that it says it countersigned last.")
    ] = None,
    book: BookFolder = Path("."),
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Ask another side to countersign our log: over HTTP (--at), or by a file there (-o) and one back (--answer)."""
    from detente.ledger.asking import accept  # noqa: PLC0415
    from detente.ledger.asking import ask  # noqa: PLC0415
    from detente.ledger.asking import request_for  # noqa: PLC0415
    from detente.ledger.folder import write_durably  # noqa: PLC0415
    from detente.ledger.notes import MAX_NOTE  # noqa: PLC0415
    from detente.ledger.sync import cosigned_by  # noqa: PLC0415

    if sum(way is not None for way in (at, output, answer)) != 1:
        raise DetenteError("There is no way, or more than one, to ask.", "Write one of --at, -o and --answer.")
    kept = opened(book)
    if output is not None:
        write_durably(output, request_for(kept, name, old))
        asked = answers.AskedAnswer(origin=kept.origin, size=kept.checkpoint().size, file=str(output), countersigned=[])
        answered(asked, format, lang)
        return
    with wrong_is_one():
        if answer is not None:
            size, _ = accept(kept, name, read_file(answer, MAX_NOTE))
        else:
            size, _ = ask(kept, name, at or "")
    rows = countersigned_rows(cosigned_by(kept, name), kept.other(name).public)
    answered(answers.AskedAnswer(origin=kept.origin, size=size, file="", countersigned=rows), format, lang)


@app.command()
def witness(
    key: KeyFile,
    other: Annotated[str | None, typer.Argument(metavar="[OTHER]", help="Whose log to visit.")] = None,
    at: At = None,
    request: Annotated[
        Path | None, typer.Option("--request", metavar="FILE", help="Answer a request that came as a file.")
    ] = None,
    output: Out = None,
    serve: Annotated[
        int | None, typer.Option("--serve", metavar="PORT", min=1, max=65535, help="Answer over HTTP until Ctrl-C.")
    ] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    book: BookFolder = Path("."),
    passphrase_file: PassphraseFile = None,
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Countersign another's log if it continues what it was. Exit code 1, with the evidence kept, if it does not."""
    if sum(way is not None for way in (other, request, serve)) != 1:
        raise DetenteError("Nothing, or more than one thing, is to be done.", "Write OTHER, --request or --serve.")
    if request is not None:
        _answer_request(request, output, book, key, passphrase_file)
    elif serve is not None:
        _serve(book, key, passphrase_file, host, serve)
    else:
        answered(_visited(str(other), at, book, key, passphrase_file), format, lang)


def _visited(other: str, at: str | None, folder: Path, key: Path, passphrase_file: Path | None) -> answers.LogAnswer:
    from detente.ledger.stores import open_store  # noqa: PLC0415
    from detente.ledger.witness import visit  # noqa: PLC0415

    book = opened(folder)
    store = open_store(_address(at or book.other(other).address, other))
    keys = office_keys(key, passphrase_file)
    with wrong_is_one(), progress("entries") as tell:
        seen = visit(book, other, store, keys, tell=tell)
    head = seen.checkpoint
    rows = countersigned_rows(seen.note, keys.public)
    return answers.WitnessedAnswer(
        origin=head.origin, since=seen.since, size=head.size, root=head.root.hex(), countersigned=rows
    )


def _answer_request(request: Path, output: Path | None, folder: Path, key: Path, passphrase_file: Path | None) -> None:
    from detente.ledger.folder import write_durably  # noqa: PLC0415
    from detente.ledger.notes import MAX_NOTE  # noqa: PLC0415
    from detente.ledger.witness import add_checkpoint  # noqa: PLC0415

    if output is None:
        raise DetenteError("There is no file for the answer.", "Name one with: -o FILE")
    book = opened(folder)
    asked = read_file(request, 2 * MAX_NOTE)
    answer = add_checkpoint(book, asked, office_keys(key, passphrase_file))
    text = answer.body.decode("utf-8", "replace").strip()
    if answer.status == 200:
        write_durably(output, answer.body)
        typer.echo(f"Countersigned. Take {output} back to the other side.")
    elif answer.content_type == "text/x.tlog.size":
        what = f"The last that was countersigned here has {text} entries, and the request begins elsewhere."
        raise DetenteError(what, f"Let the other side ask again with: detente log ask NAME --old {text} -o FILE")
    else:
        typer.echo(f"detente: not countersigned ({answer.status}): {text}", err=True)
        raise typer.Exit(1)


def _serve(folder: Path, key: Path, passphrase_file: Path | None, host: str, port: int) -> None:
    from detente.ledger.served import witness_server  # noqa: PLC0415

    book = opened(folder)
    keys = office_keys(key, passphrase_file)
    # A command lives for a moment and looks for no garbage; a server lives long.
    gc.enable()
    server = witness_server(book, keys, host, port)
    typer.echo(f"detente: countersigning at http://{host}:{port}/add-checkpoint until Ctrl-C", err=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


@app.command()
def sync(
    other: Name,
    at: At = None,
    book: BookFolder = Path("."),
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Take over another's log, checked, and its countersignatures of ours. Exit code 1 if it is not what it was."""
    from detente.ledger.stores import open_store  # noqa: PLC0415
    from detente.ledger.sync import sync as taken_over  # noqa: PLC0415

    kept = opened(book)
    store = open_store(_address(at or kept.other(other).address, other))
    with wrong_is_one(), progress("entries") as tell:
        taken = taken_over(kept, other, store, tell=tell)
    answer = answers.SyncedAnswer(
        origin=kept.other(other).origin, before=taken.before, after=taken.after, countersigned=taken.countersigned
    )
    answered(answer, format, lang)


def _address(address: str, other: str) -> str:
    if not address:
        raise DetenteError(f"It is not known where the log of '{other}' is.", "Say so with: --at ADDRESS")
    return log_address(address)
