"""Rules about silence: no negotiation under way, and bodies of the two that are suspended or have lapsed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from detente.consultation.forums import STATE_WORDS
from detente.consultation.item import Item
from detente.consultation.sitting import Sitting
from detente.consultation.wording import ago
from detente.consultation.wording import listed
from detente.consultation.wording import say
from detente.consultation.wording import span_words
from detente.record.registers import Words

__all__ = ["RULES"]

_LOOKS_BACK = relativedelta(years=10)
_NOT_LISTED = ("negotiation", "summit", "ministerial", "track-two", "sub-group")


def negotiation(sitting: Sitting) -> Iterator[Item]:
    """Yield an item if no negotiating forum of the two alone is alive, with the last one and since when."""
    found = [f for f in sitting.sitting_forums.values() if f.kind == "negotiation" and sitting.bilateral(f)]
    states = [sitting.forum_states[f.id] for f in found]
    if any(s.state == "alive" for s in states):
        return
    past = [s for s in states if s.state in ("ended", "suspended", "lapsed") and s.since]
    if not past:
        if sitting.shared:
            why = say("negotiation.never")
            yield Item(
                id="due.dialogue.negotiation",
                section="due",
                rule="negotiation",
                issue="dialogue",
                title=say("negotiation.title"),
                why=why,
                level="leaders",
            )
        return
    last = max(past, key=lambda s: (s.last or s.since or date.min, s.id))
    since = last.since if last.state in ("ended", "suspended") else last.last or last.since
    forum = sitting.registers.forums[last.id]
    yield Item(
        id="due.dialogue.negotiation",
        section="due",
        rule="negotiation",
        issue="dialogue",
        title=say("negotiation.title"),
        why=say(
            "negotiation.why",
            forum=forum.title,
            how=say(f"{last.state}.how"),
            since=since,
            ago=ago(since or sitting.on, sitting.on),
        ),
        since=since,
        evidence=last.evidence,
        level="leaders",
    )


def silent_forums(sitting: Sitting) -> Iterator[Item]:
    """Yield an item for every body of the two alone that is suspended or has lapsed, within ten years or so."""
    since = sitting.on - _LOOKS_BACK
    for id, forum in sitting.sitting_forums.items():
        state = sitting.forum_states[id]
        if state.state not in ("suspended", "lapsed") or not sitting.bilateral(forum) or forum.kind in _NOT_LISTED:
            continue
        issues = [i for i in forum.issues if i in sitting.registers.issues and (i != "dialogue" or not forum.umbrella)]
        if not issues or state.since is None or state.since < since:
            continue
        umbrella = (
            say("silent.umbrella", umbrella=sitting.registers.forums[state.inherited].title)
            if state.inherited
            else Words("", "")
        )
        scope = (
            _unstopped(forum.scope) if forum.scope.en else listed([sitting.registers.issues[i].title for i in issues])
        )
        yield Item(
            id=f"due.forum.{id}",
            section="due",
            rule="silent",
            issue="dialogue",
            title=say("silent.title", forum=forum.title, state=STATE_WORDS[state.state], since=state.since),
            why=say(
                "silent.why",
                scope=scope,
                state=STATE_WORDS[state.state],
                ago=span_words(state.since, sitting.on),
                umbrella=umbrella,
                last=state.last or say("turn.none"),
            ),
            since=state.since,
            level=forum.level,
            ministries=forum.ministries,
            accounts={
                c.party: {"office": c.office, "ministry": c.ministry, "person": c.person}
                for c in (state.chairs or forum.co_chairs[-2:])
            },
            evidence=state.evidence,
        )


def _unstopped(words: Words) -> Words:
    return Words(words.en.rstrip("."), words.ru.rstrip("."))


RULES = (negotiation, silent_forums)
