"""Every symptom of the first content walked by plain links and forms: no JavaScript, no cookie."""

import html
import re
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.guides.models import Cause, Symptom
from tests import factories
from tests.browsing import Visitor

GUIDES = {
    "trading-platform-login": [
        "invalid-username-password",
        "invalid-passcode",
        "forgotten-username-password",
        "connection-attempts",
        "without-security-device",
        "security-device-lost",
        "temporary-passcode-expired",
        "security-card-expired",
        "awaiting-security-device",
        "passcode-account-management-only",
        "activate-security-device",
    ],
    "account-management-login": [
        "invalid-username-password",
        "invalid-passcode",
        "forgotten-username-password",
        "without-security-device",
        "security-device-lost",
        "temporary-passcode-expired",
        "security-card-expired",
        "awaiting-security-device",
        "passcode-account-management-only",
        "activate-security-device",
        "bad-character",
    ],
}
SYMPTOMS = [f"/guides/{guide}/{symptom}/" for guide, symptoms in GUIDES.items() for symptom in symptoms]

pytestmark = pytest.mark.usefixtures("first_content")


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()


@pytest.fixture
def visitor():
    return Visitor(Client(enforce_csrf_checks=True))


@pytest.mark.parametrize("guide", GUIDES)
def test_guide_lists_its_situations_in_order(visitor, guide):
    page = visitor.open(visitor_link(visitor.open("/"), f"/guides/{guide}/"))

    wanted = [f"/guides/{guide}/{symptom}/" for symptom in GUIDES[guide]]
    assert [link for link in page.links if link in wanted] == wanted
    assert page.links.index(f"/guides/{guide}/none/") > page.links.index(wanted[-1])


def visitor_link(page, path):
    """The path, once it is sure that the page links to it."""
    assert path in page.links
    return path


def checks_of(path):
    """The causes of a symptom in order."""
    _, _, guide, slug, _ = path.split("/")
    checks = Symptom.objects.get(guide__slug=guide, slug=slug).checks.order_by("position")
    return [check.cause for check in checks.select_related("cause__resolution")]


RULE_OUT, LEAVE_OPEN = ("not-this", "not-fixed"), ("cannot-tell", "cannot-try", "not-this")


def answers_on(page):
    return [value for form in page.forms for name, value in form.buttons if name == "answer"]


def go_on(visitor, page, answers):
    """Press the first of these answers that the page has; return None where the walk ends here."""
    offered = [answer for answer in answers if answer in answers_on(page)]
    return visitor.press(page, "answer", offered[0]) if offered else None


@pytest.mark.parametrize("path", SYMPTOMS)
def test_symptom_every_cause_can_be_the_one_and_ends_as_its_resolution_says(visitor, path):
    for wanted, cause in enumerate(checks_of(path)):
        page = visitor.open(path)
        for _ in range(wanted):
            page = go_on(visitor, page, RULE_OUT)
        if cause.question:
            assert cause.question in page.text
            page = visitor.press(page, "answer", "applies")
            assert urlsplit(page.path).path == f"{path}check/{cause.slug}/fix/"
        assert cause.resolution.title in page.text
        assert reachable(page), "people are always in reach"
        if cause.resolution.ends_walk:
            assert "fixed" not in answers_on(page)
            assert cause.resolution.title in visitor.open(f"{path}found/?by={cause.slug}").text
        else:
            page = visitor.press(page, "answer", "fixed")
            assert page.path == f"{path}fixed/?by={cause.slug}"
        cache.clear()


def reachable(page):
    return any(link.startswith(("tel:", "mailto:")) for link in page.links)


@pytest.mark.parametrize("path", SYMPTOMS)
@pytest.mark.parametrize("answers", [RULE_OUT, LEAVE_OPEN], ids=["ruled-out", "left-open"])
def test_symptom_nothing_helps_ends_with_people_and_a_reference(visitor, path, answers):
    checks = checks_of(path)
    page = visitor.open(path)
    for place in range(1, len(checks) + 1):
        assert reachable(page), "people are always in reach"
        if len(checks) > 1:
            assert f"Check {place} of {len(checks)}" in page.text
        ended, page = page, go_on(visitor, page, answers)
    if page is None:  # nothing to say of the last check: its resolution ends the walk
        page = ended
    else:
        assert urlsplit(page.path).path == f"{path}contact/"
        all_said = "You've been through all the checks" in page.text
        assert all_said == ("skip=" not in page.path and len(checks) > 1)
        # Nobody speaks of all checks where there is one.
        for page_of_one in (page, visitor.open(f"{path}contact/")):
            assert ("all checks" in page_of_one.text.lower()) == (len(checks) > 1)
    assert visitor.press(page, "", "").path.startswith("/handoff/")


