"""Summary of a walk as plain text, to read out on the telephone or paste into a mail."""

from __future__ import annotations

from django.utils.translation import gettext

from helpdesk.guides.walk_view import WalkView
from helpdesk.text.markdown import plain


def summary(walk: WalkView) -> str:
    """Return the situation and the answers, one fact a line, with the titles that the visitor read."""
    symptom = walk.symptom
    lines = [
        gettext("Help no. %(number)s") % {"number": symptom.number},
        f"{symptom.guide.title}: {symptom.title}",
    ]
    if symptom.message:
        lines.append(gettext("Message on the screen: “%(message)s”") % {"message": symptom.message})
    if symptom.notice:
        lines.append(gettext("Security notice: %(notice)s") % {"notice": plain(symptom.notice)})
    for state, heading in (
        ("no", gettext("Tried, did not help:")),
        ("skip", gettext("Could not try:")),
        ("open", gettext("Not tried yet:")),
    ):
        titles = [f"- {step.title}" for step in walk.steps if step.state == state]
        lines += [heading, *titles] if titles else []
    return "\n".join(lines)
