"""Contact points: the people to turn to, their lines with numbers and hours, and the templates that show them.

Offers the models, `all_contacts` for pages, pure modules for telephone numbers and opening hours, publish rules.
May import what is below the redirects. The tables stay in the app `guides`.
"""
