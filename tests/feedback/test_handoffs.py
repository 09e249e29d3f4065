"""Reference numbers, and the words of visitors whom nothing fits."""

import re

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpdesk.announcements.models import Announcement
from helpdesk.feedback import handoffs
from helpdesk.feedback.models import HandOff, UnmatchedWords
from helpdesk.guides.models import Guide
from helpdesk.search.models import Search
from helpdesk.web.qr import qr_code
from tests import factories

pytestmark = pytest.mark.django_db

CONTACT = "/guides/platform/offline/contact/"
NONE = "/guides/platform/none/"
SEARCH = "/search/"


@pytest.fixture(autouse=True)
def symptom():
    cache.clear()
    causes = [
        factories.make_cause(slug=slug, title=f"Is the {slug} right?") for slug in ("cable", "router", "provider")
    ]
    return factories.make_symptom(
        slug="offline",
        guide=factories.make_guide(slug="platform", title="Nothing connects"),
        causes=causes,
        title="It is offline",
        message="No network",
        notice="Never tell **anyone** your password.",
    )


def test_reference_number_is_given_for_the_walk(client, symptom):
    response = client.post(f"{CONTACT}?no=cable&skip=router")
    handoff = HandOff.objects.get()

    assert (response.status_code, response.headers["Location"]) == (303, f"/handoff/{handoff.reference}/")
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", handoff.reference)
    numbers = dict(symptom.causes.values_list("slug", "number"))
    assert (handoff.tried, handoff.skipped) == ([numbers["cable"]], [numbers["router"]])
    assert handoff.summary == "\n".join(
        [
            f"Help no. {symptom.number}",
            "Nothing connects: It is offline",
            "Message on the screen: “No network”",
            "Tried, still not working: Is the cable right?",
            "Couldn't check or try: Is the router right?",
            "Not checked yet: Is the provider right?",
        ]
    )


def test_reference_number_is_shown_and_kept_out_of_caches(client):
    page = client.get(client.post(CONTACT).headers["Location"])

    assert page.status_code == 200
    assert HandOff.objects.get().reference in page.content.decode()
    assert "Not checked yet:" in page.content.decode()
    assert page.content.decode().count("Never tell <strong>anyone</strong> your password.") == 1
    assert "no-store" in page.headers["Cache-Control"]


def test_pressed_twice_gives_the_same_number(client):
    first, second = (client.post(f"{CONTACT}?no=cable").headers["Location"] for _ in range(2))

    assert first == second
    assert HandOff.objects.count() == 1


def test_another_walk_or_visitor_gets_another_number(client):
    places = {
        client.post(CONTACT).headers["Location"],
        client.post(f"{CONTACT}?no=cable").headers["Location"],
        client.post(CONTACT, REMOTE_ADDR="192.0.2.7").headers["Location"],
    }

    assert len(places) == 3


def test_number_that_somebody_else_has_is_not_given_again(client, monkeypatch):
    given = iter(["AAAA-AAAA", "AAAA-AAAA", "BBBB-BBBB"])
    monkeypatch.setattr(handoffs, "reference_of", lambda walk: next(given))

    assert client.post(CONTACT).headers["Location"] == "/handoff/AAAA-AAAA/"
    assert client.post(CONTACT, REMOTE_ADDR="192.0.2.7").headers["Location"] == "/handoff/BBBB-BBBB/"


@pytest.mark.parametrize("typed", ["{0}", "{1}", "{2}"])
def test_number_is_found_however_it_is_typed(client, typed):
    client.post(CONTACT)
    reference = HandOff.objects.get().reference
    path = f"/handoff/{typed.format(reference, reference.lower(), reference.replace('-', ''))}/"

    assert client.get(path).status_code == 200


def test_unknown_number_is_not_found(client):
    assert client.get("/handoff/AAAA-AAAA/").status_code == 404


def opened(client, reference):
    page = client.get(f"/handoff/{reference}/")
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize(
    ("answers", "goes_on"),
    [
        ("", "check/cable/"),
        ("?no=cable&skip=router", "check/provider/?no=cable&amp;skip=router"),
        ("?no=router,provider&tried=router", "check/cable/?no=router,provider&amp;tried=router"),
        ("?no=router,provider", "check/cable/?no=router,provider"),
        ("?no=cable,provider&skip=router", "contact/?no=cable,provider&amp;skip=router"),
    ],
)
def test_hand_off_goes_on_where_the_walk_was(client, symptom, answers, goes_on):
    symptom.causes.filter(slug="router").update(question="Is the router off?")
    client.post(CONTACT + answers)
    page = opened(client, HandOff.objects.get().reference)

    assert f'href="/guides/platform/offline/{goes_on}"' in page


