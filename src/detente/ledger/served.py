"""A witness over HTTP (C2SP tlog-witness): one address, `POST /add-checkpoint`, as a WSGI application.

It has no users and needs none: a request is worth the signature of its checkpoint.  Put it behind a proxy with TLS.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING
from typing import Final
from wsgiref.simple_server import WSGIRequestHandler
from wsgiref.simple_server import WSGIServer

from detente.ledger.faults import LedgerError
from detente.ledger.notes import MAX_NOTE
from detente.ledger.witness import Answer
from detente.ledger.witness import add_checkpoint

if TYPE_CHECKING:
    from wsgiref.types import StartResponse
    from wsgiref.types import WSGIEnvironment

    from detente.ledger.book import Book
    from detente.ledger.keys import OfficeKeys

__all__ = ["witness_application", "witness_server"]

_MOST: Final = 2 * MAX_NOTE
_PATH: Final = "/add-checkpoint"
_PATIENCE: Final = 30

Application = Callable[["WSGIEnvironment", "StartResponse"], Iterable[bytes]]


def witness_application(book: Book, keys: OfficeKeys) -> Application:
    """Return the application that countersigns for a book."""
    one_at_a_time = Lock()

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        refused = _refused(environ)
        if refused:
            answer = refused
        else:
            request = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            with one_at_a_time:
                answer = _answer(book, request, keys)
        status = HTTPStatus(answer.status)
        headers = [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [answer.body]

    return application


def witness_server(book: Book, keys: OfficeKeys, host: str, port: int) -> WSGIServer:
    """Return a server that listens already; raise LedgerError where the port is taken."""
    try:
        server = WSGIServer((host, port), _Handler)
    except OSError as fault:
        what = f"Nothing can listen at {host}:{port} ({fault.strerror})."
        raise LedgerError(what, "Choose another with --serve PORT.") from None
    server.set_app(witness_application(book, keys))
    return server


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE  # who sends nothing does not hold up the others for ever

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was countersigned is in the book."""


def _answer(book: Book, request: bytes, keys: OfficeKeys) -> Answer:
    try:
        return add_checkpoint(book, request, keys)
    except LedgerError as fault:
        return _said(503, fault.what)  # the fault is here: the request may be sent again


def _refused(environ: WSGIEnvironment) -> Answer | None:
    length = str(environ.get("CONTENT_LENGTH") or "")
    if environ.get("PATH_INFO") != _PATH:
        return _said(404, f"Only {_PATH} is here.")
    if environ.get("REQUEST_METHOD") != "POST":
        return _said(405, "Only POST is taken.")
    if not (length.isascii() and length.isdigit()):
        return _said(411, "The request does not say how long it is.")
    return _said(413, "The request is too long.") if len(length) > 9 or int(length) > _MOST else None


def _said(status: int, text: str) -> Answer:
    return Answer(status, "text/plain; charset=utf-8", text.encode() + b"\n")
