"""The page of commands, and the table of commands in the README."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from detente.cli.app import app
from tools.write_docs.markdown import HEAD
from tools.write_docs.markdown import table

__all__ = ["cli_page", "command_table"]


def _help(*words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--help"], prog_name="detente", env={"COLUMNS": "80", "NO_COLOR": "1"})
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def _commands() -> dict[str, str]:
    """Return every command with its one-sentence help, in the order of `detente --help`."""
    root: Any = get_command(app)
    return {name: " ".join((command.help or "").split()) for name, command in root.commands.items()}


def _below(command: Any, *words: str) -> Iterator[tuple[str, ...]]:  # noqa: ANN401 - whatever Typer makes
    """Yield the words of every command of a group, and of the groups in it."""
    for name, inner in getattr(command, "commands", {}).items():
        yield (*words, name)
        yield from _below(inner, *words, name)


def cli_page() -> str:
    """Return the page with the help of every command and the exit codes."""
    parts = [f"{HEAD}# Commands\n\nThe help of every command, as the program prints it.\n"]
    parts.append(f"\n## detente\n\n```text\n{_help()}\n```\n")
    root: Any = get_command(app)
    for name, command in root.commands.items():
        parts.append(f"\n## detente {name}\n\n```text\n{_help(name)}\n```\n")
        parts += [
            f"\n### detente {' '.join(words)}\n\n```text\n{_help(*words)}\n```\n" for words in _below(command, name)
        ]
    parts.append(
        "\n## Exit codes\n\n"
        + table(
            ("code", "meaning"),
            (
                ("0", "answered"),
                (
                    "1",
                    "`detente check` found an error in a casebook; in an escrow, something does not match or "
                    "there is no sample yet",
                ),
                ("2", "the request cannot be answered; the message says what was expected and what to do"),
            ),
        )
    )
    return "".join(parts)


def command_table() -> str:
    """Return every command with its one sentence, linked to its help."""
    rows = ((f"[`detente {name}`](docs/reference/cli.md#detente-{name})", text) for name, text in _commands().items())
    return table(("command", "what it answers"), rows)
