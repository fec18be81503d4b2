"""Write the reference pages from the code and the record; with `--check`, only say whether one would change.

Whole pages stand in `docs/reference/`.  In other pages the part between `<!-- written: NAME -->` and
`<!-- /written -->`, and the output of a command after `<!-- output: COMMAND -->`, are written here and the rest
is kept by hand.  The same code and record give the same bytes.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import shlex
import sys
import textwrap
import tomllib
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from typing import Final
from unittest.mock import patch

import msgspec
import polars as pl
from typer.main import get_command
from typer.testing import CliRunner

from detente.cli.app import app
from detente.consultation import agenda
from detente.consultation import claims
from detente.consultation import forums
from detente.consultation import placing
from detente.consultation import ties
from detente.consultation.item import SECTIONS
from detente.consultation.item import VERSION as AGENDA_VERSION
from detente.consultation.item import Agenda
from detente.instruments.lives import Life
from detente.instruments.schema import OBLIGATIONS
from detente.instruments.schema import Anchor
from detente.instruments.schema import Extension
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.instruments.standings import HELD
from detente.instruments.standings import STANDING_WORDS
from detente.instruments.standings import STANDINGS
from detente.obligations.finding import REASONS
from detente.obligations.finding import STATE_WORDS
from detente.reading import Reading
from detente.reading import answers
from detente.reading import open_casebook
from detente.record import registers
from detente.record.registers import Words
from detente.record.statements import ALWAYS
from detente.record.statements import BASES
from detente.record.statements import KINDS
from detente.record.statements import LEVELS
from detente.record.statements import SILENCES
from detente.record.statements import SPINE
from detente.record.statements import TIERS
from detente.rendering.labels import LEVELS as LEVEL_WORDS

__all__ = ["ANSWERS", "DAY", "ROOT", "left_over", "main", "schema_name", "stale", "written"]

ROOT: Final = Path(__file__).resolve().parent.parent
DAY: Final = date(2026, 11, 24)
"""The fixed day of the pages that show how things stand, so that a page does not change by itself."""

_HEAD = "<!-- Written by tools/write_docs.py. Do not edit: run `make docs`. -->\n\n"
_REGION = re.compile(r"(<!-- written: (?P<name>[a-z-]+) -->\n).*?(<!-- /written -->)", re.DOTALL)
_OUTPUT = re.compile(
    r"(<!-- output: (?P<command>detente [^;\n]+?)(; (?P<how>lines|items): (?P<what>[^\n]+?))? -->\n)"
    r".*?(<!-- /output -->)",
    re.DOTALL,
)

ANSWERS: Final[dict[str, tuple[type[msgspec.Struct], int]]] = {
    "agenda": (Agenda, AGENDA_VERSION),
    "status": (answers.StatusAnswer, answers.VERSION),
    "findings": (answers.FindingsAnswer, answers.VERSION),
    "explain": (answers.ExplainAnswer, answers.VERSION),
    "due": (answers.DueAnswer, answers.VERSION),
    "diff": (answers.DiffAnswer, answers.VERSION),
    "history": (answers.HistoryAnswer, answers.VERSION),
    "forums": (answers.ForumsAnswer, answers.VERSION),
    "ties": (answers.TiesAnswer, answers.VERSION),
    "claims": (answers.ClaimsAnswer, answers.VERSION),
    "show": (answers.ShowAnswer, answers.VERSION),
    "check": (answers.CheckAnswer, answers.VERSION),
}
"""The answer of each command that speaks JSON, and the version of its shape."""


# --- Markdown -------------------------------------------------------------------------------------------------


def _cell(text: object) -> str:
    return re.sub(r"\s+", " ", str(text)).strip().replace("|", "\\|")


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    names = list(head)
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _code(text: object) -> str:
    return f"`{text}`" if text not in ("", None) else ""


def _codes(names: Iterable[object]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _doc(thing: object) -> str:
    """Return the first paragraph of a docstring, on one line."""
    return " ".join(inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0].split())


# --- The command line -----------------------------------------------------------------------------------------


def _help(*words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--help"], prog_name="detente", env={"COLUMNS": "80", "NO_COLOR": "1"})
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def _commands() -> dict[str, str]:
    """Return every command with its one-sentence help, in the order of `detente --help`."""
    root: Any = get_command(app)
    return {name: " ".join((command.help or "").split()) for name, command in root.commands.items()}


def _cli_page() -> str:
    parts = [f"{_HEAD}# Commands\n\nThe help of every command, as the program prints it.\n"]
    parts.append(f"\n## detente\n\n```text\n{_help()}\n```\n")
    parts += [f"\n## detente {name}\n\n```text\n{_help(name)}\n```\n" for name in _commands()]
    parts.append(
        "\n## Exit codes\n\n"
        + _table(
            ("code", "meaning"),
            (
                ("0", "answered"),
                ("1", "`detente check` found an error in a casebook"),
                ("2", "the request cannot be answered; the message says what was expected and what to do"),
            ),
        )
    )
    return "".join(parts)


def _command_table() -> str:
    rows = ((f"[`detente {name}`](docs/reference/cli.md#detente-{name})", text) for name, text in _commands().items())
    return _table(("command", "what it answers"), rows)


# --- JSON -----------------------------------------------------------------------------------------------------


def schema_name(command: str, version: int) -> str:
    """Return the file name of a command's JSON Schema."""
    return f"{command}.v{version}.schema.json"


