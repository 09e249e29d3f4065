"""Text that staff copy into a ticket or a mail with the link."""

from __future__ import annotations

from django.utils.translation import gettext

from helpdesk.guides.walk_view import WalkView


def ticket_text(walk: WalkView, address: str) -> str:
    """Return what the customer has tried and where to go on, one fact a line."""
    lines = [f"{walk.symptom.guide.title}: {walk.symptom.title}"]
    if walk.answered_steps:
        lines.append(gettext("You've tried:"))
    for step in walk.answered_steps:
        skipped = gettext(" (couldn't try this)") if step.state == "skip" else ""
        lines.append(f"- {step.title}{skipped}")
    if not walk.answers.query:
        lines.append(gettext("Start here: %(address)s") % {"address": address})
    elif walk.answers.next is None:
        lines.append(gettext("Contact us: %(address)s") % {"address": address})
    else:
        lines.append(gettext("Continue here: %(address)s") % {"address": address})
    return "\n".join(lines)
