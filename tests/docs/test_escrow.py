"""The worked verification of Ipindovia: every answer printed on its page is what the program answers."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tools.write_docs import ROOT
from typer.testing import CliRunner

from detente.cli.app import app
from detente.ledger.escrow.commitment import INNER
from detente.ledger.escrow.commitment import OUTER
from detente.ledger.escrow.draw import NONCE
from detente.ledger.escrow.draw import SEED

PAGE = ROOT / "docs" / "escrow.md"
_FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def _without_chance(text: str) -> list[str]:
    """Return the lines without what is random in them: hashes, slots, and the order of the slots."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "HASH", text)
    text = re.sub(r"@[\d/]+", "@", text)
    return sorted(line.strip() for line in text.splitlines() if line.strip())


def test_every_answer_on_the_page_is_what_the_program_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told, compared = "", 0
    for info, body in _FENCE.findall(PAGE.read_text("utf-8")):
        if "file=" in info:
            Path(info.split("file=")[1]).write_text(body, "utf-8")
        elif info == "sh":
            told = ""
            for line in body.splitlines():
                result = CliRunner().invoke(app, shlex.split(line)[1:], env={"COLUMNS": "80", "NO_COLOR": "1"})
                assert result.exit_code == 0, (line, result.output, result.exception)
                told += result.output
        elif info == "text" and told:
            assert _without_chance(told) == _without_chance(body)
            assert max(map(len, body.splitlines())) <= 80
            told, compared = "", compared + 1
    assert compared == 8


def test_the_formulas_on_the_page_are_those_of_the_program() -> None:
    text = PAGE.read_text("utf-8")
    for tag in (INNER, OUTER, NONCE, SEED):
        assert f'"{tag[:-1].decode()}" || 0x00' in text
        assert tag.endswith(b"\x00")
