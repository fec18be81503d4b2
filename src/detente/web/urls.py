"""Every address of the web face; each page has its data beside it, under the same name with a suffix."""

from __future__ import annotations

from collections.abc import Callable

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest
from django.http import HttpResponse
from django.http import HttpResponseRedirect
from django.urls import URLPattern
from django.urls import path
from django.urls import register_converter
from django.urls import reverse
from django.utils.translation import get_language_from_request
from django.utils.translation import override

from detente.web.api import addresses
from detente.web.page import Page
from detente.web.page import view_of
from detente.web.pages.article import article
from detente.web.pages.citation import citation
from detente.web.pages.citation import citation_file
from detente.web.pages.citation import keep_citation
from detente.web.pages.claims import claim
from detente.web.pages.claims import claims
from detente.web.pages.compare import compare
from detente.web.pages.computed import computed
from detente.web.pages.day import day
from detente.web.pages.due import due
from detente.web.pages.forum import forum
from detente.web.pages.forums import forums
from detente.web.pages.help import help_page
from detente.web.pages.instrument import instrument
from detente.web.pages.instruments import instruments
from detente.web.pages.issue import issue
from detente.web.pages.issues import issues
from detente.web.pages.pair import pair
from detente.web.pages.parties import parties
from detente.web.pages.parties import two_chosen
from detente.web.pages.party import party
from detente.web.pages.problems import problems
from detente.web.pages.source import source
from detente.web.pages.sources import sources
from detente.web.pages.statement import statement
from detente.web.pages.statements import statements
from detente.web.robots import robots

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]

handler400 = "detente.web.faults.not_understood"
handler404 = "detente.web.faults.unknown_address"
handler500 = "detente.web.faults.server_error"


class Form:
    """The suffix that asks for data."""

    regex = "json|csv|ics|atom"

    def to_python(self, value: str) -> str:
        """Return the suffix."""
        return value

    def to_url(self, value: str) -> str:
        """Return the suffix."""
        return value


class Kept(Form):
    """The suffix that asks for a citation as a file."""

    regex = r"bib|csl\.json"


class Code(Form):
    """The code of a citation."""

    regex = "[^/.]{1,40}"


register_converter(Form, "form")
register_converter(Kept, "kept")
register_converter(Code, "code")


def _page(address: str, make: Callable[..., Page], name: str) -> list[URLPattern]:
    """Return the two addresses of a page: to read, and with a suffix as data."""
    view = view_of(make)
    data = (address.rstrip("/") or "day") + ".<form:form>"
    return [path(data, view, name=f"{name}.data"), path(address, view, name=name)]


def _front(request: HttpRequest) -> HttpResponse:
    """Send a reader to the front page in the language that the browser asks for."""
    with override(get_language_from_request(request)):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(reverse("day") + (f"?{query}" if query else ""))


urlpatterns = [
    path("", _front, name="front"),
    *addresses(),
    path("cite/", keep_citation, name="cite"),
    path("robots.txt", robots, name="robots"),
    *i18n_patterns(
        path("citations/<code:code>.json", citation, {"form": "json"}, name="citation.data"),
        path("citations/<code:code>.<kept:name>", citation_file, name="citation.file"),
        path("citations/<code:code>/", citation, name="citation"),
        *_page("", day, "day"),
        *_page("instruments/", instruments, "instruments"),
        *_page("instruments/<str:id>/", instrument, "instrument"),
        *_page("instruments/<str:id>/articles/<path:article>/", article, "article"),
        *_page("parties/", parties, "parties"),
        path("parties/and/", two_chosen, name="pair.chosen"),
        *_page("parties/<str:id>/", party, "party"),
        *_page("parties/<str:a>/and/<str:b>/", pair, "pair"),
        *_page("forums/", forums, "forums"),
        *_page("forums/<str:id>/", forum, "forum"),
        *_page("due/", due, "due"),
        *_page("compare/", compare, "compare"),
        *_page("claims/", claims, "claims"),
        *_page("claims/<str:id>/", claim, "claim"),
        *_page("issues/", issues, "issues"),
        *_page("issues/<str:id>/", issue, "issue"),
        *_page("statements/", statements, "statements"),
        *_page("statements/<path:id>/", statement, "statement"),
        *_page("sources/", sources, "sources"),
        *_page("sources/<str:id>/", source, "source"),
        *_page("problems/", problems, "problems"),
        *_page("computed/<path:id>/", computed, "computed"),
        *_page("help/", help_page, "help"),
    ),
]
