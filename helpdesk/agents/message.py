"""Text that staff copy into a ticket or a mail with the link."""

from __future__ import annotations

from django.utils.translation import gettext

from helpdesk.guides.summary import statements
from helpdesk.guides.walk_view import WalkView


def ticket_text(walk: WalkView, address: str) -> str:
    """Return what the customer has checked and where to continue, one statement a line."""
    lines = [f"{walk.symptom.guide.title}: {walk.symptom.title}"]
    if walk.found_check:
        lines.append(gettext("Applies: %(cause)s") % {"cause": walk.found_check.cause.title})
    lines += [said % {"cause": step.title} for said, step in statements(walk) if step.state != "open"]
    if walk.found_check:
        lines.append(gettext("What to do: %(address)s") % {"address": address})
    elif not walk.answers.query:
        lines.append(gettext("Start here: %(address)s") % {"address": address})
    elif walk.answers.next is None:
        lines.append(gettext("Contact us: %(address)s") % {"address": address})
    else:
        lines.append(gettext("Continue here: %(address)s") % {"address": address})
    return "\n".join(lines)
