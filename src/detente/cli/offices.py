"""What commands about logs share: the book, the office's key and its passphrase, and how an answer is printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from detente.cli.options import Format
from detente.cli.options import Language
from detente.errors import DetenteError
from detente.reading.log_answers import CountersignedRow
from detente.reading.log_answers import LogAnswer
from detente.rendering.data import as_json
from detente.rendering.logs import log_text

# The ledger is imported inside of functions: its cryptography costs every other command more than its own work.
if TYPE_CHECKING:
    from detente.ledger.book import Book
    from detente.ledger.keys import OfficeKeys
    from detente.ledger.signatures import PublicKey

__all__ = [
    "At", "BookFolder", "KeyFile", "Out", "PassphraseFile", "Pubs", "answered", "countersigned_rows", "known_keys",
    "log_address", "new_passphrase", "office_keys", "opened", "public_keys", "read_file", "wrong_is_one",
]  # fmt: skip

_MAX_PASSPHRASE = 4096
_PASSPHRASE = "DETENTE_PASSPHRASE"

BookFolder = Annotated[Path, typer.Option("--book", metavar="DIR", envvar="DETENTE_BOOK", help="The book.")]
KeyFile = Annotated[
    Path, typer.Option("--key", metavar="K.key", envvar="DETENTE_KEY", help="The office's private key file.")
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help="A file whose first line is the passphrase of the key."),
]
Pubs = Annotated[
    list[Path] | None,
    typer.Option("--pub", metavar="FILE.pub", help="Public keys of an office; may be repeated."),
]
At = Annotated[
    str | None, typer.Option("--at", metavar="ADDRESS", help="Where its log is: a folder, a stick, https://...")
]
Out = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write into a file.")]


def opened(folder: Path) -> Book:
    """Return the book in a folder."""
    from detente.ledger.book import open_book  # noqa: PLC0415

    return open_book(folder)


def office_keys(path: Path, passphrase_file: Path | None) -> OfficeKeys:
    """Return the keys of an office, opened with its passphrase: of a file, of the environment, or asked for."""
    from detente.ledger.keys import open_keys  # noqa: PLC0415

    said = _said_passphrase(passphrase_file)
    if said is None:
        said = str(typer.prompt(f"Passphrase of {path}", hide_input=True, err=True))
    return open_keys(path, said)


def new_passphrase(passphrase_file: Path | None) -> str:
    """Return a new passphrase: of a file, of the environment, or asked for twice."""
    said = _said_passphrase(passphrase_file)
    if said is None:
        said = str(typer.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True))
    return said


def _said_passphrase(file: Path | None) -> str | None:
    if file:
        text = read_file(file, _MAX_PASSPHRASE).decode("utf-8", "replace")
        return text.splitlines()[0] if text else ""
    if _PASSPHRASE in os.environ:
        return os.environ[_PASSPHRASE]
    if not sys.stdin.isatty():
        what = "There is nobody to ask for the passphrase."
        raise DetenteError(what, f"Set {_PASSPHRASE}, or name a file with --passphrase-file.")
    return None


def read_file(path: Path, most: int, remedy: str = "Name a file that is there.") -> bytes:
    """Return what a file holds; raise DetenteError where it cannot be read or is too long."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as fault:
        raise DetenteError(f"'{path}' cannot be read ({fault.strerror}).", remedy) from None
    if len(data) > most:
        raise DetenteError(f"'{path}' has more than {most} bytes.", "It is not such a file; name another.")
    return data


def public_keys(files: list[Path] | None) -> list[PublicKey]:
    """Return the keys of public files."""
    from detente.ledger.keys import parse_public  # noqa: PLC0415

    most = 1 << 16
    return [
        key for path in files or [] for key in parse_public(read_file(path, most).decode("utf-8", "replace"), str(path))
    ]


def known_keys(folder: Path, files: list[Path] | None) -> list[PublicKey]:
    """Return the keys of public files and, where there is a book, those that it knows."""
    keys = public_keys(files)
    if (folder / "book.toml").exists():
        book = opened(folder)
        keys += book.public
        keys += [key for other in book.others.values() for key in other.public]
    return keys


def log_address(address: str) -> str:
    """Return where a log is: a folder that holds a book is as good as the log in it."""
    folder = Path(address.removeprefix("file://"))
    if "://" not in address.removeprefix("file://") and (folder / "book.toml").exists():
        return str(folder / "log")
    return address


def countersigned_rows(note: bytes | None, keys: list[PublicKey] | tuple[PublicKey, ...]) -> list[CountersignedRow]:
    """Return the countersignatures of known keys on a checkpoint."""
    from detente.ledger.checkpoints import read_checkpoint  # noqa: PLC0415
    from detente.ledger.countersignatures import countersignatures  # noqa: PLC0415

    if note is None:
        return []
    size = read_checkpoint(note)[1].size
    told = countersignatures(note, keys)
    return [CountersignedRow(name=one.name, size=size, time=one.time, kind=one.kind) for one in told]


@contextmanager
def wrong_is_one() -> Iterator[None]:
    """End with exit code 1 where something is found wrong: a log, a proof or a signature that is not what it says."""
    from detente.ledger.faults import Forked  # noqa: PLC0415
    from detente.ledger.faults import InvalidNote  # noqa: PLC0415
    from detente.ledger.faults import Malformed  # noqa: PLC0415

    try:
        yield
    except (Forked, InvalidNote, Malformed) as fault:
        typer.echo(f"detente: {fault.what}\n         {fault.remedy}", err=True)
        raise typer.Exit(1) from None


def answered(answer: LogAnswer, format: Format, lang: Language) -> None:
    """Print an answer."""
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    typer.echo(as_json(answer) if format is Format.json else log_text(answer, lang.value, color), nl=False)
