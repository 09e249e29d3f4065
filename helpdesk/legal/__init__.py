"""Legal texts: imprint, privacy, terms; pages that the operator owes, beside the help.

Offers the kind `legal`, a page at `/legal/<slug>/`. May import what `helpdesk.faq` may; nothing imports it.
"""
