"""Map of the site with the glossary's page."""

from django.urls import path

from helpdesk.urls import handler400, handler403, handler404, handler500, pages, site_urls
from tests.new_kind.glossary import views as glossary

urlpatterns = site_urls([*pages, path("terms/<slug:term>/", glossary.term_page, name="term")])

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
