"""Rule of the publish check for plain texts, whose Markdown visitors would read as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from django.db.models import CharField, Model, SlugField, TextField, URLField
from django.utils.translation import gettext_lazy as _

from helpdesk.content.markdown_field import MarkdownField
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem, ProblemMessage, Severity

MARKUP_SHOWN = ProblemMessage(
    "markup-in-plain-text",
    _("Visitors read “%(signs)s” as it is: this field has no Markdown. Remove the signs."),
    Severity.WARNING,
)

# Bold, a link or picture, code. A single * or _ may well be meant.
_MARKUP = re.compile(r"\*\*[^*\s](?:[^*]*[^*\s])?\*\*|!?\[[^\]\n]+\]\([^()\s]+\)|`[^`\n]+`")
# What is shown or compared letter by letter.
_LITERAL = frozenset({"message", "keywords"})


@cache
def plain_fields(model: type[Model]) -> tuple[str, ...]:
    """Return the names of the fields with plain text for visitors, in the model's order."""
    return tuple(
        field.name
        for field in model._meta.fields
        if isinstance(field, (CharField, TextField))
        and not isinstance(field, (MarkdownField, SlugField, URLField))
        and not field.choices
        and field.name not in _LITERAL
    )


def markup_in_plain_text(record: Model, context: CheckContext) -> Iterator[Problem]:
    """Yield the first Markdown in each field that is shown as it is written."""
    for name in () if context.errors_only else plain_fields(type(record)):
        if found := _MARKUP.search(getattr(record, name) or ""):
            yield MARKUP_SHOWN.on(record, name, signs=found[0])
