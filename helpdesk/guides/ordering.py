"""Signal handler that keeps the checks of a symptom numbered 1, 2, 3 …"""

from __future__ import annotations

from django.db.models.signals import post_delete

from helpdesk.guides.models import Check, Symptom


def connect() -> None:
    post_delete.connect(close_gap, sender=Check, dispatch_uid="guides.ordering.close_gap")


def close_gap(sender: type[Check], instance: Check, origin: object = None, **kwargs: object) -> None:
    """Move the later checks up after one is deleted, unless the symptom itself is being deleted."""
    if not isinstance(origin, Symptom) and getattr(origin, "model", None) is not Symptom:
        Check.objects.close_gaps(instance.symptom_id)
