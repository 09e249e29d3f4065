"""Which announcements concern a page, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpdesk.announcements.current import current_for, is_disturbed
from helpdesk.announcements.models import Announcement
from helpdesk.content.audience import VISITOR, Audience
from tests.factories import make_announcement, make_guide, make_symptom

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_fixed_timezone(60))
SECOND = timedelta(seconds=1)


def titles(guide: str = "", symptom: str = "", at: datetime | None = None) -> list[str]:
    audience = Audience(is_preview=True, as_of=at) if at else VISITOR
    return [found.title for found in current_for(audience, guide=guide, symptom=symptom)]


def test_page_has_what_concerns_it_the_worst_first_in_one_query(django_assert_num_queries) -> None:
    guide, other = make_guide(slug="login"), make_guide(slug="other")
    symptom = make_symptom(guide=guide, slug="slow")
    make_symptom(guide=other, slug="slow")
    make_announcement(title="portal", severity="info")
    make_announcement(title="guide", severity="problem", guides=[guide])
    make_announcement(title="symptom", severity="outage", symptoms=[symptom])
    make_announcement(title="both", severity="outage", starts_at=MOMENT, guides=[guide, other], symptoms=[symptom])
    current_for(VISITOR)  # compiled once
    pages = {
        ("", ""): ["portal"],
        ("login", ""): ["both", "guide", "portal"],
        ("login", "slow"): ["both", "symptom", "guide", "portal"],
        ("other", "slow"): ["both", "portal"],
        ("none", "slow"): ["portal"],
    }
    for (on_guide, on_symptom), found in pages.items():
        with django_assert_num_queries(1):
            assert titles(on_guide, on_symptom) == found


def test_announcement_is_live_from_its_start_until_its_end() -> None:
    make_announcement(title="slow", starts_at=MOMENT, ends_at=MOMENT + 2 * SECOND)
    moments = [MOMENT - SECOND, MOMENT, MOMENT + SECOND, MOMENT + 2 * SECOND]
    assert [titles(at=moment) for moment in moments] == [[], ["slow"], ["slow"], []]
    now = timezone.now()
    Announcement.objects.update(starts_at=now - SECOND, ends_at=now + timedelta(hours=1))
    assert titles() == ["slow"]


@pytest.mark.parametrize(
    ("severity", "on", "disturbed"),
    [
        ("problem", "portal", True),
        ("outage", "guide", True),
        ("problem", "symptom", True),
        ("info", "symptom", False),
        ("outage", "elsewhere", False),
    ],
)
def test_symptom_is_disturbed_by_a_problem_or_an_outage_that_concerns_it(
    django_assert_num_queries, severity: str, on: str, disturbed: bool
) -> None:
    symptom = make_symptom()
    chosen = {"guide": {"guides": [symptom.guide]}, "symptom": {"symptoms": [symptom]}, "portal": {}}
    chosen["elsewhere"] = {"guides": [make_guide()], "symptoms": [make_symptom()]}
    make_announcement(severity=severity, starts_at=MOMENT, ends_at=MOMENT + SECOND, **chosen[on])
    with django_assert_num_queries(1):
        assert is_disturbed(symptom, MOMENT) is disturbed
    assert [is_disturbed(symptom, moment) for moment in (MOMENT - SECOND, MOMENT + SECOND)] == [False, False]


def test_announcement_whose_last_page_is_deleted_concerns_nothing() -> None:
    guide = make_guide()
    make_announcement(guides=[guide], is_limited=True)
    guide.delete()
    assert titles() == []


@pytest.mark.parametrize(
    "values",
    [
        {"ends_at": MOMENT},
        {"ends_at": MOMENT - SECOND},
        {"title": ""},
        {"link": "/g/1001/"},
        {"link_text": "Status"},
    ],
)
def test_database_refuses_an_announcement_that_cannot_be(values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_announcement(starts_at=MOMENT, **values)
    assert not Announcement.objects.exists()
