"""Show: one statement, party, issue, instrument, forum or source, with what the record holds about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import polars as pl

from detente.errors import DetenteError
from detente.reading.answers import ShowAnswer
from detente.reading.evidence import evidence
from detente.reading.reading import Reading
from detente.record.registers import Words

__all__ = ["show"]

_MOST = 40


def show(reading: Reading, id: str) -> ShowAnswer:
    """Return what `id` names; statements first, then parties, issues, instruments, forums, sources."""
    for look in (_statement, _party, _issue, _instrument, _forum, _source):
        found = look(reading, id)
        if found:
            return found
    frame = reading.casebook.record.frame
    near = frame.filter(pl.col("id").str.contains(id.casefold(), literal=True))["id"].head(5).to_list()
    hint = (
        f"Did you mean {', '.join(near)}?" if near else "Give the id of a statement, party, issue, instrument or forum."
    )
    raise DetenteError(f"The record holds nothing named '{id}'.", hint)


def _answer(
    reading: Reading, id: str, what: str, title: Words, fields: dict[str, Any], related: pl.DataFrame
) -> ShowAnswer:
    ids = related.sort("on_last", "id", descending=[True, False])["id"].head(_MOST).to_list()
    return ShowAnswer(
        on=reading.on,
        known_by=reading.known_by,
        according_to=reading.according_to,
        stamp=reading.stamp,
        id=id,
        what=what,
        title=title,
        fields={k: v for k, v in fields.items() if v not in ("", None, [], (), {}, 0)},
        related=evidence(reading.casebook, ids),
    )


def _statement(reading: Reading, id: str) -> ShowAnswer | None:
    row = reading.casebook.record.statement(id)
    if row is None:
        return None
    hidden = ("file", "line", "count", "quantity")
    fields = {k: v for k, v in row.items() if k not in hidden and not k.endswith(("_first", "_last"))}
    # Under a name of its own: a meeting has a place as well.
    fields["file"] = reading.casebook.record.place(row)
    frame = reading.casebook.record.frame
    cited = pl.col("refs").str.split(";").list.contains(id) | (pl.col("corrects") == id)
    title = Words(str(row.get("en") or id), str(row.get("ru") or row.get("en") or id))
    return _answer(reading, id, str(row["kind"]), title, fields, frame.filter(cited))


def _entry(
    register: Callable[[Reading], dict[str, Any]], what: str, about: Callable[[str], pl.Expr]
) -> Callable[[Reading, str], ShowAnswer | None]:
    def look(reading: Reading, id: str) -> ShowAnswer | None:
        entries = register(reading)
        entry = entries.get(id) or entries.get(id.upper())
        if entry is None:
            return None
        fields = msgspec.to_builtins(entry)
        title = fields.pop("title", None) or fields.pop("name", None)
        words = Words(**title) if isinstance(title, dict) else Words(str(title), str(title))
        fields = {k: v for k, v in fields.items() if v != {"en": "", "ru": ""}}
        rows = pl.concat([reading.view.of(k) for k in reading.casebook.record.frame["kind"].unique().to_list()])
        return _answer(reading, entry.id, what, words, fields, rows.filter(about(entry.id)))

    return look


def _names(column: str) -> Callable[[str], pl.Expr]:
    return lambda id: pl.col(column) == id


_party = _entry(
    lambda r: r.casebook.record.registers.parties,
    "party",
    lambda id: (pl.col("author") == id) | pl.col("party").str.split(";").list.contains(id),
)
_issue = _entry(lambda r: r.casebook.record.registers.issues, "issue", _names("issue"))
_instrument = _entry(lambda r: r.casebook.instruments, "instrument", _names("instrument"))
_forum = _entry(lambda r: r.casebook.record.registers.forums, "forum", _names("forum"))
_source = _entry(lambda r: r.casebook.record.registers.sources, "source", _names("source"))
