"""History of records in the admin: the timeline, the page as of a moment, restoring."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, re_path
from django.utils.text import capfirst
from django.utils.translation import gettext

from helpdesk.adminkit.extensions import list_links
from helpdesk.content.audience import Audience, set_preview
from helpdesk.content.dates import moment_in_words
from helpdesk.contentadmin.history_context import AskedMoment, comparison, deleted_records, version_context
from helpdesk.contentadmin.restore import RestoreAdmin, at_once
from helpdesk.history.page_history import page_history
from helpdesk.history.timeline import add_texts, timeline
from helpdesk.history.versions import Version, history_of, is_deletion, versions_at

ENTRIES_A_PAGE = 20


class HistoryAdmin(RestoreAdmin):
    """Admin of records with a history."""

    change_list_template = "admin/content_change_list.html"

    # One revision for each request

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        with at_once(request):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        context = {
            "title": capfirst(self.opts.verbose_name_plural),
            "deleted_url": self.history_address("deleted"),
            "links": list_links.collect(request, self.model),
            **(extra_context or {}),
        }
        with at_once(request):
            return super().changelist_view(request, context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        with at_once(request):
            return super().delete_view(request, object_id, extra_context)

    # URLs

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("deleted/", view(self.deleted_view), name=f"{name}_deleted"),
            re_path(r"^([^/]+)/history/at/$", view(self.history_at_view), name=f"{name}_history_at"),
            *super().get_urls(),
        ]

    # Views

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Show the timeline of the record's page; with `only` in the URL that of the record alone."""
        pk, now = self._find(request, object_id)
        past_the_portal = self.catch_up(pk)
        page = page_history(self.model, pk)
        only_own = "only" in request.GET
        entries = Paginator(timeline(page, only_own=only_own), ENTRIES_A_PAGE)
        shown = entries.get_page(request.GET.get("p"))
        add_texts(list(shown.object_list), page)
        context = self._context(request, pk, now) | {
            "title": gettext("History of “%(name)s”") % {"name": now},
            "page_obj": shown,
            "page_range": entries.get_elided_page_range(shown.number),
            "is_whole_page": len(page.intervals) > 1,
            "only_own": only_own,
            "past_the_portal": past_the_portal,
            "moment": AskedMoment(request.GET),
        }
        return TemplateResponse(request, "admin/content_history_list.html", context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Show one version and how it differs from today; restore it on POST."""
        pk, now = self._find(request, object_id)
        require_numbers(version_id)
        version = history_of(self.model).filter(**{self.key: pk, "history_id": version_id}).first()
        if version is None or (is_deletion(version) and self.stored(now)):
            raise Http404
        moment = self._moment_of(request, version)
        if request.method == "POST":
            return self.restore_version(request, pk, version, moment)
        context = self._context(request, pk, now) | version_context(self.model, pk, version, moment)
        return TemplateResponse(request, "admin/content_history_form.html", context)

    def history_at_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the record's page as of a moment, or its changes since then."""
        pk, now = self._find(request, object_id)
        asked = AskedMoment(request.GET)
        context = self._context(request, pk, now) | {"moment": asked}
        if asked.moment is None:
            return self._without_page(request, context, asked.problem, status=400)
        version = versions_at(self.model, asked.moment, **{self.key: pk}).first()
        if version is None:
            first = history_of(self.model).filter(**{self.key: pk}).earliest()
            text = gettext("This didn't exist yet. Its history begins on %(when)s.")
            return self._without_page(request, context, text % {"when": moment_in_words(first.history_date)})
        if is_deletion(version):
            text = gettext("This was already deleted, on %(when)s.")
            return self._without_page(request, context, text % {"when": moment_in_words(version.history_date)})
        if "compare" in request.GET:
            context |= {"title": gettext("Changes since %(when)s") % {"when": asked.text}}
            context |= {"items": comparison(page_history(self.model, pk), asked.moment)}
            return TemplateResponse(request, "admin/content_history_compare.html", context)
        past = self.page_at(request, pk, asked.moment)
        if past is None:
            return HttpResponseRedirect(self.history_address("simple_history", pk, version.history_id))
        set_preview(request, Audience(is_preview=True))
        answer = render(request, past.template, past.context | {"past": past} | context)
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """Show the deleted records, the last one first."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        shown = deleted_records(self.model, request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            **shown,
            "opts": self.opts,
            "title": gettext("Deleted: %(kind)s") % {"kind": self.opts.verbose_name_plural},
            "may_restore": self.has_add_permission(request),
            "version_view": f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_simple_history",
            "changelist_url": self.history_address("changelist"),
        }
        return TemplateResponse(request, "admin/content_history_deleted.html", context)

    # Helpers

    def _find(self, request: HttpRequest, object_id: str) -> tuple[int, Model]:
        """Return the key, and the record as it is or was last. Raises Http404, PermissionDenied."""
        object_id = unquote(object_id)
        require_numbers(object_id)
        pk = int(object_id)
        found = self.model._default_manager.filter(pk=pk).first()
        if found is None:
            last = history_of(self.model).filter(**{self.key: pk}).first()
            if last is None:
                raise Http404
            found = last.instance
        if not self.has_view_or_change_permission(request, found):
            raise PermissionDenied
        return pk, found

    def _moment_of(self, request: HttpRequest, version: Version) -> datetime:
        """Return the moment in the request if the version was the present one then, else that of the version."""
        asked = (request.POST if request.method == "POST" else request.GET).get("moment", "")
        moment = AskedMoment({"moment": asked}).moment if asked else None
        if moment is None or moment < version.history_date:
            return version.history_date
        found = versions_at(self.model, moment, **{self.key: getattr(version, self.key)}).first()
        return moment if found == version else version.history_date

    def _without_page(
        self, request: HttpRequest, context: dict[str, object], text: str, status: int = 200
    ) -> HttpResponse:
        context |= {"title": gettext("Page as of a date"), "text": text}
        return TemplateResponse(request, "admin/content_history_without_page.html", context, status=status)

    def _context(self, request: HttpRequest, pk: int, now: Model) -> dict[str, object]:
        """Return the context that all history pages of a record share."""
        is_stored = self.stored(now) is not None
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original_opts": self.opts,
            "app_label": self.opts.app_label,
            "object": now,
            "is_stored": is_stored,
            "may_restore": not self.revert_disabled(request, now),
            "may_put_back_publishing": is_stored and self.has_publish_permission(request),
            "has_pages": self.has_pages,
            "version_view": f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_simple_history",
            "changelist_url": self.history_address("changelist"),
            "change_url": self.history_address("change", pk) if is_stored else "",
            "history_url": self.history_address("history", pk),
            "at_url": self.history_address("history_at", pk),
            "deleted_url": self.history_address("deleted"),
        }


def require_numbers(*ids: str) -> None:
    """Raise Http404 for a URL that cannot be one of ours."""
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in ids):
        raise Http404
