"""Makes valid saved records for the tests; what a test does not name is filled in, and every slug is another one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from helpdesk.announcements.models import Announcement
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, Check, ContactLine, ContactPoint, Guide, Resolution, SituationGroup, Symptom
from helpdesk.identity.models import Identity
from helpdesk.legal.models import LegalText
from helpdesk.outside.models import OutsidePage

PUBLISHED_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CONFIRMED_ON = datetime.now(UTC).date()

_serial = count(1)


def _named(word: str, values: dict[str, Any], **defaults: Any) -> dict[str, Any]:
    """The values of a new record: the given ones before the defaults, with a slug of its own."""
    return {"slug": f"{word}-{next(_serial)}", **defaults, **values}


def _public(published: bool) -> dict[str, Any]:
    return {"publish_at": PUBLISHED_AT} if published else {}


def make_contact_point(**values: Any) -> ContactPoint:
    """A contact point with one line, unless `number` is empty."""
    number = values.pop("number", "+44 20 7710 5600")
    values = _named("desk", values, name="Help desk", purpose="Everything about signing in.", confirmed_on=CONFIRMED_ON)
    contact_point = ContactPoint.objects.create(**values)
    if number:
        make_contact_line(contact_point=contact_point, number=number)
    return contact_point


def make_contact_line(**values: Any) -> ContactLine:
    values = _named("line", values, number="+44 20 7710 5600")
    values.setdefault("contact_point", None)
    values["contact_point"] = values["contact_point"] or make_contact_point(number="")
    return ContactLine.objects.create(**values)


def make_identity(**values: Any) -> Identity:
    return Identity.objects.create(**{"name": "Help of Example", "operator": "Example", **values})


def make_outside_page(**values: Any) -> OutsidePage:
    return OutsidePage.objects.create(
        **_named("outside", values, name="Handbook", address="https://www.example.com/handbook")
    )


def make_resolution(**values: Any) -> Resolution:
    return Resolution.objects.create(**_named("resolution", values, title="Switch it on", body="Switch it on again."))


def make_cause(**values: Any) -> Cause:
    """A cause, with a resolution of its own where none is given."""
    values = _named("cause", values, title="Is it switched on?", how_to_check="Look at the lamp.")
    values.setdefault("resolution", None)
    values["resolution"] = values["resolution"] or make_resolution()
    return Cause.objects.create(**values)


def make_question(*, ending: str = "fix", **values: Any) -> Cause:
    """A cause with a question, and a resolution of its own with this ending where none is given."""
    values = {"title": "Not switched on", "question": "Is it switched off?"} | values
    if "resolution" not in values:
        people = make_contact_point() if ending == "contact" else None
        values["resolution"] = make_resolution(ending=ending, contact_point=people)
    return make_cause(**values)


def make_guide(*, published: bool = True, **values: Any) -> Guide:
    values = _named("guide", values, title="I cannot log in", short_title="Log in", **_public(published))
    return Guide.objects.create(**values)


def make_group(*, guide: Guide | None = None, published: bool = True, **values: Any) -> SituationGroup:
    values = _named("group", values, title=f"Group {next(_serial)}")
    return SituationGroup.objects.create(guide=guide or make_guide(published=published), **values)


def make_symptom(
    *, guide: Guide | None = None, causes: Sequence[Cause] | None = None, published: bool = True, **values: Any
) -> Symptom:
    """A symptom with these causes as its checks, in order: one cause of its own where none are named.

    One that `leads_to` another guide gets no checks. The guide it is in is made where none is given, public
    or not as the symptom itself.
    """
    values = _named("symptom", values, title="Nothing happens", **_public(published))
    symptom = Symptom.objects.create(guide=guide or make_guide(published=published), **values)
    if causes is None:
        causes = [] if symptom.leads_to else [make_cause()]
    for position, cause in enumerate(causes, start=1):
        Check.objects.create(symptom=symptom, cause=cause, position=position)
    return symptom


def make_faq_category(**values: Any) -> FaqCategory:
    return FaqCategory.objects.create(**_named("topic-of", values, title="Signing in"))


def make_faq_entry(
    *,
    category: FaqCategory | None = None,
    related_symptoms: Sequence[Symptom] = (),
    published: bool = True,
    **values: Any,
) -> FaqEntry:
    values = _named("entry", values, question="What is a code?", answer="Six digits.", **_public(published))
    entry = FaqEntry.objects.create(category=category or make_faq_category(), **values)
    entry.related_symptoms.set(related_symptoms)
    return entry


def make_legal_text(*, published: bool = True, **values: Any) -> LegalText:
    return LegalText.objects.create(
        **_named("legal", values, title="Privacy", text="We keep nothing.", **_public(published))
    )


def make_announcement(*, guides: Sequence[Guide] = (), symptoms: Sequence[Symptom] = (), **values: Any) -> Announcement:
    """An announcement of a problem that has begun; for the whole portal where nothing is chosen."""
    defaults = {"title": f"Logins are slow ({next(_serial)})", "starts_at": PUBLISHED_AT}
    announcement = Announcement.objects.create(**{**defaults, **values})
    announcement.guides.set(guides)
    announcement.symptoms.set(symptoms)
    return announcement
