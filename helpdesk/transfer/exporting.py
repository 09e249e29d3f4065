"""What goes out: a bundle of all content or of some guides."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.transfer.archive import File, pack
from helpdesk.transfer.schema import Content
from helpdesk.transfer.snapshot import selection, stored_content


def bundle(guides: Sequence[str] = (), *, onward: bool = True) -> tuple[File, Content]:
    """The file, and what is in it: all content, or these guides with what belongs to them.

    KeyError for a guide that is not there.
    """
    content = stored_content()
    if not guides:
        return pack(content, "help-content"), content
    content = selection(content, guides, onward=onward)
    return pack(content, guides[0] if len(guides) == 1 else "help-guides"), content
