"""A citation in the forms that papers use: a line in English and in Russian, BibTeX, and CSL-JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from detente.record.registers import Words

__all__ = ["bibtex", "csl", "line"]


def line(title: Words, stamp: str, kept: date, url: str) -> Words:
    """Return the line for a list of references."""
    return Words(
        f"“{title.en}”. Détente, {stamp}. Kept {kept}. {url}",
        f"{title.ru}. — Текст : электронный // Détente : [сайт]. — Метка: {stamp}. — "
        f"URL: {url} (дата обращения: {kept:%d.%m.%Y}).",
    )


def bibtex(code: str, title: str, stamp: str, sha256: str, kept: date, url: str) -> str:
    """Return the entry for BibTeX and BibLaTeX."""
    rows = {
        "title": f"{{{_escaped(title)}}}",
        "organization": "D{\\'e}tente",
        "version": _escaped(stamp),
        "year": str(kept.year),
        "url": url,
        "urldate": kept.isoformat(),
        "note": f"SHA-256 of the data: {sha256}",
    }
    listed = "".join(f"  {name} = {{{value}}},\n" for name, value in rows.items())
    return f"@online{{detente-{code},\n{listed}}}\n"


def csl(code: str, title: str, stamp: str, sha256: str, kept: date, url: str) -> list[dict[str, Any]]:
    """Return the entry in CSL-JSON, which reference managers read."""
    day = {"date-parts": [[kept.year, kept.month, kept.day]]}
    return [
        {
            "id": f"detente-{code}",
            "type": "webpage",
            "title": title,
            "container-title": "Détente",
            "version": stamp,
            "issued": day,
            "accessed": day,
            "URL": url,
            "note": f"SHA-256 of the data: {sha256}",
        }
    ]


_SPECIAL = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(c, c) for c in text)
