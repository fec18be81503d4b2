"""Whether a form was sent from this site: asked of the browser's own word, so that no cookie is needed.

A token in a cookie protects those who are logged in from pages that act in their name.  Here nobody is logged
in, no cookie is set, and keeping a citation is the same act whoever does it: done twice it changes nothing, and it
is bounded in size and number.  What is left to prevent is that another site makes its visitors fill the shelf.
Every browser since 2020 says on a POST from where it comes, and a page cannot change what it says: Sec-Fetch-Site,
or else Origin.  What says neither is no browser, and gains nothing from a visitor that it could not do itself.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest

__all__ = ["from_this_site"]


def from_this_site(request: HttpRequest) -> bool:
    """Return whether a request was sent by a page of this site, or by no browser at all."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    # The scheme is not compared: a proxy in front may speak TLS while this server does not.
    return urlsplit(origin).netloc == request.get_host()
