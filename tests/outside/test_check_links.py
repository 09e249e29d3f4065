"""`manage.py check_links`, and where staff read its results."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from helpdesk.outside import check_run
from helpdesk.outside.link_check import LinkResult
from helpdesk.outside.models import CheckedLink
from helpdesk.pagecache.version import stored_number
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import read_form, save, url_of
from tests.factories import make_announcement, make_cause, make_faq_entry, make_outside_page, make_symptom
from tests.outside.sites import Site, closed_port, site

pytestmark = pytest.mark.django_db

WORK = "/admin/work/"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(check_run, "PAUSE", 0.0)
    with (
        site() as server,
        override_settings(
            CHECK_LINKS=True, CHECK_LINKS_IN_PRIVATE_NETWORKS=True, PUBLIC_URL="https://help.example.com/"
        ),
    ):
        yield server


def run() -> list[str]:
    output = StringIO()
    try:
        call_command("check_links", stdout=output)
    except CommandError as error:
        output.write(f"failed: {error}\n")
    return output.getvalue().splitlines()


def a_day_passes() -> None:
    """Move all that was checked a day back, as if it had been yesterday."""
    for link in CheckedLink.objects.all():
        link.checked_at -= timedelta(days=1)
        link.first_failed_at = link.first_failed_at and link.first_failed_at - timedelta(days=1)
        link.save()


def sections() -> dict[str, list[tuple[str, str]]]:
    found = editor().get(WORK).context["sections"]
    wanted = ("dead-links", "address-missing")
    return {
        part["section"].name: [(str(row.record), row.entry.reason) for row in part["rows"]]
        for part in found
        if part["section"].name in wanted
    }


def test_command_is_off_by_default() -> None:
    assert run() == ["Nothing was checked: set CHECK_LINKS=1 to let this command contact other sites."]


def test_link_is_dead_once_it_failed_on_two_days(web: Site) -> None:
    cause = make_cause(title="Old driver", how_to_check=f"[a]({web.url}/404#top) [b]({web.url}/200)")
    make_symptom(title="No picture", causes=[cause])
    make_faq_entry(answer=f"[draft]({web.url}/500)", published=False)
    make_faq_entry(answer="[own](https://help.example.com/faq/) [mail](mailto:a@example.com)")
    make_outside_page(slug="moved", name="Moved page", address=f"{web.url}/301//200")
    number = stored_number()

    assert run() == [
        f"1 of 3: {web.url}/301//200: Moved to {web.url}/200",
        f"2 of 3: {web.url}/200: Works",
        f"3 of 3: {web.url}/404: The server answers with an error (404)",
        "Links checked: 3, left for the next run: 0. Dead: 0, failing for less than a day: 1.",
    ]
    assert sections()["dead-links"] == []
    assert {agent for *_rest, agent in web.requests} == {"HelpPortalLinkCheck/1.0 (+https://help.example.com/)"}
    run()
    assert sections()["dead-links"] == []
    a_day_passes()
    assert run()[-1] == "failed: Links checked: 3, left for the next run: 0. Dead: 1, failing for less than a day: 0."
    ((record, reason),) = sections()["dead-links"]
    assert record == "Old driver"
    assert reason.startswith(f"Outside link is dead: {web.url}/404. The server answers with an error (404), since ")
    assert reason.endswith(" Used on “No picture”.")
    assert f"Moved to {web.url}/200, checked on " in editor().get("/admin/outside/outsidepage/").content.decode()
    assert stored_number() == number

    cause.how_to_check = "Nothing."
    cause.save()
    assert sections()["dead-links"] == []
    run()
    assert set(CheckedLink.objects.values_list("status", flat=True)) == {200}


def test_link_of_an_announcement_is_checked_while_it_is_shown(web: Site) -> None:
    announcement = make_announcement(title="Slow", link=f"{web.url}/404", link_text="Status")
    make_announcement(link="/g/1001/", link_text="Guide")
    make_announcement(link=f"{web.url}/500", link_text="Ended", ends_at=timezone.now())
    run()
    a_day_passes()

    assert run()[-1] == "failed: Links checked: 1, left for the next run: 0. Dead: 1, failing for less than a day: 0."
    ((record, reason),) = sections()["dead-links"]
    assert record == str(announcement)
    assert reason.startswith(f"Outside link is dead: {web.url}/404. ")


def test_limits(web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_run, "MOST_PER_HOST", 2)
    paths = ["/200//a", "/200//b", "/200//c"]
    make_faq_entry(answer=" ".join(f"[x]({web.url}{path})" for path in paths))

    assert [run()[-1] for _ in range(2)] == [
        "Links checked: 2, left for the next run: 1. Dead: 0, failing for less than a day: 0."
    ] * 2
    assert {path for _method, path, _agent in web.requests} == set(paths)


def test_host_that_wants_fewer_requests_is_left_alone(web: Site) -> None:
    make_faq_entry(answer=f"[x]({web.url}/429) [x]({web.url}/429//a)")

    run()
    assert len(web.requests) == 1


def test_server_without_a_connection_calls_no_link_dead(web: Site) -> None:
    ports = closed_port(), closed_port()
    make_faq_entry(answer=f"[x](http://127.0.0.1:{ports[0]}/) [x](http://127.0.0.2:{ports[1]}/)")

    assert run()[2:] == ["failed: No site answered, so nothing was stored: can this server reach the internet?"]
    assert not CheckedLink.objects.exists()
    make_faq_entry(answer=f"[x]({web.url}/200)")
    assert run()[-1] == "Links checked: 3, left for the next run: 0. Dead: 0, failing for less than a day: 2."


def test_host_that_never_answers_does_not_hold_up_the_run(web: Site) -> None:
    port = closed_port()
    make_faq_entry(answer=" ".join(f"[x](http://127.0.0.1:{port}/{number})" for number in range(5)))

    assert run()[-1] == "Links checked: 3, left for the next run: 2. Dead: 0, failing for less than a day: 3."


def test_stored_result_remembers_the_first_of_several_failures() -> None:
    now, later = timezone.now(), timezone.now() + timedelta(hours=30)
    store = CheckedLink.objects.store
    failed, works = LinkResult(500, "http"), LinkResult(200)

    assert store("https://example.com/", failed, now).is_dead is False
    assert store("https://example.com/", failed, later).is_dead is True
    assert [link.first_failed_at for link in CheckedLink.objects.dead()] == [now]
    assert store("https://example.com/", works, later).first_failed_at is None
    assert store("https://example.com/", failed, later).is_dead is False


def test_outside_page_without_address_is_work_and_one_in_use_stays(client: Any) -> None:
    page = make_outside_page(slug="handbook", name="Handbook", address="")
    make_symptom(title="No picture", causes=[make_cause(how_to_check="[it](outside:handbook)")])

    assert sections() == {"dead-links": [], "address-missing": [("Handbook", "Address missing. Used on “No picture”.")]}
    listed = editor().get("/admin/outside/outsidepage/").content.decode()
    assert "Address missing" in listed
    form = editor().get(url_of(page))
    assert "Is it switched on?" in form.content.decode()
    assert "slug" not in read_form(form)
    assert "Cannot delete outside page" in editor().get(url_of(page, "delete")).content.decode()
    saved = save(editor(), page, address="javascript:alert(1)")
    assert "Enter an address that starts with https:// or http://." in saved.content.decode()
    save(editor(), page, address="https://example.com/handbook")
    assert sections()["address-missing"] == []
