"""What the search understands, what it offers, and what cannot harm it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.search.models import Synonym
from helpdesk.search.query import search, suggest
from tests import factories

pytestmark = pytest.mark.django_db


def pages(words, **options):
    """The paths of the pages found, in order."""
    return [hit.url for group in search(words, **options).groups for hit in group.hits]


def plain(marked):
    return "".join(piece for piece, _ in marked)


def matched(marked):
    return [piece for piece, is_match in marked if is_match]


def make(title, **values):
    return factories.make_faq_entry(question=title, **{"answer": "Nothing here.", **values})


# What it understands


@pytest.mark.parametrize(
    "asked", ["printer", "PRINTERS", "Prínter", "printer.", "ｐｒｉｎｔｅｒ", "my printer", "print"]
)
def test_inflection_case_accents_and_signs_do_not_matter(asked):
    entry = make("The printers are silent")
    make("The lamp is dark")
    assert pages(asked) == [entry.get_absolute_url()]


def test_the_last_word_may_be_unfinished():
    entry = make("Security device")
    make("Secret lamp")
    assert pages("secu") == [entry.get_absolute_url()]
    assert pages("device secur") == [entry.get_absolute_url()]


def test_all_words_come_before_some_and_some_only_where_they_tell_enough():
    both = make("Something else", answer="The red thing is a lamp.")
    red = make("Red", answer="Nothing.")
    lamp = make("Lamp", answer="Nothing.")
    found = search("red lamp")
    assert found.groups[0].hits[0].url == both.get_absolute_url()
    assert found.groups[0].complete
    assert {group.hits[0].url for group in found.groups[1:]} <= {red.get_absolute_url(), lamp.get_absolute_url()}
    assert not any(group.complete for group in found.groups[1:])


def test_where_nothing_has_all_words_the_best_of_some_is_offered():
    entry = make("Blinking lamp")
    assert pages("blinking lamp in the cellar with water") == [entry.get_absolute_url()]


def test_spelling_is_corrected_where_that_finds_more():
    entry = make("Where is the firewall?")
    found = search("the frewall blocks")
    assert (found.asked, found.shown, found.is_corrected) == ("the frewall blocks", "the firewall blocks", True)
    assert [group.hits[0].url for group in found.groups] == [entry.get_absolute_url()]
    assert search("the frewall blocks", exact=True).groups == ()
    assert search("firewall").is_corrected is False


@pytest.mark.parametrize("typed", ["passcdoe", "pascode", "passscode", "passkode", "psscode"])
def test_usual_mistakes_are_forgiven(typed):
    entry = make("Passcode refused")
    make("Lamp dark")
    found = search(typed)
    assert found.is_corrected
    assert found.groups[0].hits[0].url == entry.get_absolute_url()


def test_a_known_word_is_never_corrected():
    make("Port")
    make("Post")
    assert search("post").is_corrected is False
    assert [plain(group.title) for group in search("post").groups] == ["Post"]


def test_words_written_as_one_or_apart():
    entry = make("Passcode")
    other = make("User name")
    assert pages("pass code") == [entry.get_absolute_url()]
    assert pages("username") == [other.get_absolute_url()]


def test_synonyms_lead_one_way_or_both():
    device = make("Security device")
    telephone = make("Telephone")
    phone = make("Phone")
    Synonym.objects.create(words="dongle, key fob", means="security device")
    Synonym.objects.create(words="phone", means="telephone", both_ways=True)

    assert pages("dongle") == pages("my key fobs") == [device.get_absolute_url()]
    assert pages("phone") == [phone.get_absolute_url(), telephone.get_absolute_url()]
    assert pages("telephone") == [telephone.get_absolute_url(), phone.get_absolute_url()]
    make("Key fob")
    assert pages("security device") == [device.get_absolute_url()]


def test_quoted_words_have_to_stand_together():
    together = make("Lamp", answer="The red lamp blinks.")
    make("Lamp", answer="The lamp is red.")
    assert pages('"red lamp"')[0] == together.get_absolute_url()
    assert [group.complete for group in search('"red lamp"').groups] == [True, False]
    assert search('"blue lamp"').groups[0].complete is False  # no dead end


def test_a_pasted_message_stands_first_whatever_is_around_it():
    make("Error code 17", answer="Error, error. Invalid code 17. Invalid, invalid!")
    symptom = factories.make_symptom(title="It is refused", message="Invalid passcode", guide=factories.make_guide())
    url = symptom.get_absolute_url()
    assert pages("Error: invalid passcode!!! (code 17)")[0] == url
    assert pages("10:32:17 ERR [auth] INVALID PASSCODE - try again")[0] == url


def test_the_part_of_a_message_that_changes_does_not_matter():
    symptom = factories.make_symptom(title="It keeps trying", message="Log in progress (attempt #N)")
    make("Progress in three attempts", answer="Log your progress.")
    assert pages("Log in progress (attempt #27)")[0] == symptom.get_absolute_url()


def test_a_guide_is_preferred_by_where_the_visitor_is_or_by_its_name():
    one = factories.make_guide(slug="one", short_title="Trading platform")
    two = factories.make_guide(slug="two", short_title="Back office")
    first = factories.make_symptom(guide=one, slug="same", title="Passcode refused").get_absolute_url()
    second = factories.make_symptom(guide=two, slug="same", title="Passcode refused").get_absolute_url()

    assert pages("passcode") == [first, second]
    assert pages("passcode", guide="two") == [second, first]
    assert pages("passcode in the back office") == [second, first]
    assert [url for _, url, _ in suggest("passc", guide="two")[0].places] == [second, first]


def test_a_guide_is_preferred_in_suggestions_among_many_others():
    topic = factories.make_faq_category()
    for n in range(30):
        make(f"Bilby page {n}", category=topic)
    special = factories.make_symptom(guide=factories.make_guide(slug="here"), title="Bilby special")
    assert suggest("bil", guide="here")[0].places[0][1] == special.get_absolute_url()
    assert len(suggest("bil", guide="here")) == 8


# What it offers


def test_a_symptom_of_many_guides_is_offered_in_all():
    for _ in range(8):
        factories.make_symptom(slug="dark", title="The wombat stays dark")
    assert [len(group.hits) for group in search("wombat").groups] == [8]
    assert search("wombat").total == 8


def test_titles_without_words_are_not_the_same_symptom():
    factories.make_symptom(title="🖨️❌", keywords="lamp")
    factories.make_symptom(title="!!", keywords="lamp")
    assert [len(group.hits) for group in search("lamp").groups] == [1, 1]


def test_the_same_symptom_in_two_guides_is_one_group():
    one, two = factories.make_guide(short_title="One"), factories.make_guide(short_title="Two")
    make_symptom = factories.make_symptom
    make_symptom(guide=one, slug="lost", title="My key is lost", keywords="only here")
    make_symptom(guide=two, slug="lost", title="The key is lost")
    make_symptom(guide=one, slug="a", title="No key yet")
    make_symptom(guide=two, slug="b", title="No key yet")

    groups = {tuple(hit.place for hit in group.hits): plain(group.title) for group in search("key").groups}
    assert len(search("key").groups) == 2
    assert groups == {("One", "Two"): groups["One", "Two"]}
    # Offered in both guides, though only one has the words.
    assert [[hit.place for hit in group.hits] for group in search("only here").groups] == [["One", "Two"]]


def test_a_hit_shows_the_passage_that_says_the_most_and_leads_to_its_check():
    wall = factories.make_cause(
        slug="wall", title="Does a firewall block it?", how_to_check="Look at the firewall list."
    )
    port = factories.make_cause(
        slug="port", title="Is the port open?", how_to_check="Ask for *port 4001*. " + "x " * 300
    )
    symptom = factories.make_symptom(title="No connection", introduction="It hangs.", causes=[wall, port])
    url = symptom.get_absolute_url()

    [[hit]] = [group.hits for group in search("port 4001").groups]
    assert (hit.url, hit.check_title, hit.check_url) == (url, "Is the port open?", f"{url}check/port/")
    assert (hit.check_place, hit.checks) == (2, 2)
    assert matched(hit.passage) == ["port", "4001"]
    assert plain(hit.passage).startswith("Ask for port 4001.")
    assert len(plain(hit.passage)) < 220

    [[hit]] = [group.hits for group in search("firewall").groups]
    assert (hit.check_url, hit.check_place) == (url, 1)  # the first check stands on the symptom's page

    [[hit]] = [group.hits for group in search("connection").groups]
    assert (hit.check_title, matched(hit.title), plain(hit.passage)) == ("", ["connection"], "It hangs.")


def test_marks_follow_inflection_and_synonyms():
    Synonym.objects.create(words="dongle", means="security device")
    make("About", answer="Your security devices are printing.")
    [[hit]] = [group.hits for group in search("printed dongle").groups]
    assert matched(hit.passage) == ["security devices", "printing"]


def test_suggestions_need_two_letters_and_come_by_title_message_and_keywords():
    entry = make("Passcode refused", keywords="dongle")
    assert suggest("p") == ()
    assert suggest(" ") == ()
    for typed in ("passcode re", "PASSC", "refused pass", "dong", "my dong", "refused dong", "dongle is", "pa"):
        assert [line.places[0][1] for line in suggest(typed)] == [entry.get_absolute_url()], typed
    assert matched(suggest("pass")[0].title) == ["Pass"]
    assert suggest("xx") == ()


def test_no_more_than_eight_suggestions_and_ten_groups():
    topic = factories.make_faq_category()
    for n in range(15):
        make(f"Lamp {n}", category=topic)
    assert len(suggest("lamp")) == 8
    found = search("lamp")
    assert (len(found.groups), found.total, found.more) == (10, 15, True)


def test_nothing_found_names_the_nearest_words_that_find_something():
    make("Firewall")
    found = search("firewools")
    assert (found.groups, found.nearest) == ((), ("firewall",))
    assert search("qqqqqqqq").nearest == ()


def test_a_search_takes_the_same_few_queries_with_little_and_much(django_assert_max_num_queries):
    def content(times):
        for n in range(times):
            factories.make_symptom(title=f"Lamp {n} blinks", guide=factories.make_guide(), slug="lamp")
            make(f"Is lamp {n} on?")

    content(2)
    search("lamp")
    with django_assert_max_num_queries(11) as few:
        search("blinking lamp")
    content(40)
    search("lamp")
    with django_assert_max_num_queries(11) as many:
        search("blinking lamp")
    assert len(few) - len(many) in (0, 1)  # with many that have all words, those with some are not looked for
    with django_assert_max_num_queries(3):
        suggest("lam")


# The page


def test_a_help_number_opens_its_page(client):
    symptom = factories.make_symptom()
    for typed in (symptom.number, f"Help no. {symptom.number}", f" #{symptom.number} "):
        response = client.get("/search/", {"q": typed})
        assert (response.status_code, response["Location"]) == (302, symptom.get_absolute_url())


def test_the_number_of_what_is_not_public_opens_nothing(client):
    draft = factories.make_symptom(published=False)
    cause = factories.make_cause()
    for number in (draft.number, cause.number, 999_999, 2**31, 999_999_999):
        assert client.get("/search/", {"q": number}).status_code == 200


def test_the_number_of_a_page_that_is_gone_says_so(client):
    entry = make("Old")
    number = entry.number
    entry.delete()
    response = client.get("/search/", {"q": number}, follow=True)
    assert response.status_code == 410


HOSTILE = [
    '"', '""',
    "'", "''", '"""', '" OR "', "NEAR(", "NEAR(a b, 5)", "a AND", "AND", "NOT", "OR OR", "title:x", "col : x",
    "^lamp", "lamp*", "*", "***", "-lamp", "+lamp", "{title} : lamp", "(" * 500, ")" * 50, "%" * 500, "_" * 50, "lamp%",
    "\\", "\\'", "lamp\\", "'; DROP TABLE search_searchdocument; --", "lamp & | ! <->", ":*", "lamp:*", "!lamp", "<->",
    "\0", "lamp\0lamp", "\ud800", "\u202e\u200b\u200d", "ｌａｍｐ", "la\u200bmp", "İ", "ß", "ﬁ", "🔥" * 100, "́" * 300,
    "lamp " * 2_000, "x" * 100_000, "a b c d e f g h i j k l m n o p q r s t u v w x y z", "½ ¼ ²", "𞤀𞤁", "〇一二",
    "<script>alert(1)</script>", "{{ 7*7 }}", "../../etc/passwd", "1 OR 1=1", "٤٠٠١", "a" * 39 + "é" * 5, "'" * 90,
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_queries_are_answered(client, typed):
    make("Lamp")
    factories.make_symptom(title="Lamp", message="Lamp it is")
    for path in ("/search/", "/search/suggestions/"):
        query = urlencode({"q": typed, "guide": typed}, errors="surrogatepass")
        response = client.get(f"{path}?{query[:60_000]}")
        assert response.status_code == 200
        assert b"<script>alert" not in response.content
    search(typed, guide=typed)
    search(typed, exact=True)
    suggest(typed, guide=typed)


