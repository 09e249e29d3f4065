"""Ids on a page that shows several texts, and addresses with an anchor of any kind."""

import re
from collections import Counter

import pytest

from tests.factories import make_cause, make_faq_category, make_faq_entry, make_resolution, make_symptom

pytestmark = pytest.mark.django_db

TEXT = "## Mac\n\nSee [Mac](#h-mac).\n\n## Mac"


def ids(page: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', page)


def test_headings_of_two_answers_have_ids_of_their_own_and_links_find_them(client):
    topic = make_faq_category(slug="t")
    for slug in ("one", "two"):
        make_faq_entry(category=topic, slug=slug, answer=TEXT)
    page = client.get("/faq/topic/t/").content.decode()
    assert {"h-one-mac", "h-one-mac_1", "h-two-mac", "h-two-mac_1"} <= set(ids(page))
    assert {'href="#h-one-mac"', 'href="#h-two-mac"'} <= set(re.findall(r'href="#h-[^"]+"', page))
    assert {"h-mac", "h-mac_1"} <= set(ids(client.get("/faq/one/").content.decode()))


def test_no_id_stands_twice_where_checks_and_fixes_have_the_same_headings(client):
    causes = [make_cause(how_to_check=TEXT, slug=s, resolution=make_resolution(body=TEXT, slug=s)) for s in ("a", "b")]
    symptom = make_symptom(causes=causes, introduction=TEXT, notice=TEXT)
    for path in ("", "all/", "check/b/"):
        found = ids(client.get(symptom.get_absolute_url() + path).content.decode())
        assert [name for name, times in Counter(found).items() if times > 1] == [], path
