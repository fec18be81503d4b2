"""The documentation is held to the code: commands run, pages are current, links resolve, words agree."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from typing import NamedTuple
from typing import NoReturn

import jsonschema
import pytest
from tools import write_docs
from typer.main import get_command
from typer.testing import CliRunner

import detente
from detente.cli.app import app
from detente.consultation.forums import STATE_WORDS as FORUM_STATES
from detente.consultation.item import SECTIONS
from detente.errors import DetenteError
from detente.instruments.schema import OBLIGATIONS
from detente.instruments.standings import STANDINGS
from detente.ledger.book import open_book
from detente.obligations.finding import REASONS
from detente.obligations.finding import STATES
from detente.reading import Reading
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.record.statements import BASES
from detente.record.statements import KINDS
from detente.record.statements import SILENCES
from detente.record.statements import SPINE
from detente.record.statements import TIERS
from ledger.offices import book_of
from ledger.offices import keys_of
from ledger.offices import other_of
from ledger.test_keys import PASSPHRASE
from ledger.test_keys import pem_of

ROOT = write_docs.ROOT
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BY_HAND = [p for p in PAGES if (ROOT / "docs" / "reference") not in p.parents]

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


class Fence(NamedTuple):
    info: str
    body: str


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _fences(page: Path) -> list[Fence]:
    return [Fence(m["info"].strip(), m["body"]) for m in _FENCE.finditer(page.read_text("utf-8"))]


def _commands(body: str) -> Iterator[list[str]]:
    """Yield the words of every `detente` command of a fence."""
    for line in body.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words and words[0] in ("detente", ".venv/bin/detente"):
            yield words[1:]


@pytest.fixture(scope="module")
def shipped() -> Casebook:
    return open_casebook()


@pytest.fixture(autouse=True)
def _offline_and_opened_once(monkeypatch: pytest.MonkeyPatch, shipped: Casebook) -> None:
    """Let no test reach a network, open the shipped casebook once, and keep the readings of it."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a documented command opened a network connection")

    def opened(*overlays: str | Path, public: bool = True, heads: dict[str, int] | None = None) -> Casebook:
        return open_casebook(*overlays, public=public, heads=heads) if overlays else shipped

    def read(casebook: Casebook, on: date, known_by: date | None, according_to: str | None) -> Reading:
        key = (on, known_by, according_to or None)
        if casebook is not shipped:
            return Reading(casebook, *key)
        if key not in _READINGS:
            _READINGS[key] = Reading(casebook, *key)
        return _READINGS[key]

    monkeypatch.setattr(socket.socket, "connect", refuse)
    # A key file is slow to open by intent; what is documented does not depend on how slow.
    monkeypatch.setattr("pyrage.passphrase.encrypt", lambda text, _: text)
    monkeypatch.setattr("pyrage.passphrase.decrypt", lambda text, _: text)
    monkeypatch.setattr("detente.cli.options.Reading", read)
    monkeypatch.setattr(Reading, "at", lambda self, on, known_by=None: read(self.casebook, on, known_by, self.reader))
    monkeypatch.setattr("detente.cli.options.open_casebook", opened)
    monkeypatch.setattr("detente.cli.books.open_casebook", opened)
    monkeypatch.setattr("detente.reading.opened._opened", opened)


_READINGS: dict[tuple[date, date | None, str | None], Reading] = {}
_OUTPUTS: dict[tuple[str, ...], str] = {}


def _run(words: list[str]) -> str:
    """Return what a command prints; a command that reads only the shipped record is run once."""
    key = tuple(words)
    if key not in _OUTPUTS:
        result = CliRunner().invoke(app, words, env={"COLUMNS": "80", "NO_COLOR": "1"})
        if isinstance(result.exception, DetenteError):
            pytest.fail(f"detente {shlex.join(words)}: {result.exception}")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, f"detente {shlex.join(words)} ends with {result.exit_code}: {result.output}"
        if "--casebook" in words or words[0] in ("new", "check", "escrow", "key", "log", "witness", "sync"):
            return result.stdout
        _OUTPUTS[key] = result.stdout
    return _OUTPUTS[key]


# --- What is written from the code ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return write_docs.written()


