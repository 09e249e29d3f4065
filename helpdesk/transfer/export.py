"""Export of all content or of some guides as a bundle."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.transfer.archive import pack
from helpdesk.transfer.files import ExportFile
from helpdesk.transfer.records import RecordSet
from helpdesk.transfer.snapshot import selection, stored_content


def export_bundle(guides: Sequence[str] = (), *, onward: bool = True) -> tuple[ExportFile, RecordSet]:
    """Return the file and its content: everything, or these guides with what belongs to them.

    Raises KeyError for an unknown guide.
    """
    content = stored_content()
    if not guides:
        return pack(content, "help-content"), content
    content = selection(content, guides, onward=onward)
    return pack(content, guides[0] if len(guides) == 1 else "help-guides"), content
