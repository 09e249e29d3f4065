# Names of fields only.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0004_fixes_tried_of_handoffs'),
        ('guides', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='handoff',
            name='skipped',
            field=models.JSONField(default=list, help_text='Numbers of causes', verbose_name="couldn't tell or try"),
        ),
        migrations.AlterField(
            model_name='handoff',
            name='symptom',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handoffs', to='guides.symptom', verbose_name='situation'),
        ),
        migrations.AlterField(
            model_name='handoff',
            name='tried',
            field=models.JSONField(default=list, help_text='Numbers of causes', verbose_name='ruled out or tried'),
        ),
        migrations.AlterField(
            model_name='outcome',
            name='symptom',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='guides.symptom', verbose_name='situation'),
        ),
        migrations.AlterField(
            model_name='outcome',
            name='visitor',
            field=models.CharField(help_text='A mark that changes every day.', max_length=32, verbose_name='visitor'),
        ),
    ]
