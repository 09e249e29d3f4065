"""Foundation of all content: the registry of content kinds, publishing, audience, Markdown fields, triggers.

Offers `kinds.register()` and the functions to read the registry, `publishing.Publishable`, `audience.Audience`.
May import `helpdesk.text`; imported by every package that works with content.
"""
