"""All the pages together: write them, or say which would change."""

from __future__ import annotations

from datetime import date
from typing import Final

from detente.reading import Reading
from detente.reading import open_casebook
from tools.write_docs.articles import articles_page
from tools.write_docs.cli_page import cli_page
from tools.write_docs.files import ROOT
from tools.write_docs.files import left_over
from tools.write_docs.files import stale
from tools.write_docs.instruments_page import instruments_page
from tools.write_docs.json_pages import json_page
from tools.write_docs.json_pages import schemas
from tools.write_docs.outputs import OUTPUT
from tools.write_docs.outputs import with_outputs
from tools.write_docs.regions import REGION
from tools.write_docs.regions import region_texts
from tools.write_docs.regions import with_regions
from tools.write_docs.registers_page import registers_page
from tools.write_docs.rules_page import rules_page

__all__ = ["main", "written"]

DAY: Final = date(2026, 11, 24)
"""The fixed day of the pages that show how things stand, so that a page does not change by itself."""


def written() -> dict[str, str]:
    """Return every page that is written from the code, by its path from the repository's root."""
    casebook = open_casebook()
    read = Reading(casebook, DAY)
    pages = {
        "docs/reference/cli.md": cli_page(),
        "docs/reference/json.md": json_page(),
        "docs/reference/articles.md": articles_page(read, "en"),
        "docs/reference/articles.ru.md": articles_page(read, "ru"),
        "docs/reference/instruments.md": instruments_page(read),
        "docs/reference/rules.md": rules_page(),
        "docs/reference/registers.md": registers_page(),
    }
    pages |= {f"docs/reference/json/{name}": text for name, text in schemas()}
    regions = region_texts(read)
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        name = path.relative_to(ROOT).as_posix()
        if name in pages:
            continue
        text = path.read_text("utf-8")
        if not REGION.search(text) and not OUTPUT.search(text):
            continue
        pages[name] = with_outputs(with_regions(text, regions), casebook)
    return pages


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
