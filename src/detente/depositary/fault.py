"""Why a statement does not count: one rule that it breaks, in words, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import NamedTuple

from detente.ledger.faults import LedgerError

if TYPE_CHECKING:
    from detente.depositary.kept import Written

__all__ = ["Fault", "Refused"]


class Fault(NamedTuple):
    """Why a draft is refused: the rule that it breaks, what is wrong, what to do, and the version it conflicts with."""

    rule: str
    what: str
    remedy: str
    other: Written | None = None


class Refused(LedgerError):
    """Drafts that were not kept, with everything for which each was refused."""

    def __init__(self, faults: Sequence[tuple[str, Fault]]) -> None:
        self.faults = tuple(faults)
        told = "\n".join(f"  {id}: {fault.what} {fault.remedy}" for id, fault in self.faults)
        super().__init__(f"Nothing was kept:\n{told}", "")
