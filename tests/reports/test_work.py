"""The work list: what there is to do, for whom, and what may be done there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.flags.models import Flag
from helpdesk.guides.models import Symptom
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from helpdesk.reports.reviews import months_later
from tests.accounts.staff_people import author, editor, make_user, signed_in, without_rights
from tests.contentadmin.forms import messages_of, opened, save, url_of
from tests.factories import make_cause, make_contact_point, make_faq_entry, make_guide, make_symptom
from tests.flags.test_flags import agent, set_flag
from tests.reports.walked import hand_over, open_from_search, say

pytestmark = pytest.mark.django_db

WORK = "/admin/work/"
SOON = timezone.now() + timedelta(days=400)


def sections(client: Client, **query: Any) -> dict[str, list[str]]:
    """The titles in each section that is not empty."""
    found = client.get(WORK, query).context["sections"]
    return {part["section"].name: [str(row.record) for row in part["rows"]] for part in found if part["rows"]}


def reviewed_url(page: Any, kind: str = "symptom") -> str:
    return reverse("reviewed", args=[kind, page.pk])


def read_again(**values: Any) -> dict[str, Any]:
    """A page that nobody has to read again for a while."""
    return {"review_by": timezone.localdate() + timedelta(days=90), **values}


def test_every_section_names_what_belongs_there_and_why() -> None:
    guide = make_guide(title="Guide", short_title="Login", **read_again())
    kept = {"guide": guide, **read_again()}
    flagged = make_symptom(title="Flagged", **kept)
    set_flag(flagged, "Old picture")
    make_symptom(title="Draft", published=False, **kept)
    make_symptom(title="Waiting", publish_at=SOON, **kept)
    make_symptom(title="Overdue", **{**kept, "review_by": date(2026, 3, 3)})
    used = make_symptom(title="Used", guide=guide)
    say(used, used.checks.get().cause, "fixed", times=2), hand_over(used), open_from_search(used)
    make_symptom(title="Archived", **kept, archive_at=timezone.now() - timedelta(days=1))
    assert sections(editor()) == {
        "flagged": ["Flagged"],
        "drafts": ["Draft"],
        "waiting": ["Waiting"],
        "overdue": ["Overdue"],
        "most-used": ["Used"],
    }
    page = editor().get(WORK).content.decode()
    for words in (
        "Old picture",
        "Review was due by March 3, 2026",
        "Scheduled for ",
        "2 visitors answered, 1 reference number, opened 1 time from search",
        "Login › ",
        f"/admin/preview{flagged.get_absolute_url()}",
        f"{url_of(flagged)}#flags",
    ):
        assert words in page


def test_sections_are_in_their_order() -> None:
    for day in (3, 1, 2):
        make_guide(title=f"Waiting {day}", publish_at=SOON + timedelta(days=day))
        make_faq_entry(question=f"Overdue {day}", review_by=date(2026, 1, day))
        drawn = make_symptom(title=f"Used {day}", guide=make_guide(review_by=SOON.date()))
        hand_over(drawn)
        for _ in range(day):
            open_from_search(drawn)
        set_flag(drawn)
    found = sections(editor())
    assert found["waiting"] == ["Waiting 1", "Waiting 2", "Waiting 3"]
    assert found["overdue"] == ["Overdue 1", "Overdue 2", "Overdue 3"]
    assert found["most-used"] == ["Used 3", "Used 2", "Used 1"]
    assert found["flagged"] == ["Used 2", "Used 1", "Used 3"]


def test_contact_points_are_to_be_confirmed_every_year() -> None:
    today = timezone.localdate()
    for name, days in (("Lately", 365), ("Long ago", 366), ("Longer ago", 500)):
        make_contact_point(name=name, confirmed_on=today - timedelta(days=days))
    make_contact_point(name="Never", confirmed_on=None)
    assert sections(editor())["contacts"] == ["Never", "Longer ago", "Long ago"]
    assert rows_of("contacts")[0].entry.reason == "Never confirmed"
    assert rows_of("contacts")[1].entry.reason.startswith("Last confirmed on ")


def test_page_that_nobody_changed_for_a_year_is_to_be_read_again() -> None:
    page, other = make_symptom(**read_again()), make_symptom(**read_again())
    open_from_search(page), open_from_search(other)
    assert "most-used" not in sections(editor())
    Symptom.objects.filter(pk=page.pk).update(updated_at=timezone.now() - timedelta(days=366))
    assert [row.record.pk for row in rows_of("most-used")] == [page.pk]


def rows_of(section: str, client: Client | None = None, **query: Any) -> list[Any]:
    answer = (client or editor()).get(WORK, {"section": section, **query})
    return answer.context["sections"][0]["rows"]


def test_page_in_a_draft_guide_is_not_among_the_most_used() -> None:
    symptom = make_symptom(guide=make_guide(published=False))
    open_from_search(symptom)
    assert rows_of("most-used") == []


def save_as(person: User, symptom: Symptom) -> None:
    """A version by this person, in which something changed."""
    symptom.keywords += "word, "
    with revision(user=person):
        symptom.save()


def test_person_is_who_made_changed_or_flagged_it() -> None:
    ann, ben = make_user("Editor", name="Ann"), make_user("Editor", name="Ben")
    made, changed, touched, other = (make_symptom(title=title, published=False) for title in "MCTO")
    for record, people in ((made, [ann]), (changed, [ben, ann]), (touched, [ann, ben]), (other, [ben])):
        record.history.all().delete()
        for person in people:
            save_as(person, record)
    # Between the first version and the last one somebody else's does not count.
    save_as(ben, touched)
    first = touched.history.order_by("history_date").first()
    first.history_user = ben
    first.save()
    set_flag(other, "By Ann", by=ann), set_flag(other, "By Ben", by=ben)
    assert sections(editor(), person=ann.pk, kind="symptom") == {"flagged": ["O"], "drafts": ["C", "M"]}
    assert [row.entry.reason for row in rows_of("flagged", person=ann.pk)] == ["By Ann"]
    assert {row.changed_by for row in rows_of("drafts", person=ann.pk, kind="symptom")} == {"Ann"}


def test_place_is_a_guide_with_all_its_parts_or_the_faq() -> None:
    symptom, entry = make_symptom(title="S", published=False), make_faq_entry(question="E", published=False)
    cause = symptom.checks.get().cause
    people = make_contact_point(name="P")
    for record in (symptom.guide, cause, cause.resolution, make_cause(title="elsewhere"), entry, people):
        set_flag(record)
    make_symptom(title="other guide", published=False)
    guide = symptom.guide.number
    assert sections(editor(), place=guide) == {
        "flagged": [cause.resolution.title, cause.title, symptom.guide.title],
        "drafts": ["S", symptom.guide.title],
    }
    assert sections(editor(), place="faq") == {"flagged": ["E"], "drafts": ["E"]}
    assert sections(editor(), place=guide, kind="cause") == {"flagged": [cause.title]}


def test_filters_stay_in_the_address_and_in_the_form() -> None:
    user, guide = make_user("Editor", name="Ann"), make_guide(short_title="Login")
    for number in range(10):
        make_symptom(title=str(number), guide=guide, published=False)
    query = {"person": user.pk, "place": guide.number, "kind": "symptom"}
    for symptom in Symptom.objects.all():
        save_as(user, symptom)
    page = editor().get(WORK, query).content.decode()
    assert f"?person={user.pk}&amp;place={guide.number}&amp;kind=symptom&amp;section=drafts" in page
    assert page.count(" selected>") == 3
    assert "Show all 10" in page


@pytest.mark.parametrize(
    "query",
    [
        {"person": "9" * 400},
        {"person": "abc", "place": "9" * 400, "kind": "check"},
        {"place": "' OR 1=1 --"},
        {"kind": "auth.user", "section": "nothing"},
        {"section": "drafts", "page": "9" * 400},
        {"section": "drafts", "page": "-1"},
        {"section": "drafts", "page": "٣"},
        {"place": "a\x00b"},
    ],
)
def test_what_is_not_there_is_not_asked_for(query: dict[str, str]) -> None:
    make_symptom(title="Draft", guide=make_guide(), published=False)
    assert sections(editor(), **query) == {"drafts": ["Draft"]}


def test_section_is_shown_a_page_at_a_time() -> None:
    guide = make_guide()
    for number in range(52):
        make_symptom(guide=guide, title=f"{number:02}", published=False)
    titles = [str(row.record) for row in rows_of("drafts")]
    assert titles == [f"{number:02}" for number in range(51, 1, -1)]
    assert [str(row.record) for row in rows_of("drafts", page=2)] == ["01", "00"]
    assert [str(row.record) for row in rows_of("drafts", page=9)] == ["01", "00"]
    assert "Page 2 of 2" in editor().get(WORK, {"section": "drafts", "page": 2}).content.decode()


def test_list_takes_the_same_queries_with_one_and_three_rows(
    django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = editor()

    def more() -> None:
        drawn = make_symptom()
        hand_over(drawn), set_flag(drawn), set_flag(drawn.checks.get().cause)
        make_symptom(published=False), make_symptom(publish_at=SOON), make_symptom(review_by=date(2026, 1, 1))
        make_faq_entry(published=False), open_from_search(make_faq_entry())
        for symptom in Symptom.objects.all():
            save_as(make_user("Editor"), symptom)
        client.get(WORK), client.get(WORK)  # catches up with the check

    more()
    with django_assert_max_num_queries(46) as few:
        client.get(WORK)
    queries = len(few)  # before the next request, which begins a new count
    more(), more()
    with django_assert_num_queries(queries):
        client.get(WORK)
    for section in ("flagged", "drafts", "overdue", "most-used"):
        with django_assert_max_num_queries(30):
            assert len(rows_of(section, client)) >= 3


def test_list_is_for_who_may_look_at_content() -> None:
    symptom = make_symptom(title="Draft", published=False)
    set_flag(symptom.checks.get().cause)
    assert Client().get(WORK).status_code == 302
    assert without_rights().get(WORK).status_code == 403
    assert signed_in(make_user(staff=False)).get(WORK).status_code == 302
    assert sections(signed_in(agent("view_symptom"))) == {"drafts": ["Draft"]}
    assert sections(author()) == sections(editor()) != {}
    assert "Work list" in author().get("/admin/").content.decode()
    assert "Work list" not in without_rights().get("/admin/").content.decode()


def test_flags_of_deleted_and_ended_ones_are_not_there() -> None:
    cause, kept, ended = make_cause(), make_cause(title="Kept"), make_cause()
    set_flag(cause), set_flag(kept)
    Flag.objects.all().end(set_flag(ended), by=None)
    cause.delete()
    assert sections(editor()) == {"flagged": ["Kept"]}
    assert editor().get(WORK).context["sections"][0]["count"] == 1


def test_titles_and_notes_are_escaped() -> None:
    hostile = '<script>alert("x")</script>'
    guide = make_guide(title=hostile, short_title=hostile, published=False)
    set_flag(make_symptom(guide=guide, title=hostile, published=False), hostile)
    user = make_user("Editor", name="<b>Ann")
    for page in (editor().get(WORK), editor().get(WORK, {"person": user.pk})):
        assert "<script>alert" not in page.content.decode()
        assert "<b>Ann" not in page.content.decode()
    assert "&lt;script&gt;alert" in editor().get(WORK).content.decode()


# Reviewed


def test_reviewed_page_comes_up_again_months_later_and_its_history_says_so() -> None:
    page = make_symptom(title="Old", review_by=date(2026, 1, 1))
    user = make_user("Editor", name="Ann")
    answer = signed_in(user).post(reviewed_url(page), {"months": "6", "next": f"{WORK}?kind=symptom"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{WORK}?kind=symptom")
    page.refresh_from_db()
    assert page.review_by == months_later(timezone.localdate(), 6)
    newest = page.history.first()
    assert (newest.history_user, newest.history_change_reason) == (user, Reason.REVIEWED)
    assert "overdue" not in sections(editor())


@pytest.mark.parametrize(
    ("make", "kind"), [(make_guide, "guide"), (make_faq_entry, "entry"), (make_symptom, "symptom")]
)
def test_every_page_can_be_reviewed_from_its_form(make: Any, kind: str) -> None:
    page = make(review_by=date(2026, 1, 1))
    client = editor()
    assert "This page was due for review by January 1, 2026" in client.get(url_of(page)).content.decode()
    answer = client.post(reviewed_url(page, kind), {"months": "3"}, follow=True)
    assert answer.redirect_chain == [(url_of(page), 303)]
    assert messages_of(answer)[0].startswith(f"“{page}” was marked as reviewed")
    assert "was due for review" not in answer.content.decode()


def test_review_needs_the_right_to_change_the_page() -> None:
    public, draft = make_symptom(review_by=date(2026, 1, 1)), make_symptom(published=False, review_by=date(2026, 1, 1))
    answers = {}
    for name, client in {
        "author": author(),
        "agent": signed_in(agent("view_symptom")),
        "nobody": without_rights(),
        "visitor": Client(),
    }.items():
        answers[name] = [client.post(reviewed_url(page), {"months": "6"}).status_code for page in (public, draft)]
    assert answers == {"author": [403, 303], "agent": [403, 403], "nobody": [403, 403], "visitor": [302, 302]}
    public.refresh_from_db()
    assert public.review_by == date(2026, 1, 1)
    assert reviewed_url(public) not in author().get(WORK).content.decode()
    assert reviewed_url(public) in editor().get(WORK).content.decode()
    assert "was due for review" not in author().get(url_of(public)).content.decode()


@pytest.mark.parametrize(
    ("path", "months", "status"),
    [
        ("symptom/0", "6", 404),
        (f"symptom/{'9' * 400}", "6", 404),
        ("cause/1", "6", 404),
        ("nothing/1", "6", 404),
        ("symptom/1", "7", 400),
        ("symptom/1", "9" * 400, 400),
        ("symptom/1", "", 400),
    ],
)
def test_review_that_makes_no_sense_is_refused(path: str, months: str, status: int) -> None:
    make_symptom(id=1)
    assert editor().post(f"{WORK}reviewed/{path}/", {"months": months}).status_code == status


def test_reviewing_and_checking_are_no_links() -> None:
    page = make_symptom()
    assert [editor().get(url).status_code for url in (reviewed_url(page), f"{WORK}check/")] == [405, 405]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("Editor"))
    assert strict.post(reviewed_url(page), {"months": "6"}).status_code == 403


def test_review_while_somebody_writes_is_a_conflict_he_is_told_of() -> None:
    page, client = make_symptom(review_by=date(2026, 1, 1)), editor()
    form = opened(client, url_of(page)) | {"title": "Mine"}
    editor().post(reviewed_url(page), {"months": "6"})
    assert "while you were editing" in save(client, page, form).content.decode()


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 9, 30), 3, date(2026, 12, 30)),
    ],
)
def test_months_later_is_a_day_of_that_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
