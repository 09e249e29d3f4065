"""One record of each kind that the admin shows: as visitors see it, and as a draft where there are drafts."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone

from helpdesk.accounts.models import EventKind, FailedSignIns, LoggedChange, StaffEvent
from helpdesk.addresses.models import FormerAddress, HelpNumber
from helpdesk.announcements.models import Announcement
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.feedback.models import HandOff, Outcome, UnmatchedWords
from helpdesk.guides.models import Cause, ContactLine, ContactPoint, Guide, Resolution, SituationGroup, Symptom
from helpdesk.identity.models import Identity
from helpdesk.images.models import Image
from helpdesk.legal.models import LegalText
from helpdesk.outside.models import OutsidePage
from helpdesk.redirects.models import DeadAddress, Redirect
from helpdesk.search.models import Promise, Search, Synonym
from tests.accounts.staff_people import make_user
from tests.factories import (
    make_announcement,
    make_contact_line,
    make_contact_point,
    make_faq_category,
    make_faq_entry,
    make_group,
    make_guide,
    make_identity,
    make_legal_text,
    make_outside_page,
    make_symptom,
)
from tests.images.making import make_image


def make_outcome() -> Outcome:
    symptom = make_symptom()
    cause = symptom.checks.get().cause
    now = timezone.now()
    return Outcome.objects.create(
        symptom=symptom, cause=cause, answer="fixed", checks_before=0, day=now.date(), visitor="v", recorded_at=now
    )


def make_handoff() -> HandOff:
    return HandOff.objects.create(
        reference="ABCD-2345", symptom=make_symptom(), summary="<b>Tried</b>", visitor="v", created_at=timezone.now()
    )


def make_words() -> UnmatchedWords:
    now = timezone.now()
    return UnmatchedWords.objects.create(guide=make_guide(), words="<b>", visitor="v", day=now.date(), recorded_at=now)


def make_synonym() -> Synonym:
    return Synonym.objects.create(words="dongle", means="security device")


def make_promise() -> Promise:
    return Promise.objects.create(page=f"/s/{make_symptom().number}/", words="dongle")


def make_search() -> Search:
    now = timezone.now()
    return Search.objects.create(words="<b>", hits=0, visitor="v", day=now.date(), recorded_at=now)


def make_former_address() -> FormerAddress:
    return FormerAddress.objects.create(kind="guide", scope=0, slug="old", number=1001, until=timezone.now())


def make_dead_address() -> DeadAddress:
    now = timezone.now()
    return DeadAddress.objects.create(path="/help/", status=404, first_at=now, last_at=now)


def make_logged_change() -> LoggedChange:
    guide = make_guide()
    entry = LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(guide),
        object_id=guide.pk,
        object_repr=str(guide),
        action_flag=CHANGE,
    )
    return LoggedChange.objects.get(pk=entry.pk)


def make_failed_sign_ins() -> FailedSignIns:
    return FailedSignIns.objects.create(username="anna", ip_address="192.0.2.1", failures_since_start=5)


# What each kind of record looks like that is public, or used by something public.
PUBLIC: dict[type[Model], Any] = {
    Guide: make_guide,
    SituationGroup: make_group,
    Symptom: make_symptom,
    Cause: lambda: make_symptom().checks.get().cause,
    Resolution: lambda: make_symptom().checks.get().cause.resolution,
    ContactPoint: make_contact_point,
    ContactLine: make_contact_line,
    OutsidePage: make_outside_page,
    Identity: make_identity,
    FaqCategory: make_faq_category,
    FaqEntry: make_faq_entry,
    LegalText: make_legal_text,
    Announcement: make_announcement,
    Synonym: make_synonym,
    Promise: make_promise,
    Outcome: make_outcome,
    HandOff: make_handoff,
    UnmatchedWords: make_words,
    Search: make_search,
    HelpNumber: lambda: HelpNumber.objects.create(number=5000, kind="guide"),
    FormerAddress: make_former_address,
    DeadAddress: make_dead_address,
    Image: make_image,
    Redirect: lambda: Redirect.objects.create(path="/help/old.html", target_id=make_guide().number),
    User: lambda: make_user("Author"),
    Group: lambda: Group.objects.get(name="Author"),
    StaffEvent: lambda: StaffEvent.objects.create(kind=EventKind.SIGNED_IN, user=make_user()),
    LoggedChange: make_logged_change,
    FailedSignIns: make_failed_sign_ins,
}
DRAFTS: dict[type[Model], Any] = {
    Guide: lambda: make_guide(published=False),
    SituationGroup: lambda: make_group(published=False),
    Symptom: lambda: make_symptom(published=False),
    Cause: lambda: make_symptom(published=False).checks.get().cause,
    Resolution: lambda: make_symptom(published=False).checks.get().cause.resolution,
    FaqEntry: lambda: make_faq_entry(published=False),
    LegalText: lambda: make_legal_text(published=False),
}
