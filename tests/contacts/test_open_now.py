"""Open now: the script's words in the browser, in four time zones and over both clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from helpdesk.contacts.hours import status
from helpdesk.contacts.hours_text import parse_hours
from helpdesk.contacts.models import ContactPoint
from tests.factories import make_contact_line, make_contact_point

HOURS = "Mon-Fri 09:00-20:00, Sun 16:00-02:00"
ZONES = ("America/New_York", "Europe/London", "Australia/Sydney")
# Around the clock changes of 2026 in New York, London and Sydney, those of the browser's Santiago among them.
CHANGES = ((3, 8), (3, 29), (4, 5), (9, 6), (10, 4), (10, 25), (11, 1))
MOMENTS = [
    datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hours)
    for month, day in CHANGES
    for hours in (-30, -3, 5, 14, 21, 40)
]
STATUS = "li .open-status"
SHOWN_ENDS = "all => all.map(at => new Intl.DateTimeFormat('en', {hour: 'numeric', minute: '2-digit'}).format(at))"


def statuses(page: Page) -> list[str]:
    return [plain(text) for text in page.locator(STATUS).all_inner_texts()]


def plain(text: str) -> str:
    """Return a text with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def portal(transactional_db: None, live_server) -> str:
    desk = make_contact_point(slug="desk", number="")
    for position, zone in enumerate(ZONES):
        make_contact_line(contact_point=desk, place=zone, hours=HOURS, time_zone=zone, position=position)
    return live_server.url


def test_script_says_what_the_server_computes_in_every_zone(browser: Browser, portal: str) -> None:
    # A name that only earlier versions stored; its sign is reversed.
    zones = (*ZONES, "Etc/GMT+5")
    make_contact_line(contact_point=ContactPoint.objects.get(), place="x", hours=HOURS, time_zone=zones[-1], position=9)
    context = browser.new_context(timezone_id="America/Santiago", locale="en-US")
    page = context.new_page()
    page.goto(f"{portal}/contact/")
    for moment in MOMENTS:
        page.clock.set_fixed_time(moment)
        page.evaluate("dispatchEvent(new Event('visibilitychange'))")
        found = {zone: status(parse_hours(HOURS), zone, frozenset(), moment) for zone in zones}
        shown = page.locator(STATUS).evaluate_all(
            "all => Object.fromEntries(all.map(one => [one.dataset.zone, one.classList.contains('is-open')]))"
        )
        assert shown == {zone: one.is_open for zone, one in found.items()}, moment
        ends = page.evaluate(SHOWN_ENDS, [one.until.timestamp() * 1000 for one in found.values() if one.until])
        on_page = page.locator(STATUS).evaluate_all("all => all.map(one => one.dataset.zone)")
        words = dict(zip(on_page, statuses(page), strict=True))
        for zone, end in zip(zones, ends, strict=True):
            assert plain(end) in words[zone], (moment, zone)
    context.close()


def test_words_follow_the_minute_and_the_visitors_zone_comes_first(browser: Browser, portal: str) -> None:
    context = browser.new_context(timezone_id="Europe/London", locale="en-US")
    page = context.new_page()
    page.clock.install(time=datetime(2026, 11, 30, 19, 58, tzinfo=UTC))
    page.goto(f"{portal}/contact/")
    assert page.locator(".contact-lines .caption").all_inner_texts() == ["Europe/London", ZONES[0], ZONES[2]]
    assert statuses(page) == [
        "Open now · closes 8:00 PM your time",
        "Open now · closes 1:00 AM your time",
        "Closed · opens 10:00 PM your time",
    ]
    page.clock.run_for(2 * 60_000)
    assert statuses(page)[0] == "Closed · opens Tuesday 9:00 AM your time"
    page.goto(f"{portal}/")
    page.clock.pause_at(datetime(2026, 12, 5, 12, tzinfo=UTC))
    line = page.locator(".contact-line .open-status")
    assert plain(line.inner_text()) == "Closed · opens Sunday 9:00 PM your time"
    context.close()


def test_without_script_nothing_is_said_of_now(browser: Browser, portal: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal}/contact/")
    assert set(page.locator(STATUS).all_inner_texts()) == {""}
    assert "Mon–Fri 9:00 AM – 8:00 PM" in page.locator("main").inner_text()
    context.close()
