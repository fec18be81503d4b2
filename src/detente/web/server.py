"""The production server: Granian, serving the WSGI application with few threads, so that none waits for another."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

__all__ = ["run"]

_THREADS = 2
"""Pages are computed, not waited for: more threads would only make every reader wait for all the others."""


def run(host: str, port: int, workers: int) -> None:
    """Serve until stopped.  The settings must be in the environment, where every worker finds them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "detente.web.settings")
    server = Granian(
        "detente.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        backlog=1024,
        http1_settings=HTTP1Settings(),
        respawn_failed_workers=True,
        log_enabled=True,
        log_access=False,
    )
    server.serve()
