"""Hand-offs: the summary of a walk, stored under a reference number that can be read out on the telephone."""

from __future__ import annotations

import hmac
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.feedback.models import HandOff
from helpdesk.feedback.visitors import today, visitor_mark
from helpdesk.guides.summary import summary
from helpdesk.guides.walk import Walk, replay
from helpdesk.guides.walk_view import WalkView

# No 0 O, 1 I L: nothing that sounds or looks like something else.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def hand_off(request: HttpRequest, walk: WalkView) -> HandOff:
    """Return the hand-off of this walk: a new one, or the one that this visitor has for the same answers today."""
    numbers = {slug: check.cause.number for slug, check in walk.checks.items()}
    wanted = {
        "symptom": walk.symptom,
        "visitor": visitor_mark(request),
        "tried": [numbers[slug] for slug in walk.answers.no],
        "skipped": [numbers[slug] for slug in walk.answers.skip],
    }
    for attempt in range(10):
        known, _ = HandOff.objects.get_or_create(
            reference=reference_of(f"{today()}|{walk.symptom.pk}|{wanted}|{attempt}"),
            defaults={**wanted, "summary": summary(walk), "created_at": timezone.now()},
        )
        if all(getattr(known, name) == value for name, value in wanted.items()):
            return known
    raise RuntimeError("ten reference numbers in a row were taken")  # once in 31 to the power of 80


def reference_of(walk: str) -> str:
    """Return eight characters in two groups, "K7QM-2R9T", always the same for the same text.

    31 ** 8 of them (8.5e11), keyed with the portal's secret: not to be guessed.
    """
    rest = int.from_bytes(hmac.new(settings.SECRET_KEY.encode(), walk.encode(), sha256).digest())
    letters = []
    for _ in range(8):
        rest, place = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[place])
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def normal(reference: str) -> str:
    """Return a reference as it is stored, however it was typed."""
    letters = "".join(letter for letter in reference.upper() if letter.isalnum())
    return f"{letters[:4]}-{letters[4:]}"


def handoff_of(typed: str) -> HandOff | None:
    """Return the hand-off with this reference, however it was typed; None for anything else. At most one query."""
    reference = normal(typed)
    if len(reference) != 9 or not set(reference) - {"-"} <= set(ALPHABET):
        return None
    return HandOff.objects.filter(reference=reference).select_related("symptom__guide").first()


def walk_of(handoff: HandOff) -> Walk:
    """Return the walk that ended in the hand-off, over the checks as they are now. One query."""
    checks = handoff.symptom.checks.order_by("position").values_list("cause__number", "cause__slug")
    slugs = dict(checks)
    tried, skipped = (
        [slugs[number] for number in given if number in slugs] for given in (handoff.tried, handoff.skipped)
    )
    return replay(list(slugs.values()), no=tried, skip=skipped)
