"""The news as a feed: the statements that became known last, as Atom (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC
from datetime import date
from datetime import datetime
from io import BytesIO
from typing import Final

from django.utils.feedgenerator import Atom1Feed

from detente.reading.browse import Statement
from detente.record.dates import span
from detente.web.page import Ask
from detente.web.pages.lines import Line
from detente.web.pages.lines import lines

__all__ = ["news_feed"]

_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold, and a spreadsheet may leave in a cell."""


class _Feed(Atom1Feed):
    """An Atom feed that was last moved when its newest entry became known; an empty one, on the day that is read."""

    def latest_post_date(self) -> datetime:
        """Return when the feed was last moved: never the moment at which it is asked for."""
        moved: list[datetime] = [item["updateddate"] for item in self.items]
        return max(moved, default=self.feed["empty_since"])


def news_feed(ask: Ask, page: str, statements: Iterable[Statement], title: str, subtitle: str) -> bytes:
    """Return statements as a feed; an entry's id is the address of the statement, whatever the reader's choice."""
    stated = "on" in ask.request.GET
    web = ask.request.build_absolute_uri
    language = ask.language
    here = ask.links.to(page).split("?")[0]
    rows = list(statements)
    feed = _Feed(
        title=_clean(title),
        link=web(here),
        description=None,
        subtitle=_clean(subtitle),
        language=language,
        feed_url=web(),
        feed_guid=web(here),
        author_name="Détente",
        empty_since=_midnight(ask.chosen.on),
    )
    for row, line in zip(rows, lines(ask, rows), strict=True):
        lasting = line.address.split("?")[0]
        feed.add_item(
            title=_clean(_title(line)),
            link=web(line.address if stated else lasting),
            description=_clean(_summary(line)),
            unique_id=web(lasting),
            author_name=_clean(line.author),
            updateddate=_midnight(span(row.known).last),
            categories=_categories(row),
        )
    written = BytesIO()
    feed.write(written, "utf-8")
    return written.getvalue()


def _title(line: Line) -> str:
    what = f"{line.kind} ({line.verb})" if line.verb else line.kind
    about = "; ".join(text for text, _ in line.subject)
    return f"{line.author}: {what}" + (f" — {about}" if about else "")


def _summary(line: Line) -> str:
    source = f"{line.publisher} ({line.tier})" if line.publisher else line.tier
    return ". ".join(part.rstrip(".") for part in (line.on, line.text, line.value, source) if part) + "."


def _categories(row: Statement) -> list[str]:
    return [code for code in (row.kind, row.issue, row.instrument) if code]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub(" ", text)
