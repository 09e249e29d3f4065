from django.db import migrations

# Models whose records the search finds from now on, with the code of those without help numbers.
MODELS = (
    ("guides", "Guide", 0),
    ("faq", "FaqCategory", 0),
    ("guides", "ContactPoint", 1),
    ("announcements", "Announcement", 2),
    ("outside", "OutsidePage", 3),
)


def note_all(apps, schema_editor):
    stale = apps.get_model("search", "StaleDocument")
    for label, name, code in MODELS:
        rows = apps.get_model(label, name).objects.values_list("pk" if code else "number", flat=True)
        numbers = (-(row * 16 + code) if code else row for row in rows.iterator())
        stale.objects.bulk_create(stale(number=number) for number in numbers)


class Migration(migrations.Migration):
    """Have the documents made of the kinds that are new to the search."""

    dependencies = [
        ("search", "0005_documents_of_all_kinds"),
        ("guides", "0004_contact_lines"),
        ("faq", "0001_initial"),
        ("announcements", "0001_announcements"),
        ("outside", "0001_initial"),
    ]

    operations = [migrations.RunPython(note_all, migrations.RunPython.noop)]
