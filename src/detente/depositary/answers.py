"""What writing commands answer: what was kept, or everything for which nothing was; documented as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Final

import msgspec

from detente.depositary.clocks import Notification
from detente.depositary.fault import Fault
from detente.depositary.keep import Acceptance
from detente.depositary.kept import Written

__all__ = ["VERSION", "KeptAnswer", "NotificationsAnswer", "OtherVersion", "Refusal", "refusal"]

VERSION: Final = 1


class OtherVersion(msgspec.Struct, frozen=True):
    """The statement with which a refused one conflicts."""

    id: str
    index: int
    logged: datetime
    party: str
    office: str
    cells: dict[str, str]


class Refusal(msgspec.Struct, frozen=True):
    """One reason for which a statement was not kept."""

    id: str
    rule: str
    what: str
    remedy: str
    other: OtherVersion | None


class KeptAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a book has kept; where anything is refused, nothing was kept."""

    version: int = VERSION
    origin: str
    kept: tuple[Acceptance, ...] = ()
    refused: tuple[Refusal, ...] = ()
    draft: str = ""
    """The file with the signed draft, where it was not given to the depositary yet."""


class NotificationsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The notifications of a book and of its copies of the others', with their clocks on a day."""

    version: int = VERSION
    origin: str
    on: date
    notifications: Sequence[Notification]


def refusal(id: str, fault: Fault) -> Refusal:
    """Return a reason with the version that it conflicts with."""
    return Refusal(id, fault.rule, fault.what, fault.remedy, _other(fault.other) if fault.other else None)


def _other(written: Written) -> OtherVersion:
    made = written.draft
    return OtherVersion(made.id, written.index, written.logged, written.party, made.office, made.cells)
