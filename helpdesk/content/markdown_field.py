"""Model field for a text in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

MARKDOWN_HELP = _("Markdown. Link to another page of this portal by its short link, such as /s/1042/.")


class MarkdownField(models.TextField):
    """A text in Markdown; its type tells the admin, the publish check and the search how to treat it.

    Migrations know it as a `TextField`: the column is the same.
    """

    def deconstruct(self) -> tuple[str, str, Sequence[object], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
