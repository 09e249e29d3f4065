"""Content kinds of the search: synonyms and promised searches."""

from __future__ import annotations

from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind
from helpdesk.search.models import Promise, Synonym

SYNONYM = ContentKind(
    name="synonym",
    model=Synonym,
    bundle=BundleFormat(
        key=("words", "means"),
        words={"words": "customers say", "means": "the pages say"},
        omitted=("updated_at",),
    ),
)

PROMISE = ContentKind(
    name="promise",
    model=Promise,
    bundle=BundleFormat(
        name="promised search",
        section="promised searches",
        key=("page",),
        words={"words": "customers say"},
        omitted=("updated_at",),
    ),
)

KINDS = (SYNONYM, PROMISE)
