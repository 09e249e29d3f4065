"""The publish check of guides, symptoms and what they are made of: each fault is planted, and kept from visitors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from helpdesk.guides.models import Cause, Check, ContactLine, ContactPoint, Guide, Resolution, Symptom
from helpdesk.history.revisions import revision
from helpdesk.publishcheck.problems import Severity
from helpdesk.publishcheck.rules import problems_of
from helpdesk.publishcheck.validation import validate_publishable
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import add_url, list_url, messages_of, opened, read_form, save, url_of
from tests.factories import make_cause, make_contact_point, make_guide, make_question, make_resolution, make_symptom
from tests.publishcheck.planted import (
    LIVE,
    Fault,
    assert_fault_is_kept_from_visitors_until_mended,
    change,
    checked,
    form_codes,
    publish_action,
    state,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NO_PICTURE = "![](/static/favicon.svg)"
PICTURE = "![A lamp](/static/favicon.svg)"


@pytest.fixture
def client(people: ContactPoint) -> Client:
    return editor()


@pytest.fixture
def people() -> ContactPoint:
    """Somebody whom visitors can reach."""
    return make_contact_point(name="Desk")


def draft(**values: Any) -> Symptom:
    """A symptom of a public guide, ready but for its fault."""
    return make_symptom(published=False, **{**values, "guide": values.get("guide") or make_guide()})


def with_cause(**values: Any) -> tuple[Symptom, Cause]:
    cause = make_cause(**values)
    return draft(causes=[cause]), cause


# One for each rule and each record that it looks at


def nothing_to_check() -> Fault:
    symptom = draft(causes=[])
    return symptom, lambda: Check.objects.create(symptom=symptom, cause=make_cause(), position=1)


def checks_and_another_guide() -> Fault:
    target = make_guide()
    make_symptom(guide=target)
    symptom = draft(leads_to=target, causes=[make_cause()])
    return symptom, symptom.checks.all().delete


def draft_ahead() -> Fault:
    target = make_guide(published=False)
    make_symptom(guide=target)
    return draft(leads_to=target), change(target, publish_at=timezone.now())


def loop() -> Fault:
    one, two = make_guide(), make_guide()
    back = make_symptom(guide=two, leads_to=one)
    make_symptom(guide=two), make_symptom(guide=one)
    return draft(guide=one, leads_to=two), back.delete


def dead_link_in_symptom() -> Fault:
    symptom = draft(introduction="[Here](/s/9999/)")
    return symptom, change(symptom, introduction="")


def dead_link_in_notice() -> Fault:
    symptom = draft(notice="[Here](/s/9999/)")
    return symptom, change(symptom, notice="")


def dead_link_in_cause() -> Fault:
    symptom, cause = with_cause(how_to_check="[Here](/nowhere/)")
    return symptom, change(cause, how_to_check="Look.")


def dead_link_in_prevention() -> Fault:
    symptom, cause = with_cause(prevention="[Here](/nowhere/)")
    return symptom, change(cause, prevention="")


def dead_link_in_resolution() -> Fault:
    resolution = make_resolution(body="[Here](/nowhere/)")
    return with_cause(resolution=resolution)[0], change(resolution, body="Do it.")


def contact_ending_without_people() -> Fault:
    resolution = make_resolution(ending="contact")
    return with_cause(resolution=resolution)[0], change(resolution, contact_point=make_contact_point())


def dead_link_in_contact_point() -> Fault:
    other = make_contact_point(details="[Here](/nowhere/)")
    return with_cause(resolution=make_resolution(contact_point=other))[0], change(other, details="")


def picture_in_symptom() -> Fault:
    symptom = draft(introduction=NO_PICTURE)
    return symptom, change(symptom, introduction=PICTURE)


def picture_in_resolution() -> Fault:
    resolution = make_resolution(body=NO_PICTURE)
    return with_cause(resolution=resolution)[0], change(resolution, body=PICTURE)


def promised_slug() -> Fault:
    guide = make_guide()
    make_symptom(guide=guide, slug="mine", title="First").delete()
    symptom = draft(guide=guide, slug="mine")
    return symptom, change(symptom, slug="another")


def promised_slug_of_a_cause() -> Fault:
    change(make_cause(slug="old"), slug="new")()
    symptom, cause = with_cause(slug="old")
    return symptom, change(cause, slug="own")


def nobody_to_call() -> Fault:
    ContactLine.objects.all().delete()
    return draft(), lambda: ContactPoint.objects.update(email="desk@example.com")


def guide_with(**values: Any) -> Guide:
    guide = make_guide(published=False, **values)
    make_symptom(guide=guide)
    return guide


def guide_without_situation() -> Fault:
    guide = make_guide(published=False)
    symptom = make_symptom(guide=guide, published=False)
    return guide, change(symptom, publish_at=timezone.now() - DAY)


def guide_with_dead_link() -> Fault:
    guide = guide_with(introduction="[Here](/g/9999/)")
    return guide, change(guide, introduction="")


def guide_with_picture() -> Fault:
    guide = guide_with(introduction=NO_PICTURE)
    return guide, change(guide, introduction=PICTURE)


def guide_with_promised_slug() -> Fault:
    change(make_symptom(guide=make_guide(slug="old")).guide, slug="new")()
    guide = guide_with(slug="old")
    return guide, change(guide, slug="own")


def guide_with_nobody_to_call() -> Fault:
    ContactLine.objects.all().delete()
    return guide_with(), lambda: ContactPoint.objects.update(email="a@example.com")


def guide_with_a_faulty_situation() -> Fault:
    guide = make_guide(published=False)
    symptom = make_symptom(guide=guide, causes=[])
    return guide, lambda: Check.objects.create(symptom=symptom, cause=make_cause(), position=1)


FAULTS = {
    nothing_to_check: "nothing-to-check",
    checks_and_another_guide: "checks-before-another-guide",
    draft_ahead: "leads-to-hidden-guide",
    loop: "loop",
    dead_link_in_symptom: "dead-link",
    dead_link_in_notice: "dead-link",
    dead_link_in_cause: "dead-link",
    dead_link_in_prevention: "dead-link",
    dead_link_in_resolution: "dead-link",
    dead_link_in_contact_point: "dead-link",
    picture_in_symptom: "picture-without-description",
    picture_in_resolution: "picture-without-description",
    promised_slug: "promised-slug",
    promised_slug_of_a_cause: "promised-slug",
    nobody_to_call: "no-way-to-people",
    guide_without_situation: "no-public-situation",
    guide_with_dead_link: "dead-link",
    guide_with_picture: "picture-without-description",
    guide_with_promised_slug: "promised-slug",
    guide_with_nobody_to_call: "no-way-to-people",
    guide_with_a_faulty_situation: "nothing-to-check",
    contact_ending_without_people: "contact-ending-without-people",
}


@pytest.mark.parametrize(("plant", "rule"), FAULTS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_fault_is_kept_from_visitors_until_it_is_mended(client: Client, plant: Callable[[], Fault], rule: str) -> None:
    assert_fault_is_kept_from_visitors_until_mended(client, plant(), rule)


def test_cause_without_resolution_is_an_error() -> None:
    make_contact_point()
    cause = Cause(slug="c", title="Cause", how_to_check="Look.")
    assert [(one.rule, one.field, one.severity) for one in problems_of(cause)] == [
        ("no-resolution", "resolution", Severity.ERROR)
    ]


@pytest.mark.parametrize(
    ("make", "values", "found"),
    [
        (make_question, {}, []),
        (make_question, {"question": "Tell us."}, [("question-without-mark", "question")]),
        (make_question, {"answer_yes": "no"}, [("answers-look-the-same", "answer_no")]),
        (make_question, {"answer_yes": "Yes", "answer_unsure": "Yes"}, [("answers-look-the-same", "answer_unsure")]),
        (make_cause, {"answer_no": "No, it's on"}, [("answers-without-question", "answer_no")]),
        (make_resolution, {"wait_hours": 2}, [("hours-without-wait", "wait_hours")]),
        (make_resolution, {"wait_hours": 2, "ending": "wait"}, []),
        (make_question, {"question": "Is it **off**?"}, [("markup-in-plain-text", "question")]),
        (make_question, {"answer_no": "`No`"}, [("markup-in-plain-text", "answer_no")]),
        (make_cause, {"title": "See [this](/s/1/)"}, [("markup-in-plain-text", "title")]),
        (make_resolution, {"takes_effect": "**Soon**"}, [("markup-in-plain-text", "takes_effect")]),
        (make_cause, {"title": "E*TRADE *** [sic] and 2 ** 3 ** 4"}, []),
    ],
)
def test_what_no_page_shows_is_a_warning(people: ContactPoint, make: Any, values: Any, found: Any) -> None:
    problems = [one for one in problems_of(make(**values)) if one.severity is Severity.WARNING]
    assert [(one.rule, one.field) for one in problems] == found


@pytest.mark.parametrize("make", [Guide, Cause], ids=str)
def test_reserved_slug_is_an_error_before_it_is_stored(people: ContactPoint, make: Any) -> None:
    record = make(slug="all", title="x")
    assert ("reserved-slug", "slug") in {(one.rule, one.field) for one in problems_of(record)}


def test_error_in_what_a_symptom_shares_says_where_to_mend_it(client: Client) -> None:
    resolution = make_resolution(title="<b>Fix", body="[Here](/nowhere/)")
    symptom, _cause = with_cause(resolution=resolution)
    response = save(client, symptom, **LIVE)
    link = f'<a href="{url_of(resolution)}">Resolution “&lt;b&gt;Fix”</a>: “/nowhere/” is a dead link'
    assert link in response.content.decode()


def test_refused_form_keeps_everything_typed(client: Client) -> None:
    symptom = draft(title="Before", introduction="Before")
    typed = {"title": "After", "introduction": "After [Here](/nowhere/)", "checks-0-position": "7"}
    response = save(client, symptom, **typed, **LIVE)
    form = response.context["adminform"].form
    assert {name: form[name].value() for name in ("title", "introduction")} == {
        "title": "After",
        "introduction": "After [Here](/nowhere/)",
    }
    assert list(form.errors) == ["introduction"]
    symptom.refresh_from_db()
    assert (symptom.title, symptom.publish_at, symptom.history.count()) == ("Before", None, 1)
    assert messages_of(response) == []


def test_new_symptom_cannot_be_added_as_public_with_a_fault(client: Client) -> None:
    sent = opened(client, add_url(Symptom)) | {"guide": make_guide().pk, "title": "T", "slug": "t", **LIVE}
    response = client.post(add_url(Symptom), sent)
    assert (response.status_code, form_codes(response)) == (200, {"nothing-to-check"})
    assert not Symptom.objects.filter(slug="t").exists()


# What is public already


def test_last_check_cannot_be_taken_from_a_public_symptom(client: Client) -> None:
    symptom = make_symptom()
    response = save(client, symptom, **{"checks-0-DELETE": "on"})
    assert (response.status_code, form_codes(response)) == (200, {"nothing-to-check"})
    assert symptom.checks.count() == 1


@pytest.mark.parametrize(
    ("make", "field"),
    [(make_cause, "how_to_check"), (make_resolution, "body"), (make_contact_point, "details")],
)
@pytest.mark.parametrize(
    ("text", "rule"), [("[Here](/s/9999/)", "dead-link"), (NO_PICTURE, "picture-without-description")]
)
def test_shared_record_on_a_public_page_takes_no_new_fault(
    client: Client, make: Any, field: str, text: str, rule: str
) -> None:
    record = make()
    resolution = record if isinstance(record, Resolution) else make_resolution()
    if isinstance(record, ContactPoint):
        change(resolution, contact_point=record)()
    make_symptom(causes=[record if isinstance(record, Cause) else make_cause(resolution=resolution)])
    before = getattr(record, field)
    response = save(client, record, **{field: text})
    assert (response.status_code, form_codes(response)) == (200, {rule})
    assert list(response.context["adminform"].form.errors) == [field]
    record.refresh_from_db()
    assert getattr(record, field) == before


@pytest.mark.parametrize(("make", "field"), [(make_cause, "how_to_check"), (make_resolution, "body")])
def test_shared_record_on_no_public_page_may_have_faults(client: Client, make: Any, field: str) -> None:
    record = make()
    draft(causes=[record if isinstance(record, Cause) else make_cause(resolution=record)])
    assert save(client, record, **{field: "[Here](/s/9999/)"}).status_code == 302


def test_one_of_two_old_faults_can_be_mended(client: Client) -> None:
    symptom = make_symptom(introduction="[One](/s/9998/)", notice="[Two](/s/9999/)")
    assert save(client, symptom, introduction="").status_code == 302
    response = save(client, symptom, introduction="[Three](/s/9997/)")
    assert response.context["adminform"].form.errors == {
        "introduction": ["“/s/9997/” is a dead link: the page doesn't exist."]
    }


def test_last_line_cannot_be_taken_from_the_last_contact_point(client: Client, people: ContactPoint) -> None:
    make_symptom()
    response = save(client, people, **{"lines-0-DELETE": "on"})
    assert (response.status_code, form_codes(response)) == (200, {"no-way-to-people"})
    assert people.lines.count() == 1
    other = make_contact_point(number="", email="a@example.com")
    assert save(client, people, **{"lines-0-DELETE": "on"}).status_code == 302
    assert save(client, other, email="").status_code == 200


def test_last_way_to_people_cannot_be_deleted(client: Client, people: ContactPoint) -> None:
    silent = make_contact_point(number="")
    sent = {"action": "delete_selected", "_selected_action": [people.pk, silent.pk], "post": "yes"}
    for response in (client.post(url_of(people, "delete"), {"post": "yes"}), client.post(list_url(ContactPoint), sent)):
        assert "no other contact point has a number, email or web address" in response.content.decode()
    assert ContactPoint.objects.count() == 2
    make_contact_point()
    assert client.post(url_of(people, "delete"), {"post": "yes"}).status_code == 302
    assert client.post(url_of(silent, "delete"), {"post": "yes"}).status_code == 302


def test_older_version_does_not_bring_a_fault_back(client: Client) -> None:
    with revision():  # the version that is put back has its checks
        symptom = make_symptom(introduction="[Here](/s/9999/)")
    symptom.introduction = ""
    symptom.save()
    version = f"{url_of(symptom, 'history')}{symptom.history.last().pk}/"
    response = client.post(version, opened(client, version), follow=True)
    symptom.refresh_from_db()
    assert symptom.introduction == ""
    assert "is a dead link" in "".join(messages_of(response))


def test_list_does_not_put_a_fault_before_visitors(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    guide_admin = admin.site._registry[Guide]
    monkeypatch.setattr(guide_admin, "list_display", (*guide_admin.list_display, "publish_at"), raising=False)
    monkeypatch.setattr(guide_admin, "list_editable", ("position", "publish_at"), raising=False)
    guide = make_guide(published=False)
    form = read_form(client.get(list_url(Guide)))
    sent = form | {"form-0-publish_at_0": "2026-01-05", "form-0-publish_at_1": "09:00", "_save": "Save"}
    response = client.post(list_url(Guide), sent, follow=True)
    guide.refresh_from_db()
    assert guide.publish_at is None
    assert "None of its situations is public" in messages_of(response)[0]


# Times, and pages that go live together


def test_drafts_that_link_to_each_other_go_live_together(client: Client) -> None:
    one, two, three = draft(title="One"), draft(title="Two"), draft(title="Three", causes=[])
    change(one, introduction=f"[Two]({two.short_url})")()
    change(two, introduction=f"[One]({one.short_url})")()
    publish_action(client, one)
    assert state(one) == "draft"
    publish_action(client, one, two, three)
    assert [state(page) for page in (one, two, three)] == ["published", "published", "draft"]
    assert [page.history.count() for page in (one, two, three)] == [3, 3, 1]


def test_draft_that_links_to_one_which_stays_stays_too(client: Client) -> None:
    one, two = draft(), draft(causes=[])
    change(one, introduction=f"[Two]({two.short_url})")()
    response = publish_action(client, one, two)
    assert [state(page) for page in (one, two)] == ["draft", "draft"]
    assert len(messages_of(response)) == 2


def test_situations_may_link_to_each_other_and_to_their_guide_before_that_is_public(client: Client) -> None:
    guide = make_guide(published=False)
    one = make_symptom(guide=guide)
    two = make_symptom(guide=guide, published=False, introduction=f"[One]({one.short_url}) [Guide]({guide.short_url})")
    assert save(client, two, **LIVE).status_code == 302


def test_link_to_a_page_is_judged_at_the_moment_of_going_live(client: Client) -> None:
    target = make_symptom(publish_at=timezone.now() + 2 * DAY)
    symptom = draft(introduction=f"[Target]({target.short_url})")
    day = timezone.localtime(timezone.now() + DAY)
    too_early = {"publish_at_0": f"{day:%Y-%m-%d}", "publish_at_1": "09:00"}
    assert form_codes(save(client, symptom, **too_early)) == {"dead-link"}
    later = {"publish_at_0": f"{day + 2 * DAY:%Y-%m-%d}", "publish_at_1": "09:00"}
    assert save(client, symptom, **later).status_code == 302


def test_fault_on_a_scheduled_page_is_refused_and_on_an_archived_one_is_not(client: Client) -> None:
    symptom = draft(causes=[])
    assert form_codes(save(client, symptom, publish_at_0="2099-01-05", publish_at_1="09:00")) == {"nothing-to-check"}
    over = {"archive_at_0": "2026-02-01", "archive_at_1": "09:00"}
    assert save(client, symptom, **LIVE, **over).status_code == 302


# Warnings


def test_warnings_do_not_keep_a_page_from_visitors(client: Client) -> None:
    long = "Look at the lamp and " + "then at the other lamp and " * 6 + "say what you see."
    hard = "Authentication irregularities necessitate telephonic identity verification procedures. " * 8
    idle = make_contact_point(number="", name="Idle")
    cause = make_cause(how_to_check=long, resolution=make_resolution(body=hard, contact_point=idle))
    symptom = draft(causes=[cause], introduction="![lamp.PNG](/static/favicon.svg) ![A](https://example.com/a.png)")
    assert {one.rule for one in problems_of(symptom)} == {
        "contact-out-of-reach",
        "hard-to-read",
        "long-sentence",
        "no-keywords",
        "no-review-date",
        "picture-described-by-file-name",
        "picture-from-elsewhere",
    }
    assert {one.severity for one in problems_of(symptom)} == {Severity.WARNING}
    assert save(client, symptom, **LIVE).status_code == 302
    assert validate_publishable(symptom) is None
    assert checked().endswith("0 errors in public or scheduled content.\n")
    assert "[long-sentence]" in checked("--warnings")


def test_review_date_that_is_past_is_a_warning(people: ContactPoint) -> None:
    symptom = make_symptom(keywords="x", review_by=timezone.localdate() - DAY)
    assert [(one.rule, one.severity) for one in problems_of(symptom)] == [("review-date-passed", Severity.WARNING)]
    change(symptom, review_by=timezone.localdate())()
    symptom.refresh_from_db()
    assert problems_of(symptom) == []
