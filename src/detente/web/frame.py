"""The frame around every page: navigation, the reader's choice as a form, the other language, the foot."""

from __future__ import annotations

from functools import cache
from typing import Any
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from detente.web.chosen import NAMES
from detente.web.desk import desk
from detente.web.links import Links

__all__ = ["CITABLE", "LONGEST_ADDRESS", "NAVIGATION", "frame"]

LONGEST_ADDRESS: Final = 2000
"""An address of more characters is not kept as a citation."""

CITABLE: Final = "detente_makes"
"""The attribute of a view that holds the function making its page: such a page can be kept as a citation."""

NAVIGATION: Final = (
    ("day", gettext_lazy("Day")),
    ("instruments", gettext_lazy("Instruments")),
    ("parties", gettext_lazy("Parties")),
    ("forums", gettext_lazy("Forums")),
    ("due", gettext_lazy("Due")),
    ("compare", gettext_lazy("Compare")),
    ("claims", gettext_lazy("Claims")),
    ("issues", gettext_lazy("Issues")),
    ("statements", gettext_lazy("Statements")),
    ("sources", gettext_lazy("Sources")),
    ("problems", gettext_lazy("Problems")),
    ("help", gettext_lazy("Help")),
)
"""The pages that every page leads to, by the name of their address."""

_WITHIN: Final = {
    "instrument": "instruments", "article": "instruments", "party": "parties", "pair": "parties", "forum": "forums",
    "claim": "claims", "issue": "issues", "statement": "statements", "source": "sources", "computed": "day",
}  # fmt: skip
"""The page of the navigation under which a page stands that is not in it."""


def frame(request: HttpRequest, links: Links) -> dict[str, Any]:
    """Return what the frame of a page is drawn from."""
    other = "en" if links.language == "ru" else "ru"
    match = request.resolver_match
    name = (match.url_name or "").removesuffix(".data") if match else ""
    query = request.META.get("QUERY_STRING", "")
    here = escape_uri_path(request.path)
    return {
        "navigation": [(page, gettext(str(text))) for page, text in NAVIGATION],
        "section": _WITHIN.get(name, name),
        "problems": _serious(),
        "other": other,
        "in_other": links.in_language(here, query if len(query) < 2000 else "", other),
        "kept": {k: v for k, v in request.GET.items() if k not in NAMES and v and len(v) < 200 and k != "page"},
        "party_list": _party_list(links.language),
        "data_address": lambda form: _data_address(request, links, form, query),
        "cite_at": "" if settings.READ_ONLY else reverse("cite"),
        "cite_address": _cited(request),
        "here": here,
        "links": links,
        "chosen": links.chosen,
        "language": links.language,
    }


def _cited(request: HttpRequest) -> str:
    """Return the address under which the page can be kept; nothing where it cannot."""
    address = request.get_full_path()
    match = request.resolver_match
    return address if match and hasattr(match.func, CITABLE) and len(address) <= LONGEST_ADDRESS else ""


_OF_A_DAY: Final = ("on", "known_by", "page")


def _data_address(request: HttpRequest, links: Links, form: str, query: str) -> str:
    path = request.path.rstrip("/")
    front = path == links.to("day").split("?")[0].rstrip("/")
    if form == "atom":
        # News move on: whoever subscribes follows today, whatever day the page is about.
        news = urlencode({k: v for k, v in request.GET.items() if k not in _OF_A_DAY and len(v) < 200}, safe=",")
        return f"{path}.atom?{news}" if news else f"{path}.atom"
    return f"{path}/day.{form}?{query}" if front else f"{path}.{form}?{query}"


@cache
def _serious() -> int:
    """Return how many problems are more than a note."""
    return sum(problem.severity != "note" for problem in desk().casebook.problems)


@cache
def _party_list(language: str) -> Markup:
    """Return the parties for the fields that take one; the same for every page, and long."""
    parties = sorted(desk().registers.parties.values(), key=lambda p: p.name.get(language))
    options = (Markup('<option value="{}">{}</option>').format(p.id, p.name.get(language)) for p in parties)
    return Markup('<datalist id="parties">{}</datalist>').format(Markup("").join(options))
