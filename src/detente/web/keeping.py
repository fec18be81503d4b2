"""Pages seen before: a finished page is a pure function of its address and the record, so that it can be kept."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from threading import Lock
from typing import Final

from cachetools import LRUCache
from django.http import HttpRequest
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.cache import patch_vary_headers

from detente.web.page import KEEP

__all__ = ["KeepingMiddleware"]

_MOST_BYTES: Final = 48 * 1024 * 1024
_SMALL: Final = 1024
_TEXT: Final = ("text/", "application/json", "application/atom", "image/svg")
_FRESH: Final = "public, max-age=300"
"""A browser may show a page again for five minutes without asking; after that the tag tells whether it changed."""


class _Kept:
    """A finished page: its headers and its bytes, as they are and packed."""

    def __init__(self, response: HttpResponse) -> None:
        self.headers = dict(response.items())
        self.plain = response.content
        # The lightest packing: a page is made once and packed once, and a reader waits for both.
        self.packed = gzip.compress(self.plain, compresslevel=1, mtime=0) if len(self.plain) > _SMALL else b""
        self.tag = hashlib.sha256(self.plain).hexdigest()[:32]

    def __len__(self) -> int:
        return len(self.plain) + len(self.packed)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the page to a reader; 304 with no body to one who has it."""
        packs = bool(self.packed) and "gzip" in request.headers.get("Accept-Encoding", "")
        tag = f'"{self.tag}{"-gzip" if packs else ""}"'
        response = HttpResponse(self.packed if packs else self.plain, headers=self.headers)
        response["ETag"] = tag
        if packs:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
        return get_conditional_response(request, etag=tag, response=response) or response


class KeepingMiddleware:
    """Keeps the pages that stay true as long as the record, the least used going first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._kept: LRUCache[str, _Kept] = LRUCache(_MOST_BYTES, getsizeof=len)
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the page as it was made before, or make it and keep it."""
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        key = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}{request.get_full_path()}"
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            response = self.get_response(request)
            if not self._is_text(response):
                return response
            if not (getattr(response, KEEP, False) and response.status_code == 200):
                return response
            response["Cache-Control"] = _FRESH
            patch_vary_headers(response, ["Accept-Encoding"])
            kept = _Kept(response)
            if len(kept) < _MOST_BYTES // 8:
                with self._lock:
                    self._kept[key] = kept
        return kept.answer(request)

    @staticmethod
    def _is_text(response: HttpResponse) -> bool:
        return not response.streaming and response.get("Content-Type", "").startswith(_TEXT)
