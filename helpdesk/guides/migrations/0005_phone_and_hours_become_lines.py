from django.db import migrations

# The columns of a version that its history adds.
ABOUT_VERSION = ("history_date", "history_change_reason", "history_type", "history_user_id")


def line_values(contact_point):
    """Return the line that says what the old columns said; None where they were empty.

    Number and hours stay as they were written: pages show a number they cannot read as it is, and the publish check
    asks staff to complete it.
    """
    if not contact_point.phone and not contact_point.hours:
        return None
    slug, pk = contact_point.slug, getattr(contact_point, "id")
    return {
        # Two that are there at once never get the same: only those of the first form end in "-line".
        "slug": f"{slug}-line" if len(slug) <= 75 else f"{slug[:50]}-line-{pk}",
        "number": contact_point.phone,
        "note": contact_point.hours,
    }


def make_lines(apps, schema_editor):
    """Turn telephone numbers and hours into lines, in the history of deleted contact points, too."""
    ContactPoint = apps.get_model("guides", "ContactPoint")
    History = apps.get_model("guides", "HistoricalContactPoint")
    living = {point.pk: point for point in ContactPoint.objects.all()}
    versions = {}
    for version in History.objects.order_by("history_date", "history_id"):
        versions.setdefault(version.id, []).append(version)
    for pk in sorted({*living, *versions}):
        keep_line(apps, pk, living.get(pk), versions.get(pk, []))


def keep_line(apps, pk, point, versions):
    """Write the line of one contact point and the versions it would have had."""
    ContactLine = apps.get_model("guides", "ContactLine")
    last = next((record for record in [point, *reversed(versions)] if record is not None and line_values(record)), None)
    if last is None:
        return
    now = line_values(point) if point is not None else None
    # Without a line today the row only takes an id that no later line gets; its key may be that of another one by now.
    row = now or {**line_values(last), "slug": f"line-{pk}"}
    line = ContactLine.objects.create(contact_point_id=pk, updated_at=last.updated_at, **row)
    before = None
    for version in versions:
        before = add_version(apps, line, version, before)
    if now is None:
        line.delete()
    elif now != before:
        # Versions that the history has never had: changed past the portal.
        row = {"history_date": point.updated_at, "history_type": "~" if before else "+"}
        write_version(apps, line, point.pk, now, row)


def add_version(apps, line, version, before):
    """Write the version of the line that goes with one of its contact point; return the values it then has."""
    values = None if version.history_type == "-" else line_values(version)
    if values == before:
        return before
    row = {name: getattr(version, name) for name in ABOUT_VERSION}
    row["history_type"] = "+" if before is None else "~" if values else "-"
    write_version(apps, line, version.id, values or before, row)
    return values


def write_version(apps, line, contact_point_id, values, row):
    apps.get_model("guides", "HistoricalContactLine").objects.create(
        id=line.pk, contact_point_id=contact_point_id, updated_at=row["history_date"], **values, **row
    )


class Migration(migrations.Migration):

    dependencies = [
        ('guides', '0004_contact_lines'),
    ]

    operations = [
        migrations.RunPython(make_lines, migrations.RunPython.noop, elidable=False),
    ]