def make_walk():
    """A symptom at /guides/g/s/ with a cause of each ending, all with questions but the last."""
    endings = {"off": "fix", "late": "wait", "lost": "contact", "closed": "none"}
    causes = [
        factories.make_question(slug=slug, ending=ending, title=f"It is {slug}") for slug, ending in endings.items()
    ]
    causes[1].resolution.wait_hours = 48
    causes[1].resolution.save()
    causes.append(factories.make_cause(slug="plain", title="Plain"))
    return factories.make_symptom(slug="s", guide=factories.make_guide(slug="g"), causes=causes)


def test_question_that_applies_leads_to_its_resolution_and_on_where_it_does_not_help(visitor):
    make_walk()
    page = visitor.open("/guides/g/s/")
    paths = []
    for answer in ("applies", "not-fixed", "applies", "not-this", "cannot-tell", "not-this", "cannot-try"):
        page = visitor.press(page, "answer", answer)
        paths.append(page.path.removeprefix("/guides/g/s/"))

    assert paths == [
        "check/off/fix/",
        "check/late/?no=off&tried=off",
        "check/late/fix/?no=off&tried=off",
        "check/lost/?no=off,late&tried=off",
        "check/closed/?no=off,late&skip=lost&tried=off",
        "check/plain/?no=off,late,closed&skip=lost&tried=off",
        "contact/?no=off,late,closed&skip=lost,plain&tried=off",
    ]
    assert page.html.count("Tried, still not working: It is off") == 1
    for statement in ("Not the cause: It is late", "Not the cause: It is closed", "Couldn't check or try: It is lost"):
        assert html.escape(statement) in page.html


@pytest.mark.parametrize("ending", ["wait", "contact", "none"])
def test_what_has_nothing_to_try_is_not_the_cause_once_it_does_not_apply(visitor, ending):
    lost = factories.make_question(slug="lost", title="It is lost", question="", ending=ending)
    plain = factories.make_cause(slug="plain", title="It is plain")
    factories.make_symptom(slug="s", guide=factories.make_guide(slug="g"), causes=[lost, plain])
    page = visitor.press(visitor.open("/guides/g/s/"), "answer", "not-this")
    page = visitor.press(page, "answer", "not-fixed")

    assert page.path == "/guides/g/s/contact/?no=lost,plain"
    assert "Not the cause: It is lost" in page.html
    assert "Tried, still not working: It is plain" in page.html


@pytest.mark.parametrize(
    ("cause", "answers"),
    [
        ("off", ["fixed", "not-fixed", "cannot-try"]),
        ("late", ["not-this"]),
        ("lost", ["not-this"]),
        ("closed", ["not-this"]),
    ],
)
def test_resolution_asks_what_fits_its_ending(visitor, cause, answers):
    make_walk()

    assert answers_on(visitor.open(f"/guides/g/s/check/{cause}/fix/")) == answers
    assert answers_on(visitor.open("/guides/g/s/check/off/")) == ["applies", "not-this", "cannot-tell"]


def test_resolution_with_nothing_left_to_check_does_not_go_on(visitor):
    make_walk()
    page = visitor.open("/guides/g/s/check/late/fix/?no=off,lost,closed,plain")

    assert answers_on(page) == []


def test_answer_is_missing_on_a_resolution_and_says_so_there(client):
    make_walk()
    response = client.post("/guides/g/s/check/off/fix/?no=late", {})

    assert response.status_code == 422
    assert "Switch it on" in response.content.decode()
    assert 'action="/guides/g/s/check/off/fix/?no=late"' in response.content.decode()


def test_labels_of_answers_are_the_causes_own(visitor):
    labels = {"answer_yes": "Yes, it's off", "answer_no": "No, it's on", "answer_unsure": "There's no lamp"}
    factories.make_symptom(slug="s", guide=factories.make_guide(slug="g"), causes=[factories.make_question(**labels)])

    assert [label for label in labels.values() if label in visitor.open("/guides/g/s/").text] == list(labels.values())


