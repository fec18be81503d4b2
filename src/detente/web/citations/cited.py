"""A page read for its citation: only pages of this site, in their one full address, with what they answer."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from typing import Final
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import msgspec
from django.http import HttpRequest
from django.http import QueryDict
from django.urls import Resolver404
from django.urls import ResolverMatch
from django.urls import get_script_prefix
from django.urls import resolve
from django.utils.translation import get_language_from_path
from django.utils.translation import override

from detente.errors import DetenteError
from detente.record.registers import Words
from detente.rendering.data import as_json
from detente.web.chosen import DEFAULT_PAIR
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.frame import CITABLE
from detente.web.frame import LONGEST_ADDRESS
from detente.web.page import Ask
from detente.web.page import Page
from detente.web.page import missing

__all__ = ["LONGEST_ADDRESS", "Cited", "code_of", "read_page"]

_CODE_LENGTH: Final = 12


class Cited(msgspec.Struct, frozen=True, kw_only=True):
    """A page as it reads now: its full address, its title, its stamp, and the fingerprint of its JSON."""

    path: str
    query: str
    language: str
    title: Words
    stamp: str
    sha256: str


def code_of(path: str, query: str, stamp: str) -> str:
    """Return the code of a citation: the same page under the same stamp always has the same one."""
    digest = hashlib.sha256(f"{path}?{query}\n{stamp}".encode()).digest()
    return b32encode(digest).decode("ascii")[:_CODE_LENGTH].lower()


def read_page(address: str, host: str) -> Cited:
    """Return the page at an address of this site as it reads now; raise FaultyRequest where there is none to cite."""
    if len(address) > LONGEST_ADDRESS:
        raise _refused(f"{address[:60]}…", Words("The address is too long.", "Адрес слишком длинный."))
    try:
        parts = urlsplit(address)
    except ValueError:
        raise _no_page(address) from None
    if parts.netloc not in ("", host):
        raise _no_page(address)
    path = unquote(parts.path)
    language = get_language_from_path(path) or ""
    with override(language or None):
        match = _match(path, address)
        request = _request(path, parts.query, host, match)
        ask = Ask(request)
        page = _made(ask, match)
        more = dict(sorted(ask.more.items()))
        query = urlencode({**ask.chosen.parameters(), **more}, safe=",")
        if len(query) > LONGEST_ADDRESS:
            raise _refused(f"{address[:60]}…", Words("The address is too long.", "Адрес слишком длинный."))
        return Cited(
            path=quote(path, safe="/()@:,~"),
            query=query,
            language=language,
            title=_title(ask, page, match.url_name == "day"),
            stamp=page.stamp or ask.reading.stamp,
            sha256=hashlib.sha256(as_json(page.answer).encode()).hexdigest(),
        )


def _match(path: str, address: str) -> ResolverMatch:
    root = get_script_prefix()
    try:
        match = resolve("/" + path.removeprefix(root)) if path.startswith(root) else None
    except Resolver404:
        match = None
    if match is None or "form" in match.kwargs or not hasattr(match.func, CITABLE):
        raise _no_page(address)
    return match


def _request(path: str, query: str, host: str, match: ResolverMatch) -> HttpRequest:
    """Return the request that a reader of the page would make."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = path
    request.META = {"QUERY_STRING": query, "HTTP_HOST": host, "SERVER_NAME": host, "SERVER_PORT": "80"}
    request.GET = QueryDict(query)
    request.resolver_match = match
    return request


def _made(ask: Ask, match: ResolverMatch) -> Page:
    try:
        page: Page = getattr(match.func, CITABLE)(ask, **match.kwargs)
    except DetenteError as fault:
        raise missing(Words(fault.what, fault.what), Words(fault.remedy, fault.remedy)) from fault
    return page


def _title(ask: Ask, page: Page, of_two: bool) -> Words:
    """Return the title of the page with what it leaves to the lines above it: whose agenda, in whose account."""
    title, names = page.title, ask.desk.registers.parties
    if of_two or ask.chosen.between != DEFAULT_PAIR:
        first, second = (names[party].name for party in ask.desk.pair(ask.chosen))
        title = Words(f"{title.en}, {first.en} – {second.en}", f"{title.ru}, {first.ru} – {second.ru}")
    if ask.chosen.according_to:
        author = names[ask.chosen.according_to].name
        title = Words(f"{title.en}, according to {author.en}", f"{title.ru}, по данным: {author.ru}")
    return title


def _no_page(address: str) -> FaultyRequest:
    shown = address[:120]
    return _refused(shown, Words(f"“{shown}” is no page of this site.", f"«{shown}» — не страница этого сайта."))


def _refused(shown: str, what: Words) -> FaultyRequest:
    remedy = Words("Open a page and use the button in its foot.", "Откройте страницу и нажмите кнопку внизу.")
    return FaultyRequest([Fault("address", shown, what, remedy)])
