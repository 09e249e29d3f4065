"""HTTP and URLs: security headers, compression, origin of requests, paths of pages, timeouts.

Offers middleware to the settings and helpers to all views. May import content, text and observability.
"""