def test_bytes_that_are_no_text_are_answered(client):
    assert client.get("/search/?q=%ff%fe%00lamp").status_code == 200
    assert client.get("/search/suggestions/?q=%ff%fe%00lamp").status_code == 200


def test_what_was_typed_is_never_markup(client):
    for typed in ('"><script>alert(1)</script>', "' onfocus='alert(1)", "</title><script>alert(1)</script>"):
        for path in ("/search/", "/search/suggestions/"):
            html = client.get(path, {"q": typed, "guide": typed}).content.decode()
            assert "<script>alert" not in html
            assert "' onfocus='" not in html


SYNTAX = st.sampled_from(
    [*list("\"*^:()+-&|!<>'\\%_{}~ "), " AND ", " OR ", " NOT ", "NEAR", "lamp", "passcode", "blink"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.one_of(st.text(max_size=80), st.lists(SYNTAX, max_size=20).map("".join)))
def test_no_text_makes_an_error(lamps, typed):
    search(typed)
    suggest(typed)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(st.characters(exclude_categories=["Cs"]), max_size=60), guide=st.text(max_size=10))
def test_no_address_makes_an_error(lamps, typed, guide):
    query = urlencode({"q": typed, "guide": guide}, errors="replace")
    client = Client(raise_request_exception=True)
    assert client.get(f"/search/?{query}").status_code in (200, 302)
    assert client.get(f"/search/suggestions/?{query}").status_code == 200


