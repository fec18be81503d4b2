"""The production server: Granian, serving the WSGI application with few threads, so that none waits for another."""

from __future__ import annotations

import errno
import logging
import os
import socket
import sys
import threading
import time
from typing import Any
from typing import Final

from granian import Granian
from granian.constants import HTTPModes
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from detente.errors import DetenteError

__all__ = ["TrueWarnings", "refuse_if_taken", "run"]

_THREADS: Final = 2
"""Pages are computed, not waited for: more threads would only make every reader wait for all the others."""

_WAITING: Final = 1024
_HTTP: Final = HTTP1Settings(header_read_timeout=10_000, max_buffer_size=128 * 1024)
"""A reader has ten seconds to say what is wanted, in at most 128 KB; what is longer is answered 414 or 431."""

_GRACE: Final = 15
"""Seconds that answers under way have to be finished when the server is stopped."""


class TrueWarnings(logging.Filter):
    """Lets warnings through, but none that a worker refused to stop before it had its time for it.

    Two threads of Granian wait for each worker; when the other one has seen its end first, this one takes the
    worker for alive, and says that it kills it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._stopping = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is to be shown."""
        if record.msg == "Shutting down granian":
            self._stopping = record.created
        early = record.created - self._stopping < _GRACE
        return record.levelno >= logging.WARNING and not (early and "refused to gracefully stop" in record.msg)


_LOG: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "detente: %(message)s"}},
    "filters": {"true": {"()": TrueWarnings}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler", "formatter": "line", "filters": ["true"], "stream": "ext://sys.stderr",
        }
    },
    "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
}  # fmt: skip


def run(host: str, port: int, workers: int) -> int:
    """Serve until stopped and return the exit code.

    The settings must be in the environment, where every worker finds them.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "detente.web.settings")
    number = refuse_if_taken(host, port)
    server = Granian(
        "detente.web.worker:application",
        address=number,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=_THREADS,
        backlog=_WAITING,
        http1_settings=_HTTP,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
        log_enabled=True,
        log_level=LogLevels.info,  # the filter must hear when stopping begins
        log_dictconfig=_LOG,
        log_access=False,
    )
    threading.Thread(target=_say_when_open, args=(host, number, port), daemon=True).start()
    try:
        server.serve()
    except SystemExit as end:
        return int(end.code or 0)
    sys.stderr.write("detente: stopped\n")
    return 0


def refuse_if_taken(host: str, port: int) -> str:
    """Return the number of the address to listen on; raise DetenteError where it cannot be listened on.

    Two servers could share a port, and readers would be answered now by one and now by the other.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # A name such as localhost stands for two addresses: the older kind is the one that is always there.
        family, kind, protocol, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as fault:
        raise _refusal(host, port, fault) from fault
    return str(address[0])


def _refusal(host: str, port: int, fault: OSError) -> DetenteError:
    if fault.errno == errno.EADDRINUSE:
        return DetenteError(f"Port {port} is taken by another program.", f"Choose another: --port {port % 65535 + 1}")
    if fault.errno in (errno.EACCES, errno.EPERM):
        return DetenteError(f"Port {port} may not be opened by this user.", "Choose one from 1024 on: --port 8000")
    return DetenteError(
        f"'{host}' is no address of this machine ({fault.strerror}).", "Leave --host out, or use 0.0.0.0."
    )


def _say_when_open(host: str, number: str, port: int) -> None:
    """Print the address as soon as a reader would be answered there."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(number, number)
    while True:
        try:
            socket.create_connection((reached, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            break
    # In one piece, so that no other line of the log comes between.
    sys.stdout.write(f"detente: reading at http://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl-C stops)\n")
    sys.stdout.flush()
