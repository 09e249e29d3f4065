"""Dates: one form for running text, one for columns of lists, and none written by hand beside them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import Client, override_settings
from django.utils.formats import localize

from helpdesk.content.dates import day_in_words, moment_in_words
from helpdesk.settings import BASE_DIR
from tests.factories import make_guide

MOMENT = datetime(2026, 11, 30, 23, 5, tzinfo=UTC)

# A format in a template or in Python code, other than those named in Django's settings and ISO ones for machines.
BY_HAND = re.compile(r"""(\|date:["']|\|time:["']|date_format\([^"'\n]*, ["'])(?!(c|T|Y-m-d|\w+_FORMAT)["'])""")


@override_settings(TIME_ZONE="America/New_York")
def test_running_text_has_the_long_form_in_the_time_zone_of_the_portal() -> None:
    assert (day_in_words(date(2026, 12, 1)), day_in_words(MOMENT)) == ("December 1, 2026", "November 30, 2026")
    assert (moment_in_words(MOMENT), moment_in_words(None)) == ("November 30, 2026, 6:05 PM", "")
    template = Template("{% load portal %}{{ at|day_in_words }} / {{ at|moment_in_words }}")
    assert template.render(Context({"at": MOMENT})) == "November 30, 2026 / November 30, 2026, 6:05 PM"


def test_columns_have_the_short_form() -> None:
    assert (localize(date(2026, 11, 30)), localize(MOMENT)) == ("Nov 30, 2026", "Nov 30, 2026, 11:05 PM")


@pytest.mark.django_db
def test_list_of_the_admin_shows_the_short_form(admin_client: Client) -> None:
    make_guide(review_by=date(2026, 11, 30))
    assert ">Nov 30, 2026<" in admin_client.get("/admin/guides/guide/").content.decode()


def test_no_date_is_formatted_by_hand() -> None:
    files = [*(BASE_DIR / "templates").rglob("*.html"), *(BASE_DIR / "helpdesk").rglob("*.py")]
    found = {
        f"{file.relative_to(BASE_DIR)}: {match[0]}"
        for file in files
        for match in BY_HAND.finditer(file.read_text(encoding="utf-8"))
    }
    assert found == set()
