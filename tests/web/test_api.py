"""The API: the answers of the commands byte for byte, refusals that name every fault, and a document that is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import html5lib
import msgspec
import pytest
from django.test import Client
from typer.testing import CliRunner

from detente import cli
from detente.cli.app import app
from detente.web import api
from detente.web.endpoints import ENDPOINTS
from detente.web.page import today

assert cli.__all__  # the package brings every command

ASKED: dict[str, list[dict[str, str]]] = {
    "agenda": [{"between": "USA,IRN", "on": "2025-11-01", "known_by": "2025-12-31", "horizon": "18m"}],
    "status": [{"on": "2018-07-10"}, {"instrument": "unscr-2231", "on": "2025-11-01", "according_to": "RUS"}],
    "findings": [{"instrument": "new-start", "party": "RUS", "on": "2023-06-01", "according_to": "United States"}],
    "explain": [{"id": "new-start/II.1(b)/RUS", "on": "2018-07-10"}, {"id": "due.new-start.term", "on": "2018-07-10"}],
    "due": [{"on": "2018-07-10", "within": "6m"}, {"on": "2018-07-10", "party": "RUS", "according_to": "RUS"}],
    "diff": [
        {"first": "2018-05-07", "second": "2018-07-10"},
        {"first": "2014-07-10", "second": "2014-07-10", "known_by": "2013-07-10,2015-07-10", "according_to": "USA"},
    ],
    "history": [{"instrument": "new-start", "provision": "II.1(b)", "party": "RUS", "on": "2018-07-10"}],
    "forums": [{"on": "2018-07-10", "party": "RUS"}, {"forum": "bpc", "on": "2018-07-10"}],
    "ties": [{"between": "USA,RUS", "on": "1970-06-01"}],
    "claims": [{"claim": "worst-since-1962", "on": "1970-06-01"}],
    "show": [{"id": "new-start", "on": "2018-07-10"}, {"id": "rus", "on": "2018-07-10", "known_by": "2018-07-31"}],
    "check": [{}],
}
POSITIONAL: dict[str, list[str]] = {
    "status": ["instrument"], "findings": ["instrument"], "explain": ["id"], "diff": ["first", "second"],
    "history": ["instrument", "provision"], "forums": ["forum"], "claims": ["claim"], "show": ["id"],
}  # fmt: skip


def asked(name: str, given: dict[str, str]) -> str:
    return f"/api/{name}?{urlencode(given)}" if given else f"/api/{name}"


def as_command(name: str, given: dict[str, str]) -> list[str]:
    """Return the command that asks the same."""
    words = [given[part] for part in POSITIONAL.get(name, []) if part in given]
    words += given["between"].split(",") if name == "ties" else []
    for part, value in given.items():
        if part not in POSITIONAL.get(name, []) and (name, part) != ("ties", "between"):
            words += [f"--{part.replace('_', '-')}", value]
    return [name, *words, "--format", "json"]


@pytest.mark.parametrize(("name", "given"), [(name, given) for name, many in ASKED.items() for given in many])
def test_the_answer_is_that_of_the_command(client: Client, name: str, given: dict[str, str]) -> None:
    response = client.get(asked(name, given))
    printed = CliRunner().invoke(app, as_command(name, given))
    assert printed.exit_code == 0, printed.output
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response.content.decode() == printed.stdout


def test_every_question_is_compared_with_its_command() -> None:
    assert {endpoint.name for endpoint in ENDPOINTS if endpoint.command} == set(ASKED)
    assert {endpoint.name for endpoint in ENDPOINTS if not endpoint.command} == {"stamp", "statements"}


@pytest.mark.parametrize(
    "query",
    ["kind=report&author=RUS&year=2018&instrument=new-start", "text=9M729&sort=known&order=oldest", "party=SUN&page=2"],
)
def test_statements_are_those_of_the_page(client: Client, query: str) -> None:
    asked_, page = (client.get(f"{path}?on=2018-07-10&{query}") for path in ("/api/statements", "/en/statements.json"))
    assert asked_.content == page.content
    assert msgspec.json.decode(asked_.content)["total"] > 0


def test_ties_asked_again_are_those_of_the_command(client: Client) -> None:
    """What was looked at for a later day may be used for an earlier one, and changes nothing."""
    client.get("/api/ties?on=1990-01-01")
    printed = CliRunner().invoke(app, ["ties", "USA", "RUS", "--on", "1975-03-01", "--format", "json"])
    assert client.get("/api/ties?on=1975-03-01").content.decode() == printed.stdout


def test_the_stamp_names_the_record_in_full(client: Client) -> None:
    found = msgspec.json.decode(client.get("/api/stamp?on=2018-07-10&known_by=2018-07-31").content)
    assert found["stamp"] == f"casebook {found['casebook'][:12]} rules {found['rules']} on 2018-07-10 known 2018-07-31"
    assert len(found["casebook"]) == 64
    assert found["statements"] > 5000
    assert found["instruments"] > 80


def test_a_day_that_is_left_out_is_today(client: Client) -> None:
    response = client.get("/api/stamp")
    assert msgspec.json.decode(response.content)["on"] == today().isoformat()
    assert "ETag" not in response


# --- Refusals ---------------------------------------------------------------------------------------------------


def problem(client: Client, address: str, status: int) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = msgspec.json.decode(response.content)
    assert found["status"] == status
    for fault in found["faults"]:
        assert fault["what"]["en"]
        assert fault["what"]["ru"] != fault["what"]["en"]
        assert fault["remedy"]["en"]
    return found


def test_every_fault_of_form_is_named_at_once(client: Client) -> None:
    found = problem(client, "/api/agenda?on=2018-02-30&between=USA&horizon=100y&knownby=2018-01-01&known_by=", 400)
    assert [fault["parameter"] for fault in found["faults"]] == ["on", "between", "horizon", "knownby", "known_by"]
    assert "known_by" in found["faults"][3]["remedy"]["en"]


def test_every_unknown_name_is_named_at_once(client: Client) -> None:
    found = problem(client, "/api/status?instrument=start&party=Atlantis&according_to=Mu&on=2018-07-10", 404)
    assert [fault["given"] for fault in found["faults"]] == ["start", "Atlantis", "Mu"]
    assert "new-start" in found["faults"][0]["remedy"]["en"]


@pytest.mark.parametrize(
    ("address", "status", "parameter"),
    [
        ("/api/explain", 400, "id"),
        ("/api/diff?first=2018-07-10", 400, "second"),
        ("/api/status?on=2018-07-10&on=2018-07-11", 400, "on"),
        ("/api/agenda?on=2018-07-10&between=USA,United%20States", 400, "between"),
        ("/api/ties?on=2999-01-01", 400, "on"),
        ("/api/claims?on=2999-01-01", 400, "on"),
        ("/api/due?on=1899-12-31", 400, "on"),
        ("/api/show?id=%00", 400, "id"),
        ("/api/show?id=%20new-start", 400, "id"),
        ("/api/forums?forum=bccc", 404, "forum"),
        ("/api/claims?claim=worst", 404, "claim"),
        ("/api/agenda?between=USA,Mu", 404, "between"),
        ("/api/statements?kind=rumour", 400, "kind"),
        ("/api/statements?page=-1", 400, "page"),
        ("/api/statements?source=nobody", 404, "source"),
    ],
)
def test_a_fault_is_named_with_its_parameter(client: Client, address: str, status: int, parameter: str) -> None:
    found = problem(client, address, status)
    assert [fault["parameter"] for fault in found["faults"]] == [parameter]


def test_a_million_characters_are_refused(client: Client) -> None:
    response = client.get("/api/show", {"id": "x" * 1_000_000})
    assert response.status_code == 400
    assert len(response.content) < 2_000
    assert client.get("/api/show", {"y" * 100_000: "x"}).status_code == 400


def test_an_address_that_does_not_exist_is_a_problem_document(client: Client) -> None:
    response = client.get("/api/weapons")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_it_only_reads(method: str) -> None:
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    response = getattr(client, method)("/api/agenda?on=2018-07-10")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert msgspec.json.decode(response.content)["status"] == 405


def test_one_heavy_answer_at_a_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_PATIENCE", 0.01)
    with api._ONE_AT_A_TIME:
        busy = client.get("/api/history?instrument=new-start&provision=II.1(b)&party=RUS&on=1999-01-01")
        assert busy.status_code == 503
        assert int(busy["Retry-After"]) > 0
        assert client.get("/api/stamp?on=1999-01-01").status_code == 200
    assert client.get("/api/history?instrument=new-start&provision=II.1(b)&party=RUS&on=1999-01-01").status_code == 200


# --- Caches and other sites -------------------------------------------------------------------------------------


def test_an_answer_with_its_day_is_known_by_its_tag(client: Client) -> None:
    address = "/api/due?on=2018-07-10"
    first = client.get(address)
    assert first["Cache-Control"] == "public, max-age=300"
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert first["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first


def test_head_is_the_same_without_the_body(client: Client) -> None:
    got, told = client.get("/api/due?on=2018-07-11"), client.head("/api/due?on=2018-07-11")
    assert told.status_code == 200
    assert told.content == b""
    assert told["ETag"] == got["ETag"]
    assert told["Content-Length"] == str(len(got.content))


# --- The document and the page ----------------------------------------------------------------------------------


def test_the_document_holds_every_question_with_its_parameters(client: Client) -> None:
    response = client.get("/api/openapi.json")
    document = msgspec.json.decode(response.content)
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {f"/api/{endpoint.name}" for endpoint in ENDPOINTS}
    for endpoint in ENDPOINTS:
        operation = document["paths"][f"/api/{endpoint.name}"]["get"]
        assert [p["name"] for p in operation["parameters"]] == [p.name for p in endpoint.parameters]
        assert endpoint.answer.__name__ in document["components"]["schemas"]


def test_every_example_is_of_its_kind() -> None:
    for endpoint in ENDPOINTS:
        for parameter in endpoint.parameters:
            for example in parameter.examples:
                assert parameter.kind.fits(example), f"{endpoint.name} {parameter.name}={example}"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_shows_every_question_and_its_examples_open(client: Client, language: str) -> None:
    text = client.get("/api/", headers={"accept-language": language}).content.decode()
    html5lib.HTMLParser(strict=True).parse(text)
    assert f'<html lang="{language}">' in text
    assert client.get(f"/api/?lang={language}").content.decode() == text
    page = html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)
    examples = [a.get("href", "") for a in page.iter("a") if a.get("href", "").startswith("/api/")]
    for endpoint in ENDPOINTS:
        assert f'id="{endpoint.name}"' in text
        assert endpoint.summary.get(language) in text
        assert any(e.split("?")[0] == f"/api/{endpoint.name}" for e in examples)
    if language == "en":
        for example in examples:
            assert client.get(example).status_code == 200, example


def test_every_reference_within_the_page_leads_somewhere(client: Client) -> None:
    page = html5lib.HTMLParser(namespaceHTMLElements=False).parse(client.get("/api/?lang=en").content)
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    inside = {a.get("href", "")[1:] for a in page.iter("a") if a.get("href", "").startswith("#")}
    assert inside - ids == set()


def test_the_page_on_how_to_ask_lists_every_question() -> None:
    text = (Path(__file__).parents[2] / "docs" / "howto" / "api.md").read_text("utf-8")
    assert re.findall(r"^\| `/api/([a-z]+)` \|", text, re.MULTILINE) == [endpoint.name for endpoint in ENDPOINTS]