def _schemas() -> Iterator[tuple[str, str]]:
    for command, (shape, version) in ANSWERS.items():
        schema = msgspec.json.schema(shape)
        schema["$defs"][shape.__name__]["properties"]["version"] = {"const": version}
        head = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:detente:{command}:{version}",
            "title": f"The answer of detente {command} --format json, version {version}",
        }
        yield schema_name(command, version), json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"


def _shape(schema: dict[str, Any]) -> str:
    """Return a JSON Schema of one field in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_shape(part) for part in schema["anyOf"])
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        inner = schema.get("items") or (schema.get("prefixItems") or [{}])[0]
        return f"list of {_shape(inner)}"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"object of {_shape(inner)}" if isinstance(inner, dict) and inner else "object"
    if schema.get("format") == "date":
        return "day"
    return {"string": "text", "integer": "integer", "boolean": "true or false"}.get(kind, kind)


def _json_page() -> str:
    rows = [
        (
            f"`detente {command}`",
            f"[{shape.__name__}](#{shape.__name__.lower()})",
            version,
            f"[{schema_name(command, version)}](json/{schema_name(command, version)})",
        )
        for command, (shape, version) in ANSWERS.items()
    ]
    parts = [
        f"{_HEAD}# JSON\n\n"
        "Every command that answers a question speaks JSON with `--format json`.\n"
        "Each answer says its `version`; within a version fields are only added, never renamed or given another "
        "meaning.\n"
        "Days are `YYYY-MM-DD`; texts come in English and Russian together; `null` is what the record does not "
        "hold.\n\n"
    ]
    parts.append(_table(("command", "answer", "version", "schema"), rows))
    defs: dict[str, dict[str, Any]] = {}
    for shape, _ in ANSWERS.values():
        defs |= msgspec.json.schema(shape)["$defs"]
    for name, shape_schema in defs.items():
        about = " ".join(shape_schema.get("description", "").split())
        fields = ((f"`{field}`", _shape(part)) for field, part in shape_schema.get("properties", {}).items())
        table = _table(("field", "shape"), fields)
        parts.append(f"\n## {name}\n\n{about}\n\n{table}")
    return "".join(parts)


# --- Instruments and their articles -----------------------------------------------------------------------------

_KIND_WORDS: Final = {
    "limit": Words("limit", "уровень"),
    "adherence": Words("adherence", "требуемый акт"),
    "notice": Words("notice", "уведомление"),
    "cadence": Words("cadence", "периодичность"),
    "quota": Words("quota", "квота"),
    "term": Words("term", "срок действия"),
    "undertaking": Words("undertaking", "общее обязательство"),
    "none": Words("none", "нет"),
}

_PARAMETERS: Final = {
    "limit": ("measure", "item", "at_most", "at_least", "evidence_within"),
    "adherence": ("requires", "act", "within"),
    "notice": ("of", "timing", "period", "clock"),
    "cadence": ("what", "measures", "forum", "every", "first", "grace"),
    "quota": ("measure", "at_most", "per"),
    "term": ("duration", "extension", "renewal", "notice"),
    "undertaking": (),
    "none": (),
}


def _parameter(value: object) -> str:
    if isinstance(value, Anchor):
        return value.after if value.period == "P0D" else f"{value.period} after {value.after}"
    if isinstance(value, Extension):
        return f"{value.at_most} x {value.times}"
    if isinstance(value, tuple):
        return " ".join(value)
    return str(value)


def _carried(provision: Provision, language: str) -> str:
    """Return what carries an article: the kind and its parameters, or why nothing can."""
    if provision.kind == "none":
        return provision.why.get(language)
    told = [f"**{_KIND_WORDS[provision.kind].get(language)}**"]
    for name in (*_PARAMETERS[provision.kind], "from_", "until"):
        value = getattr(provision, name)
        if value not in ("", None, (), "P0D"):
            told.append(f"{name.rstrip('_')} `{_parameter(value)}`")
    if provision.binds != "parties":
        told.append(f"binds `{_parameter(provision.binds)}`")
    if provision.basis != "seen":
        told.append(f"({provision.basis})")
    return "; ".join(told)


def _by_issue(read: Reading) -> Iterator[tuple[str, Words, list[Instrument]]]:
    """Yield the instruments under their issues, both in the order of the issues register and of ids."""
    issues = read.casebook.record.registers.issues
    for id, issue in issues.items():
        found = sorted((i for i in read.casebook.instruments.values() if i.issue == id), key=lambda i: i.id)
        if found:
            yield id, issue.title, found


def _folder(instrument: Instrument) -> str:
    return f"../../src/detente/instruments/{instrument.id.replace('-', '_')}/treaty.toml"


_ARTICLE_HEADS = {
    "en": (
        "Articles and what carries them",
        "For every article on record: which kind of obligation carries it, with its parameters, or why none can.\n"
        "The words are our own; the authentic texts are those that the sources of each `treaty.toml` name.\n"
        "Russian: [articles.ru.md](articles.ru.md).\n",
        ("article", "what it says", "what carries it"),
        "{articles} articles of {instruments} instruments; {carried} are carried by an obligation.\n",
    ),
    "ru": (
        "Статьи и чем они выражены",
        "Для каждой статьи: какой вид обязательства её выражает и с какими параметрами, либо почему никакой.\n"
        "Изложение наше; аутентичные тексты названы в источниках каждого `treaty.toml`.\n"
        "По-английски: [articles.md](articles.md).\n",
        ("статья", "содержание", "чем выражена"),
        "Статей: {articles}, договорённостей: {instruments}; выражены обязательством: {carried}.\n",
    ),
}


def _articles_page(read: Reading, language: str) -> str:
    title, about, head, summary = _ARTICLE_HEADS[language]
    every = [p for i in read.casebook.instruments.values() for p in i.provision]
    counted = summary.format(
        articles=len(every),
        instruments=len(read.casebook.instruments),
        carried=sum(p.kind != "none" for p in every),
    )
    parts = [f"{_HEAD}# {title}\n\n{about}\n{counted}"]
    for _, issue, found in _by_issue(read):
        parts.append(f"\n## {issue.get(language)}\n")
        for instrument in found:
            rows = ((p.article, p.title.get(language), _carried(p, language)) for p in instrument.provision)
            name = f"{instrument.short.get(language)} ([`{instrument.id}`]({_folder(instrument)}))"
            parts.append(f"\n### {name}\n\n{_table(head, rows)}")
    return "".join(parts)


def _life_cells(life: Life, parties: int) -> tuple[str, ...]:
    ended = f"{life.ended} ({life.how})" if life.ended else f"ends {life.ends}" if life.ends else ""
    return (str(life.opened or ""), str(life.since or ""), ended, str(parties))


def _instrument_rows(read: Reading, instrument: Instrument) -> Iterator[tuple[str, ...]]:
    """Yield the common reading, then one row for all authors who see the instrument in the same other way."""

    def cells(reader: str) -> tuple[str, ...]:
        stands = read.standing.parties(instrument.id, reader).values()
        return _life_cells(read.standing.life(instrument.id, reader), sum(s.standing in HELD for s in stands))

    common = cells("")
    name = f"{instrument.short.en}: {instrument.title.en}"
    yield (f"`{instrument.id}`", name, instrument.title.ru, *common)
    others: dict[tuple[str, ...], list[str]] = {}
    for reader in read.standing.readers.get(instrument.id, ()):
        if cells(reader) != common:
            others.setdefault(cells(reader), []).append(reader)
    for seen, readers in others.items():
        yield (f"`{instrument.id}`", f"according to {', '.join(readers)}", f"по мнению {', '.join(readers)}", *seen)


def _instruments_page(read: Reading) -> str:
    parts = [
        f"{_HEAD}# Instruments\n\n"
        f"Every instrument on record, as computed for {DAY} from the acts and the term of each.\n"
        "Where authors contest an act, their readings follow the common one.\n"
        '"Parties" counts those whom it binds on that day (standings '
        f"{', '.join(f'`{s}`' for s in HELD)}), as far as their acts are on record.\n"
    ]
    head = ("id", "title", "название", "signed or opened", "in force", "ended or ends", "parties")
    for _, issue, found in _by_issue(read):
        rows = (row for instrument in found for row in _instrument_rows(read, instrument))
        parts.append(f"\n## {issue.en} ({issue.ru})\n\n{_table(head, rows)}")
    return "".join(parts)


# --- Rules ------------------------------------------------------------------------------------------------------


def _constants(module: ModuleType, name: str, keyword: str, seen: set[str]) -> Iterator[str]:
    """Yield every constant that a function, or one of its module's that it calls, gives to a keyword argument."""
    function = getattr(module, name, None)
    if name in seen or not inspect.isfunction(function) or function.__module__ != module.__name__:
        return
    seen.add(name)
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.keyword) and node.arg == keyword:
            words = (n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant))
            yield from (word for word in words if isinstance(word, str))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _constants(module, node.func.id, keyword, seen)


