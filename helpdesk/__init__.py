"""Help portal of a company: guides for login problems, a technical FAQ, their search, and their admin.

CONTRIBUTING.md describes the packages and the direction of imports between them.
"""
