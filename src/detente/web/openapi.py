"""The OpenAPI 3.1 document of the API, made from the table of questions and the shapes of their answers."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from inspect import cleandoc
from typing import Any

import msgspec
from django.urls import get_script_prefix

from detente.rendering.data import as_json
from detente.web.chosen import LONGEST
from detente.web.endpoints import ENDPOINTS
from detente.web.faults import ProblemDocument
from detente.web.questions import Endpoint
from detente.web.questions import Parameter

__all__ = ["document", "openapi_json", "schema_of"]

_ABOUT = """\
The same questions as the command line, answered byte for byte alike: what was promised, declared and done, what holds
on any day according to each side, and what to talk about. Only GET and HEAD; no key, no cookie, any origin.

A day is `YYYY-MM-DD`. State the day (`on`), and the knowledge day (`known_by`) if you cite an answer: then it can be
kept by caches, and the same stamp gives the same answer on any machine. `null` is what the record does not hold;
`""` for an author or a reading is the common one. Texts come in English and Russian together.
Names are codes of the record (`USA`, `new-start`); a name that it does not hold is answered with near ones.
"""
_REFUSALS = {
    "400": "A parameter is unknown, missing, given twice or of the wrong form; all faults are named at once.",
    "404": "The record holds no such thing; near names are given.",
    "405": "Something else than GET or HEAD was sent.",
    "503": "Another question of this size is being computed; ask again after `Retry-After` seconds.",
}


@cache
def openapi_json() -> str:
    """Return the document as JSON."""
    return as_json(document())


def document() -> dict[str, Any]:
    """Return the document; every answer and the problem document are among its schemas."""
    shapes = [endpoint.answer for endpoint in ENDPOINTS]
    _, schemas = msgspec.json.schema_components([*shapes, ProblemDocument], ref_template="#/components/schemas/{name}")
    for schema in schemas.values():
        _exact_version(schema)
        schema["description"] = cleandoc(schema.get("description", ""))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Détente",
            "version": version("detente"),
            "summary": "A dated, authored, sourced record of arms-control promises, read on any day",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": get_script_prefix()}],
        "paths": {f"/api/{endpoint.name}": {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {"schemas": schemas, "responses": {code: _refusal(text) for code, text in _REFUSALS.items()}},
    }


def schema_of(answer: type[msgspec.Struct]) -> str:
    """Return the name of the schema of an answer."""
    return answer.__name__


def _exact_version(schema: dict[str, Any]) -> None:
    """Say of the field `version` which value it has, not only that it is a number."""
    number = schema.get("properties", {}).get("version")
    if number and "default" in number:
        schema["properties"]["version"] = {"const": number["default"]}
        schema.setdefault("required", []).append("version")


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema_of(endpoint.answer)}"}
    codes = [code for code in _REFUSALS if code != "503" or endpoint.heavy]
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary.en,
        "description": f"{endpoint.summary.ru}\n\n{_about(endpoint)}",
        "parameters": [_parameter(parameter) for parameter in endpoint.parameters],
        "responses": {
            "200": {"description": "The answer.", "content": {"application/json": {"schema": reference}}},
            **{code: {"$ref": f"#/components/responses/{code}"} for code in codes},
        },
    }


def _about(endpoint: Endpoint) -> str:
    told = [f"As `detente {endpoint.name} --format json`."] if endpoint.command else []
    told += ["The day may lie at most ten years ahead."] if endpoint.yearly else []
    told += ["One such answer is computed at a time."] if endpoint.heavy else []
    return " ".join(told)


def _parameter(parameter: Parameter) -> dict[str, Any]:
    kind = parameter.kind
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": f"{parameter.summary.en} {kind.remedy.en}\n\n{parameter.summary.ru} {kind.remedy.ru}",
        "schema": {
            "type": "string",
            "format": kind.format,
            "minLength": 1,
            "maxLength": LONGEST,
            "pattern": f"^(?:{kind.pattern})$",
        },
        "examples": {f"{number}": {"value": value} for number, value in enumerate(parameter.examples, 1)},
    }


def _refusal(text: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{schema_of(ProblemDocument)}"}}}
    return {"description": text, "content": content}
