"""A question and its answers on one screen of a phone, and every kind of end in the browser."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from helpdesk.guides.models import Check, Symptom
from tests import factories
from tests.browser.axe import STRICT, faults_of

PHONE = {"width": 390, "height": 844}


def test_every_question_and_its_answers_are_on_one_screen_of_a_phone(watched: Page, portal: str) -> None:
    """Look at each question of the first content, on its own page and on that of a situation which begins with it."""
    watched.set_viewport_size(PHONE)
    checks = Check.objects.exclude(cause__question="").select_related("symptom__guide", "cause")
    own = [f"{check.symptom.get_absolute_url()}check/{check.cause.slug}/" for check in checks]
    first = [check.symptom.get_absolute_url() for check in checks if check.position == 1]
    assert (len(own) >= 8, len(first)) == (True, 5)
    ends = {}
    for path in own + first:
        watched.goto(portal + path)
        box = watched.locator(".answers button").last.bounding_box()
        ends[path] = box["y"] + box["height"]

    assert {path: end for path, end in ends.items() if end > PHONE["height"]} == {}


def test_long_notice_before_a_question_opens_and_is_whole_on_paper(watched: Page, portal: str) -> None:
    watched.goto(f"{portal}/guides/account-management-login/invalid-username-password/")
    notice = watched.get_by_role("note")
    rest = notice.locator(".prose")
    assert not rest.evaluate("rest => rest.checkVisibility()")
    watched.emulate_media(media="print")
    assert rest.evaluate("rest => rest.checkVisibility() && rest.getBoundingClientRect().height > 0")
    watched.emulate_media(media="screen")
    notice.locator("summary").press("Enter")
    assert rest.evaluate("rest => rest.checkVisibility()")


def click_answer(page: Page, *values: str) -> None:
    """Click the first of these answers that the page has, and wait for the page that it leads to."""
    before = page.url
    page.locator(", ".join(f".answers button[value={value}]" for value in values)).first.click()
    page.wait_for_url(lambda url: url != before)


def end_reached(page: Page) -> str:
    """Return the address of an end, after a look at the number to call."""
    expect(page.locator('main a[href^="tel:"]').first).to_be_visible()
    return urlsplit(page.url).path


def test_every_end_of_every_situation_is_reached_by_clicking(watched: Page, portal: str) -> None:
    """Say yes to each check in turn, and no to all before it; then no to all."""
    ends = {}
    for symptom in Symptom.objects.order_by("number"):
        checks = symptom.checks.select_related("cause__resolution").order_by("position")
        for place, check in enumerate([*checks, None]):
            watched.goto(portal + symptom.get_absolute_url())
            if len(checks) == 1 and checks[0].cause.resolution.ends_walk:
                ends[symptom.number, "at once"] = end_reached(watched)
                break
            for _ in range(place):
                click_answer(watched, "not-this", "not-fixed")
            if check is None:
                ends[symptom.number, "people"] = end_reached(watched)
                continue
            if check.cause.question:
                click_answer(watched, "applies")
            if not check.cause.resolution.ends_walk:
                click_answer(watched, "fixed")
            ends[symptom.number, check.cause.slug] = end_reached(watched)

    assert len({number for number, _ in ends}) == Symptom.objects.count() == 22
    assert all(path.endswith("/contact/") for (_, end), path in ends.items() if end == "people")
    assert {path.rstrip("/").rpartition("/")[2] for path in ends.values()} >= {"contact", "fix", "fixed"}


@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "plain"])
@pytest.mark.django_db(transaction=True)
def test_every_kind_of_end_is_reached_and_has_no_fault(browser, live_server, scripts: bool) -> None:
    endings = {"off": "fix", "late": "wait", "lost": "contact", "closed": "none"}
    causes = [factories.make_question(slug=slug, ending=ending, title=slug) for slug, ending in endings.items()]
    causes[1].resolution.wait_hours = 24
    causes[1].resolution.save()
    causes.append(factories.make_cause(slug="plain", title="Plain"))
    symptom = factories.make_symptom(causes=causes)
    page = browser.new_context(viewport=PHONE, java_script_enabled=scripts).new_page()
    for place, (slug, ending) in enumerate(endings.items()):
        page.goto(live_server.url + symptom.get_absolute_url())
        for _ in range(place):
            page.get_by_role("button", name="No", exact=True).click()
        page.get_by_role("button", name="Yes, that's it").click()
        page.wait_for_url(f"**/check/{slug}/fix/**")
        expect(page.get_by_role("heading", level=1)).to_have_text("Switch it on")
        if scripts:
            assert faults_of(page, enable=STRICT) == []
        if ending == "fix":
            page.get_by_role("button", name="That fixed it").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Great, that's fixed")
        else:
            page.goto(f"{live_server.url}{symptom.get_absolute_url()}found/?by={slug}")
            expect(page.get_by_role("heading", level=1)).to_have_text("Switch it on")
    page.context.close()
