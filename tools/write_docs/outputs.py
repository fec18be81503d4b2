"""The marked outputs of commands in pages that are otherwise kept by hand."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from collections.abc import Iterator
from functools import cache
from typing import Final
from unittest.mock import patch

from typer.testing import CliRunner

from detente.cli.app import app
from detente.reading import Casebook
from detente.reading import Reading

__all__ = ["OUTPUT", "with_outputs"]

OUTPUT: Final = re.compile(
    r"(<!-- output: (?P<command>detente [^;\n]+?)(; (?P<how>lines|items): (?P<what>[^\n]+?))? -->\n)"
    r".*?(<!-- /output -->)",
    re.DOTALL,
)
"""A marked output of a command."""

_LONG, _SHOWN = 12, 7


def with_outputs(text: str, casebook: Casebook) -> str:
    """Return a page with each marked output printed anew, from a casebook that is already open."""
    with (
        patch("detente.cli.options.open_casebook", lambda *_, **__: casebook),
        patch("detente.cli.options.Reading", _kept()),
    ):
        return OUTPUT.sub(_output, text)


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