def test_single_cause_without_a_question_is_complete_on_the_page_of_the_symptom(visitor):
    people = factories.make_contact_point(name="Night desk")
    resolution = factories.make_resolution(title="Call us", ending="contact", contact_point=people)
    cause = factories.make_cause(title="Lost device", resolution=resolution)
    factories.make_symptom(slug="s", title="Lost it", guide=factories.make_guide(slug="g"), causes=[cause])
    page = visitor.open("/guides/g/s/")

    assert "Lost device" not in page.text
    assert page.text.count("Night desk") > 0
    assert reachable(page)
    assert answers_on(page) == []
    assert "don't have to describe the problem" in page.text
    assert "what you've checked" not in page.text  # there was nothing to check


def test_back_leads_to_the_state_before(visitor):
    make_walk()
    before = {
        "/guides/g/s/": "/guides/g/",
        "/guides/g/s/check/off/": "/guides/g/s/",
        "/guides/g/s/check/lost/?no=off&skip=plain&tried=off": "/guides/g/s/check/off/?skip=plain",
        "/guides/g/s/check/late/fix/?no=off": "/guides/g/s/check/late/?no=off",
        "/guides/g/s/contact/?no=off,late": "/guides/g/s/check/late/?no=off",
        "/guides/g/s/contact/?no=off&by=lost": "/guides/g/s/check/lost/fix/?no=off",
        "/guides/g/s/contact/": "/guides/g/s/",
        "/guides/g/s/fixed/?by=off": "/guides/g/s/check/off/fix/",
        "/guides/g/s/found/?by=late": "/guides/g/s/",
        "/guides/g/s/all/": "/guides/g/s/",
        "/guides/g/none/": "/guides/g/",
    }
    pages = {path: visitor.open(path) for path in before}

    assert {path: back_of(page) for path, page in pages.items()} == before


def back_of(page):
    found = re.search(r'<a class="back" href="([^"]*)"', page.html)
    return html.unescape(found[1]) if found else ""


def test_reminder_is_a_calendar_file(client):
    make_walk()
    response = client.get("/guides/g/s/check/late/reminder.ics")
    raw = response.content.decode()

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response.headers["Cache-Control"]
    assert "URL:http://testserver/guides/g/s/found/?by=late\r\n" in raw
    assert client.get("/guides/g/s/check/off/reminder.ics").status_code == 404
    assert client.get("/guides/g/s/check/unknown/reminder.ics").status_code == 404


def test_answers_given_are_shown_and_can_be_changed(visitor):
    make_walk()
    page = visitor.press(visitor.open("/guides/g/s/"), "answer", "not-this")
    page = visitor.press(page, "answer", "cannot-tell")

    assert "What you've checked so far" in page.text
    change = visitor.open(visitor_link(page, "/guides/g/s/check/off/?skip=late"))
    assert visitor.press(change, "answer", "cannot-tell").path == "/guides/g/s/check/lost/?skip=off,late"


def test_contact_page_offers_what_was_left_open(visitor):
    make_walk()
    page = visitor.open("/guides/g/s/contact/?no=off,lost,closed,plain&skip=late")

    assert "/guides/g/s/check/late/?no=off,lost,closed,plain" in page.links


def test_reference_from_a_resolution_says_what_applies(visitor):
    make_walk()
    page = visitor.press(visitor.open("/guides/g/s/check/lost/fix/?no=off&tried=off"), "", "")

    assert "Applies: It is lost" in page.text
    assert "Tried, still not working: It is off" in page.text


@pytest.mark.parametrize(
    ("asked", "normal"),
    [
        ("check/plain/fix/?no=off", "check/plain/?no=off"),
        ("check/off/fix/?no=late,off", "check/off/fix/?no=late"),
        ("check/late/?no=off&tried=off,plain", "check/late/?no=off&tried=off"),
        ("check/late/?tried=off", "check/late/"),
        ("check/late/?no=plain&tried=plain", "check/late/?no=plain"),
        ("check/removed/fix/?no=off", "check/late/?no=off"),
        ("found/", ""),
        ("found/?by=removed", ""),
        ("found/?by=off", "check/off/fix/"),
        ("found/?by=plain", "check/plain/"),
        ("contact/?no=off&by=removed", "contact/?no=off"),
        ("contact/?no=off,late&by=late", "contact/?no=off&by=late"),
    ],
)
def test_address_of_a_resolution_in_another_form_leads_to_the_normal_one(client, asked, normal):
    make_walk()
    response = client.get(f"/guides/g/s/{asked}")

    assert (response.status_code, response.headers["Location"]) == (302, f"/guides/g/s/{normal}")
    assert client.get(f"/guides/g/s/{normal}").status_code == 200


