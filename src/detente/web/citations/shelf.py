"""The citations kept: found by their code, or kept once; a database that does not answer is said to be so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import DatabaseError

from detente.record.registers import Words
from detente.web.chosen import Fault
from detente.web.chosen import FaultyRequest
from detente.web.citations.cited import Cited
from detente.web.citations.cited import code_of
from detente.web.citations.models import Citation

__all__ = ["find", "keep", "refuse_if_read_only"]

_TITLE: Final = 500


def refuse_if_read_only() -> None:
    """Raise FaultyRequest where this server keeps no citations; the database is not looked at."""
    if settings.READ_ONLY:
        what = Words("This server keeps no citations.", "Этот сервер не хранит ссылок для цитирования.")
        remedy = Words(
            "Cite the address of the page with its stamp: it states everything that was chosen.",
            "Сошлитесь на адрес страницы и её метку: в них указано всё, что выбрано.",
        )
        raise FaultyRequest([Fault("", "", what, remedy)], status=403)


def find(code: str) -> Citation:
    """Return a citation by its code; raise FaultyRequest where none is kept under it."""
    with _answering():
        found = Citation.objects.filter(code=code.lower()).first() if len(code) <= _TITLE else None
    if found is None:
        what = Words(f"No citation “{code[:40]}” is kept here.", f"Ссылки «{code[:40]}» здесь нет.")
        remedy = Words("Check the code; it has twelve letters and digits.", "Проверьте код: в нём двенадцать знаков.")
        raise FaultyRequest([Fault("", "", what, remedy)], status=404)
    return found


def keep(page: Cited, now: datetime) -> Citation:
    """Return the citation of a page, kept now if it was not before; the same page has one citation."""
    code = code_of(page.path, page.query, page.stamp)
    with _answering():
        found = Citation.objects.filter(code=code).first()
        if found is None and Citation.objects.count() >= settings.CITATIONS:
            raise _full()
        if found is None:
            found, _ = Citation.objects.get_or_create(
                code=code,
                defaults={
                    "path": page.path,
                    "query": page.query,
                    "stamp": page.stamp,
                    "sha256": page.sha256,
                    "title_en": page.title.en[:_TITLE],
                    "title_ru": page.title.ru[:_TITLE],
                    "made_at": now,
                },
            )
    if (found.path, found.query, found.stamp) != (page.path, page.query, page.stamp):
        raise _taken()
    return found


@contextmanager
def _answering() -> Iterator[None]:
    """Turn a database that does not answer into a refusal: what is read needs none."""
    try:
        yield
    except DatabaseError as fault:
        what = Words("The citations cannot be reached just now.", "Ссылки сейчас недоступны.")
        remedy = Words("Try again in a while; every page can be read.", "Повторите позже; все страницы можно читать.")
        raise FaultyRequest([Fault("", "", what, remedy)], status=503) from fault


def _full() -> FaultyRequest:
    what = Words("This server keeps no further citations.", "Этот сервер больше не принимает ссылок.")
    remedy = Words(
        "Cite the address of the page with its stamp, or ask the operator for more room.",
        "Сошлитесь на адрес страницы и её метку или попросите оператора увеличить место.",
    )
    return FaultyRequest([Fault("", "", what, remedy)], status=507)


def _taken() -> FaultyRequest:
    what = Words("Another page is kept under the same code.", "Под этим кодом хранится другая страница.")
    remedy = Words("Cite the address of the page with its stamp.", "Сошлитесь на адрес страницы и её метку.")
    return FaultyRequest([Fault("", "", what, remedy)], status=507)
