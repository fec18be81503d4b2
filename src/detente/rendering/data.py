"""JSON and CSV: the same values, for programs and spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import polars as pl

__all__ = ["as_csv", "as_json"]


def as_json(answer: msgspec.Struct | dict[str, Any] | list[Any]) -> str:
    """Return an answer as JSON, indented, keys in the order of the documented shape."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2).decode("utf-8") + "\n"


def as_csv(rows: Sequence[msgspec.Struct], stamp: str, language: str = "en") -> str:
    """Return rows as CSV; lists are joined by `;` and the stamp is the last column."""
    plain = []
    for row in rows:
        cells = msgspec.to_builtins(row)
        plain.append({k: _cell(v, language) for k, v in cells.items()} | {"stamp": stamp})
    return pl.DataFrame(plain, infer_schema_length=None).write_csv() if plain else ""


def _cell(value: object, language: str) -> str | None:
    if isinstance(value, list):
        return ";".join(str(_cell(v, language)) for v in value)
    if isinstance(value, dict):
        return str(value.get(language) or " ".join(str(v) for v in value.values()))
    return None if value is None else str(value)
