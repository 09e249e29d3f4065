"""WSGI application: Django behind the page cache, with the observers that the settings ask for."""

import os
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from helpdesk.observability import slow_queries
from helpdesk.observability.request_log import PageCacheObserver, request_observers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

if settings.SENTRY_DSN:
    from helpdesk.observability import sentry

    sentry.connect(settings.SENTRY_DSN)

if settings.METRICS_PORT:
    # Loaded only now: the start command has made the directory of the metrics.
    from helpdesk.observability import metrics

    request_observers.append(metrics.count_request)
    slow_queries.connect(settings.SLOW_QUERY_MS, metrics.observe_query)
    page_cache_observer = PageCacheObserver(metrics.observe_page_cache_size)
else:
    slow_queries.connect(settings.SLOW_QUERY_MS)
    page_cache_observer = PageCacheObserver()

django_application = get_wsgi_application()

# After Django is set up, since these need its models.
from helpdesk.pagecache.layer import PageCache  # noqa: E402
from helpdesk.pagecache.purge import Purger  # noqa: E402

application: WSGIApplication = django_application
if settings.PAGE_CACHE_MB:
    application = PageCache(
        django_application,
        most_bytes=settings.PAGE_CACHE_MB * 1024 * 1024,
        trusts_proxy=bool(settings.TRUSTED_PROXIES),
        cdn_seconds=settings.CDN_SECONDS,
        watcher=page_cache_observer,
        purger=Purger(settings.PURGE_URL, settings.PURGE_HEADER) if settings.PURGE_URL else None,
    )
