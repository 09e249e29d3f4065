"""Two at once: what many threads do at the same moment ends as if they had come one after the other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from helpdesk.addresses.models import HelpNumber
from helpdesk.announcements.models import Announcement
from helpdesk.announcements.writing import start
from helpdesk.feedback.models import HandOff, Outcome
from helpdesk.guides.models import Symptom
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6


def all_at_once(work, times):
    """The results of so many calls of `work(n)`, several at a time, each on a connection of its thread."""

    def alone(n):
        try:
            return work(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(alone, range(times)))


def test_pages_made_at_the_same_time_get_numbers_of_their_own():
    guide = factories.make_guide()

    made = all_at_once(lambda n: factories.make_symptom(guide=guide, causes=[], slug=f"s-{n}").number, 24)

    assert len(set(made)) == 24
    assert set(HelpNumber.objects.filter(kind="symptom").values_list("number", flat=True)) == set(made)
    assert Symptom.objects.count() == 24


def test_one_button_pressed_many_times_at_once_counts_once():
    cache.clear()
    guide = factories.make_guide(slug="g")
    factories.make_symptom(guide=guide, slug="s", causes=[factories.make_cause(slug="c")])

    codes = all_at_once(lambda n: Client().post("/guides/g/s/check/c/", {"answer": "fixed"}).status_code, 18)

    assert codes == [303] * 18
    assert Outcome.objects.count() == 1


def test_answers_to_a_question_and_its_fix_at_once_leave_one_row_that_fits_together():
    cache.clear()
    cause = factories.make_question(slug="c")
    factories.make_symptom(guide=factories.make_guide(slug="g"), slug="s", causes=[cause])
    answers = ["applies", "not-this", "cannot-tell", "fixed", "not-fixed", "cannot-try"]

    codes = all_at_once(lambda n: Client().post("/guides/g/s/check/c/", {"answer": answers[n % 6]}).status_code, 18)

    assert codes == [303] * 18
    outcome = Outcome.objects.get()
    assert outcome.applies is {"not-this": False, "cannot-tell": None}.get(outcome.answer, True)


def test_announcement_started_many_times_at_once_is_one():
    guide = factories.make_guide()

    all_at_once(lambda n: start(title="Down", severity="outage", guides=[guide]), 12)

    assert Announcement.objects.get().ends_at is None


def test_reference_asked_for_many_times_at_once_is_one():
    cache.clear()
    guide = factories.make_guide(slug="g")
    factories.make_symptom(guide=guide, slug="s")

    places = all_at_once(lambda n: Client().post("/guides/g/s/contact/").headers["Location"], 18)

    assert places == [f"/handoff/{HandOff.objects.get().reference}/"] * 18
