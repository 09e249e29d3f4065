"""Banners and the admin's header in the real browser."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from playwright.sync_api import Page, expect

from helpdesk.announcements.models import Announcement
from helpdesk.guides.models import Guide, Symptom
from tests.accounts.staff_people import editor
from tests.browser import axe
from tests.factories import make_announcement

GUIDE = "/guides/trading-platform-login/"
SYMPTOM = f"{GUIDE}connection-attempts/"


def test_banner_comes_and_goes_with_smooth_navigation_and_is_on_paper(
    page: Page, live_content: None, live_server: Any
) -> None:
    symptom = Symptom.objects.get(slug="connection-attempts", guide__slug="trading-platform-login")
    outage = make_announcement(title="Nobody can log in.", severity="outage", symptoms=[symptom], text="Call **us**.")
    banner = page.get_by_role("region", name="Announcements")
    page.goto(live_server.url + GUIDE)
    page.evaluate("window.mark = true")
    expect(banner).to_have_count(0)
    page.locator(f'#main a[href="{SYMPTOM}"]').click()
    expect(banner).to_contain_text("Outage: Nobody can log in.")
    page.go_back()
    expect(banner).to_have_count(0)
    assert page.evaluate("window.mark === true")

    outage.symptoms.clear()
    make_announcement(title="Logins are slow.", guides=Guide.objects.all(), link="/g/1001/", link_text="Status")
    make_announcement(title="Maintenance on Saturday.", severity="info")
    page.goto(live_server.url)
    expect(banner.locator("p").filter(has_text="Affects:")).to_have_count(1)
    assert axe.faults_on_screens(page, parts=[".announcements"], enable=axe.STRICT) == {}
    page.emulate_media(media="print")
    expect(banner.get_by_text("Outage:")).to_be_visible()


def test_announcement_is_started_and_ended_with_the_keyboard(page: Page, live_content: None, live_server: Any) -> None:
    cookie = editor().cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": f"{live_server.url}/admin/"}])
    guide = Guide.objects.get(slug="trading-platform-login")
    page.goto(f"{live_server.url}/admin/guides/guide/{guide.pk}/change/")
    page.get_by_role("link", name="Announce a problem").press("Enter")
    page.get_by_label("What visitors read").fill("Logins are slow.")
    expect(page.get_by_label("Where")).to_have_value(f"guide-{guide.pk}")
    assert axe.faults_on_screens(page, parts=["#content-main", ".header-announcements"], enable=axe.STRICT) == {}
    page.get_by_role("button", name="Start now").press("Enter")
    expect(page).to_have_url(f"{live_server.url}/admin/guides/guide/{guide.pk}/change/")
    end = page.get_by_role("button", name="End: Logins are slow.")
    expect(end).to_be_visible()
    assert axe.faults_on_screens(page, parts=[".header-announcements"], enable=axe.STRICT) == {}
    end.press("Enter")
    expect(end).to_have_count(0)
    assert Announcement.objects.get().ends_at is not None
