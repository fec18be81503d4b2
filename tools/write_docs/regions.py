"""The marked regions of pages that are otherwise kept by hand."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from typing import Final

from detente.reading import Reading
from detente.rendering.glossary import LISTS
from tools.write_docs.cli_page import command_table
from tools.write_docs.coverage import blocked_table
from tools.write_docs.coverage import coverage_table
from tools.write_docs.coverage import rolls
from tools.write_docs.files import ROOT
from tools.write_docs.glossary import word_table
from tools.write_docs.markdown import doc
from tools.write_docs.markdown import table

__all__ = ["REGION", "region_texts", "with_regions"]

REGION: Final = re.compile(r"(<!-- written: (?P<name>[a-z-]+) -->\n).*?(<!-- /written -->)", re.DOTALL)
"""A marked region of a page."""


def _layer_table() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = [name.strip() for layer in layers for name in layer.split("|")]
    return table(("room", "what it is for"), ((f"`{r}`", doc(import_module(f"detente.{r}"))) for r in rooms))


def region_texts(read: Reading) -> dict[str, str]:
    """Return what stands in each marked region, by its name."""
    return {
        "commands": command_table(),
        **{name: word_table(name) for name in ("terms", *LISTS)},
        "layers": _layer_table(),
        "coverage": coverage_table(read),
        "rolls": rolls(read),
        "blocked": blocked_table(read),
    }


def with_regions(text: str, regions: dict[str, str]) -> str:
    """Return a page with each marked region written anew."""
    return REGION.sub(lambda found: f"{found[1]}\n{regions[found['name']]}\n{found.groups()[-1]}", text)
