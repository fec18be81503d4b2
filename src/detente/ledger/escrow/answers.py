"""The answers of the escrow commands: plain structures that are also their JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from detente.errors import DetenteError
from detente.errors import Problem
from detente.ledger.escrow.checking import check_opening
from detente.ledger.escrow.commitment import FORMAT
from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.commitment import Escrow
from detente.ledger.escrow.commitment import read_commitment
from detente.ledger.escrow.draw import DRAW
from detente.ledger.escrow.draw import DrawOpening
from detente.ledger.escrow.draw import DrawPromise
from detente.ledger.escrow.draw import DrawSession
from detente.ledger.escrow.draw import read_draw_file
from detente.ledger.escrow.files import digest
from detente.ledger.escrow.form import shown
from detente.ledger.escrow.opening import OPENING
from detente.ledger.escrow.outcome import DrawOutcome
from detente.ledger.escrow.outcome import outcome
from detente.ledger.escrow.renewal import STAYED
from detente.ledger.escrow.renewal import Stayed
from detente.ledger.escrow.renewal import check_stayed
from detente.ledger.escrow.request import REQUEST
from detente.ledger.escrow.request import Answered
from detente.ledger.escrow.request import answered
from detente.ledger.escrow.request import read_request
from detente.ledger.escrow.view import Absence
from detente.ledger.escrow.view import Count
from detente.ledger.escrow.view import OpenedNode
from detente.ledger.escrow.view import View
from detente.ledger.escrow.view import look_for
from detente.ledger.escrow.view import place_of
from detente.ledger.escrow.view import view_of

__all__ = [
    "VERSION",
    "AbsentAnswer",
    "CheckAnswer",
    "CommitAnswer",
    "DrawAnswer",
    "StatusAnswer",
    "Written",
    "absent",
    "checked",
    "committed",
    "status",
]

VERSION: Final = 1
"""The version of these shapes; within one, fields are only added."""


class Written(msgspec.Struct, frozen=True):
    """A file that was written, and what it is for: `secret`, `commitment`, `opening`, `request` and so on."""

    kind: str
    file: str
    version: int = VERSION


class CommitAnswer(msgspec.Struct, frozen=True):
    """What was committed to, and where it was written."""

    commitment: Commitment
    digest: str
    files: list[Written]
    version: int = VERSION


class FileState(msgspec.Struct, frozen=True):
    """A file that was checked, and its state: `matches` or `does not match`."""

    file: str
    kind: str
    state: str


class CheckAnswer(msgspec.Struct, frozen=True):
    """What openings show, and what of them does not match."""

    declarer: str
    period: str
    root: str
    commitment: str
    files: list[FileState]
    counts: list[Count]
    opened: list[OpenedNode]
    stayed: list[Stayed]
    problems: list[Problem]
    version: int = VERSION


class AbsentAnswer(msgspec.Struct, frozen=True):
    """What the openings say of an item that was found."""

    found: dict[str, str]
    under: str
    absence: Absence
    problems: list[Problem]
    version: int = VERSION


class StatusAnswer(msgspec.Struct, frozen=True):
    """Where an escrow stands: what was opened, and what became of each request and each draw."""

    on: date
    declarer: str
    period: str
    root: str
    commitment: str
    counts: list[Count]
    requests: list[Answered]
    draws: list[DrawOutcome]
    problems: list[Problem]
    version: int = VERSION


class DrawAnswer(msgspec.Struct, frozen=True):
    """What became of a draw."""

    on: date
    outcome: DrawOutcome
    version: int = VERSION


class _Named(msgspec.Struct):
    """All that is read of a file to know what it is."""

    format: str


def committed(escrow: Escrow, files: list[Written]) -> CommitAnswer:
    """Return what an escrow commits to."""
    commitment = escrow.commitment
    return CommitAnswer(commitment, commitment.digest, files)


def format_of(data: bytes, name: str) -> str:
    """Return the format that a file names; raise DetenteError where it names none."""
    try:
        return msgspec.json.decode(data, type=_Named).format
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        known = ", ".join((FORMAT, OPENING, STAYED, REQUEST, DRAW))
        raise DetenteError(f"{name}: the file is none of an escrow.", f"Give a file of one of: {known}.") from None


def checked(commitment: Commitment, files: Mapping[str, bytes], previous: Commitment | None = None) -> CheckAnswer:
    """Check openings, and proofs of what stayed since the previous period, against a commitment."""
    view = View(commitment)
    states: list[FileState] = []
    proofs: list[Stayed] = []
    for name, data in files.items():
        format = format_of(data, name)
        if format == STAYED:
            if previous is None:
                raise DetenteError(f"{name}: the proof is about two periods.", "Give the earlier one: --previous FILE.")
            proof, problems = check_stayed(previous, commitment, data, name)
            proofs += [proof] if proof else []
        else:
            seen, problems = check_opening(commitment, data, name)
            view.add(seen)
        view.problems += problems
        kind = "proof of what stayed" if format == STAYED else "opening"
        states.append(FileState(name, kind, "does not match" if problems else "matches"))
    c = commitment
    return CheckAnswer(
        c.declarer, c.period, c.root, c.digest, states, view.counts(), view.opened(), proofs, view.problems
    )


def absent(commitment: Commitment, files: Mapping[str, bytes], found: Mapping[str, str], under: str) -> AbsentAnswer:
    """Say whether an item that was found is declared, by these openings."""
    view = view_of(commitment, files)
    place = place_of(view, under)
    absence = look_for(view, found, place)
    if absence.gaps and not absence.at and view.problems:
        # What is missing was given, but does not fit: that is another thing than not to have been given.
        absence = msgspec.structs.replace(absence, state="does not match")
    return AbsentAnswer(dict(found), shown(place), absence, view.problems)


def status(commitment: Commitment, files: Mapping[str, bytes], on: date) -> StatusAnswer:
    """Say where an escrow stands on a day, from all the files that were exchanged, in any order."""
    by_format: dict[str, dict[str, bytes]] = {}
    for name, data in files.items():
        by_format.setdefault(format_of(data, name), {})[name] = data
    strange = by_format.keys() - {OPENING, REQUEST, DRAW, FORMAT}
    for format in strange:
        name = next(iter(by_format[format]))
        raise DetenteError(f"{name}: a status has no use for {format[:40]}.", "Give openings, requests and draws.")
    for name, data in by_format.get(FORMAT, {}).items():
        if read_commitment(data, name) != commitment:
            raise DetenteError(f"{name}: it is another commitment.", "Ask about one commitment at a time.")
    view = view_of(commitment, by_format.get(OPENING, {}))
    requests = [
        answered(read_request(commitment, data, name), view, on) for name, data in by_format.get(REQUEST, {}).items()
    ]
    draws = outcomes(by_format.get(DRAW, {}), on, commitment)
    c = commitment
    return StatusAnswer(on, c.declarer, c.period, c.root, c.digest, view.counts(), requests, draws, view.problems)


def outcomes(files: Mapping[str, bytes], on: date, commitment: Commitment | None = None) -> list[DrawOutcome]:
    """Say what became of each draw whose session is among the files."""
    parts = [(name, read_draw_file(data, name)) for name, data in files.items()]
    sessions = [(name, part) for name, part in parts if isinstance(part, DrawSession)]
    names = {digest(session) for _, session in sessions}
    for name, part in parts:
        if isinstance(part, DrawSession):
            if commitment and part.commitment != commitment.digest:
                raise DetenteError(f"{name}: the draw is about another commitment.", "Give the draws of this one.")
        elif part.session not in names:
            raise DetenteError(f"{name}: its session is not among the files.", "Give the session file as well.")
    promises = [part for _, part in parts if isinstance(part, DrawPromise)]
    openings = [part for _, part in parts if isinstance(part, DrawOpening)]
    return [outcome(session, promises, openings, on) for _, session in sessions]
