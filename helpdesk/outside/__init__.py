"""Outside pages: pages of others that texts link to by name, and the check of links that lead out of the portal.

Offers `OutsidePage`, `links.fill_response()` and `link_check`. May import contentadmin, history and what is below.
"""
