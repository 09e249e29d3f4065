"""What a visitor's answers leave behind, and whose posts are taken."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpdesk.announcements.models import Announcement
from helpdesk.feedback import visitors
from helpdesk.feedback.models import HandOff, Outcome, UnmatchedWords
from helpdesk.guides.models import Cause
from tests import factories

pytestmark = pytest.mark.django_db

STEP = "/guides/platform/offline/check/"
CONTACT = "/guides/platform/offline/contact/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture(autouse=True)
def symptom():
    causes = [factories.make_cause(slug=slug) for slug in ("cable", "router", "provider")]
    return factories.make_symptom(slug="offline", guide=factories.make_guide(slug="platform"), causes=causes)


def stored():
    return list(Outcome.objects.order_by("pk").values_list("cause__slug", "answer", "checks_before", "way_in"))


@pytest.mark.parametrize(
    ("said", "goes_to"),
    [
        ("fixed", "/guides/platform/offline/fixed/?by=router"),
        ("not-fixed", f"{STEP}provider/?no=cable,router"),
        ("cannot-try", f"{STEP}provider/?no=cable&skip=router"),
    ],
)
def test_answer_is_kept_and_leads_on(client, said, goes_to):
    response = client.post(f"{STEP}router/?no=cable", {"answer": said})

    assert (response.status_code, response.headers["Location"]) == (303, goes_to)
    assert stored() == [("router", said, 1, "")]
    assert Outcome.objects.get().day == timezone.now().date()
    assert not response.cookies


def test_last_answer_without_success_leads_to_people(client):
    response = client.post(f"{STEP}provider/?no=cable&skip=router", {"answer": "not-fixed"})

    assert response.headers["Location"] == f"{CONTACT}?no=cable,provider&skip=router"


def test_answer_after_a_jump_leads_back_to_what_is_open(client):
    assert client.post(f"{STEP}provider/", {"answer": "not-fixed"}).headers["Location"] == f"{STEP}cable/?no=provider"


def test_double_click_counts_once(client):
    for _ in range(2):
        client.post(f"{STEP}cable/", {"answer": "not-fixed"})

    assert stored() == [("cable", "not-fixed", 0, "")]


def test_changed_answer_replaces_the_first(client):
    client.post(f"{STEP}cable/", {"answer": "not-fixed"})
    client.post(f"{STEP}cable/?no=router", {"answer": "fixed"})

    assert stored() == [("cable", "fixed", 1, "")]


@pytest.fixture
def asked(symptom):
    """The first check asks a question."""
    cause = Cause.objects.get(slug="cable")
    cause.question = "Is the cable loose?"
    cause.save()
    return cause


def said():
    return list(Outcome.objects.order_by("pk").values_list("cause__slug", "answer", "applies"))


@pytest.mark.parametrize(
    ("answer", "applies", "goes_to"),
    [
        ("applies", True, f"{STEP}cable/fix/?skip=provider"),
        ("not-this", False, f"{STEP}router/?no=cable&skip=provider"),
        ("cannot-tell", None, f"{STEP}router/?skip=cable,provider"),
        ("fixed", True, "/guides/platform/offline/fixed/?by=cable"),
        ("not-fixed", True, f"{STEP}router/?no=cable&skip=provider&tried=cable"),
        ("cannot-try", True, f"{STEP}router/?skip=cable,provider"),
    ],
)
def test_answer_to_a_question_or_its_fix_is_kept_and_leads_on(client, asked, answer, applies, goes_to):
    response = client.post(f"{STEP}cable/?skip=provider", {"answer": answer})

    assert (response.status_code, response.headers["Location"]) == (303, goes_to)
    assert said() == [("cable", answer, applies)]


@pytest.mark.parametrize("fix", ["fixed", "not-fixed", "cannot-try"])
def test_answer_to_a_fix_keeps_what_the_question_came_to(client, asked, fix):
    for answer in ("cannot-tell", "applies", fix):
        client.post(f"{STEP}cable/", {"answer": answer})

    assert said() == [("cable", fix, True)]


def test_answer_taken_back_takes_back_that_the_cause_applies(client, asked):
    for answer in ("applies", "not-this"):
        client.post(f"{STEP}cable/", {"answer": answer})

    assert said() == [("cable", "not-this", False)]


def test_causes_answered_before_are_kept_in_the_order_of_the_checks(client, symptom):
    client.post(f"{STEP}provider/?no=router&skip=cable", {"answer": "fixed"})

    numbers = dict(symptom.causes.values_list("slug", "number"))
    outcome = Outcome.objects.get()
    assert (outcome.checks_before, outcome.answered_before) == (2, [numbers["cable"], numbers["router"]])


def test_revisions_are_those_of_the_texts_shown(client, symptom):
    cause = Cause.objects.get(slug="cable")
    client.post(f"{STEP}cable/", {"answer": "not-fixed"}, REMOTE_ADDR="192.0.2.1")
    before = cause.history.latest().history_id, cause.resolution.history.latest().history_id
    cause.resolution.body = "Push it in."
    cause.resolution.save()
    client.post(f"{STEP}cable/", {"answer": "fixed"}, REMOTE_ADDR="192.0.2.2")

    assert list(Outcome.objects.order_by("pk").values_list("cause_revision", "resolution_revision")) == [
        before,
        (before[0], cause.resolution.history.latest().history_id),
    ]
    assert before[1] != cause.resolution.history.latest().history_id


def test_answer_during_a_disturbance_is_marked(client, symptom):
    client.post(f"{STEP}cable/", {"answer": "not-fixed"}, REMOTE_ADDR="192.0.2.1")
    announcement = Announcement.objects.create(
        title="TWS is down", severity="outage", starts_at=timezone.now() - timedelta(minutes=5)
    )
    client.post(f"{STEP}cable/", {"answer": "not-fixed"}, REMOTE_ADDR="192.0.2.2")
    announcement.ends_at = timezone.now()
    announcement.save()
    client.post(f"{STEP}cable/", {"answer": "not-fixed"}, REMOTE_ADDR="192.0.2.3")

    assert list(Outcome.objects.order_by("pk").values_list("during_announcement", flat=True)) == [False, True, False]


def test_answer_takes_few_queries(client, symptom, django_assert_num_queries, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    # The symptom, its checks and contacts, the revisions, the announcements, and the one statement that writes.
    with django_assert_num_queries(6):
        client.post(f"{STEP}cable/", {"answer": "fixed"})


def test_two_visitors_count_twice(client):
    client.post(f"{STEP}cable/", {"answer": "fixed"}, REMOTE_ADDR="192.0.2.1")
    client.post(f"{STEP}cable/", {"answer": "fixed"}, REMOTE_ADDR="192.0.2.2")

    assert len(stored()) == 2


def test_same_visitor_counts_again_on_another_day(client):
    client.post(f"{STEP}cable/", {"answer": "fixed"})
    Outcome.objects.update(day=timezone.now().date() - timedelta(days=1))
    client.post(f"{STEP}cable/", {"answer": "fixed"})

    assert len(stored()) == 2


@pytest.mark.parametrize(("via", "kept"), [("guide", "guide"), ("faq", "faq"), ("<script>", ""), ("x" * 999, "")])
def test_way_in_is_kept_when_it_is_one_we_know(client, via, kept):
    client.post(f"{STEP}cable/", {"answer": "fixed", "via": via})

    assert stored() == [("cable", "fixed", 0, kept)]


@pytest.mark.parametrize("data", [{}, {"answer": ""}, {"answer": "maybe"}, {"answer": "\0"}, {"answer": "fixed" * 99}])
def test_answer_that_is_none_is_asked_for_again(client, data):
    response = client.post(f"{STEP}cable/", data)

    assert response.status_code == 422
    assert "Choose one of the answers." in response.content.decode()
    assert stored() == []


def test_answer_that_is_none_is_asked_for_again_where_a_question_was_taken_away(client):
    response = client.post(f"{STEP}cable/fix/?no=router", {"answer": "maybe"})

    assert response.status_code == 422
    assert "Choose one of the answers." in response.content.decode()


@pytest.mark.parametrize("ending", ["wait", "contact", "none"])
def test_only_a_fix_can_be_tried(client, symptom, ending):
    symptom.causes.filter(slug="cable").update(question="Is the cable loose?")
    resolution = symptom.causes.get(slug="cable").resolution
    resolution.ending, resolution.contact_point = ending, factories.make_contact_point()
    resolution.save()

    response = client.get(f"{STEP}router/?no=cable&tried=cable")
    assert response.headers["Location"] == f"{STEP}router/?no=cable"
    response = client.post(f"{STEP}cable/fix/", {"answer": "not-fixed"})
    assert response.headers["Location"] == f"{STEP}router/?no=cable"


def test_fields_that_are_not_asked_for_are_ignored(client):
    client.post(f"{STEP}cable/", {"answer": "fixed", "checks_before": "9", "day": "1999-01-01", "visitor": "me"})

    assert stored() == [("cable", "fixed", 0, "")]


def test_answer_to_a_check_taken_away_meanwhile_goes_on(client, symptom):
    symptom.checks.get(cause__slug="cable").delete()
    response = client.post(f"{STEP}cable/", {"answer": "not-fixed"})

    assert (response.status_code, response.headers["Location"]) == (303, f"{STEP}router/")
    assert stored() == []


def test_answer_on_a_renamed_page_is_not_lost(client, symptom):
    """The form was opened before the renames. A 301 would turn the post into a mere look; a 308 does not."""
    Cause.objects.filter(slug="cable").update(slug="lead")
    symptom.slug = "no-connection"
    symptom.save()
    symptom.guide.slug = "trading"
    symptom.guide.save()
    response = client.post(f"{STEP}cable/", {"answer": "not-fixed"}, follow=True)

    step = "/guides/trading/no-connection/check/"
    assert response.redirect_chain == [(f"{step}lead/", 308), (f"{step}router/?no=lead", 303)]
    assert stored() == [("lead", "not-fixed", 0, "")]


OURS = [
    {},
    {"HTTP_SEC_FETCH_SITE": "same-origin"},
    {"HTTP_SEC_FETCH_SITE": "none"},
    {"HTTP_ORIGIN": "http://testserver"},
    {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://elsewhere.example"},
]
THEIRS = [
    {"HTTP_SEC_FETCH_SITE": "cross-site"},
    {"HTTP_SEC_FETCH_SITE": "same-site"},
    {"HTTP_SEC_FETCH_SITE": ""},
    {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://testserver"},
    {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_HX_REQUEST": "true"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "http://elsewhere.example"},
    {"HTTP_ORIGIN": "http://testserver.elsewhere.example"},
    {"HTTP_ORIGIN": "http://["},
]


@pytest.mark.parametrize("headers", OURS)
@pytest.mark.parametrize("path", [f"{STEP}cable/", CONTACT, "/guides/platform/none/", "/search/"])
def test_post_from_our_pages_is_taken(client, headers, path):
    assert client.post(path, {"answer": "fixed", "words": "It beeps"}, **headers).status_code == 303


@pytest.mark.parametrize("headers", THEIRS)
@pytest.mark.parametrize("path", [f"{STEP}cable/", CONTACT, "/guides/platform/none/", "/search/"])
def test_post_from_elsewhere_is_refused_and_changes_nothing(client, headers, path):
    assert client.post(path, {"answer": "fixed", "words": "It beeps"}, **headers).status_code == 403
    assert (Outcome.objects.count(), HandOff.objects.count(), UnmatchedWords.objects.count()) == (0, 0, 0)


def test_post_needs_no_token_even_where_tokens_are_checked(client):
    client.handler.enforce_csrf_checks = True

    assert client.post(f"{STEP}cable/", {"answer": "fixed"}).status_code == 303


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_a_page_writes_nothing(client, method):
    fixed = "/guides/platform/offline/fixed/?by=cable"
    for path in (f"{STEP}cable/", CONTACT, "/guides/platform/none/", fixed, "/search/?words=It+beeps"):
        getattr(client, method)(path, {"answer": "fixed"})

    assert (Outcome.objects.count(), HandOff.objects.count(), UnmatchedWords.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", [f"{STEP}cable/", "/search/"])
def test_other_methods_are_not_allowed(client, method, path):
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize(
    ("answer", "applies", "is_taken"),
    [
        ("perhaps", None, False),
        ("applies", None, False),
        ("applies", False, False),
        ("not-this", None, False),
        ("not-this", True, False),
        ("cannot-tell", True, False),
        ("cannot-tell", None, True),
        ("fixed", None, True),
        ("not-fixed", True, True),
    ],
)
def test_outcome_that_contradicts_itself_is_refused_by_the_database(symptom, answer, applies, is_taken):
    outcome = Outcome(
        symptom=symptom,
        cause=Cause.objects.first(),
        answer=answer,
        applies=applies,
        checks_before=0,
        day=timezone.now().date(),
        visitor="v",
        recorded_at=timezone.now(),
    )
    with nullcontext() if is_taken else pytest.raises(IntegrityError), transaction.atomic():
        outcome.save()


def test_visitor_mark_tells_browsers_apart_and_names_nobody(rf):
    marks = {
        visitors.visitor_mark(rf.get("/", REMOTE_ADDR=address, HTTP_USER_AGENT=agent))
        for address in ("192.0.2.1", "192.0.2.2")
        for agent in ("one", "two")
    }

    assert len(marks) == 4
    assert all(len(mark) == 32 and "192" not in mark[:3] + "x" for mark in marks)
