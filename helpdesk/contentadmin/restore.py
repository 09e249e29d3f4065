"""Restoring versions in the admin: permissions, messages, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from simple_history.admin import SimpleHistoryAdmin

from helpdesk.content.dates import moment_in_words
from helpdesk.content.kinds import is_content, kind_of
from helpdesk.history.as_of import AsOfPage, RecordsAt, hidden_reason
from helpdesk.history.reasons import Reason
from helpdesk.history.restore import RestoreRefused, RestoreResult, restore
from helpdesk.history.revisions import record_versions, revision
from helpdesk.history.versions import Version, history_of, key_name
from helpdesk.permissions.admin import PermissionCheckedAdmin
from helpdesk.permissions.names import display_name


class RestoreAdmin(PermissionCheckedAdmin, SimpleHistoryAdmin):
    """Admin of records whose versions can be restored."""

    # Hooks for kinds of records

    def page_at(self, request: HttpRequest, pk: int, moment: datetime) -> AsOfPage | None:
        """Return the record's public page as of a moment, made from the registry of kinds.

        None for a record without a page of its own, and for one that did not exist.
        """
        kind = kind_of(self.model) if is_content(self.model) else None
        record = RecordsAt(moment).get(self.model, pk, kind.reads) if kind and kind.template else None
        if kind is None or record is None:
            return None
        hidden = hidden_reason(record, moment) if kind.is_publishable else None
        return AsOfPage(kind.template, {kind.name: record}, hidden)

    def put_back_rows(self, record: Any, moment: datetime) -> Sequence[str]:
        """Restore the rows that belong to a record; returns sentences about those that could not be."""
        return []

    @property
    def has_pages(self) -> bool:
        """True for records with public pages of their own."""
        return is_content(self.model) and bool(kind_of(self.model).letter)

    # Permissions

    def revert_disabled(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return True for a user who may not restore a version of the record."""
        current = self.stored(obj)
        if current is None:
            return not self.has_add_permission(request)
        return not self.has_change_permission(request, current)

    # Restoring

    def restore_version(self, request: HttpRequest, pk: int, version: Version, moment: datetime) -> HttpResponse:
        """Restore a version and redirect to the history, which says what was done or why nothing was.

        Raises PermissionDenied for a user who may not change the record as it is now.
        """
        stored = self.stored(version.instance)
        try:
            with at_once(request):
                done, last = self._restored(request, pk, version, moment)
        except RestoreRefused as refused:
            messages.error(request, gettext("Nothing was changed: this version can't be restored."))
            for sentence in refused.sentences:
                messages.error(request, sentence)
            place = self.history_address("history", pk) if stored else self.history_address("deleted")
            return HttpResponseRedirect(place)
        self._say_what_was_done(request, done, last, moment, was_deleted=stored is None)
        return HttpResponseRedirect(self.history_address("history", pk))

    def _restored(
        self, request: HttpRequest, pk: int, version: Version, moment: datetime
    ) -> tuple[RestoreResult, Version]:
        """Restore a version; returns the result and the version whose place it took."""
        # Locked, so that nobody saves in between.
        stored = self.model._default_manager.select_for_update().filter(pk=pk).first()
        publishing = bool(request.POST.get("publishing"))
        if self.revert_disabled(request, stored or version.instance):
            raise PermissionDenied
        if publishing and not self.has_publish_permission(request):
            raise PermissionDenied
        self.catch_up(pk)
        last = history_of(self.model).filter(**{self.key: pk}).select_related("history_user").first()
        done = restore(version, moment, user=request.user, publishing=publishing, rows=self.put_back_rows)
        self.log_change(request, done.record, Reason.RESTORED.of(moment.isoformat()))
        return done, last

    def catch_up(self, pk: int) -> bool:
        """Record what was changed past Django, which has no author; returns True where there was something."""
        has_history = history_of(self.model).filter(**{self.key: pk}).exists()
        reason = Reason.CHANGED_OUTSIDE if has_history else Reason.HISTORY_BEGAN
        return bool(record_versions(self.model, [pk], reason=reason)) and has_history

    def _say_what_was_done(
        self, request: HttpRequest, done: RestoreResult, last: Version, moment: datetime, *, was_deleted: bool
    ) -> None:
        if not was_deleted:
            text = gettext(
                "“%(name)s” was restored to the version of %(when)s. It replaces the version %(who)s "
                "saved on %(last)s, which stays in the history."
            )
        elif self.has_pages:
            text = gettext("“%(name)s” was restored under its old number, as a draft.")
        else:
            text = gettext("“%(name)s” was restored as it was when it was deleted.")
        named = {
            "name": str(done.record),
            "when": moment_in_words(moment),
            "who": display_name(last.history_user, missing=gettext("the system")),
            "last": moment_in_words(last.history_date),
        }
        messages.success(request, text % named)
        for remark in done.remarks:
            messages.warning(request, remark)

    # Helpers

    @property
    def key(self) -> str:
        """The attribute with the record's key, the same in its versions."""
        return key_name(self.model)

    def stored(self, obj: Model | None) -> Any:
        """Return the record as stored; None where it is not."""
        return self.model._default_manager.filter(pk=obj.pk).first() if obj and obj.pk else None

    def history_address(self, view: str, *args: object) -> str:
        """Return the URL of a history page: "history", "history_at", "simple_history" or "deleted"."""
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)


def at_once(request: HttpRequest) -> AbstractContextManager[object]:
    """Return a revision for all that a sent form changes."""
    return revision(user=request.user) if request.method == "POST" else nullcontext()
