"""Texts in Markdown: rendering to safe HTML, plain text, limits, readability, addresses of pictures.

Offers `markdown.render()`, `markdown.plain()`, `readability.parts()` and `image_urls`. Knows no model and imports
nothing of the portal.
"""
