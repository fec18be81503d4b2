"""Pages that are not drawn yet: the answer as it is."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from detente.record.registers import Words
from detente.rendering.data import as_json
from detente.web.page import Ask
from detente.web.page import Page

__all__ = ["plain"]


def plain(name: str, make: Callable[..., msgspec.Struct]) -> Callable[..., Page]:
    """Return a view that shows what `make` answers, as JSON."""

    def view(ask: Ask, **names: str) -> Page:
        answer = make(ask, **names)
        return Page(
            template="plain.html", title=Words(name, name), answer=answer, context={"text": as_json(answer)[:20000]}
        )

    return view
