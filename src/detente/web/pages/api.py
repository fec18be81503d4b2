"""The API as a page to read: every question with its parameters, an example to open, and the fields of its answer."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import override

from detente.record.registers import Words
from detente.web.chosen import Chosen
from detente.web.endpoints import ENDPOINTS
from detente.web.frame import frame
from detente.web.links import Links
from detente.web.openapi import document
from detente.web.openapi import schema_of
from detente.web.page import KEEP
from detente.web.page import today
from detente.web.questions import Endpoint
from detente.web.questions import Parameter

__all__ = ["api_page"]

_LANGUAGES = ("en", "ru")


class Field(msgspec.Struct, frozen=True):
    """One field of an answer: its shape in words, in which the name of a schema may stand."""

    name: str
    before: str
    schema: str
    after: str


class Shape(msgspec.Struct, frozen=True):
    """One schema: its fields, and what it is."""

    name: str
    about: str
    fields: list[Field]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question as it is shown."""

    name: str
    path: str
    summary: Words
    parameters: tuple[Parameter, ...]
    example: str
    """An address that can be opened as it stands."""
    command: str
    answer: str
    heavy: bool
    yearly: bool


def api_page(request: HttpRequest) -> HttpResponse:
    """Return the page, in the language that the address or the browser asks for."""
    asked = request.GET.get("lang", "")
    language = asked if asked in _LANGUAGES else ("ru" if get_language() == "ru" else "en")
    with override(language):
        links = Links(Chosen(on=today()), language)
        other = "en" if language == "ru" else "ru"
        context = {
            **frame(request, links),
            "in_other": f"{request.path}?lang={other}",
            "kept": {},
            "questions": [_question(endpoint) for endpoint in ENDPOINTS],
            "shapes": _shapes(),
            "openapi": reverse("api.openapi"),
        }
        response = render(request, "api.html", context)
    response["Content-Language"] = language
    setattr(response, KEEP, asked in _LANGUAGES)
    return response


def _question(endpoint: Endpoint) -> Question:
    names = ("on", "party", "within")
    shown = {p.name: p.examples[0] for p in endpoint.parameters if p.required or p.name in names}
    path = reverse(f"api.{endpoint.name}")
    return Question(
        name=endpoint.name,
        path=path,
        summary=endpoint.summary,
        parameters=endpoint.parameters,
        example=path + (f"?{urlencode(shown, safe=',/()')}" if shown else ""),
        command=f"detente {endpoint.name} --format json" if endpoint.command else "",
        answer=schema_of(endpoint.answer),
        heavy=endpoint.heavy,
        yearly=endpoint.yearly,
    )


@cache
def _shapes() -> list[Shape]:
    schemas: dict[str, dict[str, Any]] = document()["components"]["schemas"]
    return [
        Shape(name, schema["description"], [_field(f, s) for f, s in schema.get("properties", {}).items()])
        for name, schema in schemas.items()
    ]


def _field(name: str, schema: dict[str, Any]) -> Field:
    parts = schema.get("anyOf", [schema])
    shapes = [_shape(part) for part in parts if part.get("type") != "null"]
    named = next((schema for _, schema in shapes if schema), "")
    after = " | null" if len(shapes) < len(parts) else ""
    return Field(name, " | ".join(shape for shape, _ in shapes if shape), named, after)


def _shape(schema: dict[str, Any]) -> tuple[str, str]:
    """Return the shape of one value in words, and the schema that it names at their end, if any."""
    if "$ref" in schema:
        return "", str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return str(schema["const"]), ""
    kind = str(schema.get("type", "any"))
    inner = schema.get("items") if kind == "array" else schema.get("additionalProperties")
    inner = inner if isinstance(inner, dict) and inner else (schema.get("prefixItems") or [None])[0]
    if inner:
        shape, named = _shape(inner)
        return f"{kind} of {shape}".rstrip(), named
    return str(schema.get("format") or kind), ""
