"""A citation: kept by the button in the foot of a page, shown with what the record says of it today."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from typing import Any
from typing import Final
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http import HttpResponse
from django.http import HttpResponseRedirect
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import activate
from django.utils.translation import get_language
from django.utils.translation import get_language_from_path
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from detente.record.registers import Words
from detente.rendering.data import as_json
from detente.web.chosen import Chosen
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.chosen import choose
from detente.web.citations.cited import Cited
from detente.web.citations.cited import read_page
from detente.web.citations.models import Citation
from detente.web.citations.shelf import find
from detente.web.citations.shelf import keep
from detente.web.citations.shelf import refuse_if_read_only
from detente.web.citations.wording import bibtex
from detente.web.citations.wording import csl
from detente.web.citations.wording import line
from detente.web.faults import no_writing
from detente.web.frame import frame
from detente.web.links import Links
from detente.web.origin import from_this_site
from detente.web.page import KEEP
from detente.web.page import Page
from detente.web.page import today

__all__ = ["CitationAnswer", "citation", "citation_file", "keep_citation"]

VERSION: Final = 1


class CitationAnswer(msgspec.Struct, kw_only=True):
    """A page as it was cited, and how the record reads it today."""

    version: int = VERSION
    code: str
    title: Words
    address: str
    """The page, with everything that was chosen."""
    permanent: str
    """The short address of the citation itself."""
    kept_at: datetime
    stamp: str
    sha256: str
    reads: str
    """`same`: the record read today gives the same answer; `otherwise`: another; `unreadable`: it has no such page."""
    stamp_today: str
    sha256_today: str
    line: Words


# Nobody is logged in and no cookie is set; what is checked instead is said in origin.py.
@csrf_exempt
def keep_citation(request: HttpRequest) -> HttpResponse:
    """Keep the page that the form names and send the reader to its citation."""
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(Links(Chosen(on=today()), _language()).to("help") + "#cite")
    if request.method != "POST":
        response = no_writing(request)
        response["Allow"] = "POST"
        return response
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig("more than an address was sent")
    address = str(request.POST.get("address", "")).strip()
    activate(get_language_from_path(_path(address)) or _language())
    refuse_if_read_only()
    if not from_this_site(request):
        raise _foreign()
    page = read_page(address, request.get_host())
    kept = keep(page, datetime.now(UTC))
    with override(page.language):
        response = HttpResponseRedirect(reverse("citation", kwargs={"code": kept.code}))
    response.status_code = 303
    return response


def _path(address: str) -> str:
    """Return the path of an address, or nothing where it is none."""
    try:
        return urlsplit(address[:200]).path
    except ValueError:
        return ""


def citation(request: HttpRequest, code: str, form: str = "html") -> HttpResponse:
    """Return the page of a citation, or its data."""
    refuse_if_read_only()
    kept = find(code)
    answer = _answer(request, kept)
    if form == "json":
        return _kept(HttpResponse(as_json(answer), content_type="application/json; charset=utf-8"))
    language = _language()
    links = Links(_chosen(kept), language)
    page = Page(template="citation.html", title=answer.title, answer=answer, stamp=kept.stamp)
    context: dict[str, Any] = {
        **frame(request, links),
        "kept": {},
        "page": page,
        "stamp": kept.stamp,
        "answer": answer,
        "line": answer.line.get(language),
        "bibtex": _bibtex(request, kept),
        "files": [(name, reverse("citation.file", kwargs={"code": kept.code, "name": name})) for name in _FILES],
    }
    return _kept(render(request, "citation.html", context))


def citation_file(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Return a citation as a file that reference managers read."""
    refuse_if_read_only()
    kept = find(code)
    if name == "bib":
        return _kept(HttpResponse(_bibtex(request, kept), content_type="application/x-bibtex; charset=utf-8"))
    entry = csl(kept.code, kept.title_en, kept.stamp, kept.sha256, kept.made_at.date(), _permanent(request, kept))
    return _kept(HttpResponse(as_json(entry), content_type="application/vnd.citationstyles.csl+json"))


def _language() -> str:
    return "ru" if get_language() == "ru" else "en"


_FILES = ("bib", "csl.json")


def _kept(response: HttpResponse) -> HttpResponse:
    """Mark what stays true as long as the record: a citation is never changed."""
    setattr(response, KEEP, True)
    return response


def _answer(request: HttpRequest, kept: Citation) -> CitationAnswer:
    now = _today(request, kept)
    reads = "unreadable" if now is None else "same" if now.sha256 == kept.sha256 else "otherwise"
    title = Words(kept.title_en, kept.title_ru)
    permanent = _permanent(request, kept)
    return CitationAnswer(
        code=kept.code,
        title=title,
        address=request.build_absolute_uri(kept.address),
        permanent=permanent,
        kept_at=kept.made_at,
        stamp=kept.stamp,
        sha256=kept.sha256,
        reads=reads,
        stamp_today=now.stamp if now else "",
        sha256_today=now.sha256 if now else "",
        line=line(title, kept.stamp, kept.made_at.date(), permanent),
    )


def _today(request: HttpRequest, kept: Citation) -> Cited | None:
    try:
        return read_page(kept.address, request.get_host())
    except FaultyRequest:
        return None


def _permanent(request: HttpRequest, kept: Citation) -> str:
    return request.build_absolute_uri(reverse("citation", kwargs={"code": kept.code}))


def _bibtex(request: HttpRequest, kept: Citation) -> str:
    return bibtex(kept.code, kept.title_en, kept.stamp, kept.sha256, kept.made_at.date(), _permanent(request, kept))


def _chosen(kept: Citation) -> Chosen:
    """Return the choice of the page that was cited, so that every link of the citation keeps it."""
    try:
        return choose(QueryDict(kept.query).dict(), today())
    except FaultyRequest:
        return Chosen(on=today())


def _foreign() -> FaultyRequest:
    what = Words("The form was sent from another site.", "Форма отправлена с другого сайта.")
    remedy = Words(
        "Open the page here and use the button in its foot.", "Откройте страницу здесь и нажмите кнопку внизу."
    )
    return FaultyRequest([Fault("", "", what, remedy)], status=403)
