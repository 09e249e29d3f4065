"""Merging of guides and symptoms."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from helpdesk.content.publishing import State
from helpdesk.guides.models import Guide, Symptom
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from helpdesk.redirects.merging import joined, moves_with


@moves_with(Symptom)
def move_words(symptom: Symptom, into: Symptom) -> None:
    """Move keywords and message to the keywords of the other symptom, whose checks stay."""
    keywords = joined(into.keywords, symptom.keywords)
    if symptom.message and symptom.message.casefold() != into.message.casefold():
        # A comma in the message would cut it into keywords that nobody looks for.
        keywords = joined(keywords, " ".join(symptom.message.replace(",", " ").split()))
    if keywords != into.keywords:
        into.keywords = keywords
        with revision(Reason.MERGED.of(symptom)):
            into.save()


@moves_with(Guide)
def move_situations(guide: Guide, into: Guide) -> None:
    """Move the situations behind those of the other guide, and lead there what led to this one."""
    move_groups(guide, into)
    moving = list(guide.symptoms.order_by("position", "number").select_for_update())
    refuse_same_slugs(moving, into)
    last = into.symptoms.aggregate(last=Max("position"))["last"] or 0
    for position, symptom in enumerate(moving, start=last + 1):
        symptom.guide, symptom.position = into, position
        keep_hidden(symptom, guide)
        save_moved(symptom, guide, into)
    for symptom in guide.led_to_by.select_for_update():
        save_moved(symptom, guide, into)


def move_groups(guide: Guide, into: Guide) -> None:
    """Move the groups behind those of the other guide; one with a heading that the other has is joined with it."""
    headings = {group.title: group for group in into.groups.all()}
    last = max((group.position for group in headings.values()), default=0)
    with revision(Reason.MERGED.of(guide)):
        for position, group in enumerate(guide.groups.order_by("position", "pk"), start=last + 1):
            if group.title in headings:
                group.symptoms.update(group=headings[group.title])
                group.delete()
            else:
                group.guide, group.position = into, position
                group.save()


def keep_hidden(symptom: Symptom, guide: Guide) -> None:
    """Keep a situation hidden that visitors do not see because its guide is not public."""
    if guide.state == State.PUBLISHED:
        return
    if symptom.state == State.PUBLISHED:
        symptom.archive_at = timezone.now()
    elif symptom.state == State.SCHEDULED:
        symptom.publish_at = symptom.archive_at = None


def save_moved(symptom: Symptom, guide: Guide, into: Guide) -> None:
    """Save a symptom of a merged guide, or one that leads to it; raises ValidationError for a loop."""
    if symptom.leads_to_id == guide.pk:
        symptom.leads_to = into
    if symptom.leads_to_id == symptom.guide_id:
        text = gettext(
            "“%(symptom)s” continues from one of the two guides in the other. Delete it or change that first."
        )
        raise ValidationError(text % {"symptom": symptom})
    with transaction.atomic(), revision(Reason.MERGED.of(guide)):
        symptom.save()
    if symptom.leads_to_id:
        refuse_loop(symptom)


def refuse_loop(symptom: Symptom) -> None:
    """Raise ValidationError for a loop, without the name of a form field."""
    try:
        symptom.refuse_loop()
    except ValidationError as error:
        raise ValidationError(error.messages) from None


def refuse_same_slugs(moving: list[Symptom], into: Guide) -> None:
    """Raise ValidationError, naming the slugs, when both guides have a situation with the same slug."""
    taken = set(into.symptoms.values_list("slug", flat=True))
    both = [symptom for symptom in moving if symptom.slug in taken]
    if both:
        raise ValidationError(
            gettext("Both guides have a situation with the slug %(slugs)s. Change one of them first.")
            % {"slugs": ", ".join(f"“{symptom.slug}”" for symptom in both)}
        )
