"""A server of its own for a test: `detente serve` in a process, started, asked over HTTP, and stopped."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

__all__ = ["Reply", "Served", "free_port", "served"]

_START = 60.0
_STOP = 30.0


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Reply(NamedTuple):
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Served:
    """A running server."""

    def __init__(self, process: subprocess.Popen[str], port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self.log = log

    def ask(
        self,
        address: str,
        method: str = "GET",
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Return the answer to one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = {"Host": f"localhost:{self.port}", **(headers or {})}
            if body is not None:
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, address, body=body, headers=sent)
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def said(self) -> str:
        """Return what the server has said so far."""
        return self.log.read_text("utf-8")

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Stop the server and return its exit code."""
        self.process.send_signal(by)
        return self.process.wait(_STOP)


@contextmanager
def served(folder: Path, *options: str, **environment: str) -> Iterator[Served]:
    """Run `detente serve` with a data folder of its own until the block ends."""
    port = free_port()
    log = folder / f"serve-{port}.log"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DETENTE_", "DATABASE_URL", "DJANGO_"))}
    command = [sys.executable, "-m", "detente", "serve", "--port", str(port), *options]
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**kept, "XDG_DATA_HOME": str(folder / "data"), "PYTHONUNBUFFERED": "1", **environment},
            cwd=folder,
            text=True,
        )
    server = Served(process, port, log)
    try:
        until = time.monotonic() + _START
        while "(Ctrl-C stops)\n" not in server.said():
            assert process.poll() is None, server.said()
            assert time.monotonic() < until, server.said()
            time.sleep(0.05)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
