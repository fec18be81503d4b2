"""Small records of two parties for the agenda's rules: what is made here is read back as items of an agenda."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from builders import Row
from builders import Table
from builders import clean_book
from builders import issue
from builders import statement
from builders import write_book
from detente.consultation.item import Agenda
from detente.consultation.item import Item
from detente.reading.casebook import Casebook
from detente.reading.reading import Reading
from detente.record.registers import Words

ISSUES = (issue(), issue("dialogue", ministries=["leaders", "foreign"]), issue("other", ministries=["energy"]))


def make(
    folder: Path,
    treaties: Iterable[Table] = (),
    forums: Iterable[Table] = (),
    claims: Iterable[Table] = (),
    **statements: Sequence[Row],
) -> Casebook:
    """Open a casebook without an error; `forum_acts=[...]` is the file forum-acts.csv."""
    files = {stem.replace("_", "-"): rows for stem, rows in statements.items()}
    return clean_book(folder, issues=ISSUES, treaties=treaties, forums=forums, claims=claims, statements=files)


def write(
    folder: Path, treaties: Iterable[Table] = (), forums: Iterable[Table] = (), **statements: Sequence[Row]
) -> Path:
    files = {stem.replace("_", "-"): rows for stem, rows in statements.items()}
    return write_book(folder, issues=ISSUES, treaties=treaties, forums=forums, statements=files)


def says(author: str, verb: str, on: str, topic: str = "topic", **more: str) -> Row:
    """Return a position on a topic."""
    id = more.pop("id", f"position.{topic}.{author.lower()}.{verb}.{on}")
    return statement(id, author, on, verb=verb, topic=topic, **more)


def promise(party: str, verb: str, on: str, topic: str = "deed", **more: str) -> Row:
    """Return a step of a commitment's thread."""
    id = more.pop("id", f"commitment.{topic}.{party.lower().replace(';', '-')}.{verb}.{on}")
    return statement(id, party.split(";")[0], on, verb=verb, topic=topic, party=party, **more)


def forum_act(verb: str, on: str, forum: str = "bcc", **more: str) -> Row:
    """Return a step in the life of a forum."""
    id = more.pop("id", f"{forum}.{verb}.{on}")
    return statement(id, "USA", on, verb=verb, forum=forum, en="en", ru="ru", **more)


def reading(book: Casebook, on: str, known_by: str = "", according_to: str | None = None) -> Reading:
    return Reading(book, date.fromisoformat(on), date.fromisoformat(known_by) if known_by else None, according_to)


def agenda(book: Casebook, on: str, horizon: str = "P3Y", pair: tuple[str, str] = ("USA", "RUS")) -> Agenda:
    """Return the agenda of a pair after checking what every agenda must be."""
    found = reading(book, on).agenda(*pair, horizon)
    check(book, found)
    return found


def ids(book: Casebook, on: str, rule: str, horizon: str = "P3Y") -> list[str]:
    """Return the ids of the items that one rule put on the agenda of USA and RUS."""
    return [item.id for item in agenda(book, on, horizon).items() if item.rule == rule]


def only(book: Casebook, on: str, rule: str, horizon: str = "P3Y") -> Item:
    """Return the one item of a rule."""
    found = [item for item in agenda(book, on, horizon).items() if item.rule == rule]
    assert len(found) == 1, [item.id for item in found]
    return found[0]


def check(book: Casebook, agenda: Agenda) -> None:
    """Assert what holds of every agenda: unique ids, known evidence, both languages filled in."""
    items = agenda.items()
    names = [item.id for item in items]
    assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)
    known = set(book.record.frame["id"])
    for section in agenda.sections:
        for item in section.items:
            assert item.section == section.section
            assert item.id.startswith(f"{item.section}."), item.id
            assert set(item.evidence) <= known, (item.id, set(item.evidence) - known)
            assert item.level in ("leaders", "ministers", "senior-officials", "experts"), item.id
            assert set(item.covers) <= set(names)
            assert not item.instrument or item.instrument in book.instruments
            if item.provision:
                assert book.instruments[item.instrument].find(item.provision) is not None
            filled(item.title, item.id)
            filled(item.why, item.id)
    for words in agenda.reach:
        filled(words, "reach")


def unordered(agenda: Agenda) -> list[tuple[object, ...]]:
    """Return the items without the order in which the pair was named: that of accounts and evidence."""
    return [
        (
            item.id,
            item.rule,
            item.issue,
            item.title,
            item.why,
            item.instrument,
            item.provision,
            item.since,
            item.until,
            item.forum,
            item.level,
            item.ministries,
            item.accounts,
            sorted(item.evidence),
            item.covers,
        )
        for item in agenda.items()
    ]


def filled(words: Words, where: str) -> None:
    for language in ("en", "ru"):
        text = words.get(language)
        assert text.strip(), (where, language)
        assert "{" not in text, (where, text)
        assert "}" not in text, (where, text)
        assert "None" not in text, (where, text)
