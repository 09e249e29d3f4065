"""Style guide for staff: every component of the pages in every state, at `/admin/styleguide/`.

It shows the real templates and the real style sheet, with made-up records that are never saved: it needs no content
and asks the database for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.announcements.models import Announcement, Place
from helpdesk.contacts.examples import example_contacts
from helpdesk.contacts.models import ContactPoint
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, Check, Guide, Resolution, Symptom
from helpdesk.guides.summary import summary
from helpdesk.guides.walk import replay
from helpdesk.guides.walk_view import WalkView
from helpdesk.search.results import Hit, ResultGroup, SearchResults, Suggestion
from helpdesk.templatetags.portal import drawing

# A color, the ground it has to be read on, and what it is for.
COLORS = (
    ("ink", "ground", "Text"),
    ("ink", "sunk", "Text on quiet areas"),
    ("ink", "accent-soft", "Text under the pointer"),
    ("muted", "ground", "Less important text"),
    ("muted", "sunk", "The same on quiet areas"),
    ("accent", "ground", "Links, focus, the current check"),
    ("accent", "sunk", "Links on quiet areas"),
    ("accent", "accent-soft", "Notes, links under the pointer"),
    ("on-accent", "accent", "The main button"),
    ("on-good", "good", "“That fixed it”"),
    ("warning", "warning-soft", "Security, errors, preview, announced problems"),
    ("alarm", "alarm-soft", "Announced outages"),
    ("ink", "alarm-soft", "Text of announced outages"),
    ("control", "ground", "Borders of buttons and fields"),
)
SPACES = ("s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8")
TYPE_SIZES = ("h1", "h2", "h3", "large", "body", "small")
ICONS = (
    *("back", "clock", "cross", "info", "lifebuoy", "mail", "outage", "phone", "print", "problem", "screen", "search"),
    *("shield", "skip", "tick"),
)

LONG_TEXT = """\
A paragraph with **bold text**, `code`, and [a link](/).

1. Open the menu.
2. Press ++ctrl+alt+q++.
    - A list in a step.

## A heading in a text

!!! note "Note"
    Something good to know.

!!! important "Important"
    Something not to be missed.

!!! security "Security"
    Never tell your password to anybody.

| Light | Meaning |
|-------|---------|
| green | connected |
| red | not connected |

Security device
:   What shows the code when you log in.

User name
:   What you chose when you opened the account.

??? note "More, for those who want it"
    It opens when it is pressed.

