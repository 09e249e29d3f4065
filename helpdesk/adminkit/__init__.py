"""Building blocks of the admin that know nothing of content kinds: form fields, lists, HTML, progress pages.

Offers extension points, by which a package adds links and panels to admin pages of packages below it.
May import permissions, web, content, text, and what stands below them.
"""
