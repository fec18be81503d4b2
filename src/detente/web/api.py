"""The API: the same questions as the commands, answered byte for byte alike; it reads and never writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from threading import BoundedSemaphore
from typing import Final

from django.http import HttpRequest
from django.http import HttpResponse
from django.urls import URLPattern
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from detente.errors import DetenteError
from detente.record.registers import Words
from detente.rendering.data import as_json
from detente.web.chosen import LONGEST
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.chosen import too_long
from detente.web.desk import Desk
from detente.web.desk import desk
from detente.web.endpoints import ENDPOINTS
from detente.web.faults import refusal
from detente.web.openapi import openapi_json
from detente.web.page import KEEP
from detente.web.page import missing
from detente.web.page import today
from detente.web.pages.api import api_page
from detente.web.questions import Call
from detente.web.questions import Endpoint

__all__ = ["addresses", "for_reading", "last_counted_day", "understood"]

_METHODS: Final = ("GET", "HEAD")
_JSON: Final = "application/json; charset=utf-8"

_ONE_AT_A_TIME = BoundedSemaphore(1)
_PATIENCE: Final = 2.0
"""Seconds that a heavy question waits for another; then the reader is asked to come again, and pages stay quick."""

_YEARS_AHEAD: Final = 10


def addresses() -> list[URLPattern]:
    """Return every address under `/api/`."""
    questions = [path(f"api/{e.name}", _view(e), name=f"api.{e.name}") for e in ENDPOINTS]
    return [path("api/", api_page, name="api"), path("api/openapi.json", _document, name="api.openapi"), *questions]


def for_reading(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return a view that only reads: GET and HEAD, from any site; every refusal is a problem document."""

    def reading(request: HttpRequest) -> HttpResponse:
        try:
            if request.method not in _METHODS:
                raise _not_allowed(request.method or "")
            response = view(request)
        except FaultyRequest as fault:
            response = refusal(request, fault)
            if fault.status == 405:
                response["Allow"] = ", ".join(_METHODS)
            if fault.status == 503:
                response["Retry-After"] = "5"
        # Anyone may read: there is no cookie and no login that another site could borrow.
        response["Access-Control-Allow-Origin"] = "*"
        response["Content-Language"] = "en, ru"
        return response

    # There is nothing to forge: what is not GET or HEAD is refused with the methods that are allowed.
    return csrf_exempt(reading)


def _view(endpoint: Endpoint) -> Callable[[HttpRequest], HttpResponse]:
    @for_reading
    def question(request: HttpRequest) -> HttpResponse:
        call = understood(endpoint, request, desk(), today())
        response = HttpResponse(as_json_of(endpoint, call), content_type=_JSON)
        fixed = "on" in call.given or not any(p.name == "on" for p in endpoint.parameters)
        setattr(response, KEEP, fixed)
        return response

    return question


