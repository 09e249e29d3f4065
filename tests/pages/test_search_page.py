"""The search box on every page, the search page, and the suggestions, as they are without a script."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string

from helpdesk.content.audience import VISITOR
from helpdesk.guides.models import ContactPoint, Guide, Symptom
from helpdesk.identity.current import identity
from helpdesk.search.results import Hit, ResultGroup, SearchResults, Suggestion
from helpdesk.text import readability
from tests.pages.test_every_page import EVERY_PAGE, GUIDE, ONWARD, SYMPTOM, Element, Tree, read

PLAIN = (("My ", False), ("passcode", True), (" is refused", False))
MESSAGE = (("Invalid ", False), ("passcode", True))
PASSAGE = (("Type it in capital letters.", False),)
EVIL = "<script>alert(1)</script>"
FOUND, EMPTY, NOTHING = "/search/?q=passcode", "/search/?q=", "/search/?q=xylophone"


@pytest.fixture(autouse=True)
def _content(first_content):
    cache.clear()


def hit(number: int = 1, place: str = "Platform", **more) -> Hit:
    return Hit(number, "symptom", f"/page/{number}/", place, **{"title": PLAIN, **more})


def shown(rf, found: SearchResults, **context) -> Tree:
    """The search page with what was found."""
    context = {
        "found": found,
        "words": found.asked,
        "contacts": ContactPoint.objects.all(),
        "guides": Guide.objects.annotate(symptom_count=Symptom.objects.visible_to(VISITOR).count_in_guide()),
        **context,
    }
    return Tree(render_to_string("search/search.html", context, request=rf.get("/search/")))


def results(page: Tree) -> list[Element]:
    return [e for e in page.all("li") if "results" in e.within[-1].attributes.get("class", "")]


def links(page: Tree, within: Element) -> list[Element]:
    return [link for link in page.all("a") if within in link.within]


def boxes(page: Tree) -> list[Element]:
    return page.all("form", role="search")


# The box


def test_every_page_has_a_box_that_works_without_a_script(client):
    for path in [*EVERY_PAGE, FOUND, EMPTY, NOTHING]:
        if path.startswith(ONWARD):  # is not in the first content
            continue
        page = read(client, path)
        assert boxes(page), path
        for box in boxes(page):
            fields = [entry for entry in page.all("input") if box in entry.within]
            field = next(entry for entry in fields if entry.attributes["type"] == "search")

            assert (box.attributes["action"], box.attributes["method"]) == ("/search/", "get")
            assert field.attributes["name"] == "q"
            assert page.one("label", **{"for": field.attributes["id"]}).text
            assert [button.text for button in page.all("button") if box in button.within] == ["Search"]


def test_nothing_of_the_suggestions_is_there_without_a_script(client):
    page = read(client, "/")

    assert not page.all(role="listbox") + page.all(role="combobox")
    assert not [name for element in page.elements for name in element.attributes if name == "aria-expanded"]


@pytest.mark.parametrize("path", ["/", FOUND, EMPTY, NOTHING])
def test_box_stands_in_the_content_where_it_is_the_main_thing(client, path):
    page = read(client, path)

    assert [page.one("main") in box.within for box in boxes(page)] == [True]


@pytest.mark.parametrize("path", ["/faq/", SYMPTOM, "/contact/"])
def test_box_stands_in_the_header_of_other_pages(client, path):
    page = read(client, path)

    assert [page.one("header") in box.within for box in boxes(page)] == [True]


def test_dead_ends_have_a_second_box_with_a_name_of_its_own(client):
    for page in (read(client, "/nothing/", status=404), read(client, f"{GUIDE}none/")):
        first, second = boxes(page)

        assert page.one("header") in first.within
        assert page.one("main") in second.within
        assert "aria-label" not in first.attributes
        assert second.attributes["aria-label"]


def guides_of(page: Tree) -> list[str]:
    return [entry.attributes["value"] for entry in page.all("input", type="hidden", name="guide")]


def test_box_inside_a_guide_prefers_its_pages(client):
    slug = "trading-platform-login"

    assert guides_of(read(client, SYMPTOM)) == [slug]
    assert guides_of(read(client, f"{GUIDE}none/")) == [slug, slug]
    assert guides_of(read(client, "/faq/")) == []
    assert guides_of(read(client, f"{FOUND}&guide={slug}")) == [slug]
    assert guides_of(read(client, FOUND)) == []


# What was found


def test_page_says_what_was_looked_for_and_is_no_page_for_search_engines(client):
    page = read(client, "/search/?q=invalid+passcode")

    assert page.one("title").text == "“invalid passcode” – Search – Login help"
    assert page.one("input", type="search").attributes["value"] == "invalid passcode"
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert not page.all("link", rel="canonical")
    shown_results = len(results(page))
    assert page.one("h1").text == f"{shown_results} result{'' if shown_results == 1 else 's'} for “invalid passcode”"


def test_same_symptom_of_two_guides_is_one_result_with_a_chip_for_the_other_guide(client):
    page = read(client, "/search/?q=invalid+passcode")
    first = results(page)[0]
    headings = [e.text for e in page.elements if first in e.within and re.fullmatch("h[1-6]", e.tag)]

    assert headings == ["My passcode is refused"]
    assert sorted(link.attributes["href"] for link in links(page, first)) == [
        "/guides/account-management-login/invalid-passcode/",
        "/guides/trading-platform-login/invalid-passcode/",
    ]
    assert first.text.count("Invalid passcode") == 1


def test_page_alone_has_its_place_title_message_and_passage(rf):
    found = SearchResults("passcode", "passcode", (ResultGroup((hit(message=MESSAGE, passage=PASSAGE),), True),), 1)
    page = shown(rf, found)
    (result,) = results(page)

    assert result.text == (
        "Platform My passcode is refused Message on the screen: Invalid passcode Type it in capital letters."
    )
    assert [link.attributes["href"] for link in links(page, result)] == ["/page/1/"]
    assert [mark.text for mark in page.all("mark")] == ["passcode", "passcode"]
    assert page.one("h1").text == "1 result for “passcode”"


@pytest.mark.parametrize(
    ("place", "checks", "words", "address"),
    [
        (2, 3, "Check 2 of 3: Is it on?", "/check/"),
        (1, 3, "Check 1 of 3: Is it on?", "/page/1/"),
        (1, 1, "Is it on?", "/page/1/"),
    ],
)
def test_heading_leads_to_the_check_that_alone_has_the_words(rf, place, checks, words, address):
    check = {"check_title": "Is it on?", "check_url": "/check/", "check_place": place, "checks": checks}
    title = (("My device is refused", False),)
    page = shown(rf, SearchResults("a", "a", (ResultGroup((hit(passage=PASSAGE, title=title, **check),), True),), 1))
    (result,) = results(page)

    assert result.text == f"Platform My device is refused {words} Type it in capital letters."
    assert [link.attributes["href"] for link in links(page, result)] == [address]
    [said] = results(shown(rf, SearchResults("a", "a", (ResultGroup((hit(passage=PASSAGE, **check),), True),), 1)))
    assert "My passcode is refused" in said.text


def test_what_all_places_say_is_said_once(rf):
    check = {"check_title": "Is it on?", "check_url": "/check/", "check_place": 2, "checks": 3}
    said = {"message": MESSAGE, "passage": PASSAGE, **check}
    page = shown(rf, SearchResults("a", "a", (ResultGroup((hit(1, **said), hit(2, "Web site", **said)), True),), 2))
    (result,) = results(page)

    assert result.text == (
        "Platform My passcode is refused Message on the screen: Invalid passcode Check 2 of 3: Is it on? "
        "Type it in capital letters. Also in Web site: My passcode is refused"
    )
    assert [link.attributes["href"] for link in links(page, result)] == ["/page/1/", "/page/2/"]


def test_what_places_say_differently_is_said_at_each(rf):
    places = hit(1, message=MESSAGE, passage=PASSAGE), hit(2, "Web site", message=MESSAGE)
    page = shown(rf, SearchResults("a", "a", (ResultGroup(places, True),), 2))
    (result,) = results(page)

    assert result.text == (
        "Platform My passcode is refused Message on the screen: Invalid passcode Type it in capital letters. "
        "Also in Web site: My passcode is refused Message on the screen: Invalid passcode"
    )


def test_switch_puts_the_pages_of_one_guide_first(client):
    slugs = ("account-management-login", "trading-platform-login")
    for chosen in ("", *slugs):
        page = read(client, f"{FOUND}&guide={chosen}" if chosen else FOUND)
        switch = page.one("nav", **{"aria-label": "Guide shown first"})
        choices = links(page, switch)
        assert [(link.text, link.attributes["href"]) for link in choices] == [
            ("All guides", FOUND),
            ("Account Management", f"{FOUND}&guide={slugs[0]}"),
            ("Trading platform", f"{FOUND}&guide={slugs[1]}"),
        ]
        assert [("aria-current" in link.attributes) for link in choices] == [chosen == slug for slug in ("", *slugs)]
        if chosen:
            assert links(page, results(page)[0])[0].attributes["href"].startswith(f"/guides/{chosen}/")


def test_hit_on_another_website_says_so_and_opens_it(client):
    page = read(client, "/search/?q=system+status")
    first = results(page)[0]
    [link] = links(page, first)

    assert first.text.startswith("Another website · www.interactivebrokers.com System status")
    assert link.attributes["href"] == "https://www.interactivebrokers.com/en/software/systemStatus.php"
    assert link.attributes["rel"] == "external"


def test_pages_with_some_of_the_words_come_under_a_heading(rf):
    found = SearchResults("a b", "a b", (ResultGroup((hit(1),), True), ResultGroup((hit(2),), False)), 2)
    page = shown(rf, found)
    headings = [(e.tag, e.text) for e in page.elements if re.fullmatch("h[1-6]", e.tag)][:4]

    assert headings == [
        ("h1", "2 results for “a b”"),
        ("h2", "My passcode is refused"),
        ("h2", "Partial matches"),
        ("h3", "My passcode is refused"),
    ]


def test_first_link_of_the_results_is_the_best_page(rf):
    page = shown(rf, SearchResults("a", "a", (ResultGroup((hit(7), hit(8)), True), ResultGroup((hit(9),), True)), 3))
    found = page.one("div", **{"class": "found"})

    assert links(page, found)[0].attributes["href"] == "/page/7/"


def test_correction_is_said_and_can_be_taken_back(rf):
    page = shown(rf, SearchResults("pass & code", "passcode", (ResultGroup((hit(),), True),), 1), preferred="a-guide")
    link = next(link for link in page.all("a") if link.text.startswith("Search instead"))

    assert "Showing results for passcode." in page.one("main").text
    assert page.one("h1").text == "1 result for “passcode”"
    assert link.text == "Search instead for pass & code"
    assert link.attributes["href"] == "/search/?q=pass%20%26%20code&guide=a-guide&exact=1"
    assert page.one("input", type="search").attributes["value"] == "pass & code"


def test_result_that_was_not_corrected_says_nothing_of_it(rf):
    assert (
        "Showing results" not in shown(rf, SearchResults("a", "a", (ResultGroup((hit(),), True),), 1)).one("main").text
    )


def test_more_than_is_shown_is_said(rf):
    groups = (ResultGroup((hit(),), True),)

    assert "Add a word" in shown(rf, SearchResults("a", "a", groups, 30, more=True)).one("main").text
    assert "Add a word" not in shown(rf, SearchResults("a", "a", groups, 1)).one("main").text


def test_links_tell_which_page_was_opened_for_which_words(rf):
    page = shown(
        rf, SearchResults("pasword", "password", (ResultGroup((hit(7), hit(8)), True), ResultGroup((hit(9),), True)), 3)
    )
    found = page.one("div", **{"class": "found"})

    assert found.attributes["data-asked"] == "pasword"
    assert [link.attributes["data-opened"] for link in links(page, found)] == ["7", "8", "9"]


def test_found_pages_are_followed_by_a_way_on(client):
    page = read(client, FOUND)
    after = page.one("section", **{"class": "ways-on"})

    assert [link.attributes["href"] for link in links(page, after)] == ["/guides/", "/contact/"]
    assert page.one("section", **{"class": "contact-line"})


# Nothing found


def test_nothing_found_is_no_dead_end(client):
    page = read(client, NOTHING)
    main = page.one("main")

    assert page.one("h1").text == "No results for “xylophone”"
    assert {"/guides/trading-platform-login/", "/guides/account-management-login/", "/contact/"} <= {
        link.attributes["href"] for link in links(page, main)
    }
    form = page.one("form", method="post")
    assert form.attributes["action"] == "/search/"
    assert page.one("input", name="words").attributes["value"] == "xylophone"


def test_words_close_to_it_are_searches(rf):
    page = shown(rf, SearchResults("pascode", "pascode", nearest=("passcode", "a & b")), preferred="a-guide")
    nearest = page.one("section", **{"class": "nearest"})

    assert nearest.text == "Did you mean passcode a & b"
    assert [link.attributes["href"] for link in links(page, nearest)] == [
        "/search/?q=passcode&guide=a-guide",
        "/search/?q=a%20%26%20b&guide=a-guide",
    ]


def test_before_a_search_the_page_asks(client):
    page = read(client, EMPTY)

    assert page.one("h1").text == "Search"
    assert page.one("title").text == "Search – Login help"
    assert not page.all("form", method="post")
    assert "Nothing found" not in page.one("main").text


def test_words_that_were_sent_are_thanked_for(client):
    page = read(client, "/search/?sent=1")

    assert page.one("h1").text == "Thank you"
    assert boxes(page)
    assert not page.all("form", method="post")


def test_words_that_could_not_be_taken_stay_with_what_is_wrong(rf):
    page = shown(rf, SearchResults("", ""), words="too long", problem="Use fewer words.")

    assert page.one("title").text.startswith("Error: ")
    assert page.one("p", id="words-problem").text == "Error: Use fewer words."
    assert page.one("input", name="words").attributes["value"] == "too long"


# What visitors type


def test_nothing_typed_is_taken_for_markup(client, rf):
    pages = [
        read(client, f"/search/?q={EVIL}&guide=%22{EVIL}"),
        shown(rf, SearchResults(EVIL, EVIL, nearest=(EVIL,)), preferred=EVIL),
        shown(
            rf,
            SearchResults(EVIL, "x", (ResultGroup((hit(title=((EVIL, True),), place=EVIL),), True),), 1),
            preferred=EVIL,
        ),
        Tree(client.get(f"/search/suggestions/?q=passcode {EVIL}&guide=%22{EVIL}").content.decode()),
    ]
    for page in pages:
        assert not [script for script in page.all("script") if script.text]
    assert EVIL in pages[1].one("h1").text


def test_typed_words_may_run_in_the_other_direction(rf):
    page = shown(rf, SearchResults("אבג", "אבג", nearest=("דהו",)))

    assert page.one("input", type="search").attributes["dir"] == "auto"
    assert [word.text for word in page.all("bdi")] == ["“אבג”", "דהו"]


@pytest.mark.parametrize("path", [FOUND, EMPTY, NOTHING, "/search/?sent=1"])
def test_page_keeps_what_every_page_owes(client, path):
    page = read(client, path)
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    levels = [int(element.tag[1]) for element in page.elements if re.fullmatch("h[1-6]", element.tag)]

    assert len({*ids}) == len(ids)
    assert page.one("h1").attributes["tabindex"] == "-1"
    assert page.one("main") in page.one("h1").within
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert [style.text for style in page.all("style")] == [identity().style]  # its digest is in the policy
    assert {script.text for script in page.all("script")} == {""}
    assert page.one("nav", aria_label="Breadcrumbs").text == "Help Search"


# Suggestions


def suggested(rf, *suggestions: Suggestion, asked: str = "pass", query: str = "") -> Tree:
    context = {"suggestions": suggestions, "options": 4, "asked": asked}
    request = rf.get(f"/search/suggestions/?{query}")
    return Tree(render_to_string("search/suggestions.html", context, request=request))


def test_suggestions_are_a_page_by_themselves(client):
    response = client.get("/search/suggestions/?q=passc")
    page = Tree(response.content.decode())

    assert response.content.startswith(b"<!doctype html>")
    assert page.one("title").text == "Suggestions – Login help"
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert page.one("h1").text == "Suggestions"
    assert not page.all(role="listbox") + page.all(role="option")
    assert "/guides/trading-platform-login/invalid-passcode/" in [a.attributes["href"] for a in page.all("a")]


def test_each_place_of_a_suggestion_is_a_link_of_its_own(rf):
    page = suggested(
        rf, Suggestion(PLAIN, (("Platform", "/1/"),)), Suggestion(PLAIN, (("Here", "/2/"), ("There", "/3/")))
    )

    assert [(link.attributes["href"], link.text) for link in page.all("a")] == [
        ("/1/", "My passcode is refused Platform"),
        ("/2/", "My passcode is refused: Here"),
        ("/3/", "My passcode is refused: There"),
        ("/search/?q=pass", "Search for “pass”"),
    ]
    assert page.one("ul").attributes["data-said"] == "4 suggestions"


def test_all_results_prefer_the_same_guide(rf):
    page = suggested(rf, asked="a & b", query="guide=x%26y")

    assert page.one("a").attributes["href"] == "/search/?q=a%20%26%20b&guide=x%26y"


def test_no_suggestions_leave_an_empty_list(client):
    page = Tree(client.get("/search/suggestions/?q=").content.decode())

    assert page.one("ul").text == ""
    assert "data-pages" not in page.one("ul").attributes


# Files


def test_sentences_of_the_pages_are_short(project):
    """The texts between the marks for translation, measured like the content."""
    for name in ("found", "nothing", "group", "quote", "suggestions"):
        source = (project / f"templates/search/_{name}.html").read_text()
        texts = re.findall(r'translate "([^"]+)"', source)
        texts += re.findall(r"{% blocktranslate[^%]*%}(.+?){%", source)
        spoken = [re.sub(r"<[^>]+>|{{[^}]+}}", "", text) for text in texts]
        assert sum(len(readability.words(text)) for text in spoken) / len(spoken) < 18, name


def test_no_selector_changes_its_meaning_when_it_is_packed(project: Path):
    """The packer takes the blank before a colon away: ".prose :is(ul)" would become ".prose:is(ul)"."""
    for path in (project / "static/css").glob("*.css"):
        css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        selectors = re.findall(r"([^{};]+){", css)

        assert [s.strip() for s in selectors if re.search(r"[\w)\]*] :", s) and not s.strip().startswith("@")] == []
