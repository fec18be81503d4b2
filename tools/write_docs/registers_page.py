"""The page on statements and registers: what a casebook may hold."""

from __future__ import annotations

from typing import Final

import msgspec

from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.record import registers
from detente.record.statements import ALWAYS
from detente.record.statements import BASES
from detente.record.statements import KINDS
from detente.record.statements import LEVELS
from detente.record.statements import SILENCES
from detente.record.statements import SPINE
from detente.record.statements import TIERS
from tools.write_docs.markdown import HEAD
from tools.write_docs.markdown import codes
from tools.write_docs.markdown import doc
from tools.write_docs.markdown import table

__all__ = ["registers_page"]

_REGISTERS: Final[dict[str, type[msgspec.Struct]]] = {
    "parties.toml": registers.Party,
    "sources.toml": registers.Source,
    "blocked.toml": registers.Blocked,
    "issues.toml": registers.Issue,
    "measures.toml": registers.Measure,
    "forums.toml": registers.Forum,
    "forums.toml, co_chairs": registers.CoChair,
    "claims.toml": registers.Claim,
    "topics.toml": registers.Topic,
    "treaty.toml": Instrument,
    "treaty.toml, provision": Provision,
}


def registers_page() -> str:
    """Return the page on kinds of statement, fixed words and the fields of each register."""
    kinds = (
        (
            f"`{kind.name}`",
            f"`{kind.name}s*.csv`",
            codes(kind.needs),
            codes(c for c in kind.may),
            codes(kind.verbs) or "-",
        )
        for kind in KINDS.values()
    )
    parts = [
        f"{HEAD}# Statements and registers\n\nWhat a casebook may hold, printed from the code that reads it.\n"
        "The page for writers is [the casebook format](../casebook-format.md).\n",
        f"\n## Columns of every statement\n\n{codes(SPINE)}\n\nNever empty: {codes(ALWAYS)}.\n",
        "\n## Kinds of statement\n\n",
        table(("kind", "file", "needs besides", "may have", "verbs"), kinds),
        "\n## Fixed words\n\n",
        table(
            ("column", "words"),
            (
                ("`silence`", codes(SILENCES)),
                ("`basis`", codes(BASES)),
                ("`level`", codes(LEVELS)),
                ("`tier` of a source", codes(TIERS)),
            ),
        ),
        "\n## Registers\n",
    ]
    for name, shape in _REGISTERS.items():
        fields = (
            (f"`{field.encode_name}`", "yes" if field.required else "") for field in msgspec.structs.fields(shape)
        )
        parts.append(f"\n### {name}\n\n{doc(shape)}\n\n{table(('field', 'needed'), fields)}")
    return "".join(parts)
