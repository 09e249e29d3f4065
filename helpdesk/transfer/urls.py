"""Addresses of export and import, under `/admin/bundles/`."""

from django.contrib import admin
from django.urls import path

from helpdesk.transfer import views

urlpatterns = [
    path("", admin.site.admin_view(views.overview), name="bundles"),
    path("export/", admin.site.admin_view(views.export), name="bundles-export"),
    path("export/faq/", admin.site.admin_view(views.export_faq), name="bundles-export-faq"),
    path("import/", admin.site.admin_view(views.upload_file), name="bundles-import"),
    path("import/<slug:key>/", admin.site.admin_view(views.decide), name="bundles-decide"),
]
