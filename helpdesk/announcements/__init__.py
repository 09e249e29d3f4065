"""Announcements: known disturbances and other news, shown for a time on the pages that they concern.

Offers its model, and `current` with what is announced at a moment. May import guides and what is below.
"""
