"""A Beancount ledger made up for measuring: so many directives, all of which its loader finds correct."""

from __future__ import annotations

import random
from datetime import date
from datetime import timedelta
from pathlib import Path

__all__ = ["write_ledger"]

_START = date(1980, 1, 1)
_ACCOUNTS = 50
_FILES = 36
_PER_DAY = 10


def write_ledger(folder: Path, directives: int, seed: int = 1963) -> Path:
    """Write a ledger in a few dozen files into `folder` and return the file that includes the others.

    One directive in ten is a balance that holds, one a note, one a price; the rest are transactions of two
    postings.  Every account is opened first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = random.Random(seed)
    accounts = [f"Assets:Party{n:02}:Stock" for n in range(_ACCOUNTS)]
    opens = min(len(accounts), max(2, directives // 20))
    accounts = accounts[:opens]
    held = dict.fromkeys(accounts, 0)
    lines = [f"{_START} open {account} UNIT" for account in accounts]
    parts: list[list[str]] = [lines] + [[] for _ in range(_FILES - 1)]
    rest = directives - opens
    for n in range(rest):
        index = 1 + n // _PER_DAY
        day = _START + timedelta(days=index)
        part = parts[n * _FILES // max(rest, 1)]
        place = n % _PER_DAY
        if place == 0:
            # A balance is of the beginning of its day, and the first of its day here.
            account = made.choice(accounts)
            part.append(f"{day} balance {account}  {held[account]} UNIT")
        elif place == 3:
            part.append(f'{day} note {made.choice(accounts)} "Stated in the exchange of data ({n})."')
        elif place == 6:
            part.append(f"{day} price UNIT  {made.randrange(1, 500)}.50 USD")
        else:
            one, other = made.sample(accounts, 2)
            amount = made.randrange(1, 5000)
            held[one] += amount
            held[other] -= amount
            part.append(f'{day} * "Party {n % 24}" "Delivery {n}"\n  {one}  {amount} UNIT\n  {other}  {-amount} UNIT')
    for number, text in enumerate(parts):
        (folder / f"part-{number:02}.beancount").write_text("\n\n".join(text) + "\n", encoding="utf-8")
    top = folder / "ledger.beancount"
    includes = [f'include "part-{number:02}.beancount"' for number in range(_FILES)]
    top.write_text('option "title" "Made up"\n' + "\n".join(includes) + "\n", encoding="utf-8")
    return top
