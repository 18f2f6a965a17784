"""Indexes of lists and of what waits."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0007_bars_law'),
        ('directory', '0007_picking'),
        ('general_office', '0037_petition_letters_counting_law'),
        ('procedures', '0010_bars'),
        ('records', '0030_bars'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['field', '-received_on'], name='petition_of_field'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(condition=models.Q(('is_repeat', True)), fields=['-received_on'], name='petition_repeats'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['due_on'], name='petition_due'),
        ),
        migrations.AddIndex(
            model_name='petitionfile',
            index=models.Index(condition=models.Q(('clearance', 'WITHHELD')), fields=['at'], name='petition_files_withheld'),
        ),
        migrations.AddIndex(
            model_name='petitiontext',
            index=models.Index(condition=models.Q(('released_at', None)), fields=['at'], name='petition_texts_waiting'),
        ),
    ]
