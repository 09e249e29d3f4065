"""The admin site with login steps and pages for one's own account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from helpdesk.accounts.views import own_account, password, sign_in
from helpdesk.contentadmin.site import StaffAdminSite


class SignInSite(StaffAdminSite):
    """`/admin/` with the views of this package."""

    logout_template = "accounts/signed_out.html"
    password_change_done_template = "accounts/password_done.html"  # noqa: S105 - a template

    def get_urls(self) -> list[URLPattern | URLResolver]:
        view = self.admin_view
        return [
            path("login/code/", sign_in.code, name="login-code"),
            path("account/", view(own_account.account), name="account"),
            path("account/sign-out-everywhere/", view(own_account.sign_out_everywhere), name="sign-out-everywhere"),
            path("second-factor/", view(own_account.second_factor), name="second-factor"),
            path("second-factor/set-up/", view(own_account.set_up), name="second-factor-set-up"),
            path("second-factor/codes/", view(own_account.new_codes), name="second-factor-codes"),
            path("second-factor/remove/", view(own_account.remove_factor), name="second-factor-remove"),
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        return sign_in.sign_in(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> Any:
        context = {**self.each_context(request), **(extra_context or {})}
        return password.OwnPasswordView.as_view(extra_context=context)(request)
