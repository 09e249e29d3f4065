"""Problems are stored as codes and values: what was stored as sentences is dropped, and found again."""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("insights", "PageCheck").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_checked_pages")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
