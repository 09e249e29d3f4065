"""The map of a guide: a picture and a list with the same in them."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk.guides.models import Guide, Symptom
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import ProblemMessage
from helpdesk.publishcheck.rules import rules_for
from helpdesk.reports.rates import DAYS
from tests.accounts.staff_people import author, editor, make_user, signed_in, without_rights
from tests.contentadmin.forms import url_of
from tests.factories import make_cause, make_contact_point, make_guide, make_resolution, make_symptom
from tests.flags.test_flags import agent, set_flag
from tests.reports.walked import hand_over, say

pytestmark = pytest.mark.django_db


def map_url(guide: Guide) -> str:
    return reverse("guide-map", args=[guide.pk])


class Reader(HTMLParser):
    """The links of the picture, and the words of the list."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inside = 0
        self.ids: list[str] = []
        self.feed(html)
        self.list_text = " ".join(re.sub(r"<[^>]*>", " ", html[html.index('id="as-list-heading"') :]).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.inside += tag == "svg" and (values.get("class") == "map-picture")
        if self.inside and tag == "a":
            assert values["tabindex"] == "-1"
            self.links.append(values["href"] or "")
        assert "style" not in values or not self.inside
        if "id" in values:
            self.ids.append(values["id"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "svg" and self.inside > 0


def test_map_shows_each_record_once_with_what_leads_to_it() -> None:
    people = make_contact_point(name="Help desk")
    shared = make_cause(title="Shared?", resolution=make_resolution(title="Restart", contact_point=people))
    own = make_cause(title="Own?", resolution=make_resolution(title="Call"))
    guide, onward = make_guide(title="Guide"), make_guide(title="Onward", published=False)
    one = make_symptom(guide=guide, title="One", causes=[own, shared], position=1)
    two = make_symptom(guide=guide, title="Two", causes=[shared], position=2, published=False)
    three = make_symptom(guide=guide, title="Three", leads_to=onward, position=3)
    say(one, shared, "fixed", times=3), say(one, shared, "not-fixed"), say(one, own, "cannot-try"), hand_over(one)
    say(two, shared, "fixed", days_ago=DAYS), set_flag(shared, "x"), set_flag(shared, "y")
    page = Reader(editor().get(map_url(guide)).content.decode())
    records = [guide, one, own, own.resolution, shared, shared.resolution, people, two, three, onward]
    assert sorted(page.links) == sorted(map(url_of, records))
    assert len(page.ids) == len(set(page.ids))
    lines = (
        "Guide Published",
        "One Published Fixed: 3 of 5 (60%) · Reference numbers: 1 Own? Couldn&#x27;t do it: 1 What to do Call "
        "Shared? Needs change (2) Fixed: 3 of 4 (75%) What to do Restart if that doesn't help, contact Help desk",
        "Two Draft Shared? Needs change (2) What to do Restart if that doesn't help, contact Help desk",
        "Three Published Continues in the guide Onward Draft",
    )
    assert " ".join(lines) in page.list_text


def test_problems_stand_where_they_are_to_be_put_right() -> None:
    @rules_for(Symptom)
    def own(page: Symptom, context: CheckContext) -> Any:
        yield ProblemMessage("long", "Too long.").on(page.checks.get().cause)
        yield ProblemMessage("elsewhere", "Not on the map.").on(make_guide())

    cause = make_cause(title="Cause?")
    guide = make_guide(title="Guide")
    for title in ("One", "Two"):
        make_symptom(guide=guide, title=title, causes=[cause])
    page = Reader(editor().get(map_url(guide)).content.decode())
    one_problem = "{} Published 1 error Cause? 1 error What to do Switch it on"
    assert f"{one_problem.format('One')} {one_problem.format('Two')}" in page.list_text


def test_map_takes_the_same_queries_for_small_and_big_guides(
    django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client, guide = editor(), make_guide()

    def more() -> None:
        symptom = make_symptom(guide=guide, causes=[make_cause() for _ in range(3)])
        say(symptom, symptom.checks.first().cause, "fixed"), set_flag(symptom)
        make_symptom(guide=guide, leads_to=make_guide())
        client.get(map_url(guide))

    more()
    with django_assert_max_num_queries(16) as few:
        client.get(map_url(guide))
    queries = len(few)  # before the next request, which begins a new count
    more(), more()
    with django_assert_num_queries(queries):
        client.get(map_url(guide))


def test_guide_with_nothing_in_it_has_a_map() -> None:
    answer = editor().get(map_url(make_guide()))
    assert (answer.status_code, "no situations yet" in answer.content.decode()) == (200, True)


def test_map_is_for_who_may_look_at_the_guide() -> None:
    guide = make_symptom().guide
    path = map_url(guide)
    users = (editor(), author(), signed_in(agent("view_guide")), without_rights(), Client())
    assert [client.get(path).status_code for client in users] == [200, 200, 200, 403, 302]
    assert signed_in(make_user(staff=False)).get(path).status_code == 302
    assert editor().post(path).status_code == 405
    links = Reader(signed_in(agent("view_guide")).get(path).content.decode()).links
    assert links == [url_of(guide)]
    assert map_url(guide) in editor().get(url_of(guide)).content.decode()


@pytest.mark.parametrize("key", ["0", "9" * 400])
def test_map_of_nothing_is_not_found(key: str) -> None:
    make_guide()
    assert editor().get(f"/admin/guides/guide/{key}/map/").status_code == 404


def test_titles_on_the_map_are_escaped() -> None:
    hostile = '"><script>alert("x")</script>'
    cause = make_cause(title=hostile, resolution=make_resolution(title=hostile))
    guide = make_guide(title=hostile, short_title=hostile)
    make_symptom(guide=guide, title=hostile, causes=[cause])
    page = editor().get(map_url(guide)).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") > 8


def test_big_guide_is_drawn_in_time() -> None:
    guide, client = make_guide(), editor()
    causes = [make_cause(title=f"Is the thing number {number} switched on and connected?") for number in range(90)]
    for number in range(30):
        mine = [causes[(number * 7 + place * 11) % 90] for place in range(9)]
        make_symptom(guide=guide, title=f"Situation {number} in which nothing happens any more", causes=mine)
    client.get(map_url(guide))
    started = time.process_time()
    page = Reader(client.get(map_url(guide)).content.decode())
    spent = time.process_time() - started
    assert len(page.links) == 1 + 30 + 90 + 90
    assert spent < 5, spent  # far more where it grows with the square
