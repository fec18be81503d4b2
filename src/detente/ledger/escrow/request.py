"""Requests to open: what was asked for, by whom and until when, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Final

import msgspec

from detente.errors import DetenteError
from detente.ledger.escrow.checking import check_digest
from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.files import decoded
from detente.ledger.escrow.form import Path
from detente.ledger.escrow.form import shown
from detente.ledger.escrow.form import slots
from detente.ledger.escrow.opening import check_path
from detente.ledger.escrow.view import View

__all__ = ["REQUEST", "Answered", "Request", "answered", "ask_to_open", "paths_of", "read_request"]

REQUEST: Final = "detente-escrow-request/1"
_GAPS: Final = 20
_NODES: Final = 100_000


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request that can be signed and deposited: these nodes and all below them, to a level, before a day.

    The day itself is already too late: periods here begin with their first day and end before their last.
    """

    before: date
    commitment: str
    format: str
    level: int
    nodes: list[str]
    party: str


class Answered(msgspec.Struct, frozen=True):
    """What became of a request: `opened`, `not opened`, `refused` or `does not match`; and what is not opened."""

    state: str
    party: str
    before: date
    level: int
    nodes: list[str]
    gaps: list[str]


def ask_to_open(commitment: Commitment, paths: Sequence[Path], level: int, party: str, before: date) -> bytes:
    """Return the file of a request; raise DetenteError where the form has no such level or place."""
    form = commitment.form
    if not 1 <= level <= len(form.levels):
        raise DetenteError(f"There is no level {level}.", f"This form has the levels 1 to {len(form.levels)}.")
    for path in paths:
        check_path(form, path)
    nodes = [shown(path) for path in paths or [()]]
    return canonical(Request(before, commitment.digest, REQUEST, level, nodes, party)) + b"\n"


def read_request(commitment: Commitment, data: bytes, name: str) -> Request:
    """Return a request; raise DetenteError where the file is none, or one about another commitment."""
    request = decoded(data, Request, name)
    if request.format != REQUEST:
        raise DetenteError(f"{name}: the format is '{request.format[:40]}'.", f"Give a file of the format {REQUEST}.")
    check_digest(request.commitment, commitment, name)
    if not 1 <= request.level <= len(commitment.form.levels) or not 1 <= len(request.nodes) <= _NODES:
        raise DetenteError(
            f"{name}: the request asks for no level or no node.", "Write it with detente escrow request."
        )
    for path in paths_of(request.nodes, name):
        check_path(commitment.form, path)
    return request


def paths_of(nodes: Sequence[str], name: str) -> list[Path]:
    """Return the paths that a file names; raise DetenteError where one is none."""
    paths = []
    for text in nodes:
        path = slots(text)
        if path is None or shown(path) != text:
            raise DetenteError(f"{name}: '{text[:40]}' is no place in a declaration.", "Places are written @5/2/13.")
        paths.append(path)
    return paths


def answered(request: Request, view: View, on: date) -> Answered:
    """Say what became of a request by a day.

    Before the day that it names, what was not opened is `not opened`; from that day on it is `refused`.  Where
    an opening was given that does not fit the commitment, the state says so.
    """
    paths = paths_of(request.nodes, "request")
    gaps = list(islice((gap for path in paths for gap in view.gaps(path, request.level)), _GAPS))
    if not gaps:
        state = "opened"
    elif view.problems:
        state = "does not match"
    else:
        state = "not opened" if on < request.before else "refused"
    return Answered(state, request.party, request.before, request.level, request.nodes, [shown(gap) for gap in gaps])
