"""Putting an older version back in the admin: who may, what is said of it, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from helpdesk.contentadmin.history_pages import Past
from helpdesk.history.changes import moment_text
from helpdesk.history.reasons import Reason
from helpdesk.history.restore import Refused, Restored, restore
from helpdesk.history.revisions import record_versions, revision
from helpdesk.history.timeline import person
from helpdesk.history.versions import history_of
from helpdesk.permissions.admin import PermissionCheckedAdmin


class RestoreAdmin(PermissionCheckedAdmin, SimpleHistoryAdmin):
    """The admin of a record that can be given an older text again."""

    # What a kind of record says of itself

    def page_at(self, request: HttpRequest, pk: int, moment: datetime) -> Past | None:
        """The record's public page as it was at a moment; None for a record without a page of its own."""
        return None

    def put_back_rows(self, record: Any, moment: datetime) -> Sequence[str]:
        """Puts back what belongs to the record as rows; here nothing does. Returns what could not be put back."""
        return []

    @property
    def has_pages(self) -> bool:
        """Whether the records have public pages of their own."""
        return type(self).page_at is not RestoreAdmin.page_at

    # Who may

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this user may not put an older text in place of what is stored now."""
        current = self.stored(obj)
        if current is None:
            return not self.has_add_permission(request)
        return not self.has_change_permission(request, current)

    def may_put_back_publishing(self, request: HttpRequest) -> bool:
        """Whether the user may also put back when the page was public."""
        return self.has_publish_permission(request)

    # Going back

    def restore_version(self, request: HttpRequest, pk: int, version: Any, moment: datetime) -> HttpResponse:
        """Puts a version back and goes to the history, which says what was done or why nothing was.

        Raises PermissionDenied for a user who may not change the record as it is now.
        """
        stored = self.stored(version.instance)
        try:
            with at_once(request):
                done, last = self._restored(request, pk, version, moment)
        except Refused as refused:
            messages.error(request, _("Nothing was changed: the older text cannot be put back."))
            for sentence in refused.sentences:
                messages.error(request, sentence)
            place = self.history_address("history", pk) if stored else self.history_address("deleted")
            return HttpResponseRedirect(place)
        self._say_what_was_done(request, done, last, moment, was_deleted=stored is None)
        return HttpResponseRedirect(self.history_address("history", pk))

    def _restored(self, request: HttpRequest, pk: int, version: Any, moment: datetime) -> tuple[Restored, Any]:
        """What was put back, and the version whose place it took."""
        # Locked, so that nobody saves between the look at what is stored and the change of it.
        stored = self.model._default_manager.select_for_update().filter(pk=pk).first()
        publishing = bool(request.POST.get("publishing"))
        if self.revert_disabled(request, stored or version.instance):
            raise PermissionDenied
        if publishing and not self.may_put_back_publishing(request):
            raise PermissionDenied
        self.catch_up(pk)
        last = history_of(self.model).filter(**{self.key: pk}).select_related("history_user").first()
        done = restore(version, moment, user=request.user, publishing=publishing, rows=self.put_back_rows)
        self.log_change(request, done.record, Reason.RESTORED.of(moment.isoformat()))
        return done, last

    def catch_up(self, pk: int) -> bool:
        """Keeps as a version what was changed past Django; says whether there was anything. By whom, nobody knows."""
        has_history = history_of(self.model).filter(**{self.key: pk}).exists()
        reason = Reason.CHANGED_OUTSIDE if has_history else Reason.HISTORY_BEGAN
        return bool(record_versions(self.model, [pk], reason=reason)) and has_history

    def _say_what_was_done(
        self, request: HttpRequest, done: Restored, last: Any, moment: datetime, *, was_deleted: bool
    ) -> None:
        if not was_deleted:
            text = _(
                "“%(name)s” says again what it said on %(when)s. It takes the place of what %(who)s saved on %(last)s, "
                "which stays in the history."
            )
        elif self.has_pages:
            text = _("“%(name)s” is back under its old number, as a draft.")
        else:
            text = _("“%(name)s” is back as it was when it was deleted.")
        named = {
            "name": str(done.record),
            "when": moment_text(moment),
            "who": person(last.history_user),
            "last": moment_text(last.history_date),
        }
        messages.success(request, text % named)
        for remark in done.remarks:
            messages.warning(request, remark)

    # Pieces

    @property
    def key(self) -> str:
        """The name of the field with the record's key, the same in its versions."""
        return str(self.opts.pk.attname)

    def stored(self, obj: Any) -> Any:
        """The record as the database has it; None where it has none."""
        return self.model._default_manager.filter(pk=obj.pk).first() if obj and obj.pk else None

    def history_address(self, view: str, *args: Any) -> str:
        """The address of one of the history's pages: "history", "history_at", "simple_history", "deleted"."""
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)


def at_once(request: HttpRequest) -> AbstractContextManager[object]:
    """One version of each record for all that a sent form changes."""
    return revision(user=request.user) if request.method == "POST" else nullcontext()
