"""The home page's links to the most common situations, and the icons of its guides."""

from __future__ import annotations

import re

import pytest
from django.template.loader import get_template
from django.test import Client

from helpdesk.guides.models import Guide
from helpdesk.portal.home_lookup import CommonSituation, most_common
from tests.factories import make_cause, make_guide, make_symptom


def shown(*situations: tuple[str, str, int | None]) -> list[tuple[str, str, bool]]:
    """Guide and title of the links for situations, and whether the guide is named."""
    given = [CommonSituation(guide, guide, "s", title, cause) for guide, title, cause in situations]
    return [(one.guide_slug, one.title, one.is_in_several) for one in most_common(given)]


def test_situation_of_two_guides_with_one_cause_is_linked_once() -> None:
    assert shown(("a", "Lost", 1), ("a", "Late", 2), ("b", "lost", 1)) == [("a", "Lost", False), ("a", "Late", False)]


def test_guide_is_named_where_the_checks_differ() -> None:
    assert shown(("a", "Refused", None), ("b", "Refused", None)) == [("a", "Refused", True), ("b", "Refused", True)]
    assert shown(("a", "Refused", 1), ("b", "Refused", 2)) == [("a", "Refused", True), ("b", "Refused", True)]


def test_five_are_linked_and_the_sixth_still_makes_its_guide_named() -> None:
    others = [("a", str(number), None) for number in range(4)]
    assert shown(("a", "Refused", None), *others, ("b", "Refused", None))[0] == ("a", "Refused", True)
    assert len(shown(("a", "Refused", None), *others, ("b", "Refused", None))) == 5


def links(client: Client) -> list[tuple[str, str]]:
    html = client.get("/").content.decode()
    found = re.search(r'<ul class="chips"[^>]*>(.*?)</ul>', html, re.S)
    return re.findall(r'<a href="([^"]+)">([^<]+)', found[1]) if found else []


@pytest.mark.django_db
def test_home_links_marked_situations_that_visitors_see(client: Client) -> None:
    cause = make_cause()
    second, first = make_guide(slug="second", position=2, short_title="Second"), make_guide(slug="first", position=1)
    assert links(client) == []
    make_symptom(guide=second, slug="lost", title="Lost", causes=[cause], on_home=True)
    make_symptom(guide=first, slug="late", title="Late", on_home=True, position=2)
    make_symptom(guide=first, slug="lost", title="Lost", causes=[cause], on_home=True, position=1)
    make_symptom(guide=first, title="Draft", published=False, on_home=True)
    make_symptom(guide=first, title="Dead end", leads_to=make_guide(published=False), on_home=True)
    make_symptom(guide=make_guide(published=False), title="Hidden", on_home=True)
    make_symptom(guide=first, title="Not marked")
    assert links(client) == [("/guides/first/lost/", "Lost"), ("/guides/first/late/", "Late")]
    assert client.get("/").content.decode().count('<li class="card">') == 2


@pytest.mark.django_db
def test_first_content_links_the_commonest_situations(first_content: None, client: Client) -> None:
    assert [title for _href, title in links(client)] == [
        "My user name and password are refused · Trading platform",
        "I forgot my user name or password",
        "My security device is lost or damaged",
        "My user name and password are refused · Account Management",
    ]


@pytest.mark.django_db
def test_every_icon_has_a_drawing_and_an_unknown_one_is_neutral(client: Client) -> None:
    drawings = {code: get_template(f"icons/{code}.svg").render().strip() for code in Guide.Icon.values}
    neutral = get_template("icons/guide.svg").render().strip()
    assert all('aria-hidden="true"' in drawing for drawing in (*drawings.values(), neutral))
    guide = make_guide(icon="key")
    assert f"<h3>{drawings['key']}" in client.get("/").content.decode()
    for icon in ("", "gone"):
        Guide.objects.filter(pk=guide.pk).update(icon=icon)
        assert f"<h3>{neutral}" in client.get("/").content.decode()
