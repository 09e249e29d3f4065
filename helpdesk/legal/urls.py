"""Public addresses of legal texts."""

from django.urls import path

from helpdesk.legal import views

pages = [path("legal/<slug:legal>/", views.text_page, name="legal-text")]
