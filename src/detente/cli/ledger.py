"""Commands about logs: start one, append to it, look at it, prove an entry, check what others prove."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import msgspec
import typer

from detente.cli.app import app
from detente.cli.app import progress
from detente.cli.offices import BookFolder
from detente.cli.offices import KeyFile
from detente.cli.offices import Out
from detente.cli.offices import PassphraseFile
from detente.cli.offices import Pubs
from detente.cli.offices import answered
from detente.cli.offices import countersigned_rows
from detente.cli.offices import known_keys
from detente.cli.offices import log_address
from detente.cli.offices import new_passphrase
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

# The ledger is imported inside of commands: its cryptography costs every other command more than its own work.
if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.ledger.book import Book
    from detente.ledger.proving import Proved
    from detente.ledger.signatures import PublicKey

__all__ = ["key", "log"]

key = typer.Typer(help="Keys of an office: make them, show them.", no_args_is_help=True, rich_markup_mode=None)
log = typer.Typer(
    help="Tamper-evident logs: keep one, prove what is in it, check what others prove.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(key, name="key")
app.add_typer(log, name="log")

Form = Annotated[Format, typer.Option("--format", help="text or json.")]


@key.command("new")
def key_new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the log and its keys: mfa.example/book.")],
    folder: Annotated[Path, typer.Option("--dir", metavar="DIR", help="Where to write them.")] = Path("."),
    passphrase_file: PassphraseFile = None,
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Make the keys of an office: a private file under a passphrase, and a public one for the others."""
    from detente.ledger.keys import new_keys  # noqa: PLC0415
    from detente.ledger.keys import save_keys  # noqa: PLC0415

    keys = new_keys(name)
    private, public = save_keys(keys, folder, new_passphrase(passphrase_file))
    typer.echo(f"detente: {private} is private; give {public} to the others.", err=True)
    answered(_key_answer(keys.public), format, lang)


