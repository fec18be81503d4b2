"""Every noun of the record in one place: the kinds of statement, their columns, verbs and silences.

The record holds statements and nothing else.  A statement is one dated, authored, sourced assertion; it is
never edited, only corrected by a later one.
"""

from __future__ import annotations

from typing import Final

import msgspec

__all__ = ["ALWAYS", "BASES", "COLUMNS", "DATED", "KINDS", "LEVELS", "SILENCES", "SPINE", "TIERS", "Kind"]

SILENCES: Final = ("given", "nil", "nothing-new", "withheld", "suspended", "unknown")
"""What a reported value may be; only `given` and `nil` carry a number, and unknown is never zero."""

BASES: Final = ("seen", "computed", "inferred", "unconfirmed")
"""How the casebook came to a row: stated by its source, worked out from it, or not yet found."""

LEVELS: Final = ("leaders", "ministers", "senior-officials", "experts")

TIERS: Final = ("primary", "official", "scholarly", "press", "unconfirmed")
"""Sources from best to worst: treaty text and parties' own data; other official; scholarly; press; none."""

SPINE: Final = (
    "id", "author", "on", "until", "known", "issue", "instrument", "provision", "party",
    "source", "basis", "corrects", "refs", "en", "ru",
)  # fmt: skip
"""The columns that every kind of statement may have."""

ALWAYS: Final = ("id", "author", "on", "known", "source", "basis")
"""The cells that no statement may leave empty."""

DATED: Final = ("on", "until", "known", "effect", "due", "event_on", "received")
"""The columns that hold a date (EDTF)."""


class Kind(msgspec.Struct, frozen=True):
    """One kind of statement: the cells that it needs, those that it may have, and its verbs."""

    name: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a file of this kind may have."""
        return (*SPINE, *(c for c in (*self.needs, *self.may) if c not in SPINE))


_ALL_KINDS = (
    Kind(
        "act", ("verb", "instrument"), ("effect", "period"),
        (
            "open", "adopt", "enter-into-force", "extend", "amend", "expire", "terminate", "supersede",
            "complete", "reinstate", "sign", "ratify", "accede", "succeed", "accept", "join",
            "apply-provisionally", "suspend", "resume", "give-notice", "withdraw", "revoke-ratification",
            "unsign",
        ),
    ),
    Kind("forum-act", ("verb", "forum", "en"), (), ("charter", "re-charter", "appoint", "suspend", "resume", "end")),
    Kind("meeting", ("forum",), ("level", "place")),
    Kind("report", ("measure", "party", "silence"), ("item", "value")),
    Kind(
        "notice", ("verb", "party"), ("event_on", "received", "value"),
        ("launch", "exercise", "data", "change", "inspection", "other"),
    ),
    Kind(
        "event", ("verb",), ("place", "measure", "item", "value"),
        (
            "nuclear-test", "missile-launch", "space-launch", "false-alarm", "accident", "incident",
            "cyber-incident", "seizure", "inspection", "exhibition", "elimination", "delivery", "strike",
            "sanction", "decision", "exercise", "other",
        ),
    ),
    Kind(
        "concern", ("verb", "topic", "party"), (),
        ("allege", "question", "answer", "concede", "resolve", "withdraw"),
    ),
    Kind(
        "position", ("verb", "topic"), (),
        (
            "vote-yes", "vote-no", "vote-abstain", "vote-absent", "propose", "accept", "decline", "counter",
            "affirm", "reject", "contest", "recognise", "state-jointly",
        ),
    ),
    Kind("commitment", ("verb", "topic", "party"), ("due",), ("undertake", "fulfil", "drop")),
    Kind("claim", ("topic",)),
)  # fmt: skip

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in _ALL_KINDS}
"""The ten kinds of statement, by name."""

COLUMNS: Final = tuple(dict.fromkeys(c for kind in _ALL_KINDS for c in kind.columns))
"""Every text column of the record, spine first."""
