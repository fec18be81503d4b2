"""What may be written for a parameter of the API: its form, where its names are looked up, what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Final

import msgspec

from detente.errors import DetenteError
from detente.reading import Reading
from detente.reading.reading import FIRST_DAY
from detente.reading.reading import LAST_DAY
from detente.record.dates import day
from detente.record.registers import Words

__all__ = ["CLAIM", "DAY", "DAYS", "FORUM", "ID", "INSTRUMENT", "ISSUE", "MEASURE", "PAGE", "PAIR", "PARTY", "PERIOD",
           "PROVISION", "SOURCE", "TEXT", "YEAR", "Kind", "one_of", "parties_of"]  # fmt: skip

_DAY = "(?:19|2[0-9])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TEXT = "[^\\x00-\\x20\\x7f](?:[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f])?"
"""Any text without control characters that neither begins nor ends with a blank."""

_NAME = "[^\\x00-\\x20\\x7f,](?:[^\\x00-\\x1f\\x7f,]*[^\\x00-\\x20\\x7f,])?"
"""The same without a comma."""

_Find = Callable[[Reading, str], object]
"""Looks a name up in the neutral reading; raises DetenteError where the record does not hold it."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of value: `what` and `unknown` are said of a value by `{}`, `remedy` says what to write instead."""

    format: str
    pattern: str
    what: Words
    remedy: Words
    find: _Find | None = None
    unknown: Words = Words("", "")

    def fits(self, text: str) -> bool:
        """Return whether a text has the form of the kind; a day must also be in the calendar."""
        if not _compiled(self.pattern).fullmatch(text):
            return False
        return self.format not in ("date", "days") or all(_is_day(part) for part in text.split(","))

    def misfit(self, text: str) -> tuple[Words, Words]:
        """Return what is wrong with a text of another form, and what to write instead."""
        return _said(self.what, text), self.remedy

    def missing(self, reading: Reading, text: str) -> tuple[Words, Words] | None:
        """Return what to say of a name that the record does not hold; None where it holds it."""
        if self.find is None:
            return None
        try:
            self.find(reading, text)
        except DetenteError as fault:
            near = fault.remedy.removeprefix("Did you mean ") if fault.remedy.startswith("Did you mean ") else ""
            meant = Words(f"Did you mean {near}", f"Возможно: {near}")
            return _said(self.unknown, text), meant if near else self.remedy
        return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _said(words: Words, text: str) -> Words:
    return Words(words.en.format(text), words.ru.format(text))


def _is_day(text: str) -> bool:
    try:
        return FIRST_DAY <= day(text) <= LAST_DAY
    except DetenteError:
        return False


def parties_of(text: str) -> tuple[str, str]:
    """Return the two names of `A,B`."""
    first, _, second = text.partition(",")
    return first.strip(), second.strip()


def _party(reading: Reading, text: str) -> str:
    return reading.party(text)


def _pair(reading: Reading, text: str) -> None:
    for name in parties_of(text):
        reading.party(name)


def _instrument(reading: Reading, text: str) -> object:
    return reading.instrument(text)


def _forum(reading: Reading, text: str) -> None:
    _registered(reading.casebook.record.registers.forums, text)


def _claim(reading: Reading, text: str) -> None:
    _registered(reading.casebook.record.registers.claims, text)


def _issue(reading: Reading, text: str) -> None:
    _registered(reading.casebook.record.registers.issues, text)


def _measure(reading: Reading, text: str) -> None:
    _registered(reading.casebook.record.registers.measures, text)


def _source(reading: Reading, text: str) -> None:
    _registered(reading.casebook.record.registers.sources, text)


def _registered(register: Mapping[str, object], text: str) -> None:
    if text not in register:
        names = list(register)
        near = [n for n in names if text.casefold() in n][:5] or get_close_matches(text, names, 3)
        hint = f"Did you mean {', '.join(near)}?" if near else f"For example: {', '.join(names[:3])}."
        raise DetenteError(f"The record does not hold '{text}'.", hint)


