"""Widget for Markdown, with its preview beside it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString


class MarkdownWidget(AdminTextareaWidget):
    """Text area with tools, a preview as visitors will see it, and a short help on how to write."""

    class Media:
        css = {"all": ["staff/markdown.css", "staff/markdown-tools.css"]}
        js = ["staff/markdown-preview.js", "staff/markdown-tools.js", "staff/markdown-pictures.js"]

    def render(
        self, name: str, value: object, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        # What is around the text area comes from the project's templates, where a form's own renderer does not look.
        context = {
            "textarea": super().render(name, value, attrs, renderer),
            "preview_url": reverse("admin:markdown-preview"),
            "upload_url": reverse("admin:images_image_upload"),
            "pictures_url": reverse("admin:images_image_offered"),
        }
        return render_to_string("admin/widgets/markdown.html", context)
