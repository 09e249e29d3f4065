"""Models of the guides: resolutions, causes, guides, groups, symptoms, their checks; and the contact points."""

from helpdesk.contacts.models import ContactLine, ContactPoint
from helpdesk.guides.models.causes import Cause
from helpdesk.guides.models.groups import SituationGroup
from helpdesk.guides.models.guides import Guide
from helpdesk.guides.models.resolutions import Resolution
from helpdesk.guides.models.symptoms import Check, Symptom

__all__ = ["Cause", "Check", "ContactLine", "ContactPoint", "Guide", "Resolution", "SituationGroup", "Symptom"]
