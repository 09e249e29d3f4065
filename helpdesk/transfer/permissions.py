"""Who exports and imports, and what they may."""

from __future__ import annotations

from typing import Any, Protocol

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.db.models import Model
from django.http import HttpRequest

from helpdesk.permissions import rules


class Person(Protocol):
    """Asked for each record that an import would write."""

    @property
    def user(self) -> Any:
        """The account that the history names; None for the operator."""

    def may_add(self, model: type[Model]) -> bool:
        """Whether they may make records of this kind."""

    def may_publish(self, model: type[Model]) -> bool:
        """Whether they may make such a page public."""

    def may_change(self, record: Model) -> bool:
        """Whether they may change this record as it is stored."""


class Operator:
    """Whoever has the machine may do everything."""

    def __init__(self, user: Any = None) -> None:
        self.user = user

    def may_add(self, model: type[Model]) -> bool:
        return True

    def may_publish(self, model: type[Model]) -> bool:
        return True

    def may_change(self, record: Model) -> bool:
        return True


class Staff:
    """The signed-in user of a request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.user: Any = request.user

    def may_view(self, model: type[Model]) -> bool:
        return admin.site.get_model_admin(model).has_view_permission(self._request)

    def may_add(self, model: type[Model]) -> bool:
        return admin.site.get_model_admin(model).has_add_permission(self._request)

    def may_publish(self, model: type[Model]) -> bool:
        return self.user.has_perm(f"{model._meta.app_label}.{get_permission_codename('publish', model._meta)}")

    def may_change(self, record: Model) -> bool:
        return rules.allowed(self.user, "change", record)
