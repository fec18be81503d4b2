"""What search engines are asked: to stay away, or, where the operator lets them in, from what has no end."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http import HttpResponse

__all__ = ["robots"]

_AWAY: Final = "User-agent: *\nDisallow: /\n"

_WELCOME: Final = """\
User-agent: *
Crawl-delay: 10
Disallow: /api/
Disallow: /cite/
Disallow: /*/citations/
Disallow: /*/computed/
Disallow: /*/compare/
Disallow: /*.json
Disallow: /*.csv
Disallow: /*.ics
Disallow: /*?*known_by=
Disallow: /*?*according_to=
Disallow: /*?*between=
Disallow: /*?*horizon=
Disallow: /*?*open=
Disallow: /*?*page=
"""
"""Every page has as many addresses as there are days and choices: a machine that followed them all would not end."""


def robots(request: HttpRequest) -> HttpResponse:
    """Return what robots are asked."""
    return HttpResponse(_WELCOME if settings.ROBOTS else _AWAY, content_type="text/plain; charset=utf-8")