def _rule_rows() -> Iterator[tuple[str, str, str, str]]:
    for rule in agenda.RULES:
        module = import_module(rule.__module__)
        names = dict.fromkeys(_constants(module, rule.__name__, "rule", set()))
        sections = dict.fromkeys(_constants(module, rule.__name__, "section", set()))
        shown = ", ".join(SECTIONS[s].en for s in sections if s in SECTIONS)
        yield _codes(names), shown, _doc(rule).removeprefix("Yield "), _code(rule.__module__.removeprefix("detente."))


def _rules_page() -> str:
    kinds = (
        (f"`{kind}`", _KIND_WORDS[kind].ru, _doc(import_module(f"detente.obligations.{kind}"))) for kind in OBLIGATIONS
    )
    parts = [
        f"{_HEAD}# Rules\n\nWhat the program decides by, printed from the code that decides.\n",
        "\n## The agenda\n\nAn item names the rule that put it on the agenda.\n"
        "Items stand by section, then by issue, then in this order of rules, then by day.\n"
        "Nothing is scored.\n\n",
        _table(("rule", "section", "what it yields", "where"), _rule_rows()),
        "\n## Which forum takes an item up\n\nForums are looked for in this order; the first kind that fits takes "
        "the item.\n\n",
        _table(("", "forum", "форум"), ((n, w.en, w.ru) for n, (w, _) in enumerate(placing.PREFERENCES, 1))),
        f"\nAmong forums that fit alike: {_doc_rest(placing._closeness)}\n",
        "\n## States of a finding\n\n",
        _table(("state", "состояние"), ((f"`{k}`", w.ru) for k, w in STATE_WORDS.items())),
        "\n## Evaluators\n\nOne for each kind of obligation.\n\n",
        _table(("kind", "вид", "what it judges"), kinds),
        "\n## Reasons\n\nEvery finding gives one of these reasons.\n\n",
        _table(("reason", "in words", "словами"), ((f"`{k}`", w.en, w.ru) for k, w in REASONS.items())),
        "\n## States of a forum\n\n",
        _table(("state", "in words", "словами"), ((f"`{k}`", w.en, w.ru) for k, w in forums.STATE_WORDS.items())),
        "\n## Ties\n\n",
        f"{_doc_rest(ties.count_ties)}\nKinds of tie: {_codes(ties.KINDS)}.\n",
        "\n## Tests of a claim\n\n",
        _table(("test", "what it asks"), _claim_tests()),
    ]
    return "".join(parts)


