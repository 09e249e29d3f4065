"""Every symptom of the first content walked by plain links and forms: no JavaScript, no cookie."""

from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.feedback.models import Outcome
from helpdesk.guides.models import Symptom
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
    _, _, guide, slug, _ = path.split("/")
    return list(
        Symptom.objects.get(guide__slug=guide, slug=slug)
        .checks.order_by("position")
        .values_list("cause__slug", flat=True)
    )


@pytest.mark.parametrize("path", SYMPTOMS)
def test_symptom_every_check_can_be_the_one_that_fixed_it(visitor, path):
    for wanted, cause in enumerate(checks_of(path)):
        page = visitor.open(path)
        for _ in range(wanted):
            page = visitor.press(page, "answer", "not-fixed")
        page = visitor.press(page, "answer", "fixed")

        assert page.path == f"{path}fixed/?by={cause}"
        assert Outcome.objects.get(cause__slug=cause).checks_before == wanted
        Outcome.objects.all().delete()
        cache.clear()


@pytest.mark.parametrize("path", SYMPTOMS)
@pytest.mark.parametrize(("said", "name"), [("not-fixed", "no"), ("cannot-try", "skip")])
def test_symptom_nothing_helps_ends_with_people_and_a_reference(visitor, path, said, name):
    checks = checks_of(path)
    page = visitor.open(path)
    for place, cause in enumerate(checks, start=1):
        assert any(urlsplit(link).path == f"{path}contact/" for link in page.links), "people are always in reach"
        if len(checks) > 1:
            assert f"Check {place} of {len(checks)}" in page.text
        page = visitor.press(page, "answer", said)
        assert Outcome.objects.filter(cause__slug=cause, answer=said, checks_before=place - 1).exists()

    assert page.path == f"{path}contact/?{name}={','.join(checks)}"
    reference = visitor.press(page, "", "")
    assert reference.path.startswith("/handoff/")
    assert Outcome.objects.count() == len(checks)


def test_answers_given_are_shown_and_can_be_changed(visitor):
    path = "/guides/trading-platform-login/connection-attempts/"
    page = visitor.press(visitor.open(path), "answer", "not-fixed")
    page = visitor.press(page, "answer", "cannot-try")

    assert page.path == f"{path}check/ports-blocked/?no=internet-down&skip=firewall-blocking"
    assert "What you have checked so far" in page.text
    change = visitor.open(visitor_link(page, f"{path}check/internet-down/?skip=firewall-blocking"))
    page = visitor.press(change, "answer", "cannot-try")
    assert page.path == f"{path}check/ports-blocked/?skip=internet-down,firewall-blocking"


def test_contact_page_offers_what_could_not_be_tried(visitor):
    path = "/guides/trading-platform-login/connection-attempts/"
    page = visitor.open(f"{path}contact/?no=internet-down,ports-blocked&skip=firewall-blocking")

    assert f"{path}check/firewall-blocking/?no=internet-down,ports-blocked" in page.links


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
    {}, optional={"no": st.lists(lists, max_size=2), "skip": st.lists(lists, max_size=2), "by": lists}
)
pages = st.sampled_from(["", "contact/", "fixed/", "all/", *(f"check/{cause}/" for cause in CAUSES)])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages, queries)
def test_anything_in_the_address_ends_on_a_valid_page(client, page, query):
    response = client.get(f"/guides/trading-platform-login/connection-attempts/{page}", query, follow=True)

    assert response.status_code == 200
    assert len(response.redirect_chain) <= 2
