"""Technical FAQ: categories, entries, their pages and their admin.

Offers its models and content kinds. May import guides and what stands below them.
"""
