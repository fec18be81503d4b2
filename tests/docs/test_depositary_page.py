"""The page on writing through the depositary, played as it stands: every command, every line that it prints."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from tools import write_docs
from typer.testing import CliRunner

from detente.cli.app import app
from detente.depositary.disclosures import MAY_BE_WITHHELD
from detente.depositary.drafts import Draft
from detente.depositary.drafts import parse_draft
from detente.depositary.form import COLUMNS
from detente.depositary.form import form_faults
from detente.errors import DetenteError
from detente.ledger import keys as key_files
from detente.ledger.book import Other
from detente.ledger.book import create_book
from detente.ledger.book import open_book
from detente.ledger.keys import new_keys
from detente.ledger.stores import FolderStore
from detente.ledger.sync import sync

PAGE = write_docs.ROOT / "docs" / "howto" / "write-through-the-depositary.md"
SIDES = ("atlantis", "lemuria")
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def _both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make what the page begins with: two keys and two books that know each other."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DETENTE_CASEBOOK", "casebook")
    monkeypatch.setenv("DETENTE_PASSPHRASE", "not asked for")
    monkeypatch.setattr(os, "fsync", lambda file: None)
    monkeypatch.setattr(os, "fdatasync", lambda file: None)
    keys = {name: new_keys(f"mfa.{name}.example/book") for name in SIDES}
    monkeypatch.setattr(key_files, "open_keys", lambda path, _: keys[path.stem])
    for name, other in (SIDES, SIDES[::-1]):
        Path(f"{name}.pub").write_text("".join(f"{key}\n" for key in keys[name].public))
        book = create_book(Path(name), keys[name])
        public = tuple(str(key) for key in keys[other].public)
        book.meet(other, Other(origin=keys[other].name, keys=public, address=f"{other}/log"))


def _played(body: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a fence with what the page says that it prints."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def _plain(text: str, today: str) -> str:
    """Return a text with days and times that are not told apart."""
    return re.sub(r"\d\d:\d\d(:\d\d)?", "TIME", text.replace(today, "DAY").replace("2026-11-24", "DAY")).rstrip()


@pytest.mark.usefixtures("_both")
def test_the_page_prints_what_its_commands_print(tmp_path: Path) -> None:
    today = datetime.now(UTC).date().isoformat()
    played = 0
    for fence in _FENCE.finditer(PAGE.read_text("utf-8")):
        info, body = fence["info"], fence["body"].replace("2026-11-24", today)
        if "file=" in info:
            (tmp_path / info.split("file=")[1]).write_text(body, "utf-8")
        elif info == "sh":
            assert CliRunner().invoke(app, shlex.split(body)[1:]).exit_code == 0
        elif info == "console":
            for command, output in _played(body):
                played += 1
                assert _plain(_run(command), today) == _plain(output, today) or not output.strip(), command
    assert played > 20


def _run(command: str) -> str:
    words = shlex.split(command)[1:]
    if words[0] == "sync":
        book = open_book(Path(words[words.index("--book") + 1]))
        sync(book, words[1], FolderStore(Path(words[1]) / "log"))
        return ""
    told = CliRunner().invoke(app, words, env={"COLUMNS": "80", "NO_COLOR": "1"})
    if isinstance(told.exception, DetenteError):
        pytest.fail(f"{command}: {told.exception}")
    if told.exception and not isinstance(told.exception, SystemExit):
        raise told.exception
    return told.output


def test_the_format_page_says_what_a_signed_statement_is() -> None:
    text = (write_docs.ROOT / "docs" / "casebook-format.md").read_text("utf-8")
    part = text[text.index("## A signed statement") :]
    (example,) = (fence["body"] for fence in _FENCE.finditer(part) if fence["info"] == "json")
    made = parse_draft(example.encode())
    assert list(form_faults(made)) == []
    listed = {
        name for row in re.findall(r"^\| (`[^|]+`) \|", part, re.MULTILINE) for name in re.findall("`(.+?)`", row)
    }
    assert listed == {field.encode_name for field in msgspec.structs.fields(Draft)}
    for name in (*MAY_BE_WITHHELD, *COLUMNS["office"], *COLUMNS["receipt"]):
        assert f"`{name}`" in part, name
