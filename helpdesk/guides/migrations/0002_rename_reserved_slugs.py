from django.db import migrations

from helpdesk.addresses.reserved_slugs import rename_reserved

WORDS = ("fix", "found")


def rename(apps, schema_editor):
    former = apps.get_model("links", "FormerAddress")._default_manager
    for kind, name, scope in (("guide", "Guide", ""), ("symptom", "Symptom", "guide"), ("cause", "Cause", "")):
        rename_reserved(former, kind, apps.get_model("guides", name)._default_manager, WORDS, scope=scope)


class Migration(migrations.Migration):
    """Free the slugs that become words of the address scheme; the old addresses lead to the renamed pages."""

    dependencies = [("guides", "0001_initial"), ("links", "0003_kinds_from_the_registry")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
