"""The template engine: Jinja2 with gettext, escaping on; pages get finished values and decide nothing."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any

from cachetools import LRUCache
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext
from django.utils.translation import ngettext
from django.utils.translation import npgettext
from django.utils.translation import pgettext
from django_htmx.jinja import htmx_script
from jinja2 import Environment
from jinja2 import StrictUndefined
from jinja2 import pass_context
from jinja2 import pass_environment
from jinja2.runtime import Context
from markupsafe import Markup

from detente.consultation.forums import STATE_WORDS as FORUM_WORDS
from detente.consultation.item import SECTIONS
from detente.instruments.standings import STANDING_WORDS
from detente.obligations.finding import REASONS
from detente.obligations.finding import STATE_WORDS
from detente.record.registers import Words
from detente.rendering.kinds import DUE_KINDS
from detente.rendering.kinds import FORUM_KINDS
from detente.rendering.kinds import OBLIGATION_KINDS
from detente.rendering.kinds import PARTY_KINDS
from detente.rendering.labels import ACT_WORDS
from detente.rendering.labels import LEVELS
from detente.rendering.labels import MINISTRIES
from detente.rendering.labels import SOURCE_WORDS
from detente.web.desk import desk

__all__ = ["environment"]

_WORDS: dict[str, dict[str, Words]] = {
    "state": STATE_WORDS, "standing": STANDING_WORDS, "forum": FORUM_WORDS, "reason": REASONS,
    "section": SECTIONS, "level": LEVELS, "ministry": MINISTRIES, "source": SOURCE_WORDS, "act": ACT_WORDS,
    "party-kind": PARTY_KINDS, "forum-kind": FORUM_KINDS, "due": DUE_KINDS, "obligation": OBLIGATION_KINDS,
}  # fmt: skip


def environment(**options: Any) -> Environment:  # noqa: ANN401 - what Django hands over
    """Return the engine; a name that a template does not know is an error, not an empty place."""
    options["undefined"] = StrictUndefined
    found = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options)
    found.install_gettext_callables(  # type: ignore[attr-defined]
        _text, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    found.globals.update(static=static, htmx_script=htmx_script, once=_once)
    found.filters.update(
        days=_days,
        moment=_moment,
        say=_say,
        word=_word,
        party=_party,
        issue=_issue,
        instrument=_instrument,
        forum=_forum,
        topic=_topic,
    )
    return found


_ONCE: LRUCache[tuple[object, ...], Markup] = LRUCache(64)
_LOCK = Lock()


@pass_environment
def _once(environment: Environment, name: str, key: Hashable, **values: object) -> Markup:
    """Return a part of a page that is the same wherever the key is: it is drawn once in each language."""
    whole = (name, get_language(), key)
    with _LOCK:
        found = _ONCE.get(whole)
    if found is None:
        text = environment.get_template(name).render(values)
        found = Markup(text.removesuffix("\n"))
        with _LOCK:
            _ONCE[whole] = found
    return found


def _text(message: str) -> str:
    """Return a message in the language of the request; a page asks for the same few hundreds of times."""
    return _translated(get_language() or "en", message)


@lru_cache(maxsize=5000)
def _translated(language: str, message: str) -> str:
    return gettext(message)


def _days(days: int | None) -> str:
    """Return how far a day lies from the chosen one, in days: those to come are positive."""
    return "" if days is None else _distance(get_language() or "en", days)


@lru_cache(maxsize=20_000)
def _distance(language: str, days: int) -> str:
    if days > 0:
        return ngettext("in %(num)s day", "in %(num)s days", days) % {"num": days}
    if days == 0:
        return gettext("today")
    return ngettext("%(num)s day ago", "%(num)s days ago", -days) % {"num": -days}


@lru_cache(maxsize=50_000)
def _moment(day: date | str | None) -> Markup:
    """Return a day as a mark that programs can read; nothing where there is none."""
    return Markup('<time datetime="{}">{}</time>').format(day, day) if day else Markup("")


@pass_context
def _say(context: Context, words: Words) -> str:
    """Return a text in the language of the page."""
    return words.get(context["language"])


@pass_context
def _word(context: Context, code: str, of: str) -> str:
    """Return a code in words: `"met" | word("state")`; a code without words stays as it is."""
    words = _WORDS[of].get(code)
    return words.get(context["language"]) if words else code


@pass_context
def _party(context: Context, id: str) -> str:
    entry = desk().registers.parties.get(id)
    return entry.name.get(context["language"]) if entry else id


@pass_context
def _issue(context: Context, id: str) -> str:
    entry = desk().registers.issues.get(id)
    return entry.title.get(context["language"]) if entry else id


@pass_context
def _topic(context: Context, id: str) -> str:
    return desk().registers.topic(id).get(context["language"])


@pass_context
def _instrument(context: Context, id: str) -> str:
    entry = desk().casebook.instruments.get(id)
    return entry.short.get(context["language"]) if entry else id


@pass_context
def _forum(context: Context, id: str) -> str:
    entry = desk().registers.forums.get(id)
    return entry.title.get(context["language"]) if entry else id
