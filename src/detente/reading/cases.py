"""Cases: what must come out of the record, written for a lawyer to read, and run as they stand.

A case names a day, a provision and a party, or counted items, and what is expected; it may bring statements
of its own (`given`) where the record holds none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from importlib.util import module_from_spec
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from detente.errors import DetenteError
from detente.errors import Problem
from detente.instruments.load import names_of
from detente.reading.casebook import SHIPPED
from detente.reading.casebook import Casebook
from detente.reading.casebook import about
from detente.reading.casebook import shown_name
from detente.reading.reading import Reading
from detente.record.dates import day
from detente.record.load import Files
from detente.record.load import load_statements
from detente.record.load import read_tables
from detente.record.load import read_toml
from detente.record.load import typed

__all__ = ["Case", "find_cases", "run_all_cases", "run_case"]


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One case of an instrument's `cases/*.toml`."""

    name: str
    source: str
    on: str
    expect: dict[str, Any]
    known_by: str = ""
    according_to: str = ""
    provision: str = ""
    party: str = ""
    given: tuple[dict[str, Any], ...] = ()
    count: str = ""
    given_items: dict[str, Any] = msgspec.field(default_factory=dict)
    note: str = ""


def find_cases(folder: Path, shown: str, problems: list[Problem]) -> Iterator[tuple[str, str, int, Case]]:
    """Yield (instrument, file, line, case) for every case below a folder of instruments."""
    for path in sorted(folder.glob("*/cases/*.toml")):
        data = path.read_bytes()
        name = f"{shown}/{path.relative_to(folder).as_posix()}"
        lines = [n for n, text in enumerate(data.splitlines(), 1) if text.strip() == b"[[case]]"]
        rows = read_toml(data, name, problems).get("case", [])
        for number, raw in enumerate(rows if isinstance(rows, list) else []):
            line = lines[number] if number < len(lines) else 1
            case = typed(raw, Case, name, line, problems)
            if case:
                yield path.parent.parent.name.replace("_", "-"), name, line, case


def run_all_cases(
    casebook: Casebook, folder: Path | None = None, tell: Callable[[int, int], None] = lambda done, all: None
) -> list[Problem]:
    """Return a problem for every case that does not hold: of a user's casebook, or of the shipped one."""
    problems: list[Problem] = []
    home = folder / "instruments" if folder else SHIPPED
    shown = f"{shown_name(folder)}/instruments" if folder else "instruments"
    cases = list(find_cases(home, shown, problems))
    for number, (instrument, name, line, case) in enumerate(cases, 1):
        tell(number, len(cases))
        try:
            otherwise = run_case(casebook, instrument, home / instrument.replace("-", "_"), case)
        except (DetenteError, ValueError, AttributeError) as fault:
            otherwise = {"case": ("a case that can be run", str(fault))}
        for what, (wanted, found) in otherwise.items():
            said = f"The case '{case.name}' expects {what} = {wanted}, and {found} comes out."
            remedy = "Correct the case, the statements or the treaty: detente explain shows how it was computed."
            problems.append(Problem(name, line, "error", said, remedy))
    return problems


def run_case(casebook: Casebook, instrument: str, folder: Path, case: Case) -> dict[str, tuple[object, object]]:
    """Return what came out otherwise than expected: name -> (expected, found); empty if the case holds."""
    if case.source not in casebook.record.registers.sources:
        return {"source": ("a registered source", case.source)}
    if instrument not in casebook.instruments:
        return {"instrument": (instrument, "not in the record")}
    found = _counted(folder, case) if case.count else _judged(casebook, instrument, case)
    return {
        name: (wanted, found.get(name)) for name, wanted in case.expect.items() if not _same(wanted, found.get(name))
    }


def _same(wanted: object, found: object) -> bool:
    if isinstance(wanted, bool) or wanted is None:
        return wanted == found
    if isinstance(wanted, int | float) and found is not None:
        try:
            return float(wanted) == float(str(found))
        except ValueError:
            return False
    return str(wanted) == ("" if found is None else str(found))


def _counted(folder: Path, case: Case) -> dict[str, object]:
    """Call the treaty's own counting rule on the items of the case."""
    path = folder / "counting.py"
    spec = spec_from_file_location(f"counting_{folder.name}", path)
    if spec is None or spec.loader is None:
        return {"value": f"there is no {path.name}"}
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return {"value": getattr(module, case.count)(case.given_items)}


def _judged(casebook: Casebook, instrument: str, case: Case) -> dict[str, object]:
    book = _with_given(casebook, case.given, casebook.instruments[instrument].issue) if case.given else casebook
    book = about(book, instrument)
    known = day(case.known_by) if case.known_by else None
    reading = Reading(book, day(case.on), known, case.according_to or None)
    life = reading.standing.life(instrument, reading.reader)
    found: dict[str, object] = {
        "in_force": life.in_force(reading.on), "ends": life.ends, "ended": life.ended, "since": life.since,
        "extensions": life.extensions,
    }  # fmt: skip
    if case.party:
        party = casebook.record.registers.at(case.party, reading.on)
        found["standing"] = reading.standing.of(instrument, party, reading.reader).standing
        if case.provision:
            rows = reading.findings(instrument, party).filter(pl.col("provision") == case.provision)
            chosen = rows.filter(pl.col("author").is_in(["", reading.reader])) if rows.height else rows
            if chosen.height:
                row = chosen.row(-1, named=True)
                limit = str(row["limit"] or "").split(" ")[-1] or None
                found |= {"state": row["state"], "value": row["value"], "limit": limit, "reason": row["reason"]}
                found |= {"until": row["until"], "author": row["author"]}
    return found


def _with_given(casebook: Casebook, given: tuple[dict[str, Any], ...], issue: str) -> Casebook:
    """Return the casebook with the case's own statements added, loaded and checked like any others."""
    files = Files([])
    for number, row in enumerate(given):
        kind = str(row.get("kind", ""))
        cells = {"id": f"given.{number}", "known": row.get("on"), "source": "unconfirmed", "basis": "unconfirmed"}
        cells |= {k: v for k, v in row.items() if k != "kind"}
        files.entries.append((Path(f"{issue}/{kind}s-{number}.csv"), "given", _csv(cells)))
    files.names = [shown for _, shown, _ in files.entries]
    registers = casebook.record.registers
    added, problems = load_statements(read_tables(files), files, registers, names_of(casebook.instruments, registers))
    faults = [str(problem) for problem in problems if problem.severity == "error"]
    if faults:
        raise ValueError("; ".join(faults))
    return Casebook(casebook.record.joined(added), casebook.instruments, casebook.problems)


def _csv(cells: Mapping[str, object]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(cells)
    writer.writerow("" if v is None else str(v) for v in cells.values())
    return out.getvalue().encode()
