"""From a file to an entry: a signed note as it is, or a JSON table that the office signs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from detente.ledger.entries import Entry
from detente.ledger.entries import canonical
from detente.ledger.entries import signed_entry
from detente.ledger.faults import Malformed
from detente.ledger.notes import Signature
from detente.ledger.notes import Signer

__all__ = ["stated"]

_SIGNED: Final = "\n\n\N{EM DASH} ".encode()


def stated(data: bytes, signer: Signer, logged: datetime) -> Entry:
    """Return the entry of a file; raise InvalidNote or Malformed where it is neither a signed note nor a JSON table.

    A note keeps the signatures that it has, of one side or of both; a table is written in its canonical form and
    signed here.
    """
    if _SIGNED in data:
        return signed_entry(data, logged)
    try:
        value = msgspec.json.decode(data, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError) as fault:
        what = f"This is neither a signed note nor a JSON table ({fault})."
        remedy = 'Write a statement like {"id": "...", "text": "..."}; of another file, state the hash.'
        raise Malformed(what, remedy) from None
    statement = canonical(value)
    line = Signature(signer.name, signer.key_id, signer.sign(statement + b"\n")).line()
    return Entry(logged, statement, (line.decode().removesuffix("\n"),))