def _doc_rest(thing: object) -> str:
    """Return the second paragraph of a docstring, on one line."""
    paragraphs = inspect.cleandoc(thing.__doc__ or "").split("\n\n")
    return " ".join(paragraphs[-1].split())


def _claim_tests() -> Iterator[tuple[str, str]]:
    tests: dict[str, Callable[..., object]] = {
        "worst-since": claims._worst_since,
        "none-under-way-for": claims._none_under_way,
        "ends-within": claims._ends_within,
    }
    for name, function in tests.items():
        yield f"`{name}`", _doc(function)


# --- Statements and registers -------------------------------------------------------------------------------------

_REGISTERS: Final[dict[str, type[msgspec.Struct]]] = {
    "parties.toml": registers.Party,
    "sources.toml": registers.Source,
    "blocked.toml": registers.Blocked,
    "issues.toml": registers.Issue,
    "measures.toml": registers.Measure,
    "forums.toml": registers.Forum,
    "forums.toml, co_chairs": registers.CoChair,
    "claims.toml": registers.Claim,
}


def _registers_page() -> str:
    kinds = (
        (
            f"`{kind.name}`",
            f"`{kind.name}s*.csv`",
            _codes(kind.needs),
            _codes(c for c in kind.may),
            _codes(kind.verbs) or "-",
        )
        for kind in KINDS.values()
    )
    parts = [
        f"{_HEAD}# Statements and registers\n\nWhat a casebook may hold, printed from the code that reads it.\n"
        "The page for writers is [the casebook format](../casebook-format.md).\n",
        f"\n## Columns of every statement\n\n{_codes(SPINE)}\n\nNever empty: {_codes(ALWAYS)}.\n",
        "\n## Kinds of statement\n\n",
        _table(("kind", "file", "needs besides", "may have", "verbs"), kinds),
        "\n## Fixed words\n\n",
        _table(
            ("column", "words"),
            (
                ("`silence`", _codes(SILENCES)),
                ("`basis`", _codes(BASES)),
                ("`level`", _codes(LEVELS)),
                ("`tier` of a source", _codes(TIERS)),
            ),
        ),
        "\n## Registers\n",
    ]
    for name, shape in _REGISTERS.items():
        fields = (
            (f"`{field.encode_name}`", "yes" if field.required else "") for field in msgspec.structs.fields(shape)
        )
        parts.append(f"\n### {name}\n\n{_doc(shape)}\n\n{_table(('field', 'needed'), fields)}")
    fields = ((f"`{f.encode_name}`", "yes" if f.required else "") for f in msgspec.structs.fields(Instrument))
    parts.append(f"\n### treaty.toml\n\n{_doc(Instrument)}\n\n{_table(('field', 'needed'), fields)}")
    fields = ((f"`{f.encode_name}`", "yes" if f.required else "") for f in msgspec.structs.fields(Provision))
    parts.append(f"\n### treaty.toml, provision\n\n{_doc(Provision)}\n\n{_table(('field', 'needed'), fields)}")
    return "".join(parts)


