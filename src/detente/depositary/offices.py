"""Offices: for which party one speaks, with which keys, how many must sign, and what it may do."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from detente.depositary.drafts import Draft
from detente.ledger.faults import Malformed
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import PublicKey

__all__ = ["ACTIONS", "Office", "office_of"]

ACTIONS: Final = ("declare", "notify", "raise", "answer", "correct", "receive")
"""What an office may be allowed to do."""

_PARTY: Final = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_MOST_KEYS: Final = 50


class Office(msgspec.Struct, frozen=True):
    """An office as a book has registered it: for which party it speaks, with which keys, and what it may do."""

    id: str
    party: str
    keys: tuple[PublicKey, ...]
    may: tuple[str, ...]
    least: int = 1
    """How many of its keys must sign (m of n)."""


def office_of(made: Draft) -> Office:
    """Return the office that a statement registers; raise Malformed or InvalidNote where its cells are faulty."""
    cells = made.cells
    if not cells.get("office") or not _PARTY.fullmatch(cells.get("party", "")):
        raise Malformed("The registration names no office, or no party such as RUS.", "Give both.")
    if cells["office"] != made.office:
        raise Malformed(f"The registration of '{cells['office']}' is about '{made.office}'.", "Name one office.")
    keys = tuple(PublicKey.parse(text) for text in cells.get("keys", "").split())
    may = tuple(cells.get("may", "").split())
    _check_keys(keys, may)
    strange = [action for action in may if action not in ACTIONS]
    if strange:
        raise Malformed(f"'{strange[0]}' is nothing that an office may do.", f"Use: {', '.join(ACTIONS)}.")
    least = cells.get("least", "1")
    if not re.fullmatch(r"[0-9]{1,3}", least) or not 1 <= int(least) <= max(len(keys), 1):
        what = f"'{least}' of {len(keys)} keys cannot sign."
        raise Malformed(what, "Ask for at least one signature, and for no more than there are keys.")
    return Office(cells["office"], cells["party"], keys, may, int(least))


def _check_keys(keys: tuple[PublicKey, ...], may: tuple[str, ...]) -> None:
    """Raise Malformed where these keys cannot sign statements, or one of them could sign for two."""
    if may and not keys:
        raise Malformed("The office has no key.", "Give its public key, or close the office.")
    if len(keys) > _MOST_KEYS:
        raise Malformed(f"The office has more than {_MOST_KEYS} keys.", "Register several offices.")
    if any(key.algorithm != ED25519 for key in keys):
        raise Malformed("A key of the office cannot sign statements.", "Give its Ed25519 key, the first of its .pub.")
    if len({key.raw for key in keys}) < len(keys):
        raise Malformed("Two keys of the office are the same.", "Each person needs a key of their own.")
