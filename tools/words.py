"""The words of the web face: gathered from templates and code, kept in catalogues, compiled for gettext.

`python -m tools.words` gathers every message into `ru/LC_MESSAGES/django.po` (what is translated stays) and
compiles it; `--check` changes nothing and says what is not translated, left over or not compiled.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.messages.pofile import write_po

__all__ = ["LANGUAGES", "check", "gathered", "main"]

WEB = Path(__file__).parent.parent / "src" / "detente" / "web"
LANGUAGES = ("ru",)
"""The languages that need a catalogue; the messages themselves are English."""

_METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
_OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}}
_KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None}


def gathered() -> Catalog:
    """Return every message of the templates and the code, with the files that hold it."""
    found = Catalog(project="Détente", charset="utf-8", fuzzy=False)
    messages = extract_from_dir(WEB, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("Translators:",))
    # Files, not lines: a line that moves is no reason to change a catalogue.
    for file, _line, message, comments, context in sorted(messages, key=lambda m: (m[0], str(m[2]))):
        found.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return found


def _paths(language: str) -> tuple[Path, Path]:
    folder = WEB / "locale" / language / "LC_MESSAGES"
    return folder / "django.po", folder / "django.mo"


def _read(language: str) -> Catalog:
    path, _ = _paths(language)
    if not path.exists():
        return Catalog(locale=language, project="Détente", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _compiled(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def check(language: str) -> Iterator[str]:
    """Yield what is wrong with a catalogue: messages untranslated, doubtful, left over, or not compiled."""
    catalog, wanted = _read(language), gathered()
    held = {(m.id, m.context): m for m in catalog if m.id}
    needed = {(m.id, m.context) for m in wanted if m.id}
    for key in sorted(needed, key=str):
        message = held.get(key)
        if message is None or not _whole(message, catalog.num_plurals):
            yield f"{language}: not translated: {key[0]!r}"
        elif message.fuzzy:
            yield f"{language}: doubtful: {key[0]!r}"
        else:
            yield from (f"{language}: {fault}: {key[0]!r}" for fault in message.check(catalog))
    for key in sorted(held.keys() - needed, key=str):
        yield f"{language}: no longer used: {key[0]!r}"
    path = _paths(language)[1]
    if not path.exists() or path.read_bytes() != _compiled(catalog):
        yield f"{language}: {path.name} is not compiled from its catalogue; run: python -m tools.words"


def _whole(message: Message, plurals: int) -> bool:
    if isinstance(message.id, str):
        return bool(message.string)
    return isinstance(message.string, (list, tuple)) and len(message.string) == plurals and all(message.string)


def _plain_header(catalog: Catalog) -> None:
    """Leave out of the header whatever changes without a message changing."""
    catalog.header_comment = "# The Russian of the web face.  Gathered by: python -m tools.words"
    catalog.version, catalog.msgid_bugs_address, catalog.last_translator = "1", "", ""
    catalog.language_team, catalog.creation_date = "", datetime(2026, 11, 24, tzinfo=UTC)
    catalog.revision_date = catalog.creation_date


def main(arguments: list[str]) -> int:
    """Gather and compile, or with `--check` only look; return the exit code."""
    if "--check" in arguments:
        faults = [fault for language in LANGUAGES for fault in check(language)]
        print("\n".join(faults) or "every message is translated")
        return bool(faults)
    for language in LANGUAGES:
        catalog = _read(language)
        catalog.update(gathered(), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        _plain_header(catalog)
        po, mo = _paths(language)
        po.parent.mkdir(parents=True, exist_ok=True)
        with po.open("wb") as file:
            write_po(file, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
        mo.write_bytes(_compiled(catalog))
        missing = sum(not _whole(m, catalog.num_plurals) for m in catalog if m.id)
        print(f"{language}: {len(catalog)} messages, {missing} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
