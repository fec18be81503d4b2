"""What a reader has chosen, kept in the URL and added to every link: day, knowledge day, author, pair, horizon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import urlencode

import msgspec

from detente.errors import DetenteError
from detente.reading.reading import FIRST_DAY
from detente.reading.reading import LAST_DAY
from detente.reading.reading import as_period
from detente.record.dates import day
from detente.record.registers import Words

__all__ = [
    "DEFAULT_HORIZON", "DEFAULT_PAIR", "LONGEST", "NAMES", "Chosen", "Fault", "FaultyRequest", "choose", "day_given",
    "too_long",
]  # fmt: skip

DEFAULT_PAIR: Final = ("USA", "RUS")
DEFAULT_HORIZON: Final = "3y"
NAMES: Final = ("on", "known_by", "according_to", "between", "horizon")
LONGEST: Final = 200
"""A parameter longer than so many characters is refused before anything looks at it."""


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong with a request: where, what was given, what to do."""

    parameter: str
    given: str
    what: Words
    remedy: Words


class FaultyRequest(Exception):
    """A request that cannot be answered; every fault found in it is named."""

    def __init__(self, faults: list[Fault], status: int = 400) -> None:
        super().__init__("; ".join(fault.what.en for fault in faults))
        self.faults = faults
        self.status = status


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The reader's choice; parties are as the reader wrote them, until a reading has found them."""

    on: date
    known_by: date | None = None
    according_to: str = ""
    between: tuple[str, str] = DEFAULT_PAIR
    horizon: str = DEFAULT_HORIZON

    def parameters(self, **changes: object) -> dict[str, str]:
        """Return the parameters of a link that keeps this choice, with changes; what is usual is left out."""
        new = msgspec.structs.replace(self, **changes) if changes else self
        found = {"on": new.on.isoformat()}
        if new.known_by:
            found["known_by"] = new.known_by.isoformat()
        if new.according_to:
            found["according_to"] = new.according_to
        if new.between != DEFAULT_PAIR:
            found["between"] = ",".join(new.between)
        if new.horizon != DEFAULT_HORIZON:
            found["horizon"] = new.horizon
        return found

    def query(self, **changes: object) -> str:
        """Return the same as a query string."""
        return urlencode(self.parameters(**changes), safe=",")


def choose(given: Mapping[str, str], today: date) -> Chosen:
    """Return what the parameters choose; raise FaultyRequest that names all that is wrong with them."""
    faults = [too_long(name, text) for name, text in given.items() if len(text) > LONGEST]
    texts = {name: _text(given, name) for name in NAMES}
    on = _day(texts, "on", faults) or today
    known_by = _day(texts, "known_by", faults)
    between = _pair(texts["between"], faults)
    horizon = texts["horizon"] or DEFAULT_HORIZON
    try:
        as_period(horizon)
    except DetenteError:
        what = Words(f"“{horizon}” is no length of time.", f"«{horizon}» — не срок.")
        remedy = Words("Write 3y, 18m or 90d.", "Напишите, например, 3y (годы), 18m (месяцы) или 90d (дни).")
        faults.append(Fault("horizon", horizon, what, remedy))
    if faults:
        raise FaultyRequest(faults)
    return Chosen(on=on, known_by=known_by, according_to=texts["according_to"], between=between, horizon=horizon)


def day_given(name: str, text: str, faults: list[Fault]) -> date | None:
    """Return the day that a further parameter of a page gives, or None; tell what is wrong with it."""
    return _day({name: text}, name, faults)


def too_long(name: str, text: str) -> Fault:
    """Return the fault of a value with too many characters; only its beginning is quoted."""
    shown = name[:40]
    what = Words(
        f"The value of “{shown}” has {len(text):,} characters.", f"В значении «{shown}» {len(text):,} символов."
    )
    remedy = Words(f"Write at most {LONGEST}.", f"Напишите не более {LONGEST}.")
    return Fault(shown, text[:40] + "…", what, remedy)


def _text(given: Mapping[str, str], name: str) -> str:
    text = given.get(name, "")
    return text.strip().replace("\x00", "") if len(text) <= LONGEST else ""


def _day(texts: dict[str, str], name: str, faults: list[Fault]) -> date | None:
    text = texts[name]
    if not text:
        return None
    try:
        found = day(text)
    except DetenteError:
        what = Words(f"“{text}” is no day of the calendar.", f"«{text}» — нет такого дня.")
        faults.append(Fault(name, text, what, _WRITE_DAY))
        return None
    if FIRST_DAY <= found <= LAST_DAY:
        return found
    what = Words(f"The record cannot look at {found}.", f"Дата {found} вне пределов записей.")
    remedy = Words(f"Choose a day from {FIRST_DAY} to {LAST_DAY}.", f"Выберите день с {FIRST_DAY} по {LAST_DAY}.")
    faults.append(Fault(name, text, what, remedy))
    return None


_WRITE_DAY = Words("Write year-month-day, such as 2018-07-10.", "Напишите год-месяц-день, например 2018-07-10.")


def _pair(text: str, faults: list[Fault]) -> tuple[str, str]:
    if not text:
        return DEFAULT_PAIR
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and all(parts):
        return parts[0], parts[1]
    what = Words(f"“{text}” does not name two parties.", f"«{text}» — не две стороны.")
    remedy = Words("Write two, with a comma: USA,RUS.", "Напишите две через запятую: USA,RUS.")
    faults.append(Fault("between", text, what, remedy))
    return DEFAULT_PAIR
