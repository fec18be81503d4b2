"""The agenda: a table of rules by section, a pure placing function, one object for every rendering.

There are no dates, parties or treaties in this code: everything comes from the record.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from typing import Final

from detente.consultation import common
from detente.consultation import dispute
from detente.consultation import due
from detente.consultation import silence
from detente.consultation import thirds
from detente.consultation.item import SECTIONS
from detente.consultation.item import VERSION
from detente.consultation.item import Agenda
from detente.consultation.item import Item
from detente.consultation.item import Section
from detente.consultation.placing import place
from detente.consultation.said import positions
from detente.consultation.sitting import Sitting
from detente.consultation.wording import say
from detente.record.registers import Words

__all__ = ["RULES", "make_agenda"]

RULES: Final[tuple[Callable[[Sitting], Iterator[Item]], ...]] = (
    *dispute.RULES,
    *due.RULES,
    *thirds.RULES,
    *silence.RULES,
    *common.RULES,
)
"""Every rule; an item names the rule that put it on the agenda, and stands in its section in this order."""


def make_agenda(sitting: Sitting, stamp: str) -> Agenda:
    """Return the agenda of the sitting's pair on its day.

    Items are grouped by section, then by issue in the order of the issues register, then in the order of the
    rules, then by the day on which they end or began.
    """
    items = [item for rule in RULES for item in rule(sitting)]
    order = {rule: n for n, rule in enumerate(dict.fromkeys(item.rule for item in items))}
    issues = {issue: n for n, issue in enumerate(sitting.registers.issues)}
    items.sort(key=lambda i: (issues.get(i.issue, len(issues)), order[i.rule], str(i.until or i.since or ""), i.id))
    place(items, sitting)
    sections = [Section(name, [i for i in items if i.section == name]) for name in SECTIONS]
    view = sitting.view
    return Agenda(
        VERSION,
        view.on,
        view.known_by,
        sitting.pair,
        sitting.horizon,
        stamp,
        sections,
        list(_reach(sitting, items)),
    )


def _reach(sitting: Sitting, items: list[Item]) -> Iterator[Words]:
    """Yield where the record does not reach, so that silence is not read as an answer."""
    a, b = (sitting.name(p) for p in sitting.pair)
    if not sitting.own_issues:
        yield say("reach.none", a=a, b=b)
    last_vote = sitting.view.knowledge.kept(positions).last_vote(sitting.pair, sitting.on)
    if last_vote:
        yield say("reach.votes", until=str(last_vote))
    complete = sum(sitting.instruments[id].roll == "complete" for id in sitting.shared)
    if sitting.shared:
        yield say("reach.partial", complete=complete, all=len(sitting.shared))
