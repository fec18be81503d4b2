"""The second act of the demonstration: two books, one tampered with, and the proof that the other side holds.

Everything that it prints was done: keys were made, files written, signatures checked.  The states are fictitious.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from detente.depositary.drafts import RECEIPT
from detente.depositary.drafts import draft
from detente.depositary.drafts import sign_draft
from detente.depositary.keep import Acceptance
from detente.depositary.keep import books_of
from detente.depositary.keep import register_office
from detente.depositary.keep import seen_now
from detente.depositary.keep import submit
from detente.depositary.release import opened_release
from detente.depositary.release import release
from detente.ledger.book import Book
from detente.ledger.book import Other
from detente.ledger.book import create_book
from detente.ledger.evidence import check_evidence
from detente.ledger.faults import Forked
from detente.ledger.keys import OfficeKeys
from detente.ledger.keys import new_keys
from detente.ledger.stores import FolderStore
from detente.ledger.sync import sync
from detente.ledger.witness import visit
from detente.reading import Reading
from detente.reading import open_casebook
from detente.record.registers import Words
from detente.rendering.wording import state_word

__all__ = ["second_act"]

_SAY: Final = {
    "title": Words("Second act: two books (Atlantis and Lemuria are fictitious)",
                   "Второе действие: два журнала (Атлантида и Лемурия вымышлены)"),
    "books": Words("Each ministry has a key of its own and starts a book:",
                   "У каждого министерства свой ключ, и каждое заводит журнал:"),
    "declares": Words("Atlantis declares 97 items and notifies a change:",
                      "Атлантида объявляет 97 единиц и уведомляет об изменении:"),
    "kept": Words("kept as entry {index}: {id}", "принято как запись {index}: {id}"),
    "fetches": Words("Lemuria fetches the book, checks every entry, and countersigns it:",
                     "Лемурия забирает журнал, проверяет каждую запись и заверяет его:"),
    "countersigned": Words("{size} entries, countersigned in Ed25519 and ML-DSA-44",
                           "записей: {size}, заверено подписями Ed25519 и ML-DSA-44"),
    "receipt": Words("Lemuria acknowledges receipt; clocks that run from receipt start:",
                     "Лемурия подтверждает получение; сроки, идущие с получения, начались:"),
    "reads": Words("Both books and the casebook are read as one record:",
                   "Оба журнала и свод читаются как одна запись:"),
    "finding": Words("article I, Atlantis: {state}, {value} (limit: {limit})",
                     "статья I, Атлантида: {state}, {value} (предел: {limit})"),
    "tampers": Words("Atlantis writes its book anew, as if it had declared 57:",
                     "Атлантида переписывает журнал, будто объявляла 57:"),
    "refused": Words("Lemuria fetches again, and the book is refused:",
                     "Лемурия забирает его снова, и журнал отвергнут:"),
    "kept-evidence": Words(
        "{origin} signed two histories; the evidence is kept",
        "{origin}: подписаны две истории; доказательство сохранено",
    ),
    "third": Words("Anyone with Atlantis's public key can check that it signed two histories:",
                   "Любой, у кого есть открытый ключ Атлантиды, видит, что подписаны две истории:"),
    "verdict": Words("a fork: {proved} (heads of {old} and of {new} entries)",
                     "раздвоение: {proved} (записей: {old} и {new})"),
    "proved": Words("proved", "доказано"),
    "account": Words("only an account", "только сообщение"),
    "proof": Words("And the proof of the first declaration still holds:",
                   "А доказательство первого объявления остаётся в силе:"),
    "value": Words("value {value}, entry {index} of {origin}", "значение {value}, запись {index} журнала {origin}"),
}  # fmt: skip


def second_act(folder: Path, language: str) -> Iterator[str]:
    """Play the act in an empty folder; yield what is done, line by line."""

    def say(key: str, **values: object) -> str:
        return _SAY[key].get(language).format(**values)

    def told(kept: list[Acceptance]) -> Iterator[str]:
        return (f"  {say('kept', index=found.index, id=found.id)}" for found in kept)

    yield from ("", say("title"), "=" * len(say("title")), say("books"))
    atl_keys, lem_keys = new_keys("mfa.atlantis.example/book"), new_keys("mfa.lemuria.example/book")
    atl = _book(folder / "atlantis", atl_keys, "ATL")
    lem = _book(folder / "lemuria", lem_keys, "LEM")
    _meet(atl, "lemuria", lem)
    _meet(lem, "atlantis", atl)
    shutil.copytree(atl.path, folder / "before")
    yield from (f"  {book.origin}" for book in (atl, lem))
    yield say("declares")
    yield from told(_declare(atl, atl_keys, "97"))
    yield say("fetches")
    sync(lem, "atlantis", FolderStore(atl.served))
    seen = visit(lem, "atlantis", FolderStore(atl.served), lem_keys)
    yield f"  {say('countersigned', size=seen.checkpoint.size)}"
    yield say("receipt")
    yield from told(_acknowledge(lem, lem_keys, atl))
    sync(atl, "lemuria", FolderStore(lem.served))
    proof = release(atl, 1).encoded()
    yield say("reads")
    yield f"  {say('finding', **_finding(folder, lem, language))}"
    yield say("tampers")
    shutil.rmtree(atl.path)
    (folder / "before").rename(atl.path)
    yield from told(_declare(atl, atl_keys, "57"))
    yield say("refused")
    try:
        sync(lem, "atlantis", FolderStore(atl.served))
    except Forked:
        yield f"  {say('kept-evidence', origin=atl.origin)}"
    yield say("third")
    for evidence in sorted((lem.folder_of("atlantis") / "evidence").iterdir()):
        verdict = check_evidence(evidence, atl_keys.public, atl.origin)
        proved = say("proved" if verdict.proved else "account")
        yield f"  {say('verdict', proved=proved, old=verdict.old, new=verdict.new)}"
    shown = opened_release(proof, [*atl_keys.public, *lem_keys.public], atl.origin)
    yield say("proof")
    yield f"  {say('value', value=shown.draft.cells['value'], index=shown.index, origin=atl.origin)}"


def _book(folder: Path, keys: OfficeKeys, party: str) -> Book:
    book = create_book(folder, keys)
    register_office(book, keys, f"{party}-MFA", party, [keys.note.public])
    return book


def _meet(book: Book, name: str, other: Book) -> None:
    keys = tuple(str(key) for key in other.public)
    book.meet(name, Other(origin=other.origin, keys=keys, address=str(other.served)))


def _declare(book: Book, keys: OfficeKeys, value: str) -> list[Acceptance]:
    now, seen = datetime.now(UTC), seen_now(books_of(book))
    day = now.date().isoformat()
    both = {"author": "ATL", "on": day, "party": "ATL", "instrument": "our-treaty"}
    report = {"measure": "our-example-items", "silence": "given", "value": value, "en": "Items.", "ru": "Единицы."}
    notice = {"provision": "II", "verb": "change", "en": "A base is moved.", "ru": "База переносится."}
    drafts = [
        draft(f"atl.{kind}.{day}", kind, "ATL-MFA", {**both, **cells}, now, seen)
        for kind, cells in (("report", report), ("notice", notice))
    ]
    return submit(book, keys, [sign_draft(made, keys.note) for made in drafts])


def _acknowledge(book: Book, keys: OfficeKeys, other: Book) -> list[Acceptance]:
    now, seen = datetime.now(UTC), seen_now(books_of(book))
    day = now.date().isoformat()
    cells = {"of": f"atl.notice.{day}", "origin": other.origin}
    made = draft(f"lem.receipt.{day}", RECEIPT, "LEM-MFA", cells, now, seen)
    return submit(book, keys, [sign_draft(made, keys.note)])


def _finding(folder: Path, book: Book, language: str) -> dict[str, object]:
    """Return the finding on the example treaty, read from the template casebook and both books."""
    template = Path(str(files("detente") / "template"))
    shutil.copytree(template, folder / "casebook")
    casebook = open_casebook(folder / "casebook", book.path)
    rows = Reading(casebook, date.today()).findings("our-treaty", "ATL")
    row = rows.filter(rows["provision"] == "I").row(0, named=True)
    return {"state": state_word(row["state"], language), "value": row["value"], "limit": row["limit"]}
