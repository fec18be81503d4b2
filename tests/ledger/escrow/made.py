"""Declarations of the fictitious state of Ipindovia, and its root computed by hand from the formulas of the manual."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from detente.ledger.escrow.commitment import Escrow
from detente.ledger.escrow.commitment import commit
from detente.ledger.escrow.declaration import Declaration
from detente.ledger.escrow.declaration import read_declaration

FORM = """
declarer = "Ipindovia"
period = "2031-01-01"
order = ["site", "facility", "item"]

[width]
site = 4
facility = 4
item = 8

[[level]]
site = ["name"]
facility = []

[[level]]
facility = ["purpose"]
item = []

[[level]]
item = ["kind", "serial"]
"""

SITES = """
[[site]]
id = "kesh"
name = "Kesh Plateau"

[[site.facility]]
id = "k1"
purpose = "storage"

[[site.facility.item]]
id = "1"
kind = "canister"
serial = "IPD-0001"

[[site.facility.item]]
id = "2"
kind = "canister"
serial = "IPD-0002"

[[site.facility]]
id = "k2"
purpose = "maintenance"

[[site]]
id = "orlo"
name = "Orlo Bay"

[[site.facility]]
id = "o1"
purpose = "storage"

[[site.facility.item]]
id = "3"
kind = "launcher"
serial = "IPD-0003"
"""


def declared(folder: Path, text: str = FORM + SITES) -> Declaration:
    """Return the declaration of a text, which must have no fault."""
    file = folder / "declaration.toml"
    file.write_text(text, "utf-8")
    declaration, problems = read_declaration(file)
    assert problems == []
    assert declaration is not None
    return declaration


def counting(start: int = 0) -> Callable[[int], bytes]:
    """Return a source of bytes that are no secret: the hashes of 0, 1, 2 and so on."""
    state = [start]

    def random(count: int) -> bytes:
        made = b"".join(sha256(b"%d" % n).digest() for n in range(state[0], state[0] + count // 32 + 1))
        state[0] += count // 32 + 1
        return made[:count]

    return random


def escrow_of(folder: Path, text: str = FORM + SITES) -> Escrow:
    """Return an escrow with salts that are the same on every run; the order of the slots is not."""
    return commit(declared(folder, text), random=counting())


def h(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def merkle(entries: list[bytes]) -> bytes:
    """The root of a list whose length is a power of two (RFC 6962, 2.1)."""
    level = [h(b"\x00", entry) for entry in entries]
    while len(level) > 1:
        level = [h(b"\x01", level[n], level[n + 1]) for n in range(0, len(level), 2)]
    return level[0]


def sealed_by_hand(level: int, rank: str, fields: dict[str, Any] | None, inner: bytes, outer: bytes) -> bytes:
    content = json.dumps([level, rank, fields], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    kept = h(b"detente/escrow/1/inner\x00", inner, content)
    return h(b"detente/escrow/1/outer\x00", outer, kept)


def root_by_hand(secret: bytes) -> str:
    """Return the root that a secret file makes, by the formulas alone; it is small and slow."""
    held = json.loads(secret)
    form, ranks = held["commitment"]["form"], held["ranks"]

    def salt(rank: int, kind: str, part: int, at: int) -> bytes:
        return b64decode(ranks[rank][kind][part])[32 * at : 32 * at + 32]

    def listed(rank: int, parent: int) -> bytes:
        width, name = form["widths"][rank], form["order"][rank]
        levels = [n for n, level in enumerate(form["levels"], 1) if name in level]
        entries = []
        for at in range(parent * width, parent * width + width):
            node = ranks[rank]["nodes"][at]
            entry = b""
            for part, level in enumerate(levels):
                fields = ranks[rank]["contents"][part][node] if node >= 0 else None
                salts = salt(rank, "inner", part, at), salt(rank, "outer", part, at)
                entry += sealed_by_hand(level, name, fields, *salts)
            if rank + 1 < len(ranks):
                filler = b64decode(ranks[rank]["filler"])[32 * at : 32 * at + 32]
                entry += listed(rank + 1, node) if node >= 0 else filler
            entries.append(entry)
        return merkle(entries)

    return listed(0, 0).hex()
