"""The walk of a desk officer: with the mouse, with the keyboard alone, and with script off."""

from __future__ import annotations

from datetime import date

from icalendar import Calendar
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect


def test_a_desk_officer_reads_a_day(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?on=2018-07-10")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2018-07-10")
    item = page.locator('[id="dispute.inf.concerns"]')
    item.locator("summary").click()
    expect(item.locator(".why")).to_be_visible()
    expect(item.locator(".account h4", has_text="United States")).to_be_visible()
    expect(item.locator(".account h4", has_text="Russian Federation")).to_be_visible()
    # Switch according-to: that account comes first, and the choice stays in every link.
    page.get_by_label("According to").fill("RUS")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(f"{site}/en/?on=2018-07-10&according_to=RUS")
    item.locator("summary").click()
    expect(item.locator(".account h4").first).to_contain_text("Russian Federation")
    # Step to the day on which INF had ended.
    page.get_by_label("Day", exact=True).fill("2019-08-03")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2019-08-03")
    # Compare with 2018.
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Compare").click()
    page.get_by_role("textbox", name="First day").fill("2018-07-10")
    page.get_by_role("button", name="Show the changes").click()
    expect(page.locator("main")).to_contain_text("INF Treaty")
    # In Russian, the same page.
    page.get_by_role("link", name="Русский").click()
    expect(page.locator("main")).to_contain_text("ДРСМД")
    assert "first=2018-07-10" in page.url
    assert "on=2019-08-03" in page.url


def test_dates_go_into_a_calendar(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?on=2018-07-10")
    address = page.get_by_role("link", name=".ics").get_attribute("href")
    response = page.request.get(f"{site}{address}")
    assert response.ok
    events = Calendar.from_ical(response.text()).walk("VEVENT")
    assert date(2021, 2, 5) in [event.decoded("dtstart") for event in events]


def test_the_day_moves_by_arrow_keys(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?on=2018-07-10")
    after = page.locator("#step-after").inner_text().split()[0]
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_contain_text(after)
    assert f"on={after}" in page.url
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(after)


def test_the_day_moves_by_the_slider(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?on=2018-07-10")
    slide = page.get_by_role("slider", name="Days on which something changed")
    slide.focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1945-12-31")
    assert "on=1945-12-31" in page.url
    page.go_back()


def test_the_keyboard_alone_is_enough(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?on=2018-07-10")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    summary = page.locator(".items summary").first
    for _ in range(40):
        if summary.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".items .why").first).to_be_visible()


def test_everything_is_there_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/en/?on=2018-07-10")
    page.locator('[id="dispute.inf.concerns"] summary').click()
    expect(page.locator('[id="dispute.inf.concerns"] .why')).to_be_visible()
    page.locator("#step-after").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2018-07-12")
    page.get_by_role("link", name="Open all items").click()
    expect(page.locator(".items .why").last).to_be_visible()
    page.get_by_role("link", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
