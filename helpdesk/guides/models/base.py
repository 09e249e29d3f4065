"""Base queryset and help text that the models of the guides share."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.history.versioned import VersionedQuerySet

MARKDOWN_HELP = _("Markdown. Link to another page of this portal by its short address, such as /s/1042/.")

_Record = TypeVar("_Record", bound=models.Model, covariant=True)


class NaturalKeyQuerySet(VersionedQuerySet[_Record]):
    """Queryset of rows that fixtures name by their slug; each model has its own subclass, for the type checker."""

    def get_by_natural_key(self, slug: str) -> _Record:
        return self.get(slug=slug)
