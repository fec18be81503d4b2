"""Links: every address of the web face, with the reader's choice added to it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from functools import lru_cache
from urllib.parse import quote
from urllib.parse import urlencode

from django.urls import get_script_prefix
from django.urls import reverse
from django.utils.translation import override
from markupsafe import Markup
from markupsafe import escape

from detente.web.chosen import Chosen
from detente.web.pages.accounts import Saying

__all__ = ["Links"]

_MARK = "ID"


@cache
def _pattern(root: str, language: str, name: str, one: bool) -> str:
    """Return the address of a page with a mark for the id: reversing hundreds of links a page would be most of it."""
    with override(language):
        return reverse(name, kwargs={"id": _MARK} if one else None)


@cache
def _pattern_of_two(root: str, language: str) -> str:
    """Return the address of two parties compared, with a mark for each."""
    with override(language):
        return reverse("pair", kwargs={"a": _MARK, "b": _MARK})


@cache
def _pattern_of_article(root: str, language: str) -> str:
    """Return the address of an article, with a mark for the instrument and one for the article."""
    with override(language):
        return reverse("article", kwargs={"id": _MARK, "article": _MARK})


@lru_cache(maxsize=50_000)
def _quoted(id: str) -> str:
    return quote(id, safe="/()@:,~")


@lru_cache(maxsize=20_000)
def _statement(root: str, language: str, id: str) -> tuple[str, str]:
    """Return the link of a statement as text before and after the choice: a day shows hundreds of them."""
    address = _pattern(root, language, "statement", True).replace(_MARK, _quoted(id), 1)
    return f'<a href="{escape(address)}', f'">{escape(id)}</a>'


@lru_cache(maxsize=20_000)
def _saying(root: str, language: str, saying: Saying) -> tuple[str, str]:
    """Return a saying as text before and after the choice in its link."""
    address = _pattern(root, language, "statement", True).replace(_MARK, _quoted(saying.statement), 1)
    act = f' <span class="act">{escape(saying.act)}</span>' if saying.act else ""
    return (
        f'<li><a class="date" href="{escape(address)}',
        f'">{escape(saying.on)}</a>{act} {escape(saying.text)}</li>',
    )


class Links:
    """The addresses of pages in one language, for one choice."""

    def __init__(self, chosen: Chosen, language: str) -> None:
        self.chosen = chosen
        self.language = language
        self._root = get_script_prefix()
        self._query = f"?{chosen.query()}"
        self._asked = str(escape(self._query))
        self._known: dict[tuple[str, str], str] = {}

    def to(self, page: str, id: str = "", form: str = "", **more: str) -> str:
        """Return the address of a page, or of one thing on it; `form` is `json`, `csv`, `ics` or `atom`.

        Further parameters, such as a filter, are added to those of the choice.
        """
        if not form and not more:
            key = (page, id)
            if key not in self._known:
                self._known[key] = self._address(page, id) + self._query
            return self._known[key]
        path = self._address(page, id)
        if form:
            path = (path.rstrip("/") if path.strip("/") != self.language else f"{path}day") + f".{form}"
        return path + self._query + (f"&{urlencode(more)}" if more else "")

    def _address(self, page: str, id: str) -> str:
        pattern = _pattern(self._root, self.language, page, bool(id))
        return pattern.replace(_MARK, _quoted(id), 1) if id else pattern

    def statements(self, ids: Iterable[str]) -> Markup:
        """Return the links of some statements, by their ids."""
        parts = (_statement(self._root, self.language, id) for id in ids)
        return Markup(", ".join([f"{before}{self._asked}{after}" for before, after in parts]))

    def sayings(self, said: Iterable[Saying]) -> Markup:
        """Return what an author says as the lines of a list, each with the link of its statement."""
        parts = (_saying(self._root, self.language, saying) for saying in said)
        return Markup("\n".join([f"{before}{self._asked}{after}" for before, after in parts]))

    def pair(self, a: str, b: str, form: str = "") -> str:
        """Return the address of two parties compared."""
        before, between, after = _pattern_of_two(self._root, self.language).split(_MARK)
        path = f"{before}{_quoted(a)}{between}{_quoted(b)}{after}"
        return (f"{path.rstrip('/')}.{form}" if form else path) + self._query

    def article(self, instrument: str, article: str, **more: str) -> str:
        """Return the address of an article of an instrument."""
        path = _pattern_of_article(self._root, self.language)
        for name in (instrument, article):
            path = path.replace(_MARK, _quoted(name), 1)
        return path + self._query + (f"&{urlencode(more)}" if more else "")

    def agenda(self, a: str, b: str) -> str:
        """Return the address of the agenda of two parties on the chosen day."""
        return self.changed(self._address("day", ""), {}, between=(a, b))

    def changed(self, path: str, extra: dict[str, str], **changes: object) -> str:
        """Return the address of the same page under another choice."""
        return f"{path}?{urlencode({**self.chosen.parameters(**changes), **extra}, safe=',')}"

    def in_language(self, path: str, query: str, language: str) -> str:
        """Return the address of the same page in another language."""
        root = self._root
        prefix = f"{root}{self.language}/"
        rest = path.removeprefix(prefix) if path.startswith(prefix) else ""
        return f"{root}{language}/{rest}" + (f"?{query}" if query else "")
