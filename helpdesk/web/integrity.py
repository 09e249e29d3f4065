"""Digests of static files, so that a browser refuses a script or a style sheet that somebody changed on its way."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage


def integrity_of(name: str) -> str:
    """Return the `integrity` of a static file; empty where files may change while the portal runs.

    The name that the manifest gives a file changes with its content, so each is read once in a process.
    """
    storage: Any = staticfiles_storage
    has_manifest = isinstance(storage, ManifestFilesMixin) and not settings.DEBUG
    return _digest(storage.stored_name(name)) if has_manifest else ""


@lru_cache(maxsize=200)
def _digest(stored_name: str) -> str:
    with staticfiles_storage.open(stored_name) as file:
        return f"sha256-{b64encode(sha256(file.read()).digest()).decode()}"
