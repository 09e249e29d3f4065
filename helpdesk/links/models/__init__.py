"""Numbers and former addresses, kept by triggers; redirects of staff; dead addresses that visitors asked for."""

from helpdesk.links.models.numbers import (
    FIRST_NUMBER,
    RESERVED_SLUGS,
    Addressed,
    FormerAddress,
    HelpNumber,
    HelpNumberField,
    Kind,
    addressed_models,
    model_of,
    refuse_reserved_slug,
)
from helpdesk.links.models.redirects import DeadAddress, Redirect

__all__ = [
    "FIRST_NUMBER",
    "RESERVED_SLUGS",
    "Addressed",
    "DeadAddress",
    "FormerAddress",
    "HelpNumber",
    "HelpNumberField",
    "Kind",
    "Redirect",
    "addressed_models",
    "model_of",
    "refuse_reserved_slug",
]