def test_every_written_page_is_what_the_code_says(pages: dict[str, str]) -> None:
    stale = sorted(write_docs.stale(pages))
    assert stale == [], "run: python -m tools.write_docs"
    assert write_docs.left_over(pages) == []


def test_check_names_a_page_that_would_change(pages: dict[str, str]) -> None:
    name = "docs/reference/cli.md"
    assert list(write_docs.stale({name: pages[name] + "more\n"})) == [name]
    assert list(write_docs.stale({"docs/reference/nothing.md": ""})) == ["docs/reference/nothing.md"]
    assert ROOT / name in write_docs.left_over({other: text for other, text in pages.items() if other != name})


def test_every_command_and_option_is_on_the_page_of_commands() -> None:
    page = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    root: Any = get_command(app)
    assert len(root.commands) >= 14
    for name, command in root.commands.items():
        start = page.index(f"\n## detente {name}\n")
        part = page[start : page.find("\n## ", start + 1)]
        assert f"`detente {name}`" in readme
        for parameter in command.params:
            option = parameter.param_type_name == "option"
            for shown in parameter.opts if option else [(parameter.metavar or parameter.name.upper()).strip("[]")]:
                assert shown in part, f"{name}: {shown}"


def test_the_pages_on_articles_have_every_article(shipped: Casebook) -> None:
    english = (ROOT / "docs" / "reference" / "articles.md").read_text("utf-8")
    russian = (ROOT / "docs" / "reference" / "articles.ru.md").read_text("utf-8")
    for instrument in shipped.instruments.values():
        for page in (english, russian):
            start = page.index(f"[`{instrument.id}`]")
            end = page.find("\n### ", start)
            rows = page[start : end if end > 0 else None]
            for provision in instrument.provision:
                assert f"| {provision.article} |" in rows, f"{instrument.id} {provision.article}"


def test_the_page_of_rules_names_every_rule_and_reason(shipped: Casebook) -> None:
    page = (ROOT / "docs" / "reference" / "rules.md").read_text("utf-8")
    used = {item.rule for item in detente.read("2018-07-10", casebook=shipped).agenda("USA", "RUS").items()}
    used |= {item.rule for item in detente.read("2026-01-15", casebook=shipped).agenda("USA", "RUS").items()}
    for word in (*used, *REASONS):
        assert f"`{word}`" in page, word


