"""The map of the site, and the addresses of the debug toolbar."""

from debug_toolbar.toolbar import debug_toolbar_urls

from helpdesk.urls import handler400, handler403, handler404, handler500
from helpdesk.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*debug_toolbar_urls(), *site]
