"""What visitors told us, in the admin."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from helpdesk.feedback.models import HandOff, Outcome, UnmatchedWords
from helpdesk.guides.models import Cause
from tests.accounts.staff_people import author
from tests.contentadmin.forms import list_url, url_of
from tests.factories import make_cause, make_guide, make_symptom

pytestmark = pytest.mark.django_db


def make_handoff(reference: str = "ABCD-2345", summary: str = "") -> HandOff:
    return HandOff.objects.create(
        reference=reference, symptom=make_symptom(), summary=summary, visitor="v", created_at=timezone.now()
    )


@pytest.mark.parametrize("term", ["ABCD-2345", "abcd2345", "ab cd 23 45", " ABCD - 2345 ", "2345", "d23"])
def test_handoff_is_found_however_its_reference_is_written(term: str) -> None:
    wanted, _other = make_handoff(), make_handoff("WXYZ-6789")
    rows = author().get(list_url(HandOff), {"q": term}).context["cl"].result_list
    assert list(rows) == [wanted]


@pytest.mark.parametrize("term", ["'; --", "%", "☎", "x" * 5000, "\x00"])
def test_handoff_search_for_anything_else_is_answered(term: str) -> None:
    make_handoff()
    assert author().get(list_url(HandOff), {"q": term}).status_code == 200


def test_handoff_page_shows_the_summary_as_text_and_the_way_to_the_symptom() -> None:
    handoff = make_handoff(summary='Tried <script>alert("1")</script>')
    content = author().get(url_of(handoff)).content.decode()
    assert "Tried &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in content
    assert f'<a href="{handoff.symptom.get_absolute_url()}">' in content


def test_handoff_leads_to_the_first_check_the_customer_has_not_tried() -> None:
    causes = [make_cause(title=title, slug=title.lower()) for title in "ABC"]
    handoff = make_handoff()
    handoff.symptom = symptom = make_symptom(causes=causes)
    client = author()

    def way_on(tried: list[Cause], skipped: list[Cause]) -> str:
        handoff.tried, handoff.skipped = [cause.number for cause in tried], [cause.number for cause in skipped]
        handoff.save()
        return client.get(url_of(handoff)).content.decode()

    path = symptom.get_absolute_url()
    a, b, c = causes
    assert f'<a href="{path}check/a/">A</a>' in way_on([], [])
    assert f'<a href="{path}check/c/?no=a&amp;skip=b">C</a>' in way_on([a, make_cause()], [b])
    assert f'<a href="{path}contact/?no=a,b,c">Contact</a>' in way_on([c, b, a], [])


def test_outcome_page_names_what_was_answered_before_and_the_texts_shown() -> None:
    first, second = make_cause(title="Cable loose"), make_cause(title="Router off")
    outcome = Outcome.objects.create(
        symptom=make_symptom(causes=[first, second]),
        cause=second,
        answer="not-fixed",
        applies=True,
        checks_before=1,
        answered_before=[first.number],
        cause_revision=second.history.latest().history_id,
        resolution_revision=second.resolution.history.latest().history_id,
        day=timezone.now().date(),
        visitor="v",
        recorded_at=timezone.now(),
    )
    content = author().get(url_of(outcome)).content.decode()
    assert '<div class="readonly">Cable loose</div>' in content
    for record, name in ((second, "Cause"), (second.resolution, "Resolution")):
        assert re.search(f'<a href="{url_of(record).replace("change", "history")}">{name} of ', content)
    Outcome.objects.update(answered_before=[], cause_revision=None, resolution_revision=None)
    assert '<div class="readonly">1</div>' in author().get(url_of(outcome)).content.decode()


def test_visitors_words_of_the_search_have_no_guide() -> None:
    now, guide = timezone.now(), make_guide(title="Platform")
    for words, place in (("In the guide", guide), ("In the search", None)):
        values = {"visitor": "v", "day": now.date(), "recorded_at": now}
        UnmatchedWords.objects.create(guide=place, words=words, **values)
    client = author()
    content = client.get(list_url(UnmatchedWords)).content.decode()

    def found(**asked: str) -> list[str]:
        return [row.words for row in client.get(list_url(UnmatchedWords), asked).context["cl"].result_list]

    assert content.count("No guide: search without results") == 2  # in the list, and in the filter
    assert found(guide__isnull="True") == ["In the search"]
    assert found(guide__id__exact=str(guide.pk)) == ["In the guide"]
    assert client.get(url_of(UnmatchedWords.objects.get(guide=None))).status_code == 200


def test_visitors_words_are_escaped() -> None:
    now = timezone.now()
    UnmatchedWords.objects.create(guide=make_guide(), words="<script>", visitor="v", day=now.date(), recorded_at=now)
    assert "&lt;script&gt;</td>" in author().get(list_url(UnmatchedWords)).content.decode()
