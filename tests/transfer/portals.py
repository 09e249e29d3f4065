"""Helpers that empty a portal, fill it from a bundle, and collect its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.test import Client

from helpdesk.addresses.models import FormerAddress, HelpNumber
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.identity.models import Identity
from helpdesk.outside.models import OutsidePage
from helpdesk.search import index
from helpdesk.search.models import Promise, SearchDocument, SearchWord, StaleDocument, Synonym
from helpdesk.transfer.archive import ImportFile
from helpdesk.transfer.bundle_reader import read_bundle
from helpdesk.transfer.bundle_writer import bundle_text
from helpdesk.transfer.permissions import Operator
from helpdesk.transfer.plan import ImportPlan, make_plan
from helpdesk.transfer.records import RecordSet
from helpdesk.transfer.run_import import ImportDecision, ImportResult, run_import
from helpdesk.transfer.snapshot import stored_content

_KEY = re.compile(r"(?<=/admin/)[a-z]+/[a-z]+/[0-9]+(?=/change/)")

CONTENT = (
    FaqEntry,
    FaqCategory,
    Check,
    Symptom,
    Guide,
    Cause,
    Resolution,
    ContactPoint,
    OutsidePage,
    Identity,
    Synonym,
    Promise,
)


def exported() -> str:
    return bundle_text(stored_content())


def empty_the_portal() -> None:
    """Delete all content with its numbers and its history."""
    for model in (*CONTENT, FormerAddress, HelpNumber, SearchDocument, SearchWord, StaleDocument):
        model.objects.all().delete()
    for model in CONTENT:
        model.history.all().delete()


def planned(text: str, person: Operator | None = None, **options: Any) -> tuple[RecordSet, ImportPlan]:
    content = read_bundle(text)
    return content, make_plan(content, person or Operator(), **options)


def imported(
    text: str, take: Iterable[str] = (), person: Operator | None = None, *, as_drafts: bool = False
) -> ImportResult:
    """Import a bundle and take over the named changed records, with "*" all that have no warning."""
    content, plan = planned(text, person, as_drafts=as_drafts)
    chosen = plan.all_changed() if "*" in take else set(take)
    return finish(
        run_import(
            ImportDecision(ImportFile(content), "test.yaml", chosen, plan.fingerprint, as_drafts), person or Operator()
        )
    )


def finish(work: Any) -> Any:
    """Run the work to its end, and return its result."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def states(plan: ImportPlan) -> dict[str, str]:
    """Return the state of each row that is not the same here and in the file."""
    return {row.id: str(row.state) for row in plan.rows if row.state != "same"}


def site() -> dict[str, str]:
    """Return the HTML of every public page: those of the sitemap, and each step of each walk.

    Without the database's own keys in the quiet link for staff.
    """
    while index.catch_up():
        pass
    client = Client()
    sitemap = client.get("/sitemap.xml").content.decode()
    paths = [path.partition("testserver")[2] for path in re.findall(r"<loc>([^<]*)</loc>", sitemap)]
    for symptom in Symptom.objects.published().prefetch_related("checks__cause"):
        address = symptom.get_absolute_url()
        paths += [f"{address}{step}/" for step in ("all", "contact", "fixed")]
        paths += [f"{address}check/{check.cause.slug}/" for check in symptom.checks.all()]
    pages = {path: _KEY.sub("", client.get(path, follow=True).content.decode()) for path in paths}
    return {**pages, "sitemap": sitemap, "feed": client.get("/feed/").content.decode()}
