"""Content kind of the search: synonyms."""

from __future__ import annotations

from helpdesk.content.kinds import ContentKind
from helpdesk.search.models import Synonym

SYNONYM = ContentKind(name="synonym", model=Synonym)

KINDS = (SYNONYM,)
