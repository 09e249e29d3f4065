"""Accounts of staff: sign-in, second factor, sessions, throttling, the log of what happened, and the admin of people.

Offers the middleware of staff pages, `pending_form`, and the admin site. May import `helpdesk.contentadmin` and lower
packages.
"""
