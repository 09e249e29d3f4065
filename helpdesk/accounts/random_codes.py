"""Random codes that people read out or type."""

from __future__ import annotations

import secrets

# No letters or digits that look alike: 31 of them, so that ten are 49 bits and sixteen are 79.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def random_code(length: int) -> str:
    """Return that many random letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
