from django.db import migrations


def note_all(apps, schema_editor):
    stale = apps.get_model("search", "StaleDocument")
    symptoms = apps.get_model("guides", "Symptom").objects.order_by("number").values_list("number", flat=True)
    stale.objects.bulk_create(stale(number=number) for number in symptoms.iterator())


class Migration(migrations.Migration):
    """Have the documents of all situations made again: they hold the questions of their causes."""

    dependencies = [("search", "0002_kinds_from_the_registry"), ("guides", "0003_questions_and_endings")]

    operations = [migrations.RunPython(note_all, migrations.RunPython.noop)]
