"""The command that opens the web face on one's own machine, or behind a proxy."""

from __future__ import annotations

import gc
import os
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.options import Books
from detente.errors import DetenteError

__all__ = ["serve"]

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_YES = ("1", "true", "yes", "on")


@app.command()
def serve(
    casebook: Books = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes, each with the record.")] = 1,
) -> None:
    """Open the record in a browser: every page that this command line can print, and more, in two languages."""
    for folder in casebook or []:
        if not Path(folder).is_dir():
            raise DetenteError(f"There is no casebook folder '{folder}'.", "Start one with: detente new DIR")
    _settings(casebook or [], host)
    # A command lives for a moment and looks for no garbage; the server and its workers live long.
    gc.enable()
    # Only this command needs the server and Django; every other one would wait for them.
    from detente.web.database import made_ready  # noqa: PLC0415
    from detente.web.server import refuse_if_taken  # noqa: PLC0415
    from detente.web.server import run  # noqa: PLC0415

    refuse_if_taken(host, port)
    trouble = made_ready()
    if trouble:
        # Reading needs no database: it goes on, and what cannot be kept is said at once.
        os.environ["DETENTE_READ_ONLY"] = "1"
        typer.echo(f"detente: no citations are kept, for the database cannot be used: {trouble}", err=True)
        typer.echo("         Name another in DATABASE_URL and start again; everything can be read.", err=True)
    _advise(host)
    sys.exit(run(host, port, workers))


def _settings(casebook: list[Path], host: str) -> None:
    """Say to the settings what the command line says; what the environment says already stands."""
    said = {
        "DJANGO_SETTINGS_MODULE": "detente.web.settings",
        "DETENTE_SECRET_KEY": secrets.token_urlsafe(50),
    }
    if host in _LOOPBACK and not _is_set("DETENTE_PROXY"):
        said["DETENTE_LOCAL"] = "1"
    if casebook:
        said["DETENTE_CASEBOOKS"] = os.pathsep.join(str(Path(folder).resolve()) for folder in casebook)
    for name, value in said.items():
        os.environ.setdefault(name, value)


def _advise(host: str) -> None:
    """Say what will surprise: served beyond this machine, plain HTTP is redirected and hosts must be named."""
    if host in _LOOPBACK or _is_set("DETENTE_LOCAL") or _is_set("DETENTE_PROXY"):
        return
    typer.echo("detente: plain HTTP is redirected to https. Behind a proxy set DETENTE_PROXY=1;", err=True)
    typer.echo("         in a room without one set DETENTE_LOCAL=1. Name the hosts in DETENTE_HOSTS.", err=True)


def _is_set(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in _YES
