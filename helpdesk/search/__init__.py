"""Search over the pages of all content kinds: index, query, suggestions, synonyms, log of searches.

Offers `query.search()`, `query.suggest()` and `index.catch_up()`; pages are found for every kind with a `SearchSource`.
May import feedback, faq and guides, and what is below them; imported by reports, transfer, agents and above.
"""