def test_renamed_cause_keeps_its_old_addresses(client):
    make_walk()
    Cause.objects.filter(slug="late").update(slug="slow")
    for old, new in {
        "check/late/fix/?no=off": "check/slow/fix/?no=off",
        "found/?by=late": "found/?by=slow",
        "contact/?no=off&by=late": "contact/?no=off&by=slow",
        "check/off/?no=late&tried=late": "check/off/?no=slow",  # waiting is nothing to try
    }.items():
        response = client.get(f"/guides/g/s/{old}")

        assert (response.status_code, response.headers["Location"]) == (301, f"/guides/g/s/{new}")


@pytest.mark.parametrize(
    ("asked", "normal"),
    [
        ("check/firewall-blocking/?no=", "check/firewall-blocking/"),
        ("check/firewall-blocking/?no=firewall-blocking", "check/firewall-blocking/"),
        (
            "check/ports-blocked/?no=firewall-blocking,internet-down",
            "check/ports-blocked/?no=internet-down,firewall-blocking",
        ),
        (
            "check/ports-blocked/?no=internet-down&no=firewall-blocking",
            "check/ports-blocked/?no=internet-down,firewall-blocking",
        ),
        ("check/ports-blocked/?skip=internet-down&no=internet-down", "check/ports-blocked/?no=internet-down"),
        ("check/ports-blocked/?no=removed-cause", "check/ports-blocked/"),
        ("check/removed-cause/?no=internet-down", "check/firewall-blocking/?no=internet-down"),
        (
            "check/removed-cause/?no=internet-down,firewall-blocking,ports-blocked",
            "contact/?no=internet-down,firewall-blocking,ports-blocked",
        ),
        ("check/passcode-lower-case/", "check/internet-down/"),
        ("contact/?no=ports-blocked,internet-down,x", "contact/?no=internet-down,ports-blocked"),
        ("fixed/?by=removed-cause", "fixed/"),
        ("fixed/?by=", "fixed/"),
        ("fixed/?by=%00", "fixed/"),
        ("contact/?no=%00,%FF", "contact/"),
        ("?no=internet-down", "check/firewall-blocking/?no=internet-down"),
        ("?no=nothing", ""),
    ],
)
def test_address_in_another_form_leads_to_the_normal_one(client, asked, normal):
    path = "/guides/trading-platform-login/connection-attempts/"
    response = client.get(path + asked)

    assert (response.status_code, response.headers["Location"]) == (302, path + normal)
    assert client.get(path + normal).status_code == 200


@pytest.mark.parametrize(
    "below", ["", "check/ports-blocked/?no=internet-down", "contact/", "fixed/?by=ports-blocked", "all/"]
)
def test_foreign_parameters_do_no_harm(client, below):
    path = f"/guides/trading-platform-login/connection-attempts/{below}"

    assert client.get(path + ("&" if "?" in path else "?") + "utm_source=mail").status_code == 200


CAUSES = ["internet-down", "firewall-blocking", "ports-blocked", "passcode-lower-case", "no-such-cause"]
lists = st.lists(st.one_of(st.sampled_from(CAUSES), st.text(max_size=8)), max_size=6).map(",".join)
queries = st.fixed_dictionaries(
    {}, optional={name: st.lists(lists, max_size=2) for name in ("no", "skip", "tried", "by")}
)
steps = [f"check/{cause}/{fix}" for cause in CAUSES for fix in ("", "fix/")]
pages = st.sampled_from(["", "contact/", "fixed/", "found/", "all/", *steps])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages, queries)
def test_anything_in_the_address_ends_on_a_valid_page(client, page, query):
    response = client.get(f"/guides/trading-platform-login/connection-attempts/{page}", query, follow=True)

    assert response.status_code == 200
    assert len(response.redirect_chain) <= 2
