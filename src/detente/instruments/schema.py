"""The shape of a `treaty.toml`: an instrument, its articles and the obligation that each carries."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from datetime import date

import msgspec

from detente.record.dates import add_period
from detente.record.dates import counts_from
from detente.record.dates import period
from detente.record.registers import Words
from detente.record.statements import KINDS

__all__ = ["ANCHORS", "OBLIGATIONS", "Anchor", "Entry", "Extension", "Instrument", "Provision", "repeated"]

OBLIGATIONS = ("limit", "adherence", "notice", "cadence", "quota", "term", "undertaking")
"""The seven kinds of obligation; a provision of kind `none` says why none can carry it."""

ANCHORS = ("entry-into-force", "opening", "bound")
"""What a dated provision may count from, besides `act:VERB` and a plain date."""

_CHOICES = {
    "timing": ("", "before", "after"),
    "clock": ("", "event", "receipt"),
    "effect": ("none", "tacit-consent", "delayed"),
    "what": ("", "report", "meeting", "notice"),
}
"""The words that a parameter may be; an evaluator would pass over any other in silence."""

_VERBS_OF = {"act": "act", "of": "event"}
"""The parameters that are a verb, and the kind of statement that has it."""

_AGAIN = ("every", "renewal", "per")
"""The periods after which something comes again: of no length, it would never end."""


class Anchor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day that lies a period after another: seven years after entry into force."""

    after: str
    period: str = "P0D"


