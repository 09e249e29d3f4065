"""Template tags and filters of the public pages and the admin. May import web, content and text."""
