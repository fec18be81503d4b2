"""Checking statements: all faults come at once, and only the rows with an error are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import polars as pl

from detente.errors import Problem
from detente.record.registers import Registers
from detente.record.rules import Glance
from detente.record.rules import Names
from detente.record.rules import Rule
from detente.record.rules import blocking
from detente.record.rules import by_kind
from detente.record.rules import host
from detente.record.rules import rules
from detente.record.rules import seen

__all__ = ["Links", "check_sources", "check_statements"]

_QUOTED = re.compile(r"{(\w+)}")
"""A column whose cell the words of a rule quote."""


def check_statements(
    frame: pl.DataFrame, passing: Glance, links: Links, files: list[str], registers: Registers, names: Names
) -> tuple[dict[str, pl.DataFrame], list[Problem]]:
    """Return the rows of each kind without an error, with typed numbers, and every problem of every row.

    The rows of a kind stand together.  Each rule is one expression over all rows, and is asked only where they
    can break it: where no cell is empty none is missing, and names are compared once a name, not once a row.
    What was seen of the text and its links is given, so that it can be looked at while the rest is made.
    """
    kept, problems = _without_faults(frame, list(rules(seen(frame, passing), registers, names)), files)
    kept, dangling = _without_dangling(kept, links if kept is frame else Links.of(kept), files)
    return by_kind(kept), sorted(problems + dangling)


def _without_faults(frame: pl.DataFrame, asked: list[Rule], files: list[str]) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the rows that break no rule whose breach is an error, and the problems of those that do."""
    faults = [rule.fault.fill_null(value=False) for rule in asked]
    counts = frame.select(fault.sum().alias(str(i)) for i, fault in enumerate(faults))
    problems: list[Problem] = []
    bad: list[pl.Expr] = []
    for rule, fault, count in zip(asked, faults, counts.row(0) if asked else (), strict=True):
        if count:
            problems += _report(frame, rule, files)
            bad += [fault] if rule.severity == "error" else []
    return (frame.filter(~pl.any_horizontal(bad)) if bad else frame), problems


def _report(frame: pl.DataFrame, rule: Rule, files: list[str]) -> Iterator[Problem]:
    quoted = {"file", "line", *_QUOTED.findall(rule.what + rule.remedy)}
    for row in frame.filter(rule.fault.fill_null(value=False)).select(quoted).iter_rows(named=True):
        cells = {name: "" if value is None else value for name, value in row.items()}
        yield Problem(
            files[row["file"]],
            row["line"],
            rule.severity,
            rule.what.format_map(cells),
            rule.remedy.format_map(cells),
        )


class Links(msgspec.Struct, frozen=True):
    """The references between statements that lead nowhere."""

    circles: list[str]
    """The ids of statements that correct each other in a circle."""
    selves: bool
    """Whether a statement corrects itself."""
    corrects: list[str]
    refs: list[str]
    """The cells that name a statement which is not in the record."""

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Links:
        """Return the references of these statements that lead nowhere."""
        return cls(
            circles=_in_circles(frame),
            selves=(frame["corrects"] == frame["id"]).any(),
            corrects=_unknown_ids(frame, "corrects", several=False),
            refs=_unknown_ids(frame, "refs", several=True),
        )


def _without_dangling(frame: pl.DataFrame, links: Links, files: list[str]) -> tuple[pl.DataFrame, list[Problem]]:
    """Drop corrections of each other and of statements that are not in the record; warn of references to none."""
    problems: list[Problem] = []
    if links.circles:
        circular = Rule(
            pl.col("id").is_in(links.circles),
            "'{id}' corrects '{corrects}', whose corrections lead back to it: none of them would count.",
            "Let the first of them correct none, and each later one the one before it.",
        )
        frame, problems = _without_faults(frame, [circular], files)
        links = Links.of(frame)
    frame, dangling = _without_faults(frame, list(_link_rules(links)), files)
    return frame, problems + dangling


def _link_rules(links: Links) -> Iterator[Rule]:
    if links.corrects or links.selves:
        yield Rule(
            pl.col("corrects").is_in(links.corrects) | (pl.col("corrects") == pl.col("id")),
            "'{id}' corrects '{corrects}', which is not in the record.",
            "Name the statement that it replaces.",
        )
    if links.refs:
        yield Rule(
            pl.col("refs").is_in(links.refs),
            "'{id}' refers to a statement that is not in the record ({refs}).",
            "Correct the id, with ';' between several.",
            "warning",
        )


def _in_circles(frame: pl.DataFrame) -> list[str]:
    """Return the ids of the statements that correct each other in a circle, of whatever length but one."""
    pairs = frame.select("id", "corrects").drop_nulls("corrects").filter(pl.col("corrects") != pl.col("id"))
    corrects = dict(pairs.iter_rows())
    found: list[str] = []
    done: set[str] = set()
    for start in corrects:
        path: dict[str, int] = {}
        at = start
        while at in corrects and at not in done and at not in path:
            path[at] = len(path)
            at = corrects[at]
        if at in path:
            found += list(path)[path[at] :]
        done.update(path)
    return found


def _unknown_ids(frame: pl.DataFrame, column: str, several: bool) -> list[str]:
    """Return the cells of a column that name a statement which is not in the record."""
    cells = frame[column].drop_nulls().unique()
    if cells.is_empty():
        return []
    parts = pl.DataFrame({"cell": cells, "part": cells})
    if several:
        parts = parts.with_columns(pl.col("part").str.split(";")).explode("part")
    found = frame["id"].filter(frame["id"].is_in(parts["part"].implode()))
    return parts.filter(~pl.col("part").is_in(found.implode()))["cell"].unique().to_list()


def check_sources(registers: Registers) -> list[Problem]:
    """Return a problem for every source that is blocked or without an address."""
    problems: list[Problem] = []
    barred = blocking(registers.sources.values(), registers)
    for source in registers.sources.values():
        if source.id == "unconfirmed":
            continue
        place, line = registers.places.get(f"source {source.id}", ("sources.toml", 0))
        if source.id in barred:
            what = f"The address {source.address} is on the block list: {barred[source.id].reason}."
            problems.append(Problem(place, line, "error", what, "Cite another source."))
        elif not host(source.address):
            what = f"'{source.address}' is no web address."
            problems.append(Problem(place, line, "error", what, "Write it as https://..."))
    return problems
