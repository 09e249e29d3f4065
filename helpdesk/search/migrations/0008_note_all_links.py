from django.db import migrations


class Migration(migrations.Migration):
    """Have all documents made again: they hold the link by which a promise names the page."""

    dependencies = [("search", "0007_promised_searches")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO search_staledocument (number) SELECT number FROM search_searchdocument",
            migrations.RunSQL.noop,
        )
    ]
