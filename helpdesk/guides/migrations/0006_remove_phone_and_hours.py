from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('guides', '0005_phone_and_hours_become_lines'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='contactpoint',
            name='hours',
        ),
        migrations.RemoveField(
            model_name='contactpoint',
            name='phone',
        ),
        migrations.RemoveField(
            model_name='historicalcontactpoint',
            name='hours',
        ),
        migrations.RemoveField(
            model_name='historicalcontactpoint',
            name='phone',
        ),
    ]
