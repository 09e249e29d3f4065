"""Guides: problem areas, their symptoms with checks, causes and resolutions, and the walk through them.

Offers models, views, `page_lookup` and `walk_view`. May import redirects, addresses and what is below.
"""
