"""The map of the site.

The public pages are mounted twice: at their addresses, and under `/admin/preview/`, where staff see them with
drafts. Links inside a page stay in the mount that the page was opened in.
"""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from helpdesk.agents import views as tickets
from helpdesk.content.kinds import all_kinds, page_kinds
from helpdesk.faq import views as faq
from helpdesk.feedback import views as feedback
from helpdesk.guides import views as guides
from helpdesk.images.views import picture
from helpdesk.operations import health
from helpdesk.portal import feeds, views
from helpdesk.portal.news import news_page
from helpdesk.portal.preview import preview
from helpdesk.portal.styleguide import styleguide
from helpdesk.redirects.views import short_link
from helpdesk.reports import views as insights
from helpdesk.search import views as search
from helpdesk.search.search_log import opened
from helpdesk.web.urls import by_method

pages = [
    path("", views.home, name="home"),
    path("contact/", guides.contact_points, name="contact-points"),
    path("guides/", views.guides, name="guides"),
    path("guides/<slug:guide>/", guides.guide_page, name="guide"),
    path("guides/<slug:guide>/none/", by_method(get=guides.none_page, post=feedback.none_of_these), name="none"),
    path("guides/<slug:guide>/<slug:symptom>/", guides.symptom_page, name="symptom"),
    path("guides/<slug:guide>/<slug:symptom>/all/", guides.all_checks, name="all"),
    path(
        "guides/<slug:guide>/<slug:symptom>/check/<slug:cause>/",
        by_method(get=guides.check_page, post=feedback.answer),
        name="check",
    ),
    path(
        "guides/<slug:guide>/<slug:symptom>/check/<slug:cause>/fix/",
        by_method(get=guides.fix_page, post=feedback.answer),
        name="fix",
    ),
    path("guides/<slug:guide>/<slug:symptom>/check/<slug:cause>/reminder.ics", guides.reminder, name="reminder"),
    path("guides/<slug:guide>/<slug:symptom>/found/", guides.found_page, name="found"),
    path("guides/<slug:guide>/<slug:symptom>/fixed/", guides.fixed_page, name="fixed"),
    path(
        "guides/<slug:guide>/<slug:symptom>/contact/",
        by_method(get=guides.contact_page, post=feedback.hand_off),
        name="contact",
    ),
    path("faq/", faq.faq_page, name="faq"),
    path("faq/topic/<slug:category>/", faq.topic_page, name="faq-topic"),
    path("faq/<slug:entry>/", faq.entry_page, name="faq-entry"),
]

# Kinds in packages of their own bring their pages along.
pages += [page for kind in all_kinds() for page in kind.pages()]

short_links = [
    *(
        path(f"{kind.letter}/<int:number>/", short_link, {"kind": kind.name}, name=kind.short_url_name)
        for kind in page_kinds()
    ),
    path("handoff/<slug:reference>/", feedback.handoff_page, name="handoff"),
]


urlpatterns = [
    path("", include((pages + short_links, "help"))),
    path("search/", by_method(get=search.search_page, post=search.words_for_staff), name="search"),
    path("search/opened/", opened, name="opened"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
    path("admin/preview/", include((preview(pages + short_links), "help"), namespace="preview")),
    path("admin/bundles/", include("helpdesk.transfer.urls")),
    path("admin/styleguide/", styleguide, name="styleguide"),
    path("admin/tickets/", admin.site.admin_view(tickets.find), name="tickets"),
    path("admin/tickets/suggestions/", admin.site.admin_view(tickets.suggestions), name="ticket-suggestions"),
    path("admin/tickets/<int:number>/", admin.site.admin_view(tickets.link), name="ticket"),
    path("admin/work/", admin.site.admin_view(insights.work), name="work"),
    path("admin/work/check/", admin.site.admin_view(insights.check_pages), name="check-pages"),
    path("admin/work/reviewed/<slug:kind>/<int:pk>/", admin.site.admin_view(insights.reviewed), name="reviewed"),
    path("admin/guides/guide/<int:pk>/map/", admin.site.admin_view(insights.guide_map), name="guide-map"),
    path("admin/", admin.site.urls),
    path("styleguide/", RedirectView.as_view(pattern_name="styleguide")),
    path("media/<str:name>", picture, name="picture"),
    path("news/", news_page, name="news"),
    path("feed/", feeds.PageFeed(), name="feed"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("robots.txt", feeds.robots, name="robots"),
    path(".well-known/security.txt", feeds.security_text, name="security-text"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
