"""Feedback of visitors: outcomes of checks, words of their own, and hand-offs under a reference number.

Offers the views of the public forms, `visitors.public_post` and `handoffs`. May import guides and what is below.
"""
