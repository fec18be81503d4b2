"""What every list has: filters as chips that can be taken off, its pages, and numbers as each language has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from detente.record.registers import Words
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.links import Links
from detente.web.page import Ask
from detente.web.page import missing

__all__ = ["Chip", "Leaves", "Stem", "leaves", "number", "page_asked", "refuse"]

_PAGE = re.compile(r"[1-9][0-9]{0,6}")


class Chip(msgspec.Struct, frozen=True):
    """One filter that is set, and the address without it."""

    label: str
    value: str
    without: str


class Leaves(msgspec.Struct, frozen=True, kw_only=True):
    """Where a reader is among the pages of a list, and the way to the others."""

    at: int
    count: int
    first: int
    last: int
    total: int
    before: str
    after: str
    ends: list[tuple[int, str]]
    """The pages that can be leapt to: the first, the last and those near."""


class Stem:
    """The address of a list with its filters, to which one more is added: made once, used for hundreds of links."""

    def __init__(self, links: Links, page: str, given: Mapping[str, str]) -> None:
        self.bare = links.to(page)
        self.given = dict(given)

    def without(self, *names: str) -> str:
        """Return the address with some filters taken off."""
        return self._with({k: v for k, v in self.given.items() if k not in names})

    def also(self, **more: str) -> str:
        """Return the address with filters added or put in the place of others."""
        return self._with({**self.given, **more})

    def _with(self, given: Mapping[str, str]) -> str:
        # The choice stands in the address already, so that there is something to add to.
        return f"{self.bare}&{urlencode(given)}" if given else self.bare


def number(value: int, language: str) -> str:
    """Return a whole number with its thousands apart: `16,473` in English, `16 473` in Russian."""
    told = f"{value:,}"
    return told.replace(",", "\u00a0") if language == "ru" else told


def page_asked(ask: Ask, faults: list[Fault]) -> int:
    """Return the number of the page that is asked for; tell what is wrong with it."""
    text = ask.parameter("page") or "1"
    if _PAGE.fullmatch(text):
        return int(text)
    what = Words(f"“{text}” is no page.", f"«{text}» — не номер страницы.")
    remedy = Words("Pages are counted 1, 2, 3; leave it out for the first.",
                   "Страницы считаются так: 1, 2, 3; для первой ничего не указывайте.")  # fmt: skip
    faults.append(Fault("page", text, what, remedy))
    return 1


def leaves(stem: Stem, at: int, size: int, total: int) -> Leaves:
    """Return where a page stands among the others; refuse one that does not exist."""
    count = max(-(-total // size), 1)
    if at > count:
        raise missing(
            Words(f"There is no page {at}: the list has {count}.", f"Страницы {at} нет: в списке их {count}."),
            Words("Go back to the first page, or take off a filter.", "Вернитесь на первую или снимите фильтр."),
            "page",
            str(at),
        )
    near = {1, 2, count - 1, count, at - 2, at - 1, at, at + 1, at + 2}
    numbers = sorted(n for n in near if 1 <= n <= count)
    return Leaves(
        at=at,
        count=count,
        first=(at - 1) * size + 1 if total else 0,
        last=min(at * size, total),
        total=total,
        before=_leaf(stem, at - 1) if at > 1 else "",
        after=_leaf(stem, at + 1) if at < count else "",
        ends=[(n, _leaf(stem, n)) for n in numbers] if count > 1 else [],
    )


def _leaf(stem: Stem, at: int) -> str:
    return stem.without("page") if at == 1 else stem.also(page=str(at))


def refuse(faults: list[Fault]) -> None:
    """Raise the refusal of a request in which anything was found wrong."""
    if faults:
        raise FaultyRequest(faults)