DAY: Final = Kind(
    format="date",
    pattern=_DAY,
    what=Words("“{}” is no day of the calendar that can be read.", "«{}» — нет такого дня в доступном календаре."),
    remedy=Words(
        f"Write year-month-day, such as 2018-07-10, from {FIRST_DAY} to {LAST_DAY}.",
        f"Напишите год-месяц-день, например 2018-07-10, с {FIRST_DAY} по {LAST_DAY}.",
    ),
)
DAYS: Final = Kind(
    format="days",
    pattern=f"{_DAY}(?:,{_DAY})?",
    what=Words("“{}” is neither a day nor two.", "«{}» — не день и не два дня."),
    remedy=Words(
        "Write one day for both, or two with a comma: 2013-01-01,2015-01-01.",
        "Напишите один день для обоих или два через запятую: 2013-01-01,2015-01-01.",
    ),
)
PERIOD: Final = Kind(
    format="period",
    pattern="[0-9]{1,2}[yY]|[0-9]{1,3}[mMwW]|[0-9]{1,4}[dD]|P(?:[0-9]{1,2}Y|[0-9]{1,3}[MW]|[0-9]{1,4}D)",
    what=Words("“{}” is no length of time that can be looked ahead.", "«{}» — не срок, на который можно смотреть."),
    remedy=Words(
        "Write 3y, 18m or 90d; at most 99 years.", "Напишите 3y (годы), 18m (месяцы) или 90d (дни); не более 99 лет."
    ),
)
PAIR: Final = Kind(
    format="pair",
    pattern=f"{_NAME}, ?{_NAME}",
    what=Words("“{}” does not name two parties.", "«{}» — не две стороны."),
    remedy=Words("Write two codes with a comma: USA,RUS.", "Напишите два кода через запятую: USA,RUS."),
    find=_pair,
    unknown=Words(
        "“{}” names a party that the record does not hold.", "В «{}» названа сторона, которой нет в записях."
    ),
)
PARTY: Final = Kind(
    format="party",
    pattern=_TEXT,
    what=Words("“{}” is no name.", "«{}» — не название."),
    remedy=Words(
        "Write a code such as USA, RUS or IAEA, or a name.", "Напишите код, например USA, RUS или IAEA, или название."
    ),
    find=_party,
    unknown=Words("“{}” is no party of the record.", "В записях нет стороны «{}»."),
)


def _named(format: str, find: _Find, example: str, unknown: Words) -> Kind:
    return Kind(
        format=format,
        pattern=_TEXT,
        what=Words("“{}” is no name.", "«{}» — не название."),
        remedy=Words(f"Write its id, such as {example}.", f"Напишите обозначение, например {example}."),
        find=find,
        unknown=unknown,
    )


def one_of(choices: Iterable[str]) -> Kind:
    """Return the kind of a value that is one of a few words."""
    listed = ", ".join(choices)
    return Kind(
        format="word",
        pattern=listed.replace(", ", "|"),
        what=Words("“{}” is not one of the words.", "«{}» — не одно из слов."),
        remedy=Words(f"Write one of: {listed}.", f"Напишите одно из: {listed}."),
    )


INSTRUMENT: Final = _named(
    "instrument",
    _instrument,
    "new-start",
    Words("The record holds no instrument “{}”.", "В записях нет договорённости «{}»."),
)
FORUM: Final = _named("forum", _forum, "bcc", Words("The record holds no forum “{}”.", "В записях нет форума «{}»."))
CLAIM: Final = _named(
    "claim", _claim, "worst-since-1962", Words("No claim “{}” is registered.", "Утверждение «{}» не внесено.")
)
ISSUE: Final = _named(
    "issue", _issue, "strategic-arms", Words("The record holds no issue “{}”.", "В записях нет темы «{}».")
)
MEASURE: Final = _named(
    "measure",
    _measure,
    "deployed-warheads",
    Words("The record holds no measure “{}”.", "В записях нет показателя «{}»."),
)
SOURCE: Final = _named(
    "source",
    _source,
    "sa.new-start-text",
    Words("The record holds no source “{}”.", "В записях нет источника «{}»."),
)
PROVISION: Final = Kind(
    format="article",
    pattern=_TEXT,
    what=Words("“{}” is no article.", "«{}» — не статья."),
    remedy=Words(
        "Write it as the instrument does, such as II.1(b).", "Напишите, как в самой договорённости, например II.1(b)."
    ),
)
ID: Final = Kind(
    format="id",
    pattern=_TEXT,
    what=Words("“{}” is no id.", "«{}» — не обозначение."),
    remedy=Words("Write an id as the record gives it.", "Напишите обозначение, как оно дано в записях."),
)
TEXT: Final = Kind(
    format="text",
    pattern=_TEXT,
    what=Words("“{}” begins or ends with a blank, or holds a control character.",
               "«{}» начинается или кончается пробелом либо содержит управляющий знак."),
    remedy=Words("Write a word as it stands in the record.", "Напишите слово, как оно стоит в записях."),
)  # fmt: skip
YEAR: Final = Kind(
    format="year",
    pattern="(?:19|2[0-9])[0-9]{2}",
    what=Words("“{}” is no year that can be read.", "«{}» — нет такого года в доступном календаре."),
    remedy=Words("Write four digits, such as 2018.", "Напишите четыре цифры, например 2018."),
)
PAGE: Final = Kind(
    format="number",
    pattern="[1-9][0-9]{0,4}",
    what=Words("“{}” is no number of a page.", "«{}» — не номер страницы."),
    remedy=Words("Write a number from 1; the answer says how many pages there are.",
                 "Напишите число от 1; число страниц дано в ответе."),
)  # fmt: skip
