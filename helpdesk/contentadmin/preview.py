"""Preview of unsaved forms: the public page with a record as it is in the form.

The form is saved for real, with all checks and in the admin's own order; the public page is rendered from that; and the
transaction is rolled back. So the preview cannot differ from what saving would bring, and nothing of it remains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import router, transaction
from django.db.models import Model
from django.forms import BaseModelFormSet, ModelForm
from django.forms.formsets import all_valid
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import URLPattern, path, resolve, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from simple_history.admin import SimpleHistoryAdmin

from helpdesk.adminkit.html import record_text
from helpdesk.content.audience import set_preview
from helpdesk.contentadmin.edit_conflicts import stored_stamp
from helpdesk.contentadmin.history import require_numbers
from helpdesk.contentadmin.page_links import preview_path

# Field in which the preview asks for another page.
PAGE_FIELD = "_place"


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A public page that shows a record, with a note where it is an example."""

    text: str
    path: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnsavedBanner:
    """Contents of the banner above a preview, with the form that it sends again to show another page."""

    name: str
    pages: Sequence[PreviewPage]
    page: PreviewPage
    url: str
    fields: Sequence[tuple[str, str]]
    token: str


@dataclass(frozen=True, slots=True)
class UnsavedPreview:
    """Attribute `preview` of the request for the public page: everything is shown, drafts too."""

    unsaved: UnsavedBanner


@dataclass(frozen=True, slots=True)
class PreviewErrors:
    """Errors of a form field that prevent the preview, under the field's label."""

    label: str
    texts: Sequence[str]


