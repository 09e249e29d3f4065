"""The querysets of content: what writes many rows at once, past the signals, asks for the right to do so as well."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from helpdesk.permissions.rules import guard


class Guarded:
    """Before a queryset in the order of classes: `update()` and `bulk_create()` ask `rights.guard`.

    `bulk_update()` goes through the one, and `delete()` has signals.
    """

    def update(self: Any, **values: Any) -> int:
        guard("change", self, values)
        return super().update(**values)  # type: ignore[misc]

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self: Any, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        guard("add", objs)
        if kwargs.get("update_conflicts"):
            guard("change", objs, kwargs.get("update_fields") or ())
        return super().bulk_create(objs, *args, **kwargs)  # type: ignore[misc]

    bulk_create.alters_data = True  # type: ignore[attr-defined]