```
C:\\Jts\\log.txt
```
"""

_TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b")
_DARK = re.compile(r"\[data-theme=\"dark\"\]\s*\{(.*?)\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Color:
    """A color on its ground, as light and dark pages have it."""

    name: str
    ground: str
    use: str
    light: tuple[str, str]
    dark: tuple[str, str]

    @property
    def contrasts(self) -> tuple[float, float]:
        """Of light and dark pages: from 1, nothing to be seen, to 21, black on white."""
        return contrast(*self.light), contrast(*self.dark)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colors, "#fff" or "#ffffff" (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    digits = color.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def colors() -> list[Color]:
    """Return the colors of the style sheet."""
    css = Path(finders.find("css/site.css") or "").read_text()
    dark_block = _DARK.search(css)
    light = dict(_TOKEN.findall(css.partition("@media")[0]))
    dark = dict(_TOKEN.findall(dark_block[1] if dark_block else ""))
    return [
        Color(name, ground, use, light=(light[name], light[ground]), dark=(dark[name], dark[ground]))
        for name, ground, use in COLORS
    ]


# Made-up records. They have keys, since a link to a record's form needs one, but are in no table.


def example_guide() -> Guide:
    guide = Guide(
        pk=1,
        number=1001,
        slug="example",
        title="I cannot log in to the platform",
        short_title="Platform",
        introduction="For the program on your computer. Not for the web site.",
        publish_at=timezone.now(),
        updated_at=timezone.now(),
    )
    guide.symptom_count = 2  # type: ignore[attr-defined]
    return guide


def example_symptoms(guide: Guide) -> list[Symptom]:
    """Return a symptom with message and notice, and one with neither."""
    message = "Login failed: attempt 3 of 10"
    notice = "After **10 failed logins** your account is locked."
    told = Symptom(
        pk=1, guide=guide, number=1002, slug="refused", title="It refuses my password", message=message, notice=notice
    )
    told.updated_at = timezone.now()
    return [told, Symptom(pk=2, guide=guide, number=1003, slug="nothing", title="Nothing happens at all")]


def example_checks(symptom: Symptom, contact: ContactPoint) -> list[Check]:
    resolution = Resolution(
        pk=1, slug="example", title="Switch it off", body="1. Press **Caps Lock**.\n2. Log in.", contact_point=contact
    )
    titles = {
        "caps-lock": "Is Caps Lock on?",
        "keyboard": "Is the keyboard set to your language?",
        "user-name": "Is it the user name you chose?",
        "old-password": "Did you change your password lately?",
    }
    how = "Look for a light on your keyboard."
    return [
        Check(
            pk=place,
            symptom=symptom,
            cause=Cause(pk=place, slug=slug, title=title, how_to_check=how, resolution=resolution),
            position=place,
        )
        for place, (slug, title) in enumerate(titles.items(), start=1)
    ]


def example_entries(guide: Guide, related: list[Symptom]) -> list[FaqEntry]:
    """Return an entry with related situations, and one without."""
    category = FaqCategory(pk=1, slug="example", title="Logging in")
    questions = {"What is a security device?": related, "How long is a code valid?": []}
    entries = []
    for place, (question, symptoms) in enumerate(questions.items(), start=1):
        entry = FaqEntry(
            pk=place, slug=f"example-{place}", category=category, question=question, answer="It shows a **code**."
        )
        entry.related = symptoms  # type: ignore[attr-defined]
        entries.append(entry)
    return entries


def example_walk(request: HttpRequest, symptom: Symptom, checks: list[Check], current: str) -> WalkView:
    """A walk with a check of every state: current, did not help, could not try, open."""
    # What a prefetch would have left behind, so that nothing asks the database for the symptom's checks.
    symptom._prefetched_objects_cache = {"checks": checks}  # type: ignore[attr-defined]
    slugs = [check.cause.slug for check in checks]
    return WalkView(request, symptom, replay(slugs, no=["caps-lock"], skip=["keyboard"]).without(current), current)


def example_found() -> SearchResults:
    """Return results: a page, one situation in two guides, and a page with some of the words."""
    title = (("It refuses my ", False), ("password", True))
    message = (("Wrong ", False), ("password", True))
    passage = (("Look for a light on your keyboard. It makes all letters of your ", False), ("password", True))
    check: dict[str, Any] = {"check_title": "Is Caps Lock on?", "check_url": "#found", "checks": 3}
    entry = (("How do I change my ", False), ("password", True), ("?", False))
    alone = Hit(1004, "entry", "#found", "Questions about logging in", entry, passage=passage)
    further = Hit(1005, "symptom", "#found", "Platform", title, message, passage, check_place=2, **check)
    places = [
        Hit(number, "symptom", "#found", place, title, message, passage, check_place=1, **check)
        for number, place in ((1006, "Platform"), (1007, "Web site"))
    ]
    groups = (ResultGroup(tuple(places), True), ResultGroup((further,), True), ResultGroup((alone,), False))
    return SearchResults("pasword", "password", groups, total=4, more=True)


def example_suggestions() -> tuple[Suggestion, ...]:
    """Return a suggested page, and one situation in two guides."""
    return (
        Suggestion(
            (("My ", False), ("pass", True), ("word has expired", False)), (("Platform", "#suggestions", 1004),)
        ),
        Suggestion(
            (("It refuses my ", False), ("pass", True), ("word", False)),
            (("Platform", "#suggestions", 1006), ("Web site", "#suggestions", 1007)),
        ),
    )


def example_announcements(guide: Guide) -> list[Announcement]:
    """Return an announcement of each severity: with a text, with a link, and as the home page shows it."""
    outage = Announcement(title="You can't log in right now.", severity="outage", text="We're working on it.")
    problem = Announcement(title="Logins are slow.", severity="problem", link="#announcements", link_text="Status")
    info = Announcement(title="Maintenance on Saturday.", severity="info")
    info.places = (Place(guide.slug, guide.short_title),)
    return [outage, problem, info]


def examples(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the style guide."""
    guide, contacts = example_guide(), example_contacts()
    symptoms = example_symptoms(guide)
    checks = example_checks(symptoms[0], contacts[0])
    walk = example_walk(request, symptoms[0], checks, "user-name")
    return {
        "guide": guide,
        "guides": [guide],
        "symptom": symptoms[0],
        "symptoms": symptoms,
        "examples_announced": example_announcements(guide),
        "draft": Guide(pk=2, title="A draft"),
        "walk": walk,
        "refused": example_walk(request, symptoms[0], checks, "old-password"),
        "contacts": contacts,
        "entries": example_entries(guide, symptoms[:1]),
        "summary": summary(walk),
        "found": example_found(),
        "suggestions": example_suggestions(),
        "long_text": LONG_TEXT,
    }


@never_cache
@staff_member_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    context = {
        "colors": colors(),
        "spaces": SPACES,
        "type_sizes": TYPE_SIZES,
        "icons": {name: drawing(name) for name in ICONS},
    }
    response = render(request, "styleguide.html", examples(request) | context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
