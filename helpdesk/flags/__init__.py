"""Flags: notes by staff that a record needs change, on the record's page, in lists and in the work list.

Offers `FlaggedAdmin` for the admin of records, and the model `Flag` for reports.
May import adminkit, permissions, content, web, and what stands below them.
"""
