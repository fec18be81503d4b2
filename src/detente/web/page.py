"""A page: one answer, and its renderings as HTML, JSON, CSV, iCalendar and Atom."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest
from django.http import HttpResponse
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language

from detente.errors import DetenteError
from detente.reading import Reading
from detente.record.registers import Words
from detente.rendering.data import as_csv
from detente.rendering.data import as_json
from detente.web.chosen import LONGEST
from detente.web.chosen import NAMES
from detente.web.chosen import Chosen
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.chosen import choose
from detente.web.desk import Desk
from detente.web.desk import desk
from detente.web.frame import CITABLE
from detente.web.frame import frame
from detente.web.links import Links

__all__ = ["KEEP", "Ask", "Page", "missing", "today", "view_of"]

KEEP = "detente_keep"
"""The attribute of a response that stays true as long as the record: such pages are kept."""


def today() -> date:
    """Return the day in UTC: one clock for every reader."""
    return datetime.now(UTC).date()


class Ask:
    """A request understood: what was chosen, in which language, and the reading that answers it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.desk: Desk = desk()
        self.language = "ru" if get_language() == "ru" else "en"
        given = request.GET.dict()
        self.more = {k: v for k, v in given.items() if k not in NAMES and v}
        self.chosen: Chosen = self.desk.settled(choose(given, today()))
        self.links = Links(self.chosen, self.language)

    @property
    def reading(self) -> Reading:
        """The record on the chosen day, as known on the chosen day, according to the chosen author."""
        return self.desk.reading(self.chosen)

    @property
    def neutral(self) -> Reading:
        """The same with every author's reading."""
        return self.desk.reading(msgspec.structs.replace(self.chosen, according_to=""))

    def parameter(self, name: str) -> str:
        """Return a further parameter of the page, such as a filter; "" where there is none."""
        return self.more.get(name, "").strip().replace("\x00", "")

    def canonical(self) -> str | None:
        """Return the address that states the choice in full, where the one that was asked for does not."""
        wanted = {**self.chosen.parameters(), **self.more}
        if wanted == self.request.GET.dict():
            return None
        return f"{self.request.path}?{urlencode(wanted, safe=',')}"


class Page(msgspec.Struct, kw_only=True):
    """What a view returns: finished values for the template, and the answer that every rendering comes from."""

    template: str
    title: Words
    answer: msgspec.Struct
    context: dict[str, Any] = {}
    rows: Sequence[msgspec.Struct] | None = None
    """The rows of a list, where it is offered as CSV."""
    table: Callable[[], str] | None = None
    """The same, written as CSV only when it is asked for: a list of many thousand rows."""
    calendar: Callable[[str], str] | None = None
    """The days on the page as iCalendar, in a language."""
    feed: Callable[[str], bytes] | None = None
    """News as Atom, in a language."""
    stamp: str = ""
    status: int = 200

    def forms(self) -> list[str]:
        """Return the renderings beside HTML."""
        found = ["json"]
        found += ["csv"] if self.rows is not None or self.table else []
        found += ["ics"] if self.calendar else []
        found += ["atom"] if self.feed else []
        return found


def missing(what: Words, remedy: Words, parameter: str = "", given: str = "") -> FaultyRequest:
    """Return the refusal of a request for something that the record does not hold."""
    return FaultyRequest([Fault(parameter, given[:LONGEST], what, remedy)], status=404)


def view_of(make: Callable[..., Page]) -> Callable[..., HttpResponse]:
    """Return the Django view of a page: it states the whole choice in the address, and serves every form."""

    def view(request: HttpRequest, form: str = "html", **names: str) -> HttpResponse:
        ask = Ask(request)
        if form == "html" and (address := ask.canonical()):
            return HttpResponseRedirect(address)
        try:
            page = make(ask, **names)
        except DetenteError as fault:
            raise missing(Words(fault.what, fault.what), Words(fault.remedy, fault.remedy)) from fault
        response = _rendered(request, ask, page, form)
        setattr(response, KEEP, "on" in request.GET)
        return response

    view.__name__ = make.__name__
    view.__doc__ = make.__doc__
    setattr(view, CITABLE, make)
    return view


def _rendered(request: HttpRequest, ask: Ask, page: Page, form: str) -> HttpResponse:
    if form == "html":
        return _html(request, ask, page)
    if form == "json":
        return HttpResponse(as_json(page.answer), content_type="application/json; charset=utf-8")
    if form == "csv" and page.table:
        return _download(page.table(), "text/csv; charset=utf-8", request.path)
    if form == "csv" and page.rows is not None:
        text = as_csv(page.rows, page.stamp or ask.reading.stamp, ask.language)
        return _download(text, "text/csv; charset=utf-8", request.path)
    if form == "ics" and page.calendar:
        return _download(page.calendar(ask.language), "text/calendar; charset=utf-8", request.path)
    if form == "atom" and page.feed:
        return HttpResponse(page.feed(ask.language), content_type="application/atom+xml; charset=utf-8")
    offered = ", ".join(page.forms())
    raise missing(
        Words(f"This page is not offered as .{form}.", f"Эта страница не предлагается в виде .{form}."),
        Words(f"It is offered as: {offered}.", f"Предлагаются: {offered}."),
    )


def _download(text: str, kind: str, path: str) -> HttpResponse:
    name = path.strip("/").replace("/", "-")
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="detente-{name.encode("ascii", "replace").decode()}"'
    return response


def _html(request: HttpRequest, ask: Ask, page: Page) -> HttpResponse:
    context = {
        **frame(request, ask.links),
        **page.context,
        "ask": ask,
        "page": page,
        "stamp": page.stamp or ask.reading.stamp,
    }
    return render(request, page.template, context, status=page.status)
