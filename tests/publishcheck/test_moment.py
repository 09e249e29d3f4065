"""The moment a record is judged for: the same in the form, the work list, the command and the bulk action."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from helpdesk.guides.models import Guide
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import url_of
from tests.factories import make_contact_point, make_guide, make_symptom
from tests.publishcheck.planted import checked
from tests.reports.test_work import sections

pytestmark = pytest.mark.django_db

NO_SITUATION = "None of its situations is public"


@pytest.fixture
def soon() -> datetime:
    make_contact_point()
    return timezone.now() + timedelta(days=1)


def judged(guide: Guide) -> list[bool]:
    """Return whether the form, the command and the work list miss a public situation in the guide."""
    form = editor().get(url_of(guide)).content.decode()
    return [NO_SITUATION in form, NO_SITUATION in checked(), "problems" in sections(editor(), kind="guide")]


def test_guide_scheduled_together_with_its_situations_is_well_everywhere(soon: datetime) -> None:
    guide = make_guide(publish_at=soon)
    make_symptom(guide=guide, publish_at=soon)
    assert judged(guide) == [False, False, False]


def test_guide_scheduled_before_its_situations_is_not_well_anywhere(soon: datetime) -> None:
    guide = make_guide(publish_at=soon)
    make_symptom(guide=guide, publish_at=soon + timedelta(hours=1))
    assert judged(guide) == [True, True, True]
