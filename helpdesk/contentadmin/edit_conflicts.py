"""Edit conflicts: two editors with the same record open, of whom the second one to save is told and loses nothing.

The form carries the moment of the last change that its editor has seen. Where the stored one is another, the form is
shown again with its text, what is stored beside it, and the new moment: saving once more is then a decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib.admin.utils import display_for_field
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext

from helpdesk.content.dates import moment_in_words
from helpdesk.history.versions import history_of
from helpdesk.permissions.names import display_name
from helpdesk.publishcheck.validation import UnpublishableError, problem_html


@dataclass(frozen=True)
class StoredDifference:
    """Field whose stored value is not the one in the form."""

    label: str
    stored: str


class ContentForm(forms.ModelForm):
    """Form that refuses once to save over a change its editor has not seen."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    # Result of the publish check of this form, where it was sent before and could not be saved.
    refused: UnpublishableError | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_conflict = False
        self.stamp = stored_stamp(self.instance)
        self.initial["seen"] = self.stamp

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.stamp and self.cleaned_data.get("seen", "") != self.stamp:
            self.in_conflict = True
            # From here on the form stands for one whose editor has seen what is stored.
            renewed = cast(QueryDict, self.data).copy()
            renewed[self.add_prefix("seen")] = self.stamp
            self.data = renewed
            raise ValidationError(conflict_text(self.instance), code="conflict")
        if self.refused:
            self.add_problems(self.refused)
        return cleaned

    def add_problems(self, refused: UnpublishableError) -> None:
        """Add the problems that the form was refused for, at their fields where they are this record's own."""
        for problem in refused.problems:
            own = problem.record == refused.record and problem.field in self.fields
            text = problem_html(problem, refused.record)
            self.add_error(problem.field if own else None, ValidationError(text, code=problem.rule))


def stored_stamp(record: Model) -> str:
    """Return the moment of the record's last change as the form sends it; empty for one that is not stored."""
    moment: datetime | None = vars(record)["updated_at"]
    if hasattr(record, "_history"):  # a former version: it would go over what is stored now
        moment = type(record)._default_manager.filter(pk=record.pk).values_list("updated_at", flat=True).first()
    return moment.isoformat() if record.pk and moment else ""


def conflict_text(record: Model) -> str:
    """Return the message to the second editor: who saved last, when, and what to do."""
    last = history_of(type(record)).filter(id=record.pk).select_related("history_user").first()
    user = last.history_user if last else None
    moment = last.history_date if last else vars(record)["updated_at"]
    return gettext(
        "%(who)s saved this page while you were editing (%(when)s). Your text is still in the "
        "form. To replace the other version with yours, save again."
    ) % {
        "who": display_name(user, missing=gettext("Someone")),
        "when": moment_in_words(moment),
    }


def stored_differences(form: forms.ModelForm) -> Iterator[StoredDifference]:
    """Yield the fields whose stored value is not what was sent, in the form's order."""
    stored = type(form.instance)._default_manager.get(pk=form.instance.pk)
    unchanged = type(form)(instance=stored)
    for name, field in form.fields.items():
        if name == "seen":
            continue
        if field.has_changed(unchanged.get_initial_for_field(field, name), form[name].data):
            yield StoredDifference(capfirst(str(field.label)), field_text(stored, name))


def field_text(record: Model, name: str) -> str:
    """Return the value of a field as text."""
    field: Any = record._meta.get_field(name)
    value = getattr(record, name)
    if field.many_to_many:
        return ", ".join(map(str, value.all())) or "–"
    if field.is_relation:
        return str(value or "–")
    return str(display_for_field(value, field, "–")) or "–"
