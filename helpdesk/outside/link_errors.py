"""Codes of what is wrong with a link that leads out of the portal."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LinkError(TextChoices):
    """Reason why a link failed; with HTTP, the status of the answer says more."""

    HTTP = "http", _("The server answers with an error")
    DNS = "dns", _("There is no such host")
    CONNECTION = "connection", _("No connection")
    TIMEOUT = "timeout", _("No answer in time")
    CERTIFICATE = "certificate", _("The certificate isn't valid")
    PRIVATE = "private", _("The address is in a private network")
    REDIRECTS = "redirects", _("The redirects don't lead to a page")
    PROTOCOL = "protocol", _("The answer isn't valid HTTP")
