"""A page costs a small, fixed number of queries, whatever the amount of content."""

import pytest

from helpdesk.guides.models import Check, Guide, Symptom
from tests import factories

pytestmark = pytest.mark.django_db

PAGES = {
    "/": 3,
    "/contact/": 1,
    "/guides/g/": 3,
    "/guides/g/none/": 2,
    "/guides/g/s/": 3,
    "/guides/g/s/all/": 2,
    "/guides/g/s/check/c-0/": 2,
    "/guides/g/s/check/c-0/?no=c-1": 2,
    "/guides/g/s/fixed/?by=c-0": 2,
    "/guides/g/s/contact/?no=c-0": 2,
    "/guides/g/onward/": 3,
    "/faq/": 2,
    "/faq/topic/t/": 3,
    "/faq/e/": 3,
    "/feed/": 2,
    "/sitemap.xml": 3,
    "/robots.txt": 0,
    "/healthz": 0,
}


def content(times):
    """One guide, symptom, topic and entry to look at, and everything beside it so many times."""
    contact = factories.make_contact_point()
    resolution = factories.make_resolution(contact_point=contact)
    causes = [factories.make_cause(slug=f"c-{n}", resolution=resolution) for n in range(2 * times)]
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
def test_pages_take_the_same_queries_with_much_and_little_content(client, django_assert_num_queries, times):
    content(times)
    assert (Symptom.objects.count(), Check.objects.count()) == (2 * times + 2, 6 * times)

    for path, queries in PAGES.items():
        with django_assert_num_queries(queries, info=path):
            assert client.get(path).status_code == 200, path
