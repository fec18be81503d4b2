"""The joint draw: both sides commit to a nonce, both open it, and the sample follows from both.

Neither can bend the sample alone; and whoever committed and then does not open is named as having refused.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from math import prod
from typing import Final

import msgspec

from detente.errors import DetenteError
from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.commitment import Random
from detente.ledger.escrow.commitment import is_hash
from detente.ledger.escrow.drbg import HmacDrbg
from detente.ledger.escrow.drbg import sample
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.files import decoded
from detente.ledger.escrow.files import digest
from detente.ledger.escrow.form import MAX_SLOTS
from detente.ledger.escrow.form import MAX_WIDTH
from detente.ledger.escrow.form import Path
from detente.ledger.escrow.form import shown
from detente.ledger.escrow.form import slots
from detente.ledger.escrow.opening import check_path

__all__ = [
    "DRAW",
    "DrawNonce",
    "DrawOpening",
    "DrawPromise",
    "DrawSession",
    "Slots",
    "begin_draw",
    "drawn",
    "nonce_hash",
    "open_nonce",
    "promise",
    "read_draw_file",
    "seed_of",
]

DRAW: Final = "detente-escrow-draw/1"
NONCE: Final = b"detente/escrow/1/nonce\x00"
SEED: Final = b"detente/escrow/1/seed\x00"

MAX_NUMBER: Final = 1_000_000
MAX_LISTED: Final = 1_000_000


class Slots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All slots of one rank below a node, dummies included; the first place is that of slot 0 in every list."""

    under: str
    widths: list[int]


class DrawSession(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="session"):
    """What both sides agree on before they commit: what is drawn from, how many, between whom, and until when.

    `among` is all slots of a rank, or a list of places.  `id` makes every session another.
    """

    among: Slots | list[str]
    before: date
    commitment: str
    format: str
    id: str
    number: int
    parties: tuple[str, str]


class DrawNonce(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="nonce"):
    """What a party keeps to itself until both have committed."""

    format: str
    nonce: str
    party: str
    salt: str
    session: str


class DrawPromise(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="commitment"):
    """A party's commitment to its nonce: SHA-256(NONCE || salt || canonical JSON of nonce, party and session)."""

    format: str
    hash: str
    party: str
    session: str


class DrawOpening(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="opening"):
    """A party's opening, given once both commitments, which it quotes in the order of the parties, were there."""

    commitments: tuple[str, str]
    format: str
    nonce: str
    party: str
    salt: str
    session: str


DrawFile = DrawSession | DrawNonce | DrawPromise | DrawOpening


def begin_draw(
    commitment: Commitment,
    parties: tuple[str, str],
    number: int,
    among: Slots | Sequence[Path],
    before: date,
    random: Random = os.urandom,
) -> DrawSession:
    """Return a session; raise DetenteError where it cannot be drawn."""
    listed = among if isinstance(among, Slots) else [shown(path) for path in among]
    session = DrawSession(listed, before, commitment.digest, DRAW, random(32).hex(), number, parties)
    _check_session(session, "session")
    return session


def all_slots(commitment: Commitment, rank: str, under: Path = ()) -> Slots:
    """Return all slots of a rank below a node, dummies included; raise DetenteError where there are none."""
    form = commitment.form
    check_path(form, under)
    if rank not in form.order[len(under) :]:
        below = ", ".join(form.order[len(under) :]) or "nothing"
        raise DetenteError(f"There is no rank '{rank}' below {shown(under)}.", f"Below it there is: {below}.")
    return Slots(shown(under), list(form.widths[len(under) : form.order.index(rank) + 1]))


def read_draw_file(data: bytes, name: str) -> DrawFile:
    """Return a file of a draw; raise DetenteError where it is none."""
    found: DrawFile = decoded(data, DrawFile, name)  # type: ignore[arg-type]
    if found.format != DRAW:
        raise DetenteError(f"{name}: the format is '{found.format[:40]}'.", f"Give a file of the format {DRAW}.")
    if isinstance(found, DrawSession):
        _check_session(found, name)
        return found
    hashes = [found.session]
    hashes += [found.hash] if isinstance(found, DrawPromise) else [found.nonce, found.salt]
    hashes += found.commitments if isinstance(found, DrawOpening) else ()
    if not all(map(is_hash, hashes)):
        raise DetenteError(f"{name}: a hash, nonce or salt has not 64 digits 0-9 and a-f.", "Ask its author again.")
    return found


