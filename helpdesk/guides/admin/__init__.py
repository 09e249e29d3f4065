"""Admin of guides, symptoms, causes, resolutions and contact points."""

from helpdesk.guides import merging
from helpdesk.guides.admin import causes, contact_points, groups, guides, permissions, resolutions, symptoms

permissions.connect()

__all__ = ["causes", "contact_points", "groups", "guides", "merging", "resolutions", "symptoms"]
