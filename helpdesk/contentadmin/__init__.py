"""Admin base classes for content: Markdown with preview, edit conflicts, history, flags, publishing, publish check.

Offers `ContentAdmin` and `PublishingAdmin` to the packages of content, and the admin site.
May import publishcheck, history, flags, adminkit, permissions, and what stands below them.
"""
