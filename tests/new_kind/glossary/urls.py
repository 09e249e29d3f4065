"""Public addresses of the glossary."""

from django.urls import path

from tests.new_kind.glossary import views

pages = [path("terms/<slug:term>/", views.term_page, name="term")]
