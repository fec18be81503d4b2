"""Loading instruments: every folder's `treaty.toml` becomes one Instrument, with the faults beside it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping

import msgspec

from detente.errors import Problem
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.instruments.schema import repeated
from detente.record.load import Files
from detente.record.load import read_toml
from detente.record.load import typed
from detente.record.registers import Registers
from detente.record.rules import Names

__all__ = ["load_instruments", "names_of"]

_GREATEST = 2**63 - 1
"""The greatest number that a column of counts can hold."""


def load_instruments(files: Files, registers: Registers) -> tuple[dict[str, Instrument], list[Problem]]:
    """Return the instruments by id; a faulty article, or an instrument that is faulty itself, is left out.

    Claims about an instrument that is not there are taken out of their register.
    """
    problems: list[Problem] = []
    found: dict[str, Instrument] = {}
    for path, shown, data in files.entries:
        if path.name != "treaty.toml" or data is None:
            continue
        told = len(problems)
        tables = read_toml(data, shown, problems)
        instrument = typed(tables, Instrument, shown, 1, problems) if len(problems) == told else None
        if instrument is None:
            continue
        instrument, faults = _examined(instrument, path.parent.name, found, registers)
        lines = _article_lines(data) if faults else {}
        problems += [Problem(shown, lines.get(a, 1), "error", what, remedy) for a, what, remedy in faults]
        if all(article for article, _, _ in faults):
            found[instrument.id] = instrument
    return found, problems + _unknown_instruments(found, files) + _claims_about_nothing(found, registers)


_Fault = tuple[str, str, str]
"""The article ("" for the instrument itself), what is wrong, and what to do."""


def _examined(
    instrument: Instrument, folder: str, found: Mapping[str, Instrument], registers: Registers
) -> tuple[Instrument, list[_Fault]]:
    """Return the instrument without its faulty provisions, and every fault of it."""
    faults = [*instrument.own_faults(), *_unknown_names(instrument, registers)]
    if folder.replace("_", "-") != instrument.id:
        what = f"The folder '{folder}' holds the instrument '{instrument.id}'."
        faults.append(("", what, "Name the folder as the id, with underscores."))
    if instrument.id in found:
        what = f"The instrument '{instrument.id}' is in the record already."
        faults.append(("", what, "Give this one an id of its own."))
    kept: dict[str, Provision] = {}
    seen: set[str] = set()
    for provision in instrument.provision:
        of_this = [*provision.faults(), *_faults_of_names(provision, instrument, registers)]
        if provision.article in seen:
            of_this.append(repeated(provision.article))
        if not of_this:
            kept[provision.article] = provision
        seen.add(provision.article)
        faults += of_this
    return msgspec.structs.replace(instrument, provision=tuple(kept.values())), faults


def _article_lines(data: bytes) -> dict[str, int]:
    """Return the line on which each article begins."""
    lines: dict[str, int] = {}
    for number, text in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        name, _, value = text.partition("=")
        if name.strip() == "article":
            lines.setdefault(value.split("#")[0].strip().strip("\"'"), number)
    return lines


def _unregistered(article: str, names: Iterable[str], register: Mapping[str, object], where: str) -> Iterator[_Fault]:
    for name in names:
        if name and name not in register:
            yield article, f"'{name}' is not registered.", f"Correct the name, or add it to {where}."


def _unknown_names(instrument: Instrument, registers: Registers) -> Iterator[_Fault]:
    yield from _unregistered("", [instrument.issue], registers.issues, "issues.toml")
    yield from _unregistered("", [instrument.source], registers.sources, "sources.toml")
    yield from _unregistered("", [instrument.body], registers.forums, "forums.toml")
    named = (*instrument.participants, *instrument.concerns, *instrument.depositary, instrument.authority)
    in_roles = (party for members in instrument.roles.values() for party in members)
    yield from _unregistered("", (*named, *in_roles), registers.parties, "parties.toml")


def _faults_of_names(provision: Provision, instrument: Instrument, registers: Registers) -> Iterator[_Fault]:
    article = provision.article
    measures = (provision.measure, *provision.measures)
    yield from _unregistered(article, measures, registers.measures, "measures.toml")
    yield from _unregistered(article, [provision.forum], registers.forums, "forums.toml")
    yield from _unregistered(article, [provision.source], registers.sources, "sources.toml")
    binds = provision.binds
    if isinstance(binds, tuple):
        yield from _unregistered(article, binds, registers.parties, "parties.toml")
    elif binds in instrument.roles:
        what = f"'{binds}' is a role, and 'binds' does not say so (article {article})."
        yield article, what, f"Write role:{binds} or not-role:{binds}."
    elif binds != "parties" and _role(binds) not in instrument.roles:
        yield article, f"'{binds}' binds no known role.", "Define it under [roles]."
    yield from _faults_of_numbers(provision, registers)


def _role(binds: str) -> str:
    """Return the role that `role:X` or `not-role:X` names, or ""."""
    before, colon, role = binds.partition(":")
    return role if colon and before in ("role", "not-role") else ""


def _faults_of_numbers(provision: Provision, registers: Registers) -> Iterator[_Fault]:
    """Yield the limits that no value of the measure could be compared with."""
    measure = registers.measures.get(provision.measure)
    counted = measure is not None and measure.number == "count"
    for name, number in (("at_most", provision.at_most), ("at_least", provision.at_least)):
        if number is None:
            continue
        where = f"('{name}' of article {provision.article})"
        if not 0 <= number <= _GREATEST:
            yield provision.article, f"{number} is no limit {where}.", f"Write a number from 0 to {_GREATEST}."
        elif counted and number != int(number):
            what = f"{number} is no whole number, and '{provision.measure}' is counted {where}."
            yield provision.article, what, "Write an integer."


def _unknown_instruments(found: dict[str, Instrument], files: Files) -> list[Problem]:
    problems: list[Problem] = []
    shown = {path.parent.name.replace("_", "-"): name for path, name, _ in files.entries if path.name == "treaty.toml"}
    for instrument in found.values():
        named = [*instrument.replaces, instrument.part_of, *(p.requires for p in instrument.provision)]
        for other in named:
            if other and other not in found:
                what = f"No instrument '{other}' is in the record (named by {instrument.id})."
                problems.append(Problem(shown.get(instrument.id, ""), 1, "warning", what, "Correct the id, or add it."))
    return problems


def _claims_about_nothing(found: dict[str, Instrument], registers: Registers) -> list[Problem]:
    """Take every claim about an instrument that is not there out of the register, and report it."""
    problems: list[Problem] = []
    for claim in list(registers.claims.values()):
        if claim.instrument and claim.instrument not in found:
            del registers.claims[claim.id]
            file, line = registers.places.get(f"claim {claim.id}", ("claims.toml", 0))
            what = f"No instrument '{claim.instrument}' is in the record (named by the claim '{claim.id}')."
            problems.append(Problem(file, line, "error", what, "Correct the id, or add it."))
    return problems


def names_of(instruments: dict[str, Instrument], registers: Registers) -> Names:
    """Return the names that statements may use."""
    return Names(
        issue_of={i.id: i.issue for i in instruments.values()},
        provisions=frozenset(f"{i.id} {p.article}" for i in instruments.values() for p in i.provision),
        issues=frozenset(registers.issues),
    )
