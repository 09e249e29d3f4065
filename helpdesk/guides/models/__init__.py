"""Models of the guides: contact points, resolutions, causes, guides, symptoms and their checks."""

from helpdesk.guides.models.base import MARKDOWN_HELP, NaturalKeyQuerySet
from helpdesk.guides.models.causes import Cause
from helpdesk.guides.models.contact_points import ContactPoint
from helpdesk.guides.models.guides import Guide
from helpdesk.guides.models.resolutions import Resolution
from helpdesk.guides.models.symptoms import Check, Symptom

__all__ = ["MARKDOWN_HELP", "Cause", "Check", "ContactPoint", "Guide", "NaturalKeyQuerySet", "Resolution", "Symptom"]
