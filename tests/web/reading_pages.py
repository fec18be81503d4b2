"""What tests of pages share: getting one, and taking it apart."""

from __future__ import annotations

import re
from typing import Any

import html5lib
import msgspec
from django.test import Client

__all__ = ["data_of", "links_of", "page_of", "valid", "words_of"]

_END = re.compile(r"</(?:td|th|dt|dd|li|p|h1|h2|h3|h4|a)>")
"""Where a reader sees a gap that the text itself does not have."""


def page_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:600]
    return response.content.decode()


def valid(text: str) -> None:
    html5lib.HTMLParser(strict=True).parse(text)


def _tree(text: str) -> Any:
    return html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)


def links_of(text: str) -> list[str]:
    return [a.get("href", "") for a in _tree(text).iter("a")]


def words_of(text: str) -> str:
    """Return the words of a page's main part, spaces run together."""
    main = next(node for node in _tree(_END.sub(r" \g<0>", text)).iter("main"))
    return " ".join("".join(main.itertext()).split())


def data_of(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content[:600]
    return msgspec.json.decode(response.content)
