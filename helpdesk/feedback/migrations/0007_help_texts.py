# Help texts only.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0006_found_causes_of_handoffs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outcome',
            name='applies',
            field=models.BooleanField(help_text="Answer to the question. Empty: no question, or couldn't tell.", null=True, verbose_name='cause applies'),
        ),
        migrations.AlterField(
            model_name='outcome',
            name='during_announcement',
            field=models.BooleanField(db_default=False, default=False, help_text="Outcomes during a problem or an outage don't count in rates.", verbose_name='during an announcement'),
        ),
    ]
