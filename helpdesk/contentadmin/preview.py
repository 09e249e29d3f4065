"""The preview of a record as the visitor will see it, with what is in the form and not saved yet.

The form is saved for real, with all checks and in the admin's own order; the public page is rendered from that; and the
transaction is taken back. So the preview cannot differ from what saving would bring, and nothing of it remains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import router, transaction
from django.forms import ModelForm
from django.forms.formsets import all_valid
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import URLPattern, path, resolve, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from helpdesk.contentadmin.edit_conflicts import stored_stamp
from helpdesk.contentadmin.history import require_numbers
from helpdesk.contentadmin.page_links import preview_path

# The field in which the page with a preview says where else to show it.
PLACE = "_place"


@dataclass(frozen=True, slots=True)
class Place:
    """A public page on which a record stands; `note` says what is special about it."""

    text: str
    path: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What the banner above unsaved text says, and what it sends to show another page: the same form once more."""

    name: str
    places: Sequence[Place]
    place: Place
    url: str
    fields: Sequence[tuple[str, str]]
    token: str

    @property
    def note(self) -> str:
        return self.place.note


@dataclass(frozen=True, slots=True)
class UnsavedPreview:
    """Stands at a request for a public page as its `preview`: everything is shown, drafts too."""

    unsaved: Unsaved
    at: None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What is in the way of a preview: the field as its form calls it, and what is wrong with it."""

    label: str
    texts: Sequence[str]


class _NothingSaved(Exception):
    """Takes back all that was done for a preview."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


class PreviewAdmin(SimpleHistoryAdmin):
    """The admin of a record that has a place on the public pages."""

    # Whether there is a page to show it on.
    has_page = True

    def preview_fragment(self, record: Any) -> str:
        """The id of the part of the page to bring into view, for a record that stands far down."""
        return ""

    def preview_places(self, record: Any, changed: set[str]) -> Sequence[Place]:
        """The public pages with the record as it has just been saved, the one that shows the `changed` fields first.

        Never empty. What it saves is taken back with the rest.
        """
        return [Place(str(record), record.get_absolute_url())]

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

    def unsaved_preview_url(self, record: Any = None) -> str:
        """Where the form of the record, or of a new one, is sent to be previewed."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if record is None:
            return reverse(f"{name}_add_preview")
        fragment = self.preview_fragment(record)
        return reverse(f"{name}_preview", args=[record.pk]) + (f"#{fragment}" if fragment else "")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        record = context.get("original")
        allowed = self.has_change_permission(request, record) if record else self.has_add_permission(request)
        if self.has_page and allowed:
            context["unsaved_preview_url"] = self.unsaved_preview_url(record)
        return super().render_change_form(request, context, *args, **kwargs)

    def unsaved_preview(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """The public page with what a form says, or what the form still lacks. Nothing is saved."""
        if object_id is not None:
            require_numbers(object_id)
        if request.method != "POST":  # somebody opens the address by hand: there is no text to preview
            return HttpResponseRedirect(request.path.removesuffix("preview/") + ("change/" if object_id else ""))
        try:
            with transaction.atomic(using=router.db_for_write(self.model)):
                raise _NothingSaved(self._preview(request, object_id))
        except _NothingSaved as done:
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
        places = self.preview_places(record, changed)
        asked = request.POST.get(PLACE)
        place = next((place for place in places if place.path == asked), places[0])
        unsaved = Unsaved(
            name=capfirst(f"{self.opts.verbose_name} “{record}”"),
            places=places,
            place=place,
            url=self.unsaved_preview_url(stored),
            fields=carried_fields(request),
            token=get_token(request),
        )
        return public_page(request, place.path, UnsavedPreview(unsaved))

    def _stored_for_preview(self, request: HttpRequest, object_id: str | None) -> Any:
        """The record as it is stored; None for a new one. Raises Http404 or PermissionDenied."""
        stored = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and stored is None:
            raise Http404
        if not (self.has_change_permission(request, stored) if stored else self.has_add_permission(request)):
            raise PermissionDenied
        return stored

    def _filled_in(self, request: HttpRequest, stored: Any) -> tuple[Any, list[Any]]:
        """The form and the rows below it, as Django's admin makes them to save."""
        data = request.POST.copy()
        if stored is not None:
            # What somebody else saved meanwhile matters when this is saved, not when it is looked at.
            data["seen"] = stored_stamp(stored)
        form = self.get_form(request, stored, change=stored is not None)(data, request.FILES, instance=stored)
        formsets, _inlines = self._create_formsets(request, form.instance, change=stored is not None)
        return form, formsets

    def _problems_page(self, request: HttpRequest, stored: Any, problems: Sequence[Missing]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("The preview needs a little more first"),
            "opts": self.opts,
            "record": self.stored(stored) if stored else None,
            "problems": problems,
        }
        return render(request, "admin/preview_problems.html", context, status=422)


def really_changed(form: ModelForm) -> set[str]:
    """The fields that were changed; not those in which only the browser's kind of line end is another one."""

    def lines(value: Any) -> Any:
        return value.splitlines() if isinstance(value, str) else value

    return {name for name in form.changed_data if lines(form.initial.get(name)) != lines(form.cleaned_data.get(name))}


def problems_of_form(form: ModelForm, row: str = "") -> Iterator[Missing]:
    """What is wrong in the fields of a form, under their labels; of a row, with the row's name before them."""
    for name, errors in form.errors.items():
        label = "" if name == NON_FIELD_ERRORS or name not in form.fields else capfirst(str(form.fields[name].label))
        yield Missing(": ".join(filter(None, [row, label])), [str(error) for error in errors])


def problems_of_rows(formsets: Sequence[Any]) -> Iterator[Missing]:
    """What is wrong in the rows below a form, each with its number."""
    for formset in formsets:
        name = capfirst(str(formset.model._meta.verbose_name_plural))
        if errors := formset.non_form_errors():
            yield Missing(name, [str(error) for error in errors])
        for number, form in enumerate(formset.forms, start=1):
            yield from problems_of_form(form, _("%(rows)s, row %(number)s") % {"rows": name, "number": number})


def carried_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """All that a form has sent, to be sent once more from another page; without what is that page's own."""
    own = {"csrfmiddlewaretoken", PLACE}
    return [(name, value) for name, values in request.POST.lists() if name not in own for value in values]


def public_page(request: HttpRequest, path: str, preview: UnsavedPreview) -> HttpResponse:
    """The public page at a path, as its view answers in the preview, links leading on in the ordinary preview."""
    path, _mark, _fragment = path.partition("#")
    path, _mark, query = preview_path(path).partition("?")
    page: Any = copy(request)
    page.method, page.path, page.path_info = "GET", path, path
    page.META = {**request.META, "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
    page.GET, page.preview = QueryDict(query), preview
    page.resolver_match = match = resolve(path)
    return match.func(page, *match.args, **match.kwargs)
