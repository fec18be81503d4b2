"""Every page for everybody: axe-core finds no serious fault, nothing is cut off on a phone, print is clean."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import Page

PAGES = (
    "?on=2018-07-10&open=all", "?on=2023-06-01&according_to=USA", "?on=1986-10-10", "?on=2026-11-24&between=USA,IRN",
    "instruments/?on=2018-07-10", "instruments/new-start/?on=2023-06-01", "instruments/npt/?on=2018-07-10",
    "instruments/new-start/articles/II.1(b)/?on=2023-06-01", "instruments/unscr-2231/?on=2025-11-01",
    "parties/?on=2018-07-10", "parties/RUS/?on=2018-07-10", "parties/USA/and/RUS/?on=2018-07-10",
    "forums/?on=2018-07-10", "forums/bcc/?on=2018-07-10", "due/?on=2018-07-10",
    "compare/?on=2019-08-03&first=2018-07-10", "claims/?on=2018-07-10", "claims/worst-since-1962/?on=2018-07-10",
    "issues/?on=2018-07-10", "issues/strategic-arms/?on=2018-07-10",
    "statements/?on=2018-07-10&kind=concern", "statements/new-start.rus.2018-02-05.us-conversions/?on=2018-07-10",
    "sources/?on=2018-07-10", "problems/?on=2018-07-10", "help/?on=2018-07-10",
    "computed/new-start/II.1(b)/RUS/?on=2018-07-10", "computed/dispute.inf.concerns/?on=2018-07-10",
    "?on=2018-13-45&known_by=never",
)  # fmt: skip
_GRAVE = ("serious", "critical")


def _grave(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in _GRAVE]


def _sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Any:
    desk = browser.new_context(viewport={"width": 1280, "height": 900})
    phone = browser.new_context(viewport={"width": 390, "height": 844})
    yield desk.new_page(), phone.new_page()
    desk.close()
    phone.close()


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_for_everybody(tabs: tuple[Page, Page], site: str, language: str, address: str) -> None:
    desk, phone = tabs
    desk.goto(f"{site}/{language}/{address}")
    assert _grave(desk) == []
    assert _sideways(desk) <= 0
    phone.goto(f"{site}/{language}/{address}")
    assert _sideways(phone) <= 0


def test_an_accessibility_fault_is_found(tabs: tuple[Page, Page]) -> None:
    desk, _ = tabs
    desk.set_content("<html><body><input><img src='x.png'></body></html>")
    assert any(fault.startswith("label") for fault in _grave(desk))


def test_print_leaves_out_what_only_a_screen_can_do(tabs: tuple[Page, Page], site: str) -> None:
    desk, _ = tabs
    desk.goto(f"{site}/en/?on=2018-07-10")
    desk.emulate_media(media="print")
    for part in (".choice", ".top nav", ".steps", ".jump"):
        assert not desk.locator(part).first.is_visible(), part
    assert desk.locator(".stamp").is_visible()
    desk.emulate_media(media="screen")