def _check_session(session: DrawSession, name: str) -> None:
    if session.parties[0] == session.parties[1] or not all(0 < len(party) <= 80 for party in session.parties):
        raise DetenteError(f"{name}: a draw is between two parties.", "Name two, each in up to 80 characters.")
    if isinstance(session.among, Slots):
        if slots(session.among.under) is None or not 1 <= len(session.among.widths) <= 8:
            raise DetenteError(
                f"{name}: it is not said what is drawn from.", "Begin it with detente escrow draw begin."
            )
        if not all(0 < width <= MAX_WIDTH for width in session.among.widths):
            raise DetenteError(f"{name}: a width is out of bounds.", "Begin it with detente escrow draw begin.")
    elif len(session.among) > MAX_LISTED or len(set(session.among)) < len(session.among):
        raise DetenteError(f"{name}: the places are too many, or one is listed twice.", "List each place once.")
    elif not all(slots(place) for place in session.among):
        raise DetenteError(f"{name}: what is drawn from is no list of places.", "Places are written @5/2/13.")
    count = population(session)
    if not 1 <= session.number <= min(count, MAX_NUMBER) or count > MAX_SLOTS:
        raise DetenteError(
            f"{name}: {session.number:,} cannot be drawn out of {count:,}.",
            f"Draw 1 to {min(count, MAX_NUMBER):,}.",
        )


def population(session: DrawSession) -> int:
    """Return how many places are drawn from."""
    return prod(session.among.widths) if isinstance(session.among, Slots) else len(session.among)


def nonce_hash(nonce: str, salt: str, party: str, session: str) -> str:
    """Return the commitment of a party to its nonce; its name and the session stand in it, so that none can copy it."""
    content = canonical({"nonce": nonce, "party": party, "session": session})
    return sha256(NONCE + bytes.fromhex(salt) + content).hexdigest()


def promise(session: DrawSession, party: str, random: Random = os.urandom) -> tuple[DrawNonce, DrawPromise]:
    """Return a party's fresh nonce, which it keeps, and its commitment, which it hands over."""
    _check_party(session, party)
    nonce = DrawNonce(DRAW, random(32).hex(), party, random(32).hex(), digest(session))
    return nonce, DrawPromise(DRAW, nonce_hash(nonce.nonce, nonce.salt, party, nonce.session), party, nonce.session)


def open_nonce(session: DrawSession, nonce: DrawNonce, promises: Sequence[DrawPromise]) -> DrawOpening:
    """Return a party's opening; raise DetenteError where not both commitments are there, or its own is another.

    Who opens before the other side has committed lets it choose the sample.
    """
    _check_party(session, nonce.party)
    given = {one.party: one.hash for one in promises if one.session == digest(session)}
    missing = [party for party in session.parties if party not in given]
    if missing or len(promises) != 2:
        raise DetenteError(
            f"{' and '.join(missing) or 'A party'} has not one commitment in this session.",
            "Wait for both commitments before you open; nothing was written.",
        )
    own = nonce_hash(nonce.nonce, nonce.salt, nonce.party, nonce.session)
    if nonce.session != digest(session) or given[nonce.party] != own:
        raise DetenteError(
            f"The nonce is not the one to which {nonce.party} committed in this session.",
            "Use the nonce that was written together with the commitment.",
        )
    both = (given[session.parties[0]], given[session.parties[1]])
    return DrawOpening(both, DRAW, nonce.nonce, nonce.party, nonce.salt, nonce.session)


def _check_party(session: DrawSession, party: str) -> None:
    if party not in session.parties:
        raise DetenteError(f"'{party[:80]}' is no party to this draw.", f"Parties: {', '.join(session.parties)}.")


def seed_of(session: str, nonces: Sequence[str]) -> bytes:
    """Return the seed: SHA-256(SEED || session || nonces in the order of the parties)."""
    return sha256(SEED + bytes.fromhex(session) + b"".join(map(bytes.fromhex, nonces))).digest()


def drawn(session: DrawSession, nonces: Sequence[str]) -> list[str]:
    """Return the places that both nonces draw, in the order in which they were drawn."""
    name = digest(session)
    generator = HmacDrbg(seed_of(name, nonces), personalization=bytes.fromhex(name))
    return [_place(session.among, at) for at in sample(generator, population(session), session.number)]


def _place(among: Slots | list[str], number: int) -> str:
    if not isinstance(among, Slots):
        return among[number]
    path: list[int] = []
    for width in reversed(among.widths):
        number, slot = divmod(number, width)
        path.append(slot)
    return shown((*(slots(among.under) or ()), *reversed(path)))
