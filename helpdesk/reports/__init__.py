"""Reports for staff: the work list, the map of a guide, review dates, and how often pages and checks help.

Reads the registry of content kinds, so that a new kind appears in the work list by itself.
May import every package of content, feedback and search; only operations, portal and urls may import it.
"""