# --- Parts of other pages -------------------------------------------------------------------------------------------

_STANDING_MEANS: Final = {
    "none": "no act of the party is on record",
    "signatory": "signed, and not yet consented to be bound",
    "contracting": "consented to be bound; it is not yet in force for the party (VCLT 2.1(f))",
    "provisional": "applies it provisionally",
    "bound": "its obligations bind",
    "suspended": "suspended its participation; its duties do not apply while that lasts",
    "leaving": "gave notice of withdrawal, which has not taken effect; still bound",
    "out": "left, or was released",
    "ended": "the instrument ended while the party was in it",
}

_STATE_MEANS: Final = {
    "met": "the evidence shows that it is met",
    "not met": "the evidence, or the author's open concern, shows that it is not met",
    "not yet due": "the time for it has not come",
    "not applicable": "it does not bind now: ended, out or suspended",
    "cannot tell": "evidence is missing, and the finding names what",
}

_FORUM_MEANS: Final = {
    "not yet": "no charter and no session by that day",
    "alive": "met within the time that the register allows, or needs no sessions",
    "lapsed": "silent for longer than the register allows; nobody said so",
    "suspended": "suspended by a statement, or with its umbrella",
    "ended": "ended by a statement, or with its umbrella",
}

_SILENCE_WORDS: Final = {
    "given": Words("a value is given", "значение дано"),
    "nil": Words("declared none; the value is 0", "объявлено отсутствие; значение 0"),
    "nothing-new": Words("declared that nothing changed", "объявлено, что изменений нет"),
    "withheld": Words("owed and not given", "причиталось и не предоставлено"),
    "suspended": Words("not given because participation is suspended", "не предоставлено: участие приостановлено"),
    "unknown": Words("nobody on record knows; never zero", "неизвестно; никогда не ноль"),
}