@key.command("show")
def key_show(
    file: Annotated[Path, typer.Argument(metavar="FILE.pub", help="A public file.")],
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """The name, the ids and the kinds of the keys in a public file; compare the ids by another way."""
    answered(_key_answer(public_keys([file])), format, lang)


def _key_answer(keys: Sequence[PublicKey]) -> answers.KeyAnswer:
    from detente.ledger.countersignatures import KIND_NAMES  # noqa: PLC0415
    from detente.ledger.signatures import ED25519  # noqa: PLC0415

    rows = [
        answers.KeyRow(
            id=key.key_id.hex(),
            kind=KIND_NAMES[key.algorithm],
            signs="log" if key.algorithm == ED25519 else "countersignature",
            key=str(key),
        )
        for key in keys
    ]
    return answers.KeyAnswer(origin=keys[0].name, keys=rows)


@log.command("init")
def log_init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder for the book.")],
    key: KeyFile,
    passphrase_file: PassphraseFile = None,
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Start a book: a log that has the name of the key."""
    from detente.ledger.book import create_book  # noqa: PLC0415

    book = create_book(folder, office_keys(key, passphrase_file))
    answered(answers.BegunAnswer(origin=book.origin, folder=str(folder)), format, lang)


@log.command("append")
def log_append(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="JSON tables, or signed notes of such.")],
    key: KeyFile,
    book: BookFolder = Path("."),
    passphrase_file: PassphraseFile = None,
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Sign statements and keep them, all or none; when this ends they are on the disk. A note keeps its signatures."""
    from detente.ledger.book import append_entries  # noqa: PLC0415
    from detente.ledger.entries import MAX_BODY  # noqa: PLC0415
    from detente.ledger.faults import LedgerError  # noqa: PLC0415
    from detente.ledger.stating import stated  # noqa: PLC0415

    kept = opened(book)
    contents = [read_file(path, MAX_BODY) for path in files]
    keys = office_keys(key, passphrase_file)
    now = datetime.now(UTC)
    entries = []
    for path, data in zip(files, contents, strict=True):
        try:
            entries.append(stated(data, keys.note, now))
        except LedgerError as fault:
            raise DetenteError(f"{path}: {fault.what}", fault.remedy) from None
    first = append_entries(kept, keys, entries)
    head = kept.checkpoint()
    answer = answers.AppendedAnswer(
        origin=head.origin, size=head.size, root=head.root.hex(), entries=list(range(first, first + len(entries)))
    )
    answered(answer, format, lang)


@log.command("head")
def log_head(book: BookFolder = Path("."), format: Form = Format.text, lang: Lang = Language.en) -> None:
    """The size and the root of the log, who has countersigned it and when, and the logs of the others."""
    from detente.ledger.sync import cosigned_by  # noqa: PLC0415

    kept = opened(book)
    head = kept.checkpoint()
    signed = [
        row for name, other in kept.others.items() for row in countersigned_rows(cosigned_by(kept, name), other.public)
    ]
    others = [_copy_row(kept, name) for name in sorted(kept.others)]
    answer = answers.HeadAnswer(
        origin=head.origin, size=head.size, root=head.root.hex(), countersigned=signed, others=others
    )
    answered(answer, format, lang)


def _copy_row(book: Book, name: str) -> answers.CopyRow:
    from detente.ledger.book import mirror_of  # noqa: PLC0415
    from detente.ledger.checkpoints import read_checkpoint  # noqa: PLC0415
    from detente.ledger.stores import FolderStore  # noqa: PLC0415
    from detente.ledger.witness import last_seen  # noqa: PLC0415

    copied = FolderStore(mirror_of(book, name)).read("checkpoint")
    return answers.CopyRow(
        name=name,
        origin=book.other(name).origin,
        copied=read_checkpoint(copied)[1].size if copied else None,
        countersigned=countersigned_rows(last_seen(book, name), book.public),
    )


@log.command("verify")
def log_verify(
    address: Annotated[str | None, typer.Argument(metavar="[DIR|URL]", help="A log; the book's if left out.")] = None,
    pub: Pubs = None,
    book: BookFolder = Path("."),
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Check a whole log: its signature, every entry and tile, bodies, statements. Exit code 1 if anything is wrong."""
    from detente.ledger.audit import audit  # noqa: PLC0415
    from detente.ledger.stores import open_store  # noqa: PLC0415

    place = log_address(address) if address else str(opened(book).served)
    keys = known_keys(book, pub)
    with wrong_is_one(), progress("entries") as tell:
        found = audit(open_store(place), keys, tell)
    head = found.checkpoint
    signed = [
        answers.CountersignedRow(name=one.name, size=head.size, time=one.time, kind=one.kind)
        for one in found.countersigned
    ]
    answer = answers.VerifiedAnswer(
        origin=head.origin,
        size=head.size,
        root=head.root.hex(),
        verified=found.verified,
        unknown=found.unknown,
        foreign=found.foreign,
        bodies=found.bodies,
        wrong=[answers.WrongRow(index=row.index, what=row.what) for row in found.wrong],
        countersigned=signed,
    )
    answered(answer, format, lang)
    if found.wrong:
        raise typer.Exit(1)


@log.command("prove")
def log_prove(
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="An index, or the id of a statement.")],
    of: Annotated[str, typer.Option("--of", metavar="OTHER", help="An entry of another's log, from our copy.")] = "",
    output: Out = None,
    book: BookFolder = Path("."),
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Prove that an entry is in the log: one small file that others check offline with: detente log check."""
    from detente.ledger.checkpoints import read_checkpoint  # noqa: PLC0415
    from detente.ledger.folder import write_durably  # noqa: PLC0415
    from detente.ledger.proving import prove  # noqa: PLC0415

    with wrong_is_one():
        proof = prove(opened(book), entry, of)
    if output is None:
        typer.echo(proof.encoded(), nl=False)
        return
    write_durably(output, proof.encoded())
    _, head = read_checkpoint(proof.checkpoint)
    answer = answers.ProvedAnswer(
        origin=head.origin,
        index=proof.index,
        size=head.size,
        file=str(output),
        countersigned=countersigned_rows(proof.checkpoint, known_keys(book, None)),
    )
    answered(answer, format, lang)


@log.command("check")
def log_check(
    path: Annotated[Path, typer.Argument(metavar="FILE|DIR", help="A .tlog-proof file, or a folder of evidence.")],
    pub: Pubs = None,
    book: BookFolder = Path("."),
    format: Form = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Check a proof, or evidence against a log, offline, with public keys alone. Exit code 1 if it proves nothing."""
    keys = known_keys(book, pub)
    if not keys:
        raise DetenteError("No public key was given.", "Name the file of the log's keys with: --pub FILE.pub")
    with wrong_is_one():
        answer = _evidence(path, keys) if path.is_dir() else _proof(path, keys)
    answered(answer, format, lang)
    if answer.evidence and not answer.evidence.proved:
        raise typer.Exit(1)


def _evidence(folder: Path, keys: list[PublicKey]) -> answers.CheckedAnswer:
    from detente.ledger.book import signing  # noqa: PLC0415
    from detente.ledger.checkpoints import read_checkpoint  # noqa: PLC0415
    from detente.ledger.evidence import check_evidence  # noqa: PLC0415
    from detente.ledger.stores import FolderStore  # noqa: PLC0415

    first = FolderStore(folder).read("first.checkpoint")
    if first is None:
        raise DetenteError(f"'{folder}' holds no evidence.", "Name the folder that a command named.")
    origin = read_checkpoint(first)[1].origin
    log_keys = signing(keys, origin)
    if not log_keys:
        raise DetenteError(f"No key of '{origin}' was given.", "Name its file with: --pub FILE.pub")
    found = check_evidence(folder, log_keys, origin)
    row = answers.EvidenceRow(kind=found.kind, proved=found.proved, old=found.old, new=found.new)
    return answers.CheckedAnswer(origin=origin, evidence=row)


def _proof(path: Path, keys: list[PublicKey]) -> answers.CheckedAnswer:
    from detente.ledger.notes import MAX_NOTE  # noqa: PLC0415
    from detente.ledger.proofs import LogProof  # noqa: PLC0415
    from detente.ledger.proving import check_proof  # noqa: PLC0415

    found = check_proof(LogProof.parse(read_file(path, 2 * MAX_NOTE)), keys)
    return answers.CheckedAnswer(origin=found.origin, proof=_proof_row(found, keys))


def _proof_row(found: Proved, keys: list[PublicKey]) -> answers.ProofRow:
    from detente.ledger.entries import parse_entry  # noqa: PLC0415
    from detente.ledger.entries import written_time  # noqa: PLC0415
    from detente.ledger.faults import Malformed  # noqa: PLC0415
    from detente.ledger.proving import signers_of  # noqa: PLC0415

    row = answers.ProofRow(
        index=found.index,
        size=found.size,
        root=found.root.hex(),
        logged=None,
        statement=None,
        body=None,
        signed=[],
        unverified=[],
        disclosed=len(found.disclosed),
        countersigned=[
            answers.CountersignedRow(name=one.name, size=found.size, time=one.time, kind=one.kind)
            for one in found.countersigned
        ],
        uncounted=list(found.uncounted),
    )
    try:
        entry = parse_entry(found.entry)
    except Malformed:
        return row  # an entry of another program: that it is in the log is proved all the same
    row.logged = written_time(entry.logged)
    if entry.body:
        row.body = entry.body.sha256
        return row
    signers = signers_of(entry, keys)
    row.statement = msgspec.json.decode(entry.statement)
    row.signed, row.unverified = list(signers.known), list(signers.unknown)
    return row
