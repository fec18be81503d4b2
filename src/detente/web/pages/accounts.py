"""What each side holds on an item, as finished values: facts, sayings, and whether the accounts differ."""

from __future__ import annotations

from typing import Any

import msgspec

from detente.consultation.item import Item
from detente.rendering.labels import label
from detente.rendering.wording import QUOTED
from detente.rendering.wording import account_key
from detente.rendering.wording import account_value
from detente.rendering.wording import said

__all__ = ["Account", "Saying", "accounts_of"]


class Saying(msgspec.Struct, frozen=True):
    """One statement of an author: what it does, when, and in what words."""

    act: str
    on: str
    text: str
    statement: str


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What one author holds on an item."""

    author: str
    facts: list[tuple[str, str]]
    sayings: list[Saying]
    chosen: bool


def accounts_of(item: Item, language: str, chosen: str) -> list[Account]:
    """Return the accounts of an item in their order, that of the chosen author first."""
    found = [_account(author, account, language, chosen) for author, account in item.accounts.items()]
    return sorted((a for a in found if a.facts or a.sayings), key=lambda account: not account.chosen)


def _account(author: str, account: dict[str, Any], language: str, chosen: str) -> Account:
    facts = [_fact(k, v, language) for k, v in account.items() if k not in QUOTED]
    sayings = [
        Saying(
            act="" if key == "says" else label(key, language),
            on=quote["on"],
            text=said(quote, language),
            statement=quote["statement"],
        )
        for key in QUOTED
        for quote in account.get(key) or []
    ]
    return Account(author=author, facts=facts, sayings=sayings, chosen=author == chosen)


def _fact(key: str, value: object, language: str) -> tuple[str, str]:
    if key == "findings" and isinstance(value, list):
        rows = (f"{f['provision']}: {f['value'] or '-'} ({f['limit']}) — {account_value(f['state'], language)}"
                if f.get("limit") else f"{f['provision']}: {account_value(f['state'], language)}"
                for f in value)  # fmt: skip
        return account_key(key, language), "; ".join(rows)
    return account_key(key, language), account_value(value, language)
