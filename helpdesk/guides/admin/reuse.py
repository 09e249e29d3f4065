"""Impact page: before a change of a shared record is saved, all pages that show it, and a choice.

The form's data travels through the page in hidden fields. So nothing is stored on the way, the conflict check runs
before the page and again when the choice is made, and "Back to the form" shows the form as it was sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import router, transaction
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from helpdesk.adminkit.extensions import record_panels
from helpdesk.adminkit.html import record_link, record_url, state_badge
from helpdesk.contentadmin.content_admin import ContentAdmin
from helpdesk.contentadmin.preview import carried_fields
from helpdesk.guides.admin.preview_paths import Shared, checks_of, pages_of, symptom_path
from helpdesk.guides.models import Cause, ContactPoint, Resolution, Symptom
from helpdesk.history.diff import Chunk, ChunkKind, as_html, with_context, word_diff
from helpdesk.permissions.rules import allowed, require

# The page's own fields: the choice, the symptoms that get a copy, and those that the editor has seen.
CHOICE, COPY_FOR, SEEN_PLACES = "_reuse", "_copy_for", "_seen_places"
EVERYWHERE, COPY, BACK = "everywhere", "copy", "back"


@dataclass(frozen=True, slots=True)
class Passage:
    """Field that visitors read and that is about to change, as a word diff."""

    name: str
    label: str
    chunks: Sequence[Chunk]

    @property
    def is_layout(self) -> bool:
        """True where no word differs, only line ends."""
        return all(chunk.kind in (ChunkKind.SAME, ChunkKind.CUT) for chunk in self.chunks)

    @property
    def html(self) -> SafeString:
        return as_html(self.chunks, removed=gettext("old:"), added=gettext("new:"))


@dataclass(frozen=True, slots=True)
class SharedUse:
    """Symptom that shows the record; `page` is its public page with the changed passage."""

    symptom: Symptom
    page: str
    may_copy: bool
    ticked: bool

    @property
    def path(self) -> str:
        return symptom_path(self.symptom)

    @property
    def link(self) -> SafeString:
        return record_link(self.symptom, self.path)

    @property
    def state(self) -> SafeString:
        return state_badge(self.symptom)


class ReuseAdmin(ContentAdmin):
    """Admin of a record that several pages show: saving a change lists them all first."""

    # Fields that visitors read.
    read_fields: ClassVar[tuple[str, ...]] = ()

    def make_copy(self, request: HttpRequest, record: Any, symptoms: Sequence[Symptom]) -> Model:
        """Return a separate copy of the changed record for these symptoms; only called where `can_copy`."""
        raise NotImplementedError

    can_copy = False

    class Media:
        css = {"all": ["staff/reuse.css"]}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            first = self.answer_before_saving(request, object_id)
            return first or super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if request.method == "POST" and request.POST.get(CHOICE) == BACK:
            # Not to be saved now, even if it is valid: the admin shows it again as it was sent.
            return type(form.__name__, (form,), {"is_valid": lambda self: False})
        return form

    def answer_before_saving(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """Return the impact page, or the response to a choice made there; None where the form is to be saved.

        None, too, for a form that would be refused, for "Back to the form", and where at most one page is concerned.
        """
        choice = request.POST.get(CHOICE, "")
        stored = self.get_object(request, unquote(object_id))
        if choice == BACK or stored is None or not self.has_change_permission(request, stored):
            return None
        form = self.get_form(request, stored, change=True)(request.POST, request.FILES, instance=stored)
        if not form.is_valid():
            return None
        passages = self.passages(form)
        uses = self.uses_of(request, form.instance, {passage.name for passage in passages})
        if not passages or len(uses) < 2:
            return None
        problem = problem_with(choice, uses, request.POST.get(SEEN_PLACES, ""))
        if choice == EVERYWHERE and not problem:
            return None
        if choice == COPY and not problem and self.can_copy:
            return self.copied(request, form, [use.symptom for use in uses if use.ticked])
        return self.impact_page(request, form.instance, passages, uses, problem)

    def passages(self, form: ModelForm) -> list[Passage]:
        """Return the fields that visitors read and that would change."""
        stored = self.stored(form.instance)
        found = []
        for name in self.read_fields:
            before, after = (comparable_text(record, name) for record in (stored, form.instance))
            if before != after:
                label = capfirst(str(self.opts.get_field(name).verbose_name))
                found.append(Passage(name, label, with_context(word_diff(before, after))))
        return found

    def uses_of(self, request: HttpRequest, record: Shared, changed: set[str]) -> list[SharedUse]:
        ticked = request.POST.getlist(COPY_FOR)
        return [
            SharedUse(
                symptom, page, self.can_copy and allowed(request.user, "change", symptom), str(symptom.pk) in ticked
            )
            for symptom, page in pages_of(record, changed).items()
        ]

    def impact_page(
        self, request: HttpRequest, record: Model, passages: list[Passage], uses: list[SharedUse], problem: str
    ) -> HttpResponse:
        own = (CHOICE, COPY_FOR, SEEN_PLACES)
        stored = self.stored(record)
        title = ngettext("“%(record)s”: used on %(count)s page", "“%(record)s”: used on %(count)s pages", len(uses))
        context = {
            **self.admin_site.each_context(request),
            "title": title % {"record": stored, "count": len(uses)},
            "opts": self.opts,
            "record": stored,
            "record_url": record_url(record),
            "form_url": request.get_full_path(),
            "preview_url": self.unsaved_preview_url(record),
            "fields": [(name, value) for name, value in carried_fields(request) if name not in own],
            "passages": passages,
            "uses": uses,
            "can_copy": self.can_copy and any(use.may_copy for use in uses),
            "seen_places": places_key(uses),
            "problem": problem,
            "is_popup": "_popup" in request.POST,
        }
        return render(request, "admin/guides/impact.html", context)

    def copied(self, request: HttpRequest, form: ModelForm, symptoms: list[Symptom]) -> HttpResponse:
        """Make the copy and redirect to it. Raises PermissionDenied."""
        require(request.user, "add", self.model)
        for symptom in symptoms:
            require(request.user, "change", symptom)
        original = self.stored(form.instance)
        copy = self.make_copy(request, form.instance, symptoms)
        self.log_addition(request, copy, [{"added": {}}])
        pages = ", ".join(symptom_path(symptom) for symptom in symptoms)
        text = gettext(
            "A copy with the new text was saved for: {pages}. “{original}” wasn't changed on the other pages."
        )
        messages.success(request, format_html(text, pages=pages, original=record_link(original)))
        return HttpResponseRedirect(record_url(copy))


def problem_with(choice: str, uses: Sequence[SharedUse], seen_places: str) -> str:
    """Return why a choice cannot be followed yet; empty where it can, or none was made."""
    ticked = [use for use in uses if use.ticked]
    if choice and seen_places != places_key(uses):
        return gettext("The list of pages has changed in the meantime. Review it again.")
    if choice == EVERYWHERE and ticked:
        return gettext("You've selected situations for a separate copy. Clear the selection to change all pages.")
    if choice == COPY and not ticked:
        return gettext("Select the situations that should get a separate copy.")
    if choice == COPY and len(ticked) == len(uses):
        return gettext("You've selected all situations. To change all of them, choose “Change everywhere”.")
    return ""


def places_key(uses: Sequence[SharedUse]) -> str:
    """Return the keys of the symptoms as the page sends them back."""
    return ",".join(str(use.symptom.pk) for use in uses)


def comparable_text(record: Model, name: str) -> str:
    """Return the text of a field with all kinds of line ends made equal."""
    value = getattr(record, name)
    return "" if value is None else "\n".join(str(value).splitlines())


@record_panels
def shared_notice(request: HttpRequest, record: Model) -> Iterator[str]:
    """Yield a notice above the form of a record that several pages show. One query."""
    if not isinstance(record, Cause | Resolution | ContactPoint):
        return
    pages = len({check.symptom_id for check in checks_of(record)})
    if pages < 2:
        return
    count = ngettext("Used on %d page.", "Used on %d pages.", pages) % pages
    text = gettext("You'll review all of them before saving a change.")
    yield format_html('<div class="shared-notice"><p><strong>{}</strong> {}</p></div>', count, text)
