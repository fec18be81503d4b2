"""The pages as files of the repository: where they stand, and which differ from what is written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["ROOT", "left_over", "stale"]

ROOT: Final = Path(__file__).resolve().parent.parent.parent
"""The root of the repository."""


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