def test_hand_off_of_a_cause_that_was_found_goes_on_with_what_to_do(client, symptom):
    people = [factories.make_contact_point(name=name) for name in ("First desk", "Second desk")]
    for slug, desk in zip(("cable", "router"), people, strict=True):
        cause = symptom.causes.get(slug=slug)
        cause.question, cause.resolution.contact_point, cause.resolution.ending = "Is it?", desk, "contact"
        cause.resolution.save(), cause.save()
    client.post(f"{CONTACT}?no=cable&by=router")
    page = opened(client, HandOff.objects.get().reference)

    assert 'href="/guides/platform/offline/check/router/fix/?no=cable"' in page
    assert "Applies: Is the router right?" in page
    assert page.index("Second desk") < page.index("First desk")


def test_tried_fix_stays_one_when_its_cause_gets_a_question(client, symptom):
    client.post(f"{CONTACT}?no=cable")
    symptom.causes.filter(slug="cable").update(question="Is the cable loose?")

    page = opened(client, HandOff.objects.get().reference)
    assert 'href="/guides/platform/offline/check/router/?no=cable&amp;tried=cable"' in page


def test_hand_off_shows_its_own_people_before_the_summary(client, symptom):
    mine, other = (factories.make_contact_point(name=name) for name in ("Night desk", "Other desk"))
    resolution = symptom.causes.get(slug="router").resolution
    resolution.contact_point = mine
    resolution.save()
    client.post(CONTACT)
    page = opened(client, HandOff.objects.get().reference)

    main = page[page.index("<main") : page.index("</main")]
    assert main.index('id="reference"') < main.index(f'id="{mine.slug}"') < main.index('id="summary"')
    assert main.index('id="summary"') < main.index("Never tell <strong>anyone</strong> your password.")
    main = client.get(CONTACT).content.decode()
    assert main.index(f'id="{mine.slug}"') < main.index('id="summary"')
    assert main.index('id="summary"') < main.index("Never tell <strong>anyone</strong> your password.")
    assert other.name not in main


def test_hand_off_of_a_situation_that_is_no_longer_public_leads_nowhere(client, symptom):
    client.post(f"{CONTACT}?no=cable")
    symptom.publish_at = None
    symptom.save()
    page = opened(client, HandOff.objects.get().reference)

    assert "Not checked yet:" in page
    main = page[page.index("<main") : page.index("</main")]
    assert "/guides/" not in main


def test_hand_off_has_its_address_as_text_and_as_a_code(client, settings):
    settings.PUBLIC_URL = "https://help.example.com"
    client.post(CONTACT)
    reference = HandOff.objects.get().reference
    page = opened(client, reference)

    address = f"https://help.example.com/handoff/{reference}/"
    assert f"https://help.example.com/handoff/<wbr><span>{reference}/</span>" in page
    assert f'<path d="{qr_code(address).path}"' in page
    assert "style=" not in page


def test_hand_off_shows_what_is_announced_for_its_situation(client, symptom):
    client.post(CONTACT)
    reference = HandOff.objects.get().reference
    announcement = Announcement.objects.create(title="TWS is down", severity="outage", starts_at=timezone.now())
    announcement.symptoms.add(factories.make_symptom())
    assert "TWS is down" not in opened(client, reference)
    announcement.symptoms.add(symptom)
    assert "TWS is down" in opened(client, reference)


def test_hand_off_page_takes_few_queries(client, django_assert_num_queries):
    client.post(CONTACT)
    reference = HandOff.objects.get().reference
    factories.make_contact_point()
    with django_assert_num_queries(4):  # the hand-off, its checks, the lines of contact points, and announcements
        opened(client, reference)


WAYS = [
    "{}",
    " {} ",
    "{lower}",
    "{bare}",
    "{spaced}",
    "{dashed}",
    "#{}",
    "“{}”",
    "my number is {}.",
    "my reference number: {lower}",
    "a.com/handoff/{}/",
    "https://help.example.com/handoff/{}/?from=mail",
    "Ref: {lower}, thanks",
    "reference number {bare}",
    "mark {parts} please",
    "it is {dashed}!",
]


