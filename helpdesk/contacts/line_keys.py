"""Key of the line that holds telephone and hours of a contact point of version 1.0."""

from __future__ import annotations

from hashlib import sha256

MAX_SLUG = 75


def moved_line_key(slug: str) -> str:
    """Return the key for the slug of a contact point: at most 80 characters, and of no other contact point.

    The migration 0010 of the app `guides` has the same rule, and a test compares the two.
    """
    if len(slug) <= MAX_SLUG:
        return f"{slug}-line"
    return f"{slug[:62]}-line-{sha256(slug.encode()).hexdigest()[:12]}"
