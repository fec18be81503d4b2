"""The secret file of an escrow: the declaration and all salts; it never leaves its declarer.

With a passphrase it is an age file (c2sp.org/age, the scrypt recipient), which any age program opens.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any
from typing import Final

import msgspec

from detente.errors import DetenteError
from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.commitment import Escrow
from detente.ledger.escrow.commitment import Seals
from detente.ledger.escrow.commitment import slots_needed
from detente.ledger.escrow.declaration import Declaration
from detente.ledger.escrow.files import decoded
from detente.ledger.escrow.form import Form
from detente.ledger.escrow.form import form_faults
from detente.ledger.escrow.rows import Rows
from detente.ledger.escrow.rows import is_id

__all__ = ["is_encrypted", "read_secret", "secret_bytes"]

FORMAT: Final = "detente-escrow-secret/1"
_AGE: Final = b"age-encryption.org/v1\n"


class _Rank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The nodes of one rank and how they are hidden; bytes are in base64, fields are canonical JSON."""

    contents: list[list[msgspec.Raw]]
    filler: bytes
    ids: list[str]
    inner: list[bytes]
    nodes: list[int]
    outer: list[bytes]
    parents: list[int]


class _Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    commitment: Commitment
    format: str
    ranks: list[_Rank]


def _age() -> Any:  # noqa: ANN401 - the library has no types of its own
    # Only an encrypted file needs the library, whose import is felt in every other command.
    return import_module("pyrage")


def secret_bytes(escrow: Escrow, passphrase: str | None = None) -> bytes:
    """Return the secret file of an escrow, encrypted where a passphrase is given."""
    ranks = [
        _Rank(
            [[*map(msgspec.Raw, part)] for part in rows.contents], filler, rows.ids, inner, nodes, outer, rows.parents
        )
        for rows, (nodes, inner, outer, filler) in zip(escrow.declaration.rows, escrow.seals, strict=True)
    ]
    data = msgspec.json.encode(_Secret(escrow.commitment, FORMAT, ranks), order="sorted") + b"\n"
    return data if passphrase is None else bytes(_age().passphrase.encrypt(data, passphrase))


def is_encrypted(data: bytes) -> bool:
    """Say whether a file is an age file."""
    return data.startswith(_AGE)


def read_secret(data: bytes, name: str, passphrase: str | None = None) -> Escrow:
    """Return the escrow of a secret file; raise DetenteError where it is none or does not make its own root."""
    if is_encrypted(data):
        if not passphrase:
            raise DetenteError(f"{name}: the file is encrypted.", "Give its passphrase: --passphrase-file FILE.")
        try:
            data = bytes(_age().passphrase.decrypt(data, passphrase))
        except _age().DecryptError:
            raise DetenteError(
                f"{name}: the passphrase does not open the file, or the file was damaged.",
                "Type it again, or use the copy that was kept elsewhere.",
            ) from None
    secret = decoded(data, _Secret, name)
    form = secret.commitment.form
    if secret.format != FORMAT or any(form_faults(form)) or not _fits(secret.ranks, form):
        raise DetenteError(f"{name}: the parts of the file do not fit together.", "Use the copy kept elsewhere.")
    rows = [Rows(r.ids, r.parents, [[bytes(one) for one in part] for part in r.contents]) for r in secret.ranks]
    seals = [Seals(r.nodes, r.inner, r.outer, r.filler) for r in secret.ranks]
    declaration = Declaration(secret.commitment.declarer, secret.commitment.period, form, rows)
    escrow = Escrow(declaration, seals, secret.commitment.previous)
    if escrow.commitment != secret.commitment:
        raise DetenteError(
            f"{name}: the secret does not make the root that was published.", "Use the copy kept elsewhere."
        )
    return escrow


def _fits(ranks: list[_Rank], form: Form) -> bool:
    """Say whether every list, salt and node of a secret is where the form says."""
    if len(ranks) != len(form.order):
        return False
    lists = 1
    for rank, (held, parts) in enumerate(zip(ranks, form.parts, strict=True)):
        total, count = slots_needed(form, rank, lists), len(held.ids)
        last = rank + 1 == len(ranks)
        sizes = [len(salts) == 32 * total for salts in (*held.inner, *held.outer)]
        if not all(sizes) or len(held.filler) != (0 if last else 32 * total) or len(held.nodes) != total:
            return False
        if not len(held.inner) == len(held.outer) == len(held.contents) == len(parts):
            return False
        if any(len(contents) != count for contents in held.contents) or len(held.parents) != count:
            return False
        width = form.widths[rank]
        stand = [(node, at // width) for at, node in enumerate(held.nodes) if node != -1]
        if sorted(stand) != list(enumerate(held.parents)) or not all(map(is_id, held.ids)):
            return False
        lists = count
    return True
