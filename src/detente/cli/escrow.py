"""The escrow commands; what they do is loaded only when one of them is called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated
from typing import Any

import typer

from detente.cli.app import app
from detente.cli.options import Format
from detente.cli.options import Lang
from detente.cli.options import Language

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["draw", "escrow"]

escrow = typer.Typer(
    name="escrow",
    help="Commit to a complete declaration at the outset, open it step by step, and check what was opened.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
draw = typer.Typer(
    name="draw",
    help="Draw a sample together: both commit to a nonce, both open it, and neither can bend the result.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(escrow)

Output = Annotated[Format, typer.Option("--format", help="text or json.")]
Passphrase = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="The passphrase, in its first line.")
]
Encrypt = Annotated[bool, typer.Option("--encrypt", help="Ask for a passphrase and write the secret as an age file.")]
SecretOut = Annotated[
    Path | None, typer.Option("--secret", metavar="FILE", help="Where to keep the secret; beside FILE if left out.")
]
PublicOut = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where to write the commitment; beside FILE if left out.")
]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write; it must not exist yet.")]
Secret = Annotated[Path, typer.Argument(metavar="SECRET", help="The secret file of the escrow.")]
Commitment = Annotated[Path, typer.Argument(metavar="COMMITMENT", help="The commitment as published.")]
Session = Annotated[Path, typer.Argument(metavar="SESSION", help="The file that draw begin wrote.")]
Before = Annotated[str, typer.Option("--before", metavar="DAY", help="The first day that is too late, YYYY-MM-DD.")]
OnDay = Annotated[str | None, typer.Option("--on", metavar="DAY", help="The day, YYYY-MM-DD. Today if left out.")]
Level = Annotated[int, typer.Option("--level", metavar="N", help="The level of sensitivity, from 1.")]


def _work() -> ModuleType | Any:  # noqa: ANN401 - its functions are checked where they are written
    # The other commands must not wait for the libraries of this one.
    from detente.cli import escrow_steps  # noqa: PLC0415

    return escrow_steps


def _draw_work() -> ModuleType | Any:  # noqa: ANN401 - its functions are checked where they are written
    # The other commands must not wait for the libraries of this one.
    from detente.cli import escrow_draws  # noqa: PLC0415

    return escrow_draws


@escrow.command()
def commit(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The declaration: TOML, with rows inside or in a CSV.")],
    secret: SecretOut = None,
    out: PublicOut = None,
    encrypt: Encrypt = False,
    passphrase_file: Passphrase = None,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Commit to a complete declaration: write the secret, which stays, and the commitment, which is published."""
    _work().commit(file, secret, out, encrypt, passphrase_file, format, lang)


@escrow.command("open")
def open_nodes(
    secret: Secret,
    nodes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NODE]...", help="By ids (kesh/k1) or slots (@5/2); all if left out."),
    ] = None,
    out: Out = ...,  # type: ignore[assignment]
    level: Annotated[int | None, typer.Option("--level", metavar="N", help="The level of sensitivity, from 1.")] = None,
    request: Annotated[
        Path | None, typer.Option("--request", metavar="FILE", help="Open what this request asks for.")
    ] = None,
    sample: Annotated[
        Path | None, typer.Option("--sample", metavar="FILE", help="Open what this joint draw has drawn.")
    ] = None,
    passphrase_file: Passphrase = None,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Open nodes, and all below them, to a level of sensitivity; what is not asked for stays hidden."""
    _work().open_nodes(secret, nodes or [], level, out, request, sample, passphrase_file, format, lang)


@escrow.command()
def check(
    commitment: Commitment,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Openings, and proofs of what stayed.")],
    previous: Annotated[
        Path | None, typer.Option("--previous", metavar="FILE", help="The commitment of the period before.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List every node that was opened.")] = False,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Check openings against the commitment; exit code 1 if anything does not match."""
    _work().check(commitment, files, previous, every, format, lang)


