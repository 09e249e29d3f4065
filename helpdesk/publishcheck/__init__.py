"""Publish check: nothing goes live with an error, whichever way it is saved.

Offers `rules_for` to register rules for a model, `problems_of` to evaluate them, `validate_publishable` to call after
saving, and `check_everything`. May import adminkit and what stands below it.
"""
