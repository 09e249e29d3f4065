"""Addresses of content: help numbers, slugs, former addresses, and what a path means.

Offers `Addressed` for models, `resolver.resolve` for paths, `pages` for help numbers, the link checker and the rules
for slugs. May import history, permissions, the publish check and what is below; no redirects, no content package.
"""
