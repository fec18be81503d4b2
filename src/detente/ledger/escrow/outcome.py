"""What became of a joint draw: the sample, or who has not committed, not opened, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from detente.errors import DetenteError
from detente.ledger.escrow.draw import DrawOpening
from detente.ledger.escrow.draw import DrawPromise
from detente.ledger.escrow.draw import DrawSession
from detente.ledger.escrow.draw import drawn
from detente.ledger.escrow.draw import nonce_hash
from detente.ledger.escrow.draw import population
from detente.ledger.escrow.draw import read_draw_file
from detente.ledger.escrow.draw import seed_of
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.files import decoded
from detente.ledger.escrow.files import digest

__all__ = ["SAMPLE", "DrawOutcome", "PartyState", "Sample", "outcome", "read_sample", "sample_bytes"]

SAMPLE = "detente-escrow-sample/1"


class PartyState(msgspec.Struct, frozen=True):
    """Where a party stands: `not committed`, `not opened`, `refused`, `does not match` or `opened`."""

    party: str
    state: str


class DrawOutcome(msgspec.Struct, frozen=True):
    """What became of a draw; `drawn` is empty until both have opened what they committed to."""

    session: str
    population: int
    number: int
    before: date
    parties: list[PartyState]
    seed: str
    drawn: list[str]


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sample with all that it follows from, so that anyone can draw it again."""

    drawn: list[str]
    format: str
    openings: list[DrawOpening]
    session: DrawSession


def outcome(
    session: DrawSession, promises: Sequence[DrawPromise], openings: Sequence[DrawOpening], on: date
) -> DrawOutcome:
    """Say what became of a draw by a day; from the day that it names on, who committed and did not open has refused.

    A party that gave two commitments, or opened something else than it committed to, does not match.
    """
    name = digest(session)
    hashes = {party: {p.hash for p in promises if p.party == party and p.session == name} for party in session.parties}
    states, nonces = [], []
    for party in session.parties:
        given = [o for o in openings if o.party == party and o.session == name]
        state = _state(hashes, party, given, session, on)
        states.append(PartyState(party, state))
        if state == "opened":
            nonces.append(given[0].nonce)
    done = len(nonces) == 2
    seed = seed_of(name, nonces).hex() if done else ""
    places = drawn(session, nonces) if done else []
    return DrawOutcome(name, population(session), session.number, session.before, states, seed, places)


def _state(hashes: dict[str, set[str]], party: str, given: list[DrawOpening], session: DrawSession, on: date) -> str:
    own = hashes[party]
    if len(own) > 1 or (given and not own):
        return "does not match"
    if not own:
        return "not committed"
    if not given:
        others = [other for other in session.parties if other != party and not hashes[other]]
        # Nobody has to open before the other side has committed.
        return "refused" if on >= session.before and not others else "not opened"
    for one in given:
        made = nonce_hash(one.nonce, one.salt, party, one.session)
        quoted = [{quote} for quote in one.commitments]
        if {made} != own or quoted != [hashes[p] for p in session.parties]:
            return "does not match"
    return "opened"


def sample_bytes(session: DrawSession, openings: Sequence[DrawOpening], places: list[str]) -> bytes:
    """Return the file of a sample."""
    by_party = {one.party: one for one in openings}
    return canonical(Sample(places, SAMPLE, [by_party[p] for p in session.parties], session)) + b"\n"


def read_sample(data: bytes, name: str) -> Sample:
    """Return a sample that was drawn again and came out the same; raise DetenteError where it did not."""
    found = decoded(data, Sample, name)
    if found.format != SAMPLE:
        raise DetenteError(f"{name}: the format is '{found.format[:40]}'.", f"Give a file of the format {SAMPLE}.")
    parts = [read_draw_file(canonical(one), name) for one in (found.session, *found.openings)]
    session, openings = found.session, [one for one in parts if isinstance(one, DrawOpening)]
    named = [DrawPromise(one.format, quote, party, one.session)
             for one in openings for party, quote in zip(session.parties, one.commitments, strict=True)]  # fmt: skip
    if outcome(session, named, openings, session.before).drawn != found.drawn or not found.drawn:
        raise DetenteError(f"{name}: the sample does not follow from the nonces.", "Draw it again from both openings.")
    return found