# --- What a reader copies -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [p for p in BY_HAND if any(list(_commands(f.body)) for f in _fences(p))], ids=_name)
def test_every_fence_of_a_page_runs_in_order(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for fence in _fences(page):
        language, _, rest = fence.info.partition(" ")
        if rest.startswith("file="):
            target = tmp_path / rest.removeprefix("file=")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(fence.body, "utf-8")
        elif language == "sh":
            for words in _commands(fence.body):
                told, _, target_name = words, "", ""
                if ">" in words:
                    told, target_name = words[: words.index(">")], words[-1]
                output = _run(told)
                assert output.strip(), shlex.join(words)
                if target_name:
                    (tmp_path / target_name).write_text(output, "utf-8")
        elif language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as shown:
                exec(compile(fence.body, _name(page), "exec"), names)
            assert shown.getvalue().strip() or "print" not in fence.body


def test_a_correction_as_documented_changes_the_finding_and_leaves_the_past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fences = _fences(ROOT / "docs" / "howto" / "correct-a-statement.md")
    commands = [words for fence in fences if fence.info == "sh" for words in _commands(fence.body)]
    row = next(fence for fence in fences if fence.info.startswith("csv"))
    _run(commands[0])
    assert "104 <= 100" in _run(commands[1])
    Path(row.info.split("file=")[1]).write_text(row.body, "utf-8")
    assert "99 <= 100" in _run(commands[3])
    assert "104 <= 100" in _run(commands[4])


def test_two_offices_as_documented_end_with_proofs_that_a_third_can_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told: dict[str, str] = {}
    for fence in _fences(ROOT / "docs" / "howto" / "keep-a-book.md"):
        language, _, rest = fence.info.partition(" ")
        if rest.startswith("file="):
            Path(rest.removeprefix("file=")).write_text(fence.body, "utf-8")
        for words in _commands(fence.body) if language == "sh" else ():
            told[shlex.join(words)] = _run(words)
    checked = told["log check declaration.tlog-proof --pub atlantis.pub --pub lemuria.pub"]
    for said in ("has this entry at 0", "deployed_warheads: 1550", "ML-DSA-44", "mfa.lemuria.example/lemuria"):
        assert said in checked
    assert "has countersigned 1 entries" in told["sync lemuria --book atlantis"]
    assert "The log is whole" in told["log verify lemuria/others/atlantis/log --pub atlantis.pub"]
    page = (ROOT / "docs" / "ledger-formats.md").read_text("utf-8")
    made = {p.relative_to(book).parts for book in ("atlantis", "lemuria") for p in Path(book).rglob("*")}
    for parts in made:
        shown = parts[2] if parts[0] == "others" and len(parts) > 2 else parts[1] if len(parts) > 1 else parts[0]
        assert shown.rstrip("/") in page or shown.startswith(("lemuria", "atlantis", ".", "lock", "scratch")), parts


def test_every_line_of_the_excerpt_in_the_readme_is_printed_by_its_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    marked = re.search(r"<!-- output: detente (agenda [^;]+); items:[^>]*-->\s*```text\n(.*?)```", text, re.DOTALL)
    assert marked
    words = shlex.split(marked[1])
    assert words == ["agenda", "--between", "USA,RUS", "--on", "2018-07-10"]
    printed = set(_run(words).splitlines())
    lines = [line for line in marked[2].splitlines() if line.strip() not in ("", "...")]
    assert len(lines) > 20
    assert [line for line in lines if line not in printed] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_relative_link_resolves(page: Path) -> None:
    text = _FENCE.sub("", page.read_text("utf-8"))
    for target in _LINK.findall(text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{_name(page)}: {target}"
        if anchor:
            assert anchor in _anchors(file.read_text("utf-8")), f"{_name(page)}: {target}"


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_page_can_be_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    linked = {(ROOT / "docs" / target.partition("#")[0]).resolve() for target in _LINK.findall(index)}
    missing = {p for p in PAGES if p.resolve() not in linked and p.name != "index.md"}
    assert {_name(p) for p in missing} <= {"docs/performance.md"}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_no_page_names_a_machine(page: Path) -> None:
    text = page.read_text("utf-8")
    # localhost is the reader's own machine, whichever that is.
    assert not re.search(r"/(?:work|root|home|tmp)/", text)


# --- JSON -----------------------------------------------------------------------------------------------------

_ASKED = {
    "agenda": ["--between", "USA,RUS", "--on", "2018-07-10"],
    "status": ["new-start", "--on", "2023-06-01"],
    "findings": ["new-start", "--on", "2023-06-01"],
    "explain": ["new-start/II.1(b)/RUS", "--on", "2018-07-10"],
    "due": ["--on", "2018-07-10"],
    "diff": ["2018-05-07", "2018-07-10"],
    "history": ["new-start", "II.1(b)", "--on", "2012-06-01"],
    "forums": ["--on", "2018-07-10"],
    "ties": ["USA", "RUS", "--on", "1966-06-01"],
    "claims": ["worst-since-1962", "--on", "1966-06-01"],
    "show": ["new-start", "--on", "2018-07-10"],
    "check": [],
}


def test_every_command_that_speaks_json_has_a_schema() -> None:
    root: Any = get_command(app)
    commands = {**root.commands}
    for name in ("key", "log"):
        commands |= {f"{name} {inner}": command for inner, command in commands.pop(name).commands.items()}
    speaking = {n for n, c in commands.items() if any("--format" in p.opts for p in c.params)}
    # What is said at a book is held to its schema where the commands of a book are tested.
    assert speaking == set(write_docs.ANSWERS) == {*_ASKED, *_ASKED_OF_LOGS, *write_docs.WRITING, "notifications"}


@pytest.mark.parametrize("command", _ASKED)
def test_the_json_of_a_command_is_valid_by_its_schema(command: str) -> None:
    _check_json(command, _run([command, *_ASKED[command], "--format", "json"]))


_ASKED_OF_LOGS = {
    "key new": "mfa.mu.example/mu --passphrase-file pass.txt",
    "key show": "atl.pub",
    "log init": "new --key atl.key",
    "log meet": "lemuria lem.pub --at lem --book atl",
    "log append": "one.json --book atl --key atl.key",
    "witness": "atlantis --book lem --key lem.key",
    "sync": "lemuria --book atl",
    "log ask": "lemuria --book atl -o request",
    "log head": "--book atl",
    "log verify": "--book atl",
    "log prove": "0 --book atl -o proof",
    "log check": "proof --pub atl.pub --pub lem.pub",
}


def test_the_json_of_commands_about_logs_is_valid_by_its_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DETENTE_PASSPHRASE", PASSPHRASE)
    Path("pass.txt").write_text("a passphrase in a file\n", "utf-8")
    Path("one.json").write_text('{"id": "atl.1"}', "utf-8")
    for name in ("atl", "lem"):
        keys = keys_of(f"mfa.{name}.example/book")
        Path(f"{name}.key").write_bytes(pem_of(keys))
        Path(f"{name}.pub").write_text("".join(f"{key}\n" for key in keys.public), "utf-8")
        book_of(Path(name), keys)
    open_book(Path("lem")).meet("atlantis", other_of(keys_of("mfa.atl.example/book"), "atl"))
    for command, words in _ASKED_OF_LOGS.items():
        told = CliRunner().invoke(app, [*command.split(), *words.split(), "--format", "json"])
        assert told.exit_code == 0, f"{command}: {told.output} {told.exception}"
        _check_json(command, told.stdout)


def _check_json(command: str, printed: str) -> None:
    _, version = write_docs.ANSWERS[command]
    file = ROOT / "docs" / "reference" / "json" / write_docs.schema_name(command, version)
    schema = json.loads(file.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    answer = json.loads(printed)
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(answer)
    assert answer["version"] == version


def test_a_schema_refuses_an_answer_of_another_version() -> None:
    file = ROOT / "docs" / "reference" / "json" / write_docs.schema_name("check", write_docs.ANSWERS["check"][1])
    answer = json.loads(_run(["check", "--format", "json"]))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(file.read_text("utf-8"))).validate({**answer, "version": 0})


# --- Words ----------------------------------------------------------------------------------------------------


def _format_rows() -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Return kind -> (needed columns, other columns, verbs), as the page on the casebook format lists them."""
    text = (ROOT / "docs" / "casebook-format.md").read_text("utf-8")
    found: dict[str, tuple[list[str], list[str], list[str]]] = {}
    for kind, columns, verbs in re.findall(r"^\| ([a-z-]+) \(`[^`]+`\) \|([^|]+)\|([^|]+)\|$", text, re.MULTILINE):
        marked = re.findall(r"`([a-z_]+)`(!?)", columns)
        listed = [v for v in re.findall(r"`([a-z-]+)`", verbs) if v != "period"]
        found[kind] = ([c for c, mark in marked if mark], [c for c, mark in marked if not mark], listed)
    return found


def test_the_casebook_format_lists_every_kind_with_its_columns_and_verbs() -> None:
    rows = _format_rows()
    assert list(rows) == list(KINDS)
    for name, kind in KINDS.items():
        needed, other, verbs = rows[name]
        assert set(needed) == set(kind.needs), name
        assert set(other) - set(SPINE) == set(kind.may) - set(SPINE), name
        assert set(verbs) == set(kind.verbs), name


def test_the_casebook_format_lists_the_fixed_words() -> None:
    text = (ROOT / "docs" / "casebook-format.md").read_text("utf-8")
    for word in (*SILENCES, *BASES, *STATES, *(c for c in SPINE)):
        assert f"`{word}`" in text, word
    for word in (*OBLIGATIONS, "none"):
        assert f"\n| {word} |" in text, word
    for word in TIERS:
        assert word in text, word


def test_the_glossary_has_every_word() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    words = (*KINDS, *OBLIGATIONS, *STANDINGS, *STATES, *SILENCES, *FORUM_STATES)
    assert [word for word in words if f"\n| `{word}` |" not in text] == []
    assert all(f"\n| {w.en} | {w.ru} |" in text for w in SECTIONS.values())


def test_the_glossary_has_both_languages_for_every_word() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ") and not line.startswith("| word")]
    rows = [row for row in rows if row[1].strip() != "section"]
    assert len(rows) > 70
    assert [row[1] for row in rows if not re.search(r"[а-яё]", row[2])] == []


def test_the_changelog_names_the_version_of_the_program() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version
    assert version[1] in text
