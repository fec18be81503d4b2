"""Requests that cannot be answered: a page that names every fault and what to do; never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC
from datetime import datetime

import msgspec
from django.core.exceptions import SuspiciousOperation
from django.http import Http404
from django.http import HttpRequest
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import get_language

from detente.record.registers import Words
from detente.web.chosen import Chosen
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.frame import frame
from detente.web.links import Links

__all__ = [
    "FaultsMiddleware",
    "ProblemDocument",
    "no_writing",
    "not_understood",
    "refusal",
    "server_error",
    "unknown_address",
]

_LOG = logging.getLogger(__name__)


class ProblemDocument(msgspec.Struct, kw_only=True):
    """A problem document (RFC 9457) with the faults that were found, in both languages."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    faults: list[Fault]


class FaultsMiddleware:
    """Turns a refusal into a page, or into a problem document where data was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer; nothing is looked at on the way."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the answer to a request that cannot be met."""
        if isinstance(exception, FaultyRequest):
            return refusal(request, exception)
        if isinstance(exception, Http404):
            return unknown_address(request, exception)
        if isinstance(exception, SuspiciousOperation | MultiPartParserError):
            return not_understood(request, exception)
        _LOG.error("a request failed: %s", request.path, exc_info=exception)
        return server_error(request)


def refusal(request: HttpRequest, faults: FaultyRequest) -> HttpResponse:
    """Return the page of a faulty request, or its problem document."""
    words = _TITLES.get(faults.status, _TITLES[500])
    if _wants_data(request):
        return _problem_document(words, faults)
    language = "ru" if get_language() == "ru" else "en"
    links = Links(Chosen(on=datetime.now(UTC).date()), language)
    context = {**frame(request, links), "faults": [_printable(fault) for fault in faults.faults], "title": words}
    return render(request, "fault.html", context, status=faults.status)


def _printable(fault: Fault) -> Fault:
    """Return the fault with what no page may hold shown as such: an address can bring any character."""
    what, remedy = (Words(_visible(words.en), _visible(words.ru)) for words in (fault.what, fault.remedy))
    return Fault(_visible(fault.parameter), _visible(fault.given), what, remedy)


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _problem_document(title: Words, faults: FaultyRequest) -> HttpResponse:
    body = ProblemDocument(
        title=title.en,
        status=faults.status,
        detail=" ".join(fault.what.en for fault in faults.faults),
        faults=faults.faults,
    )
    kind = "application/problem+json"
    return HttpResponse(msgspec.json.encode(body), content_type=kind, status=faults.status)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a request that is not one that a browser makes, or that names another host."""
    what = Words(
        "The request is not in order, or it asks for another host.",
        "Запрос составлен неверно или обращён к другому узлу.",
    )
    remedy = Words(
        "Open the address as it was given to you; an operator names the hosts in DETENTE_HOSTS.",
        "Откройте адрес так, как он вам дан; имена узлов оператор указывает в DETENTE_HOSTS.",
    )
    return refusal(request, FaultyRequest([Fault("", "", what, remedy)]))


def no_writing(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for something sent to an address that only reads."""
    what = Words(
        "Nothing can be sent to this address: it only reads.",
        "На этот адрес нельзя ничего отправить: он только для чтения.",
    )
    remedy = Words("Open it as a page.", "Откройте его как страницу.")
    response = refusal(request, FaultyRequest([Fault("", "", what, remedy)], status=405))
    response["Allow"] = "GET, HEAD"
    return response


def unknown_address(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for an address at which there is nothing."""
    what = Words(f"There is no page at {request.path[:120]}.", f"По адресу {request.path[:120]} нет страницы.")
    remedy = Words("Begin with the day, or look through the lists above.", "Начните со дня или со списков выше.")
    return refusal(request, FaultyRequest([Fault("", "", what, remedy)], status=404))


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of the program itself."""
    what = Words("The program has a fault; your request was in order.", "Ошибка в программе; запрос составлен верно.")
    remedy = Words(
        "Go back, or tell the maintainers the address of this page.",
        "Вернитесь назад или сообщите разработчикам адрес этой страницы.",
    )
    return refusal(request, FaultyRequest([Fault("", "", what, remedy)], status=500))


def _wants_data(request: HttpRequest) -> bool:
    return request.path.rpartition(".")[2] in ("json", "csv", "ics", "atom") or request.path.startswith("/api/")


_TITLES = {
    400: Words("The request cannot be answered", "На такой запрос ответить нельзя"),
    403: Words("This cannot be kept here", "Здесь это нельзя сохранить"),
    404: Words("The record holds no such thing", "Такого в записях нет"),
    405: Words("This address only reads", "Этот адрес только для чтения"),
    503: Words("Not now", "Не сейчас"),
    507: Words("There is no room", "Нет места"),
    500: Words("A fault of the program", "Ошибка программы"),
}
