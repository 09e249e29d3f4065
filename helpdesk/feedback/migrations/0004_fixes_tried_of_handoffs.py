# Hand-offs tell causes that were ruled out from those whose fix was tried.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0003_answers_to_questions'),
    ]

    operations = [
        migrations.AddField(
            model_name='handoff',
            name='fixes_tried',
            field=models.JSONField(help_text='Numbers of causes. Empty if all of them were tried.', null=True, verbose_name='of these, fix tried'),
        ),
    ]
