"""Lines in the form of their contact point: read, normalized, refused with what to do, and never lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.contacts.models import ContactLine, ContactPoint
from tests.accounts.staff_people import editor, make_user
from tests.contentadmin.forms import save
from tests.factories import make_contact_line, make_contact_point
from tests.history.histories import day, on, restore

pytestmark = pytest.mark.django_db

EMPTY = {"place": "", "number": "", "extension": "", "languages": "", "cost": "", "hours": "", "time_zone": ""}


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user("Editor"))
    return client


def row(index: int, **values: str) -> dict[str, str]:
    """Return the fields of a new row."""
    filled = {**EMPTY, "closed_days": "", "note": "", "position": "0", "id": "", **values}
    return {"lines-TOTAL_FORMS": str(index + 1), **{f"lines-{index}-{name}": value for name, value in filled.items()}}


def test_line_is_stored_as_it_is_read(client: Client) -> None:
    desk = make_contact_point(slug="desk", number="")
    typed = row(
        0,
        place="Canada",
        number="1-877-745-4222 x12",
        hours="Monday to Friday 9am - 5:30 pm; Sat closed",
        time_zone="us eastern time",
        closed_days="2027-01-01 2026-12-25",
    )
    more = row(1, place="Canada", number="+1 514 847 3499")
    assert save(client, desk, **(typed | more)).status_code == 302
    first, second = ContactLine.objects.all()
    assert (first.slug, second.slug) == ("desk-canada", "desk-canada-2")
    assert (first.number, first.extension, first.toll_free) == ("+1 877 745 4222", "12", True)
    assert (first.hours, first.time_zone) == ("Mon-Fri 09:00-17:30", "America/New_York")
    assert first.closed_days == "2026-12-25, 2027-01-01"
    assert first.history.count() == 1
    page = client.get(f"/admin/guides/contactpoint/{desk.pk}/change/").content.decode()
    assert "1 877 745 4222</span> · <span>tel:+18777454222;ext=12</span>" in page
    assert "Mon–Fri 9:00 AM – 5:30 PM (US Eastern time)" in page


def test_line_that_cannot_be_read_is_refused_and_shown_again_as_it_was_sent(client: Client) -> None:
    desk = make_contact_point(number="")
    typed = row(0, number="(312) 542-6901", hours="Mon-Fri 9-5", closed_days="Christmas", extension="ask")
    response = save(client, desk, **typed)
    assert response.status_code == 200
    form = response.context["inline_admin_formsets"][0].formset.forms[0]
    assert {name: errors[0].split(".")[0] for name, errors in form.errors.items()} == {
        "extension": "“ask” isn't an extension",
        "hours": "“9-5” can mean morning or evening",
        "closed_days": "“Christmas” isn't a date",
    }
    assert form["number"].value() == "(312) 542-6901"
    response = save(client, desk, **row(0, number="(312) 542-6901", hours="24 hours"))
    form = response.context["inline_admin_formsets"][0].formset.forms[0]
    assert "Do you mean +1 312 542 6901?" in form.errors["number"][0]
    assert form.errors["time_zone"] == ["Choose the time zone of these hours."]
    assert not ContactLine.objects.exists()


def test_contact_point_is_not_confirmed_on_a_day_to_come(client: Client) -> None:
    desk = make_contact_point(name="Desk")
    in_a_week = (timezone.localdate() + timedelta(days=7)).isoformat()
    response = save(client, desk, confirmed_on=in_a_week)
    assert "This day is in the future. Enter the day you checked." in response.content.decode()
    assert save(client, desk, confirmed_on=timezone.localdate().isoformat()).status_code == 302


def test_number_of_an_earlier_version_stays_until_it_is_changed(client: Client) -> None:
    line = make_contact_line(number="0203 000 0000", note="Always")
    assert save(client, line.contact_point, name="Other desk", email="a@example.com").status_code == 302
    line.refresh_from_db()
    assert (line.number, ContactPoint.objects.get().name) == ("0203 000 0000", "Other desk")
    assert save(client, line.contact_point, **{"lines-0-number": "0203 000 0001"}).status_code == 200


def test_texts_that_cannot_be_read_stay_until_they_are_changed(client: Client) -> None:
    line = make_contact_line(time_zone="Etc/GMT+5", hours="Mon-Fri 09:00-17:00", closed_days="Christmas")
    assert save(client, line.contact_point, name="Other desk").status_code == 302
    line.refresh_from_db()
    assert (line.time_zone, line.closed_days) == ("Etc/GMT+5", "Christmas")
    response = save(client, line.contact_point, **{"lines-0-time_zone": "Etc/GMT+6", "lines-0-closed_days": "Easter"})
    form = response.context["inline_admin_formsets"][0].formset.forms[0]
    assert "Choose a place such as America/New_York, or UTC." in form.errors["time_zone"][0]
    assert list(form.errors) == ["time_zone", "closed_days"]


def test_last_number_of_the_portal_cannot_be_deleted_by_itself(client: Client) -> None:
    line = make_contact_point().lines.get()
    address = f"/admin/guides/contactline/{line.pk}/delete/"
    assert (
        "no contact point has another number, email or web address"
        in client.post(address, {"post": "yes"}).content.decode()
    )
    make_contact_point(number="", web_address="https://example.com/")
    assert client.post(address, {"post": "yes"}).status_code == 302


def test_lines_come_back_with_a_version_of_their_contact_point() -> None:
    with on(day(1)):
        desk = make_contact_point(name="Desk")
        kept = desk.lines.get()
    with on(day(2)):
        gone = make_contact_line(contact_point=desk, number="+1 312 542 6901")
    with on(day(3)):
        gone.delete()
        kept.number = "+1 514 847 3499"
        kept.save()
    restore(editor(), desk, desk.history.last(), moment=day(2).isoformat())
    assert list(desk.lines.order_by("pk").values_list("number", flat=True)) == ["+44 20 7710 5600", "+1 312 542 6901"]
    make_contact_point(name="Other")
    with on(day(4)):
        desk_pk = desk.pk
        desk.delete()
    restore(editor(), ContactPoint(pk=desk_pk), ContactPoint.history.filter(id=desk_pk).first())
    assert ContactLine.objects.filter(contact_point=desk_pk).count() == 2
