"""The FAQ's rules that the database keeps."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from helpdesk.addresses.models import RESERVED_SLUGS
from tests import factories

pytestmark = pytest.mark.django_db

MAKERS = [factories.make_faq_category, factories.make_faq_entry]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("slug", [*RESERVED_SLUGS, "", "Capital", "taken"])
def test_slug_not_allowed_is_refused(make, slug):
    make(slug="taken")

    with pytest.raises(IntegrityError), transaction.atomic():
        make(slug=slug)


@pytest.mark.parametrize(("make", "field"), [(MAKERS[0], "title"), (MAKERS[1], "question"), (MAKERS[1], "answer")])
def test_empty_text_is_refused(make, field):
    make()

    with pytest.raises(IntegrityError), transaction.atomic():
        make(**{field: ""})


@pytest.mark.parametrize("make", MAKERS)
def test_number_twice_is_refused(make):
    number = make().number

    with pytest.raises(IntegrityError), transaction.atomic():
        make(number=number)


def test_category_with_entries_cannot_be_deleted():
    entry = factories.make_faq_entry()

    with pytest.raises(ProtectedError):
        entry.category.delete()
