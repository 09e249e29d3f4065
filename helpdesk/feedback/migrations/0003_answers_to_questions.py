# Outcomes of questions, beside those of fixes. The previous version goes on writing its rows.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0002_words_without_a_guide'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='outcome',
            name='feedback_outcome_answer_known',
        ),
        migrations.AddField(
            model_name='outcome',
            name='answered_before',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, help_text='Numbers of causes', verbose_name='answered before'),
        ),
        migrations.AddField(
            model_name='outcome',
            name='applies',
            field=models.BooleanField(help_text='The answer to the question. Empty if there was none, or no answer.', null=True, verbose_name='cause applies'),
        ),
        migrations.AddField(
            model_name='outcome',
            name='cause_revision',
            field=models.BigIntegerField(null=True, verbose_name='revision of the cause'),
        ),
        migrations.AddField(
            model_name='outcome',
            name='during_announcement',
            field=models.BooleanField(db_default=False, default=False, help_text='Left out of rates.', verbose_name='during an announcement'),
        ),
        migrations.AddField(
            model_name='outcome',
            name='resolution_revision',
            field=models.BigIntegerField(null=True, verbose_name='revision of the resolution'),
        ),
        migrations.AlterField(
            model_name='outcome',
            name='answer',
            field=models.CharField(choices=[('not-this', 'ruled out'), ('cannot-tell', "couldn't tell"), ('applies', 'applies'), ('fixed', 'fixed'), ('not-fixed', 'not fixed'), ('cannot-try', "couldn't do it")], max_length=12, verbose_name='answer'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['not-this', 'cannot-tell', 'applies', 'fixed', 'not-fixed', 'cannot-try'])), name='feedback_outcome_answer_known'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'applies'), ('applies', True), ('applies__isnull', False)), models.Q(('answer', 'not-this'), ('applies', False), ('applies__isnull', False)), models.Q(('answer', 'cannot-tell'), ('applies', None)), ('answer__in', ['fixed', 'not-fixed', 'cannot-try']), _connector='OR'), name='feedback_outcome_applies_as_answered'),
        ),
    ]
