"""No page that is not true any more, whatever was edited."""

from __future__ import annotations

import random

import pytest

from tests.pagecache.edits import stale_pages


@pytest.mark.django_db(transaction=True)
def test_no_kept_page_is_stale_after_edits_of_every_kind(request: pytest.FixtureRequest) -> None:
    edits = request.config.getoption("--edits")
    seed = random.randrange(10**6)
    wrong, compared, kept = stale_pages(edits, seed)
    print(f"seed {seed}: {edits} edits, {compared} pages compared, {kept} of them from memory, {len(wrong)} stale")
    assert wrong == []
    assert kept > edits
