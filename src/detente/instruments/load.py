"""Loading instruments: every folder's `treaty.toml` becomes one Instrument, with the faults beside it."""

from __future__ import annotations

from collections.abc import Mapping

from detente.errors import Problem
from detente.instruments.schema import Instrument
from detente.record.check import Names
from detente.record.load import Files
from detente.record.load import read_toml
from detente.record.load import typed
from detente.record.registers import Registers

__all__ = ["load_instruments", "names_of"]


def load_instruments(files: Files, registers: Registers) -> tuple[dict[str, Instrument], list[Problem]]:
    """Return the instruments by id; one that is not valid is reported and left out."""
    problems: list[Problem] = []
    found: dict[str, Instrument] = {}
    for path, shown, data in files.entries:
        if path.name != "treaty.toml":
            continue
        instrument = typed(read_toml(data, shown, problems), Instrument, shown, 1, problems)
        if instrument is None:
            continue
        lines = _article_lines(data)
        faults = [*instrument.faults(), *_unknown_names(instrument, registers)]
        problems += [Problem(shown, lines.get(a, 1), "error", what, remedy) for a, what, remedy in faults]
        folder = path.parent.name.replace("_", "-")
        if folder != instrument.id:
            what = f"The folder '{path.parent.name}' holds the instrument '{instrument.id}'."
            problems.append(Problem(shown, 1, "error", what, "Name the folder as the id, with underscores."))
        if instrument.id in found:
            what = f"The instrument '{instrument.id}' is in the record already."
            problems.append(Problem(shown, 1, "error", what, "Give this one an id of its own."))
            continue
        found[instrument.id] = instrument
    return found, problems + _unknown_instruments(found, files)


def _article_lines(data: bytes) -> dict[str, int]:
    """Return the line on which each article begins."""
    lines: dict[str, int] = {}
    for number, text in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        name, _, value = text.partition("=")
        if name.strip() == "article":
            lines.setdefault(value.split("#")[0].strip().strip("\"'"), number)
    return lines


def _unknown_names(instrument: Instrument, registers: Registers) -> list[tuple[str, str, str]]:
    faults: list[tuple[str, str, str]] = []

    def expect(article: str, name: str, register: Mapping[str, object], where: str) -> None:
        if name and name not in register:
            faults.append((article, f"'{name}' is not registered.", f"Correct the name, or add it to {where}."))

    expect("", instrument.issue, registers.issues, "issues.toml")
    expect("", instrument.source, registers.sources, "sources.toml")
    expect("", instrument.body, registers.forums, "forums.toml")
    parties = registers.parties
    named = (*instrument.participants, *instrument.concerns, *instrument.depositary, instrument.authority)
    for party in (*named, *(p for members in instrument.roles.values() for p in members)):
        expect("", party, parties, "parties.toml")
    for provision in instrument.provision:
        for measure in (provision.measure, *provision.measures):
            expect(provision.article, measure, registers.measures, "measures.toml")
        expect(provision.article, provision.forum, registers.forums, "forums.toml")
        expect(provision.article, provision.source, registers.sources, "sources.toml")
        binds = provision.binds
        if isinstance(binds, tuple):
            for party in binds:
                expect(provision.article, party, parties, "parties.toml")
        elif binds != "parties" and binds.removeprefix("not-").removeprefix("role:") not in instrument.roles:
            faults.append((provision.article, f"'{binds}' binds no known role.", "Define it under [roles]."))
    return faults


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


def names_of(instruments: dict[str, Instrument], registers: Registers) -> Names:
    """Return the names that statements may use."""
    return Names(
        issue_of={i.id: i.issue for i in instruments.values()},
        provisions=frozenset(f"{i.id} {p.article}" for i in instruments.values() for p in i.provision),
        issues=frozenset(registers.issues),
    )
