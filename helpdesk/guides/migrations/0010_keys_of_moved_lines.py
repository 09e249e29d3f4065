from hashlib import sha256

from django.db import migrations

MAX_SLUG = 75


def former_key(slug, contact_point_id):
    """Return the key that migration 0005 gave the line of a contact point with a long key."""
    return f"{slug[:50]}-line-{contact_point_id}"


def key(slug):
    """Return the key of the line that only depends on the contact point's: an import gives it the same."""
    return f"{slug[:62]}-line-{sha256(slug.encode()).hexdigest()[:12]}"


def rename(apps, schema_editor):
    """Give lines of contact points with a long key another key, in the history, too."""
    ContactLine, History = (apps.get_model("guides", name) for name in ("ContactLine", "HistoricalContactLine"))
    points, versions = (apps.get_model("guides", name) for name in ("ContactPoint", "HistoricalContactPoint"))
    known = {*points.objects.values_list("id", "slug"), *versions.objects.values_list("id", "slug")}
    for pk, slug in sorted(pair for pair in known if len(pair[1]) > MAX_SLUG):
        lines = {"contact_point_id": pk, "slug": former_key(slug, pk)}
        if not ContactLine.objects.filter(slug=key(slug)).exists():
            ContactLine.objects.filter(**lines).update(slug=key(slug))
            History.objects.filter(**lines).update(slug=key(slug))


class Migration(migrations.Migration):

    dependencies = [
        ('guides', '0009_plainer_help_of_endings'),
    ]

    operations = [
        migrations.RunPython(rename, migrations.RunPython.noop, elidable=False),
    ]
