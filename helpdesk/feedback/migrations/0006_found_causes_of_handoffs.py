# Hand-offs of walks that ended with a cause.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0005_words_of_the_admin'),
    ]

    operations = [
        migrations.AddField(
            model_name='handoff',
            name='found',
            field=models.PositiveIntegerField(help_text='Number of the cause', null=True, verbose_name='cause found'),
        ),
    ]
