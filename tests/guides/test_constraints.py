"""What must always hold is held by the database: each rule is broken once, past all forms."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError

from helpdesk.addresses.models import RESERVED_SLUGS
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.guides.models.resolutions import MOST_HOURS
from tests import factories

pytestmark = pytest.mark.django_db


def refused(make, **values):
    """Whether the database refuses what it accepts without these values."""
    make()
    try:
        with transaction.atomic():
            make(**values)
    except IntegrityError:
        return True
    return False


ADDRESSED = [factories.make_guide, factories.make_symptom, factories.make_cause]


@pytest.mark.parametrize("make", ADDRESSED)
@pytest.mark.parametrize("slug", [*RESERVED_SLUGS, "", "Capital"])
def test_slug_not_allowed_is_refused(make, slug):
    assert refused(make, slug=slug)


@pytest.mark.parametrize("make", [factories.make_guide, factories.make_cause])
def test_slug_twice_is_refused(make):
    make(slug="same")

    assert refused(make, slug="same")


@pytest.mark.parametrize("make", [factories.make_contact_point, factories.make_resolution])
def test_key_twice_is_refused(make):
    make(slug="same")

    assert refused(make, slug="same")


def test_symptom_slug_is_unique_in_its_guide_only():
    guide = factories.make_guide()
    factories.make_symptom(guide=guide, slug="same")

    assert not refused(factories.make_symptom, guide=factories.make_guide(), slug="same")
    assert refused(factories.make_symptom, guide=guide, slug="same")


@pytest.mark.parametrize("make", ADDRESSED)
def test_number_twice_is_refused(make):
    number = make().number

    assert refused(make, number=number)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (factories.make_guide, "title"),
        (factories.make_symptom, "title"),
        (factories.make_cause, "title"),
        (factories.make_resolution, "title"),
        (factories.make_resolution, "body"),
        (factories.make_contact_point, "name"),
    ],
)
def test_empty_text_is_refused(make, field):
    assert refused(make, **{field: ""})


@pytest.mark.parametrize("minutes", [0, 601])
def test_minutes_out_of_range_are_refused(minutes):
    assert refused(factories.make_cause, minutes=minutes)


def test_minutes_not_known_are_empty():
    assert factories.make_cause().minutes is None


@pytest.mark.parametrize(
    "values", [{"ending": ""}, {"ending": "other"}, {"wait_hours": 0}, {"wait_hours": MOST_HOURS + 1}]
)
def test_ending_that_no_page_knows_is_refused(values):
    assert refused(factories.make_resolution, **values)


def test_symptom_that_leads_to_its_own_guide_is_refused():
    guide = factories.make_guide()

    assert refused(factories.make_symptom, guide=guide, leads_to=guide)


@pytest.fixture
def symptom():
    causes = [factories.make_cause(slug=slug) for slug in "abcd"]
    return factories.make_symptom(causes=causes)


def order(symptom):
    return list(Check.objects.filter(symptom=symptom).order_by("position").values_list("cause__slug", "position"))


@pytest.mark.parametrize("position", [0, 2])
def test_check_position_taken_or_too_low_is_refused(symptom, position):
    cause = factories.make_cause()
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.create(symptom=symptom, cause=cause, position=position)


def test_check_of_the_same_cause_twice_is_refused(symptom):
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.create(symptom=symptom, cause=Cause.objects.get(slug="a"), position=9)


def test_checks_deleted_singly_and_together_leave_no_gap(symptom):
    Check.objects.get(symptom=symptom, cause__slug="b").delete()
    assert order(symptom) == [("a", 1), ("c", 2), ("d", 3)]

    Check.objects.filter(symptom=symptom, cause__slug__in=["a", "c"]).delete()
    assert order(symptom) == [("d", 1)]


def test_symptom_deleted_takes_its_checks_with_it(symptom):
    symptom.delete()

    assert not Check.objects.exists()


@pytest.mark.parametrize("wanted", ["dcba", "bacd", "ca", "e", "", "acdeb"])
def test_reorder_makes_exactly_this_order(symptom, wanted):
    factories.make_cause(slug="e")
    causes = {cause.slug: cause for cause in Cause.objects.all()}

    Check.objects.reorder(symptom, [causes[slug] for slug in wanted])

    assert order(symptom) == [(slug, place) for place, slug in enumerate(wanted, start=1)]


def test_records_in_use_cannot_be_deleted(symptom):
    contact = factories.make_contact_point()
    Resolution.objects.update(contact_point=contact)
    for record in (symptom.guide, Cause.objects.first(), Resolution.objects.first(), contact):
        with pytest.raises(ProtectedError):
            record.delete()

    assert (Guide.objects.count(), Cause.objects.count(), ContactPoint.objects.count()) == (1, 4, 1)


def test_onward_link_back_to_its_own_guide_is_refused_by_name():
    guide = factories.make_guide(title="Log in")

    with pytest.raises(ValidationError) as refusal:
        Symptom(guide=guide, slug="round", title="Round", leads_to=guide).clean()

    assert refusal.value.message_dict == {
        "leads_to": [("This would be a loop: Log in › Round › Log in. Change one of these steps.")]
    }


def test_loop_over_three_guides_is_refused_and_named():
    one, two, three = (factories.make_guide(title=title) for title in ("One", "Two", "Three"))
    factories.make_symptom(guide=two, title="To three", leads_to=three)
    factories.make_symptom(guide=three, title="To one", leads_to=one)
    factories.make_symptom(guide=three, title="Ends here")

    with pytest.raises(ValidationError) as refusal:
        factories.make_symptom(guide=one, title="To two", leads_to=two).full_clean()

    assert refusal.value.message_dict == {
        "leads_to": [
            ("This would be a loop: One › To two › Two › To three › Three › To one › One. Change one of these steps.")
        ]
    }


def test_two_ways_to_the_same_guide_are_no_loop():
    one, two, three = (factories.make_guide() for _ in range(3))
    factories.make_symptom(guide=two, leads_to=three)
    factories.make_symptom(guide=one, leads_to=three)

    factories.make_symptom(guide=one, leads_to=two).full_clean()


def test_loop_elsewhere_does_not_catch_the_search_for_loops():
    """Data from before the rule, or by SQL: two guides in a ring that the symptom only leads into."""
    one, two, three = (factories.make_guide() for _ in range(3))
    factories.make_symptom(guide=two, leads_to=three)
    factories.make_symptom(guide=three, leads_to=two)

    factories.make_symptom(guide=one, leads_to=two).full_clean()


def test_close_gaps_mends_what_was_written_past_the_models(symptom):
    Check.objects.filter(symptom=symptom, position__gt=2).update(position=F("position") + 7)

    Check.objects.close_gaps(symptom.pk)

    assert [position for _, position in order(symptom)] == [1, 2, 3, 4]
