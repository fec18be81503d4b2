"""The command that opens the web face on one's own machine, or behind a proxy."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.options import Books
from detente.errors import DetenteError

__all__ = ["serve"]

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


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
    # Only this command needs the server and Django; every other one would wait for them.
    from detente.web.server import run  # noqa: PLC0415

    typer.echo(f"detente: opening the record; then read it at http://{_shown(host)}:{port}/  (stop with Ctrl-C)")
    run(host, port, workers)


def _settings(casebook: list[Path], host: str) -> None:
    """Say to the settings what the command line says; what the environment says already stands."""
    said = {
        "DJANGO_SETTINGS_MODULE": "detente.web.settings",
        "DETENTE_SECRET_KEY": secrets.token_urlsafe(50),
    }
    if host in _LOOPBACK:
        said["DETENTE_LOCAL"] = "1"
    if casebook:
        said["DETENTE_CASEBOOKS"] = os.pathsep.join(str(Path(folder).resolve()) for folder in casebook)
    for name, value in said.items():
        os.environ.setdefault(name, value)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
