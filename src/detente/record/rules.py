"""The rules for statements: what a row can be blamed for, in which words, and what to do about it.

Each rule is one expression over all rows, and is asked only where they can break it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterator
from itertools import accumulate
from urllib.parse import urlsplit

import msgspec
import polars as pl

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

__all__ = ["Glance", "Names", "Rows", "Rule", "blocking", "by_kind", "glance", "host", "numbers", "rules", "seen"]

_WORDS = (
    "author", "source", "measure", "forum", "issue", "instrument", "party", "verb", "basis", "silence", "level",
    "period",
)  # fmt: skip
"""The columns in which few texts stand, each of them many times."""

_IN_BOTH = ("concern", "forum-act")
"""The kinds whose every text is given in both languages."""

_PLACE = pl.col("file").cast(pl.Int64) * 2**32 + pl.col("line")
"""File and line of a row in one number."""

_PLAIN_ADDRESS = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/?#]|$)")
"""An address that needs no parser, which would be slow: nearly every one."""

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


class Rows(msgspec.Struct, frozen=True):
    """All statements, and what was seen of them in passing: enough to leave out most rules."""

    frame: pl.DataFrame
    kinds: dict[str, pl.DataFrame]
    """The rows of each kind that is present: the frame in pieces."""
    nulls: dict[str, int]
    """The number of empty cells of each column."""
    words: dict[str, set[str]]
    """The different texts in each column of names and fixed words."""
    taken: list[int]
    """The places of the statements whose id an earlier one has."""
    misspelt: bool
    """Whether an id is not of the form of one."""
    misread: bool
    """Whether a value may be no number of its measure."""

    def filled(self, *columns: str) -> bool:
        """Return whether each of the columns has a cell that is not empty."""
        return all(self.nulls[column] < self.frame.height for column in columns)

    def texts(self, kind: str, column: str) -> set[str]:
        """Return the different texts in a column of one kind."""
        return set(self.kinds[kind][column].unique()) - {None}


def numbers(text: pl.DataFrame, registers: Registers) -> pl.DataFrame:
    """Return `count` (Int64, what a treaty counts) and `quantity` (Float64, physical amounts) of every row."""
    value = pl.col("value")
    return text.select(
        pl.when(_measured("count", registers)).then(value.cast(pl.Int64, strict=False)).alias("count"),
        pl.when(_measured("quantity", registers)).then(value.cast(pl.Float64, strict=False)).alias("quantity"),
    )


def _measured(number: str, registers: Registers) -> pl.Expr:
    """Return whether the row's measure is a `count` or a `quantity`."""
    return pl.col("measure").is_in([m.id for m in registers.measures.values() if m.number == number])


class Glance(msgspec.Struct, frozen=True):
    """What was seen of the text alone, before anything was made of it."""

    words: dict[str, set[str]]
    """The different texts in each column of names and fixed words that has any; the issue is not known yet."""
    twice: bool
    """Whether two ids may be the same."""
    misspelt: bool


def glance(text: pl.DataFrame) -> Glance:
    """Return what there is to see of the text in passing."""
    nulls = _nulls(text)
    filled = [column for column in _WORDS if nulls[column] < text.height and column != "issue"]
    ids = pl.col("id").drop_nulls()
    # In one question, so that Polars answers its parts side by side.  Numbers made of the ids are counted twice as
    # fast as the ids; that two ids make the same number is next to impossible, and then they are compared.
    found = text.select(
        *(pl.col(column).unique().implode() for column in filled),
        ids.hash().n_unique().alias("ids"),
        (~ids.str.contains(_ID)).any().alias("misspelt"),
    )
    return Glance(
        words={column: set(found[column].item()) - {None} for column in filled},
        twice=found["ids"].item() < text.height - nulls["id"],
        misspelt=bool(found["misspelt"].item()),
    )


def seen(frame: pl.DataFrame, passing: Glance) -> Rows:
    """Return the rows with what was seen of their text and what there is to see of the rest."""
    valued = pl.col("value").is_not_null() & pl.col("measure").is_not_null()
    numbered = pl.col("count").is_not_null() | pl.col("quantity").is_not_null()
    found = frame.select(
        pl.col("issue").unique().implode(),
        (valued & (~numbered | pl.col("quantity").is_infinite() | pl.col("quantity").is_nan()))
        .any()
        .alias("no number"),
    )
    issues = set(found["issue"].item()) - {None}
    return Rows(
        frame=frame,
        kinds=by_kind(frame),
        nulls=_nulls(frame),
        words={column: set[str]() for column in _WORDS} | passing.words | {"issue": issues},
        taken=_taken(frame) if passing.twice else [],
        misspelt=passing.misspelt,
        misread=bool(found["no number"].item()),
    )


