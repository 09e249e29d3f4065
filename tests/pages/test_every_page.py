"""What every public page owes its visitors, whichever it is: looked at page by page over the first content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from helpdesk.guides.models import Guide, Symptom
from helpdesk.identity.current import identity
from helpdesk.portal.views import bad_request, forbidden, server_error
from helpdesk.templatetags.portal import first_sentence
from tests import factories

GUIDE = "/guides/trading-platform-login/"
SYMPTOM = f"{GUIDE}connection-attempts/"
ONE_CHECK = f"{GUIDE}invalid-passcode/"
ONWARD = "/guides/account-management-login/asks-one-more-question/"

# Every type of page, and what search engines shall take for it.
PAGES = {
    "/": "/",
    "/contact/": "/contact/",
    "/news/": "/news/",
    GUIDE: GUIDE,
    "/guides/account-management-login/": "/guides/account-management-login/",
    SYMPTOM: SYMPTOM,
    ONE_CHECK: ONE_CHECK,
    "/guides/account-management-login/invalid-username-password/": (
        "/guides/account-management-login/invalid-username-password/"
    ),
    ONWARD: ONWARD,
    "/faq/": "/faq/",
    "/faq/topic/tws/": "/faq/topic/tws/",
    "/faq/windows-screenshot/": "/faq/windows-screenshot/",
    "/faq/username-not-recognized/": "/faq/username-not-recognized/",
}
STEPS = {
    f"{GUIDE}none/": GUIDE,
    f"{SYMPTOM}all/": SYMPTOM,
    f"{SYMPTOM}check/firewall-blocking/?no=internet-down": SYMPTOM,
    f"{SYMPTOM}check/ports-blocked/?no=internet-down&skip=firewall-blocking": SYMPTOM,
    f"{SYMPTOM}check/internet-down/fix/": SYMPTOM,
    f"{SYMPTOM}fixed/?by=ports-blocked": SYMPTOM,
    f"{GUIDE}invalid-username-password/check/account-not-approved/fix/": f"{GUIDE}invalid-username-password/",
    f"{GUIDE}invalid-username-password/found/?by=account-closed": f"{GUIDE}invalid-username-password/",
    f"{SYMPTOM}contact/?no=internet-down&skip=firewall-blocking": SYMPTOM,
}
# The same page at another address, or in another state.
STATES = [f"{GUIDE}none/?sent=1", f"{SYMPTOM}fixed/", f"{SYMPTOM}contact/", f"{ONWARD}contact/", f"{ONE_CHECK}contact/"]
EVERY_PAGE = [*PAGES, *STEPS, *STATES]
# Without an end tag, so that the parser does not wait for one.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    within: list[Element]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


class Tree(HTMLParser):
    """All elements of a page in order, each with the elements around it and the words in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, [*self._open])
        assert len(element.attributes) == len(attrs), f"an attribute stands twice in {self.get_starttag_text()}"
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words.append(data)

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """The elements with this tag and these attributes; an underscore stands for a hyphen."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if tag in ("", element.tag) and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]


@pytest.fixture(autouse=True)
def _content(first_content):
    cache.clear()
    guides = {guide.slug: guide for guide in Guide.objects.all()}
    factories.make_symptom(
        guide=guides["account-management-login"],
        slug="asks-one-more-question",
        title="It is the trading platform",
        leads_to=guides["trading-platform-login"],
    )


def read(client: Client, path: str, status: int = 200) -> Tree:
    response = client.get(path)
    assert response.status_code == status, path
    assert not response.cookies, path
    return Tree(response.content.decode())


def every_page(client: Client, paths: Iterable[str] = EVERY_PAGE) -> Iterator[tuple[str, Tree]]:
    """Each path with its page; the content is loaded once for all of them, which is what takes the time."""
    for path in paths:
        print(path)  # the last one is shown with the assertion that fails
        yield path, read(client, path)


def description(page: Tree) -> str:
    return page.one("meta", name="description").attributes["content"]


def test_pages_have_titles_and_descriptions_of_their_own(client):
    pages = [read(client, path) for path in [*PAGES, *STEPS]]
    titles, descriptions = [page.one("title").text for page in pages], [description(page) for page in pages]

    assert all(title.endswith(" – Login help") for title in titles)
    assert all(30 < len(text) < 400 and "\n" not in text for text in descriptions), descriptions
    assert len({*titles}) == len({*descriptions}) == len(pages)


def test_search_engines_get_the_page_and_not_its_steps(client):
    for path, page in every_page(client, PAGES | STEPS):
        canonical = (PAGES | STEPS)[path]
        assert page.one("link", rel="canonical").attributes["href"] == f"http://testserver{canonical}"
        assert bool(page.all("meta", name="robots", content="noindex")) == (path in STEPS)


def test_canonical_address_is_the_one_visitors_know(client, settings):
    settings.PUBLIC_URL = "https://help.example.com"

    page = read(client, SYMPTOM)

    assert page.one("link", rel="canonical").attributes["href"] == f"https://help.example.com{SYMPTOM}"


def test_page_has_the_parts_that_all_share(client):
    for path, page in every_page(client):
        links = [link.attributes["href"] for link in page.all("a")]

        assert page.one("html").attributes == {"lang": "en", "dir": "ltr"}
        assert page.one("h1").attributes["tabindex"] == "-1"
        assert "main" in [around.tag for around in page.one("h1").within]
        assert links[0] == "#main"
        assert page.one("main").attributes["id"] == "main"
        assert page.one(role="status").attributes["id"] == "announce"
        assert {"/", "/guides/", "/faq/", "/contact/", "/news/"} <= {*links}
        assert bool(page.all("nav", aria_label="Breadcrumbs")) == (path != "/")
        # Feed readers are pointed to it at home; each page has the link itself.
        feeds = [link.attributes["href"] for link in page.all("link", type="application/atom+xml")]
        assert feeds == (["/feed/"] if path in ("/", "/news/") else [])
        searches = page.all("form", role="search")
        assert [form.attributes["action"] for form in searches] == ["/search/"] * len(searches)
        assert searches
        assert any(link.startswith("/admin/") for link in links)
        assert not [link for link in links if link.startswith("/admin/preview/")]


def test_page_keeps_the_strict_policy(client):
    for _, page in every_page(client):
        assert [style.text for style in page.all("style")] == [identity().style]  # its digest is in the policy
        assert not [element for element in page.elements if "style" in element.attributes]
        assert not [name for element in page.elements for name in element.attributes if name.startswith("on")]
        assert {script.text for script in page.all("script")} == {""}
        sources = [element.attributes.get(name, "") for element in page.elements for name in ("src", "href")]
        assert not [source for source in sources if source.startswith(("data:", "javascript:", "//"))]
        assert all(script.attributes["src"].startswith("/static/") for script in page.all("script"))


def test_markup_is_sound(client):
    for _, page in every_page(client):
        ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
        levels = [int(element.tag[1]) for element in page.elements if re.fullmatch("h[1-6]", element.tag)]

        assert len({*ids}) == len(ids), "an id stands twice"
        assert "" not in ids
        for element in page.elements:
            for name in ("aria-labelledby", "aria-describedby", "for", "data-copy"):
                assert {*element.attributes.get(name, "").split()} <= {*ids}, (
                    f"{name} of {element.tag} points to nothing"
                )
        assert all(below - above <= 1 for above, below in pairwise(levels)), levels
        assert levels[0] == 1
        blocks = [element for element in page.elements if element.tag in ("div", "ul", "ol", "p", "pre", "form")]
        assert not [block for block in blocks if "p" in [around.tag for around in block.within]]


def test_nothing_is_left_empty(client):
    for _, page in every_page(client):
        for element in page.all("a"):
            assert element.attributes.get("href"), element
            assert element.text, element
        for element in page.elements:
            if re.fullmatch("button|summary|legend|h[1-6]", element.tag):
                assert element.text, element
        assert not [
            value for element in page.elements for value in element.attributes.values() if "None" in value.split()
        ]
        assert not re.search(r"\bNone\b(?! of)", page.one("body").text)


def test_forms_and_their_fields_are_named(client):
    for _, page in every_page(client):
        for form in page.all("form"):
            assert form.attributes["method"] == ("get" if form.attributes.get("role") == "search" else "post")
            assert form.attributes["action"].startswith("/")
            assert "aria-labelledby" in form.attributes or [e for e in page.all("label") if form in e.within]
        for entry in page.all("input"):
            if entry.attributes["type"] != "hidden":
                assert page.one("label", **{"for": entry.attributes["id"]}).text
        for button in page.all("button"):
            if button.attributes.get("type") != "button":
                assert "form" in [around.tag for around in button.within]


def test_every_link_inside_the_portal_arrives(client):
    seen: dict[str, set[str]] = {}
    for path in EVERY_PAGE:
        for link in read(client, path).all("a"):
            address, anchor = urldefrag(urljoin(path, link.attributes["href"]))
            if not urlsplit(address).scheme and not address.startswith("/admin/"):
                seen.setdefault(address, set()).add(anchor)
    assert len(seen) > 50, "the pages link to each other"

    for address, anchors in seen.items():
        response = client.get(address, follow=True)
        assert response.status_code < 400, address
        if "html" in response.headers["Content-Type"]:
            ids = {element.attributes.get("id") for element in Tree(response.content.decode()).elements}
            assert anchors - {""} <= ids, address


def test_symptom_with_several_checks_lists_them_and_shows_the_first(client):
    page = read(client, SYMPTOM)
    form = next(form for form in page.all("form") if "answers" in form.attributes["class"])

    assert form.attributes["action"] == f"{SYMPTOM}check/internet-down/"
    assert [button.attributes["value"] for button in page.all("button", name="answer")] == [
        "applies",
        "not-this",
        "cannot-tell",
    ]
    assert page.one("input", name="via").attributes["value"] == ""
    assert len(page.all("li", **{"class": "current"})) == 1
    assert len(page.all("li", **{"class": "open"})) == 2
    assert "Check 1 of 3" in page.one("main").text


def test_symptom_with_one_check_is_complete_in_itself(client):
    page = read(client, ONE_CHECK)

    assert page.all("button", name="answer")
    assert "Check 1 of 1" not in page.one("main").text
    assert not page.all("nav", **{"class": "steps"})


def test_notice_comes_before_the_checks_and_again_where_one_calls(client):
    path = "/guides/account-management-login/invalid-username-password/"
    tree = read(client, path)
    page = tree.one("main").text

    first = "10 failed Account Management logins in a row within any 24 hours lock your account."
    assert tree.one("summary").text == f"For your security: {first}"
    assert "hackers who guess passwords at random" in page
    assert page.index("10 failed Account Management logins in a row") < page.index("Check 1 of 2")
    assert "For your security" in read(client, f"{path}contact/").one("main").text


def test_onward_page_shows_the_situations_of_the_next_guide(client):
    links = [link.attributes["href"] for link in read(client, ONWARD).all("a")]

    assert {SYMPTOM, f"{GUIDE}none/"} <= {*links}


def test_topic_page_names_each_answer_inside_its_disclosure(client):
    page = read(client, "/faq/topic/tws/")
    answer = page.one(id="who-to-contact")

    assert answer.within[-1].tag == "details"
    assert "open" not in answer.within[-1].attributes
    assert len(page.all("details")) == 14


def test_reference_is_spelled_to_be_read_out_and_not_for_search_engines(client):
    response = client.post(f"{SYMPTOM}contact/?no=internet-down")
    page = read(client, response.headers["Location"])
    reference = page.one(id="reference").text

    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert not page.all("link", rel="canonical")
    spelled = page.one("p", **{"class": "spelled"}).text.removeprefix("To read out: ")
    assert "".join(word[0] for word in re.split(r" – | ", spelled)) == reference.replace("-", "")


@pytest.mark.parametrize(("path", "field_id"), [(f"{GUIDE}none/", "words"), (f"{SYMPTOM}check/internet-down/", "")])
def test_form_that_was_refused_says_why(client, path, field_id):
    response = client.post(path)
    page = Tree(response.content.decode())

    assert response.status_code == 422
    assert page.one("title").text.startswith("Error: ")
    problem = next(element for element in page.all("p") if "problem" in element.attributes.get("class", ""))
    assert problem.text.startswith("Error: ")
    place = page.one(id=field_id) if field_id else page.one("fieldset")
    assert problem.attributes["id"] in place.attributes["aria-describedby"].split()


def assert_is_a_way_on(page: Tree) -> None:
    links = {link.attributes["href"] for link in page.all("a") if page.one("main") in link.within}
    assert {"/guides/", "/faq/", "/contact/"} <= links
    assert page.one("h1").text
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert not page.all("link", rel="canonical")


def test_unknown_page_shows_ways_on(client):
    assert_is_a_way_on(read(client, "/no/such/page/", status=404))


def test_archived_page_names_the_guide_it_stood_in(client):
    symptom = Symptom.objects.get(guide__slug="trading-platform-login", slug="connection-attempts")
    read(client, SYMPTOM)
    symptom.publish_at, symptom.archive_at = factories.PUBLISHED_AT, factories.PUBLISHED_AT.replace(month=2)
    symptom.save()

    page = read(client, SYMPTOM, status=410)

    assert_is_a_way_on(page)
    assert GUIDE in [link.attributes["href"] for link in page.all("a")]


def test_broken_server_shows_ways_on_without_asking_the_database(rf, django_assert_num_queries):
    request = rf.get("/")
    with django_assert_num_queries(0):
        pages = [(server_error(request), 500), (bad_request(request, None), 400), (forbidden(request, None), 403)]
    for response, status in pages:
        assert response.status_code == status
        assert_is_a_way_on(Tree(response.content.decode()))


def test_host_that_is_not_ours_gets_a_page_all_the_same(client):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert_is_a_way_on(Tree(response.content.decode()))


@pytest.mark.parametrize(
    ("below", "state"), [("guides/trading-platform-login/connection-attempts/", "Published since"), ("faq/", "")]
)
def test_preview_says_so_and_stays_in_the_preview(admin_client, below, state):
    page = Tree(admin_client.get(f"/admin/preview/{below}").content.decode())
    banner = page.one("section", aria_label="Preview")

    assert "Preview: visitors can't see this version yet." in banner.text
    assert state in banner.text
    main = [link.attributes["href"] for link in page.all("a") if page.one("main") in link.within]
    inside = [link for link in main if link.startswith(("/guides/", "/faq/", "/contact/"))]
    assert not inside, inside
    assert [link for link in main if link.startswith("/admin/preview/")]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("It is called TWS 10.2 here. More.", "It is called TWS 10.2 here."),
        ("Is it? Yes.", "Is it?"),
        ("No end", "No end"),
        ("", ""),
    ],
)
def test_first_sentence_ends_where_the_sentence_does(text, first):
    assert first_sentence(text) == first
