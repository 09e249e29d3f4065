"""Observability: log lines, request IDs, slow queries, Prometheus metrics and Sentry reports, without personal data.

Offers `request_context` (ID and route of the current request) and the observers that `helpdesk.wsgi` puts together.
May import nothing else of the portal.
"""
