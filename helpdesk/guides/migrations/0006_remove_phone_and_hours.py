from django.db import migrations, models

COLUMNS = {"phone": 40, "hours": 200}
MODELS = ("contactpoint", "historicalcontactpoint")


class Migration(migrations.Migration):
    """Take telephone numbers and hours out of the models, which have them as lines now.

    The columns stay in the tables until the next version, since the previous one reads them and may serve beside this
    one during an update, or again after a rollback.
    """

    dependencies = [
        ("guides", "0005_phone_and_hours_become_lines"),
    ]

    operations = [
        *(
            migrations.AlterField(model, name, models.CharField(blank=True, db_default="", max_length=length))
            for model in MODELS
            for name, length in COLUMNS.items()
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model, name) for model in MODELS for name in COLUMNS]
        ),
    ]