def by_kind(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the rows of each kind, which stand together."""
    runs = frame["kind"].rle().struct.unnest()
    ends = accumulate(runs["len"].to_list())
    return {kind: frame.slice(end - length, length) for (length, kind), end in zip(runs.rows(), ends, strict=True)}


def _nulls(frame: pl.DataFrame) -> dict[str, int]:
    return dict(zip(frame.columns, frame.null_count().row(0), strict=True))


def rules(rows: Rows, registers: Registers, names: Names) -> Iterator[Rule]:
    """Yield the rules that the rows can break."""
    yield from _missing_rules(rows)
    yield from _shape_rules(rows)
    yield from _word_rules(rows)
    yield from _value_rules(rows, registers)
    yield from _name_rules(rows, registers, names)
    yield from _source_rules(rows, registers)


def _missing_rules(rows: Rows) -> Iterator[Rule]:
    """Yield the rules about cells that are empty and must not be."""
    for column in ALWAYS:
        if rows.nulls[column]:
            yield Rule(pl.col(column).is_null(), f"The statement '{{id}}' has no '{column}'.", f"Fill in '{column}'.")
    for name, of_kind in rows.kinds.items():
        nulls = _nulls(of_kind.select(KINDS[name].needs))
        for column in (c for c in KINDS[name].needs if nulls[c]):
            what = f"The {name} '{{id}}' has no '{column}'."
            yield Rule(_is(name) & pl.col(column).is_null(), what, f"Every {name} needs '{column}'.")
    if rows.nulls["issue"]:
        yield Rule(
            pl.col("issue").is_null(),
            "'{id}' belongs to no issue.",
            "Fill in 'issue', or put the file into a folder named as one.",
        )
    if any(name in rows.kinds for name in _IN_BOTH):
        yield Rule(
            pl.col("ru").is_null() & pl.col("en").is_not_null() & pl.col("kind").is_in(_IN_BOTH),
            "'{id}' has no Russian text.",
            "English and Russian are equal here: fill in 'ru'.",
            "warning",
        )


def _is(kind: str) -> pl.Expr:
    return pl.col("kind") == kind


def _shape_rules(rows: Rows) -> Iterator[Rule]:
    """Yield the rules about cells that are not of their form."""
    if rows.misspelt:
        yield Rule(
            ~pl.col("id").str.contains(_ID),
            "The id '{id}' is not of the form a.b-c.",
            "Use lower-case letters, digits, dots and hyphens.",
        )
    if rows.taken:
        yield Rule(
            pl.col("id").is_not_null() & _PLACE.is_in(rows.taken),
            "The id '{id}' is taken.",
            "Give this statement an id of its own; to correct the other one, name it under 'corrects'.",
        )
    for column in DATED:
        if rows.nulls[f"{column}_last"] > rows.nulls[column]:
            fault = pl.col(column).is_not_null() & pl.col(f"{column}_last").is_null()
            yield Rule(fault, f"'{{{column}}}' under '{column}' of '{{id}}' is no date.", EDTF_REMEDY)
    if rows.filled("until"):
        yield Rule(
            pl.col("until_last") < pl.col("on_first"),
            "'{id}' ends ({until}) before it begins ({on}).",
            "Correct 'on' or 'until'.",
        )


def _taken(frame: pl.DataFrame) -> list[int]:
    """Return the places of the statements whose id an earlier one has."""
    rows = frame.select("id", "file", "line").drop_nulls("id").sort("file", "line")
    return rows.filter(~pl.col("id").is_first_distinct()).select(_PLACE).to_series().to_list()


def _word_rules(rows: Rows) -> Iterator[Rule]:
    """Yield the rules about cells that hold one of a few words."""
    for name in rows.kinds:
        verbs = KINDS[name].verbs
        strange = rows.texts(name, "verb").difference(verbs) if verbs else ()
        if strange:
            what = f"'{{verb}}' is no verb of a {name} ('{{id}}')."
            yield Rule(_is(name) & pl.col("verb").is_in(sorted(strange)), what, f"Use one of: {', '.join(verbs)}.")
    for column, allowed in (("basis", BASES), ("silence", SILENCES), ("level", LEVELS)):
        what = f"'{{{column}}}' is no '{column}' ('{{id}}')."
        yield from _strange(rows, column, allowed, what, f"Use one of: {', '.join(allowed)}.")
    no_period, too_long = _misread_periods(rows.words["period"])
    if no_period:
        yield Rule(
            pl.col("period").is_in(no_period),
            "'{period}' is no period ('{id}').",
            "Write an ISO 8601 period such as P5Y or P90D.",
        )
    if too_long:
        yield Rule(
            pl.col("period").is_in(too_long),
            "The period {period} of '{id}' is longer than 1000 years.",
            "Write a shorter one, such as P5Y; leave it empty for what has no end.",
        )
    if "act" in rows.kinds and "extend" in rows.texts("act", "verb"):
        yield Rule(
            _is("act") & (pl.col("verb") == "extend") & pl.col("period").is_null(),
            "The act '{id}' extends by an unknown time.",
            "Give 'period', for example P5Y.",
        )


def _strange(rows: Rows, column: str, known: Collection[str], what: str, remedy: str) -> Iterator[Rule]:
    """Yield a rule against the texts of a column that are not among the known ones, if there are any."""
    strange = rows.words[column].difference(known)
    if strange:
        yield Rule(pl.col(column).is_in(sorted(strange)), what, remedy)


def _value_rules(rows: Rows, registers: Registers) -> Iterator[Rule]:
    """Yield the rules about cells that contradict each other."""
    if rows.filled("silence"):
        yield from _silence_rules()
    if rows.misread:
        value = pl.col("value")
        yield Rule(
            _measured("count", registers) & value.is_not_null() & pl.col("count").is_null(),
            "'{value}' is no whole number, and '{measure}' is counted ('{id}').",
            "Write an integer.",
        )
        yield Rule(
            _measured("quantity", registers)
            & value.is_not_null()
            & (pl.col("quantity").is_null() | ~pl.col("quantity").is_finite()),
            "'{value}' is no number ('{id}').",
            "Write it with a decimal point and without a unit.",
        )


def _silence_rules() -> Iterator[Rule]:
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


def _misread_periods(cells: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the cells that are no period, and those that are one and too long."""
    none: list[str] = []
    long: list[str] = []
    for text in cells:
        try:
            period(text)
        except LongPeriodError:
            long.append(text)
        except ValueError:
            none.append(text)
    return none, long


def _name_rules(rows: Rows, registers: Registers, names: Names) -> Iterator[Rule]:
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
        what = f"No {column} '{{{column}}}' is registered ('{{id}}')."
        yield from _strange(rows, column, known, what, f"Correct the name, or add it to {where}.")
    yield from _strange(
        rows,
        "party",
        [cell for cell in rows.words["party"] if all(part in registers.parties for part in cell.split(";"))],
        "'{party}' names a party that is not registered ('{id}').",
        "Use ids of parties.toml, with ';' between several.",
    )
    strange = rows.texts("claim", "topic").difference(registers.claims) if "claim" in rows.kinds else ()
    if strange:
        what = "No claim '{topic}' is registered ('{id}')."
        yield Rule(_is("claim") & pl.col("topic").is_in(sorted(strange)), what, "Add it to claims.toml.")
    if rows.filled("provision", "instrument"):
        yield Rule(
            pl.col("provision").is_not_null()
            & pl.col("instrument").is_not_null()
            & ~pl.concat_str("instrument", "provision", separator=" ").is_in(list(names.provisions)),
            "The instrument '{instrument}' has no provision '{provision}' ('{id}').",
            "Use an article of its treaty.toml.",
            "warning",
        )


def _source_rules(rows: Rows, registers: Registers) -> Iterator[Rule]:
    """Yield the rules about sources that are registered and yet do not carry the statement."""
    cited = [registers.sources[name] for name in sorted(rows.words["source"]) if name in registers.sources]
    blocked = list(blocking(cited, registers))
    if blocked:
        yield Rule(
            pl.col("source").is_in(blocked),
            "'{id}' rests on the source '{source}', whose address is on the block list.",
            "Cite another source.",
        )
    if "unconfirmed" in rows.words["source"]:
        yield Rule(
            (pl.col("source") == "unconfirmed") & (pl.col("basis") != "unconfirmed"),
            "'{id}' has no source but its basis is '{basis}'.",
            "Find the source, or enter it with basis 'unconfirmed'.",
        )
    weak = [source.id for source in cited if source.tier == "unconfirmed" and source.id != "unconfirmed"]
    if weak:
        yield Rule(
            pl.col("source").is_in(weak) & (pl.col("basis") == "seen"),
            "'{id}' rests on a source of the lowest tier ({source}).",
            "Look for an official or scholarly source.",
            "note",
        )


def blocking(sources: Collection[Source], registers: Registers) -> dict[str, Blocked]:
    """Return the sources whose address falls under the block list, with the entry that bars each."""
    found: dict[str, Blocked] = {}
    addresses = "\n".join(source.address for source in sources).lower()
    for blocked in registers.blocked.values():
        barred = blocked.host.lower().strip(".")
        # To split an address costs much more than to see that the host is in none of them.
        for source in sources if barred in addresses else ():
            if barred in source.address.lower() and f".{host(source.address.lower())}".endswith(f".{barred}"):
                found.setdefault(source.id, blocked)
    return found


def host(address: str) -> str:
    """Return the host of a web address, without the dot that may end it; "" where there is none."""
    plain = _PLAIN_ADDRESS.match(address)
    if plain:
        return plain[1]
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:  # a bracket that is not closed, say
        return ""
