"""Content kind of the search: synonyms."""

from __future__ import annotations

from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind
from helpdesk.search.models import Synonym

SYNONYM = ContentKind(
    name="synonym",
    model=Synonym,
    bundle=BundleFormat(
        key=("words", "means"),
        words={"words": "customers say", "means": "the pages say"},
        omitted=("updated_at",),
    ),
)

KINDS = (SYNONYM,)