class _RolledBack(Exception):
    """Carries the response out of the transaction, which is rolled back."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


class PreviewAdmin(SimpleHistoryAdmin):
    """Admin of a record that public pages show."""

    # False for records that no page shows.
    has_page = True

    def preview_fragment(self, record: Any) -> str:
        """Return the id of the element to scroll to, for a record far down its page."""
        return ""

    def preview_pages(self, record: Any, changed: set[str]) -> Sequence[PreviewPage]:
        """Return the public pages with the record just saved, the one that shows the `changed` fields first.

        Never empty. What it saves is rolled back with the rest.
        """
        return [PreviewPage(str(record), record.get_absolute_url())]

    def get_urls(self) -> list[URLPattern]:
        if not self.has_page:
            return super().get_urls()
        view = self.admin_site.admin_view(self.unsaved_preview)
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("add/preview/", view, name=f"{name}_add_preview"),
            path("<path:object_id>/preview/", view, name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def unsaved_preview_url(self, record: Model | None = None) -> str:
        """Return the address that previews the form of the record, or of a new one."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if record is None:
            return reverse(f"{name}_add_preview")
        fragment = self.preview_fragment(record)
        return reverse(f"{name}_preview", args=[record.pk]) + (f"#{fragment}" if fragment else "")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: object, **kwargs: object
    ) -> HttpResponse:
        record = context.get("original")
        allowed = self.has_change_permission(request, record) if record else self.has_add_permission(request)
        if self.has_page and allowed:
            context["unsaved_preview_url"] = self.unsaved_preview_url(record)
        return super().render_change_form(request, context, *args, **kwargs)

    def unsaved_preview(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Show the public page with the values of a form, or the errors of the form. Nothing is saved."""
        if object_id is not None:
            require_numbers(object_id)
        if request.method != "POST":  # opened by hand: there is no form
            return HttpResponseRedirect(request.path.removesuffix("preview/") + ("change/" if object_id else ""))
        try:
            with transaction.atomic(using=router.db_for_write(self.model)):
                raise _RolledBack(self._preview(request, object_id))
        except _RolledBack as done:
            return done.response

    def _preview(self, request: HttpRequest, object_id: str | None) -> HttpResponse:
        stored = self._stored_for_preview(request, object_id)
        form, formsets = self._filled_in(request, stored)
        valid = form.is_valid()
        record = self.save_form(request, form, change=stored is not None) if valid else form.instance
        if not (all_valid(formsets) and valid):
            return self._problems_page(request, stored, [*problems_of_form(form), *problems_of_rows(formsets)])
        changed = really_changed(form)
        self.save_model(request, record, form, stored is not None)
        self.save_related(request, form, formsets, stored is not None)
        pages = self.preview_pages(record, changed)
        asked = request.POST.get(PAGE_FIELD)
        page = next((page for page in pages if page.path == asked), pages[0])
        unsaved = UnsavedBanner(
            name=record_text(record),
            pages=pages,
            page=page,
            url=self.unsaved_preview_url(stored),
            fields=carried_fields(request),
            token=get_token(request),
        )
        return public_page(request, page.path, UnsavedPreview(unsaved))

    def _stored_for_preview(self, request: HttpRequest, object_id: str | None) -> Model | None:
        """Return the record as it is stored; None for a new one. Raises Http404 or PermissionDenied."""
        stored = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and stored is None:
            raise Http404
        if not (self.has_change_permission(request, stored) if stored else self.has_add_permission(request)):
            raise PermissionDenied
        return stored

    def _filled_in(self, request: HttpRequest, stored: Model | None) -> tuple[ModelForm, list[BaseModelFormSet]]:
        """Return the form and the formsets below it, as Django's admin makes them to save."""
        data = request.POST.copy()
        if stored is not None:
            # An edit conflict matters when this is saved, not for a preview.
            data["seen"] = stored_stamp(stored)
        form = self.get_form(request, stored, change=stored is not None)(data, request.FILES, instance=stored)
        formsets, _inlines = self._create_formsets(request, form.instance, change=stored is not None)
        return form, formsets

    def _problems_page(
        self, request: HttpRequest, stored: Model | None, problems: Sequence[PreviewErrors]
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("The preview needs more information"),
            "opts": self.opts,
            "record": self.stored(stored) if stored else None,
            "problems": problems,
        }
        return render(request, "admin/preview_problems.html", context, status=422)


def really_changed(form: ModelForm) -> set[str]:
    """Return the changed fields, without those in which only the line ends differ."""

    def lines(value: object) -> object:
        return value.splitlines() if isinstance(value, str) else value

    return {name for name in form.changed_data if lines(form.initial.get(name)) != lines(form.cleaned_data.get(name))}


def problems_of_form(form: ModelForm, row: str = "") -> Iterator[PreviewErrors]:
    """Yield the errors of a form under the labels of its fields; of a row, after the row's name."""
    for name, errors in form.errors.items():
        label = "" if name == NON_FIELD_ERRORS or name not in form.fields else capfirst(str(form.fields[name].label))
        both = gettext("%(row)s: %(field)s") % {"row": row, "field": label}
        yield PreviewErrors(both if row and label else row or label, [str(error) for error in errors])


def problems_of_rows(formsets: Sequence[Any]) -> Iterator[PreviewErrors]:
    """Yield the errors of the rows below a form, with their numbers."""
    for formset in formsets:
        name = capfirst(str(formset.model._meta.verbose_name_plural))
        if errors := formset.non_form_errors():
            yield PreviewErrors(name, [str(error) for error in errors])
        for number, form in enumerate(formset.forms, start=1):
            yield from problems_of_form(form, gettext("%(rows)s, row %(number)s") % {"rows": name, "number": number})


def carried_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of the form that was sent, for the form in the banner, which adds its own."""
    own = {"csrfmiddlewaretoken", PAGE_FIELD}
    return [(name, value) for name, values in request.POST.lists() if name not in own for value in values]


def public_page(request: HttpRequest, path: str, preview: UnsavedPreview) -> HttpResponse:
    """Return the public page at a path, as its view answers in the preview."""
    path, _mark, _fragment = path.partition("#")
    path, _mark, query = preview_path(path).partition("?")
    page = copy(request)
    page.method, page.path, page.path_info = "GET", path, path
    page.META = {**request.META, "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
    page.GET = QueryDict(query)
    set_preview(page, preview)
    page.resolver_match = match = resolve(path)
    return match.func(page, *match.args, **match.kwargs)
