"""Summary of a walk as plain text, to read out on the telephone or paste into a mail."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from helpdesk.guides.walk_view import Step, WalkView


def summary(walk: WalkView) -> str:
    """Return the situation and the answers, one statement a line.

    A notice is for the visitor, not for the people who are called: pages show it beside the summary.
    """
    symptom = walk.symptom
    lines = [
        gettext("Help no. %(number)s") % {"number": symptom.number},
        f"{symptom.guide.title}: {symptom.title}",
    ]
    if symptom.message:
        lines.append(gettext("Message on the screen: “%(message)s”") % {"message": symptom.message})
    if walk.found_check:
        lines.append(gettext("Applies: %(cause)s") % {"cause": walk.found_check.cause.title})
    lines += [said % {"cause": step.title} for said, step in statements(walk)]
    return "\n".join(lines)


def statements(walk: WalkView) -> Iterator[tuple[str, Step]]:
    """Yield a statement for each check but the one that was found, those with an answer first."""
    steps = [step for step in walk.steps if step.check != walk.found_check]
    yield from ((gettext("Not the cause: %(cause)s"), step) for step in steps if step.is_ruled_out)
    yield from ((gettext("Tried, still not working: %(cause)s"), step) for step in steps if step.was_tried)
    yield from ((gettext("Couldn't check or try: %(cause)s"), step) for step in steps if step.state == "skip")
    yield from ((gettext("Not checked yet: %(cause)s"), step) for step in steps if step.state == "open")