def _words_table(words: dict[str, Words], means: dict[str, str]) -> str:
    return _table(("word", "in Russian", "meaning"), ((f"`{k}`", words[k].ru, means[k]) for k in words))


def _standing_table() -> str:
    return _words_table({name: STANDING_WORDS[name] for name in STANDINGS}, _STANDING_MEANS)


def _silence_table() -> str:
    rows = ((f"`{name}`", _SILENCE_WORDS[name].ru, _SILENCE_WORDS[name].en) for name in SILENCES)
    return _table(("word", "in Russian", "meaning"), rows)


def _obligation_table() -> str:
    rows = ((f"`{k}`", _KIND_WORDS[k].ru, _doc(import_module(f"detente.obligations.{k}"))) for k in OBLIGATIONS)
    return _table(("word", "in Russian", "meaning"), rows)


def _level_table() -> str:
    return _table(("word", "in Russian"), ((f"`{k}`", w.ru) for k, w in LEVEL_WORDS.items()))


def _section_table() -> str:
    return _table(("section", "in Russian"), ((w.en, w.ru) for w in SECTIONS.values()))


def _layer_table() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = [name.strip() for layer in layers for name in layer.split("|")]
    return _table(("room", "what it is for"), ((f"`{r}`", _doc(import_module(f"detente.{r}"))) for r in rooms))


def _coverage_table(read: Reading) -> str:
    """Return what the record holds by issue, and how much of it rests on which tier of source."""
    record = read.casebook.record
    tiers = {id: source.tier for id, source in record.registers.sources.items()}
    rows = []
    for id, issue in record.registers.issues.items():
        frame = record.frame.filter(pl.col("issue") == id)
        counts = Counter(tiers.get(source, "unconfirmed") for source in frame["source"])
        instruments = sum(i.issue == id for i in read.casebook.instruments.values())
        inferred = frame.filter(pl.col("basis").is_in(["inferred", "unconfirmed"])).height
        rows.append((issue.title.en, instruments, frame.height, *(counts[t] for t in TIERS), inferred))
    return _table(("issue", "instruments", "statements", *TIERS, "inferred or unconfirmed"), rows)


def _rolls(read: Reading) -> str:
    complete = sorted(i.short.en for i in read.casebook.instruments.values() if i.roll == "complete")
    return f"Complete rolls ({len(complete)} of {len(read.casebook.instruments)}): {', '.join(complete)}.\n"


def _blocked_table(read: Reading) -> str:
    blocked = read.casebook.record.registers.blocked.values()
    return _table(("host", "why"), ((f"`{b.host}`", b.reason) for b in sorted(blocked, key=lambda b: b.host)))


def _regions(read: Reading) -> dict[str, str]:
    return {
        "commands": _command_table(),
        "standings": _standing_table(),
        "states": _words_table(STATE_WORDS, _STATE_MEANS),
        "silences": _silence_table(),
        "forum-states": _words_table(forums.STATE_WORDS, _FORUM_MEANS),
        "obligations": _obligation_table(),
        "levels": _level_table(),
        "sections": _section_table(),
        "layers": _layer_table(),
        "coverage": _coverage_table(read),
        "rolls": _rolls(read),
        "blocked": _blocked_table(read),
    }


# --- Output of commands ---------------------------------------------------------------------------------------------


@cache
def _kept() -> Callable[..., Reading]:
    """Return what makes each reading once: the pages ask several questions of one day."""
    return cache(Reading)


