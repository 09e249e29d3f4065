"""The style guide: for staff, of the real parts, and free of faults in itself."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from helpdesk.portal.styleguide import colors, contrast
from tests.accounts.staff_people import make_user, signed_in
from tests.browser import axe
from tests.pages.test_every_page import Tree

ADDRESS = "/admin/styleguide/"
PARTS = [
    *("Colors", "Type", "Space", "Icons", "Header and footer", "Breadcrumbs", "Search box", "What a search found"),
    *("Suggestions", "Buttons", "Guide cards"),
    *("Situation list", "Message on the screen", "Notice", "Check card", "List of checks", "Errors", "Waiting"),
    *("Contact line and cards", "Summary and reference number", "FAQ list", "Disclosures", "Long text"),
    *("Announcement banners", "Preview banner", "Page facts", "Nothing to show"),
]


@pytest.fixture
def page_of_staff(db):
    return Tree(signed_in(make_user()).get(ADDRESS).content.decode())


def test_short_address_leads_to_it(client):
    response = client.get("/styleguide/")

    assert (response.status_code, response.headers["Location"]) == (302, ADDRESS)


def test_visitors_are_asked_to_sign_in(client, db):
    response = client.get(ADDRESS)

    assert (response.status_code, response.headers["Location"]) == (302, f"/admin/login/?next={ADDRESS}")


def test_page_is_out_of_search_engines_and_caches(db):
    response = signed_in(make_user()).get(ADDRESS)

    assert response.status_code == 200
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in response.headers["Cache-Control"]


def test_every_part_is_there_and_in_the_contents(page_of_staff):
    sections = [element for element in page_of_staff.all("section") if element.within[-1].tag == "main"]
    headings = [element for element in page_of_staff.all("h2") if element.within[-1] in sections]
    contents = page_of_staff.one("nav", aria_label="Contents")
    links = [link for link in page_of_staff.all("a") if contents in link.within]

    assert [heading.text for heading in headings] == [link.text for link in links] == PARTS
    assert [f"#{section.attributes['id']}" for section in sections] == [link.attributes["href"] for link in links]


def test_every_state_of_a_check_is_there(page_of_staff):
    for state in ("current", "no", "skip", "open"):
        assert page_of_staff.all("li", **{"class": state}), state
    assert len(list(page_of_staff.all("button", name="answer"))) == 6
    assert [p.text for p in page_of_staff.all("p") if p.attributes.get("class") == "problem"] == [
        "Error: Choose one of the answers.",
        "Error: Describe in a few words what happens.",
    ]


def test_no_id_stands_twice_and_each_that_is_named_exists(page_of_staff):
    ids = [element.attributes["id"] for element in page_of_staff.elements if "id" in element.attributes]

    assert len({*ids}) == len(ids)
    for element in page_of_staff.elements:
        for name in ("aria-labelledby", "aria-describedby", "for", "data-copy"):
            assert {*element.attributes.get(name, "").split()} <= {*ids}


def test_page_asks_the_database_only_who_looks(db, django_assert_num_queries):
    client = signed_in(make_user())
    with django_assert_num_queries(2):  # the session and its user
        client.get(ADDRESS)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777", "#fff") == contrast("#fff", "#777") == pytest.approx(4.48, abs=0.005)


def test_text_stands_out_seven_times_and_borders_three_times():
    for color in colors():
        assert min(color.contrasts) >= (3 if color.name == "control" else 7), color


def test_both_ways_to_dark_pages_have_the_same_colors():
    with open(finders.find("css/site.css")) as file:
        css = " ".join(file.read().split())
    by_system = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', css)
    by_choice = re.search(r'\[data-theme="dark"\] \{(.*?)\}', css)

    assert by_system[1] == by_choice[1] != ""


def test_styleguide_has_no_fault_that_axe_can_see(page, live_server):
    cookie = signed_in(make_user()).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": f"{live_server.url}/admin/"}])
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(live_server.url + ADDRESS)

    assert axe.faults_on_screens(page, enable=["target-size"]) == {}
    assert faults == []