@escrow.command()
def absent(
    commitment: Commitment,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The openings that you have.")],
    found: Annotated[
        list[str], typer.Option("--found", metavar="FIELD=VALUE", help="What was found; may be repeated.")
    ],
    under: Annotated[str, typer.Option("--under", metavar="PLACE", help="Where it was found: @5/2 or name=...")] = "@",
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Say whether an item that was found is declared, undeclared, not opened, or does not match."""
    _work().absent(commitment, files, found, under, format, lang)


@escrow.command()
def request(
    commitment: Commitment,
    nodes: Annotated[
        list[str] | None, typer.Argument(metavar="[PLACE]...", help="@5/2 or name=...; all if left out.")
    ] = None,
    level: Level = ...,  # type: ignore[assignment]
    party: Annotated[str, typer.Option("--by", metavar="PARTY", help="Who asks.")] = ...,  # type: ignore[assignment]
    before: Before = ...,  # type: ignore[assignment]
    out: Out = ...,  # type: ignore[assignment]
    opened: Annotated[
        list[Path] | None, typer.Option("--opened", metavar="FILE", help="An opening that shows the places named.")
    ] = None,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Ask to open nodes before a day, in a file that can be signed and deposited."""
    _work().request(commitment, nodes or [], opened or [], level, party, before, out, format, lang)


@escrow.command()
def renew(
    old: Annotated[Path, typer.Argument(metavar="SECRET", help="The secret file of the period that ends.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The declaration of the new period.")],
    secret: SecretOut = None,
    out: PublicOut = None,
    encrypt: Encrypt = False,
    passphrase_file: Passphrase = None,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Commit to the next period with fresh salts, so that it can later be proved what stayed."""
    _work().renew(old, file, secret, out, encrypt, passphrase_file, format, lang)


@escrow.command()
def stayed(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The secret file of the earlier period.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The secret file of the later period.")],
    nodes: Annotated[
        list[str] | None, typer.Argument(metavar="[NODE]...", help="Whose lists, by ids; the outermost if left out.")
    ] = None,
    out: Out = ...,  # type: ignore[assignment]
    passphrase_file: Passphrase = None,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Prove what stayed from one period to the next, without showing what it is or how much there is."""
    _work().stayed(old, new, nodes or [], out, passphrase_file, format, lang)


@escrow.command()
def status(
    commitment: Commitment,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Openings, requests, files of draws, in any order.")
    ] = None,
    on: OnDay = None,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Say what was opened, and what became of each request and draw: opened, not opened, refused, does not match."""
    _work().status(commitment, files or [], on, format, lang)


escrow.add_typer(draw)


@draw.command()
def begin(
    commitment: Commitment,
    party: Annotated[list[str], typer.Option("--party", metavar="NAME", help="Between whom; given twice.")],
    number: Annotated[int, typer.Option("--number", metavar="K", help="How many to draw.")],
    rank: Annotated[str, typer.Option("--rank", metavar="RANK", help="What is drawn: site, facility, item ...")],
    before: Before,
    out: Out,
    under: Annotated[str, typer.Option("--under", metavar="PLACE", help="Only below this: @5/2 or name=...")] = "@",
    opened: Annotated[
        list[Path] | None,
        typer.Option("--opened", metavar="FILE", help="Only what these openings show; all slots if left out."),
    ] = None,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Write down what is drawn from, how many, between whom and until when; both sides keep the same file."""
    _draw_work().draw_begin(commitment, opened or [], party, number, rank, under, before, out, format, lang)


@draw.command("commit")
def draw_commit(
    session: Session,
    party: Annotated[str, typer.Option("--party", metavar="NAME", help="Who commits.")],
    nonce: Annotated[Path, typer.Option("--nonce", metavar="FILE", help="Where to keep the nonce.")],
    out: Out,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Commit to a fresh nonce: keep the nonce, hand the commitment over."""
    _draw_work().draw_commit(session, party, nonce, out, format, lang)


@draw.command()
def reveal(
    session: Session,
    nonce: Annotated[Path, typer.Argument(metavar="NONCE", help="The nonce that was kept.")],
    commitments: Annotated[list[Path], typer.Argument(metavar="COMMITMENT...", help="Those of both parties.")],
    out: Out,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Open the nonce, once both commitments are there."""
    _draw_work().draw_reveal(session, nonce, commitments, out, format, lang)


@draw.command()
def sample(
    session: Session,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Commitments and openings, in any order.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write the sample, which anyone can check.")
    ] = None,
    on: OnDay = None,
    format: Output = Format.text,
    lang: Lang = Language.en,
) -> None:
    """Draw the sample, or say who has not committed, not opened or refused; exit code 1 if there is none."""
    _draw_work().draw_sample(session, files, out=out, on=on, format=format, lang=lang)
