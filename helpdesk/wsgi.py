"""The entry point for the web server."""

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from helpdesk.observability import slow_queries
from helpdesk.observability.requests import kept_pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

if settings.SENTRY_DSN:
    from helpdesk.observability import errors

    errors.begin(settings.SENTRY_DSN)
slow_queries.connect()

django_application = get_wsgi_application()

# After Django is set up, since these need its models.
from helpdesk.pagecache.layer import PageCache  # noqa: E402
from helpdesk.pagecache.purge import Purger  # noqa: E402

application: Any = django_application
if settings.PAGE_CACHE_MB:
    application = PageCache(
        django_application,
        most_bytes=settings.PAGE_CACHE_MB * 1024 * 1024,
        trusts_proxy=bool(settings.TRUSTED_PROXIES),
        cdn_seconds=settings.CDN_SECONDS,
        watcher=kept_pages(),
        purger=Purger(settings.PURGE_URL, settings.PURGE_HEADER) if settings.PURGE_URL else None,
    )
