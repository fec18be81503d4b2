"""The JSON that commands speak: a schema for each answer, and the page that describes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from typing import Final

import msgspec

from detente.consultation.item import VERSION as AGENDA_VERSION
from detente.consultation.item import Agenda
from detente.depositary import answers as written
from detente.reading import answers
from detente.reading import log_answers
from tools.write_docs.markdown import HEAD
from tools.write_docs.markdown import table

__all__ = ["ANSWERS", "WRITING", "json_page", "schema_name", "schemas"]

WRITING: Final = ("declare", "notify", "raise", "answer", "correct", "acknowledge", "submit")
"""The commands that write into a book: all answer alike."""

ANSWERS: Final[dict[str, tuple[type[msgspec.Struct], int]]] = {
    "agenda": (Agenda, AGENDA_VERSION),
    "status": (answers.StatusAnswer, answers.VERSION),
    "findings": (answers.FindingsAnswer, answers.VERSION),
    "explain": (answers.ExplainAnswer, answers.VERSION),
    "due": (answers.DueAnswer, answers.VERSION),
    "diff": (answers.DiffAnswer, answers.VERSION),
    "history": (answers.HistoryAnswer, answers.VERSION),
    "forums": (answers.ForumsAnswer, answers.VERSION),
    "ties": (answers.TiesAnswer, answers.VERSION),
    "claims": (answers.ClaimsAnswer, answers.VERSION),
    "show": (answers.ShowAnswer, answers.VERSION),
    "check": (answers.CheckAnswer, answers.VERSION),
    "key new": (log_answers.KeyAnswer, log_answers.VERSION),
    "key show": (log_answers.KeyAnswer, log_answers.VERSION),
    "log init": (log_answers.BegunAnswer, log_answers.VERSION),
    "log append": (log_answers.AppendedAnswer, log_answers.VERSION),
    "log head": (log_answers.HeadAnswer, log_answers.VERSION),
    "log verify": (log_answers.VerifiedAnswer, log_answers.VERSION),
    "log prove": (log_answers.ProvedAnswer, log_answers.VERSION),
    "log check": (log_answers.CheckedAnswer, log_answers.VERSION),
    "log meet": (log_answers.MetAnswer, log_answers.VERSION),
    "log ask": (log_answers.AskedAnswer, log_answers.VERSION),
    "witness": (log_answers.WitnessedAnswer, log_answers.VERSION),
    "sync": (log_answers.SyncedAnswer, log_answers.VERSION),
    **dict.fromkeys(WRITING, (written.KeptAnswer, written.VERSION)),
    "notifications": (written.NotificationsAnswer, written.VERSION),
}
"""The answer of each command that speaks JSON, and the version of its shape."""


def schema_name(command: str, version: int) -> str:
    """Return the file name of a command's JSON Schema."""
    return f"{command.replace(' ', '-')}.v{version}.schema.json"


def schemas() -> Iterator[tuple[str, str]]:
    """Yield the file name and the text of the JSON Schema of each answer."""
    for command, (shape, version) in ANSWERS.items():
        schema = msgspec.json.schema(shape)
        schema["$defs"][shape.__name__]["properties"]["version"] = {"const": version}
        head = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:detente:{command.replace(' ', '-')}:{version}",
            "title": f"The answer of detente {command} --format json, version {version}",
        }
        yield schema_name(command, version), json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"


def _shape(schema: dict[str, Any]) -> str:
    """Return a JSON Schema of one field in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_shape(part) for part in schema["anyOf"])
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        inner = schema.get("items") or (schema.get("prefixItems") or [{}])[0]
        return f"list of {_shape(inner)}"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"object of {_shape(inner)}" if isinstance(inner, dict) and inner else "object"
    if schema.get("format") in ("date", "date-time"):
        return "day" if schema["format"] == "date" else "time"
    return {"string": "text", "integer": "integer", "boolean": "true or false"}.get(kind, kind)


def json_page() -> str:
    """Return the page with the answers and the fields of every shape in them."""
    rows = [
        (
            f"`detente {command}`",
            f"[{shape.__name__}](#{shape.__name__.lower()})",
            version,
            f"[{schema_name(command, version)}](json/{schema_name(command, version)})",
        )
        for command, (shape, version) in ANSWERS.items()
    ]
    parts = [
        f"{HEAD}# JSON\n\n"
        "Every command that answers a question speaks JSON with `--format json`.\n"
        "Each answer says its `version`; within a version fields are only added, never renamed or given another "
        "meaning.\n"
        "Days are `YYYY-MM-DD`; texts come in English and Russian together; `null` is what the record does not "
        "hold.\n\n"
    ]
    parts.append(table(("command", "answer", "version", "schema"), rows))
    defs: dict[str, dict[str, Any]] = {}
    for shape, _ in ANSWERS.values():
        defs |= msgspec.json.schema(shape)["$defs"]
    for name, shape_schema in defs.items():
        about = " ".join(shape_schema.get("description", "").split())
        fields = ((f"`{field}`", _shape(part)) for field, part in shape_schema.get("properties", {}).items())
        listed = table(("field", "shape"), fields)
        parts.append(f"\n## {name}\n\n{about}\n\n{listed}")
    return "".join(parts)
