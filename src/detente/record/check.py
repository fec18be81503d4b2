"""Checking statements: every rule is one expression over the whole record, and all faults come at once."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
import polars as pl

from detente.errors import Problem
from detente.record.dates import EDTF_REMEDY
from detente.record.dates import LongPeriodError
from detente.record.dates import period
from detente.record.registers import Blocked
from detente.record.registers import Registers
from detente.record.registers import Source
from detente.record.statements import ALWAYS
from detente.record.statements import BASES
from detente.record.statements import DATED
from detente.record.statements import KINDS
from detente.record.statements import LEVELS
from detente.record.statements import SILENCES

__all__ = ["Names", "blocked_by", "check_sources", "check_statements"]

_ID = r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$"


class Names(msgspec.Struct, frozen=True):
    """The names that statements may use and that the record itself does not define."""

    issue_of: dict[str, str]
    """Instrument id -> issue id."""
    provisions: frozenset[str]
    """`instrument article`, for every provision."""
    issues: frozenset[str]


class Rule(msgspec.Struct, frozen=True):
    """One fault that a row can have; `what` may quote the row's cells in braces."""

    fault: pl.Expr
    what: str
    remedy: str
    severity: str = "error"


def check_statements(
    frame: pl.DataFrame, files: list[str], registers: Registers, names: Names
) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the rows without an error, with typed numbers, and every problem of every row."""
    frame = _typed_numbers(frame, registers)
    present = set(frame["kind"].unique())
    rules = [*_shape_rules(present), *_value_rules(frame), *_name_rules(frame, registers, names)]
    counts = frame.select([rule.fault.fill_null(value=False).sum().alias(str(i)) for i, rule in enumerate(rules)])
    problems: list[Problem] = []
    bad = pl.lit(value=False)
    for rule, count in zip(rules, counts.row(0) if counts.height else (), strict=False):
        if count:
            problems += _report(frame, rule, files)
            if rule.severity == "error":
                bad = bad | rule.fault.fill_null(value=False)
    kept = frame.filter(~bad) if problems else frame
    kept, dangling = _without_dangling(kept, files)
    return kept.drop("folder", "_number"), sorted(problems + dangling)


def _typed_numbers(frame: pl.DataFrame, registers: Registers) -> pl.DataFrame:
    """Add `count` (Int64, what a treaty counts) and `quantity` (Float64, physical amounts)."""
    kinds = {m.id: m.number for m in registers.measures.values()}
    number = pl.col("measure").replace_strict(list(kinds), list(kinds.values()), default=None, return_dtype=pl.String)
    frame = frame.with_columns(number.alias("_number"))
    return frame.with_columns(
        pl.when(pl.col("_number") == "count").then(pl.col("value").cast(pl.Int64, strict=False)).alias("count"),
        pl.when(pl.col("_number") == "quantity").then(pl.col("value").cast(pl.Float64, strict=False)).alias("quantity"),
    )


def _report(frame: pl.DataFrame, rule: Rule, files: list[str]) -> Iterator[Problem]:
    if not frame.select(rule.fault.any()).item():
        return  # to filter every column costs more than to ask whether there is a fault
    for row in frame.filter(rule.fault.fill_null(value=False)).iter_rows(named=True):
        cells = {name: "" if value is None else value for name, value in row.items()}
        yield Problem(
            files[row["file"]],
            row["line"],
            rule.severity,
            rule.what.format_map(cells),
            rule.remedy.format_map(cells),
        )


def _shape_rules(present: Collection[str]) -> Iterator[Rule]:
    """Yield the rules about cells that are missing or are not of their form."""
    for column in ALWAYS:
        yield Rule(pl.col(column).is_null(), f"The statement '{{id}}' has no '{column}'.", f"Fill in '{column}'.")
    for kind in (k for k in KINDS.values() if k.name in present):
        of_kind = pl.col("kind") == kind.name
        for column in kind.needs:
            what = f"The {kind.name} '{{id}}' has no '{column}'."
            yield Rule(of_kind & pl.col(column).is_null(), what, f"Every {kind.name} needs '{column}'.")
        if kind.verbs:
            fault = of_kind & ~pl.col("verb").is_in(list(kind.verbs))
            what = f"'{{verb}}' is no verb of a {kind.name} ('{{id}}')."
            yield Rule(fault, what, f"Use one of: {', '.join(kind.verbs)}.")
    yield Rule(
        ~pl.col("id").str.contains(_ID),
        "The id '{id}' is not of the form a.b-c.",
        "Use lower-case letters, digits, dots and hyphens.",
    )
    yield Rule(
        pl.col("id").is_not_null() & ~pl.col("id").is_first_distinct(),
        "The id '{id}' is taken.",
        "Give this statement an id of its own; to correct the other one, name it under 'corrects'.",
    )
    for column in DATED:
        fault = pl.col(column).is_not_null() & pl.col(f"{column}_last").is_null()
        yield Rule(fault, f"'{{{column}}}' under '{column}' of '{{id}}' is no date.", EDTF_REMEDY)


def _value_rules(frame: pl.DataFrame) -> Iterator[Rule]:
    """Yield the rules about cells that contradict each other."""
    for column, allowed in (("basis", BASES), ("silence", SILENCES), ("level", LEVELS)):
        fault = pl.col(column).is_not_null() & ~pl.col(column).is_in(list(allowed))
        what = f"'{{{column}}}' is no '{column}' ('{{id}}')."
        yield Rule(fault, what, f"Use one of: {', '.join(allowed)}.")
    yield Rule(
        pl.col("until_last") < pl.col("on_first"),
        "'{id}' ends ({until}) before it begins ({on}).",
        "Correct 'on' or 'until'.",
    )
    valued = pl.col("silence").is_in(["given", "nil"])
    yield Rule(
        valued & pl.col("value").is_null(),
        "The report '{id}' is '{silence}' but has no value.",
        "Give the value (0 for nil), or say withheld, suspended, nothing-new or unknown.",
    )
    yield Rule(
        pl.col("silence").is_not_null() & ~valued & pl.col("value").is_not_null(),
        "The report '{id}' is '{silence}' but has the value {value}.",
        "Only 'given' and 'nil' carry a value: unknown is never zero.",
    )
    yield Rule(
        (pl.col("silence") == "nil") & (pl.coalesce(pl.col("count").cast(pl.Float64), "quantity") != 0),
        "The report '{id}' declares nil but gives {value}.",
        "Nil is 0.",
    )
    yield Rule(
        (pl.col("_number") == "count") & pl.col("value").is_not_null() & pl.col("count").is_null(),
        "'{value}' is no whole number, and '{measure}' is counted ('{id}').",
        "Write an integer.",
    )
    yield Rule(
        (pl.col("_number") == "quantity")
        & pl.col("value").is_not_null()
        & (pl.col("quantity").is_null() | ~pl.col("quantity").is_finite()),
        "'{value}' is no number ('{id}').",
        "Write it with a decimal point and without a unit.",
    )
    no_period, too_long = _misread_periods(frame["period"])
    yield Rule(
        pl.col("period").is_in(no_period),
        "'{period}' is no period ('{id}').",
        "Write an ISO 8601 period such as P5Y or P90D.",
    )
    yield Rule(
        pl.col("period").is_in(too_long),
        "The period {period} of '{id}' is longer than 1000 years.",
        "Write a shorter one, such as P5Y; leave it empty for what has no end.",
    )
    yield Rule(
        (pl.col("verb") == "extend") & (pl.col("kind") == "act") & pl.col("period").is_null(),
        "The act '{id}' extends by an unknown time.",
        "Give 'period', for example P5Y.",
    )
    yield Rule(
        pl.col("ru").is_null() & pl.col("en").is_not_null() & pl.col("kind").is_in(["concern", "forum-act"]),
        "'{id}' has no Russian text.",
        "English and Russian are equal here: fill in 'ru'.",
        "warning",
    )


def _misread_periods(cells: pl.Series) -> tuple[list[str], list[str]]:
    """Return the cells that are no period, and those that are one and too long."""
    none: list[str] = []
    long: list[str] = []
    for text in cells.drop_nulls().unique():
        try:
            period(text)
        except LongPeriodError:
            long.append(text)
        except ValueError:
            none.append(text)
    return none, long


def _name_rules(frame: pl.DataFrame, registers: Registers, names: Names) -> Iterator[Rule]:
    """Yield the rules about names that nothing defines."""
    registered: tuple[tuple[str, Collection[str], str], ...] = (
        ("author", registers.parties, "parties.toml"),
        ("source", registers.sources, "sources.toml"),
        ("measure", registers.measures, "measures.toml"),
        ("forum", registers.forums, "forums.toml"),
        ("issue", registers.issues, "issues.toml"),
        ("instrument", names.issue_of, "an instruments/ folder"),
    )
    for column, known, where in registered:
        fault = pl.col(column).is_not_null() & ~pl.col(column).is_in(list(known))
        what = f"No {column} '{{{column}}}' is registered ('{{id}}')."
        yield Rule(fault, what, f"Correct the name, or add it to {where}.")
    unknown_parties = _unknown_in_lists(frame["party"], registers.parties)
    yield Rule(
        pl.col("party").is_in(unknown_parties),
        "'{party}' names a party that is not registered ('{id}').",
        "Use ids of parties.toml, with ';' between several.",
    )
    yield Rule(
        (pl.col("kind") == "claim") & ~pl.col("topic").is_in(list(registers.claims)),
        "No claim '{topic}' is registered ('{id}').",
        "Add it to claims.toml.",
    )
    yield Rule(
        pl.col("issue").is_null(),
        "'{id}' belongs to no issue.",
        "Fill in 'issue', or put the file into a folder named as one.",
    )
    yield Rule(
        pl.col("provision").is_not_null()
        & pl.col("instrument").is_not_null()
        & ~pl.concat_str("instrument", "provision", separator=" ").is_in(list(names.provisions)),
        "The instrument '{instrument}' has no provision '{provision}' ('{id}').",
        "Use an article of its treaty.toml.",
        "warning",
    )
    yield Rule(
        pl.col("source").is_in([s.id for s in registers.sources.values() if blocked_by(s, registers)]),
        "'{id}' rests on the source '{source}', whose address is on the block list.",
        "Cite another source.",
    )
    unconfirmed = [s.id for s in registers.sources.values() if s.tier == "unconfirmed"]
    yield Rule(
        (pl.col("source") == "unconfirmed") & (pl.col("basis") != "unconfirmed"),
        "'{id}' has no source but its basis is '{basis}'.",
        "Find the source, or enter it with basis 'unconfirmed'.",
    )
    yield Rule(
        pl.col("source").is_in([s for s in unconfirmed if s != "unconfirmed"]) & (pl.col("basis") == "seen"),
        "'{id}' rests on a source of the lowest tier ({source}).",
        "Look for an official or scholarly source.",
        "note",
    )


def _unknown_in_lists(cells: pl.Series, known: Collection[str]) -> list[str]:
    unique = cells.drop_nulls().unique().to_list()
    return [cell for cell in unique if not all(part in known for part in cell.split(";"))]


def _without_dangling(frame: pl.DataFrame, files: list[str]) -> tuple[pl.DataFrame, list[Problem]]:
    """Drop corrections of each other and of statements that are not in the record; warn of references to none."""
    circular = Rule(
        pl.col("id").is_in(_in_circles(frame)),
        "'{id}' corrects '{corrects}', whose corrections lead back to it: none of them would count.",
        "Let the first of them correct none, and each later one the one before it.",
    )
    problems = list(_report(frame, circular, files))
    frame = frame.filter(~circular.fault) if problems else frame
    corrects = Rule(
        pl.col("corrects").is_in(_unknown_ids(frame, "corrects", several=False)) | (pl.col("corrects") == pl.col("id")),
        "'{id}' corrects '{corrects}', which is not in the record.",
        "Name the statement that it replaces.",
    )
    refs = Rule(
        pl.col("refs").is_in(_unknown_ids(frame, "refs", several=True)),
        "'{id}' refers to a statement that is not in the record ({refs}).",
        "Correct the id, with ';' between several.",
        "warning",
    )
    problems += [*_report(frame, corrects, files), *_report(frame, refs, files)]
    return (frame.filter(~corrects.fault.fill_null(value=False)) if problems else frame), problems


def _in_circles(frame: pl.DataFrame) -> list[str]:
    """Return the ids of the statements that correct each other in a circle, of whatever length but one."""
    rows = frame.filter(pl.col("corrects").is_not_null() & (pl.col("corrects") != pl.col("id")))
    corrects = dict(rows.select("id", "corrects").iter_rows())
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
    for source in registers.sources.values():
        if source.id == "unconfirmed":
            continue
        blocked = blocked_by(source, registers)
        place, line = registers.places.get(f"source {source.id}", ("sources.toml", 0))
        if blocked:
            what = f"The address {source.address} is on the block list: {blocked.reason}."
            problems.append(Problem(place, line, "error", what, "Cite another source."))
        elif not _host(source.address):
            what = f"'{source.address}' is no web address."
            problems.append(Problem(place, line, "error", what, "Write it as https://..."))
    return problems


def blocked_by(source: Source, registers: Registers) -> Blocked | None:
    """Return the entry of the block list that a source's address falls under, if any."""
    address = source.address.lower()
    for blocked in registers.blocked.values():
        barred = blocked.host.lower().strip(".")
        # To split an address costs much more than to see that the host is not in it.
        if barred in address and f".{_host(address)}".endswith(f".{barred}"):
            return blocked
    return None


def _host(address: str) -> str:
    """Return the host of a web address, without the dot that may end it; "" where there is none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:  # a bracket that is not closed, say
        return ""
