"""Hand-offs: the summary of a walk, stored under a reference number that can be read out on the telephone."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection
from hashlib import sha256
from itertools import islice

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.feedback.models import HandOff
from helpdesk.feedback.visitors import today, visitor_mark
from helpdesk.guides.models import Check
from helpdesk.guides.summary import summary
from helpdesk.guides.walk import Walk, replay
from helpdesk.guides.walk_view import WalkView

# Between the letters of a reference, as people type it: any kind of space, hyphen or dot.
SEPARATORS = frozenset(" \u00a0\u2009\u202f-‐‑‒–—−._")

# No 0 O, 1 I L: nothing that sounds or looks like something else.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

# People also paste the address of a hand-off, or the words in front of its number.
_IN_FRONT = re.compile(
    r"(?:\S*/handoff/|\s*(?:my\s+)?ref(?:erence)?\b\.?(?:\s*(?:number|no|#)\b\.?)?(?:\s+is\b)?[\s:#]*)", re.IGNORECASE
)

# With or without its hyphen. They may overlap: in "mark k7qm 2r9t", the first two words are not the reference.
_AMONG_WORDS = re.compile(
    rf"(?<![^\W_])(?=([{ALPHABET}]{{4}}[\s\-‐‑‒–—−._]{{0,3}}[{ALPHABET}]{{4}})(?![^\W_]))", re.IGNORECASE | re.ASCII
)

_REFERENCE = re.compile(rf"\b[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}\b", re.IGNORECASE | re.ASCII)


def hand_off(request: HttpRequest, walk: WalkView) -> HandOff:
    """Return the hand-off of this walk: a new one, or the one that this visitor has for the same answers today."""
    numbers = {slug: check.cause.number for slug, check in walk.checks.items()}
    wanted = {
        "symptom": walk.symptom,
        "visitor": visitor_mark(request),
        "tried": [numbers[slug] for slug in walk.answers.no],
        "fixes_tried": [numbers[slug] for slug in walk.answers.no if slug in walk.tried_slugs],
        "skipped": [numbers[slug] for slug in walk.answers.skip],
        "found": walk.found_check.cause.number if walk.found_check else None,
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


def normal(typed: str) -> str:
    """Return a reference as it is stored, however it was typed; "" for what cannot be one."""
    bare = _IN_FRONT.sub("", typed, count=1) if _IN_FRONT.match(typed) else typed
    letters = "".join(letter for letter in bare.rstrip("/ ").upper() if letter not in SEPARATORS)
    if len(letters) != 8 or not set(letters) <= set(ALPHABET):
        return ""
    return f"{letters[:4]}-{letters[4:]}"


def is_reference(typed: str) -> bool:
    """Return True for what is no word but a reference, known or not: with a digit, or in capitals and with a hyphen."""
    return bool(normal(typed)) and (any(map(str.isdigit, typed)) or ("-" in typed and typed.isupper()))


def without_references(text: str, instead: str) -> str:
    """Return the text with other words instead of each reference that is written with its hyphen."""
    return _REFERENCE.sub(lambda found: instead if is_reference(found[0]) else found[0], text)


def references_in(typed: str) -> list[str]:
    """Return what may be references in a text, as they are stored; the text as a whole first, at most six."""
    among = islice(filter(is_reference, (found[1] for found in _AMONG_WORDS.finditer(typed))), 5)
    return list(filter(None, map(normal, (typed, *among))))


def known_reference(typed: str) -> str:
    """Return the reference of a stored hand-off as it is stored, however it was typed; else "". At most one query.

    It may stand among other words, as in "my reference is k7qm2r9t", or in the address of its page.
    """
    wanted = references_in(typed)
    known = wanted and set(HandOff.objects.filter(reference__in=wanted).values_list("reference", flat=True))
    return next((reference for reference in wanted if reference in known), "")


def handoff_of(typed: str) -> HandOff | None:
    """Return the hand-off with this reference, however it was typed; None for anything else. At most two queries."""
    wanted = references_in(typed)
    return HandOff.objects.for_page().filter(reference__in=wanted).first() if wanted else None


def walk_of(handoff: HandOff) -> Walk:
    """Return the walk that ended in the hand-off, over the checks as they are now. No query after `for_page`, else one.

    Hand-offs from before there were questions know no `fixes_tried`: what they tried were fixes.
    """
    prefetch_related_objects([handoff], Prefetch("symptom__checks", Check.objects.for_page()))
    causes = [check.cause for check in handoff.symptom.checks_in_order]
    tried = handoff.tried if handoff.fixes_tried is None else handoff.fixes_tried
    fixes = [cause.number for cause in causes if cause.offers_fix_after_yes]

    def slugs(numbers: Collection[int]) -> list[str]:
        return [cause.slug for cause in causes if cause.number in numbers]

    return replay(
        [cause.slug for cause in causes],
        no=slugs(handoff.tried),
        skip=slugs(handoff.skipped),
        tried=slugs({*tried} & {*fixes}),
    )


def found_of(handoff: HandOff) -> str | None:
    """Return the slug of the cause that was found, as long as the situation has it. Queries as `walk_of`."""
    prefetch_related_objects([handoff], Prefetch("symptom__checks", Check.objects.for_page()))
    causes = (check.cause for check in handoff.symptom.checks_in_order)
    return next((cause.slug for cause in causes if cause.number == handoff.found), None)