@pytest.fixture
def lamps(db):
    make("The lamp blinks", keywords="passcode")
    factories.make_symptom(title="Lamp", message="Lamp blinks red")
    Synonym.objects.create(words="torch", means="lamp", both_ways=True)


# Codes, and scripts without blanks


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Error E-1042", "E1042"),
        ("Error E1042", "e-1042"),
        ("Error E 1042", "E1042 error"),
        ("Code 0x80070005", "80070005"),
        ("Code 80070005", "0x80070005"),
        ("Code 0x80E7C0FF", "80e7c0ff"),
    ],
)
def test_code_is_found_however_it_is_written(written, typed):
    page = make(written).get_absolute_url()
    make("Error 1043, code 80070006")
    assert pages(typed) == [page]
    [[hit]] = [group.hits for group in search(typed).groups]
    assert matched(hit.title)


@pytest.mark.parametrize(
    ("written", "typed", "marked"),
    [
        ("如何重置密码", "重置密码", "重置密码"),
        ("如何重置密码", "我要重置密码", "重置密码"),
        ("パスワードを忘れた", "ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
        ("ลืมรหัสผ่าน", "รหัสผ่าน", "รหัสผ่าน"),
        ("TWS登录失败", "登录", "登录"),
    ],
)
def test_words_of_scripts_without_blanks_are_found(written, typed, marked):
    page = make(written).get_absolute_url()
    make("完全不同的页面, ほかのページ, หน้าอื่น")
    assert pages(typed) == [page]
    assert "".join(matched(search(typed).groups[0].hits[0].title)) == marked
    assert [line.places[0][1] for line in suggest(marked[:3])] == [page]


# Right words, and suggestions that forgive


@pytest.mark.parametrize(("typed", "shown"), [("brocken", "broken"), ("iphone", "iphone"), ("sender", "sender")])
def test_right_word_is_corrected_only_where_another_is_overwhelmingly_likely(typed, shown):
    make("Is your phone broken, or the server?")
    found = search(typed)
    assert found.shown == shown
    assert bool(found.groups) == (typed != shown)
    assert search(typed, exact=True).groups == ()


@pytest.mark.parametrize("typed", ["securty", "securty dev", "scurity device", "security devcie", "activat devixe"])
def test_suggestions_forgive_spelling(typed):
    page = make("Activate the security device").get_absolute_url()
    make("Something else")
    assert [line.places[0][1] for line in suggest(typed)] == [page]


@pytest.mark.parametrize("typed", ["iphone", "qqqqqqqq", "phone xylophone", "server"])
def test_suggestions_take_right_words_as_they_are(typed):
    make("My phone is dark")
    make("Who is the sender?")
    assert suggest(typed) == ()
