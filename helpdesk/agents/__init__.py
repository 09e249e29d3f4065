"""Links for tickets: finds the page for a customer and makes a link that starts at the first check not yet tried.

Offers the views under /admin/tickets/ and their links in the admin. May import what is below it, search included.
"""
