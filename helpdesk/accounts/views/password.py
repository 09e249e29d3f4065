"""The page for a new password of one's own."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from helpdesk.accounts import events, sessions
from helpdesk.accounts.forms import OwnPasswordForm
from helpdesk.accounts.models import Account, EventKind, account_of, signed_in


@method_decorator(never_cache, name="dispatch")
class OwnPasswordView(PasswordChangeView):
    """Change of the password; all other sessions of the user end."""

    form_class = OwnPasswordForm
    template_name = "accounts/password.html"
    success_url = reverse_lazy("admin:password_change_done")
    title = _("Change your password")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, must=account_of(self.request.user).must_set_password)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        user = signed_in(self.request)
        Account.objects.filter(user=user).update(must_set_password=False, password_given_at=None)
        response = super().form_valid(form)
        sessions.end_all(user, but=self.request)
        events.log_event(self.request, EventKind.PASSWORD_CHANGED, user)
        return response