@for_reading
def _document(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(openapi_json(), content_type=_JSON)
    setattr(response, KEEP, True)
    return response


def as_json_of(endpoint: Endpoint, call: Call) -> str:
    """Return the answer as the command of the same name prints it."""
    if endpoint.heavy and not _ONE_AT_A_TIME.acquire(timeout=_PATIENCE):
        raise _busy()
    try:
        return as_json(endpoint.make(call))
    except DetenteError as fault:
        raise missing(Words(fault.what, fault.what), Words(fault.remedy, fault.remedy)) from fault
    finally:
        if endpoint.heavy:
            _ONE_AT_A_TIME.release()


def understood(endpoint: Endpoint, request: HttpRequest, desk: Desk, today: date) -> Call:
    """Return the call that a request makes; raise FaultyRequest that names every fault in it.

    Values of the wrong form are named first (400); with all in form, every name that the record does not hold (404).
    """
    given, faults = _given(endpoint, request)
    if faults:
        raise FaultyRequest(faults)
    call = Call(desk, given, today)
    if endpoint.yearly and call.on > last_counted_day(today):
        raise FaultyRequest([_too_far(call.on, last_counted_day(today))])
    unknown = _unknown(endpoint, call)
    if unknown:
        raise FaultyRequest(unknown, status=404)
    if "between" in given and len({call.neutral.party(name) for name in call.pair}) == 1:
        raise FaultyRequest([_one_party(given["between"], call.on)])
    return call


def last_counted_day(today: date) -> date:
    """Return the last day of questions that count year by year: each year is the work of a reading."""
    return date(today.year + _YEARS_AHEAD, 12, 31)


def _given(endpoint: Endpoint, request: HttpRequest) -> tuple[dict[str, str], list[Fault]]:
    known = {parameter.name: parameter for parameter in endpoint.parameters}
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for name, values in request.GET.lists():
        if name not in known:
            faults.append(_no_parameter(name, list(known)))
        elif len(values) > 1:
            faults.append(_twice(name, len(values)))
        elif len(values[0]) > LONGEST:
            faults.append(too_long(name, values[0]))
        elif not known[name].kind.fits(values[0]):
            faults.append(Fault(name, values[0], *known[name].kind.misfit(values[0])))
        else:
            found[name] = values[0]
    named = set(request.GET)
    faults += [_needs(p.name, p.examples[0]) for p in endpoint.parameters if p.required and p.name not in named]
    return found, faults


def _unknown(endpoint: Endpoint, call: Call) -> list[Fault]:
    faults = []
    for parameter in endpoint.parameters:
        text = call.given.get(parameter.name)
        said = parameter.kind.missing(call.neutral, text) if text else None
        if text and said:
            faults.append(Fault(parameter.name, text, *said))
    return faults


def _no_parameter(name: str, known: list[str]) -> Fault:
    shown = name[:60]
    near = get_close_matches(name[:60], known, 1)
    names = ", ".join(known) or "-"
    return Fault(
        shown, "",
        Words(f"There is no parameter “{shown}”.", f"Параметра «{shown}» нет."),
        Words(f"Did you mean {near[0]}?", f"Возможно, {near[0]}?") if near
        else Words(f"Those of this question: {names}.", f"Параметры этого запроса: {names}."),
    )  # fmt: skip


def _twice(name: str, times: int) -> Fault:
    what = Words(f"“{name}” is given {times} times.", f"«{name}» указан несколько раз ({times}).")
    return Fault(name, "", what, Words("Give it once.", "Укажите его один раз."))


def _needs(name: str, example: str) -> Fault:
    what = Words(f"“{name}” is missing.", f"Не указан «{name}».")
    return Fault(
        name, "", what, Words(f"Write, for example, {name}={example}.", f"Напишите, например, {name}={example}.")
    )


def _too_far(on: date, last: date) -> Fault:
    what = Words(f"{on} lies too far ahead to count every year until then.",
                 f"{on} — слишком далеко, чтобы считать каждый год до этого дня.")  # fmt: skip
    return Fault("on", on.isoformat(), what, Words(f"Choose a day until {last}.", f"Выберите день не позже {last}."))


def _one_party(between: str, on: date) -> Fault:
    what = Words(f"“{between}” names one party twice on {on}.", f"В «{between}» на {on} дважды названа одна сторона.")
    return Fault("between", between, what, Words("Name two, for example USA,RUS.", "Назовите две, например USA,RUS."))


def _not_allowed(method: str) -> FaultyRequest:
    what = Words(f"{method[:20]} is not answered here: this only reads.",
                 f"На {method[:20]} здесь нет ответа: можно только читать.")  # fmt: skip
    return FaultyRequest([Fault("", "", what, Words("Use GET.", "Используйте GET."))], status=405)


def _busy() -> FaultyRequest:
    what = Words("Another question of this size is being computed.", "Вычисляется другой запрос такого же объёма.")
    remedy = Words("Ask again in a few seconds.", "Повторите через несколько секунд.")
    return FaultyRequest([Fault("", "", what, remedy)], status=503)
