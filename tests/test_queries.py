"""A page costs a small, fixed number of queries, whatever the amount of content."""

import pytest

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, Check, Guide, Symptom
from helpdesk.search import index
from tests import factories

pytestmark = pytest.mark.django_db

PAGES = {
    "/": 5,
    "/contact/": 3,
    "/guides/g/": 5,
    "/guides/g/none/": 4,
    "/guides/g/s/": 5,
    "/guides/g/s/all/": 4,
    "/guides/g/s/check/c-0/": 4,
    "/guides/g/s/check/c-0/?no=c-1": 4,
    "/guides/g/s/fixed/?by=c-0": 4,
    "/guides/g/s/check/asked/fix/": 4,
    "/guides/g/s/found/?by=asked": 4,
    "/guides/g/s/check/asked/reminder.ics": 3,
    "/guides/g/s/contact/?no=c-0": 4,
    "/guides/g/onward/": 5,
    "/faq/": 4,
    "/faq/topic/t/": 5,
    "/faq/e/": 5,
    "/news/": 5,
    "/feed/": 2,
    "/sitemap.xml": 1,
    "/robots.txt": 0,
    "/healthz": 0,
    "/media/nothing.png": 2,
    "/search/": 4,
    "/search/suggestions/?q=nothing": 2,
    "/guides/": 0,
    "/g/{guide}/": 1,
    "/s/{symptom}/": 2,
    "/f/{entry}/": 1,
    "/handoff/K7QM-2R9T/": 5,
}
MOST = 5

# What is no page, with the most that it takes: an address that nothing is at is looked up among those that there once
# were, the redirects of staff last, and noted for them, unless a draft is there; its page shows the page that was meant
# and the people (six queries); a search reads the index.
OTHERS = {
    "/nothing/": 15,
    "/guides/nothing/": 20,
    "/guides/g/nothing/": 25,
    "/faq/nothing/": 20,
    "/faq/topic/nothing/": 20,
    "/guides/G/": 4,
    "/guides/g/s/check/nothing/": 6,
    "/search/?q=nothing&uncounted": 9,
}


def content(times):
    """One guide, symptom, topic and entry to look at, and everything beside it so many times."""
    contact = factories.make_contact_point()
    resolution = factories.make_resolution(contact_point=contact)
    causes = [factories.make_cause(slug=f"c-{n}", resolution=resolution) for n in range(2 * times)]
    causes.append(
        factories.make_question(
            slug="asked",
            resolution=factories.make_resolution(ending="wait", wait_hours=2, contact_point=contact),
        )
    )
    guide = factories.make_guide(slug="g")
    symptom = factories.make_symptom(guide=guide, slug="s", causes=causes)
    factories.make_symptom(guide=guide, slug="onward", leads_to=factories.make_guide())
    topic = factories.make_faq_category(slug="t")
    related = [symptom]
    for _ in range(times):
        factories.make_guide()
        related.append(factories.make_symptom(guide=guide, causes=causes[:2]))
        factories.make_symptom(guide=Guide.objects.exclude(slug="g").first(), causes=causes[:2])
        factories.make_faq_entry(category=topic, related_symptoms=[symptom])
        factories.make_faq_entry()
    factories.make_faq_entry(category=topic, slug="e", related_symptoms=related)


@pytest.mark.parametrize("times", [1, 50])
def test_pages_take_the_same_queries_with_much_and_little_content(
    client, django_assert_num_queries, django_assert_max_num_queries, times
):
    content(times)
    assert (Symptom.objects.count(), Check.objects.count()) == (2 * times + 2, 6 * times + 1)
    while index.catch_up():
        pass
    numbers = {
        "guide": Guide.objects.get(slug="g").number,
        "symptom": Symptom.objects.get(slug="s").number,
        "entry": FaqEntry.objects.get(slug="e").number,
    }
    for path, queries in PAGES.items():
        with django_assert_num_queries(queries, info=path):
            client.get(path.format(**numbers))
    for path, queries in OTHERS.items():
        with django_assert_max_num_queries(queries, info=path):
            client.get(path)


def test_no_page_takes_more_queries_than_the_most():
    assert max(PAGES.values()) == MOST


def test_page_that_was_rendered_before_takes_no_more_queries(client, django_assert_num_queries):
    content(2)
    for _ in range(2):
        with django_assert_num_queries(5):
            client.get("/guides/g/s/")


@pytest.mark.parametrize("path", ["/", "/guides/g/s/", "/faq/", "/nothing/"])
def test_public_page_has_no_session_user_cookie_or_packing(client, path):
    content(1)
    response = client.get(path)
    request = response.wsgi_request
    assert [hasattr(request, name) for name in ("session", "user", "_messages")] == [False, False, False]
    assert not response.cookies
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "/guides/g/s/?no={}",
        "/guides/g/s/?skip={}",
        "/guides/g/s/all/?no={}",
        "/guides/g/s/check/c-0/?no={}",
        "/guides/g/s/check/c-0/?no=c-1&skip={}",
        "/guides/g/s/check/unknown/?no={}&skip={}",
        "/guides/g/s/contact/?no={}&skip={}",
        "/guides/g/s/fixed/?by={}",
        "/guides/g/none/?no={}",
        "/faq/?no={}",
    ],
)
@pytest.mark.parametrize("slugs", [1, 40, 400])
def test_unknown_slugs_take_the_same_queries_however_many(client, django_assert_max_num_queries, path, slugs):
    content(1)
    with django_assert_max_num_queries(6):
        client.get(path.format(*[",".join(f"unknown-{number}" for number in range(slugs))] * 2))


def test_former_slugs_take_the_same_queries_however_many(client, django_assert_max_num_queries):
    content(40)
    for cause in Cause.objects.all():
        cause.slug = f"renamed-{cause.slug}"
        cause.save()
    former = ",".join(f"c-{number}" for number in range(40))
    with django_assert_max_num_queries(6):
        response = client.get(f"/guides/g/s/contact/?no={former}")
    assert (response.status_code, "renamed-c-39" in response.headers["Location"]) == (301, True)