class Extension(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far a term may be extended, and how often."""

    at_most: str
    times: int = 1


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a party becomes bound: by which acts, and how long after them."""

    consent: tuple[str, ...] = ("ratify", "accede", "succeed", "accept")
    delay: str = "P0D"


class Provision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """One requirement of an instrument, addressed by article; the parameters that its kind needs."""

    article: str
    title: Words
    kind: str
    binds: str | tuple[str, ...] = "parties"
    source: str = ""
    basis: str = "seen"
    from_: str | Anchor = ""
    until: str | Anchor = ""
    why: Words = Words("", "")
    measure: str = ""
    measures: tuple[str, ...] = ()
    item: str = ""
    at_most: int | float | None = None
    at_least: int | float | None = None
    evidence_within: str = ""
    requires: str = ""
    act: str = ""
    within: str = ""
    of: str = ""
    timing: str = ""
    period: str = ""
    clock: str = ""
    effect: str = "none"
    what: str = ""
    forum: str = ""
    every: str = ""
    first: str | Anchor = ""
    grace: str = "P0D"
    per: str = ""
    duration: str = ""
    extension: Extension | None = None
    renewal: str = ""
    notice: str = ""
    note: Words = Words("", "")

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """Yield (article, what is wrong, what to do) for everything that the types cannot say."""
        article = self.article
        if self.kind not in _NEEDS:
            what = f"'{self.kind}' is no kind of obligation (article {article})."
            yield article, what, f"Use one of: {', '.join(_NEEDS)}."
            return
        for name in _NEEDS[self.kind]:
            if getattr(self, name) in ("", None):
                what = f"The {self.kind} of article {article} has no '{name}'."
                yield article, what, f"Give '{name}': there is no silent default."
        yield from _contradictions(self)
        yield from _words(self)
        for name in _PERIODS:
            if value := getattr(self, name):
                yield from _period_fault(article, name, value)
        for name in _AGAIN:
            if value := getattr(self, name):
                yield from _no_length(article, name, value)
        if self.extension:
            yield from _period_fault(article, "extension", self.extension.at_most)
        for name in ("from_", "until", "first"):
            if value := getattr(self, name):
                yield from _anchor_fault(article, name.rstrip("_"), value)


_PERIODS = ("evidence_within", "within", "period", "every", "grace", "per", "duration", "renewal", "notice")

_NEEDS: dict[str, tuple[str, ...]] = {
    "limit": ("measure", "evidence_within"),
    "adherence": (),
    "notice": ("of", "timing", "period"),
    "cadence": ("what", "every", "first"),
    "quota": ("measure", "at_most", "per"),
    "term": (),
    "undertaking": (),
    "none": (),
}


class Instrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text that binds or commits parties, with its provisions and what its own articles say of entry."""

    id: str
    issue: str
    title: Words
    short: Words
    form: str
    binding: str
    membership: str
    source: str
    provision: tuple[Provision, ...] = ()
    participants: tuple[str, ...] = ()
    depositary: tuple[str, ...] = ()
    body: str = ""
    authority: str = ""
    concerns: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    part_of: str = ""
    checked: str = ""
    roll: str = "partial"
    """`complete` where the record claims to hold every party's acts: then no act means no consent."""
    roles: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    entry: Entry = Entry()
    note: Words = Words("", "")

    def term(self) -> Provision | None:
        """Return the article on duration and withdrawal, if the instrument has one."""
        return next((p for p in self.provision if p.kind == "term"), None)

    def find(self, article: str) -> Provision | None:
        """Return the provision at `article`, or None."""
        return next((p for p in self.provision if p.article == article), None)

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """Yield (article, what is wrong, what to do) for everything that the types cannot say."""
        yield from self.own_faults()
        seen: set[str] = set()
        for provision in self.provision:
            if provision.article in seen:
                yield repeated(provision.article)
            seen.add(provision.article)
            yield from provision.faults()

    def own_faults(self) -> Iterator[tuple[str, str, str]]:
        """Yield the faults of the instrument's own fields; their article is ""."""
        choices = (
            ("binding", self.binding, ("legal", "political")),
            ("membership", self.membership, ("closed", "open", "all")),
            ("roll", self.roll, ("complete", "partial")),
        )
        for name, value, allowed in choices:
            if value not in allowed:
                yield "", f"'{value}' is no '{name}'.", f"Use {' or '.join(allowed)}."
        yield from _period_fault("", "entry.delay", self.entry.delay)
        for verb in self.entry.consent:
            yield from _verb_fault("", "entry.consent", verb, "act")


def repeated(article: str) -> tuple[str, str, str]:
    """Return the fault of an article that stands twice."""
    return article, f"The article {article} stands twice.", "Merge the two, or address them as (a) and (b)."


def _contradictions(provision: Provision) -> Iterator[tuple[str, str, str]]:
    article = provision.article
    if provision.kind == "limit" and provision.at_most is None and provision.at_least is None:
        yield article, f"The limit of article {article} has no number.", "Give 'at_most' or 'at_least'."
    if provision.kind == "adherence" and not provision.requires and not provision.act:
        yield article, f"The adherence of article {article} names nothing.", "Give 'requires' or 'act'."
    if provision.kind == "none" and not provision.why.en:
        yield (
            article,
            f"Article {article} does not say why no obligation carries it.",
            "Give 'why' in en and ru.",
        )
    if provision.kind == "cadence" and not provision.measures and not provision.forum and provision.what != "notice":
        yield article, f"The cadence of article {article} names nothing.", "Give 'measures' or 'forum'."


def _words(provision: Provision) -> Iterator[tuple[str, str, str]]:
    for name, allowed in _CHOICES.items():
        value = getattr(provision, name)
        if value not in allowed:
            what = f"'{value}' is no '{name}' (article {provision.article})."
            yield provision.article, what, f"Use {' or '.join(filter(None, allowed))}."
    for name, kind in _VERBS_OF.items():
        verb = getattr(provision, name)
        if verb:
            yield from _verb_fault(provision.article, name, verb, kind)


def _verb_fault(article: str, name: str, verb: str, kind: str) -> Iterator[tuple[str, str, str]]:
    if verb not in KINDS[kind].verbs:
        what = f"'{verb}' is no verb of an {kind} ({_where(article, name)})."
        yield article, what, f"Use one of: {', '.join(KINDS[kind].verbs)}."


def _period_fault(article: str, name: str, value: str) -> Iterator[tuple[str, str, str]]:
    if not value:
        return
    try:
        period(value)
    except ValueError as fault:
        yield article, f"{fault} ({_where(article, name)}).", "Write P10Y, P6M, P45D or PT24H."


def _no_length(article: str, name: str, value: str) -> Iterator[tuple[str, str, str]]:
    try:
        if value and not any(period(value)):
            what = f"The period {value} has no length ({_where(article, name)})."
            yield article, what, "Write P10Y, P6M, P45D or PT24H."
    except ValueError:
        return  # what is no period is told as such


def _where(article: str, name: str) -> str:
    return f"'{name}' of article {article}" if article else f"'{name}'"


def _anchor_fault(article: str, name: str, value: str | Anchor) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, Anchor):
        yield from _period_fault(article, name, value.period)
        if value.after.startswith("act:"):
            yield from _verb_fault(article, name, value.after.removeprefix("act:"), "act")
        elif value.after not in ANCHORS:
            what = f"Nothing counts from '{value.after}' ('{name}' of article {article})."
            yield article, what, f"Use one of: {', '.join(ANCHORS)}, act:VERB."
    elif value:
        try:
            counts_from(value)
        except ValueError as fault:
            yield (
                article,
                f"{fault} ('{name}' of article {article}).",
                "Write YYYY-MM-DD or { after, period }.",
            )


def resolve(value: str | Anchor, days: Mapping[str, date]) -> date | None:
    """Return the day that a date or an anchor means, given the days of the instrument; None if not known."""
    if isinstance(value, Anchor):
        start = days.get(value.after)
        return add_period(start, value.period) if start else None
    return counts_from(value) if value else None
