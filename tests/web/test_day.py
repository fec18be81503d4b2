"""The day: the agenda in three sections, with the choice kept in every link."""

from __future__ import annotations

from datetime import date

import html5lib
import msgspec
import pytest
from django.test import Client

from detente.reading import Reading
from detente.rendering.data import as_json
from detente.web.desk import desk

DAY = "/en/?on=2018-07-10"


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:400]
    return response.content.decode()


def test_front_page_goes_to_the_language_of_the_browser(client: Client) -> None:
    assert client.get("/", headers={"accept-language": "ru"})["Location"] == "/ru/"
    assert client.get("/", headers={"accept-language": "fr"})["Location"] == "/en/"


def test_an_address_without_a_day_is_sent_to_one_that_states_it(client: Client) -> None:
    response = client.get("/en/?according_to=&between=USA,RUS")
    assert response.status_code == 302
    assert response["Location"].startswith("/en/?on=2")
    assert "between" not in response["Location"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_is_valid_html(client: Client, language: str) -> None:
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(text_of(client, f"/{language}/?on=2018-07-10&open=all"))


def test_the_page_holds_every_item_of_the_agenda_with_its_accounts(client: Client) -> None:
    text = text_of(client, DAY)
    agenda = Reading(desk().casebook, date(2018, 7, 10)).agenda("USA", "RUS", "3y")
    assert len(agenda.items()) > 50
    for item in agenda.items():
        assert f'<li id="{item.id}"' in text
    assert "941 days" in text


def test_the_data_are_those_of_the_command_line(client: Client) -> None:
    data = client.get("/en/day.json?on=2018-07-10")
    agenda = Reading(desk().casebook, date(2018, 7, 10)).agenda("USA", "RUS", "3y")
    assert data.content.decode() == as_json(agenda)


def test_the_choice_is_in_every_link(client: Client) -> None:
    text = text_of(
        client,
        "/en/?on=2023-06-01&known_by=2023-07-01&according_to=RUS&between=USA,RUS".replace("&between=USA,RUS", ""),
    )
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    links = [a.get("href", "") for a in parser.parse(text).iter("a")]
    inside = [link for link in links if link.startswith("/en/")]
    assert len(inside) > 100
    for link in inside:
        assert "known_by=2023-07-01" in link, link
        assert "according_to=RUS" in link, link


def test_many_faults_are_named_together(client: Client) -> None:
    response = client.get("/ru/?on=2018-13-45&known_by=yesterday&between=USA&horizon=soon")
    assert response.status_code == 400
    text = response.content.decode()
    for given in ("2018-13-45", "yesterday", "USA", "soon"):
        assert given in text
    assert "Traceback" not in text


def test_unknown_parties_are_named(client: Client) -> None:
    response = client.get("/en/day.json?on=2018-07-10&between=Atlantis,Ruritania")
    assert response.status_code == 400
    problem = msgspec.json.decode(response.content)
    assert [fault["given"] for fault in problem["faults"]] == ["Atlantis", "Ruritania"]


def test_a_million_characters_are_refused(client: Client) -> None:
    response = client.get("/en/", {"on": "2018-07-10", "according_to": "x" * 1_000_000})
    assert response.status_code == 400
    assert len(response.content) < 20_000


def test_a_page_seen_before_is_the_same_and_is_known_by_its_tag(client: Client) -> None:
    first, second = client.get(DAY), client.get(DAY)
    assert first.content == second.content
    assert client.get(DAY, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_no_cookie_is_set_and_no_other_host_is_asked(client: Client) -> None:
    response = client.get(DAY)
    assert not response.cookies
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_a_million_characters_are_refused_before_the_address_is_completed(client: Client) -> None:
    response = client.get("/en/statements/", {"text": "x" * 1_000_000, "kind": "y" * 300})
    assert response.status_code == 400
    assert len(response.content) < 20_000
    text = response.content.decode()
    assert "1,000,000 characters" in text
    assert "300 characters" in text
