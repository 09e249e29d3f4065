"""The admin of people: names, roles, and the operations of Administrators on their accounts."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, Field, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.accounts import account_protection, second_factor, staff_accounts
from helpdesk.accounts.backend import START_PASSWORD_DAYS
from helpdesk.adminkit.named_list import NamedListAdmin
from helpdesk.permissions import roles
from helpdesk.permissions.groups import ROLES
from helpdesk.permissions.names import display_name


class PersonForm(forms.ModelForm):
    """Form for a person with one role. Nobody changes the own role, or closes the own account."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    # The user who fills in the form; set by the admin.
    filled_in_by: User

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" not in self.fields:  # for users with the view permission only
            return
        choices = [*ROLES, roles.SUPERUSER] if self.filled_in_by.is_superuser else list(ROLES)
        cast(forms.ChoiceField, self.fields["role"]).choices = [(role, roles.ROLE_LABELS[role]) for role in choices]
        if self.instance.pk:
            self.fields["role"].initial = roles.role_of(self.instance)
        if self.instance.pk == self.filled_in_by.pk:
            for name in ("role", "is_active"):
                self.fields[name].disabled = True
                self.fields[name].help_text = gettext(
                    "You can't change this for your own account. Ask another Administrator."
                )
            self.fields["role"].required = False

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        others = User.objects.exclude(pk=self.instance.pk)
        if others.filter(username__iexact=name).exists():
            raise ValidationError(gettext("This user name is taken. Choose another one."))
        return name


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(role, role) for role in (*ROLES, roles.SUPERUSER)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() == roles.SUPERUSER:
            return queryset.filter(is_superuser=True)
        return queryset.filter(groups__name=self.value(), is_superuser=False) if self.value() in ROLES else queryset


@admin.register(User)
class PersonAdmin(NamedListAdmin):
    form = PersonForm
    change_form_template = "accounts/person_form.html"
    actions = None
    view_on_site = False
    list_display = ("username", "full_name", "role", "has_factor", "is_active", "last_login")
    list_filter = (RoleFilter, "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = _("Name or email")
    ordering = ("username",)
    fieldsets = (
        (_("Person"), {"fields": ("username", ("first_name", "last_name"), "email")}),
        (_("Permissions"), {"fields": ("role", "is_active")}),
    )

    class Media:
        css = {"all": ["staff/admin.css", "staff/accounts.css"]}

    def list_title(self) -> str:
        return gettext("Staff")

    # Columns

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name() or "–"

    @admin.display(description=_("role"))
    def role(self, user: User) -> str:
        return roles.role_of(user) or "–"

    @admin.display(description=_("two-factor authentication"), boolean=True)
    def has_factor(self, user: Any) -> bool:
        return user.with_factor

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        with_factor = Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True))
        return super().get_queryset(request).prefetch_related("groups").annotate(with_factor=with_factor)

    # Permissions

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or account_protection.may_manage(request.user, obj)
        )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: accounts are closed, so that their events stay under their names."""
        return False

    # The form

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[PersonForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"filled_in_by": request.user})

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:  # new accounts are open
            return (self.fieldsets[0], (self.fieldsets[1][0], {"fields": ("role",)}))
        return self.fieldsets

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if db_field.name == "is_active":
            field.label = gettext("Active")
            field.help_text = gettext(
                "Clear the box to close this account. Its sessions end and it can't be used to log in."
            )
        if db_field.name == "username":
            field.label = gettext("User name")
            field.help_text = gettext("Up to 150 characters: letters, digits, and @ . + - _")
        return field

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        """Save the account and its role."""
        obj.is_staff = True
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        role = form.cleaned_data.get("role")
        if role and obj.pk != request.user.pk:
            staff_accounts.give_role(request, obj, role)
        if change and "is_active" in form.changed_data:
            staff_accounts.log_open_or_closed(request, obj)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """Give a new account a first password, and show it once."""
        return self._password_page(request, obj, staff_accounts.give_password(request, obj))

    # Beside the form

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.sign_in_view)
        return [path("<path:object_id>/sign-in/", view, name="auth_user_sign_in"), *super().get_urls()]

    def sign_in_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page on how a person signs in, with the operations of Administrators."""
        person = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, person):
            raise PermissionDenied
        if person is None:
            raise Http404
        may_change = self.has_change_permission(request, person)
        if request.method == "POST":
            if not may_change or person.pk == request.user.pk:
                raise PermissionDenied
            return self._operate(request, person, request.POST.get("do", ""))
        context = {
            "person": person,
            "title": gettext("Login of %(name)s") % {"name": display_name(person)},
            "factor": second_factor.confirmed_device(person),
            "may_change": may_change and person.pk != request.user.pk,
            "is_self": person.pk == request.user.pk,
        }
        return self._page(request, "accounts/person_sign_in.html", context)

    def _operate(self, request: HttpRequest, person: User, operation: str) -> HttpResponse:
        match operation:
            case "new-password":
                return self._password_page(request, person, staff_accounts.give_password(request, person))
            case "end-sessions":
                staff_accounts.end_sessions(request, person)
                messages.success(request, gettext("All sessions of this account have ended."))
            case "reset-factor":
                if staff_accounts.reset_factor(request, person):
                    messages.success(
                        request, gettext("Two-factor authentication was reset. This person can now set it up again.")
                    )
                else:
                    messages.warning(request, gettext("This account doesn't use two-factor authentication."))
            case _:
                messages.error(request, gettext("Choose one of the options below."))
        return HttpResponseRedirect(reverse("admin:auth_user_sign_in", args=[person.pk]))

    def _password_page(self, request: HttpRequest, person: User, password: str) -> HttpResponse:
        context = {
            "person": person,
            "password": password,
            "title": gettext("First password"),
            "days": START_PASSWORD_DAYS,
        }
        return self._page(request, "accounts/first_password.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, **context}
        return TemplateResponse(request, template, whole)