def _output(found: re.Match[str]) -> str:
    """Return the marked output: all of it but the stamp, its first lines, or only the named items of an agenda."""
    result = CliRunner().invoke(app, shlex.split(found["command"])[1:], env={"COLUMNS": "80", "NO_COLOR": "1"})
    if result.exit_code:
        raise SystemExit(f"'{found['command']}' ends with {result.exit_code}: {result.output}")
    lines = [line.rstrip() for line in result.stdout.splitlines() if not line.startswith("Stamp:")]
    if found["how"] == "lines":
        lines = [*lines[: int(found["what"])], "..."]
    elif found["how"] == "items":
        wanted = [id.strip() for id in found["what"].split(",")]
        missing = [id for id in wanted if not any(line.strip() == f"[{id}]" for line in lines)]
        if missing:
            raise SystemExit(f"'{found['command']}' has no item {', '.join(missing)}: choose others in the page")
        lines = list(_items(lines, wanted))
    text = "\n".join(lines).strip("\n")
    return f"{found[1]}\n```text\n{text}\n```\n\n{found.groups()[-1]}"


def _items(lines: list[str], ids: list[str]) -> Iterator[str]:
    """Yield the head of an agenda, then each named item under its section and issue; long items are cut short."""
    head = next(n for n, line in enumerate(lines) if not line)
    yield from lines[:head]
    section, issue, shown, block = "", "", ("", ""), list[str]()
    for n, line in enumerate(lines[head:], head):
        if line.startswith("----"):
            section = lines[n - 1]
        elif line and line == line.upper() and line[0].isalpha():
            issue = line
        block = [line] if re.match(r" *\d+\. ", line) else [*block, line]
        if not (line.strip().startswith("[") and line.strip().strip("[]") in ids):
            continue
        if section != shown[0]:
            yield from ("", section, "-" * len(section))
        if (section, issue) != shown:
            yield from ("", issue)
        shown = (section, issue)
        placed = next(
            (k for k, text in enumerate(block) if text.strip().startswith(("Forum:", "Форум:", "Level:", "Уровень:"))),
            len(block) - 1,
        )
        yield from block if len(block) <= _LONG else [*block[:_SHOWN], "     ...", *block[placed:]]


_LONG, _SHOWN = 12, 7


# --- All of it ------------------------------------------------------------------------------------------------------


def written() -> dict[str, str]:
    """Return every page that is written from the code, by its path from the repository's root."""
    casebook = open_casebook()
    read = Reading(casebook, DAY)
    pages = {
        "docs/reference/cli.md": _cli_page(),
        "docs/reference/json.md": _json_page(),
        "docs/reference/articles.md": _articles_page(read, "en"),
        "docs/reference/articles.ru.md": _articles_page(read, "ru"),
        "docs/reference/instruments.md": _instruments_page(read),
        "docs/reference/rules.md": _rules_page(),
        "docs/reference/registers.md": _registers_page(),
    }
    pages |= {f"docs/reference/json/{name}": text for name, text in _schemas()}
    regions = _regions(read)
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        name = path.relative_to(ROOT).as_posix()
        if name in pages:
            continue
        text = path.read_text("utf-8")
        if not _REGION.search(text) and not _OUTPUT.search(text):
            continue
        text = _REGION.sub(lambda found: f"{found[1]}\n{regions[found['name']]}\n{found.groups()[-1]}", text)
        with (
            patch("detente.cli.options.open_casebook", lambda *_: casebook),
            patch("detente.cli.options.Reading", _kept()),
        ):
            pages[name] = _OUTPUT.sub(_output, text)
    return pages


def stale(pages: dict[str, str]) -> dict[str, str]:
    """Return the pages that differ from their files."""
    files = {name: ROOT / name for name in pages}
    return {
        name: pages[name]
        for name, path in files.items()
        if not path.is_file() or path.read_text("utf-8") != pages[name]
    }


def left_over(pages: dict[str, str]) -> list[Path]:
    """Return the files under `docs/reference/` that nothing writes any more."""
    found = sorted(p for p in (ROOT / "docs" / "reference").rglob("*") if p.is_file())
    return [p for p in found if p.relative_to(ROOT).as_posix() not in pages]


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` return 1 and name those that would change."""
    pages = written()
    changed, left = stale(pages), left_over(pages)
    if "--check" in arguments:
        for name in (*changed, *(p.relative_to(ROOT).as_posix() for p in left)):
            print(f"{name} is not what the code says; run: python -m tools.write_docs")
        return 1 if changed or left else 0
    for name, text in changed.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        print(f"written: {name}")
    for path in left:
        path.unlink()
        print(f"removed: {path.relative_to(ROOT).as_posix()}")
    print(f"{len(pages)} pages, {len(changed)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
