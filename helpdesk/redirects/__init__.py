"""Redirects: of staff, of deleted and merged pages, and the log of paths that were not found.

Offers the middleware that answers for paths without a page, `lookup` for the content packages, `PageDeletionAdmin` and
`merging` for their pages, and the form field for a page. May import addresses and what is below them.
"""