@pytest.mark.parametrize("way", WAYS)
def test_reference_typed_into_the_search_opens_it_and_is_not_logged(client, way):
    client.post(CONTACT)
    reference = "K7QM-2R9T"
    HandOff.objects.update(reference=reference)
    bare = reference.replace("-", "")
    forms = {
        "lower": reference.lower(),
        "bare": bare,
        "spaced": " ".join(bare),
        "parts": reference.replace("-", " ").lower(),
        "dashed": reference.replace("-", " – "),
    }
    response = client.get(SEARCH, {"q": way.format(reference, **forms)})

    assert (response.status_code, response.headers["Location"]) == (302, f"/handoff/{reference}/")
    assert "no-store" in response.headers["Cache-Control"]
    assert not Search.objects.exists()


@pytest.mark.parametrize("way", ["my reference is {}", "Reference number is: {}", "my ref is {}."])
def test_reference_of_letters_only_opens_after_the_words_that_announce_it(client, way):
    """One in eleven has no digit, so that among other words it could be two words."""
    client.post(CONTACT)
    HandOff.objects.update(reference="NKYG-DFGV")
    response = client.get(SEARCH, {"q": way.format("nkyg-dfgv")})

    assert (response.status_code, response.headers["Location"]) == (302, "/handoff/NKYG-DFGV/")
    assert not Search.objects.exists()


@pytest.mark.parametrize("typed", ["AAAA-2345", "aaaa2345", "AAAA-AAAA"])
def test_reference_that_nobody_has_is_searched_for_but_not_logged(client, typed):
    assert client.get(SEARCH, {"q": typed}).status_code == 200
    client.post("/search/opened/", {"q": typed, "number": "1", "suggested": "1"})
    assert not Search.objects.exists()


@pytest.mark.parametrize(
    ("typed", "logged"),
    [
        ("username", "username"),
        ("user name", "user name"),
        ("user-name lost", "user-name lost"),
        ("my reference is K7QM-2R9T, where are you", "my reference is (number), where are you"),
        ("k7qm-2r9t K7QM-2R9T", "(number) (number)"),
    ],
)
def test_other_words_are_no_reference_and_lose_those_in_them(client, typed, logged):
    assert client.get(SEARCH, {"q": typed}).status_code == 200
    assert [search.words for search in Search.objects.all()] == [logged]


def test_own_words_are_kept(client):
    response = client.post(NONE, {"words": "  It   beeps <b>twice</b> "})

    assert (response.status_code, response.headers["Location"]) == (303, f"{NONE}?sent=1")
    assert list(UnmatchedWords.objects.values_list("guide__slug", "words")) == [("platform", "It beeps <b>twice</b>")]
    assert "Thanks" in client.get(f"{NONE}?sent=1").content.decode()


def test_own_words_where_the_search_found_nothing_are_kept_without_a_guide(client):
    response = client.post(SEARCH, {"words": "  It   beeps "})

    assert (response.status_code, response.headers["Location"]) == (303, "/search/?sent=1")
    assert list(UnmatchedWords.objects.values_list("guide", "words")) == [(None, "It beeps")]
    assert "Thank you" in client.get("/search/?sent=1").content.decode()


def test_own_words_sent_twice_are_kept_once_in_each_place(client):
    for _ in range(2):
        client.post(NONE, {"words": "It beeps"})
        client.post(SEARCH, {"words": "It beeps"})

    assert UnmatchedWords.objects.count() == 2


@pytest.mark.parametrize("guide", ["platform", None])
def test_own_words_twice_are_refused_by_the_database(guide):
    now = timezone.now()
    values = {"words": "It beeps", "visitor": "v", "day": now.date(), "recorded_at": now}
    values["guide"] = guide and Guide.objects.get(slug=guide)
    UnmatchedWords.objects.create(**values)
    UnmatchedWords.objects.create(**values | {"visitor": "w"})

    with pytest.raises(IntegrityError), transaction.atomic():
        UnmatchedWords.objects.create(**values)


@pytest.mark.parametrize("place", [NONE, SEARCH])
@pytest.mark.parametrize("words", ["", "   ", "\0", None])
def test_no_words_are_asked_for(client, words, place):
    response = client.post(place, {} if words is None else {"words": words})

    assert response.status_code == 422
    text = response.content.decode()
    assert "Describe in a few words what happens." in text
    assert "<title>Error:" in text
    assert not UnmatchedWords.objects.exists()


@pytest.mark.parametrize("place", [NONE, SEARCH])
def test_too_many_words_are_not_lost(client, place):
    words = "It beeps. " * 40
    response = client.post(place, {"words": words})

    assert response.status_code == 422
    assert words.strip() in response.content.decode()
    assert "Shorten it to 300 characters." in response.content.decode()
    assert not UnmatchedWords.objects.exists()
